/* Tests of solver/merge.c: injections that are alike are one, and no answer changes. */
#include "solver/merge.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/dispatch_build.h"
#include "tests/support/drawn.h"

static bool rises(const struct drawn_injection *i, int32_t n_interval)
{
    for (int32_t t = 0; t < n_interval; t++)
        for (int32_t s = 1; s < i->n_segment; s++)
            if (i->seg[t][s].cost_usd_per_mwh <= i->seg[t][s - 1].cost_usd_per_mwh)
                return false;
    return true;
}

static bool seen_by_others(const struct drawn *x, int32_t i)
{
    for (int32_t k = 0; k < x->n_store; k++)
        if (x->store[k].injection == i)
            return true;
    for (int32_t g = 0; g < x->n_group; g++)
        for (int32_t k = 0; k < x->group[g].n; k++)
            if (x->group[g].injection[k] == i)
                return true;
    return false;
}

/* Takes random shares off some injections, which become injections of their own. */
static int32_t take_apart(struct draw *d, struct drawn *x)
{
    int32_t n = x->n_injection, made = 0;
    for (int32_t i = 0; i < n; i++) {
        struct drawn_injection *from = &x->injection[i];
        int32_t more = draw_int(d, 0, 3);
        if (from->n_segment == 0 || !isinf(from->ramp_up) || !isinf(from->ramp_down) ||
            seen_by_others(x, i) || !rises(from, x->n_interval))
            continue;
        for (; more > 0 && x->n_injection < DRAWN_INJECTION; more--, made++) {
            struct drawn_injection *part = &x->injection[x->n_injection++];
            *part = *from;
            for (int32_t t = 0; t < x->n_interval; t++) {
                double share = draw_chance(d, 0.1) ? 0 : draw_real(d, 0.1, 0.6);
                part->base[t] *= share;
                from->base[t] -= part->base[t];
                for (int32_t s = 0; s < from->n_segment; s++) {
                    part->seg[t][s].width_mw *= share;
                    from->seg[t][s].width_mw -= part->seg[t][s].width_mw;
                }
            }
        }
    }
    return made;
}

static void same_answer(const struct stated *s, const struct merge *m,
                        const struct dispatch_answer *whole,
                        const struct dispatch_answer *small)
{
    const struct dispatch_problem *p = &s->p;
    size_t n = (size_t)p->n_interval * (size_t)p->n_injection;
    double *segment = mem_alloc((size_t)p->seg_start[n], sizeof *segment);
    double *power = mem_alloc(n, sizeof *power);
    cr_assert(segment && power);
    LAW(fabs(whole->objective_usd - small->objective_usd) <=
            1e-9 * (1 + fabs(whole->objective_usd)),
        "cost %.12g and %.12g", whole->objective_usd, small->objective_usd);
    merge_split_segments(m, small->segment_mw, segment);
    merge_powers(m, segment, power);
    for (size_t k = 0; k < n; k++)
        LAW(fabs(power[k] - whole->injection_mw[k]) <= 1e-7,
            "injection %zu of %d: %.12g and %.12g MW", k, p->n_injection, power[k],
            whole->injection_mw[k]);
    for (int32_t t = 0; t < p->n_interval; t++)
        for (int32_t b = 0; b < s->data.n_bus; b++) {
            double one = drawn_lmp(s, whole, t, b), two = drawn_lmp(s, small, t, b);
            LAW(fabs(one - two) <= 1e-7 * (1 + fabs(one)), "price %.12g and %.12g", one,
                two);
        }
    mem_free(segment);
    mem_free(power);
}

Test(merge, what_is_taken_apart_and_merged_has_the_answer_of_the_whole)
{
    int n_merged = 0;
    FOR_SEEDS(seed, 200)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_NORMAL & ~(DRAWN_TIES | DRAWN_STORES));
        struct stated s;
        struct err err = {0};
        struct merge *m;
        int32_t made = take_apart(&d, &x);
        struct dispatch_answer whole = drawn_solve(&x, &s), small;
        cr_assert_eq(merge_find(&s.p, 1, &m, &err), ERR_OK);
        if (made == 0) {
            merge_destroy(m);
        } else {
            cr_assert_not_null(m);
            LAW(merge_problem(m)->n_injection + made <= s.p.n_injection,
                "%d of %d injections are left, though %d were taken apart",
                merge_problem(m)->n_injection, s.p.n_injection, made);
            cr_assert_eq(dispatch_solve(merge_problem(m), 1e-9, &small, &err), ERR_OK,
                         "%s", err.msg);
            same_answer(&s, m, &whole, &small);
            dispatch_answer_release(&small);
            merge_destroy(m);
            n_merged++;
        }
        dispatch_answer_release(&whole);
        stated_release(&s);
    }
    cr_assert_gt(n_merged, 50);
}

enum {
    ALIKE = 30,
    HOURS = 24
};

