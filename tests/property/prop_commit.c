/* prop_commit.c - laws of the commitment of units. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/commit_certificate.h"
#include "solver/commit/uplift.h"
#include "tests/oracle/commit_twin.h"
#include "tests/oracle/unit_mip.h"
#include "tests/support/commit_law.h"
#include "tests/support/drawn_fleet.h"

static const struct commit_options OPTIONS = {.gap = 1e-5, .work_limit = 20000};

static struct drawn_fleet x; /* large, and it points into itself */

static bool counts(const struct commit_requirement *r, int32_t g, int32_t product)
{
    bool listed = r->n_unit == 0;
    for (int32_t k = 0; k < r->n_unit; k++)
        listed = listed || r->unit[k] == g;
    return listed && r->products >> product & 1;
}

/* The best profit of unit g at prices for one hour. */
static double best_profit(const struct commit_problem *p, int32_t g,
                          const struct commit_answer *a)
{
    static double energy[DRAWN_FLEET_INTERVALS];
    static double reserve[DRAWN_FLEET_INTERVALS * DRAWN_UNIT_OFFERS];
    const int32_t n_offer = p->unit[g].n_offer;
    memset(reserve, 0, sizeof reserve);
    for (int32_t t = 0; t < p->n_interval; t++) {
        energy[t] = p->interval_h * a->hull_lambda_usd_per_mwh[t];
        for (int32_t o = 0; o < n_offer; o++)
            for (int32_t q = 0; q < p->n_requirement; q++)
                if (counts(&p->requirement[q], g, p->unit[g].offer[o].product))
                    reserve[t * n_offer + o] +=
                        p->interval_h *
                        a->hull_requirement_usd_per_mw[t * p->n_requirement + q];
    }
    const struct unit_prices prices = {.energy_usd_per_mw = energy,
                                       .reserve_usd_per_mw = reserve};
    struct unit_scheduler *s;
    struct unit_schedule best;
    struct err err = {0};
    cr_assert_eq(unit_scheduler_create(p, &s, &err), ERR_OK);
    cr_assert_eq(unit_schedule_best(s, g, &prices, NULL, NULL, &best, &err), ERR_OK);
    unit_scheduler_release(s);
    return best.value_usd;
}

/*
 * The value of the hull prices by their definition: what load and needs pay, less what
 * units and others would earn at their best, all of it at these prices. Cost less this
 * value is the uplift: best profits less profits of the schedule, summed over everybody.
 */
static double hull_value(const struct commit_problem *p, const struct commit_answer *a)
{
    double sum = 0;
    for (int32_t g = 0; g < p->n_unit; g++)
        sum -= best_profit(p, g, a);
    for (int32_t t = 0; t < p->n_interval; t++) {
        const double lambda = a->hull_lambda_usd_per_mwh[t], h = p->interval_h;
        sum += h * lambda * p->load_mw[t];
        for (int32_t o = 0; o < p->n_other; o++) {
            const struct commit_other *other = &p->other[o];
            const double rest =
                (other->cost_usd_per_mwh ? other->cost_usd_per_mwh[t] : 0) - lambda;
            sum += h * fmin(rest * other->min_mw[t], rest * other->max_mw[t]);
        }
        for (int32_t q = 0; q < p->n_requirement; q++) {
            const struct commit_requirement *r = &p->requirement[q];
            const double mu = a->hull_requirement_usd_per_mw[t * p->n_requirement + q];
            sum += h * mu * r->need_mw[t];
            for (int32_t s = 0; s < r->n_step; s++)
                if (!isinf(r->step_mw[s]))
                    sum += h * fmin(0, r->step_usd_per_mw[s] - mu) * r->step_mw[s];
        }
    }
    return sum;
}

Test(prop_commit, bound_and_cost_enclose_the_best_of_all_combinations)
{
    int solved = 0;
    FOR_SEEDS(seed, 250)
    {
        struct draw d = draw_begin(seed);
        const bool two = draw_chance(&d, 0.6);
        drawn_fleet_make(&d, two ? 2 : 3, draw_int(&d, 1, two ? 4 : 3), &x);
        struct commit_answer a;
        struct err err = {0};
        const double twin = commit_twin_cost(&x.p);
        const enum err_code code = commit_solve(&x.p, &OPTIONS, &a, &err);
        commit_law_ends(&x.p, code, &err, twin);
        if (code)
            continue;
        commit_law_encloses(&x.p, &a, twin);
        const double hull = hull_value(&x.p, &a);
        LAW(fabs(hull - a.hull_value_usd) <= 1e-7 * (1 + fabs(hull)),
            "hull prices are worth %.12g, says %.12g", hull, a.hull_value_usd);
        solved++;
        commit_law_reaches(&a, twin, 1e-9);
        commit_answer_release(&a);
    }
    cr_assert_gt(solved, 100);
}

