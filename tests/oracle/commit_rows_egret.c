/*
 * commit_rows_egret.c - Egret's rows of ancillary services, in the form and order of its
 * own services model: binaries and coefficients, no cases. The index in brackets counts
 * from 1 as the model does.
 */
#include <math.h>

#include "tests/oracle/commit_rows.h"

enum {
    REG_MIN = 5,
    SPIN_MIN = 10,
    SUPP_MIN = 30,
    FLEX_MIN = 20
};

static double held(const struct commit_table *t, int32_t g, int32_t i, int k)
{
    const size_t n = (size_t)t->c->problem.n_unit;
    return t->a
        ->reserve_mw[((size_t)(i - 1) * n + (size_t)g) * COMMIT_PRODUCTS + (size_t)k];
}

/* What is held while on, or while off, of the product that units may hold either way. */
static double supplemental(const struct commit_table *t, int32_t g, int32_t i, bool on)
{
    return commit_rows_on(t, g, i) == on ? held(t, g, i, SERVICE_SUPPLEMENTAL) : 0;
}

/* MinimumPowerOutput and MaximumPowerOutput; of power before the first period 0. */
static double p_min(const struct commit_table *t, int32_t g, int32_t i)
{
    const struct commit_unit *u = &t->c->problem.unit[g];
    return i < 1 ? 0 : u->least_mw ? u->least_mw[i - 1] : u->min_mw;
}

static double p_max(const struct commit_table *t, int32_t g, int32_t i)
{
    const struct commit_unit *u = &t->c->problem.unit[g];
    return u->most_mw ? u->most_mw[i - 1] : u->max_mw;
}

/* PowerGeneratedAboveMinimum, PowerGeneratedT0 before the first period. */
static double above(const struct commit_table *t, int32_t g, int32_t i)
{
    return commit_rows_power(t, g, i) - p_min(t, g, i) * commit_rows_on(t, g, i);
}

static int starts(const struct commit_table *t, int32_t g, int32_t i)
{
    return commit_rows_on(t, g, i) > commit_rows_on(t, g, i - 1);
}

static int stops(const struct commit_table *t, int32_t g, int32_t i)
{
    return commit_rows_on(t, g, i) < commit_rows_on(t, g, i - 1);
}

static void capacity_rows(const struct commit_table *t, int32_t g, int32_t i)
{
    const struct commit_problem *p = &t->c->problem;
    const struct commit_unit *u = &p->unit[g];
    const struct commit_service *s = &p->service[g];
    const int on = commit_rows_on(t, g, i),
              reg = t->a->regulates[(size_t)(i - 1) * (size_t)p->n_unit + (size_t)g];
    const double x = above(t, g, i), r = held(t, g, i, SERVICE_RESERVE);
    const double up = held(t, g, i, SERVICE_REGULATION_UP),
                 down = held(t, g, i, SERVICE_REGULATION_DOWN),
                 spin = held(t, g, i, SERVICE_SPIN),
                 off = held(t, g, i, SERVICE_NON_SPIN),
                 flex_up = held(t, g, i, SERVICE_FLEX_UP),
                 flex_down = held(t, g, i, SERVICE_FLEX_DOWN),
                 slow = supplemental(t, g, i, true),
                 cold = supplemental(t, g, i, false);
    commit_row_most(t, "CapacityLimitUpper", g, i,
                    commit_rows_power(t, g, i) + r + flex_up + up + spin + slow,
                    p_max(t, g, i) * on - (p_max(t, g, i) - s->high_mw) * reg);
    commit_row_most(t, "CapacityLimitLower", g, i, (s->low_mw - p_min(t, g, i)) * reg,
                    x - flex_down - down);
    commit_row_logic(t, "RegulationOnWhenUnitOn", g, i, reg <= on);
    commit_row_most(t, "RegulationUpBound", g, i, up, s->regulation_up_mw * reg);
    commit_row_most(t, "RegulationDnBound", g, i, down, s->regulation_down_mw * reg);
    commit_row_most(t, "SpinningReserveAvailable", g, i, up + spin, s->spin_mw * on);
    commit_row_most(t, "SupplementalSpin", g, i, up + spin + slow,
                    s->supplemental_mw * on);
    commit_row_most(t, "FlexUpLimit", g, i, flex_up, s->flex_up_mw * on);
    commit_row_most(t, "FlexDnLimit", g, i, flex_down, s->flex_down_mw * on);
    commit_row_most(t, "NonSpinningLimit", g, i, off, s->non_spin_off_mw * (1 - on));
    commit_row_most(t, "SupplementalNonSpin", g, i, cold,
                    s->supplemental_off_mw * (1 - on));
    if (s->supplemental_off_mw > 0)
        commit_row_most(t, "SupplementalNonSpin", g, i, cold + off,
                        s->supplemental_off_mw * (1 - on));
    for (int k = 0; k < SERVICE_PRODUCTS; k++)
        commit_row_most(t, "NonNegative", g, i, 0, held(t, g, i, k));
    commit_row_most(t, "ReserveAvailable", g, i, x + r,
                    (p_max(t, g, i) - p_min(t, g, i)) * on -
                        fmax(p_max(t, g, i) - u->start_max_mw, 0) * starts(t, g, i));
    if (i < p->n_interval)
        commit_row_most(t, "ReserveAvailable", g, i, x + r,
                        (p_max(t, g, i) - p_min(t, g, i)) * on -
                            fmax(p_max(t, g, i) - u->stop_max_mw, 0) *
                                stops(t, g, i + 1));
}

