/* charge_real_time.c - energy beyond the day-ahead schedule, hour by hour. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "sim/settle/charge_code.h"
#include "sim/settle/charging.h"
#include "sim/settle/meter.h"
#include "sim/settle/statement.h"

/* What is left over below this share of the money moved is arithmetic. */
static const double noise = 1e-10;
/* Differences below this are arithmetic: awards are recorded in steps of 1e-9 MW. */
static const double least_mwh = 1e-9;

/* Money of an hour by the component of the price that it is for. */
struct parts {
    struct money_sum energy, congestion, loss;
};

/* A price and its components. */
struct price {
    double lmp, congestion, loss;
};

static struct price price_at(const struct outcome *o, int32_t interval, int32_t node)
{
    size_t at = (size_t)interval * (size_t)o->n_node + (size_t)node;
    return (struct price){o->lmp[at], o->lmp_congestion[at], o->lmp_loss[at]};
}

static double mwh_of(const struct outcome *o, int32_t interval, int32_t r)
{
    return mwh_from_mw(
        o->award_mw[(size_t)interval * (size_t)o->n_resource + (size_t)r],
        o->interval_h);
}

/* Adds a line of quantity x price; what it pays for each component into *sum. */
static enum err_code add(struct charging *w, struct settle_interval_line line,
                         const struct price *price, struct parts *sum)
{
    if (fabs(line.quantity_mwh) < least_mwh)
        return ERR_OK;
    double per_usd_price = line.quantity_mwh; /* amount = -quantity x price */
    double congestion = -per_usd_price * price->congestion;
    double loss = -per_usd_price * price->loss;
    money_add(&sum->congestion, congestion);
    money_add(&sum->loss, loss);
    money_add(&sum->energy, line.amount_usd - congestion - loss);
    return charging_add(w, line);
}

/* ---- resources that are dispatched ---- */

static enum err_code charge_five(struct charging *w, int32_t r, int32_t k,
                                 struct parts *sum)
{
    const struct rt_outcome *rt = w->rt;
    int32_t five = RT_FIVES * w->interval + k, quarter = five / RT_FIVES_A_QUARTER;
    double day_mwh = charging_award_mwh(w, r) / RT_FIVES;
    double fmm_mwh = mwh_of(&rt->fmm, quarter, r) / RT_FIVES_A_QUARTER;
    double rtd_mwh = mwh_of(&rt->rtd, five, r);
    double meter_mwh =
        w->meter->energy_mwh[(size_t)five * (size_t)w->m->n_resource + (size_t)r];
    int32_t node = w->m->resource[r].node;
    struct price fmm = price_at(&rt->fmm, quarter, node);
    struct price rtd = price_at(&rt->rtd, five, node);
    struct settle_interval_line line = charging_of_resource(w, CHARGE_6460, r);
    line.minute = 5 * k;
    line.length_min = 5;
    line.quantity_mwh = fmm_mwh - day_mwh;
    line.price_usd = fmm.lmp;
    line.amount_usd = charge_6460_usd(fmm_mwh, day_mwh, fmm.lmp);
    enum err_code code = add(w, line, &fmm, sum);
    line.code = CHARGE_6470;
    line.quantity_mwh = rtd_mwh - fmm_mwh;
    line.price_usd = rtd.lmp;
    line.amount_usd = charge_6470_usd(rtd_mwh, fmm_mwh, rtd.lmp);
    if (!code)
        code = add(w, line, &rtd, sum);
    line.code = CHARGE_6475;
    line.quantity_mwh = meter_mwh - rtd_mwh;
    line.amount_usd = charge_6475_usd(meter_mwh, rtd_mwh, rtd.lmp);
    return code ? code : add(w, line, &rtd, sum);
}

/* ---- loads ---- */

/* Changes of the loads of a node in the runs of the hour, as weights of its price. */
struct weighted {
    double weight, usd, congestion, loss, least, most;
};

