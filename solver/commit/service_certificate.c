/*
 * service_certificate.c - the rows of service.h of one unit in one interval, from the MW
 * that an answer states.
 */
#include <math.h>

#include "solver/commit/service.h"

/* What the unit does in an interval; before the first it is what the problem says. */
struct state {
    bool on, known; /* known: its services are */
    double above_mw;
    double least_mw, most_mw; /* while on */
    const double *held;       /* [COMMIT_PRODUCTS], if known */
};

static struct state state_of(const struct commit_problem *p,
                             const struct commit_answer *a, int32_t t, int32_t g)
{
    const struct commit_unit *u = &p->unit[g];
    if (t < 0)
        return (struct state){.on = u->on_before,
                              .above_mw = u->on_before ? u->mw_before - u->min_mw : 0,
                              .least_mw = u->min_mw};
    const size_t at = (size_t)t * (size_t)p->n_unit + (size_t)g;
    const bool on = a->on[at] != 0;
    return (struct state){on,
                          true,
                          a->power_mw[at] - (on ? u->min_mw : 0),
                          commit_least_mw(u, t),
                          commit_most_mw(u, t),
                          a->reserve_mw + at * COMMIT_PRODUCTS};
}

struct worst {
    double mw;
    const char *rule;
};

static void keep(struct worst *w, double by_mw, const char *rule)
{
    if (!(by_mw <= w->mw)) {
        w->mw = by_mw;
        w->rule = rule;
    }
}

/* MW of power that the service takes of a whole interval's ramp. */
static double of_ramp(const struct commit_problem *p, int product, double mw)
{
    static const double min_per_h = 60;
    return mw * min_per_h * p->interval_h / service_minutes[product];
}

/* Services that are averaged with those of the interval before; while off only what the
 * interval before held. */
static double averaged(const struct commit_problem *p, const struct state *now,
                       const struct state *then, int product)
{
    const double mw = now->on ? now->held[product] : 0;
    if (!then->known)
        return of_ramp(p, product, mw);
    return of_ramp(p, product, (mw + (then->on ? then->held[product] : 0)) / 2);
}

static void check_ramps(const struct commit_problem *p, const struct commit_unit *u,
                        const struct state *now, const struct state *then,
                        struct worst *w)
{
    const double *held = now->held;
    const double rise = now->above_mw - then->above_mw + held[SERVICE_RESERVE] +
                        of_ramp(p, SERVICE_FLEX_UP, held[SERVICE_FLEX_UP]) +
                        averaged(p, now, then, SERVICE_REGULATION_UP) +
                        averaged(p, now, then, SERVICE_SPIN) +
                        averaged(p, now, then, SERVICE_SUPPLEMENTAL);
    const double fall = then->above_mw - now->above_mw +
                        of_ramp(p, SERVICE_FLEX_DOWN, held[SERVICE_FLEX_DOWN]) +
                        averaged(p, now, then, SERVICE_REGULATION_DOWN);
    double most_up = now->on ? u->ramp_up_mw : 0,
           most_down = then->on ? u->ramp_down_mw : 0;
    if (now->on && !then->on) {
        most_up = u->start_max_mw - u->min_mw;
        most_down = u->min_mw - now->least_mw;
    }
    if (then->on && !now->on) {
        most_down = u->stop_max_mw - u->min_mw;
        most_up = u->min_mw - then->least_mw;
    }
    keep(w, rise - most_up, "ramp up with services");
    keep(w, fall - most_down, "ramp down with services");
}

static void check_on(const struct commit_service *v, const struct commit_unit *u,
                     const struct state *now, bool regulates, struct worst *w)
{
    const double *held = now->held;
    const double up = held[SERVICE_REGULATION_UP], down = held[SERVICE_REGULATION_DOWN];
    const double spin = up + held[SERVICE_SPIN];
    const double slow = spin + held[SERVICE_SUPPLEMENTAL];
    const double power = u->min_mw + now->above_mw;
    keep(w,
         power + held[SERVICE_RESERVE] + held[SERVICE_FLEX_UP] + slow -
             (regulates ? v->high_mw : now->most_mw),
         "highest power with services");
    keep(w,
         (regulates ? v->low_mw : now->least_mw) -
             (power - held[SERVICE_FLEX_DOWN] - down),
         "lowest power with services");
    keep(w, up - (regulates ? v->regulation_up_mw : 0), "regulation up");
    keep(w, down - (regulates ? v->regulation_down_mw : 0), "regulation down");
    keep(w, spin - v->spin_mw, "spinning reserve");
    keep(w, slow - v->supplemental_mw, "supplemental reserve");
    keep(w, held[SERVICE_FLEX_UP] - v->flex_up_mw, "flexible ramp up");
    keep(w, held[SERVICE_FLEX_DOWN] - v->flex_down_mw, "flexible ramp down");
    keep(w, held[SERVICE_NON_SPIN], "non-spinning reserve while on");
}

static void check_off(const struct commit_service *v, const struct state *now,
                      bool regulates, struct worst *w)
{
    const double *held = now->held;
    const double cold = held[SERVICE_NON_SPIN], slow = held[SERVICE_SUPPLEMENTAL];
    for (int k = 0; k < SERVICE_PRODUCTS; k++)
        if (k != SERVICE_NON_SPIN && k != SERVICE_SUPPLEMENTAL)
            keep(w, held[k], "services while off");
    keep(w, cold - v->non_spin_off_mw, "non-spinning reserve");
    keep(w, slow - v->supplemental_off_mw, "supplemental reserve while off");
    if (v->supplemental_off_mw > 0)
        keep(w, slow + cold - v->supplemental_off_mw, "supplemental reserve while off");
    if (regulates)
        keep(w, INFINITY, "regulation while off");
}

double service_violation(const struct commit_problem *p, const struct commit_answer *a,
                         int32_t t, int32_t g, const char **rule)
{
    const struct commit_unit *u = &p->unit[g];
    const struct state now = state_of(p, a, t, g), then = state_of(p, a, t - 1, g);
    const bool regulates = a->regulates[(size_t)t * (size_t)p->n_unit + (size_t)g] != 0;
    struct worst w = {0, NULL};
    for (int k = 0; k < SERVICE_PRODUCTS; k++)
        keep(&w, -now.held[k], "service below zero");
    bool offered = false;
    for (int32_t o = 0; o < u->n_offer; o++)
        offered = offered || u->offer[o].product == SERVICE_RESERVE;
    if (!offered)
        keep(&w, now.held[SERVICE_RESERVE], "reserve without offer");
    if (now.on)
        check_on(&p->service[g], u, &now, regulates, &w);
    else
        check_off(&p->service[g], &now, regulates, &w);
    check_ramps(p, u, &now, &then, &w);
    *rule = w.rule;
    return w.mw;
}