/* A unit that follows a limit on its ramp, a dear one, and loads that give way at a price. */
static void many_loads(struct dispatch_build *b, int n_load, double pmax_mw)
{
    dispatch_build_begin(b, 2, HOURS);
    dispatch_build_branch(b, 0, 1, 1000, 70);
    int unit = dispatch_build_unit(b, 0, 200, 10);
    dispatch_build_unit(b, 1, 20, 40);
    b->ramp_up[unit] = b->ramp_down[unit] = 15;
    for (int k = 0; k < n_load; k++) {
        int load = dispatch_build_unit(b, 1, pmax_mw, 500);
        b->injection[load].base = -pmax_mw;
    }
    for (int t = 0; t < HOURS; t++)
        dispatch_build_load(b, t, 1, t % 6 < 3 ? -50 : 24);
}

Test(merge, a_market_with_many_alike_loads_has_the_answer_of_one_large_load)
{
    struct dispatch_build one, many;
    struct dispatch_answer a, b;
    struct err err = {0};
    many_loads(&one, 1, 80);
    many_loads(&many, ALIKE, 80.0 / ALIKE);
    cr_assert_eq(dispatch_build_solve(&one, &a, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(dispatch_build_solve(&many, &b, &err), ERR_OK, "%s", err.msg);
    cr_assert_leq(b.stats.columns, a.stats.columns, "%d columns", b.stats.columns);
    cr_assert_float_eq(a.objective_usd, b.objective_usd, 1e-6);
    bool cut = false, ramps = false;
    for (int t = 0; t < HOURS; t++) {
        const double *p = a.injection_mw + 3 * t;
        const double *q = b.injection_mw + (2 + ALIKE) * t;
        cr_assert_float_eq(p[0], q[0], 1e-9);
        cr_assert_float_eq(p[1], q[1], 1e-9);
        for (int k = 0; k < ALIKE; k++)
            cr_assert_float_eq(q[2 + k], p[2] / ALIKE, 1e-9);
        cut = cut || p[2] > -80 + 1;
        cr_assert_float_eq(a.lambda_usd_per_mwh[t], b.lambda_usd_per_mwh[t], 1e-9);
    }
    cr_assert_eq(a.n_row, b.n_row);
    for (int k = 0; k < a.n_row; k++) {
        ramps = ramps || a.row[k].kind == DISPATCH_RAMP_UP;
        cr_assert_eq(a.row[k].kind, b.row[k].kind);
        cr_assert_eq(a.row[k].index, b.row[k].index);
    }
    cr_assert(cut && ramps, "the day is too easy");
    dispatch_answer_release(&a);
    dispatch_answer_release(&b);
    dispatch_build_release(&one);
    dispatch_build_release(&many);
}

/* Two units at bus 1 of 2 that are alike; the test makes them differ. */
static void twins(struct dispatch_build *b)
{
    dispatch_build_begin(b, 2, 2);
    dispatch_build_branch(b, 0, 1, 1000, 70);
    for (int k = 0; k < 2; k++) {
        int unit = dispatch_build_unit(b, 1, 50, 10);
        dispatch_build_segment(b, unit, 10, 20);
        b->initial[unit] = 20;
    }
}

static bool are_merged(struct dispatch_build *b)
{
    struct err err = {0};
    struct merge *m;
    cr_assert_eq(dispatch_build_flatten(b, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(merge_find(&b->problem, 1, &m, &err), ERR_OK);
    bool merged = m != NULL;
    merge_destroy(m);
    dispatch_build_release(b);
    return merged;
}

Test(merge, units_that_differ_stay_apart)
{
    struct dispatch_build b;
    twins(&b);
    cr_assert(are_merged(&b), "the twins themselves");
    twins(&b);
    b.injection[1].bus[0] = 0;
    cr_assert_not(are_merged(&b), "another bus");
    twins(&b);
    dispatch_build_cost(&b, 1, 1, 11);
    cr_assert_not(are_merged(&b), "another cost in one interval");
    twins(&b);
    dispatch_build_segment(&b, 1, 5, 30);
    cr_assert_not(are_merged(&b), "another segment");
    twins(&b);
    b.ramp_up[0] = b.ramp_up[1] = 59;
    cr_assert_not(are_merged(&b), "a ramp that may bind");
    twins(&b);
    b.ramp_up[0] = b.ramp_up[1] = b.ramp_down[0] = b.ramp_down[1] = 60;
    cr_assert(are_merged(&b), "a ramp that cannot bind");
    twins(&b);
    dispatch_build_cost(&b, 0, 0, 20);
    dispatch_build_cost(&b, 0, 1, 20);
    cr_assert_not(are_merged(&b), "two segments of one cost");
}

Test(merge, every_failed_allocation_is_reported_and_leaks_nothing)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct dispatch_build b;
        struct dispatch_answer a = {0};
        struct err err = {0};
        many_loads(&b, ALIKE, 80.0 / ALIKE);
        mem_fail_after(n);
        code = dispatch_build_solve(&b, &a, &err);
        mem_fail_after(-1);
        dispatch_answer_release(&a);
        dispatch_build_release(&b);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 20000);
    }
    cr_assert_eq(code, ERR_OK);
}
