/*
 * prop_row_order.c - the order of rows, of columns and of keys makes no difference to the
 * market that a scenario becomes.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/market_dump.h"
#include "tests/support/scenario_files.h"

enum {
    TRIALS = 200
};

static char *dump_of(const struct scenario_files *s, uint64_t *fingerprint)
{
    struct scenario_result r;
    scenario_files_load(s, &r);
    cr_assert_eq(r.code, ERR_OK);
    char *text = market_dump(&r.market);
    *fingerprint = r.market.fingerprint;
    scenario_result_release(&r);
    return text;
}

Test(prop_row_order, shuffled_rows_give_the_same_market)
{
    struct scenario_files s;
    uint64_t expected_fingerprint, fingerprint;
    scenario_files_base(&s);
    scenario_files_services(&s);
    scenario_files_put(&s, "default_energy_bids.csv",
                       "resource_id,trade_date,hour_ending,to_mw,price_usd_per_mwh\n"
                       "G1,,,60,30\n"
                       "G1,,,100,35.5\n"
                       "G1,2026-04-16,20,100,38\n"
                       "S1,,,20,5\n");
    scenario_files_put(
        &s, "real_time_bids.csv",
        "resource_id,trade_date,hour_ending,kind,from_mw,to_mw,price_usd_per_mwh\n"
        "G1,,20,self_pt,,30,\n"
        "G1,,20,energy,,100,36\n"
        "G1,2026-04-16,20,energy,,100,33\n"
        "S1,,,energy,,20,6\n");
    char *expected = dump_of(&s, &expected_fingerprint);
    for (uint64_t seed = 0; seed < TRIALS; seed++) {
        scenario_files_shuffle(&s, seed);
        char *text = dump_of(&s, &fingerprint);
        cr_assert_str_eq(text, expected, "seed %d", (int)seed);
        cr_assert_eq(fingerprint, expected_fingerprint, "seed %d", (int)seed);
        free(text);
    }
    free(expected);
    scenario_files_release(&s);
}

/* Swaps the first two columns of a table; no field of the base has a comma there. */
static void swap_columns(struct scenario_files *s, const char *name)
{
    char *text = strdup(scenario_files_get(s, name)), *out = malloc(strlen(text) + 1);
    char *to = out;
    for (char *line = text; *line;) {
        char *end = strchr(line, '\n'), *second = strchr(line, ',') + 1;
        size_t n = strcspn(second, ",\n");
        memcpy(to, second, n);
        to += n;
        *to++ = ',';
        memcpy(to, line, (size_t)(second - 1 - line));
        to += second - 1 - line;
        memcpy(to, second + n, (size_t)(end + 1 - second) - n);
        to += (size_t)(end + 1 - second) - n;
        line = end + 1;
    }
    *to = '\0';
    scenario_files_put(s, name, out);
    free(text);
    free(out);
}

Test(prop_row_order, columns_in_another_order_give_the_same_market)
{
    static const char *const name[] = {"buses.csv",
                                       "branches.csv",
                                       "resources.csv",
                                       "nodes.csv",
                                       "ties.csv",
                                       "energy_bids.csv",
                                       "virtual_bids.csv",
                                       "aggregation_nodes.csv",
                                       "load_forecast.csv",
                                       "as_regions.csv",
                                       "as_requirements.csv",
                                       "as_bids.csv"};
    struct scenario_files s;
    uint64_t fingerprint;
    scenario_files_base(&s);
    scenario_files_services(&s);
    char *expected = dump_of(&s, &fingerprint);
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        swap_columns(&s, name[i]);
        char *text = dump_of(&s, &fingerprint);
        cr_assert_str_eq(text, expected, "%s", name[i]);
        free(text);
    }
    free(expected);
    scenario_files_release(&s);
}
