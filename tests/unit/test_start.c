/* test_start.c - a day of many pieces, solved from its parts, against the whole at once. */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/base/mem.h"
#include "tests/oracle/full_dispatch.h"
#include "tests/support/dispatch_build.h"
#include "tests/support/draw.h"

enum {
    BUSES = 8,
    UNITS = 60,
    STORES = 4,
    HOURS = 24
};

/* So many pieces that the day starts from its parts. Ramps, stores and branches bind. */
static void busy_day(struct dispatch_build *b, unsigned seed, double load_scale)
{
    struct draw d = draw_begin(seed);
    dispatch_build_begin(b, BUSES, HOURS);
    for (int n = 0; n < BUSES; n++)
        dispatch_build_branch(b, n, (n + 1) % BUSES, draw_real(&d, 500, 2000),
                              draw_real(&d, 60, 300));
    for (int t = 0; t < HOURS; t++)
        for (int n = 0; n < BUSES; n++)
            dispatch_build_load(b, t, n,
                                load_scale * (100 + 60 * sin(0.4 * t)) *
                                    draw_real(&d, 0.5, 1.5));
    for (int u = 0; u < UNITS; u++) {
        double cost = draw_real(&d, 5, 60);
        int unit = dispatch_build_unit(b, u % BUSES, 4, cost);
        for (int k = 1; k < BUILD_SEGMENT; k++)
            dispatch_build_segment(b, unit, 4, cost += draw_real(&d, 0.5, 4));
        b->ramp_up[unit] = b->ramp_down[unit] = draw_real(&d, 3, 20);
        if (u % 3 == 0)
            b->initial[unit] = draw_real(&d, 0, 20);
    }
    for (int s = 0; s < STORES; s++)
        dispatch_build_store(b, 2 * s, 15, 40, 0.85, 20, s == 0 ? -INFINITY : 20);
    cr_assert_geq(UNITS * BUILD_SEGMENT * HOURS, 10000);
}

static void agrees_with_the_whole(unsigned seed, double load_scale, bool is_short)
{
    struct dispatch_build b;
    struct dispatch_answer a = {0};
    struct err err = {0};
    busy_day(&b, seed, load_scale);
    cr_assert_eq(dispatch_build_solve(&b, &a, &err), ERR_OK, "%s", err.msg);
    int n_kind[DISPATCH_ROW_KINDS] = {0};
    for (int32_t k = 0; k < a.n_row; k++)
        n_kind[a.row[k].kind]++;
    cr_expect_gt(n_kind[DISPATCH_BRANCH_MAX] + n_kind[DISPATCH_BRANCH_MIN], 0);
    cr_expect_gt(n_kind[DISPATCH_RAMP_UP] + n_kind[DISPATCH_RAMP_DOWN], 0);
    cr_expect_gt(n_kind[DISPATCH_STORE_MAX] + n_kind[DISPATCH_STORE_MIN], 0);
    cr_expect_eq(a.relaxed, is_short);
    double whole = full_dispatch_cost(&b.problem);
    cr_assert_leq(fabs(a.objective_usd - whole), 1e-7 * fabs(whole), "%.9g, not %.9g",
                  a.objective_usd, whole);
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
}

Test(start, a_day_costs_what_the_whole_day_at_once_costs)
{
    agrees_with_the_whole(1, 0.7, false);
}

Test(start, a_short_day_costs_what_the_whole_day_at_once_costs)
{
    agrees_with_the_whole(2, 1.4, true);
}

Test(start, failed_allocations_are_reported_and_leak_nothing)
{
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n += 1 + n / 8) {
        struct dispatch_build b;
        struct dispatch_answer a = {0};
        struct err err = {0};
        busy_day(&b, 3, 1);
        mem_fail_after(n);
        code = dispatch_build_solve(&b, &a, &err);
        mem_fail_after(-1);
        dispatch_answer_release(&a);
        dispatch_build_release(&b);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
    }
    cr_assert_eq(code, ERR_OK);
}

/* Notes what is counted; says stop when nothing is left of .until. */
struct counter {
    struct watch watch;
    int until, calls;
    int64_t last, total;
    bool in_order;
};

static enum err_code count(void *self, int64_t done, int64_t total, double gap,
                           struct err *err)
{
    struct counter *c = self;
    cr_expect(isnan(gap));
    if (total > 0) {
        c->in_order = c->in_order && done == c->last + 1;
        c->last = done;
        c->total = total;
    }
    return ++c->calls > c->until ? err_set(err, ERR_INTERRUPTED, "enough") : ERR_OK;
}

static enum err_code watched(struct counter *c, double *cost, struct err *err)
{
    struct dispatch_build b;
    struct dispatch_answer a = {0};
    c->watch = (struct watch){count, c};
    busy_day(&b, 1, 0.7);
    b.problem.watch = c->until < 0 ? NULL : &c->watch;
    enum err_code code = dispatch_build_solve(&b, &a, err);
    *cost = a.objective_usd;
    dispatch_answer_release(&a);
    dispatch_build_release(&b);
    return code;
}

Test(start, a_watch_sees_each_interval_and_may_stop_the_day_anywhere)
{
    struct counter c = {.until = 1 << 30, .last = -1, .in_order = true};
    double cost, alone;
    cr_assert_eq(watched(&c, &cost, NULL), ERR_OK);
    cr_expect(c.in_order && c.last == HOURS - 1 && c.total == HOURS);
    int calls = c.calls;
    cr_assert_gt(calls, HOURS);
    for (int until = 0; until < calls; until += 1 + calls / 8) {
        struct err err = {0};
        c = (struct counter){.until = until};
        cr_assert_eq(watched(&c, &alone, &err), ERR_INTERRUPTED);
        cr_assert_str_eq(err.msg, "enough");
        cr_assert_eq(mem_live(), 0, "leak after %d calls", until);
    }
    c = (struct counter){.until = -1};
    cr_assert_eq(watched(&c, &alone, NULL), ERR_OK);
    cr_expect_eq(alone, cost, "the same answer whether watched or not");
}
