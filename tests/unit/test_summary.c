/* test_summary.c - the lines that a person pastes into a mail. */
#include "sim/app/summary.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/support/small_run.h"

static char text[20000];

static const char *printed(const struct run *run)
{
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    summary_print(run, "run.h5", f);
    rewind(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
    return text;
}

static void assert_says(const char *what)
{
    cr_assert_not_null(strstr(text, what), "'%s' is not in\n%s", what, text);
}

Test(summary, a_run_of_two_days_in_a_few_lines)
{
    struct run run = small_run_done();
    run.market.name = "small";
    (void)printed(&run);
    assert_says("small, 2026-04-15 to 2026-04-16: 2 days, 48 hours, 2 nodes, ");
    assert_says("load served     4,800.0 of 4,800.0 MWh\n");
    assert_says("average price   50.00 USD/MWh, weighted by load\n");
    assert_says("lowest price    10.00 at A in 2026-04-15 HE 1\n");
    assert_says("limits binding  1, dearest: branch ");
    assert_says("; rent 115,200.00 USD\n");
    assert_says("bids refused    4 (E05: 1, E21: 3); modified 0\n");
    assert_says("no credit       POOR on 2026-04-15: 3 virtual, 0 demand bids\n");
    assert_says("limits relaxed  none\n");
    assert_says("all charges add up to 0 cents\n");
    assert_says("credit calls    0\n");
    assert_says("awards optimal at the prices: yes\n");
    assert_says("written to      run.h5\n");
    run_release(&run);
}

Test(summary, of_many_relaxations_the_dearest_five_are_named)
{
    static struct relaxation list[7];
    struct run run = small_run_done();
    struct relaxation *own = run.outcome.relaxation;
    int32_t n_own = run.outcome.n_relaxation;
    for (int i = 0; i < 7; i++)
        list[i] = (struct relaxation){.kind = RELAX_LIMIT,
                                      .interval = i,
                                      .owner = -1,
                                      .mw = 1.5,
                                      .unit = i ? "MWh" : "MW",
                                      .cost_usd = 1000.0 * (7 - i),
                                      .text = "limit of branch A-B exceeded"};
    run.outcome.relaxation = list;
    run.outcome.n_relaxation = 7;
    (void)printed(&run);
    assert_says(
        "limits relaxed  limit of branch A-B exceeded in 2026-04-15 HE 1: 1.500 "
        "MW, 7,000.00 USD\n");
    assert_says("HE 5: 1.500 MWh, 3,000.00 USD\n");
    cr_assert_null(strstr(text, "HE 6:"));
    assert_says("... and 2 more: 3,000.00 USD\n");
    run.outcome.relaxation = own;
    run.outcome.n_relaxation = n_own;
    run_release(&run);
}

Test(summary, who_must_post_collateral_is_named)
{
    struct run run = small_run_done();
    struct credit_account *poor = &run.account[run.market.n_day * run.market.n_sc + 1];
    poor->status = CREDIT_CALL;
    poor->call_usd = 70000;
    (void)printed(&run);
    assert_says("credit calls    1: POOR must post 70,000.00 USD\n");
    run_release(&run);
}

Test(summary, load_that_is_not_served_says_why)
{
    struct run run = small_run_done();
    int32_t load = 0;
    while (run.market.resource[load].type != RESOURCE_LOAD)
        load++;
    struct book *in = &run.market.bids, *out = &run.admission.bids;
    struct bid_segment *submitted = in->seg + in->start[load * in->n_interval];
    struct bid_segment *admitted = out->seg + out->start[load * out->n_interval];
    /* HE 1: 150 asked, 100 admitted as self-schedule, 60 of them served. */
    submitted->to_mw = 150;
    run.outcome.award_mw[load] = -60;
    (void)printed(&run);
    assert_says("load served     4,760.0 of 4,850.0 MWh; 50.0 refused (rules, credit), "
                "40.0 cut\n");
    admitted->kind = BID_ENERGY;
    (void)printed(&run);
    assert_says(
        "4,760.0 of 4,850.0 MWh; 40.0 declined at the price, 50.0 refused (rules, "
        "credit)\n");
    run_release(&run);
}

Test(summary, of_many_without_credit_five_are_named)
{
    static struct admit_credit list[7];
    struct run run = small_run_done();
    struct admit_credit *own = run.admission.credit;
    int32_t n_own = run.admission.n_credit;
    for (int i = 0; i < 7; i++)
        list[i] = (struct admit_credit){.n_virtual_rejected = i + 1};
    run.admission.credit = list;
    run.admission.n_credit = 7;
    (void)printed(&run);
    assert_says(" 5 virtual, 0 demand bids\n                ... and 2 more\n");
    cr_assert_null(strstr(text, " 6 virtual"));
    run.admission.credit = own;
    run.admission.n_credit = n_own;
    run_release(&run);
}
