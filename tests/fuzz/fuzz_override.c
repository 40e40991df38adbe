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
#include "tests/fuzz/must.h"
#include "tests/support/scenario_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scenario_files s = {0};
    struct scenario_result r;
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    scenario_files_base(&s);
    scenario_files_load_changed(&s, text, &r);
    scenario_files_put(&s, "change.yaml", text); /* its positions count, too */
    must(scenario_result_broken(&s, &r) == NULL);
    scenario_result_release(&r);
    scenario_files_release(&s);
    free(text);
    must(mem_live() == 0);
    return 0;
}