static void weigh(struct weighted *sum, double mwh, struct price p)
{
    sum->weight += mwh;
    sum->usd += mwh * p.lmp;
    sum->congestion += mwh * p.congestion;
    sum->loss += mwh * p.loss;
    sum->least = fmin(sum->least, p.lmp);
    sum->most = fmax(sum->most, p.lmp);
}

/* Where the hour's load of a node stands in charging.node_load_mwh: the day-ahead hour,
 * its quarters, its fives. */
enum {
    DAY_AHEAD,
    QUARTER,
    FIVE = QUARTER + RT_QUARTERS,
};
static_assert(FIVE + RT_FIVES == CHARGING_NODE_LOADS, "a column for each interval");

/* Energy of all loads of every node in the runs of the hour, withdrawal positive. */
static void find_node_loads(struct charging *w)
{
    const struct market *m = w->m;
    memset(w->node_load_mwh, 0,
           (size_t)m->n_node * CHARGING_NODE_LOADS * sizeof *w->node_load_mwh);
    for (int32_t r = 0; r < m->n_resource; r++) {
        if (m->resource[r].type != RESOURCE_LOAD)
            continue;
        double *sum =
            w->node_load_mwh + (size_t)m->resource[r].node * CHARGING_NODE_LOADS;
        sum[DAY_AHEAD] -= mwh_of(w->o, w->interval, r);
        for (int32_t q = 0; q < RT_QUARTERS; q++)
            sum[QUARTER + q] -= mwh_of(&w->rt->fmm, RT_QUARTERS * w->interval + q, r);
        for (int32_t k = 0; k < RT_FIVES; k++)
            sum[FIVE + k] -= mwh_of(&w->rt->rtd, RT_FIVES * w->interval + k, r);
    }
}

/*
 * (22): the hourly real-time price of load at a node: prices of the runs weighted with
 * what each run changed, within the prices of the hour; their mean where nothing changed.
 */
static struct price load_price(const struct charging *w, int32_t node)
{
    const struct rt_outcome *rt = w->rt;
    struct weighted sum = {.least = INFINITY, .most = -INFINITY}, even = sum;
    const double *load_mwh = w->node_load_mwh + (size_t)node * CHARGING_NODE_LOADS;
    double day_mwh = load_mwh[DAY_AHEAD] / RT_QUARTERS;
    double moved_mwh = 0;
    for (int32_t q = 0; q < RT_QUARTERS; q++) {
        int32_t quarter = RT_QUARTERS * w->interval + q;
        double fmm_mwh = load_mwh[QUARTER + q];
        weigh(&sum, fmm_mwh - day_mwh, price_at(&rt->fmm, quarter, node));
        moved_mwh += fabs(fmm_mwh - day_mwh);
        for (int32_t k = 0; k < RT_FIVES_A_QUARTER; k++) {
            int32_t five = RT_FIVES_A_QUARTER * quarter + k;
            double change_mwh = load_mwh[FIVE + RT_FIVES_A_QUARTER * q + k] -
                                fmm_mwh / RT_FIVES_A_QUARTER;
            weigh(&sum, change_mwh, price_at(&rt->rtd, five, node));
            weigh(&even, 1, price_at(&rt->rtd, five, node));
            moved_mwh += fabs(change_mwh);
        }
    }
    if (fabs(sum.weight) < 1e-6 * moved_mwh + 1e-9)
        sum = even;
    double lmp = sum.usd / sum.weight;
    return (struct price){fmax(sum.least, fmin(sum.most, lmp)),
                          sum.congestion / sum.weight, sum.loss / sum.weight};
}

