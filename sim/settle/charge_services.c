/* charge_services.c - what ancillary services cost, and who pays. */
#include <math.h>

#include "sim/settle/charge_code.h"
#include "sim/settle/charging.h"
#include "sim/settle/statement.h"

/* What is left over below this share of the money moved is arithmetic. */
static const double noise = 1e-10;

static const struct {
    int payment, obligation;
} codes[SERVICES] = {
    [SERVICE_RU] = {CHARGE_6500, CHARGE_6594},
    [SERVICE_SR] = {CHARGE_6100, CHARGE_6194},
    [SERVICE_NR] = {CHARGE_6200, CHARGE_6294},
    [SERVICE_RD] = {CHARGE_6600, CHARGE_6694},
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

/* (12): MWh bought, and what they cost. */
static enum err_code pay(struct charging *w, enum service service, double *bought_mwh,
                         struct money_sum *sum)
{
    const struct market *m = w->m;
    enum err_code code = ERR_OK;
    *bought_mwh = 0;
    for (int32_t b = 0; b < m->n_service_bidder && !code; b++) {
        if (m->service_bidder[b].service != service)
            continue;
        struct settle_interval_line line = charging_of_resource(
            w, codes[service].payment, m->service_bidder[b].resource);
        line.quantity_mwh = paid_mwh(w, b);
        line.price_usd = w->o->service_bidder_usd_per_mw[bidder_at(w, b)];
        line.amount_usd = charge_service_usd(line.quantity_mwh, line.price_usd);
        *bought_mwh += line.quantity_mwh;
        money_add(sum, line.amount_usd);
        code = charging_add(w, line);
    }
    return code;
}

/* (14), (15): demand owes its share of what is required; what an SC provides itself
 * counts against it. */
static enum err_code oblige(struct charging *w, enum service service, double rate,
                            struct money_sum *sum)
{
    const struct market *m = w->m;
    enum err_code code = ERR_OK;
    double required_mwh = mwh_from_mw(market_need_mw(m, w->interval, 0, service),
                                      market_duration_h(w->m));
    for (int32_t r = 0; r < m->n_resource && w->total_share_mwh > 0 && !code; r++) {
        struct settle_interval_line line =
            charging_of_resource(w, codes[service].obligation, r);
        line.quantity_mwh =
            required_mwh * (charging_share_mwh(w, r) / w->total_share_mwh);
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
        line.quantity_mwh = -self_mwh(w, b);
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
    double bought_mwh;
    struct money_sum paid = {0};
    enum err_code code = pay(w, service, &bought_mwh, &paid);
    double cost_usd = -money_total_usd(&paid);
    money_add(sum, -cost_usd);
    sum->moved_usd += paid.moved_usd;
    if (code)
        return code;
    return oblige(w, service, charge_user_rate(cost_usd, bought_mwh), sum);
}

/* (16): what better services cost that served for others, and what is short. */
static enum err_code close_services(struct charging *w, int charge,
                                    const struct money_sum *sum)
{
    double left_usd = money_total_usd(sum);
    if (fabs(left_usd) <= noise * sum->moved_usd)
        return ERR_OK;
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
