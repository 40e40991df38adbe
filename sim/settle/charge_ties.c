/* charge_ties.c - imports and exports that are not delivered as they were scheduled. */
#include <math.h>

#include "sim/settle/charge_code.h"
#include "sim/settle/charging.h"
#include "sim/settle/meter.h"
#include "sim/settle/statement.h"

/* Misses below this are arithmetic: awards are recorded in steps of 1e-9 MW. */
static const double least_mwh = 1e-9;

/* A quarter of an hour of an import or export. */
struct delivery {
    double scheduled_mwh, missed_mwh; /* missed: either way, beyond the tolerance */
    double declined_mwh;              /* of missed: declined late, or not answered */
    double usd_per_mwh;               /* the dearer of the two prices */
};

static size_t at(const struct charging *w, int32_t interval, int32_t r)
{
    return (size_t)interval * (size_t)w->m->n_resource + (size_t)r;
}

/* What of a block was refused after the fifteen-minute market had it, MWh of a quarter. */
static double refused_mwh(const struct charging *w, int32_t r, double scheduled_mwh)
{
    const struct market *m = w->m;
    size_t hour = at(w, w->interval, r);
    if (!m->tie_response || isnan(w->rt->accepted_mw[hour]))
        return 0;
    if (m->tie_response[hour].answer == TIE_ANSWER_NONE)
        return INFINITY;
    double accepted_mwh = mwh_from_mw(w->rt->accepted_mw[hour], w->rt->fmm.interval_h);
    return fmax(0, fabs(scheduled_mwh) - fabs(accepted_mwh));
}

static struct delivery deliver(const struct charging *w, int32_t r, int32_t quarter)
{
    const struct rt_outcome *rt = w->rt;
    size_t n_node = (size_t)w->m->n_node, node = (size_t)w->m->resource[r].node;
    double metered_mwh = 0, rtd_usd = 0;
    struct delivery d = {.scheduled_mwh = mwh_from_mw(
                             rt->fmm.award_mw[at(w, quarter, r)], rt->fmm.interval_h)};
    for (int32_t k = 0; k < RT_FIVES_A_QUARTER; k++) {
        int32_t five = RT_FIVES_A_QUARTER * quarter + k;
        metered_mwh += w->meter->energy_mwh[at(w, five, r)];
        rtd_usd += rt->rtd.lmp[(size_t)five * n_node + node] / RT_FIVES_A_QUARTER;
    }
    d.missed_mwh = fabs(d.scheduled_mwh - metered_mwh) -
                   w->m->rules.delivery_tolerance * fabs(d.scheduled_mwh);
    d.missed_mwh = d.missed_mwh > least_mwh ? d.missed_mwh : 0;
    d.declined_mwh = fmin(d.missed_mwh, refused_mwh(w, r, d.scheduled_mwh));
    d.usd_per_mwh = fmax(rt->fmm.lmp[(size_t)quarter * n_node + node], rtd_usd);
    return d;
}

static enum err_code charge_quarter(struct charging *w, int32_t r, int32_t q,
                                    struct money_sum *sum)
{
    const struct rules *rules = &w->m->rules;
    const struct delivery d = deliver(w, r, RT_QUARTERS * w->interval + q);
    if (d.missed_mwh <= 0)
        return ERR_OK;
    struct settle_interval_line line = charging_of_resource(w, CHARGE_6456, r);
    line.minute = 15 * q;
    line.length_min = 15;
    line.quantity_mwh = d.missed_mwh;
    line.amount_usd =
        charge_6456_usd(d.missed_mwh - d.declined_mwh,
                        charge_delivery_price(rules->delivery_accepted, d.usd_per_mwh,
                                              rules->delivery_floor),
                        d.declined_mwh,
                        charge_delivery_price(rules->delivery_declined, d.usd_per_mwh,
                                              rules->delivery_floor));
    line.price_usd = line.amount_usd / d.missed_mwh;
    money_add(sum, line.amount_usd);
    return charging_add(w, line);
}

enum err_code charge_ties(struct charging *w)
{
    const struct market *m = w->m;
    struct money_sum sum = {0};
    enum err_code code = ERR_OK;
    if (!w->rt)
        return ERR_OK;
    for (int32_t r = 0; r < m->n_resource; r++)
        if (resource_type_is_tie(m->resource[r].type) &&
            m->resource[r].tie_option != TIE_OPTION_DYNAMIC)
            for (int32_t q = 0; q < RT_QUARTERS && !code; q++)
                code = charge_quarter(w, r, q, &sum);
    double paid_usd = money_total_usd(&sum);
    if (code || paid_usd <= 0)
        return code;
    return charging_divide_measured(w, CHARGE_6457, paid_usd, charge_offset_usd);
}
