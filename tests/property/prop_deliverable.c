/*
 * prop_deliverable.c - what real time awards can be had at once: energy, services and ramping
 * of a resource within its range, its ramps from where it is, and what it has stored.
 */
#include <math.h>

#include "sim/base/mem.h"
#include "tests/support/cleared.h"
#include "tests/support/draw.h"
#include "tests/support/drawn_market.h"
#include "tests/support/drawn_real_time.h"
#include "tests/support/market_build.h"

static const double near = 1e-5; /* MW, MWh */

/* One interval of one run, and what the resource was before it. */
struct look {
    const struct cleared *c;
    const struct outcome *o;
    const struct flex_outcome *flex;
    const char *run;
    int t, fives;
};

/* What a resource holds beside its energy, MW. */
struct held {
    double regulation_up, reserve, regulation_down, flex_up, flex_down;
};

static size_t at(const struct look *x, int r)
{
    return (size_t)x->t * (size_t)x->c->m.n_resource + (size_t)r;
}

static struct held held_by(const struct look *x, int r)
{
    const struct market *m = &x->c->m;
    struct held h = {.flex_up = x->flex->up_mw[at(x, r)],
                     .flex_down = x->flex->down_mw[at(x, r)]};
    for (int b = 0; b < m->n_service_bidder; b++) {
        double mw = x->o->service_mw[x->t * m->n_service_bidder + b];
        if (m->service_bidder[b].resource != r)
            continue;
        if (m->service_bidder[b].service == SERVICE_RU)
            h.regulation_up += mw;
        else if (m->service_bidder[b].service == SERVICE_RD)
            h.regulation_down += mw;
        else
            h.reserve += mw;
    }
    return h;
}

/* Least that is there in the interval, of what the run could know. */
static double available_mw(const struct look *x, int r)
{
    const struct market *m = &x->c->m;
    double least = m->resource[r].pmax_mw;
    for (int f = x->t * x->fives; f < (x->t + 1) * x->fives; f++) {
        size_t k = (size_t)f * (size_t)m->n_resource + (size_t)r;
        if (m->rt.known_from[k] <= x->t * x->fives)
            least = fmin(least, m->rt.available_mw[k]);
    }
    return least;
}

/* Whether it ran in the five minutes before; what it gave, which may be less than it was told. */
static bool before(const struct look *x, int r, double *mw)
{
    const struct market *m = &x->c->m;
    int f = x->t * x->fives - 1;
    size_t k = (size_t)f * (size_t)m->n_resource + (size_t)r;
    if (f < 0) {
        *mw = m->resource[r].initial_mw;
        return !isnan(*mw);
    }
    *mw = fmin(x->c->rt.rtd.award_mw[k], m->rt.available_mw[k]);
    return x->c->rt.rtd.on[k] && (*mw > x->c->rt.rtd.award_mw[k] - near ||
                                  *mw >= fmax(m->resource[r].pmin_mw, near));
}

static void check_range(const struct look *x, int r, double mw, const struct held *h)
{
    const struct resource *is = &x->c->m.resource[r];
    double up = h->regulation_up + h->reserve + h->flex_up;
    double down = h->regulation_down + h->flex_down;
    LAW(mw + up <= fmax(available_mw(x, r), is->pmin_mw) + near,
        "%s %d: %s gives %.9g and holds %.9g of %.9g MW", x->run, x->t, is->id, mw, up,
        available_mw(x, r));
    LAW(mw - down >= is->pmin_mw - near, "%s %d: %s gives %.9g less %.9g, Pmin %.9g",
        x->run, x->t, is->id, mw, down, is->pmin_mw);
}

