/* cleared.c - the whole chain in one call. */
#include "tests/support/cleared.h"

#include <math.h>

#include "tests/support/draw.h"

void cleared_make(struct market m, struct cleared *c)
{
    struct err err = {0};
    *c = (struct cleared){.m = m};
    const struct settle_inputs in = {.m = &c->m, .a = &c->a, .o = &c->o};
    LAW(admit_bids(&c->m, &c->a, &err) == ERR_OK, "admission: %s", err.msg);
    LAW(clear_begin(&c->m, &c->o, &err) == ERR_OK, "clearing: %s", err.msg);
    for (int32_t day = 0; day < c->m.n_day; day++)
        LAW(clear_day(&c->m, &c->a, day, &c->o, &err) == ERR_OK, "day %d: %s", day,
            err.msg);
    LAW(clear_end(&c->m, &c->o, &err) == ERR_OK, "clearing: %s", err.msg);
    for (int32_t day = 0; day < c->m.n_day; day++)
        LAW(settle_day(&in, day, &c->s, &err) == ERR_OK, "settlement of day %d: %s",
            day, err.msg);
}

void cleared_release(struct cleared *c)
{
    settlement_release(&c->s);
    outcome_release(&c->o);
    admission_release(&c->a);
    market_release(&c->m);
    *c = (struct cleared){0};
}

double cleared_lmp(const struct cleared *c, int32_t t, int32_t node)
{
    return c->o.lmp[t * c->m.n_node + node];
}

double cleared_award(const struct cleared *c, int32_t t, int32_t resource)
{
    return c->o.award_mw[t * c->m.n_resource + resource];
}
