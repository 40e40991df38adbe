/* prop_plant_commit.c - laws of the commitment of plants beside ordinary units. */
#include <math.h>
#include <string.h>

#include "solver/commit/commit_certificate.h"
#include "solver/commit/uplift.h"
#include "tests/oracle/plant_twin.h"
#include "tests/support/commit_law.h"
#include "tests/support/drawn_fleet.h"
#include "tests/support/drawn_plant.h"

static const struct commit_options OPTIONS = {.gap = 1e-5, .work_limit = 20000};

static struct drawn_fleet x; /* large, and they point into themselves */
static struct drawn_plant plant;

/* A plant and, sometimes, a unit. */
static void make(struct draw *d)
{
    const bool alone = draw_chance(d, 0.3);
    const int32_t n_config = draw_int(d, 2, DRAWN_PLANT_CONFIGS);
    const int32_t n = draw_int(d, 2, n_config == 3 || !alone ? 3 : 4);
    drawn_fleet_make(d, 2, n, &x);
    x.p.pglib_start_rows = false;
    drawn_plant_make(d, n_config, n, &plant);
    const int32_t first = x.p.n_curve;
    for (int32_t k = 0; k < DRAWN_PLANT_CONFIGS * DRAWN_UNIT_CURVES; k++)
        x.curve[first + k] = plant.curve[k];
    for (int32_t c = 0; c < n_config; c++)
        for (int32_t t = 0; t < n; t++)
            plant.which_curve[c][t] += first;
    x.p.n_curve += DRAWN_PLANT_CONFIGS * DRAWN_UNIT_CURVES;
    x.unit[0] = plant.unit;
    x.unit[1].reserve_shares_ramp = false;
    /* The twin of paths has no price of a change of power. */
    x.unit[1].rise_usd_per_mw = x.unit[1].fall_usd_per_mw = 0;
    x.p.n_unit = alone ? 1 : 2;
    for (int32_t t = 0; t < n; t++)
        x.load[t] =
            draw_real(d, 0.2, 1) * (x.unit[0].max_mw + !alone * x.unit[1].max_mw);
    for (int32_t q = 0; q < x.p.n_requirement; q++)
        if (x.requirement[q].n_unit > x.p.n_unit)
            x.requirement[q].n_unit = x.p.n_unit;
}

/* Nobody is paid for less than what it does costs, and hull prices are worth what is said. */
static void check_uplift(const struct commit_answer *a)
{
    struct uplift u[2];
    struct err err = {0};
    const struct uplift_prices prices = {
        .lambda_usd_per_mwh = a->hull_lambda_usd_per_mwh,
        .requirement_usd_per_mw = a->hull_requirement_usd_per_mw};
    cr_assert_eq(uplift_of(&x.p, a, &prices, u, &err), ERR_OK);
    double cost = 0;
    for (int32_t g = 0; g < x.p.n_unit; g++) {
        LAW(u[g].lost_opportunity_usd <=
                a->cost_usd - a->hull_value_usd + 1e-5 * (1 + fabs(a->cost_usd)),
            "unit %d forgoes %g, the whole gap is %g", (int)g,
            u[g].lost_opportunity_usd, a->cost_usd - a->hull_value_usd);
        cost += u[g].cost_usd;
    }
    if (x.p.n_other == 0 && x.p.n_requirement == 0) {
        double rest = 0;
        for (int32_t t = 0; t < x.p.n_interval; t++) {
            rest += a->shortage_mw[t] > 0
                        ? x.p.interval_h * a->shortage_mw[t] * x.p.shortage_usd_per_mwh
                        : 0;
            rest += a->surplus_mw[t] > 0
                        ? x.p.interval_h * a->surplus_mw[t] * x.p.surplus_usd_per_mwh
                        : 0;
        }
        LAW(fabs(cost + rest - a->cost_usd) <= 1e-6 * (1 + fabs(a->cost_usd)),
            "units cost %.12g, all %.12g", cost + rest, a->cost_usd);
    }
}

Test(prop_plant_commit, bound_and_cost_enclose_the_best_of_all_paths)
{
    int solved = 0, moved = 0;
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        make(&d);
        struct commit_answer a;
        struct err err = {0};
        const enum err_code code = commit_solve(&x.p, &OPTIONS, &a, &err);
        const double twin = plant_twin_cost(&x.p);
        commit_law_ends(&x.p, code, &err, twin);
        if (code)
            continue;
        const double size = 1e-6 * (1 + fabs(twin));
        commit_law_encloses(&x.p, &a, twin);
        LAW(a.cost_usd <= twin + 1e-4 * fabs(twin) + size, "cost %.12g, best %.12g",
            a.cost_usd, twin);
        LAW(a.gap <= 1e-4, "gap %g: bound %.12g, cost %.12g", a.gap, a.bound_usd,
            a.cost_usd);
        check_uplift(&a);
        for (int32_t t = 1; t < x.p.n_interval; t++) {
            const int32_t now = t * x.p.n_unit, then = now - x.p.n_unit;
            moved += a.on[now] && a.on[then] && a.config[now] != a.config[then];
        }
        solved++;
        commit_answer_release(&a);
    }
    cr_assert_gt(solved, 70, "%d solved", solved);
    cr_assert_gt(moved, 10, "%d transitions", moved);
}

/* Each rule of configurations, broken in an answer that keeps them all, is noticed. */
Test(prop_plant_commit, the_certificate_notices_every_path_that_is_not_allowed)
{
    int tried = 0;
    FOR_SEEDS(seed, 200)
    {
        struct draw d = draw_begin(seed);
        make(&d);
        struct commit_answer a;
        struct err err = {0};
        if (commit_solve(&x.p, &OPTIONS, &a, &err))
            continue;
        const int32_t t = draw_int(&d, 0, x.p.n_interval - 1), at = t * x.p.n_unit;
        if (a.on[at]) {
            /* As if the plant had been in another configuration, at the same power. */
            struct commit_certificate c;
            const double cost = a.cost_usd;
            a.config[at] =
                (uint8_t)((a.config[at] + 1 + draw_int(&d, 0, x.unit[0].n_config - 2)) %
                          x.unit[0].n_config);
            cr_assert_eq(commit_certificate_check(&x.p, &a, &c, &err), ERR_OK);
            LAW(c.violation_mw > 1e-5 ||
                    c.cost_usd >= a.bound_usd - 1e-6 * (1 + fabs(cost)),
                "a cheaper path at no fault: %.12g for %.12g", c.cost_usd, cost);
            tried++;
            a.config[at] = (uint8_t)x.unit[0].n_config;
            cr_assert_eq(commit_certificate_check(&x.p, &a, &c, &err), ERR_BUG);
        }
        commit_answer_release(&a);
    }
    cr_assert_gt(tried, 60);
}
