/* drawn_plant.c - see drawn_plant.h. */
#include "tests/support/drawn_plant.h"

#include <math.h>
#include <string.h>

/* A configuration's offers are those of the first, with limits and prices of its own. */
static void draw_offers(struct draw *d, struct drawn_plant *x, int32_t c)
{
    const struct commit_unit *first = &x->of[0].unit;
    struct commit_unit *as = &x->config[c].as;
    as->n_offer = first->n_offer;
    as->offer = x->offer[c];
    for (int32_t k = 0; k < first->n_offer; k++) {
        struct commit_offer *o = &x->offer[c][k];
        *o = first->offer[k];
        if (c > 0 && draw_chance(d, 0.3))
            o->max_mw = 0;
        else if (c > 0)
            o->max_mw = draw_real(d, 0, 60);
        if (c > 0 && x->of[c].unit.n_offer > k)
            o->price_usd_per_mw = x->of[c].unit.offer[k].price_usd_per_mw;
    }
}

static void draw_configs(struct draw *d, int32_t n_interval, struct drawn_plant *x)
{
    double min = 0, max = 0;
    for (int32_t c = 0; c < x->unit.n_config; c++) {
        struct commit_config *is = &x->config[c];
        do
            drawn_unit_make(d, n_interval, &x->of[c]);
        while (x->of[c].unit.max_mw > 260);
        double lift = c == 0 ? 0 : fmax(max - x->of[c].unit.max_mw, 0);
        lift += c > 0 && draw_chance(d, 0.3) ? draw_real(d, 0, 40) : 0;
        is->as = x->of[c].unit;
        is->as.min_mw += lift;
        is->as.max_mw += lift;
        is->as.start_max_mw += lift;
        is->as.stop_max_mw += lift;
        is->as.reserve_shares_ramp = false;
        is->as.least_mw = is->as.most_mw = NULL;
        is->as.rise_usd_per_mw = is->as.fall_usd_per_mw = 0;
        is->as.max_starts = 0;
        is->as.min_up = draw_chance(d, 0.5) ? 1 : draw_int(d, 1, 3);
        is->may_start = c == 0 || draw_chance(d, 0.5);
        is->may_stop = c == 0 || draw_chance(d, 0.6);
        for (int32_t t = 0; t < n_interval; t++)
            x->which_curve[c][t] = x->of[c].which_curve[t] + c * DRAWN_UNIT_CURVES;
        is->as.curve = x->which_curve[c];
        for (int32_t k = 0; k < DRAWN_UNIT_CURVES; k++)
            x->curve[c * DRAWN_UNIT_CURVES + k] = x->of[c].curve[k];
        draw_offers(d, x, c);
        min = c == 0 ? is->as.min_mw : fmin(min, is->as.min_mw);
        max = is->as.max_mw;
    }
    x->unit.min_mw = min;
    x->unit.max_mw = max;
}

static void draw_transitions(struct draw *d, struct drawn_plant *x)
{
    for (int32_t a = 0; a < x->unit.n_config; a++)
        for (int32_t b = 0; b < x->unit.n_config; b++) {
            if (a == b || draw_chance(d, 0.2))
                continue;
            bool tight = draw_chance(d, 0.4);
            x->transition[x->unit.n_transition++] = (struct commit_transition){
                .from = a,
                .to = b,
                .least_age = draw_chance(d, 0.7) ? 1 : draw_int(d, 1, 3),
                .cost_usd = draw_chance(d, 0.3) ? 0 : draw_real(d, 0, 800),
                .up_mw = tight ? draw_real(d, 0, 120) : HUGE_VAL,
                .down_mw = tight ? draw_real(d, 0, 120) : HUGE_VAL,
            };
        }
}

static void force(struct draw *d, struct interval_set *set, int32_t n_fact)
{
    *set = (struct interval_set){0};
    for (int32_t k = 0; k < n_fact; k++)
        if (draw_chance(d, 0.03))
            set->word[k / 64] |= UINT64_C(1) << (k % 64);
}

void drawn_plant_make(struct draw *d, int32_t n_config, int32_t n_interval,
                      struct drawn_plant *x)
{
    memset(x, 0, sizeof *x);
    x->unit.n_config = n_config;
    draw_configs(d, n_interval, x);
    draw_transitions(d, x);
    struct commit_unit plant = x->of[0].unit;
    plant.min_mw = x->unit.min_mw;
    plant.max_mw = x->unit.max_mw;
    plant.reserve_shares_ramp = false;
    plant.least_mw = plant.most_mw = NULL;
    plant.rise_usd_per_mw = plant.fall_usd_per_mw = 0;
    plant.n_config = n_config;
    plant.config = x->config;
    plant.n_transition = x->unit.n_transition;
    plant.transition = x->transition;
    if (plant.on_before) {
        plant.config_before = draw_int(d, 0, n_config - 1);
        plant.config_age_before = draw_int(d, 1, plant.age_before);
        const struct commit_unit *as = &x->config[plant.config_before].as;
        plant.mw_before = draw_real(d, as->min_mw, as->max_mw);
    }
    x->of[0].prices.first_usd = x->of[0].prices.last_usd = NULL;
    x->unit = plant;
    x->p = x->of[0].p;
    x->p.unit = &x->unit;
    x->p.n_curve = DRAWN_PLANT_CONFIGS * DRAWN_UNIT_CURVES;
    x->p.curve = x->curve;
    x->p.pglib_start_rows = false;
    force(d, &x->on, n_config * n_interval);
    force(d, &x->off, n_config * n_interval);
}
