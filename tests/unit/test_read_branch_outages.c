/* test_read_branch_outages.c - branches out by hour become states of the network. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/scenario_files.h"

static void load(const char *rows, struct scenario_result *r)
{
    struct scenario_files s;
    char text[512];
    snprintf(text, sizeof text,
             "branch_id,trade_date,first_hour_ending,last_hour_ending\n%s", rows);
    scenario_files_base(&s);
    scenario_files_put(&s, "branch_outages.csv", text);
    scenario_files_load(&s, r);
    scenario_files_release(&s);
}

/* The base has contingencies LOOP (C-A) and PAIR (A-B, A-B-2). */
Test(read_branch_outages, hours_with_the_same_branches_out_are_one_state)
{
    struct scenario_result r;
    load("A-B,2026-04-15,3,5\nC-A,,5,5\nA-B,2026-04-16,1,2\n", &r);
    const struct market *m = &r.market;
    cr_assert_eq(r.code, ERR_OK, "%s", r.faults.n ? r.faults.item[0].msg : r.err.msg);
    /* LOOP, PAIR; then A-B, A-B and C-A, C-A, each alone and with both. */
    cr_assert_eq(m->outages.n, 2 + 3 * 3);
    cr_assert_str_eq(m->outages.id[2], "A-B out");
    cr_assert_str_eq(m->outages.id[3], "LOOP with A-B out");
    cr_assert_str_eq(m->outages.id[5], "A-B and C-A out");
    cr_assert_str_eq(m->outages.id[8], "C-A out");
    for (int32_t k = 0; k < m->outages.n; k++)
        cr_assert_eq(m->outage_state[k], k < 2 ? -1 : 2 + (k - 2) / 3 * 3);
    for (int32_t t = 0; t < m->n_interval; t++) {
        int32_t want = t == 2 || t == 3 || t == 24 || t == 25 ? 2
                       : t == 4                               ? 5
                       : t == 28                              ? 8
                                                              : -1;
        cr_assert_eq(m->network_state[t], want, "hour %d", t);
    }
    /* What is lost is lost once, in order. */
    cr_assert_eq(m->outages.branch_start[5] - m->outages.branch_start[4], 2);
    cr_assert_eq(m->outages.branch_start[8] - m->outages.branch_start[7], 3);
    for (int32_t k = 0; k < m->outages.n; k++)
        for (int32_t e = m->outages.branch_start[k] + 1;
             e < m->outages.branch_start[k + 1]; e++)
            cr_assert_lt(m->outages.branch[e - 1], m->outages.branch[e]);
    scenario_result_release(&r);
    cr_assert_eq(mem_live(), 0);
}

Test(read_branch_outages, every_wrong_row_is_told_at_its_place)
{
    static const struct {
        const char *rows, *faults;
    } wrong[] = {
        {"A-Z,,,\n",
         "branch_outages.csv:2:1: unknown branch 'A-Z'; expected the name of "
         "one in service\n"},
        {"A-B,,5,4\n", "branch_outages.csv:2:8: last_hour_ending is 4 and "
                       "first_hour_ending 5; expected it no earlier\n"},
        {"A-B,2026-04-17,,\n",
         "branch_outages.csv:2:5: trade_date 2026-04-17 is not "
         "traded; expected one of trade_dates in scenario.yaml\n"},
        {"A-B,,26,\n", "branch_outages.csv:2:6: first_hour_ending is '26'; expected a "
                       "whole number from 1 to 25\n"},
        {"B-C,,,\nC-A,,,\n",
         "branch_outages.csv:3:1: without 'C-A' and what else is out "
         "then the network falls apart; expected every bus to keep a "
         "way to the others\n"},
        {"E10-E9,,7,7\n",
         "branch_outages.csv:2:1: without 'E10-E9' the network falls apart; expected "
         "every bus to keep a way to the others\n"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct scenario_result r;
        char text[1024];
        load(wrong[i].rows, &r);
        scenario_result_faults(&r, text, sizeof text);
        cr_expect(strcmp(text, wrong[i].faults) == 0, "case %zu: %s", i, text);
        scenario_result_release(&r);
        cr_assert_eq(mem_live(), 0);
    }
}
