/*
 * damage_override.c - whatever happens to a file of overrides, it is refused with positions
 * inside the files, or gives a market that keeps every promise of market.h.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/mem.h"
#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

static const char good[] = "name: changed\n"
                           "market: {energy_bid_cap: 800}\n"
                           "overrides:\n"
                           "- change: energy_bids\n"
                           "  where: {technology: gas, hour_ending: [18, \"\"]}\n"
                           "  scale: {price_usd_per_mwh: 2}\n"
                           "- change: resources\n"
                           "  where: {resource_id: [S1, P1]}\n"
                           "  set: {node_id: B, ramp_mw_per_min: \"\"}\n"
                           "- remove: virtual_bids\n"
                           "  where: {sc_id: SC2}\n"
                           "- add: branch_outages\n"
                           "  rows:\n"
                           "  - {branch_id: A-B, trade_date: 2026-04-15}\n"
                           "  - {branch_id: C-A, first_hour_ending: 7}\n";

static long n_refused, n_accepted;

static void load_with(struct scenario_files *s, const char *dir, const char *text)
{
    struct scenario_result r = {.code = ERR_OK};
    char path[80], why[MARKET_CHECK_SIZE];
    snprintf(path, sizeof path, "%s/change.yaml", dir);
    snprintf(r.dir, sizeof r.dir, "%s", dir);
    scenario_folder_write(dir, "change.yaml", text);
    scenario_files_put(s, "change.yaml", text);
    r.code = scenario_load_changed(dir, path, &r.market, &r.faults, &r.err);
    const char *misplaced = scenario_result_misplaced(s, &r);
    cr_assert_null(misplaced, "%s\n%s", misplaced, text);
    if (r.code == ERR_OK) {
        cr_assert_eq(r.faults.total, 0);
        cr_assert(market_check(&r.market, why), "%s\n%s", why, text);
        n_accepted++;
    } else {
        cr_assert_eq(r.code, ERR_INPUT, "%s\n%s", r.err.msg, text);
        cr_assert_gt(r.faults.total, 0);
        n_refused++;
    }
    scenario_result_release(&r);
    cr_assert_eq(mem_live(), 0);
}

Test(damage_override, every_byte)
{
    static const char *const instead[] = {"", "-", ":", "\"", "9", "\n"};
    struct scenario_files s;
    char dir[40], text[2 * sizeof good];
    scenario_files_base(&s);
    scenario_folder_make(&s, dir);
    load_with(&s, dir, good);
    cr_assert_eq(n_accepted, 1, "the overrides themselves are refused");
    for (size_t at = 0; good[at]; at++)
        for (size_t i = 0; i < sizeof instead / sizeof *instead; i++) {
            snprintf(text, sizeof text, "%.*s%s%s", (int)at, good, instead[i],
                     good + at + 1);
            load_with(&s, dir, text);
        }
    scenario_folder_remove(&s, dir);
    scenario_files_release(&s);
    cr_assert_gt(n_refused, 1000);
    cr_assert_gt(n_accepted, 50);
}
