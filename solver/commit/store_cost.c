/* store_cost.c - what a store may do in an interval, what it keeps and what that costs. */
#include <math.h>

#include "solver/commit/unit_schedule.h"

/* Energy that misses a limit by no more has not missed it, of the greatest limit. */
static const double MISSED_MWH = 1e-9;

/* ---- ways -------------------------------------------------------------------------------- */

static double least_mw(const struct commit_store *s, int32_t way, int32_t t)
{
    const double *least = way == STORE_CHARGES ? s->charge_min_mw : s->discharge_min_mw;
    return least ? least[t] : 0;
}

/* The rates that can be, and those of them that may as well be open, as they begin at 0. */
static void list_open(const struct commit_store *s, int32_t t, int32_t *can,
                      int32_t *free)
{
    *can = *free = 0;
    for (int32_t way = STORE_CHARGES; way <= STORE_DISCHARGES; way++) {
        const double least = least_mw(s, way, t);
        const double most =
            way == STORE_CHARGES ? s->charge_max_mw[t] : s->discharge_max_mw[t];
        if (most <= 0 || most < least)
            continue;
        *can |= way;
        *free |= least > 0 ? 0 : way;
    }
}

int32_t store_ways(const struct commit_problem *p, const struct commit_store *s,
                   int32_t t, int32_t *way)
{
    const bool apart = s->one_way && s->one_way[t] &&
                       (p->ways_decided || least_mw(s, STORE_CHARGES, t) > 0 ||
                        least_mw(s, STORE_DISCHARGES, t) > 0);
    int32_t can, free, n = 0;
    list_open(s, t, &can, &free);
    for (int32_t w = 0; w <= STORE_BOTH; w++) {
        bool wider = false;
        for (int32_t k = STORE_CHARGES; k <= STORE_DISCHARGES; k++)
            wider = wider || ((free & ~w & k) && !(apart && (w | k) == STORE_BOTH));
        if (!wider && !(w & ~can) && !(apart && w == STORE_BOTH))
            way[n++] = w;
    }
    return n;
}

bool store_decides(const struct commit_problem *p, const struct commit_store *s)
{
    int32_t way[STORE_WAYS];
    for (int32_t t = 0;
         t < p->n_interval && (s->one_way || s->charge_min_mw || s->discharge_min_mw);
         t++)
        if (store_ways(p, s, t, way) > 1)
            return true;
    return false;
}

int32_t store_way(const struct commit_problem *p, const struct commit_store *s,
                  const struct interval_set *on, int32_t t)
{
    int32_t way[STORE_WAYS], taken = 0;
    if (store_ways(p, s, t, way) == 1)
        return way[0];
    for (int32_t k = STORE_CHARGES; k <= STORE_DISCHARGES; k++) {
        const int32_t fact = store_fact(p, k, t);
        if (on->word[fact / 64] >> (fact % 64) & 1)
            taken |= k;
    }
    return taken;
}

struct store_rates store_rates(const struct commit_store *s, int32_t way, int32_t t)
{
    struct store_rates r = {0};
    if (way & STORE_CHARGES) {
        r.charge_min_mw = least_mw(s, STORE_CHARGES, t);
        r.charge_max_mw = s->charge_max_mw[t];
    }
    if (way & STORE_DISCHARGES) {
        r.discharge_min_mw = least_mw(s, STORE_DISCHARGES, t);
        r.discharge_max_mw = s->discharge_max_mw[t];
    }
    return r;
}

/* ---- energy ------------------------------------------------------------------------------ */

double store_energy_mwh(const struct commit_problem *p, const struct commit_store *s,
                        const double *power_mw, const double *charge_mw, int32_t t)
{
    double mwh = s->first_mwh;
    for (int32_t k = 0; k <= t; k++)
        mwh =
            commit_store_keeps(s, k) * mwh +
            p->interval_h * (s->charge_efficiency[k] * charge_mw[k] -
                             (power_mw[k] + charge_mw[k]) / s->discharge_efficiency[k]);
    return mwh;
}

/* What is kept from interval `from` on stays at or below the most. */
static bool fits(const struct commit_problem *p, const struct commit_store *s,
                 const double *power_mw, const double *charge_mw, int32_t from)
{
    for (int32_t t = from; t < p->n_interval; t++)
        if (store_energy_mwh(p, s, power_mw, charge_mw, t) >
            s->most_mwh[t] + MISSED_MWH * fmax(1, fabs(s->most_mwh[t])))
            return false;
    return true;
}

void store_net(const struct commit_problem *p, const struct commit_store *s,
               const double *power_mw, double *charge_mw)
{
    for (int32_t t = 0; t < p->n_interval && s->one_way; t++) {
        const double before = charge_mw[t], net = fmax(0, -power_mw[t]);
        if (!s->one_way[t] || before <= net)
            continue;
        charge_mw[t] = net;
        if (!fits(p, s, power_mw, charge_mw, t))
            charge_mw[t] = before;
    }
}

/* ---- money -------------------------------------------------------------------------------- */

static double curve_usd_per_h(const struct commit_curve *c, double mw)
{
    double usd_per_h = 0;
    for (int32_t k = 0; mw > 0 && c; k++) {
        const double part = k + 1 < c->n_segment ? fmin(mw, c->width_mw[k]) : mw;
        usd_per_h += part * c->cost_usd_per_mwh[k];
        mw -= part;
    }
    return usd_per_h;
}

double store_cost(const struct commit_problem *p, const struct commit_unit *u,
                  const double *power_mw, const double *charge_mw)
{
    const struct commit_store *s = u->store;
    const int32_t last = p->n_interval - 1;
    double usd_per_h = 0;
    for (int32_t t = 0; t <= last; t++)
        usd_per_h += curve_usd_per_h(store_curve(p, s->charge_curve, t), charge_mw[t]) +
                     curve_usd_per_h(store_curve(p, s->discharge_curve, t),
                                     power_mw[t] + charge_mw[t]);
    return p->interval_h * usd_per_h -
           s->worth_usd_per_mwh * store_energy_mwh(p, s, power_mw, charge_mw, last);
}

double store_dearest_usd(const struct commit_problem *p, const struct commit_unit *u)
{
    const struct commit_store *s = u->store;
    double most = fabs(s->worth_usd_per_mwh);
    for (int32_t t = 0; t < p->n_interval; t++)
        for (int side = 0; side < 2; side++) {
            const struct commit_curve *c =
                store_curve(p, side ? s->charge_curve : s->discharge_curve, t);
            for (int32_t k = 0; c && k < c->n_segment; k++)
                most = fmax(most, fabs(c->cost_usd_per_mwh[k]));
        }
    return p->interval_h * most;
}
