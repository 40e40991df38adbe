/* commit_scenario_store.c - what a scenario says of a store, and what it cannot say. */
#include "sim/app/commit_scenario_store.h"

#include <math.h>

double commit_store_usd(const struct commit_problem *p, const int32_t *curve, int32_t t)
{
    return curve ? p->curve[curve[t]].cost_usd_per_mwh[0] : 0;
}

double commit_store_most_mw(const double *rate_mw, int32_t n_interval)
{
    double most = 0;
    for (int32_t t = 0; t < n_interval; t++)
        most = fmax(most, rate_mw[t]);
    return most;
}

static bool differ(double a, double b)
{
    return fabs(a - b) > 1e-9;
}

const char *commit_store_fault(const struct commit_problem *p,
                               const struct commit_store *s, int32_t n_interval,
                               int32_t n_day)
{
    const int32_t last = n_interval - 1;
    for (int32_t t = 0; t <= last; t++) {
        if ((s->charge_min_mw && s->charge_min_mw[t] > 0) ||
            (s->discharge_min_mw && s->discharge_min_mw[t] > 0))
            return "least rates of charging or discharging";
        if (commit_store_keeps(s, t) < 1)
            return "energy that is lost as time passes";
        if (differ(s->charge_efficiency[t], s->charge_efficiency[0]) ||
            differ(s->discharge_efficiency[t], s->discharge_efficiency[0]))
            return "efficiencies that vary in time";
    }
    if (s->first_mwh < s->least_mwh[0] || s->first_mwh > s->most_mwh[0])
        return "energy before the first hour that it may not hold after it";
    for (int32_t t = 1; t <= last; t++)
        if (differ(s->most_mwh[t], s->most_mwh[0]) ||
            (t < last && differ(s->least_mwh[t], s->least_mwh[0])))
            return "limits of energy that vary in time";
    if (s->least_mwh[last] < s->least_mwh[0] ||
        (n_day > 1 && differ(s->least_mwh[last], s->least_mwh[0])))
        return "energy to keep at the end of the last of several days";
    for (int32_t t = 0; t <= last; t++)
        if (commit_store_usd(p, s->charge_curve, t) +
                commit_store_usd(p, s->discharge_curve, t) <
            0)
            return "money for charging and discharging at once";
    return NULL;
}

void commit_store_cells(const struct commit_store *s, int32_t n_interval, FILE *out)
{
    const int32_t last = n_interval - 1;
    (void)fprintf(out, ",%.12g,%.12g,%.12g,%.12g,%.12g,", s->least_mwh[0],
                  s->most_mwh[0], s->charge_efficiency[0], s->discharge_efficiency[0],
                  s->first_mwh);
    if (differ(s->least_mwh[last], s->least_mwh[0]))
        (void)fprintf(out, "%.12g", s->least_mwh[last]);
}
