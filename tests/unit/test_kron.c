/* Tests of solver/kron.c: random networks against the unreduced one. */
#include "solver/kron.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/draw.h"

enum {
    BUS = 60,
    BRANCH = 140,
};

struct sample {
    struct network_data d;
    int32_t from[BRANCH], to[BRANCH], costly[BUS], most, most_costly;
    double b[BRANCH], shift[BRANCH], min[BRANCH], max[BRANCH], weight[BUS];
    struct network *net;
    struct kron *kron;
};

/*
 * A tree over one or two islands, then more branches: some parallel, some of negative
 * reactance, some bus ties. Leaves and chains remain, and meshes too dense to go.
 */
static struct sample *draw_sample(struct draw *d)
{
    struct sample *s = calloc(1, sizeof *s);
    cr_assert_not_null(s);
    int32_t n_bus = draw_int(d, 4, BUS), n_island = draw_int(d, 1, 2);
    int32_t n_branch = n_bus - n_island + draw_int(d, 0, BRANCH - n_bus);
    for (int32_t l = 0; l < n_branch; l++) {
        bool is_tree = l < n_bus - n_island;
        int32_t side = draw_int(d, 0, n_island - 1),
                most = (n_bus - 1 - side) / n_island;
        s->from[l] = is_tree ? l + n_island : side + n_island * draw_int(d, 0, most);
        s->to[l] = is_tree
                       ? s->from[l] - n_island * draw_int(d, 1, s->from[l] / n_island)
                       : side + n_island * draw_int(d, 0, most);
        if (l > 0 && !is_tree && draw_chance(d, 0.2)) { /* parallel, either way round */
            s->from[l] = s->to[l - 1];
            s->to[l] = s->from[l - 1];
        }
        s->b[l] = draw_real(d, 500, 3000);
        if (draw_chance(d, 0.1))
            s->b[l] *= -0.3;
        if (draw_chance(d, 0.1))
            s->b[l] = HUGE_VAL;
        s->max[l] = HUGE_VAL;
        s->min[l] = -HUGE_VAL;
    }
    s->most = draw_chance(d, 0.5) ? 6 : KRON_MOST;
    s->most_costly = draw_chance(d, 0.5) ? 2 : s->most;
    for (int32_t n = 0; n < n_bus; n++) {
        s->costly[n] = draw_chance(d, 0.3) ? draw_int(d, 1, 5) : 0;
        s->weight[n] = draw_chance(d, 0.5) ? draw_real(d, 1, 9) : 0;
    }
    s->d = (struct network_data){n_bus,    n_branch, s->from, s->to,     s->b,
                                 s->shift, s->min,   s->max,  s->weight, NULL};
    return s;
}

/* False when negative reactances happen to make the network singular, or nearly. */
static bool reduce(struct sample *s)
{
    struct err err = {0};
    if (network_create(&s->d, &s->net, &err) != ERR_OK)
        return false;
    cr_assert_eq(
        kron_create(s->net, s->costly, s->most, s->most_costly, &s->kron, &err), ERR_OK,
        "%s", err.msg);
    return true;
}

static void release(struct sample *s)
{
    kron_destroy(s->kron);
    network_destroy(s->net);
    free(s);
}

/* Injections that balance in every island, so that no reference takes a share. */
static void draw_balanced(struct draw *d, const struct sample *s, double *mw)
{
    double sum[2] = {0};
    int32_t last[2] = {0};
    for (int32_t n = 0; n < s->d.n_bus; n++) {
        mw[n] = draw_chance(d, 0.5) ? draw_real(d, -100, 100) : 0;
        sum[network_island(s->net)[n]] += mw[n];
        last[network_island(s->net)[n]] = n;
    }
    for (int32_t k = 0; k < network_n_island(s->net); k++)
        mw[last[k]] -= sum[k];
}

static void solve_angles(const struct sample *s, const double *mw, double *angle)
{
    struct err err = {0};
    cr_assert_eq(network_flows(s->net, 1, mw, angle, NULL, &err), ERR_OK, "%s",
                 err.msg);
}

/* Weights by place, as passed through and arrived. */
static void project(const struct sample *s, const double *weight, double *by_place)
{
    int32_t bus[BUS];
    const struct kron_weight *out;
    memset(by_place, 0, BUS * sizeof *by_place);
    for (int32_t n = 0; n < s->d.n_bus; n++)
        bus[n] = n;
    int32_t n_out = kron_project(s->kron, s->d.n_bus, bus, weight, &out);
    for (int32_t k = 0; k < n_out; k++) {
        cr_assert(out[k].node >= 0 && out[k].node < kron_n_node(s->kron));
        by_place[out[k].node] += out[k].weight;
    }
}

