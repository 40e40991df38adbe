/* charge_flex.c - flexible ramping: who is paid for it, and who pays. */
#include <math.h>

#include "sim/settle/charge_code.h"
#include "sim/settle/charging.h"
#include "sim/settle/meter.h"
#include "sim/settle/statement.h"

/* One direction of ramping in the results of both runs. */
struct direction {
    int payment, allocation;
    const double *fmm_mw, *fmm_usd, *rtd_mw, *rtd_usd;
    bool in_rtd; /* five-minute runs ask for it, too */
};

static size_t at(const struct charging *w, int32_t interval, int32_t r)
{
    return (size_t)interval * (size_t)w->m->n_resource + (size_t)r;
}

static enum err_code add(struct charging *w, struct settle_interval_line line,
                         struct money_sum *sum)
{
    line.amount_usd = charge_flex_usd(line.quantity_mwh, line.price_usd);
    money_add(sum, line.amount_usd);
    return charging_add(w, line);
}

/* (32): a fifteen-minute award, and what the dispatch makes more or less of it. */
static enum err_code pay(struct charging *w, const struct direction *d, int32_t r,
                         struct money_sum *sum)
{
    enum err_code code = ERR_OK;
    for (int32_t q = 0; q < RT_QUARTERS && !code; q++) {
        int32_t quarter = RT_QUARTERS * w->interval + q;
        double fmm_mw = d->fmm_mw[at(w, quarter, r)];
        struct settle_interval_line line = charging_of_resource(w, d->payment, r);
        line.minute = 15 * q;
        line.length_min = 15;
        line.quantity_mwh = mwh_from_mw(fmm_mw, w->rt->fmm.interval_h);
        line.price_usd = d->fmm_usd[quarter];
        code = add(w, line, sum);
        for (int32_t k = 0; k < RT_FIVES_A_QUARTER && d->in_rtd && !code; k++) {
            int32_t five = RT_FIVES_A_QUARTER * quarter + k;
            line.minute = 15 * q + 5 * k;
            line.length_min = 5;
            line.quantity_mwh =
                mwh_from_mw(d->rtd_mw[at(w, five, r)] - fmm_mw, w->rt->rtd.interval_h);
            line.price_usd = d->rtd_usd[five];
            code = add(w, line, sum);
        }
    }
    return code;
}

static enum err_code charge_direction(struct charging *w, const struct direction *d)
{
    struct money_sum sum = {0};
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < w->m->n_resource && !code; r++)
        code = pay(w, d, r, &sum);
    double cost_usd = money_total_usd(&sum);
    if (code || fabs(cost_usd) <= 1e-10 * sum.moved_usd)
        return code;
    return charging_divide_measured(w, d->allocation, cost_usd, charge_offset_usd);
}

/* (33): everyone whose schedule moves needs ramping, or gives it. */
static enum err_code charge_moves(struct charging *w)
{
    const struct flex_outcome *f = &w->rt->fmm_flex;
    struct money_sum sum = {0};
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < w->m->n_resource; r++)
        for (int32_t q = 0; q < RT_QUARTERS && !code; q++) {
            int32_t quarter = RT_QUARTERS * w->interval + q;
            struct settle_interval_line line = charging_of_resource(w, CHARGE_7070, r);
            line.minute = 15 * q;
            line.length_min = 15;
            line.quantity_mwh =
                mwh_from_mw(f->move_mw[at(w, quarter, r)], w->rt->fmm.interval_h);
            line.price_usd = f->up_usd_per_mw[quarter] - f->down_usd_per_mw[quarter];
            code = add(w, line, &sum);
        }
    double left_usd = money_total_usd(&sum);
    if (code || fabs(left_usd) <= 1e-10 * sum.moved_usd)
        return code;
    return charging_divide_measured(w, CHARGE_7076, left_usd, charge_offset_usd);
}

static struct direction direction_of(const struct charging *w, bool up)
{
    const struct rules *rules = &w->m->rules;
    const struct flex_outcome *f = &w->rt->fmm_flex, *d = &w->rt->rtd_flex;
    if (up)
        return (struct direction){CHARGE_7071,
                                  CHARGE_7077,
                                  f->up_mw,
                                  f->up_usd_per_mw,
                                  d->up_mw,
                                  d->up_usd_per_mw,
                                  rules->flex_rtd_up_mw > 0};
    return (struct direction){CHARGE_7081,
                              CHARGE_7087,
                              f->down_mw,
                              f->down_usd_per_mw,
                              d->down_mw,
                              d->down_usd_per_mw,
                              rules->flex_rtd_down_mw > 0};
}

double charging_flex_usd(const struct charging *w, int32_t r)
{
    const struct flex_outcome *f = &w->rt->fmm_flex;
    double sum = 0;
    for (int side = 0; side < 2; side++) {
        const struct direction d = direction_of(w, side == 0);
        for (int32_t k = 0; k < RT_FIVES; k++) {
            int32_t five = RT_FIVES * w->interval + k;
            int32_t quarter = five / RT_FIVES_A_QUARTER;
            double fmm_mw = d.fmm_mw[at(w, quarter, r)];
            sum += fmm_mw * d.fmm_usd[quarter];
            if (d.in_rtd)
                sum += (d.rtd_mw[at(w, five, r)] - fmm_mw) * d.rtd_usd[five];
            if (side == 0)
                sum += f->move_mw[at(w, quarter, r)] *
                       (f->up_usd_per_mw[quarter] - f->down_usd_per_mw[quarter]);
        }
    }
    return sum / RT_FIVES;
}

enum err_code charge_flex(struct charging *w)
{
    if (!w->rt)
        return ERR_OK;
    const struct direction up = direction_of(w, true), down = direction_of(w, false);
    enum err_code code = charge_moves(w);
    if (!code)
        code = charge_direction(w, &up);
    return code ? code : charge_direction(w, &down);
}
