/* charging.c - lines of an interval, and shares. */
#include "sim/settle/charging.h"

#include <math.h>

#include "sim/settle/statement.h"

double charging_award_mwh(const struct charging *w, int32_t r)
{
    return mwh_from_mw(w->award_mw[r], market_duration_h(w->m));
}

/* Withdrawal that was scheduled; where there is none, the size of any award. */
static double share_mwh(const struct charging *w, int32_t r)
{
    if (!w->demand_shares)
        return fabs(charging_award_mwh(w, r));
    if (!resource_type_withdraws(w->m->resource[r].type))
        return 0;
    return fmax(0, -charging_award_mwh(w, r));
}

/* Measured demand: what loads and exports took, by their meters. */
static void charging_measure(struct charging *w)
{
    size_t n = (size_t)w->m->n_resource;
    w->total_measured_mwh = 0;
    if (!w->meter)
        return;
    for (size_t r = 0; r < n; r++) {
        double sum = 0;
        if (resource_type_withdraws(w->m->resource[r].type))
            for (size_t k = 0; k < RT_FIVES; k++)
                sum -=
                    w->meter->energy_mwh[((size_t)w->interval * RT_FIVES + k) * n + r];
        w->measured_mwh[r] = fmax(0, sum);
        w->total_measured_mwh += w->measured_mwh[r];
    }
}

double charging_demand_mwh(const struct charging *w, int32_t r, double *total_mwh)
{
    bool measured = w->meter && w->total_measured_mwh > 0;
    *total_mwh = measured ? w->total_measured_mwh : w->total_share_mwh;
    return measured ? w->measured_mwh[r] : share_mwh(w, r);
}

void charging_begin(struct charging *w, int32_t interval)
{
    const struct market *m = w->m;
    w->interval = interval;
    w->award_mw = w->o->award_mw + (int64_t)interval * m->n_resource;
    w->virtual_award_mw = w->o->virtual_award_mw + (int64_t)interval * m->n_virtual;
    w->lmp = w->o->lmp + (int64_t)interval * m->n_node;
    w->total_share_mwh = 0;
    w->demand_shares = true;
    charging_measure(w);
    for (int32_t r = 0; r < m->n_resource; r++)
        w->total_share_mwh += share_mwh(w, r);
    if (w->total_share_mwh > 0)
        return;
    w->demand_shares = false;
    for (int32_t r = 0; r < m->n_resource; r++)
        w->total_share_mwh += share_mwh(w, r);
}

enum err_code charging_add(struct charging *w, struct settle_interval_line line)
{
    if (line.amount_usd == 0) /* exactly: nothing was charged */
        return ERR_OK;
    line.interval = w->interval;
    if (line.length_min == 0)
        line.length_min = 60;
    return statement_push_interval(w->s, line, w->err);
}

struct settle_interval_line charging_of_resource(const struct charging *w, int code,
                                                 int32_t r)
{
    return (struct settle_interval_line){
        .sc = w->m->resource[r].sc, .code = code, .resource = r, .position = -1};
}

struct settle_interval_line charging_of_position(const struct charging *w, int code,
                                                 int32_t p)
{
    return (struct settle_interval_line){
        .sc = w->m->position[p].sc, .code = code, .resource = -1, .position = p};
}

static struct settle_interval_line of_iso(int code)
{
    return (struct settle_interval_line){
        .sc = SETTLE_ISO, .code = code, .resource = -1, .position = -1};
}

enum err_code charging_fee(struct charging *w, struct settle_interval_line line,
                           struct fee *fee)
{
    fee->quantity += line.quantity_mwh;
    fee->price_usd = line.price_usd;
    money_add(&fee->sum, line.amount_usd);
    return charging_add(w, line);
}

enum err_code charging_fee_close(struct charging *w, const struct fee *fee)
{
    struct settle_interval_line iso = of_iso(fee->code);
    iso.quantity_mwh = fee->quantity;
    iso.price_usd = fee->price_usd;
    iso.amount_usd = -money_total_usd(&fee->sum);
    return charging_add(w, iso);
}

typedef double (*divided_usd)(double usd, double share_mwh, double total_mwh);

/* Nobody has a share: it stays with the ISO. */
static enum err_code keep(struct charging *w, int code, double usd)
{
    struct settle_interval_line line = of_iso(code);
    line.amount_usd = -usd;
    return charging_add(w, line);
}

static enum err_code divide_one(struct charging *w, int code, double usd, int32_t r,
                                double share_mwh, double total_mwh, divided_usd amount)
{
    struct settle_interval_line line = charging_of_resource(w, code, r);
    line.quantity_mwh = share_mwh;
    line.price_usd = -usd / total_mwh;
    line.amount_usd = amount(usd, share_mwh, total_mwh);
    return charging_add(w, line);
}

enum err_code charging_divide(struct charging *w, int code, double usd,
                              divided_usd amount_usd)
{
    enum err_code status = ERR_OK;
    if (w->total_share_mwh <= 0)
        return keep(w, code, usd);
    for (int32_t r = 0; r < w->m->n_resource && !status; r++)
        status = divide_one(w, code, usd, r, share_mwh(w, r), w->total_share_mwh,
                            amount_usd);
    return status;
}

enum err_code charging_divide_measured(struct charging *w, int code, double usd,
                                       divided_usd amount_usd)
{
    enum err_code status = ERR_OK;
    if (w->total_measured_mwh <= 0)
        return keep(w, code, usd);
    for (int32_t r = 0; r < w->m->n_resource && !status; r++)
        status = divide_one(w, code, usd, r, w->measured_mwh[r], w->total_measured_mwh,
                            amount_usd);
    return status;
}
