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
    double missed_mwh;   /* either way, beyond the tolerance */
    double declined_mwh; /* of that: declined late, or not answered */
    double usd_per_mwh;  /* the dearer of the two prices */
};

static size_t at(const struct charging *w, int32_t interval, int32_t r)
{
    return (size_t)interval * (size_t)w->m->n_resource + (size_t)r;
}

/* MW that the dispatch may ask for: the schedule, less what was declined late. */
static double left_mw(const struct charging *w, int32_t r, double scheduled_mw)
{
    const struct market *m = w->m;
    size_t hour = at(w, w->interval, r);
    double mw = fabs(scheduled_mw);
    return m->tie_response && m->tie_response[hour].late
               ? fmin(mw, fabs(w->rt->accepted_mw[hour]))
               : mw;
}

static bool is_unanswered(const struct charging *w, int32_t r)
{
    size_t hour = at(w, w->interval, r);
    return w->m->tie_response && !isnan(w->rt->accepted_mw[hour]) &&
           w->m->tie_response[hour].answer == TIE_ANSWER_NONE;
}

static struct delivery deliver(const struct charging *w, int32_t r, int32_t quarter)
{
    const struct rt_outcome *rt = w->rt;
    size_t n_node = (size_t)w->m->n_node, node = (size_t)w->m->resource[r].node;
    double scheduled_mw = rt->fmm.award_mw[at(w, quarter, r)];
    double scheduled_mwh = mwh_from_mw(scheduled_mw, rt->fmm.interval_h);
    double left = left_mw(w, r, scheduled_mw), metered_mwh = 0, cut_mwh = 0,
           rtd_usd = 0;
    for (int32_t k = 0; k < RT_FIVES_A_QUARTER; k++) {
        int32_t five = RT_FIVES_A_QUARTER * quarter + k;
        double cut_mw = left - fabs(rt->rtd.award_mw[at(w, five, r)]);
        metered_mwh += w->meter->energy_mwh[at(w, five, r)];
        cut_mwh += mwh_from_mw(fmax(0, cut_mw), rt->rtd.interval_h);
        rtd_usd += rt->rtd.lmp[(size_t)five * n_node + node] / RT_FIVES_A_QUARTER;
    }
    double wanted_mwh = copysign(fabs(scheduled_mwh) - cut_mwh, scheduled_mwh);
    struct delivery d = {
        .missed_mwh = fabs(wanted_mwh - metered_mwh) -
                      w->m->rules.delivery_tolerance * fabs(scheduled_mwh),
        .declined_mwh = fabs(scheduled_mwh) - mwh_from_mw(left, rt->fmm.interval_h),
        .usd_per_mwh = fmax(rt->fmm.lmp[(size_t)quarter * n_node + node], rtd_usd)};
    d.missed_mwh = d.missed_mwh > least_mwh ? d.missed_mwh : 0;
    d.declined_mwh =
        is_unanswered(w, r) ? d.missed_mwh : fmin(d.missed_mwh, d.declined_mwh);
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