/* Two limits on weighted powers, one of which may be broken at a price. */
struct drawn_limits {
    struct commit_limit limit[2];
    double unit[2][DRAWN_FLEET_UNITS], other[2][DRAWN_FLEET_OTHERS];
    double min[2][DRAWN_FLEET_INTERVALS], max[2][DRAWN_FLEET_INTERVALS];
};

static void draw_limits(struct draw *d, struct commit_problem *p,
                        struct drawn_limits *l)
{
    for (int k = 0; k < 2; k++) {
        for (int32_t g = 0; g < p->n_unit; g++)
            l->unit[k][g] = draw_chance(d, 0.3) ? 0 : draw_real(d, -1, 2);
        for (int32_t o = 0; o < p->n_other; o++)
            l->other[k][o] = draw_chance(d, 0.5) ? 0 : draw_real(d, -1, 1);
        for (int32_t t = 0; t < p->n_interval; t++) {
            l->min[k][t] = draw_chance(d, 0.4) ? -HUGE_VAL : draw_real(d, -50, 60);
            l->max[k][t] = draw_chance(d, 0.3)
                               ? HUGE_VAL
                               : fmax(l->min[k][t], 0) + draw_real(d, 0, 80);
        }
        l->limit[k] = (struct commit_limit){.unit = l->unit[k],
                                            .other = l->other[k],
                                            .min_mw = l->min[k],
                                            .max_mw = l->max[k],
                                            .usd_per_mwh = k == 0 || draw_chance(d, 0.7)
                                                               ? draw_real(d, 0, 60)
                                                               : HUGE_VAL};
    }
    p->limit = l->limit;
    p->n_limit = draw_int(d, 1, 2);
}

Test(prop_commit, limits_on_sums_are_kept_or_paid_for_as_is_best)
{
    static struct drawn_limits limits;
    int solved = 0, broken = 0, priced = 0;
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        struct commit_answer a;
        struct err err = {0};
        drawn_fleet_make(&d, 2, draw_int(&d, 1, 4), &x);
        draw_limits(&d, &x.p, &limits);
        const double twin = commit_twin_cost(&x.p), size = 1e-6 * (1 + fabs(twin));
        if (isinf(twin) || commit_solve(&x.p, &OPTIONS, &a, &err) != ERR_OK)
            continue;
        struct commit_certificate c;
        cr_assert_eq(commit_certificate_check(&x.p, &a, &c, &err), ERR_OK);
        cr_assert_eq(commit_certificate_flows(&x.p, &a, &c, &err), ERR_OK);
        LAW(c.violation_mw <= 1e-5, "%s broken by %g", c.rule, c.violation_mw);
        LAW(fabs(c.cost_usd - a.cost_usd) <= size, "costs %.12g, says %.12g",
            c.cost_usd, a.cost_usd);
        LAW(a.bound_usd <= twin + size, "bound %.12g, best %.12g", a.bound_usd, twin);
        LAW(fabs(a.cost_usd - twin) <= 1e-4 * fabs(twin) + size,
            "cost %.12g, best %.12g", a.cost_usd, twin);
        for (int32_t k = 0; k < x.p.n_limit * x.p.n_interval; k++) {
            broken += a.limit_over_mw[k] > 1e-3;
            priced += fabs(a.limit_usd_per_mwh[k]) > 1e-3;
        }
        solved++;
        commit_answer_release(&a);
    }
    cr_assert(solved > 50 && broken > 10 && priced > 20, "%d, %d, %d", solved, broken,
              priced);
}

/* All units burn of one supply, the dearer a segment the more. */
struct drawn_supply {
    struct commit_limit limit;
    double min[DRAWN_FLEET_INTERVALS], max[DRAWN_FLEET_INTERVALS];
    double segment[DRAWN_FLEET_UNITS][16], start[DRAWN_FLEET_UNITS][8];
};