static double largest(const double *x, int32_t n)
{
    double most = 1e-3;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

Test(kron, kept_angles_solve_the_reduced_equations)
{
    int32_t n_reduced = 0, n_gone = 0;
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct sample *s = draw_sample(&d);
        double mw[BUS], angle[BUS], arrived[BUS];
        if (!reduce(s)) {
            release(s);
            continue;
        }
        n_reduced++;
        n_gone += kron_n_node(s->kron) - kron_n_kept(s->kron);
        cr_assert_eq(kron_n_node(s->kron), network_n_node(s->net));
        draw_balanced(&d, s, mw);
        solve_angles(s, mw, angle);
        project(s, mw, arrived);
        double scale = 3000 * largest(angle, s->d.n_bus) + largest(arrived, BUS);
        for (int32_t u = 0; u < kron_n_kept(s->kron); u++) {
            const int32_t *node;
            const double *value;
            double left = 0, row = 1;
            int32_t n = kron_row(s->kron, u, &node, &value);
            cr_assert_eq(node[0], u, "the diagonal comes first");
            cr_assert_eq(value[0], kron_pivot(s->kron, u));
            for (int32_t k = 0; k < n; k++) {
                cr_assert_lt(node[k], kron_n_kept(s->kron), "K is over kept nodes");
                left += value[k] * angle[kron_bus(s->kron, node[k])];
                row = fmax(row, fabs(value[k]) / 3000);
            }
            LAW(fabs(left - arrived[u]) <= 1e-6 * scale * row,
                "kept node %d: %.12g arrives, %.12g leaves", u, arrived[u], left);
        }
        release(s);
    }
    cr_assert_gt(n_reduced, 150, "most networks are regular");
    cr_assert_gt(n_gone, 10 * n_reduced, "most nodes go");
    cr_assert_eq(mem_live(), 0);
}

/* p' B'^-1 w, once by the angles of w in the whole network and once by the header. */
Test(kron, products_with_the_inverse_are_those_of_the_whole_network)
{
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct sample *s = draw_sample(&d);
        double p[BUS], w[BUS], angle_p[BUS], angle[BUS], at_p[BUS], at_w[BUS];
        if (!reduce(s)) {
            release(s);
            continue;
        }
        draw_balanced(&d, s, p);
        draw_balanced(&d, s, w);
        solve_angles(s, p, angle_p);
        solve_angles(s, w, angle);
        project(s, p, at_p);
        project(s, w, at_w);
        double whole = 0, parts = 0, size = 1e-3;
        for (int32_t n = 0; n < s->d.n_bus; n++) {
            whole += p[n] * angle[n];
            size += fabs(p[n] * angle[n]) + fabs(w[n] * angle_p[n]);
        }
        for (int32_t e = 0; e < kron_n_node(s->kron); e++) {
            double part = e < kron_n_kept(s->kron) /* K^-1 arrived(w) = angles there */
                              ? at_p[e] * angle[kron_bus(s->kron, e)]
                              : at_p[e] * at_w[e] / kron_pivot(s->kron, e);
            parts += part;
            size += fabs(part);
        }
        LAW(fabs(whole - parts) <= 1e-8 * size, "%.12g, by parts %.12g", whole, parts);
        release(s);
    }
    cr_assert_eq(mem_live(), 0);
}

/* Every number of a reduction, in order. */
static int32_t dump(const struct sample *s, double *out)
{
    int32_t n = 0;
    out[n++] = kron_n_kept(s->kron);
    for (int32_t e = 0; e < kron_n_node(s->kron); e++)
        out[n++] = kron_pivot(s->kron, e);
    for (int32_t u = 0; u < kron_n_kept(s->kron); u++) {
        const int32_t *node;
        const double *value;
        int32_t n_entry = kron_row(s->kron, u, &node, &value);
        out[n++] = kron_bus(s->kron, u);
        for (int32_t k = 0; k < n_entry; k++) {
            out[n++] = node[k];
            out[n++] = value[k];
        }
    }
    return n;
}

Test(kron, the_same_network_is_reduced_the_same_way_bit_for_bit)
{
    static double one[4 * BUS * BUS], other[4 * BUS * BUS];
    FOR_SEEDS(seed, 50)
    {
        struct draw d = draw_begin(seed), again = draw_begin(seed);
        struct sample *s = draw_sample(&d), *t = draw_sample(&again);
        if (reduce(s) && reduce(t)) {
            int32_t n = dump(s, one);
            LAW(dump(t, other) == n, "%d numbers", n);
            LAW(memcmp(one, other, (size_t)n * sizeof *one) == 0, "of %d numbers", n);
        }
        release(s);
        release(t);
    }
}

Test(kron, chains_and_leaves_go_even_where_columns_stand)
{
    struct sample *s = calloc(1, sizeof *s);
    cr_assert_not_null(s);
    s->most = 6;
    s->most_costly = 2;
    for (int32_t l = 0; l < 19; l++) { /* a chain of 20 buses */
        s->from[l] = l;
        s->to[l] = l + 1;
        s->b[l] = 1000;
    }
    for (int32_t n = 0; n < 20; n++)
        s->costly[n] = 3;
    s->d = (struct network_data){20,       19,     s->from, s->to,     s->b,
                                 s->shift, s->min, s->max,  s->weight, NULL};
    cr_assert(reduce(s));
    cr_assert_eq(kron_n_node(s->kron), 19);
    cr_assert_eq(kron_n_kept(s->kron), 0);
    release(s);
}

Test(kron, every_failed_allocation_is_reported_and_leaks_nothing)
{
    struct draw d = draw_begin(5);
    struct sample *s = draw_sample(&d);
    enum err_code code = ERR_NOMEM;
    struct err err = {0};
    cr_assert_eq(network_create(&s->d, &s->net, &err), ERR_OK, "%s", err.msg);
    long live = mem_live();
    for (long n = 0; code == ERR_NOMEM; n++) {
        mem_fail_after(n);
        code = kron_create(s->net, s->costly, s->most, s->most_costly, &s->kron, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || !s->kron);
        cr_assert(code == ERR_OK || mem_live() == live, "leak after %ld", n);
        cr_assert_lt(n, 10000);
    }
    cr_assert_eq(code, ERR_OK);
    release(s);
    cr_assert_eq(mem_live(), 0);
}