static enum err_code charge_load(struct charging *w, int32_t r, struct parts *sum)
{
    int32_t node = w->m->resource[r].node;
    struct price price = load_price(w, node);
    size_t at = (size_t)w->interval * (size_t)w->m->n_node + (size_t)node;
    w->s->load_price_usd[at] = price.lmp;
    w->s->load_congestion_usd[at] = price.congestion;
    w->s->load_loss_usd[at] = price.loss;
    double day_mwh = charging_award_mwh(w, r) / RT_FIVES;
    enum err_code code = ERR_OK;
    for (int32_t k = 0; k < RT_FIVES && !code; k++) {
        size_t five = (size_t)(RT_FIVES * w->interval + k);
        double meter_mwh =
            w->meter->energy_mwh[five * (size_t)w->m->n_resource + (size_t)r];
        struct settle_interval_line line = charging_of_resource(w, CHARGE_6475, r);
        line.minute = 5 * k;
        line.length_min = 5;
        line.quantity_mwh = meter_mwh - day_mwh;
        line.price_usd = price.lmp;
        line.amount_usd = charge_6475_usd(meter_mwh, day_mwh, price.lmp);
        code = add(w, line, &price, sum);
    }
    return code;
}

/* ---- virtual positions, unaccounted-for energy, the rest ---- */

static enum err_code charge_position(struct charging *w, int32_t p, struct parts *sum)
{
    struct price mean = {0};
    for (int32_t q = 0; q < RT_QUARTERS; q++) {
        struct price one = price_at(&w->rt->fmm, RT_QUARTERS * w->interval + q,
                                    w->m->position[p].node);
        mean.lmp += one.lmp / RT_QUARTERS;
        mean.congestion += one.congestion / RT_QUARTERS;
        mean.loss += one.loss / RT_QUARTERS;
    }
    double award_mwh = mwh_from_mw(w->virtual_award_mw[p], market_duration_h(w->m));
    struct settle_interval_line line = charging_of_position(w, CHARGE_6473, p);
    line.quantity_mwh = -award_mwh;
    line.price_usd = mean.lmp;
    line.amount_usd = charge_6473_usd(award_mwh, mean.lmp);
    return add(w, line, &mean, sum);
}

static int32_t area_of(const struct charging *w, int32_t r)
{
    return w->meter->n_area > 1 ? w->m->node[w->m->resource[r].node].area : 0;
}

/* Measured demand of an area, and the price of its load, weighted with that. */
static double area_price(const struct charging *w, int32_t area, double *total_mwh)
{
    double usd_per_mwh = 0;
    *total_mwh = 0;
    for (int32_t r = 0; r < w->m->n_resource; r++)
        *total_mwh += area_of(w, r) == area ? w->measured_mwh[r] : 0;
    for (int32_t r = 0; r<w->m->n_resource && * total_mwh> 0; r++)
        if (w->measured_mwh[r] > 0 && area_of(w, r) == area)
            usd_per_mwh += load_price(w, w->m->resource[r].node).lmp *
                           w->measured_mwh[r] / *total_mwh;
    return usd_per_mwh;
}

/* (23) of one area: at the price of its load, weighted with measured demand. */
static enum err_code charge_area(struct charging *w, int32_t area, struct parts *sum)
{
    int32_t n_area = w->meter->n_area;
    double ufe_mwh = w->meter->area_unaccounted_mwh[w->interval * n_area + area];
    double total_mwh;
    enum err_code code = ERR_OK;
    if (fabs(ufe_mwh) < 1e-6)
        return ERR_OK;
    double usd_per_mwh = area_price(w, area, &total_mwh);
    if (total_mwh <= 0)
        return ERR_OK;
    for (int32_t r = 0; r < w->m->n_resource && !code; r++) {
        if (area_of(w, r) != area)
            continue;
        struct settle_interval_line line = charging_of_resource(w, CHARGE_6474, r);
        line.quantity_mwh = -ufe_mwh * (w->measured_mwh[r] / total_mwh);
        line.price_usd = usd_per_mwh;
        line.amount_usd =
            charge_6474_usd(ufe_mwh * usd_per_mwh, w->measured_mwh[r], total_mwh);
        money_add(&sum->energy, line.amount_usd);
        code = charging_add(w, line);
    }
    return code;
}

static enum err_code charge_unaccounted(struct charging *w, struct parts *sum)
{
    enum err_code code = ERR_OK;
    for (int32_t area = 0; area < w->meter->n_area && !code; area++)
        code = charge_area(w, area, sum);
    return code;
}

