/* test_explain.c - prices and awards of a small market, worked out by hand. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/app/explain_when.h"
#include "sim/app/record_run.h"
#include "sim/base/mem.h"
#include "sim/explain/explain_award.h"
#include "sim/explain/explain_price.h"
#include "tests/support/small_run.h"

static char path[64];
static struct run_read *rd;
static struct explain_run x;

static void record_small(void)
{
    struct err err = {0};
    struct run_file *rf = NULL;
    struct run run = small_run_done();
    snprintf(path, sizeof path, "/tmp/gridclear_explain_XXXXXX");
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
    cr_assert_eq(run_file_create(path, &rf, &err), ERR_OK);
    cr_assert_eq(record_run(rf, &run, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(run_file_commit(rf, &err), ERR_OK, "%s", err.msg);
    run_file_close(rf);
    run_release(&run);
}

static void set_up(void)
{
    struct err err = {0};
    record_small();
    cr_assert_eq(run_read_open(path, &rd, &err), ERR_OK, "%s", err.msg);
    unlink(path);
    cr_assert_eq(explain_run_load(rd, "small.h5", NULL, &x, &err), ERR_OK, "%s",
                 err.msg);
}

static void tear_down(void)
{
    explain_run_release(&x);
    run_read_close(rd);
    cr_assert_eq(mem_live(), 0);
}

TestSuite(explain, .init = set_up, .fini = tear_down);

static int32_t node(const char *name)
{
    int32_t n = run_view_find(x.v.node, x.v.n_node, name);
    cr_assert_geq(n, 0);
    return n;
}

static int32_t owner(const char *name)
{
    int32_t r = run_view_find(x.v.resource, x.v.n_resource, name);
    cr_assert_geq(r, 0);
    return r;
}

/* The reference is the load, in B: energy costs 50 there, and the full line gives A -40. */
Test(explain, a_price_is_energy_and_limits)
{
    struct price_story s;
    struct err err = {0};
    cr_assert_eq(explain_price(&x, node("A"), 30, 2, &s, &err), ERR_OK, "%s", err.msg);
    cr_assert_float_eq(s.lmp, 10, 1e-9);
    cr_assert_float_eq(s.energy, 50, 1e-9);
    cr_assert_eq(s.n_part, 1);
    cr_assert_eq(s.n_idle, 0);
    cr_assert_str_eq(x.v.limit[s.part[0].limit], "branch A-B max");
    cr_assert_float_eq(s.part[0].shadow_usd_per_mwh, 40, 1e-9);
    cr_assert_float_eq(s.part[0].factor, 1, 1e-9);
    cr_assert_float_eq(s.part[0].usd_per_mwh, -40, 1e-9);
    cr_assert_float_eq(s.rest, 0, 1e-9);
    cr_assert(s.is_told && s.is_unique);
    cr_assert_float_eq(s.lower_usd_per_mwh, 10, 1e-6);
    cr_assert_float_eq(s.upper_usd_per_mwh, 10, 1e-6);
    cr_assert_eq(s.one_mw.n_move, 1);
    cr_assert_eq(s.one_mw.move[0].owner, owner("GEN_A"));
    cr_assert_eq(s.one_mw.move[0].interval, 30);
    cr_assert_float_eq(s.one_mw.move[0].mw, 2, 1e-9);
    cr_assert_float_eq(s.one_mw.cost_usd, 20, 1e-9);
    price_story_release(&s);
}

/* GEN_A has 140 MW left behind the line and GEN_B 160 before it; the battery is empty. */
Test(explain, a_step_beyond_all_offers_ends_in_scarcity)
{
    struct explain_change c;
    struct err err = {0};
    cr_assert_eq(explain_change_find(&x, node("B"), 30, 160, EXPLAIN_MW, &c, &err),
                 ERR_OK);
    cr_assert_float_eq(c.cost_usd, 160 * 50, 1e-6);
    cr_assert_float_eq(c.shortage_mw, 0, 1e-9);
    explain_change_release(&c);
    cr_assert_eq(explain_change_find(&x, node("B"), 30, 170, EXPLAIN_MW, &c, &err),
                 ERR_OK);
    cr_assert_eq(c.answer, EXPLAIN_FOUND);
    /* The battery gives 5 MW at 500, for which it buys 5 MWh at 50 that it bids 1 for; 5 MW
     * of the self-schedule in B give way, at the cap. */
    cr_assert_float_eq(c.cost_usd, 160 * 50 + 5 * (500 + 50 - 1) + 5 * 1000, 1e-6);
    explain_change_release(&c);
}

