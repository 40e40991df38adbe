/* charge_services.c - what ancillary services cost, and who pays. */
#include <math.h>

#include "sim/settle/charge_code.h"
#include "sim/settle/charging.h"
#include "sim/settle/meter.h"
#include "sim/settle/statement.h"

/* What is left over below this share of the money moved is arithmetic. */
static const double noise = 1e-10;

static const struct {
    int payment, real_time, no_pay, obligation;
} codes[SERVICES] = {
    [SERVICE_RU] = {CHARGE_6500, CHARGE_6570, CHARGE_6524, CHARGE_6594},
    [SERVICE_SR] = {CHARGE_6100, CHARGE_6170, CHARGE_6124, CHARGE_6194},
    [SERVICE_NR] = {CHARGE_6200, CHARGE_6270, CHARGE_6224, CHARGE_6294},
    [SERVICE_RD] = {CHARGE_6600, CHARGE_6670, CHARGE_6624, CHARGE_6694},
};

/* What a service cost in the hour, and how much of it that bought. */
struct cost {
    struct money_sum paid;
    double bought_mwh;
};

static int64_t bidder_at(const struct charging *w, int32_t bidder)
{
    return (int64_t)w->interval * w->m->n_service_bidder + bidder;
}

static double self_mwh(const struct charging *w, int32_t bidder)
{
    return mwh_from_mw(w->o->service_self_mw[bidder_at(w, bidder)],
                       market_duration_h(w->m));
}

static double paid_mwh(const struct charging *w, int32_t bidder)
{
    return mwh_from_mw(w->o->service_mw[bidder_at(w, bidder)],
                       market_duration_h(w->m)) -
           self_mwh(w, bidder);
}

double charging_service_mwh(const struct charging *w, int32_t r, int32_t *bidder)
{
    const struct market *m = w->m;
    double sum = 0;
    for (; *bidder < m->n_service_bidder && m->service_bidder[*bidder].resource == r;
         ++*bidder)
        sum += paid_mwh(w, *bidder) + self_mwh(w, *bidder);
    return sum;
}

static enum err_code add(struct charging *w, struct settle_interval_line line,
                         struct cost *cost)
{
    cost->bought_mwh += line.quantity_mwh;
    money_add(&cost->paid, line.amount_usd);
    return charging_add(w, line);
}

/* (12) */
static enum err_code pay_day_ahead(struct charging *w, int32_t b, struct cost *cost)
{
    const struct service_bidder *is = &w->m->service_bidder[b];
    struct settle_interval_line line =
        charging_of_resource(w, codes[is->service].payment, is->resource);
    line.quantity_mwh = paid_mwh(w, b);
    line.price_usd = w->o->service_bidder_usd_per_mw[bidder_at(w, b)];
    line.amount_usd = charge_service_usd(line.quantity_mwh, line.price_usd);
    return add(w, line, cost);
}

/* What the fifteen-minute market bought of a bidder, and its price. */
static double bought_mw(const struct charging *w, int32_t quarter, int32_t b,
                        double *usd_per_mw)
{
    const struct outcome *o = &w->rt->fmm;
    size_t at = (size_t)quarter * (size_t)w->m->n_service_bidder + (size_t)b;
    *usd_per_mw = o->service_bidder_usd_per_mw[at];
    return o->service_mw[at] - o->service_self_mw[at];
}

/* (37) */
static enum err_code pay_real_time(struct charging *w, int32_t b, struct cost *cost)
{
    const struct service_bidder *is = &w->m->service_bidder[b];
    enum err_code code = ERR_OK;
    for (int32_t q = 0; q < RT_QUARTERS && !code; q++) {
        struct settle_interval_line line =
            charging_of_resource(w, codes[is->service].real_time, is->resource);
        line.minute = 15 * q;
        line.length_min = 15;
        line.quantity_mwh =
            mwh_from_mw(bought_mw(w, RT_QUARTERS * w->interval + q, b, &line.price_usd),
                        w->rt->fmm.interval_h);
        line.amount_usd = charge_service_usd(line.quantity_mwh, line.price_usd);
        code = add(w, line, cost);
    }
    return code;
}

/* Of all that a bidder was awarded by either market, the part that was not there. */
static double missing_share(const struct charging *w, int32_t five, int32_t b)
{
    double price;
    double missing_mw =
        w->meter->no_pay_mw[(size_t)five * (size_t)w->m->n_service_bidder + (size_t)b];
    double all_mw = w->o->service_mw[bidder_at(w, b)] +
                    bought_mw(w, five / RT_FIVES_A_QUARTER, b, &price);
    return missing_mw > 0 ? fmin(1, missing_mw / all_mw) : 0;
}

/* (38) */
static enum err_code claw_back(struct charging *w, int32_t b, struct cost *cost)
{
    const struct service_bidder *is = &w->m->service_bidder[b];
    double day_mwh = paid_mwh(w, b) / RT_FIVES;
    double day_usd = w->o->service_bidder_usd_per_mw[bidder_at(w, b)];
    enum err_code code = ERR_OK;
    for (int32_t k = 0; k < RT_FIVES && !code; k++) {
        int32_t five = RT_FIVES * w->interval + k;
        double share = missing_share(w, five, b), new_usd;
        double new_mwh =
            mwh_from_mw(bought_mw(w, five / RT_FIVES_A_QUARTER, b, &new_usd),
                        w->rt->rtd.interval_h);
        struct settle_interval_line line =
            charging_of_resource(w, codes[is->service].no_pay, is->resource);
        if (share <= 0 || day_mwh + new_mwh <= 0)
            continue;
        line.minute = 5 * k;
        line.length_min = 5;
        line.quantity_mwh = share * (day_mwh + new_mwh);
        line.price_usd = (day_mwh * day_usd + new_mwh * new_usd) / (day_mwh + new_mwh);
        line.amount_usd = charge_no_pay_usd(line.quantity_mwh, line.price_usd);
        cost->bought_mwh -= line.quantity_mwh;
        money_add(&cost->paid, line.amount_usd);
        code = charging_add(w, line);
    }
    return code;
}

