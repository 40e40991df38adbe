/* charge_ruc.c - residual unit commitment: capacity that stands ready, and who needed it. */
#include <math.h>

#include "sim/settle/charge_code.h"
#include "sim/settle/charging.h"
#include "sim/settle/meter.h"
#include "sim/settle/statement.h"

/* Meters of five minutes add up to a schedule but for this. */
static const double least_mwh = 1e-9;

static size_t at(const struct charging *w, int32_t r)
{
    return (size_t)w->interval * (size_t)w->m->n_resource + (size_t)r;
}

static double price_usd(const struct charging *w, int32_t r)
{
    return w->ruc->price_usd_per_mw[(size_t)w->interval * (size_t)w->m->n_node +
                                    (size_t)w->m->resource[r].node];
}

double charging_ruc_short_usd(const struct charging *w, int32_t r, double of_start,
                              double of_min_load)
{
    double award_mwh = w->ruc->award_mw[at(w, r)] * market_duration_h(w->m);
    double move_usd = w->ruc->transition_usd ? w->ruc->transition_usd[at(w, r)] : 0;
    return of_start * w->ruc->start_cost_usd[at(w, r)] +
           of_min_load * w->ruc->min_load_usd[at(w, r)] +
           (of_min_load > 0 ? move_usd : 0) +
           award_mwh * (w->ruc->bid_usd_per_mw[at(w, r)] - price_usd(w, r));
}

/* MWh of an award that were not there when the hour came. */
static double missing_mwh(const struct charging *w, int32_t r)
{
    double award_mw = w->ruc->award_mw[at(w, r)], sum = 0;
    if (!w->rt || award_mw <= 0)
        return 0;
    int32_t c = w->ruc->configuration ? w->ruc->configuration[at(w, r)] : -1;
    double needed_mw = fmax(w->award_mw[r], market_pmin_mw(w->m, r, c)) + award_mw;
    for (size_t k = 0; k < RT_FIVES; k++) {
        size_t five = (size_t)w->interval * RT_FIVES + k;
        double there =
            w->m->rt.available_mw[five * (size_t)w->m->n_resource + (size_t)r];
        sum += fmin(award_mw, fmax(0, needed_mw - there));
    }
    return sum / RT_FIVES;
}

/* (34), (35): awards at the price of their node, less what was not there. */
static enum err_code pay(struct charging *w, double *cost_usd, double *award_mwh)
{
    struct money_sum sum = {0};
    enum err_code code = ERR_OK;
    *award_mwh = 0;
    for (int32_t r = 0; r < w->m->n_resource && !code; r++) {
        struct settle_interval_line line = charging_of_resource(w, CHARGE_6800, r);
        line.quantity_mwh = w->ruc->award_mw[at(w, r)] * market_duration_h(w->m);
        line.price_usd = price_usd(w, r);
        line.amount_usd = charge_6800_usd(line.quantity_mwh, line.price_usd);
        *award_mwh += line.quantity_mwh;
        money_add(&sum, -line.amount_usd);
        code = charging_add(w, line);
        line.code = CHARGE_6824;
        line.quantity_mwh = missing_mwh(w, r);
        line.amount_usd = charge_6824_usd(line.quantity_mwh, line.price_usd);
        money_add(&sum, -line.amount_usd);
        if (!code)
            code = charging_add(w, line);
    }
    *cost_usd = money_total_usd(&sum);
    w->s->residual_mwh[w->interval] = *award_mwh;
    return code;
}

/* What each SC took beyond its schedule, and its virtual supply, which takes the place of
 * real supply in the market and does not come. */
static void need(const struct charging *w, double *by_sc)
{
    const struct market *m = w->m;
    for (int32_t sc = 0; sc < m->n_sc; sc++)
        by_sc[sc] = 0;
    for (int32_t p = 0; p < m->n_virtual; p++)
        by_sc[m->position[p].sc] += w->virtual_award_mw[p] * market_duration_h(m);
    for (int32_t sc = 0; sc < m->n_sc; sc++)
        by_sc[sc] = fmax(0, by_sc[sc]);
    for (int32_t r = 0; r < m->n_resource && w->meter; r++) {
        double beyond_mwh = w->measured_mwh[r] + charging_award_mwh(w, r);
        if (resource_type_withdraws(m->resource[r].type) && beyond_mwh > least_mwh)
            by_sc[m->resource[r].sc] += beyond_mwh;
    }
}

enum err_code charge_ruc(struct charging *w)
{
    const struct market *m = w->m;
    double cost_usd, award_mwh, total = 0;
    if (!w->ruc)
        return ERR_OK;
    enum err_code code = pay(w, &cost_usd, &award_mwh);
    if (code || cost_usd < 1e-9)
        return code;
    need(w, w->by_sc);
    for (int32_t sc = 0; sc < m->n_sc; sc++)
        total += w->by_sc[sc];
    double rate = charge_tier_rate(cost_usd, total, award_mwh), left_usd = cost_usd;
    for (int32_t sc = 0; sc < m->n_sc && !code; sc++) {
        struct settle_interval_line line = {
            .sc = sc, .code = CHARGE_6806, .resource = -1, .position = -1};
        line.quantity_mwh = w->by_sc[sc];
        line.price_usd = rate;
        line.amount_usd = rate * w->by_sc[sc];
        left_usd -= line.amount_usd;
        code = charging_add(w, line);
    }
    if (code || left_usd < 1e-9 * cost_usd)
        return code;
    return w->meter
               ? charging_divide_measured(w, CHARGE_6807, -left_usd, charge_share_usd)
               : charging_divide(w, CHARGE_6807, -left_usd, charge_share_usd);
}
