/*
 * prop_damaged_scenario.c - whatever happens to a scenario's files, it is refused with
 * positions inside the files, or becomes a market that keeps every promise of market.h.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

static long n_refused, n_accepted;

/* text with [at, at + n) replaced. */
static void load_with(struct scenario_files *s, const char *name, const char *text,
                      size_t at, size_t n, const char *instead)
{
    struct scenario_result r;
    char why[MARKET_CHECK_SIZE];
    size_t size = strlen(text) + strlen(instead) + 1;
    char *changed = malloc(size);
    memcpy(changed, text, at);
    memcpy(changed + at, instead, strlen(instead));
    memcpy(changed + at + strlen(instead), text + at + n, strlen(text + at + n) + 1);
    scenario_files_put(s, name, changed);
    scenario_files_load(s, &r);
    const char *misplaced = scenario_result_misplaced(s, &r);
    cr_assert_null(misplaced, "%s at %zu '%s': %s", name, at, instead, misplaced);
    if (r.code == ERR_OK) {
        cr_assert_eq(r.faults.total, 0);
        cr_assert(market_check(&r.market, why), "%s at %zu '%s': %s", name, at, instead,
                  why);
        n_accepted++;
    } else {
        cr_assert_eq(r.code, ERR_INPUT);
        cr_assert_gt(r.faults.total, 0);
        n_refused++;
    }
    scenario_result_release(&r);
    cr_assert_eq(mem_live(), 0);
    free(changed);
}

static void damage_fields(struct scenario_files *s, const char *name, const char *text)
{
    static const char *const instead[] = {"", "-1", "text", "1e300", "NaN", "0", "\""};
    for (size_t at = 0; text[at];) {
        size_t n = strcspn(text + at, ",\n");
        for (size_t i = 0; i < sizeof instead / sizeof *instead; i++)
            load_with(s, name, text, at, n, instead[i]);
        at += n + (text[at + n] != '\0');
    }
}

static void damage_lines(struct scenario_files *s, const char *name, const char *text)
{
    for (size_t at = 0; text[at];) {
        size_t n = strcspn(text + at, "\n") + 1;
        char *twice = malloc(2 * n + 1);
        memcpy(twice, text + at, n);
        memcpy(twice + n, text + at, n);
        twice[2 * n] = '\0';
        load_with(s, name, text, at, n, "");
        load_with(s, name, text, at, n, twice);
        free(twice);
        at += n;
    }
}

Test(prop_damaged_scenario, every_field_and_line_of_every_table, .timeout = 300)
{
    struct scenario_files s;
    scenario_files_base(&s);
    for (int i = 0; i < s.n; i++) {
        char *text = strdup(s.file[i].text), name[48];
        memcpy(name, s.file[i].name, sizeof name);
        if (strcmp(name, "scenario.yaml") != 0)
            damage_fields(&s, name, text);
        damage_lines(&s, name, text);
        scenario_files_put(&s, name, text);
        free(text);
    }
    scenario_files_release(&s);
    cr_assert_gt(n_refused, 1000);
    cr_assert_gt(n_accepted, 100);
}

Test(prop_damaged_scenario, every_byte_of_the_settings, .timeout = 300)
{
    static const char *const instead[] = {"",  "-",  ":",    "[", "\"",
                                          "9", "\n", "\xff", "&"};
    struct scenario_files s;
    scenario_files_base(&s);
    char *text = strdup(scenario_files_get(&s, "scenario.yaml"));
    for (size_t at = 0; text[at]; at++)
        for (size_t i = 0; i < sizeof instead / sizeof *instead; i++)
            load_with(&s, "scenario.yaml", text, at, 1, instead[i]);
    free(text);
    scenario_files_release(&s);
}

Test(prop_damaged_scenario, every_table_cut_short, .timeout = 300)
{
    struct scenario_files s;
    scenario_files_base(&s);
    for (int i = 0; i < s.n; i++) {
        char *text = strdup(s.file[i].text), name[48];
        memcpy(name, s.file[i].name, sizeof name);
        for (size_t at = 0; at < strlen(text); at += 3)
            load_with(&s, name, text, at, strlen(text + at), "");
        scenario_files_put(&s, name, text);
        free(text);
    }
    scenario_files_release(&s);
}
