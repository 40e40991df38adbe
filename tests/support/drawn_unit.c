/* drawn_unit.c - see drawn_unit.h. */
#include "tests/support/drawn_unit.h"

#include <math.h>
#include <string.h>

/* Round numbers in half of all cases: ties and coinciding kinks. */
static double draw_mw(struct draw *d, double lo, double hi)
{
    double mw = draw_real(d, lo, hi);
    return draw_chance(d, 0.5) ? round(mw / 10) * 10 : mw;
}

static double draw_limit(struct draw *d, double lo, double hi)
{
    return draw_chance(d, 0.3) ? HUGE_VAL : draw_mw(d, lo, hi);
}

/* What a change of power costs per MW: nothing, little, or more than power is worth. */
static double draw_change(struct draw *d)
{
    return draw_chance(d, 0.5) ? 0 : draw_real(d, 0, draw_chance(d, 0.3) ? 60 : 12);
}

static void draw_curves(struct draw *d, struct drawn_unit *x)
{
    double span = x->unit.max_mw - x->unit.min_mw;
    for (int32_t c = 0; c < x->p.n_curve; c++) {
        int32_t n = draw_int(d, 1, DRAWN_UNIT_SEGMENTS);
        double sum = 0, cost = draw_real(d, -10, 30);
        for (int32_t i = 0; i < n; i++) {
            x->width[c][i] = draw_chance(d, 0.1) ? 1e-3 : draw_mw(d, 5, 60) + 1;
            if (i == n - 1)
                x->width[c][i] = fmax(span - sum, x->width[c][i]);
            sum += x->width[c][i];
            x->cost[c][i] = cost;
            cost += draw_chance(d, 0.2) ? 0 : draw_real(d, 0, 12);
        }
        x->curve[c] = (struct commit_curve){n, x->width[c], x->cost[c]};
    }
}

static void draw_times(struct draw *d, struct drawn_unit *x)
{
    struct commit_unit *u = &x->unit;
    int32_t most = draw_int(d, 1, 5);
    u->min_up = draw_int(d, 1, most);
    u->min_down = draw_int(d, 1, most);
    u->on_before = draw_chance(d, 0.5);
    u->age_before = draw_int(d, 1, 8);
    u->max_starts = draw_chance(d, 0.3) ? draw_int(d, 1, 2) : 0;
    u->n_start = draw_int(d, 0, DRAWN_UNIT_STARTS);
    double cost = draw_chance(d, 0.2) ? 0 : draw_real(d, 0, 2000);
    int32_t lag = draw_int(d, 1, u->min_down);
    for (int32_t k = 0; k < u->n_start; k++) {
        x->start[k] = (struct commit_start){lag, cost};
        lag += draw_int(d, 1, 4);
        cost += draw_chance(d, 0.2) ? 0 : draw_real(d, 0, 1500);
    }
    u->start = x->start;
    u->stop_cost_usd = draw_chance(d, 0.3) ? draw_real(d, 0, 500) : 0;
    for (int32_t t = 1; t < x->p.n_interval; t++)
        x->day[t] = x->day[t - 1] + draw_chance(d, 0.2);
    x->p.day = draw_chance(d, 0.7) ? x->day : NULL;
}

static void draw_offers(struct draw *d, struct drawn_unit *x)
{
    struct commit_unit *u = &x->unit;
    u->n_offer = draw_chance(d, 0.2) ? 0 : draw_int(d, 1, DRAWN_UNIT_OFFERS);
    u->offer = x->offer;
    u->reserve_shares_ramp = draw_chance(d, 0.4);
    if (!u->reserve_shares_ramp) {
        u->most_up_mw = draw_chance(d, 0.4) ? draw_mw(d, 1, 60) : 0;
        u->steady_reserve = draw_chance(d, 0.3);
    }
    x->p.down_products = draw_chance(d, 0.6) && !u->reserve_shares_ramp
                             ? (uint32_t)draw_int(d, 0, 15)
                             : 0;
    for (int32_t k = 0; k < u->n_offer; k++) {
        bool limited = !u->reserve_shares_ramp && draw_chance(d, 0.8);
        x->offer[k] = (struct commit_offer){
            .product = k,
            .max_mw = limited ? draw_mw(d, 0, 60) : HUGE_VAL,
            .max_off_mw = limited && draw_chance(d, 0.3) ? draw_mw(d, 0, 30) : 0,
            .price_usd_per_mw = draw_chance(d, 0.5) ? x->offer_price[k] : NULL,
        };
        double base = draw_chance(d, 0.3) ? 0 : draw_real(d, 0, 10);
        for (int32_t t = 0; t < x->p.n_interval; t++)
            x->offer_price[k][t] = base;
    }
}