Test(explain, awards_have_reasons)
{
    struct award_story s;
    struct err err = {0};
    cr_assert_eq(explain_award(&x, owner("GEN_A"), 5, &s, &err), ERR_OK);
    cr_assert_eq(s.reason, AWARD_SETS_PRICE);
    cr_assert_float_eq(s.revenue_usd, 600, 1e-9);
    cr_assert_float_eq(s.cost_usd, 600, 1e-9);
    cr_assert_float_eq(s.given_up_usd, 0, 1e-9);
    award_story_release(&s);
    cr_assert_eq(explain_award(&x, owner("GEN_C"), 3, &s, &err), ERR_OK);
    cr_assert_eq(s.reason, AWARD_NO_BID, "its bid is above the cap");
    award_story_release(&s);
    cr_assert_eq(explain_award(&x, owner("LOAD"), 5, &s, &err), ERR_OK);
    cr_assert_eq(s.reason, AWARD_SELF_SCHEDULE);
    cr_assert_float_eq(s.revenue_usd, -5000, 1e-9);
    award_story_release(&s);
    /* Charging pays 1 and costs 50; there is nothing to discharge, and 500 is asked. */
    cr_assert_eq(explain_award(&x, owner("STORE"), 5, &s, &err), ERR_OK);
    cr_assert(s.is_store);
    cr_assert_float_eq(s.mw, 0, 1e-9);
    cr_assert_eq(s.n_piece, 2);
    cr_assert_float_eq(s.given_up_usd, 0, 1e-9);
    award_story_release(&s);
}

Test(explain, hours_are_understood_as_people_say_them)
{
    static const struct {
        const char *text;
        int32_t t; /* -1 = refused */
    } said[] = {{"1", 0},  {"HE 24", 23},  {"he3", 2},     {"25", -1},   {"noon", -1},
                {"", -1},  {"HE", -1},     {"3:30", -1},   {"20 x", -1}, {"1970", -1},
                {"03", 2}, {"3:00:00", 2}, {"3:00:01", -1}};
    struct err err = {0};
    char text[WHEN_SIZE], date[11], with_date[40];
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        int32_t t = -7;
        enum err_code code = explain_when(&x.v, said[i].text, &t, &err);
        cr_assert_eq(code, said[i].t < 0 ? ERR_USAGE : ERR_OK, "%s", said[i].text);
        if (said[i].t >= 0)
            cr_assert_eq(t, said[i].t, "%s", said[i].text);
    }
    /* What is said back is understood, of both days. */
    for (int32_t k = 0; k < 48; k += 47) {
        int32_t t;
        date_format(x.v.trade_date[k], date);
        snprintf(with_date, sizeof with_date, "%s HE %d", date,
                 (int)x.v.hour_ending[k]);
        cr_assert_eq(explain_when(&x.v, with_date, &t, &err), ERR_OK, "%s", err.msg);
        cr_assert_eq(t, k);
        explain_when_text(&x.v, k, text);
        cr_assert_not_null(strstr(text, date));
    }
}

Test(explain_memory, running_out_of_memory_is_said)
{
    struct err err = {0};
    record_small();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n += n < 40 ? 1 : 11) {
        struct run_read *again = NULL;
        struct explain_run y = {.n_bus = 0};
        struct price_story s = {.n_part = 0};
        struct award_story a = {.n_piece = 0};
        mem_fail_after(n);
        code = run_read_open(path, &again, &err);
        if (!code)
            code = explain_run_load(again, "small.h5", NULL, &y, &err);
        if (!code)
            code = explain_price(&y, 0, 5, 1, &s, &err);
        if (!code)
            code = explain_award(&y, 0, 5, &a, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        award_story_release(&a);
        price_story_release(&s);
        explain_run_release(&y);
        run_read_close(again);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
    }
    unlink(path);
}
