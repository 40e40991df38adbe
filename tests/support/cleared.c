/* cleared.c - the whole chain in one call. */
#include "tests/support/cleared.h"

#include <math.h>

#include "tests/support/draw.h"

static void run_real_time(struct cleared *c)
{
    static const struct ruc_outcome no_ruc;
    struct err err = {0};
    LAW(rt_begin(&c->m, &c->rt, &err) == ERR_OK, "real time: %s", err.msg);
    LAW(metering_begin(&c->m, &c->meter, &err) == ERR_OK, "meters: %s", err.msg);
    for (int32_t day = 0; day < c->m.n_day; day++) {
        LAW(rt_day(&c->m, &c->a, day, &c->o, &no_ruc, &c->rt, &err) == ERR_OK,
            "real time of day %d: %s", day, err.msg);
        metering_day(&c->m, &c->o, &c->rt, day, 0, &c->meter);
    }
    LAW(rt_end(&c->m, &c->rt, &err) == ERR_OK, "real time: %s", err.msg);
}

void cleared_make(struct market m, struct cleared *c)
{
    struct err err = {0};
    *c = (struct cleared){.m = m};
    const struct settle_inputs in = {
        .m = &c->m, .a = &c->a, .o = &c->o, .rt = &c->rt, .meter = &c->meter};
    LAW(admit_bids(&c->m, &c->a, &err) == ERR_OK, "admission: %s", err.msg);
    LAW(clear_begin(&c->m, &c->o, &err) == ERR_OK, "clearing: %s", err.msg);
    for (int32_t day = 0; day < c->m.n_day; day++)
        LAW(clear_day(&c->m, &c->a, day, &c->o, &err) == ERR_OK, "day %d: %s", day,
            err.msg);
    if (c->m.rules.real_time)
        run_real_time(c);
    LAW(clear_end(&c->m, &c->o, &err) == ERR_OK, "clearing: %s", err.msg);
    for (int32_t day = 0; day < c->m.n_day; day++)
        LAW(settle_day(&in, day, &c->s, &err) == ERR_OK, "settlement of day %d: %s",
            day, err.msg);
}

void cleared_release(struct cleared *c)
{
    settlement_release(&c->s);
    metering_release(&c->meter);
    rt_release(&c->rt);
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
