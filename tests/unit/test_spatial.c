/* Tests of sim/synth/spatial.c. */
#include "sim/synth/spatial.h"

#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "sim/base/seeded.h"

enum {
    MOST = 400
};

struct sample {
    int32_t n, x_m[MOST], y_m[MOST];
    struct arena arena;
    struct spatial_cells cells;
    struct spatial_link *link;
    int32_t n_link;
};

/* Points over the plane, or in two towns far apart. */
static void scatter(struct sample *s, int32_t n, uint64_t seed, bool towns)
{
    struct seeded r = seeded_begin(seed, 0);
    *s = (struct sample){.n = n};
    for (int32_t i = 0; i < n; i++) {
        s->x_m[i] = seeded_below(&r, 10000) + (towns && i % 2 ? 5000000 : 0);
        s->y_m[i] = seeded_below(&r, 10000) - 5000;
    }
}

static void link_up(struct sample *s, int k)
{
    struct err err = {0};
    cr_assert_eq(spatial_cells_fill(&s->arena, s->n, s->x_m, s->y_m, &s->cells, &err),
                 ERR_OK);
    cr_assert_eq(spatial_links(&s->arena, &s->cells, k, &s->link, &s->n_link, &err),
                 ERR_OK);
}

static int64_t d2(const struct sample *s, int32_t i, int32_t j)
{
    int64_t dx = s->x_m[i] - s->x_m[j], dy = s->y_m[i] - s->y_m[j];
    return dx * dx + dy * dy;
}

/* Length of the shortest tree, by Prim's algorithm over all pairs. */
static double shortest_tree(const struct sample *s)
{
    int64_t near[MOST];
    bool in[MOST] = {true};
    double sum = 0;
    for (int32_t i = 0; i < s->n; i++)
        near[i] = d2(s, 0, i);
    for (int32_t k = 1; k < s->n; k++) {
        int32_t best = -1;
        for (int32_t i = 0; i < s->n; i++)
            if (!in[i] && (best < 0 || near[i] < near[best]))
                best = i;
        in[best] = true;
        sum += sqrt((double)near[best]);
        for (int32_t i = 0; i < s->n; i++)
            near[i] = d2(s, best, i) < near[i] ? d2(s, best, i) : near[i];
    }
    return sum;
}

static void check_tree(const struct sample *s)
{
    int32_t group[MOST], n_tree = 0;
    double sum = 0;
    for (int32_t i = 0; i < s->n; i++)
        group[i] = i;
    for (int32_t k = 0; k < s->n_link; k++) {
        const struct spatial_link *l = &s->link[k];
        cr_assert_eq(l->d2_m2, d2(s, l->a, l->b));
        if (!l->tree)
            continue;
        int32_t from = group[l->a], to = group[l->b];
        cr_assert_neq(from, to, "the tree has a ring");
        for (int32_t i = 0; i < s->n; i++)
            group[i] = group[i] == from ? to : group[i];
        n_tree++;
        sum += sqrt((double)l->d2_m2);
    }
    cr_assert_eq(n_tree, s->n - 1);
    cr_assert_leq(sum, 1.005 * shortest_tree(s) + 1e-6);
    cr_assert_geq(sum, shortest_tree(s) - 1e-6);
}

Test(spatial, the_tree_is_the_shortest_or_very_nearly)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct sample s;
        scatter(&s, 1 + (int32_t)seed * 20, seed, false);
        link_up(&s, 6);
        check_tree(&s);
        arena_release(&s.arena);
    }
    cr_assert_eq(mem_live(), 0);
}

Test(spatial, towns_far_apart_are_joined_by_one_line)
{
    struct sample s;
    scatter(&s, 200, 7, true);
    link_up(&s, 4);
    check_tree(&s);
    arena_release(&s.arena);
}

Test(spatial, few_neighbours_leave_groups_that_are_joined_still)
{
    struct sample s;
    scatter(&s, 300, 8, false);
    link_up(&s, 1);
    check_tree(&s);
    arena_release(&s.arena);
}

Test(spatial, points_in_one_place_or_on_one_line_are_joined)
{
    struct sample s;
    scatter(&s, 100, 9, false);
    for (int32_t i = 0; i < s.n; i++)
        s.x_m[i] = s.y_m[i] = 5;
    link_up(&s, 6);
    check_tree(&s);
    arena_release(&s.arena);
    scatter(&s, 100, 9, true);
    for (int32_t i = 0; i < s.n; i++)
        s.y_m[i] = -3;
    link_up(&s, 6);
    check_tree(&s);
    arena_release(&s.arena);
}

Test(spatial, links_are_those_of_the_nearest_each_once)
{
    struct sample s;
    enum {
        K = 5
    };
    scatter(&s, 150, 10, false);
    link_up(&s, K);
    static int linked[MOST][MOST];
    for (int32_t k = 0; k < s.n_link; k++) {
        linked[s.link[k].a][s.link[k].b]++;
        linked[s.link[k].b][s.link[k].a]++;
    }
    for (int32_t i = 0; i < s.n; i++) {
        for (int32_t j = 0; j < s.n; j++) {
            int nearer = 0;
            for (int32_t m = 0; m < s.n; m++)
                nearer += m != i && d2(&s, i, m) <= d2(&s, i, j);
            cr_assert_leq(linked[i][j], 1);
            if (i != j && nearer <= K)
                cr_assert_eq(linked[i][j], 1, "%d misses %d", i, j);
        }
    }
    arena_release(&s.arena);
}

Test(spatial, memory_may_run_out_anywhere)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct sample s;
        struct err err = {0};
        scatter(&s, 50, 11, false);
        mem_fail_after(n);
        code = spatial_cells_fill(&s.arena, s.n, s.x_m, s.y_m, &s.cells, &err);
        if (!code)
            code = spatial_links(&s.arena, &s.cells, 6, &s.link, &s.n_link, &err);
        arena_release(&s.arena);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 100);
    }
    mem_fail_after(-1);
    cr_assert_eq(code, ERR_OK);
}
