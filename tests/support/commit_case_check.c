/* commit_case_check.c - the promises of commit.h about a problem, one by one. */
#include "tests/support/commit_case_check.h"

#include <math.h>
#include <string.h>

#include "solver/commit/unit_schedule.h"

#define PROMISE(holds) \
 do {                  \
  if (!(holds))        \
   return #holds;      \
 } while (0)

static const char *curve_broken(const struct commit_curve *c, double span_mw)
{
    double width_mw = 0;
    for (int32_t s = 0; s < c->n_segment; s++) {
        PROMISE(c->width_mw[s] > 0 && isfinite(c->cost_usd_per_mwh[s]));
        PROMISE(s == 0 || c->cost_usd_per_mwh[s] >= c->cost_usd_per_mwh[s - 1]);
        width_mw += c->width_mw[s];
    }
    PROMISE(width_mw >= span_mw);
    return NULL;
}

static const char *store_broken(const struct commit_problem *p,
                                const struct commit_store *s)
{
    PROMISE(isfinite(s->first_mwh));
    PROMISE(!store_decides(p, s) || STORE_FACTS * p->n_interval <= COMMIT_FACTS);
    for (int32_t t = 0; t < p->n_interval; t++) {
        PROMISE(s->charge_efficiency[t] > 0 && s->charge_efficiency[t] <= 1);
        PROMISE(s->discharge_efficiency[t] > 0 && s->discharge_efficiency[t] <= 1);
        PROMISE(!s->charge_min_mw || s->charge_min_mw[t] >= 0);
        PROMISE(!s->discharge_min_mw || s->discharge_min_mw[t] >= 0);
        PROMISE(!s->loss || (s->loss[t] >= 0 && s->loss[t] < 1));
        PROMISE(s->charge_max_mw[t] >= 0 && s->discharge_max_mw[t] >= 0);
        PROMISE(s->least_mwh[t] <= s->most_mwh[t] && isfinite(s->most_mwh[t]));
        for (int side = 0; side < 2; side++) {
            const int32_t *curve = side ? s->charge_curve : s->discharge_curve;
            PROMISE(!curve || (curve[t] >= 0 && curve[t] < p->n_curve));
            const char *broken = curve ? curve_broken(&p->curve[curve[t]], 0) : NULL;
            PROMISE(broken == NULL);
        }
    }
    return NULL;
}

static const char *unit_broken(const struct commit_case *c, const struct commit_unit *u)
{
    const struct commit_problem *p = &c->problem;
    for (int32_t k = 0; k < u->n_bus; k++)
        PROMISE(u->bus[k] >= 0 && u->bus[k] < c->network.n_bus);
    if (u->store)
        return store_broken(p, u->store);
    PROMISE(u->min_mw >= 0 && u->min_mw <= u->max_mw && isfinite(u->max_mw));
    PROMISE(u->ramp_up_mw >= 0 && u->ramp_down_mw >= 0);
    PROMISE(u->min_up >= 1 && u->min_down >= 1 && u->age_before >= 1);
    PROMISE(u->on_before ? u->mw_before >= u->min_mw && u->mw_before <= u->max_mw
                         : fabs(u->mw_before) <= 0);
    PROMISE(u->n_start == 0 || u->start[0].lag <= u->min_down);
    for (int32_t s = 1; s < u->n_start; s++)
        PROMISE(u->start[s].lag > u->start[s - 1].lag &&
                u->start[s].cost_usd >= u->start[s - 1].cost_usd);
    for (int32_t k = 0; k < u->n_offer; k++)
        PROMISE(u->offer[k].product >= 0 && u->offer[k].product < c->n_product);
    for (int32_t t = 0; t < p->n_interval; t++) {
        PROMISE(u->curve[t] >= 0 && u->curve[t] < p->n_curve);
        PROMISE(isfinite(u->min_cost_usd_per_h[t]));
        PROMISE(!u->status || u->status[t] <= COMMIT_OFF);
        PROMISE(!u->least_mw == !u->most_mw);
        PROMISE(!u->least_mw ||
                (u->min_mw <= u->least_mw[t] && u->least_mw[t] <= u->most_mw[t] &&
                 u->most_mw[t] <= u->max_mw && u->n_config == 0));
        const char *broken =
            curve_broken(&p->curve[u->curve[t]], u->max_mw - u->min_mw);
        PROMISE(broken == NULL);
    }
    return NULL;
}

static const char *system_broken(const struct commit_case *c)
{
    const struct commit_problem *p = &c->problem;
    for (int32_t k = 0; k < p->n_other; k++)
        for (int32_t t = 0; t < p->n_interval; t++)
            PROMISE(p->other[k].min_mw[t] <= p->other[k].max_mw[t]);
    for (int32_t q = 0; q < p->n_requirement; q++)
        for (int32_t t = 0; t < p->n_interval; t++)
            PROMISE(p->requirement[q].need_mw[t] >= 0);
    for (int32_t k = 0; k < p->n_limit; k++) {
        PROMISE(p->limit[k].usd_per_mwh >= 0 && c->limit_id[k]);
        PROMISE(p->limit[k].n_branch == 0 || c->has_network);
        for (int32_t i = 0; i < p->limit[k].n_branch; i++)
            PROMISE(p->limit[k].branch[i] >= 0 &&
                    p->limit[k].branch[i] < c->network.n_branch);
        for (int32_t t = 0; t < p->n_interval; t++)
            PROMISE(p->limit[k].min_mw[t] <= p->limit[k].max_mw[t]);
    }
    for (int32_t t = 0; t < p->n_interval; t++) {
        double load_mw = 0;
        for (int32_t b = 0; p->bus_load_mw && b < c->network.n_bus; b++)
            load_mw += p->bus_load_mw[t * c->network.n_bus + b];
        PROMISE(isfinite(p->load_mw[t]));
        PROMISE(!p->bus_load_mw ||
                fabs(load_mw - p->load_mw[t]) <= 1e-9 * (1 + fabs(load_mw)));
    }
    for (int32_t l = 0; l < c->network.n_branch; l++)
        PROMISE(c->network.from[l] >= 0 && c->network.from[l] < c->network.n_bus &&
                c->network.to[l] >= 0 && c->network.to[l] < c->network.n_bus &&
                c->network.flow_min_mw[l] <= c->network.flow_max_mw[l]);
    return NULL;
}

const char *commit_case_broken(const struct commit_case *c)
{
    const struct commit_problem *p = &c->problem;
    PROMISE(p->n_interval >= 1 && p->n_interval <= COMMIT_INTERVALS);
    PROMISE(p->interval_h > 0 && p->interval_h <= 24);
    for (int32_t g = 0; g < p->n_unit; g++) {
        PROMISE(g == 0 || strcmp(c->unit_id[g - 1], c->unit_id[g]) != 0);
        const char *broken = unit_broken(c, &p->unit[g]);
        if (broken)
            return broken;
    }
    return system_broken(c);
}
