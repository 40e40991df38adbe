/*
 * damage_scenario.c - whatever happens to a scenario's files, it is refused with positions
 * inside the files, or becomes a market that keeps every promise of market.h.
 *
 * Two scenarios are spoiled: the small base of tests/support, which uses every column, and
 * duck-curve as it is published.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

static long n_refused, n_accepted;

static char dir[40]; /* the files as they are, but the one at work */

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
    scenario_folder_write(dir, name, changed);
    scenario_folder_load(dir, &r);
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

/* What stands between two of the separators, in turn. */
static void damage_fields(struct scenario_files *s, const char *name, const char *text,
                          const char *separators)
{
    static const char *const instead[] = {"", "-1", "text", "1e300", "NaN", "0", "\""};
    for (size_t at = 0; text[at];) {
        size_t n = strcspn(text + at, separators);
        for (size_t i = 0; i < sizeof instead / sizeof *instead; i++)
            load_with(s, name, text, at, n, instead[i]);
        at += n + (text[at + n] != '\0');
        /* The white space between the fields of a case is one separator. */
        at += *separators == ' ' ? strspn(text + at, separators) : 0;
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

Test(damage_scenario, every_field_and_line_of_every_table)
{
    struct scenario_files s;
    scenario_files_base(&s);
    scenario_files_services(&s);
    scenario_folder_make(&s, dir);
    for (int i = 0; i < s.n; i++) {
        char *text = strdup(s.file[i].text), name[48];
        memcpy(name, s.file[i].name, sizeof name);
        if (strcmp(name, "scenario.yaml") != 0)
            damage_fields(&s, name, text, ",\n");
        damage_lines(&s, name, text);
        scenario_files_put(&s, name, text);
        scenario_folder_write(dir, name, text);
        free(text);
    }
    scenario_folder_remove(&s, dir);
    scenario_files_release(&s);
    cr_assert_gt(n_refused, 1000);
    cr_assert_gt(n_accepted, 100);
}

Test(damage_scenario, every_byte_of_the_settings)
{
    static const char *const instead[] = {"",  "-",  ":",    "[", "\"",
                                          "9", "\n", "\xff", "&"};
    struct scenario_files s;
    scenario_files_base(&s);
    scenario_files_services(&s);
    scenario_folder_make(&s, dir);
    char *text = strdup(scenario_files_get(&s, "scenario.yaml"));
    for (size_t at = 0; text[at]; at++)
        for (size_t i = 0; i < sizeof instead / sizeof *instead; i++)
            load_with(&s, "scenario.yaml", text, at, 1, instead[i]);
    free(text);
    scenario_folder_remove(&s, dir);
    scenario_files_release(&s);
}

Test(damage_scenario, every_table_cut_short)
{
    struct scenario_files s;
    scenario_files_base(&s);
    scenario_files_services(&s);
    scenario_folder_make(&s, dir);
    for (int i = 0; i < s.n; i++) {
        char *text = strdup(s.file[i].text), name[48];
        memcpy(name, s.file[i].name, sizeof name);
        for (size_t at = 0; at < strlen(text); at += 3)
            load_with(&s, name, text, at, strlen(text + at), "");
        scenario_files_put(&s, name, text);
        scenario_folder_write(dir, name, text);
        free(text);
    }
    scenario_folder_remove(&s, dir);
    scenario_files_release(&s);
}

/* ---- scenarios as they are published ---- */

static const char *const duck_files[] = {
    "scenario.yaml",   "network.m",         "scheduling_coordinators.csv",
    "resources.csv",   "nodes.csv",         "aggregation_nodes.csv",
    "ties.csv",        "load_forecast.csv", "energy_bids.csv",
    "virtual_bids.csv"};
static const char *const area_files[] = {
    "scenario.yaml",   "buses.csv",
    "branches.csv",    "scheduling_coordinators.csv",
    "resources.csv",   "nodes.csv",
    "meter.csv",       "branch_meter.csv",
    "energy_bids.csv", "utility_areas.csv",
};

static const char *const tie_files[] = {
    "scenario.yaml", "buses.csv",         "branches.csv",
    "resources.csv", "commitment.csv",    "scheduling_coordinators.csv",
    "ties.csv",      "energy_bids.csv",   "tie_responses.csv",
    "nodes.csv",     "virtual_bids.csv",  "meter.csv",
    "ruc_bids.csv",  "utility_areas.csv", "load_forecast.csv",
};

static const char *const option_files[] = {
    "scenario.yaml",
    "buses.csv",
    "branches.csv",
    "scheduling_coordinators.csv",
    "resources.csv",
    "ties.csv",
    "energy_bids.csv",
    "tie_responses.csv",
    "real_time_availability.csv",
};

static const char *const plant_files[] = {
    "scenario.yaml",   "buses.csv",
    "branches.csv",    "scheduling_coordinators.csv",
    "resources.csv",   "commitment.csv",
    "energy_bids.csv", "configurations.csv",
    "transitions.csv", "configuration_bids.csv",
};

static void read_published(const char *folder, const char *const *file, size_t n_file,
                           struct scenario_files *s)
{
    *s = (struct scenario_files){.n = 0};
    for (size_t i = 0; i < n_file; i++) {
        char path[96], text[1 << 16];
        snprintf(path, sizeof path, "scenarios/%s/%s", folder, file[i]);
        FILE *f = fopen(path, "r");
        cr_assert_not_null(f, "%s: run from the top of the tree", path);
        size_t n = fread(text, 1, sizeof text - 1, f);
        cr_assert(feof(f), "%s is too long for this test", path);
        (void)fclose(f);
        text[n] = '\0';
        scenario_files_put(s, file[i], text);
    }
}

/* Fields of one file of a scenario, and its lines; most of it must be noticed. */
static void damage_published(struct scenario_files *s, const char *name,
                             const char *separators, int least)
{
    scenario_folder_make(s, dir);
    char *text = strdup(scenario_files_get(s, name));
    load_with(s, name, text, 0, 0, "");
    cr_assert_eq(n_accepted, 1, "the scenario itself is refused");
    damage_fields(s, name, text, separators);
    damage_lines(s, name, text);
    cr_assert_gt(n_refused, least);
    free(text);
    scenario_folder_remove(s, dir);
    scenario_files_release(s);
}

#define PUBLISHED(test, folder, files, name, separators, least)       \
 Test(damage_published, test)                                         \
 {                                                                    \
  struct scenario_files s;                                            \
  read_published(folder, files, sizeof(files) / sizeof *(files), &s); \
  damage_published(&s, name, separators, least);                      \
 }
#define DUCK(test, name, separators) \
 PUBLISHED(test, "duck-curve", duck_files, name, separators, 20)

#define CASE_SEPARATORS " \t\n;,=[]"

DUCK(settings, "scenario.yaml", " \n:[]")
DUCK(network, "network.m", CASE_SEPARATORS)
DUCK(coordinators, "scheduling_coordinators.csv", ",\n")
DUCK(resources, "resources.csv", ",\n")
DUCK(nodes, "nodes.csv", ",\n")
DUCK(aggregation_nodes, "aggregation_nodes.csv", ",\n")
DUCK(ties, "ties.csv", ",\n")
DUCK(load_forecast, "load_forecast.csv", ",\n")
DUCK(energy_bids, "energy_bids.csv", ",\n")
DUCK(virtual_bids, "virtual_bids.csv", ",\n")

PUBLISHED(areas_of_nodes, "16-utility-areas", area_files, "nodes.csv", ",\n", 10)
PUBLISHED(meters_of_branches, "16-utility-areas", area_files, "branch_meter.csv", ",\n",
          20)
PUBLISHED(tie_responses, "13-every-charge", tie_files, "tie_responses.csv", ",\n", 15)
PUBLISHED(subsystems, "16-utility-areas", area_files, "utility_areas.csv", ",\n", 5)
PUBLISHED(configurations, "20-combined-cycle", plant_files, "configurations.csv", ",\n",
          40)
PUBLISHED(transitions, "20-combined-cycle", plant_files, "transitions.csv", ",\n", 30)
PUBLISHED(configuration_bids, "20-combined-cycle", plant_files,
          "configuration_bids.csv", ",\n", 10)
PUBLISHED(plant_terms, "20-combined-cycle", plant_files, "commitment.csv", ",\n", 10)
PUBLISHED(tie_options, "19-interties", option_files, "resources.csv", ",\n", 100)
PUBLISHED(forecasts_of_imports, "19-interties", option_files,
          "real_time_availability.csv", ",\n", 50)
