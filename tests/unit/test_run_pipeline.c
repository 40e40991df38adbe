/* test_run_pipeline.c - from a market to settled accounts. */
#include "sim/app/run_pipeline.h"

#include <criterion/criterion.h>

#include "sim/base/mem.h"
#include "tests/support/small_run.h"

Test(run_pipeline, every_stage_of_a_market_is_there)
{
    struct run run = small_run_done();
    const struct market *m = &run.market;
    for (int32_t t = 0; t < m->n_interval; t++) {
        cr_assert_float_eq(run.outcome.lmp[t * 2 + SMALL_RUN_A], 10, 1e-6);
        cr_assert_float_eq(run.outcome.lmp[t * 2 + SMALL_RUN_B], 50, 1e-6);
    }
    cr_assert_eq(run.settlement.sum_cents, 0);
    cr_assert_eq(run.admission.n_credit, m->n_day * m->n_sc);
    cr_assert_gt(run.settlement.n_line, 0);
    run_release(&run);
    cr_assert_eq(mem_live(), 0);
}

Test(run_pipeline, a_day_starts_from_what_the_day_before_left_to_pay)
{
    struct run run = small_run_done();
    const struct admit_credit *first = &run.admission.credit[0],
                              *second = &run.admission.credit[run.market.n_sc];
    cr_assert_float_eq(first->carried_usd, 0, 1e-9);
    double owed = (double)settlement_net_cents(&run.settlement, first->sc, 0) / 100;
    cr_assert_gt(owed, 0, "the buyer pays");
    cr_assert_float_eq(second->carried_usd, owed, 1e-6);
    run_release(&run);
}

Test(run_pipeline, admission_alone_starts_every_day_from_the_liability_carried_in)
{
    struct err err = {0};
    struct run run = small_run_market();
    run.market.sc[0].invoiced_usd = 7;
    cr_assert_eq(run_admit(&run, &err), ERR_OK, "%s", err.msg);
    for (int32_t d = 0; d < 2; d++)
        cr_assert_float_eq(run.admission.credit[d * run.market.n_sc].carried_usd, 7,
                           1e-9);
    run_release(&run);
    cr_assert_eq(mem_live(), 0);
}

Test(run_pipeline, a_missing_folder_is_a_fault_with_a_name_that_lives_on)
{
    struct run run = {0};
    struct diagnostics diag = {0};
    cr_assert_eq(run_load("no-such-folder", &run, &diag), ERR_INPUT);
    run_release(&run);
    cr_assert_eq(diag.faults.total, 1);
    cr_assert_str_eq(diag.faults.item[0].at.file, "no-such-folder/scenario.yaml");
    cr_assert_str_eq(diag.err.msg, "1 fault in the scenario no-such-folder");
    err_list_release(&diag.faults);
    arena_release(&diag.names);
    cr_assert_eq(mem_live(), 0);
}

Test(run_pipeline, every_failing_allocation_ends_the_run_cleanly)
{
    enum err_code code = ERR_NOMEM;
    long live = 0;
    for (long n = 0; code; n++) {
        struct err err = {0};
        struct run run = small_run_market();
        live = mem_live();
        mem_fail_after(n);
        code = small_run_days(&run, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        cr_assert(code == ERR_OK || err.code == code, "%ld: no message", n);
        run_release(&run);
        cr_assert_eq(mem_live(), 0, "allocation %ld leaks", n);
    }
    cr_assert_gt(live, 0);
}
