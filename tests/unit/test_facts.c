/* test_facts.c - what a person wants to know. */
#include "sim/app/facts.h"

#include <criterion/criterion.h>
#include <math.h>

#include "tests/support/small_run.h"

Test(facts, prices_limits_and_loads_of_a_run)
{
    struct run run = small_run_done();
    struct run_facts f = facts_of_run(&run);
    cr_expect_float_eq(f.price.lowest.usd_per_mwh, 10, 1e-6);
    cr_expect_eq(f.price.lowest.node, SMALL_RUN_A);
    cr_expect_eq(f.price.lowest.interval, 0, "the first hour that has it");
    cr_expect_float_eq(f.price.highest.usd_per_mwh, 50, 1e-6);
    cr_expect_eq(f.price.highest.node, SMALL_RUN_B);
    cr_expect_eq(f.price.n_binding, 1);
    cr_expect_eq(f.price.dearest, 0);
    cr_expect_float_eq(f.price.dearest_usd_per_mwh, 40, 1e-6);
    cr_expect_float_eq(f.price.rent_usd, 48 * 60 * 40, 1e-3);
    cr_expect_float_eq(f.load_asked_mwh, 4800, 1e-6);
    cr_expect_float_eq(f.load_served_mwh, 4800, 1e-6);
    cr_expect_float_eq(f.load_declined_mwh, 0, 1e-6);
    cr_expect_float_eq(f.load_refused_mwh, 0, 1e-6);
    cr_expect_float_eq(f.load_cut_mwh, 0, 1e-6);
    cr_expect_float_eq(f.average_usd_per_mwh, 50, 1e-6);
    run_release(&run);
}

Test(facts, refusals_are_counted_by_rule)
{
    struct run run = small_run_done();
    struct run_facts f = facts_of_run(&run);
    cr_expect_eq(f.rejected, 4);
    cr_expect_eq(f.n_rejected[ADMIT_E05], 1, "a price above the cap");
    cr_expect_eq(f.n_rejected[ADMIT_E21], 3, "a portfolio of three bids");
    cr_expect_eq(f.modified, 0);
    run_release(&run);
}

Test(facts, who_must_post_collateral_is_counted)
{
    struct run run = small_run_done();
    struct credit_account *poor = &run.account[run.market.n_day * run.market.n_sc + 1];
    poor->status = CREDIT_CALL;
    poor->call_usd = 12.5;
    struct run_facts f = facts_of_run(&run);
    cr_expect_eq(f.n_call, 1);
    cr_expect_float_eq(f.call_usd, 12.5, 0);
    run_release(&run);
}

Test(facts, without_load_there_is_no_average)
{
    struct run run = small_run_done();
    for (int32_t r = 0; r < run.market.n_resource; r++)
        if (run.market.resource[r].type == RESOURCE_LOAD)
            run.market.resource[r].type = RESOURCE_EXPORT;
    cr_expect(isnan(facts_of_run(&run).average_usd_per_mwh));
    run_release(&run);
}

Test(facts, an_hour_has_its_date_where_there_are_several)
{
    char text[HOUR_TEXT_SIZE];
    struct run run = small_run_market();
    facts_hour(&run.market, 24, text);
    cr_expect_str_eq(text, "2026-04-16 HE 1");
    run.market.n_day = 1;
    facts_hour(&run.market, 18, text);
    cr_expect_str_eq(text, "HE 19");
    run_release(&run);
}