static enum err_code pay(struct charging *w, enum service service, struct cost *cost)
{
    const struct market *m = w->m;
    enum err_code code = ERR_OK;
    for (int32_t b = 0; b < m->n_service_bidder && !code; b++) {
        if (m->service_bidder[b].service != service)
            continue;
        code = pay_day_ahead(w, b, cost);
        if (!code && w->rt)
            code = pay_real_time(w, b, cost);
        if (!code && w->rt)
            code = claw_back(w, b, cost);
    }
    return code;
}

/* Of what it provides itself, what was there. */
static double provided_mwh(const struct charging *w, int32_t b)
{
    double missing = 0;
    for (int32_t k = 0; k < RT_FIVES && w->rt; k++)
        missing += missing_share(w, RT_FIVES * w->interval + k, b) / RT_FIVES;
    return self_mwh(w, b) * (1 - missing);
}

/* What the system needs in the hour, in the market that needs more of it. */
static double needed_mwh(const struct charging *w, enum service service)
{
    const struct market *m = w->m;
    double mw = market_need_mw(m, m->required_mw, w->interval, 0, service);
    if (w->rt)
        mw = fmax(mw, market_need_mw(m, m->rt_required_mw, w->interval, 0, service));
    return mwh_from_mw(mw, market_duration_h(m));
}

/* (14), (15): demand owes its share of what is required; what an SC provides itself
 * counts against it. */
static enum err_code oblige(struct charging *w, enum service service, double rate,
                            struct money_sum *sum)
{
    const struct market *m = w->m;
    enum err_code code = ERR_OK;
    double required_mwh = needed_mwh(w, service);
    for (int32_t r = 0; r < m->n_resource && w->total_share_mwh > 0 && !code; r++) {
        struct settle_interval_line line =
            charging_of_resource(w, codes[service].obligation, r);
        double total_mwh, share_mwh = charging_demand_mwh(w, r, &total_mwh);
        line.quantity_mwh = required_mwh * (share_mwh / total_mwh);
        line.price_usd = rate;
        line.amount_usd = charge_obligation_usd(line.quantity_mwh, rate);
        money_add(sum, line.amount_usd);
        code = charging_add(w, line);
    }
    for (int32_t b = 0; b < m->n_service_bidder && !code; b++) {
        if (m->service_bidder[b].service != service)
            continue;
        struct settle_interval_line line = charging_of_resource(
            w, codes[service].obligation, m->service_bidder[b].resource);
        line.quantity_mwh = -provided_mwh(w, b);
        line.price_usd = rate;
        line.amount_usd = charge_obligation_usd(line.quantity_mwh, rate);
        money_add(sum, line.amount_usd);
        code = charging_add(w, line);
    }
    return code;
}

static enum err_code charge_service(struct charging *w, enum service service,
                                    struct money_sum *sum)
{
    struct cost cost = {0};
    enum err_code code = pay(w, service, &cost);
    double cost_usd = -money_total_usd(&cost.paid);
    money_add(sum, -cost_usd);
    sum->moved_usd += cost.paid.moved_usd;
    if (code)
        return code;
    return oblige(w, service, charge_user_rate(cost_usd, cost.bought_mwh), sum);
}

double charging_services_short_usd(const struct charging *w, int32_t r)
{
    const struct market *m = w->m;
    double sum = 0;
    for (int32_t b = 0; b < m->n_service_bidder; b++)
        for (int32_t k = 0; k < RT_FIVES && m->service_bidder[b].resource == r; k++) {
            int32_t five = RT_FIVES * w->interval + k;
            double usd, mw = bought_mw(w, five / RT_FIVES_A_QUARTER, b, &usd);
            sum += mw * (1 - missing_share(w, five, b)) *
                   (w->a->service_offer[bidder_at(w, b)].price_usd_per_mw - usd) *
                   w->rt->rtd.interval_h;
        }
    return sum;
}

/* (16): what better services cost that served for others, and what is short. */
static enum err_code close_services(struct charging *w, int charge,
                                    const struct money_sum *sum)
{
    double left_usd = money_total_usd(sum);
    if (fabs(left_usd) <= noise * sum->moved_usd)
        return ERR_OK;
    if (w->meter && w->total_measured_mwh > 0)
        return charging_divide_measured(w, charge, left_usd, charge_neutrality_usd);
    return charging_divide(w, charge, left_usd, charge_neutrality_usd);
}

enum err_code charge_services(struct charging *w)
{
    struct money_sum up = {0}, down = {0};
    enum err_code code = ERR_OK;
    if (w->m->n_service_region == 0)
        return ERR_OK;
    for (int s = 0; s < SERVICES && !code; s++)
        code = charge_service(w, (enum service)s, s == SERVICE_RD ? &down : &up);
    if (!code)
        code = close_services(w, CHARGE_6090, &up);
    return code ? code : close_services(w, CHARGE_6696, &down);
}
