/*
 * fuzz_scenario.c - any bytes as a scenario folder. A line "=== NAME" starts the file of
 * that name; what stands before the first is scenario.yaml.
 *
 * Property: no crash; what is refused has positions inside the files; what is accepted
 * keeps every promise of market.h.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/fuzz/must.h"
#include "tests/support/scenario_files.h"

static bool is_table_name(const char *name, size_t n)
{
    static const char *const known[] = {
        "network.m",       "buses.csv",         "branches.csv",
        "resources.csv",   "nodes.csv",         "scheduling_coordinators.csv",
        "ties.csv",        "load_forecast.csv", "aggregation_nodes.csv",
        "energy_bids.csv", "virtual_bids.csv"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i]) == n && memcmp(known[i], name, n) == 0)
            return true;
    return false;
}

/* Cuts text into files; unknown names end the cutting. */
static void cut(struct scenario_files *s, const char *text)
{
    char name[48] = "scenario.yaml";
    for (;;) {
        const char *next = strstr(text, "=== ");
        scenario_files_put_bytes(s, name, text,
                                 next ? (size_t)(next - text) : strlen(text));
        if (!next)
            return;
        next += 4;
        size_t n = strcspn(next, "\n");
        if (!is_table_name(next, n))
            return;
        memcpy(name, next, n);
        name[n] = '\0';
        text = next + n + (next[n] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scenario_files s = {0};
    struct scenario_result r;
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    cut(&s, text);
    scenario_files_load(&s, &r);
    must(scenario_result_broken(&s, &r) == NULL);
    scenario_result_release(&r);
    scenario_files_release(&s);
    free(text);
    must(mem_live() == 0);
    return 0;
}
