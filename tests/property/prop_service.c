/*
 * prop_service.c - the integer program of services against the decomposition, which shares
 * no code with it: services that nobody asks for change nothing. With services that are
 * asked for, every answer keeps the published rows.
 */
#include <math.h>
#include <string.h>

#include "solver/commit/service.h"
#include "tests/oracle/commit_rows.h"
#include "tests/support/drawn_fleet.h"

static const struct commit_options OPTIONS = {.gap = 1e-7, .work_limit = 20000};

static struct drawn_fleet x;
static struct commit_service service[DRAWN_FLEET_UNITS];

/* What a problem with services may be: no offers or changes at a price, finite ramps. */
static void make_plain(struct draw *d)
{
    struct commit_problem *p = &x.p;
    p->n_requirement = 0;
    p->down_products = 0;
    p->pglib_start_rows = false;
    for (int32_t g = 0; g < p->n_unit; g++) {
        struct commit_unit *u = &x.unit[g];
        u->n_offer = 0;
        u->rise_usd_per_mw = u->fall_usd_per_mw = 0;
        u->max_starts = 0;
        u->steady_reserve = u->reserve_shares_ramp = false;
        u->most_up_mw = 0;
        u->ramp_up_mw = fmin(u->ramp_up_mw, 200);
        u->ramp_down_mw = fmin(u->ramp_down_mw, 200);
        u->start_max_mw = fmin(u->start_max_mw, u->max_mw);
        u->stop_max_mw = fmin(u->stop_max_mw, u->max_mw);
        u->free_ends = true;
        if (u->on_before)
            u->mw_before = fmin(fmax(u->mw_before, u->min_mw), u->max_mw);
        service[g] = (struct commit_service){.low_mw = u->min_mw, .high_mw = u->max_mw};
        if (draw_chance(d, 0.3))
            u->start_max_mw = u->stop_max_mw = u->max_mw;
    }
}

/* All units burn of one supply, the dearer a segment the more. */
static void draw_supply(struct draw *d)
{
    static double least[DRAWN_FLEET_INTERVALS], most[DRAWN_FLEET_INTERVALS];
    static double segment[DRAWN_FLEET_UNITS][DRAWN_UNIT_SEGMENTS];
    static double start[DRAWN_FLEET_UNITS][DRAWN_UNIT_STARTS];
    static struct commit_limit limit;
    const double ample = draw_real(d, 0.3, 1.2);
    for (int32_t g = 0; g < x.p.n_unit; g++) {
        struct commit_unit *u = &x.unit[g];
        double fuel = draw_real(d, 0.2, 1);
        for (int32_t t = 0; t < x.p.n_interval; t++)
            x.which_curve[g][t] = x.which_curve[g][0];
        for (int k = 0; k < DRAWN_UNIT_SEGMENTS; k++)
            segment[g][k] = fuel += draw_real(d, 0, 0.4);
        for (int k = 0; k < DRAWN_UNIT_STARTS; k++)
            start[g][k] = (k > 0 ? start[g][k - 1] : 0) + draw_real(d, 0, 20);
        u->supply = 1;
        u->min_fuel_per_h = segment[g][0] * u->min_mw;
        u->fuel_per_mwh = segment[g];
        u->start_fuel = start[g];
    }
    for (int32_t t = 0; t < x.p.n_interval; t++) {
        least[t] = -HUGE_VAL;
        most[t] = draw_chance(d, 0.3) ? HUGE_VAL : ample * fmax(x.load[t], 0) + 1;
    }
    limit = (struct commit_limit){
        .min_mw = least,
        .max_mw = most,
        .usd_per_mwh = draw_chance(d, 0.7) ? draw_real(d, 0, 40) : HUGE_VAL};
    x.p.limit = &limit;
    x.p.n_limit = 1;
}

/* What is left of differences that are none makes no coefficients. */
static void check_scale(void)
{
    struct service_program s;
    struct err err = {0};
    LAW(service_program_create(&x.p, &s, &err) == ERR_OK, "%s", err.msg);
    for (int64_t k = 0; k < s.n_entry; k++)
        LAW(fabs(s.value[k]) >= 1e-9, "a coefficient of %g", s.value[k]);
    service_program_release(&s);
}

