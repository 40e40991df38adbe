/*
 * fuzz_override.c - any bytes as a file of overrides, on top of a scenario without a fault.
 *
 * Property: no crash; what is refused has positions inside the files; what is accepted
 * keeps every promise of market.h.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/market_check.h"
#include "tests/support/scenario_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scenario_files s = {0};
    struct scenario_result r;
    char why[MARKET_CHECK_SIZE];
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    scenario_files_base(&s);
    scenario_files_load_changed(&s, text, &r);
    must(r.code == ERR_OK || r.code == ERR_INPUT);
    must((r.code == ERR_OK) == (r.faults.total == 0));
    scenario_files_put(&s, "change.yaml", text); /* its positions count, too */
    must(scenario_result_misplaced(&s, &r) == NULL);
    if (r.code == ERR_OK)
        must(market_check(&r.market, why));
    scenario_result_release(&r);
    scenario_files_release(&s);
    free(text);
    must(mem_live() == 0);
    return 0;
}