static void draw_prices(struct draw *d, struct drawn_unit *x)
{
    double level = draw_real(d, 0, 60);
    bool zero = draw_chance(d, 0.1), has_bonus = draw_chance(d, 0.3);
    bool has_ends = draw_chance(d, 0.3);
    for (int32_t t = 0; t < x->p.n_interval; t++) {
        double swing = draw_chance(d, 0.3) ? 40 : 10;
        x->energy[t] = zero ? 0 : level + draw_real(d, -swing, swing);
        x->bonus[t] = draw_real(d, -1, 1) * (draw_chance(d, 0.3) ? 500 : 10);
        x->first[t] = draw_real(d, -1, 1) * (draw_chance(d, 0.3) ? 500 : 10);
        x->last[t] = draw_real(d, -1, 1) * (draw_chance(d, 0.3) ? 500 : 10);
        for (int32_t k = 0; k < x->unit.n_offer; k++)
            x->reserve[t * x->unit.n_offer + k] =
                draw_chance(d, 0.3) ? 0
                                    : draw_real(d, draw_chance(d, 0.1) ? -5 : 0, 20);
        if (draw_chance(d, 0.04))
            x->on.word[t / 64] |= UINT64_C(1) << (t % 64);
        if (draw_chance(d, 0.04))
            x->off.word[t / 64] |= UINT64_C(1) << (t % 64);
        x->status[t] = (uint8_t)(draw_chance(d, 0.06)   ? COMMIT_ON
                                 : draw_chance(d, 0.06) ? COMMIT_OFF
                                                        : COMMIT_FREE);
    }
    x->prices = (struct unit_prices){.energy_usd_per_mw = x->energy,
                                     .reserve_usd_per_mw = x->reserve,
                                     .bonus_usd = has_bonus ? x->bonus : NULL,
                                     .first_usd = has_ends ? x->first : NULL,
                                     .last_usd = has_ends ? x->last : NULL};
}

/* Limits by interval, few of them met by what the unit was at before. */
static void draw_limits(struct draw *d, struct drawn_unit *x)
{
    struct commit_unit *u = &x->unit;
    const double span = u->max_mw - u->min_mw;
    u->free_ends = draw_chance(d, 0.3);
    if (!draw_chance(d, 0.4))
        return;
    for (int32_t t = 0; t < x->p.n_interval; t++) {
        const double part = draw_real(d, 0, draw_chance(d, 0.3) ? 1 : 0.4);
        const double rest = draw_chance(d, 0.1) ? 0 : draw_real(d, 0, 1);
        const bool all = draw_chance(d, 0.5);
        x->least[t] = all ? u->min_mw : u->min_mw + part * span;
        x->most[t] =
            all ? u->max_mw
                : fmin(u->max_mw, x->least[t] + rest * (u->max_mw - x->least[t]));
    }
    u->least_mw = x->least;
    u->most_mw = x->most;
}

void drawn_unit_make(struct draw *d, int32_t n_interval, struct drawn_unit *x)
{
    memset(x, 0, sizeof *x);
    struct commit_unit *u = &x->unit;
    x->p = (struct commit_problem){
        .n_interval = n_interval,
        .interval_h = draw_chance(d, 0.5) ? 1 : 0.25,
        .n_unit = 1,
        .n_curve = draw_int(d, 1, DRAWN_UNIT_CURVES),
        .unit = u,
        .curve = x->curve,
        .pglib_start_rows = draw_chance(d, 0.5),
    };
    u->min_mw = draw_chance(d, 0.2) ? 0 : draw_mw(d, 10, 100);
    u->max_mw = u->min_mw + (draw_chance(d, 0.05) ? 0 : draw_mw(d, 5, 120));
    u->ramp_up_mw = draw_limit(d, 0, 90);
    u->ramp_down_mw = draw_limit(d, 0, 90);
    u->start_max_mw = draw_limit(d, u->min_mw - 2, u->max_mw + 20);
    u->stop_max_mw = draw_limit(d, u->min_mw - 2, u->max_mw + 20);
    draw_curves(d, x);
    draw_times(d, x);
    draw_offers(d, x);
    draw_prices(d, x);
    u->mw_before = u->on_before ? draw_real(d, u->min_mw, u->max_mw) : 0;
    if (u->on_before && draw_chance(d, 0.1))
        u->mw_before += draw_real(d, -10, 10); /* as data can be */
    if (draw_chance(d, 0.4))
        u->status = x->status;
    u->rise_usd_per_mw = draw_change(d);
    u->fall_usd_per_mw = draw_change(d);
    u->curve = x->which_curve;
    u->min_cost_usd_per_h = x->min_cost;
    bool one_curve = draw_chance(d, 0.5);
    double min_cost = draw_real(d, -1, 30) * u->min_mw;
    for (int32_t t = 0; t < n_interval; t++) {
        x->which_curve[t] = one_curve ? 0 : draw_int(d, 0, x->p.n_curve - 1);
        x->min_cost[t] = one_curve ? min_cost : min_cost + draw_real(d, -50, 50);
    }
    draw_limits(d, x);
}
