/* drawn_fleet.c - see drawn_fleet.h. */
#include "tests/support/drawn_fleet.h"

#include <math.h>
#include <string.h>

static void draw_units(struct draw *d, struct drawn_fleet *x)
{
    struct commit_problem *p = &x->p;
    for (int32_t g = 0; g < p->n_unit; g++) {
        struct drawn_unit *u = &x->of[g];
        if (g > 0 && draw_chance(d, 0.2)) {
            /* A twin: the same unit once more. */
            x->unit[g] = x->unit[g - 1];
            continue;
        }
        drawn_unit_make(d, p->n_interval, u);
        if (g == 0) {
            p->interval_h = u->p.interval_h;
            p->day = u->p.day;
            p->pglib_start_rows = u->p.pglib_start_rows;
            p->down_products = u->p.down_products;
        }
        x->unit[g] = u->unit;
        if (p->down_products != 0)
            x->unit[g].reserve_shares_ramp = false;
        for (int32_t t = 0; t < p->n_interval; t++)
            x->which_curve[g][t] = u->which_curve[t] + g * DRAWN_UNIT_CURVES;
        x->unit[g].curve = x->which_curve[g];
        for (int32_t c = 0; c < u->p.n_curve; c++)
            x->curve[g * DRAWN_UNIT_CURVES + c] = u->curve[c];
    }
}

static void draw_others(struct draw *d, struct drawn_fleet *x)
{
    for (int32_t o = 0; o < x->p.n_other; o++) {
        for (int32_t t = 0; t < x->p.n_interval; t++) {
            x->other_min[o][t] = draw_chance(d, 0.3) ? draw_real(d, -30, 20) : 0;
            x->other_max[o][t] = x->other_min[o][t] + draw_real(d, 0, 60);
            x->other_cost[o][t] = draw_chance(d, 0.5) ? 0 : draw_real(d, -5, 60);
        }
        x->other[o] = (struct commit_other){
            .min_mw = x->other_min[o],
            .max_mw = x->other_max[o],
            .cost_usd_per_mwh = draw_chance(d, 0.6) ? x->other_cost[o] : NULL};
    }
}

static void draw_requirements(struct draw *d, struct drawn_fleet *x)
{
    for (int32_t k = 0; k < 2; k++)
        x->step_usd[k] = (k == 0 ? 0 : x->step_usd[0]) + draw_real(d, 0, 200);
    x->step_mw[0] = draw_chance(d, 0.5) ? draw_real(d, 1, 10) : HUGE_VAL;
    x->step_mw[1] = HUGE_VAL;
    for (int32_t g = 0; g < x->p.n_unit; g++)
        x->listed[g] = g;
    for (int32_t q = 0; q < x->p.n_requirement; q++) {
        for (int32_t t = 0; t < x->p.n_interval; t++)
            x->need[q][t] = draw_chance(d, 0.2) ? 0 : draw_real(d, 0, 40);
        x->requirement[q] =
            (struct commit_requirement){.products = (uint32_t)draw_int(d, 1, 15),
                                        .need_mw = x->need[q],
                                        .n_step = draw_chance(d, 0.3)    ? 0
                                                  : isinf(x->step_mw[0]) ? 1
                                                                         : 2,
                                        .step_mw = x->step_mw,
                                        .step_usd_per_mw = x->step_usd};
        if (draw_chance(d, 0.3)) {
            x->requirement[q].unit = x->listed;
            x->requirement[q].n_unit = draw_int(d, 1, x->p.n_unit);
        }
    }
}

void drawn_fleet_make(struct draw *d, int32_t n_unit, int32_t n_interval,
                      struct drawn_fleet *x)
{
    memset(x, 0, sizeof *x);
    struct commit_problem *p = &x->p;
    const bool hard = draw_chance(d, 0.3);
    *p = (struct commit_problem){
        .n_interval = n_interval,
        .n_unit = n_unit,
        .n_other = draw_int(d, 0, DRAWN_FLEET_OTHERS),
        .n_requirement = draw_int(d, 0, DRAWN_FLEET_REQUIREMENTS),
        .n_curve = n_unit * DRAWN_UNIT_CURVES,
        .unit = x->unit,
        .other = x->other,
        .requirement = x->requirement,
        .curve = x->curve,
        .load_mw = x->load,
        .shortage_usd_per_mwh = hard ? HUGE_VAL : draw_real(d, 100, 1000),
        .surplus_usd_per_mwh = hard ? HUGE_VAL : draw_real(d, 0, 100)};
    draw_units(d, x);
    draw_others(d, x);
    draw_requirements(d, x);
    double size = 0;
    for (int32_t g = 0; g < n_unit; g++)
        size += x->unit[g].max_mw;
    for (int32_t t = 0; t < n_interval; t++)
        x->load[t] = draw_real(d, 0.2, 1) * size;
}
