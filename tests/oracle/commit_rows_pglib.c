/*
 * commit_rows_pglib.c - MODEL.tex of pglib-uc, word for word: every row with its label and
 * its own range of t and s, from 1 as there.
 */
#include <math.h>
#include <string.h>

#include "tests/oracle/commit_rows.h"

/* The symbols of MODEL.tex for one unit. */
struct unit_rows {
    const struct commit_table *t;
    const struct commit_unit *u;
    int32_t g, T, UT, DT, UT0, DT0, S;
    double Pmin, Pmax, RU, RD, SU, SD, P0;
    int U0;
};

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t most(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int u(const struct unit_rows *x, int32_t t)
{
    return commit_rows_on(x->t, x->g, t);
}

static int v(const struct unit_rows *x, int32_t t)
{
    return u(x, t) && !u(x, t - 1);
}

static int w(const struct unit_rows *x, int32_t t)
{
    return !u(x, t) && u(x, t - 1);
}

static double p(const struct unit_rows *x, int32_t t)
{
    return commit_rows_power(x->t, x->g, t) - x->Pmin * u(x, t);
}

static double r(const struct unit_rows *x, int32_t t)
{
    return commit_rows_reserve(x->t, x->g, t);
}

static int32_t TS(const struct unit_rows *x, int32_t s)
{
    return x->u->start[s - 1].lag;
}

#define MOST(name, t_, lhs, rhs) \
 commit_row_most(x->t, (name), x->g, (t_)-1, (lhs), (rhs))
#define EQUAL(name, t_, lhs, rhs) \
 commit_row_equal(x->t, (name), x->g, (t_)-1, (lhs), (rhs))
#define LOGIC(name, t_, holds) commit_row_logic(x->t, (name), x->g, (t_)-1, (holds))

/* ---- binaries ---- */

static void initial_rows(const struct unit_rows *x)
{
    int32_t sum = 0;
    for (int32_t t = 1; t <= least(x->UT - x->UT0, x->T) && x->U0; t++)
        sum += u(x, t) - 1;
    LOGIC("initialUpRequirement", 1, sum == 0);
    sum = 0;
    for (int32_t t = 1; t <= least(x->DT - x->DT0, x->T) && !x->U0; t++)
        sum += u(x, t);
    LOGIC("initialDownRequirement", 1, sum == 0);
    LOGIC("LogicalInitial", 1, u(x, 1) - x->U0 == v(x, 1) - w(x, 1));
}

static void status_rows(const struct unit_rows *x)
{
    for (int32_t t = 1; t <= x->T; t++) {
        LOGIC("MustRun", t,
              !x->u->status || u(x, t) >= (x->u->status[t - 1] == COMMIT_ON));
        if (t > 1)
            LOGIC("Logical", t, u(x, t) - u(x, t - 1) == v(x, t) - w(x, t));
    }
    for (int32_t t = least(x->UT, x->T); t <= x->T; t++) {
        int32_t sum = 0;
        for (int32_t i = t - least(x->UT, x->T) + 1; i <= t; i++)
            sum += v(x, i);
        LOGIC("Startup", t, sum <= u(x, t));
    }
    for (int32_t t = least(x->DT, x->T); t <= x->T; t++) {
        int32_t sum = 0;
        for (int32_t i = t - least(x->DT, x->T) + 1; i <= t; i++)
            sum += w(x, i);
        LOGIC("Shutdown", t, sum <= 1 - u(x, t));
    }
}

/* Whether rows STIInit and STISelect let delta^s(t) be 1. */
static bool category_allowed(const struct unit_rows *x, int32_t s, int32_t t)
{
    if (s == x->S)
        return true;
    int32_t next = TS(x, s + 1), sum = 0;
    if (!x->U0 && t >= most(1, next - x->DT0 + 1) && t <= least(next - 1, x->T))
        return false;
    if (t < next)
        return true;
    for (int32_t i = TS(x, s); i <= next - 1; i++)
        sum += w(x, t - i);
    return sum >= 1;
}

/* The cheapest categories that rows STISelect, STILink and STIInit leave. */
static double start_cost(const struct unit_rows *x)
{
    double sum = 0;
    for (int32_t t = 1; t <= x->T; t++) {
        double cheapest = (double)INFINITY;
        if (!v(x, t))
            continue;
        for (int32_t s = 1; s <= x->S; s++)
            if (category_allowed(x, s, t))
                cheapest = fmin(cheapest, x->u->start[s - 1].cost_usd);
        LOGIC("STILink", t, x->S == 0 || isfinite(cheapest));
        sum += x->S > 0 ? cheapest : 0;
    }
    return sum;
}

/* ---- power ---- */

static void power_rows(const struct unit_rows *x)
{
    double above0 = x->U0 * (x->P0 - x->Pmin), X = x->Pmax - x->Pmin;
    MOST("RampUpInit", 1, p(x, 1) + r(x, 1) - above0, x->RU);
    MOST("RampDownInit", 1, above0 - p(x, 1), x->RD);
    MOST("MaxOutput2Init", 1, above0, X * x->U0 - fmax(x->Pmax - x->SD, 0) * w(x, 1));
    for (int32_t t = 1; t <= x->T; t++) {
        MOST("p >= 0", t, 0, p(x, t));
        MOST("r >= 0", t, 0, r(x, t));
        MOST("MaxOutput1", t, p(x, t) + r(x, t),
             X * u(x, t) - fmax(x->Pmax - x->SU, 0) * v(x, t));
        if (t < x->T)
            MOST("MaxOutput2", t, p(x, t) + r(x, t),
                 X * u(x, t) - fmax(x->Pmax - x->SD, 0) * w(x, t + 1));
        if (t > 1) {
            MOST("RampUp", t, p(x, t) + r(x, t) - p(x, t - 1), x->RU);
            MOST("RampDown", t, p(x, t - 1) - p(x, t), x->RD);
        }
    }
}

/* The fractions lambda of the two points around p, and what they cost. */
static double point_cost(const struct unit_rows *x, int32_t t)
{
    const struct commit_curve *curve = &x->t->c->problem.curve[x->u->curve[t - 1]];
    double above = p(x, t), P = 0, CP = 0, lambda = 1, lower = u(x, t), cost = 0;
    if (!u(x, t)) {
        EQUAL("PiecewiseLimits", t, above, 0);
        return 0;
    }
    for (int32_t l = 0; l < curve->n_segment; l++) {
        double width = curve->width_mw[l], end = l + 1 == curve->n_segment;
        if (above <= P + width || end > 0) {
            lambda = (above - P) / width;
            lower = 1 - lambda;
            cost = CP + lambda * width * curve->cost_usd_per_mwh[l];
            MOST("lambda <= 1", t, (lambda - 1) * width, 1e-9 * width);
            EQUAL("PiecewiseParts", t, P * lower + (P + width) * lambda, above);
            break;
        }
        P += width;
        CP += width * curve->cost_usd_per_mwh[l];
    }
    EQUAL("PiecewiseLimits", t, lower + (curve->n_segment > 0 ? lambda : 0), 1);
    return cost + x->u->min_cost_usd_per_h[t - 1];
}

/* ---- the system ---- */

static void system_rows(const struct commit_table *t)
{
    const struct commit_problem *q = &t->c->problem;
    for (int32_t i = 0; i < q->n_interval; i++) {
        double made = 0, held = 0;
        for (int32_t g = 0; g < q->n_unit; g++) {
            made += commit_rows_power(t, g, i + 1);
            held += commit_rows_reserve(t, g, i + 1);
        }
        for (int32_t k = 0; k < q->n_other; k++) {
            double mw = t->a->other_mw[i * q->n_other + k];
            made += mw;
            commit_row_most(t, "WindLimit", k, i, q->other[k].min_mw[i], mw);
            commit_row_most(t, "WindLimit", k, i, mw, q->other[k].max_mw[i]);
        }
        commit_row_equal(t, "UCDemand", -1, i, made, q->load_mw[i]);
        commit_row_most(t, "UCReserves", -1, i, q->requirement[0].need_mw[i], held);
    }
}

void commit_rows_pglib(const struct commit_table *table)
{
    const struct commit_problem *q = &table->c->problem;
    for (int32_t g = 0; g < q->n_unit; g++) {
        const struct commit_unit *one = &q->unit[g];
        const struct unit_rows rows = {.t = table,
                                       .u = one,
                                       .g = g,
                                       .T = q->n_interval,
                                       .UT = one->min_up,
                                       .DT = one->min_down,
                                       .UT0 = one->on_before ? one->age_before : 0,
                                       .DT0 = one->on_before ? 0 : one->age_before,
                                       .S = one->n_start,
                                       .Pmin = one->min_mw,
                                       .Pmax = one->max_mw,
                                       .RU = one->ramp_up_mw,
                                       .RD = one->ramp_down_mw,
                                       .SU = one->start_max_mw,
                                       .SD = one->stop_max_mw,
                                       .P0 = one->mw_before,
                                       .U0 = one->on_before};
        initial_rows(&rows);
        status_rows(&rows);
        power_rows(&rows);
        table->out->cost_usd += start_cost(&rows);
        for (int32_t t = 1; t <= q->n_interval; t++)
            table->out->cost_usd += point_cost(&rows, t);
    }
    system_rows(table);
}