static void draw_supply(struct draw *d, struct drawn_fleet *f, struct drawn_supply *l)
{
    struct commit_problem *p = &f->p;
    const double ample = draw_real(d, 0.3, 1.2);
    p->pglib_start_rows = false;
    for (int32_t t = 0; t < p->n_interval; t++) {
        l->min[t] = -HUGE_VAL;
        l->max[t] = draw_chance(d, 0.3) ? HUGE_VAL : ample * p->load_mw[t] + 1;
    }
    for (int32_t g = 0; g < p->n_unit; g++) {
        struct commit_unit *u = &f->unit[g];
        double fuel = draw_real(d, 0.2, 1);
        for (int32_t t = 0; t < p->n_interval; t++)
            f->which_curve[g][t] = f->which_curve[g][0];
        for (int32_t k = 0; k < 16; k++)
            l->segment[g][k] = fuel += draw_real(d, 0, 0.4);
        for (int32_t k = 0; k < 8; k++)
            l->start[g][k] = draw_real(d, 0, 20);
        u->supply = draw_chance(d, 0.8);
        u->min_fuel_per_h = fuel * u->min_mw * draw_real(d, 0, 1);
        u->fuel_per_mwh = l->segment[g];
        u->start_fuel = l->start[g];
        cr_assert(u->n_start <= 8 && f->curve[f->which_curve[g][0]].n_segment <= 16);
    }
    l->limit = (struct commit_limit){
        .min_mw = l->min,
        .max_mw = l->max,
        .usd_per_mwh = draw_chance(d, 0.5) ? draw_real(d, 0, 40) : HUGE_VAL};
    p->limit = &l->limit;
    p->n_limit = 1;
}

Test(prop_commit, fuel_is_burnt_as_far_as_there_is_some)
{
    static struct drawn_supply supply;
    int solved = 0, priced = 0;
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        struct commit_answer a;
        struct err err = {0};
        drawn_fleet_make(&d, 2, draw_int(&d, 1, 4), &x);
        draw_supply(&d, &x, &supply);
        const double twin = commit_twin_cost(&x.p), size = 1e-6 * (1 + fabs(twin));
        if (isinf(twin) || commit_solve(&x.p, &OPTIONS, &a, &err) != ERR_OK)
            continue;
        struct commit_certificate c;
        cr_assert_eq(commit_certificate_check(&x.p, &a, &c, &err), ERR_OK);
        cr_assert_eq(commit_certificate_flows(&x.p, &a, &c, &err), ERR_OK);
        LAW(c.violation_mw <= 1e-5, "%s broken by %g", c.rule, c.violation_mw);
        LAW(fabs(c.cost_usd - a.cost_usd) <= size, "costs %.12g, says %.12g",
            c.cost_usd, a.cost_usd);
        LAW(a.bound_usd <= twin + size, "bound %.12g, best %.12g", a.bound_usd, twin);
        LAW(fabs(a.cost_usd - twin) <= 1e-4 * fabs(twin) + size,
            "cost %.12g, best %.12g", a.cost_usd, twin);
        for (int32_t t = 0; t < x.p.n_interval; t++)
            priced += fabs(a.limit_usd_per_mwh[t]) > 1e-3;
        solved++;
        commit_answer_release(&a);
    }
    cr_assert(solved > 50 && priced > 20, "%d, %d", solved, priced);
}

/* What others and requirements would gain over the answer at its hull prices. */
static double rest_uplift(const struct commit_problem *p, const struct commit_answer *a)
{
    double sum = 0;
    for (int32_t t = 0; t < p->n_interval; t++) {
        const double lambda = a->hull_lambda_usd_per_mwh[t], h = p->interval_h;
        if (!isinf(p->shortage_usd_per_mwh))
            sum += h * (p->shortage_usd_per_mwh - lambda) * a->shortage_mw[t];
        if (!isinf(p->surplus_usd_per_mwh))
            sum += h * (p->surplus_usd_per_mwh + lambda) * a->surplus_mw[t];
        for (int32_t o = 0; o < p->n_other; o++) {
            const struct commit_other *other = &p->other[o];
            const double rest =
                (other->cost_usd_per_mwh ? other->cost_usd_per_mwh[t] : 0) - lambda;
            sum += h * (rest * a->other_mw[t * p->n_other + o] -
                        fmin(rest * other->min_mw[t], rest * other->max_mw[t]));
        }
        for (int32_t q = 0; q < p->n_requirement; q++) {
            const struct commit_requirement *r = &p->requirement[q];
            const int32_t at = t * p->n_requirement + q;
            const double mu = a->hull_requirement_usd_per_mw[at];
            double held = 0, left = a->shortfall_mw[at];
            for (int32_t g = 0; g < p->n_unit; g++)
                for (int32_t k = 0; k < COMMIT_PRODUCTS; k++)
                    if (counts(r, g, k))
                        held +=
                            a->reserve_mw[(t * p->n_unit + g) * COMMIT_PRODUCTS + k];
            sum +=
                h * mu * (held - r->need_mw[t]); /* more than is needed is not paid */
            for (int32_t s = 0; s < r->n_step; s++) {
                const double part = fmin(left, r->step_mw[s]);
                sum += h * r->step_usd_per_mw[s] * part;
                if (!isinf(r->step_mw[s]))
                    sum -= h * fmin(0, r->step_usd_per_mw[s] - mu) * r->step_mw[s];
                left -= part;
            }
        }
    }
    return sum;
}

