/* commit_scenario_days.c - what a scenario can tell of an instance, and for how many days. */
#include <math.h>

#include "sim/app/commit_scenario.h"
#include "sim/app/commit_scenario_store.h"

enum {
    HOURS = 24,
    MOST_STARTS = 3
};

static const double min_per_h = 60;

static const char *fault_of_unit(const struct commit_unit *u, int32_t n_interval)
{
    if (u->n_start > MOST_STARTS)
        return "more than three start categories";
    if (u->n_config > 0)
        return "two kinds of fuel";
    if (u->least_mw)
        return "limits of power by period";
    if (u->free_ends && (fmin(u->max_mw, u->start_max_mw) - u->min_mw > u->ramp_up_mw ||
                         fmin(u->max_mw, u->stop_max_mw) - u->min_mw > u->ramp_down_mw))
        return "starts or stops beyond its ramps";
    if (u->stop_cost_usd > 0)
        return "a cost of stopping";
    for (int32_t t = 1; t < n_interval; t++)
        if (fabs(u->min_cost_usd_per_h[t] - u->min_cost_usd_per_h[0]) > 1e-9)
            return "a cost at minimum power that varies in time";
    return NULL;
}

static const char *fault_of_other(const struct commit_other *o, int32_t n_interval)
{
    bool gives = false, takes = false;
    for (int32_t t = 0; t < n_interval; t++) {
        gives = gives || o->max_mw[t] > 0;
        takes = takes || o->min_mw[t] < 0;
    }
    return gives && takes ? "power of either sign" : NULL;
}

static const char *fault_of_load(const struct commit_case *c)
{
    const struct commit_problem *p = &c->problem;
    int32_t n = c->has_network ? c->network.n_bus : 1;
    const double *load = c->has_network ? p->bus_load_mw : p->load_mw;
    for (size_t k = 0; k < (size_t)p->n_interval * (size_t)n; k++)
        if (load[k] < 0)
            return "a load below zero";
    return NULL;
}

enum err_code commit_scenario_days(const struct commit_case *c, int32_t days,
                                   int32_t *n_day, struct err *err)
{
    const struct commit_problem *p = &c->problem;
    const char *what = fault_of_load(c);
    *n_day = p->n_interval / HOURS < days ? p->n_interval / HOURS : days;
    if (p->service)
        return err_set(err, ERR_INPUT,
                       "services that share ramps over two hours; a scenario has none");
    if (fabs(p->interval_h - 1) > 1e-9)
        return err_set(err, ERR_INPUT, "intervals of %g min; expected 60",
                       p->interval_h * min_per_h);
    if (*n_day < 1)
        return err_set(err, ERR_INPUT, "an instance of %d h; expected a day at least",
                       p->n_interval);
    if (p->n_requirement > 1)
        return err_set(err, ERR_INPUT, "%d reserve requirements; expected one at most",
                       p->n_requirement);
    if (p->n_limit > 0)
        return err_set(err, ERR_INPUT,
                       "limits on sums or fuel, such as %s; a scenario has none",
                       c->limit_id[0]);
    if (what)
        return err_set(err, ERR_INPUT, "%s; a scenario has none", what);
    for (int32_t g = 0; g < p->n_unit; g++)
        if ((what =
                 p->unit[g].store
                     ? commit_store_fault(p, p->unit[g].store, *n_day * HOURS, *n_day)
                     : fault_of_unit(&p->unit[g], p->n_interval)) != NULL)
            return err_set(err, ERR_INPUT, "%s has %s; a scenario has none",
                           c->unit_id[g], what);
    for (int32_t o = 0; o < p->n_other; o++)
        if ((what = fault_of_other(&p->other[o], p->n_interval)) != NULL)
            return err_set(err, ERR_INPUT, "%s has %s; a scenario has none",
                           c->other_id[o], what);
    return ERR_OK;
}
