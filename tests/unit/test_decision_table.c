/* test_decision_table.c - what admission decided, for people. */
#include "sim/app/decision_table.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/support/small_run.h"

static char text[20000];

static void print(const struct run *run)
{
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    decision_table_print(&run->market, &run->admission, f);
    rewind(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
}

Test(decision_table, equal_decisions_of_hours_in_a_row_are_one_line)
{
    struct err err = {0};
    struct run run = small_run_market();
    cr_assert_eq(run_admit(&run, &err), ERR_OK);
    print(&run);
    const char *virtual_line = strstr(text, "  9-11  ");
    cr_assert_not_null(virtual_line, "%s", text);
    cr_assert_not_null(strstr(virtual_line, "rejected  E21"));
    cr_assert_not_null(strstr(text, "GEN_C"));
    cr_assert_not_null(strstr(text, "  4      rejected  E05"), "%s", text);
    cr_assert_not_null(strstr(text, "2026-04-16  BUYER: limit "));
    run_release(&run);
}

Test(decision_table, a_decision_does_not_run_over_midnight)
{
    struct run run = small_run_market();
    struct admit_decision d[2];
    for (int32_t i = 0; i < 2; i++)
        d[i] = (struct admit_decision){.status = BID_REJECTED,
                                       .rule = ADMIT_E02,
                                       .interval = 23 + i,
                                       .reason = "why"};
    run.admission.decision = d;
    run.admission.n_decision = 2;
    print(&run);
    cr_assert_not_null(strstr(text, "2026-04-15  24     rejected"), "%s", text);
    cr_assert_not_null(strstr(text, "2026-04-16  1      rejected"), "%s", text);
    run.admission = (struct admission){0};
    run_release(&run);
}