/* Of a service, in whole intervals of ramp: averaged with the interval before. */
static double ramp_of(const struct commit_table *t, int32_t g, int32_t i, int k,
                      double within_min)
{
    const double scale = 60 * t->c->problem.interval_h / within_min;
    double now = held(t, g, i, k), then = i > 1 ? held(t, g, i - 1, k) : 0;
    if (k == SERVICE_SUPPLEMENTAL) {
        now = supplemental(t, g, i, true);
        then = i > 1 ? supplemental(t, g, i - 1, true) : 0;
    }
    return i > 1 ? scale * (now + then) / 2 : scale * now;
}

static void ramp_rows(const struct commit_table *t, int32_t g, int32_t i)
{
    const struct commit_unit *u = &t->c->problem.unit[g];
    const double flex = 60 * t->c->problem.interval_h / FLEX_MIN;
    commit_row_most(
        t, "RampUpLimit", g, i,
        above(t, g, i) + held(t, g, i, SERVICE_RESERVE) - above(t, g, i - 1) +
            ramp_of(t, g, i, SERVICE_REGULATION_UP, REG_MIN) +
            ramp_of(t, g, i, SERVICE_SPIN, SPIN_MIN) +
            ramp_of(t, g, i, SERVICE_SUPPLEMENTAL, SUPP_MIN) +
            flex * held(t, g, i, SERVICE_FLEX_UP),
        (u->ramp_up_mw + p_min(t, g, i - 1) - p_min(t, g, i)) *
                commit_rows_on(t, g, i) +
            (u->start_max_mw - p_min(t, g, i - 1) - u->ramp_up_mw) * starts(t, g, i));
    commit_row_most(t, "RampDnLimit", g, i,
                    above(t, g, i - 1) - above(t, g, i) +
                        ramp_of(t, g, i, SERVICE_REGULATION_DOWN, REG_MIN) +
                        flex * held(t, g, i, SERVICE_FLEX_DOWN),
                    (u->ramp_down_mw + p_min(t, g, i) - p_min(t, g, i - 1)) *
                            commit_rows_on(t, g, i - 1) +
                        (u->stop_max_mw - p_min(t, g, i) - u->ramp_down_mw) *
                            stops(t, g, i));
}

/* Times, and the cost of starts by the true time off. */
static void state_rows(const struct commit_table *t, int32_t g)
{
    const struct commit_unit *u = &t->c->problem.unit[g];
    int32_t age = u->age_before;
    for (int32_t i = 1; i <= t->c->problem.n_interval; i++) {
        double cost = 0;
        if (starts(t, g, i)) {
            commit_row_logic(t, "DownTime", g, i, age >= u->min_down);
            for (int32_t k = 0; k < u->n_start; k++)
                if (k == 0 || age >= u->start[k].lag)
                    cost = u->start[k].cost_usd;
        }
        if (stops(t, g, i)) {
            commit_row_logic(t, "UpTime", g, i, age >= u->min_up);
            cost = u->stop_cost_usd;
        }
        if (u->status)
            commit_row_logic(t, "FixedCommitment", g, i,
                             u->status[i - 1] == COMMIT_FREE ||
                                 (u->status[i - 1] == COMMIT_ON) ==
                                     (commit_rows_on(t, g, i) != 0));
        t->out->cost_usd += cost;
        age = starts(t, g, i) || stops(t, g, i) ? 1 : age + 1;
    }
}

