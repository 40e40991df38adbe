/* cleared.c - the whole chain in one call. */
#include "tests/support/cleared.h"

#include <math.h>

#include "tests/support/draw.h"

static void clear_one(struct cleared *c, int32_t day)
{
    struct err err = {0};
    LAW(clear_day(&c->m, &c->a, day, &c->o, &err) == ERR_OK, "day %d: %s", day,
        err.msg);
    if (c->ruc.active)
        LAW(ruc_day(&c->m, &c->a, day, &c->o, &c->ruc, &err) == ERR_OK,
            "residual commitment of day %d: %s", day, err.msg);
}

static void run_one(struct cleared *c, int32_t day)
{
    struct err err = {0};
    if (!c->m.rules.real_time)
        return;
    LAW(rt_day(&c->m, &c->a, day, &c->o, &c->ruc, &c->rt, &err) == ERR_OK,
        "real time of day %d: %s", day, err.msg);
    metering_day(&c->m, &c->o, &c->rt, day, 0, &c->meter);
}

static void begin(struct cleared *c)
{
    struct err err = {0};
    LAW(admit_bids(&c->m, &c->a, &err) == ERR_OK, "admission: %s", err.msg);
    LAW(clear_begin(&c->m, &c->o, &err) == ERR_OK, "clearing: %s", err.msg);
    LAW(ruc_begin(&c->m, &c->ruc, &err) == ERR_OK, "residual: %s", err.msg);
    if (!c->m.rules.real_time)
        return;
    LAW(rt_begin(&c->m, &c->rt, &err) == ERR_OK, "real time: %s", err.msg);
    LAW(metering_begin(&c->m, &c->meter, &err) == ERR_OK, "meters: %s", err.msg);
}

void cleared_make(struct market m, struct cleared *c)
{
    struct err err = {0};
    *c = (struct cleared){.m = m};
    const struct settle_inputs in = {.m = &c->m,
                                     .a = &c->a,
                                     .o = &c->o,
                                     .ruc = &c->ruc,
                                     .rt = &c->rt,
                                     .meter = &c->meter};
    begin(c);
    for (int32_t day = 0; day < c->m.n_day; day++) {
        clear_one(c, day);
        if (c->ruc.active)
            run_one(c, day);
    }
    for (int32_t day = 0; day < c->m.n_day && !c->ruc.active; day++)
        run_one(c, day);
    if (c->m.rules.real_time)
        LAW(rt_end(&c->m, &c->rt, &err) == ERR_OK, "real time: %s", err.msg);
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
    ruc_release(&c->ruc);
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