Test(prop_service, services_that_nobody_asks_for_change_nothing)
{
    int solved = 0, stops = 0, priced = 0;
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct commit_answer plain, with;
        struct err err = {0};
        drawn_fleet_make(&d, draw_int(&d, 1, 3), draw_int(&d, 1, 5), &x);
        make_plain(&d);
        if (draw_chance(&d, 0.4))
            draw_supply(&d);
        const enum err_code code = commit_solve(&x.p, &OPTIONS, &plain, &err);
        x.p.service = service;
        check_scale();
        const enum err_code then = commit_solve(&x.p, &OPTIONS, &with, &err);
        /* A supply that is hard may leave the decomposition without a schedule. */
        LAW(then == code || (code && x.p.n_limit > 0), "%d, then: %s", (int)code,
            err.msg);
        if (!then && code)
            commit_answer_release(&with);
        if (code)
            continue;
        LAW(fabs(with.cost_usd - plain.cost_usd) <= 2e-6 * (1 + fabs(plain.cost_usd)),
            "with services %.12g, without %.12g", with.cost_usd, plain.cost_usd);
        struct commit_certificate c = {0};
        LAW(commit_certificate_flows(&x.p, &with, &c, &err) == ERR_OK &&
                c.violation_mw <= 1e-6,
            "%s broken by %g", c.rule, c.violation_mw);
        for (int32_t i = x.p.n_unit; i < x.p.n_unit * x.p.n_interval; i++)
            stops += plain.on[i - x.p.n_unit] && !plain.on[i];
        for (int32_t i = 0; i < x.p.n_limit * x.p.n_interval; i++)
            priced += fabs(with.limit_usd_per_mwh[i]) > 1e-3;
        solved++;
        commit_answer_release(&plain);
        commit_answer_release(&with);
    }
    cr_assert(solved > 100 && stops > 20 && priced > 10, "%d, %d, %d", solved, stops,
              priced);
}

/* Services of a random unit; regulation inside the limits of all intervals. */
static void draw_services(struct draw *d)
{
    for (int32_t g = 0; g < x.p.n_unit; g++) {
        const struct commit_unit *u = &x.unit[g];
        struct commit_service *s = &service[g];
        double lo = u->min_mw, hi = u->max_mw;
        for (int32_t t = 0; t < x.p.n_interval; t++) {
            lo = fmax(lo, commit_least_mw(u, t));
            hi = fmin(hi, commit_most_mw(u, t));
        }
        s->spin_mw = draw_real(d, 0, 20);
        s->supplemental_mw = draw_real(d, 0, 40);
        s->flex_up_mw = draw_real(d, 0, 20);
        s->flex_down_mw = draw_real(d, 0, 20);
        s->non_spin_off_mw = draw_chance(d, 0.5) ? draw_real(d, 0, 10) : 0;
        s->supplemental_off_mw = s->non_spin_off_mw;
        if (lo < hi && draw_chance(d, 0.6)) {
            s->low_mw = lo;
            s->high_mw = hi;
            s->regulation_up_mw = s->regulation_down_mw =
                draw_real(d, 0, (hi - lo) / 2);
        }
    }
}

Test(prop_service, what_units_hold_keeps_the_published_rows)
{
    static double need[SERVICE_PRODUCTS][DRAWN_FLEET_INTERVALS];
    static const double wide = HUGE_VAL;
    static double usd;
    static struct commit_requirement requirement[SERVICE_RESERVE];
    int solved = 0, held = 0;
    FOR_SEEDS(seed, 100)
    {
        struct draw d = draw_begin(seed);
        struct commit_answer a;
        struct err err = {0};
        drawn_fleet_make(&d, draw_int(&d, 1, 3), draw_int(&d, 2, 4), &x);
        make_plain(&d);
        draw_services(&d);
        usd = draw_real(&d, 50, 500);
        x.p.shortage_usd_per_mwh = x.p.surplus_usd_per_mwh = 900;
        for (int32_t k = 0; k < SERVICE_RESERVE; k++) {
            for (int32_t t = 0; t < x.p.n_interval; t++)
                need[k][t] = draw_real(&d, 0, 20);
            requirement[k] = (struct commit_requirement){.products = 1u << k,
                                                         .need_mw = need[k],
                                                         .n_step = 1,
                                                         .step_mw = &wide,
                                                         .step_usd_per_mw = &usd};
        }
        x.p.requirement = requirement;
        x.p.n_requirement = SERVICE_RESERVE;
        x.p.service = service;
        x.p.down_products = 1u << SERVICE_REGULATION_DOWN | 1u << SERVICE_FLEX_DOWN;
        const enum err_code code = commit_solve(&x.p, &OPTIONS, &a, &err);
        LAW(code == ERR_OK || strncmp(err.msg, "no schedule", 11) == 0, "%s", err.msg);
        if (code)
            continue;
        const struct commit_case c = {.format = COMMIT_EGRET, .problem = x.p};
        const struct commit_rows rows = commit_rows_check(&c, &a);
        LAW(rows.worst_mw <= 1e-6, "%s of unit %d in interval %d is off by %g",
            rows.row, rows.unit, rows.interval, rows.worst_mw);
        LAW(fabs(rows.cost_usd - a.cost_usd) <= 1e-6 * (1 + fabs(a.cost_usd)),
            "costs %.12g, says %.12g", rows.cost_usd, a.cost_usd);
        for (int32_t i = 0; i < x.p.n_unit * x.p.n_interval * COMMIT_PRODUCTS; i++)
            held += a.reserve_mw[i] > 0.1;
        solved++;
        commit_answer_release(&a);
    }
    cr_assert(solved > 60 && held > 200, "%d, %d", solved, held);
}
