/* rules.c - the parameter table as data. */
#include "sim/model/rules.h"

#include <stddef.h>

// clang-format off
static const struct rules_row table[] = {
#define RULES_ROW(name, unit, def, lo, hi, text) \
    {#name, unit, def, lo, hi, text, offsetof(struct rules, name)},
    RULES_MAP(RULES_ROW)
#undef RULES_ROW
};
// clang-format on

const struct rules_row *rules_table(int *n)
{
    *n = (int)(sizeof table / sizeof *table);
    return table;
}

struct rules rules_default(void)
{
    struct rules r = {.dc_model = DC_MATPOWER, .losses = LOSS_OFF};
#define RULES_SET(name, unit, def, lo, hi, text) r.name = def;
    RULES_MAP(RULES_SET)
#undef RULES_SET
    return r;
}
