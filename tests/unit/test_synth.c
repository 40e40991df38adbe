/* Tests of sim/synth/synth.c and its steps. */
#include "sim/synth/synth.h"

#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"

static struct synth make(int32_t n_bus, uint64_t seed, int32_t n_tight)
{
    struct synth s;
    struct err err = {0};
    const struct synth_options opt = {n_bus, seed, n_tight, NULL};
    cr_assert_eq(synth_create(&opt, &s, &err), ERR_OK, "%s", err.msg);
    return s;
}

static struct synth_statistics count(const struct synth *s)
{
    struct synth_statistics t;
    struct err err = {0};
    cr_assert_eq(synth_count(s, &t, &err), ERR_OK, "%s", err.msg);
    return t;
}

static bool is_connected(const struct synth *s)
{
    int32_t *group = MEM_ARRAY(int32_t, s->n_bus), left = s->n_bus;
    for (int32_t n = 0; n < s->n_bus; n++)
        group[n] = n;
    for (int32_t l = 0; l < s->n_branch; l++) {
        int32_t a = s->branch[l].from, b = s->branch[l].to;
        while (group[a] != a)
            a = group[a] = group[group[a]];
        while (group[b] != b)
            b = group[b] = group[group[b]];
        left -= a != b;
        group[a] = b;
    }
    mem_free(group);
    return left == 1;
}

#define WITHIN(x, lo, hi) \
 cr_assert((x) >= (lo) && (x) <= (hi), #x " is %g", (double)(x))

static void check_parts(const struct synth *s)
{
    for (int32_t l = 0; l < s->n_branch; l++) {
        const struct synth_branch *b = &s->branch[l];
        cr_assert(b->x_pu > 0 && b->r_pu > 0 && b->r_pu < b->x_pu);
        cr_assert(b->tap > 0.95 && b->tap < 1.05);
        cr_assert(b->rate_mw >= 1 && b->rate_b_mw >= b->rate_mw);
        cr_assert(b->rate_c_mw >= b->rate_b_mw);
        bool line = b->length_km > 0;
        cr_assert_neq(b->from, b->to);
        cr_assert_eq(line, s->bus[b->from].level == s->bus[b->to].level);
    }
    for (int32_t u = 0; u < s->n_unit; u++) {
        const struct synth_unit *g = &s->unit[u];
        cr_assert(g->pmin_mw >= 0 && g->pmin_mw < g->pmax_mw);
        if (g->cost_model == 1)
            for (int k = 2; k < g->n_cost; k++) {
                const double *c = &g->cost[2 * k];
                double before = (c[-1] - c[-3]) / (c[-2] - c[-4]);
                cr_assert_geq((c[1] - c[-1]) / (c[0] - c[-2]), before);
            }
        else
            cr_assert(g->cost[0] >= 0);
    }
}

Test(synth, small_networks_are_connected_and_have_load_and_a_unit)
{
    static const int32_t size[] = {1, 2, 3, 4, 10, 20, 21, 24, 60};
    for (size_t k = 0; k < sizeof size / sizeof *size; k++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            struct synth s = make(size[k], seed, -1);
            struct synth_statistics t = count(&s);
            cr_assert_eq(s.n_bus, size[k]);
            cr_assert(is_connected(&s), "%d buses, seed %d", size[k], (int)seed);
            cr_assert(s.n_unit > 0 && t.load_mw > 0 && t.capacity_mw > t.load_mw);
            check_parts(&s);
            synth_release(&s);
        }
    }
    cr_assert_eq(mem_live(), 0);
}

Test(synth, statistics_are_in_the_ranges_that_the_readme_states)
{
    static const int32_t size[] = {1000, 2000, 10000};
    for (size_t k = 0; k < sizeof size / sizeof *size; k++) {
        for (uint64_t seed = 0; seed < 6; seed++) {
            struct synth s = make(size[k], seed, -1);
            struct synth_statistics t = count(&s);
            double n = s.n_bus;
            cr_assert(is_connected(&s));
            check_parts(&s);
            WITHIN(t.mean_degree, 2.6, 2.9);
            WITHIN(t.max_degree, 6, 15);
            WITHIN(t.n_radial / n, 0.08, 0.18);
            WITHIN(t.buses_at[1] / n, 0.16, 0.18);
            WITHIN(t.buses_at[2] / n, 0.04, 0.06);
            WITHIN(t.n_load_bus / n, 0.60, 0.70);
            WITHIN(t.n_unit_bus / n, 0.10, 0.15);
            WITHIN(t.capacity_mw / t.load_mw, 1.25, 1.40);
            WITHIN(t.mean_length_km, 5, 20);
            cr_assert_eq(t.n_limit, s.n_branch);
            cr_assert_eq(s.n_tight, synth_usual_tight(s.n_bus));
            synth_release(&s);
        }
    }
}

Test(synth, tight_limits_are_as_many_as_wanted_or_possible)
{
    struct synth none = make(1000, 1, 0), all = make(1000, 1, 1000000);
    cr_assert_eq(none.n_tight, 0);
    cr_assert_gt(all.n_tight, 40);
    cr_assert_lt(all.n_tight, all.n_branch);
    synth_release(&none);
    synth_release(&all);
    cr_assert_eq(synth_usual_tight(1), 0);
    cr_assert_eq(synth_usual_tight(10000), 400);
    cr_assert_eq(synth_usual_tight(1000000), 1264);
}

Test(synth, numbers_of_buses_out_of_range_are_our_bug)
{
    struct synth s;
    struct err err = {0};
    struct synth_options opt = {.n_bus = 0, .n_tight = -1};
    cr_assert_eq(synth_create(&opt, &s, &err), ERR_BUG);
    opt.n_bus = SYNTH_MAX_BUSES + 1;
    cr_assert_eq(synth_create(&opt, &s, &err), ERR_BUG);
}

Test(synth, memory_may_run_out_anywhere)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct synth s;
        struct synth_statistics t;
        struct err err = {0};
        const struct synth_options opt = {60, 1, -1, NULL};
        mem_fail_after(n);
        code = synth_create(&opt, &s, &err);
        if (!code)
            code = synth_count(&s, &t, &err);
        synth_release(&s);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 1000);
    }
    mem_fail_after(-1);
    cr_assert_eq(code, ERR_OK);
}