static void production(const struct commit_table *t, int32_t g, int32_t i)
{
    const struct commit_problem *p = &t->c->problem;
    const struct commit_unit *u = &p->unit[g];
    const struct commit_curve *curve = &p->curve[u->curve[i - 1]];
    double left = commit_rows_power(t, g, i) - u->min_mw, cost = 0;
    if (!commit_rows_on(t, g, i)) {
        commit_row_equal(t, "PowerWhileOff", g, i, above(t, g, i), 0);
        return;
    }
    commit_row_most(t, "PowerGeneratedAboveMinimum", g, i, 0, above(t, g, i));
    for (int32_t k = 0; k < curve->n_segment; k++) {
        const double part = fmin(fmax(left, 0), curve->width_mw[k]);
        cost += part * curve->cost_usd_per_mwh[k];
        left -= part;
    }
    t->out->cost_usd += p->interval_h * (u->min_cost_usd_per_h[i - 1] + cost);
}

static void system_rows(const struct commit_table *t, int32_t i)
{
    const struct commit_problem *p = &t->c->problem;
    const struct commit_answer *a = t->a;
    double sum = a->shortage_mw[i - 1] - a->surplus_mw[i - 1], cost = 0;
    for (int32_t g = 0; g < p->n_unit; g++)
        sum += commit_rows_power(t, g, i);
    for (int32_t o = 0; o < p->n_other; o++) {
        const double mw = a->other_mw[(i - 1) * p->n_other + o];
        commit_row_most(t, "OtherMost", o, i, mw, p->other[o].max_mw[i - 1]);
        commit_row_most(t, "OtherLeast", o, i, p->other[o].min_mw[i - 1], mw);
        if (p->other[o].cost_usd_per_mwh)
            cost += mw * p->other[o].cost_usd_per_mwh[i - 1];
        sum += mw;
    }
    commit_row_equal(t, "PowerBalance", -1, i, sum, p->load_mw[i - 1]);
    cost += a->shortage_mw[i - 1] * p->shortage_usd_per_mwh +
            a->surplus_mw[i - 1] * p->surplus_usd_per_mwh;
    for (int32_t q = 0; q < p->n_requirement; q++) {
        const struct commit_requirement *r = &p->requirement[q];
        const double *shortfall = a->shortfall_mw + (i - 1) * p->n_requirement;
        double provided = 0;
        for (int32_t k = 0; k < p->n_requirement; k++)
            if (k == q || (r->also >> k & 1))
                provided += shortfall[k];
        for (int32_t j = 0; j < (r->unit ? r->n_unit : p->n_unit); j++)
            for (int k = 0; k < SERVICE_PRODUCTS; k++)
                if (r->products >> k & 1)
                    provided += held(t, r->unit ? r->unit[j] : j, i, k);
        commit_row_most(t, "Requirement", q, i, r->need_mw[i - 1], provided);
        commit_row_most(t, "Shortfall", q, i, 0, shortfall[q]);
        if (r->most_mw)
            commit_row_most(t, "Shortfall", q, i, shortfall[q], r->most_mw[i - 1]);
        if (r->n_step > 0)
            cost += shortfall[q] * r->step_usd_per_mw[0];
        else
            commit_row_equal(t, "Shortfall", q, i, shortfall[q], 0);
    }
    t->out->cost_usd += p->interval_h * cost;
}

void commit_rows_egret(const struct commit_table *t)
{
    const struct commit_problem *p = &t->c->problem;
    for (int32_t g = 0; g < p->n_unit; g++) {
        state_rows(t, g);
        for (int32_t i = 1; i <= p->n_interval; i++) {
            capacity_rows(t, g, i);
            ramp_rows(t, g, i);
            production(t, g, i);
        }
    }
    for (int32_t i = 1; i <= p->n_interval; i++)
        system_rows(t, i);
}