/* No duality gap between prices and quantities: what everybody would rather do is worth
 * what the schedule costs beyond the Lagrangian, and that is greatest at hull prices. */
Test(prop_commit, hull_prices_are_those_of_every_pattern_in_parts)
{
    int solved = 0;
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        const bool two = draw_chance(&d, 0.6);
        drawn_fleet_make(&d, two ? 2 : 3, draw_int(&d, 1, two ? 5 : 3), &x);
        struct commit_answer a;
        struct uplift u[DRAWN_FLEET_UNITS];
        struct err err = {0};
        if (commit_solve(&x.p, &OPTIONS, &a, &err))
            continue;
        const double twin = commit_twin_hull(&x.p);
        LAW(fabs(twin - a.hull_value_usd) <= 2e-5 * (1 + fabs(twin)),
            "hull prices prove %.12g, the twin %.12g", a.hull_value_usd, twin);
        const struct uplift_prices hull = {a.hull_lambda_usd_per_mwh, NULL,
                                           a.hull_requirement_usd_per_mw, 0, NULL};
        cr_assert_eq(uplift_of(&x.p, &a, &hull, u, &err), ERR_OK);
        double sum = rest_uplift(&x.p, &a);
        for (int32_t g = 0; g < x.p.n_unit; g++)
            sum += u[g].lost_opportunity_usd;
        LAW(fabs(sum - (a.cost_usd - a.hull_value_usd)) <=
                1e-6 * (1 + fabs(a.cost_usd)),
            "uplift %.12g, cost %.12g less Lagrangian %.12g", sum, a.cost_usd,
            a.hull_value_usd);
        solved++;
        commit_answer_release(&a);
    }
    cr_assert_gt(solved, 60);
}

Test(prop_commit, small_fleets_reach_what_the_integer_program_reaches)
{
    int compared = 0;
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        const int n_unit = draw_int(&d, 2, 6);
        drawn_fleet_make(&d, n_unit, draw_int(&d, 6, n_unit < 5 ? 12 : 8), &x);
        struct commit_answer a;
        struct err err = {0};
        double best;
        const bool known = fleet_mip_best(&x.p, 1e-6, &best);
        const enum err_code code = commit_solve(&x.p, &OPTIONS, &a, &err);
        LAW(code == ERR_OK || code == ERR_NUMERIC, "%s", err.msg);
        LAW(!known || code == ERR_OK || isinf(best), "%s although %g is possible",
            err.msg, best);
        if (code)
            continue;
        const double size = 1e-4 * (1 + fabs(a.cost_usd));
        LAW(a.gap <= 1e-4 || a.cost_usd - a.bound_usd < 1e-9,
            "gap %g: bound %.12g, cost %.12g", a.gap, a.bound_usd, a.cost_usd);
        LAW(!known || fabs(a.cost_usd - best) <= size, "cost %.12g, best %.12g",
            a.cost_usd, best);
        LAW(!known || a.bound_usd <= best + 1e-6 * fabs(best) + 1e-6,
            "bound %.12g, best %.12g", a.bound_usd, best);
        compared += known;
        commit_answer_release(&a);
    }
    cr_assert_gt(compared, 60);
}

/* What a search leaves out since it saves less than the gap asked for may yet be the best. */
Test(prop_commit, a_wide_gap_does_not_lift_the_bound_above_the_best)
{
    const struct commit_options wide = {.gap = 3e-2, .work_limit = 20000};
    int compared = 0, dearer = 0;
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        drawn_fleet_make(&d, draw_int(&d, 3, 6), draw_int(&d, 6, 8), &x);
        struct commit_answer a;
        struct err err = {0};
        double best;
        if (!fleet_mip_best(&x.p, 1e-6, &best) || commit_solve(&x.p, &wide, &a, &err))
            continue;
        const double size = 1e-6 * (1 + fabs(best));
        LAW(a.bound_usd <= best + size, "bound %.12g, best %.12g", a.bound_usd, best);
        dearer += a.cost_usd > best + size;
        compared++;
        commit_answer_release(&a);
    }
    cr_assert_gt(compared, 60);
    cr_assert_gt(dearer, 5);
}