static void check_ramp(const struct look *x, int r, double mw, const struct held *h)
{
    const struct resource *is = &x->c->m.resource[r];
    double minutes = 5 * x->fives, was;
    double deploy = is->ramp_up_mw_per_min * x->c->m.rules.as_deployment;
    LAW(h->flex_up <= minutes * is->ramp_up_mw_per_min + near,
        "%s %d: %s ramps %.9g MW up", x->run, x->t, is->id, h->flex_up);
    LAW(h->flex_down <= minutes * is->ramp_down_mw_per_min + near,
        "%s %d: %s ramps %.9g MW down", x->run, x->t, is->id, h->flex_down);
    LAW(h->regulation_up + h->reserve <= deploy + near, "%s %d: %s holds %.9g MW",
        x->run, x->t, is->id, h->regulation_up + h->reserve);
    if (!before(x, r, &was))
        return;
    LAW(mw - was <= minutes * is->ramp_up_mw_per_min + near,
        "%s %d: %s goes from %.9g to %.9g MW", x->run, x->t, is->id, was, mw);
    /* What an outage leaves may be less than a ramp down leads to. */
    LAW(was - mw <= minutes * is->ramp_down_mw_per_min + near ||
            available_mw(x, r) < was - minutes * is->ramp_down_mw_per_min,
        "%s %d: %s goes from %.9g to %.9g MW", x->run, x->t, is->id, was, mw);
}

/* Stored energy after the interval carries what is held; it was in bounds before. */
static void check_stored(const struct look *x, int r, const struct held *h)
{
    const struct market *m = &x->c->m;
    const struct resource *is = &m->resource[r];
    double hours = x->o->interval_h, stored = x->o->energy_mwh[at(x, r)];
    bool buys = x->fives == RT_FIVES_A_QUARTER;
    if (is->type != RESOURCE_STORAGE)
        return;
    double up = h->flex_up * hours, down = h->flex_down * hours;
    if (buys) {
        up += m->rules.as_rt_regulation_energy * h->regulation_up +
              m->rules.as_reserve_energy * h->reserve;
        down += m->rules.as_rt_regulation_energy * h->regulation_down;
    }
    LAW(stored - up / is->discharge_efficiency >= is->energy_min_mwh - near,
        "%s %d: %s has %.9g MWh for %.9g", x->run, x->t, is->id, stored, up);
    LAW(stored + down * is->charge_efficiency <= is->energy_max_mwh + near,
        "%s %d: %s has %.9g MWh and room for %.9g", x->run, x->t, is->id, stored, down);
}

/* A limit of the resource itself that gave way is reported. */
static bool gave_way(const struct look *x, int r)
{
    for (int k = 0; k < x->o->n_relaxation; k++)
        if (x->o->relaxation[k].interval == x->t && x->o->relaxation[k].owner == r)
            return true;
    return false;
}

static int n_service, n_flex, n_store;

static void check_run(const struct cleared *c, const struct outcome *o,
                      const struct flex_outcome *flex, const char *run, int fives)
{
    const struct market *m = &c->m;
    for (int t = 0; t < o->n_interval; t++)
        for (int r = 0; r < m->n_resource; r++) {
            struct look x = {c, o, flex, run, t, fives};
            double mw = o->award_mw[at(&x, r)];
            struct held h = held_by(&x, r);
            if (resource_type_withdraws(m->resource[r].type) ||
                m->resource[r].type == RESOURCE_IMPORT)
                continue;
            if (!o->on[at(&x, r)]) {
                LAW(fabs(mw) + h.reserve + h.regulation_up + h.regulation_down +
                            h.flex_up + h.flex_down <
                        near,
                    "%s %d: %s is off and gives %.9g MW", run, t, m->resource[r].id,
                    mw);
                continue;
            }
            if (gave_way(&x, r))
                continue;
            check_range(&x, r, mw, &h);
            check_ramp(&x, r, mw, &h);
            check_stored(&x, r, &h);
            n_service += h.reserve + h.regulation_up + h.regulation_down > 1;
            n_flex += h.flex_up + h.flex_down > 1;
            n_store += m->resource[r].type == RESOURCE_STORAGE && h.reserve > 0.1;
        }
}

Test(prop_deliverable, all_that_real_time_awards_can_be_had_at_once)
{
    n_service = n_flex = n_store = 0;
    FOR_SEEDS(seed, 24)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        cleared_make(drawn_service_day(&d), &c);
        check_run(&c, &c.rt.fmm, &c.rt.fmm_flex, "quarter", RT_FIVES_A_QUARTER);
        check_run(&c, &c.rt.rtd, &c.rt.rtd_flex, "five", 1);
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n_service, 100);
    cr_assert_gt(n_flex, 100);
    cr_assert_gt(n_store, 10);
}