static enum err_code charge_subsystem(struct charging *w, int32_t area,
                                      struct parts *sum)
{
    const struct rules *rules = &w->m->rules;
    double total_mwh, usd_per_mwh = fmax(0, area_price(w, area, &total_mwh));
    double deviation_mwh =
        w->meter->area_deviation_mwh[w->interval * w->meter->n_area + area]; /* (43) */
    double band_mwh = rules->mss_band * total_mwh;
    bool excess = deviation_mwh > 0;
    double price =
        usd_per_mwh * (excess ? rules->mss_excess_rate : rules->mss_deficit_rate);
    struct settle_interval_line line = {
        .sc = w->m->area[area].sc, .resource = -1, .position = -1, .price_usd = price};
    line.code = excess ? CHARGE_1407 : CHARGE_2407;
    line.quantity_mwh = fmax(0, fabs(deviation_mwh) - band_mwh);
    line.amount_usd = excess ? charge_1407_usd(deviation_mwh, band_mwh, price)
                             : charge_2407_usd(deviation_mwh, band_mwh, price);
    if (line.quantity_mwh < least_mwh)
        return ERR_OK;
    money_add(&sum->energy, line.amount_usd);
    return charging_add(w, line);
}

static enum err_code charge_subsystems(struct charging *w, struct parts *sum)
{
    enum err_code code = ERR_OK;
    for (int32_t area = 0; area < w->m->n_area && !code; area++)
        if (w->m->area[area].follows_load)
            code = charge_subsystem(w, area, sum);
    return code;
}

static enum err_code offset(struct charging *w, int charge, const struct money_sum *sum,
                            double moved_usd)
{
    double rest_usd = money_total_usd(sum);
    if (fabs(rest_usd) <= noise * moved_usd)
        return ERR_OK;
    return charging_divide_measured(w, charge, rest_usd, charge_offset_usd);
}

static enum err_code charge_operations(struct charging *w)
{
    struct fee fee = {.code = CHARGE_4561};
    double rate = w->m->rules.system_operations_rate;
    size_t n = (size_t)w->m->n_resource;
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < w->m->n_resource && !code; r++) {
        struct settle_interval_line line = charging_of_resource(w, CHARGE_4561, r);
        for (size_t k = 0; k < RT_FIVES; k++)
            line.quantity_mwh += fabs(
                w->meter
                    ->energy_mwh[((size_t)w->interval * RT_FIVES + k) * n + (size_t)r]);
        line.price_usd = rate;
        line.amount_usd = charge_4561_usd(line.quantity_mwh, rate);
        code = charging_fee(w, line, &fee);
    }
    return code ? code : charging_fee_close(w, &fee);
}

enum err_code charge_real_time(struct charging *w)
{
    const struct market *m = w->m;
    struct parts sum = {0};
    enum err_code code = ERR_OK;
    if (!w->rt)
        return ERR_OK;
    find_node_loads(w);
    for (int32_t k = 0; k < RT_FIVES; k++)
        for (int32_t r = 0; r < m->n_resource && !code; r++)
            if (m->resource[r].type != RESOURCE_LOAD)
                code = charge_five(w, r, k, &sum);
    for (int32_t r = 0; r < m->n_resource && !code; r++)
        if (m->resource[r].type == RESOURCE_LOAD)
            code = charge_load(w, r, &sum);
    for (int32_t p = 0; p < m->n_virtual && !code; p++)
        code = charge_position(w, p, &sum);
    if (!code)
        code = charge_unaccounted(w, &sum);
    if (!code)
        code = charge_subsystems(w, &sum);
    double moved_usd =
        sum.energy.moved_usd + sum.congestion.moved_usd + sum.loss.moved_usd;
    if (!code)
        code = offset(w, CHARGE_6477, &sum.energy, moved_usd);
    if (!code)
        code = offset(w, CHARGE_6774, &sum.congestion, moved_usd);
    if (!code)
        code = offset(w, CHARGE_6985, &sum.loss, moved_usd);
    return code ? code : charge_operations(w);
}
