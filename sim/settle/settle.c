/* settle.c - one trade day through the charge codes. Numbers are equations of README.md. */
#include "sim/settle/settle.h"

#include <math.h>

#include "sim/base/mem.h"
#include "sim/settle/charge_code.h"
#include "sim/settle/charging.h"
#include "sim/settle/meter.h"
#include "sim/settle/statement.h"

/* A surplus below this share of the money moved is arithmetic, not congestion. */
static const double surplus_noise = 1e-10;

static double virtual_award_mwh(const struct charging *w, int32_t p)
{
    return mwh_from_mw(w->virtual_award_mw[p], market_duration_h(w->m));
}

/* (1), (2): energy at the price of its node; *surplus adds up what the ISO keeps, (3). */
static enum err_code charge_energy(struct charging *w, struct money_sum *surplus)
{
    const struct market *m = w->m;
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < m->n_resource && !code; r++) {
        struct settle_interval_line line = charging_of_resource(w, CHARGE_6011, r);
        line.quantity_mwh = charging_award_mwh(w, r);
        line.price_usd = w->lmp[m->resource[r].node];
        line.amount_usd = charge_6011_usd(line.quantity_mwh, line.price_usd);
        money_add(surplus, line.amount_usd);
        code = charging_add(w, line);
    }
    for (int32_t p = 0; p < m->n_virtual && !code; p++) {
        struct settle_interval_line line = charging_of_position(w, CHARGE_6013, p);
        line.quantity_mwh = virtual_award_mwh(w, p);
        line.price_usd = w->lmp[m->position[p].node];
        line.amount_usd = charge_6013_usd(line.quantity_mwh, line.price_usd);
        money_add(surplus, line.amount_usd);
        code = charging_add(w, line);
    }
    return code;
}

/* (10), (11): what was paid for losses and received by nobody, and (4) the rest. */
static enum err_code return_surplus(struct charging *w, const struct money_sum *surplus)
{
    double noise_usd = surplus_noise * surplus->moved_usd;
    double loss_usd = w->o->loss_surplus_usd[w->interval];
    double rest_usd = money_total_usd(surplus) - loss_usd;
    enum err_code code = ERR_OK;
    if (fabs(loss_usd) > noise_usd)
        code = charging_divide(w, CHARGE_6947, loss_usd, charge_6947_usd);
    if (!code && fabs(rest_usd) > noise_usd)
        code = charging_divide(w, CHARGE_6790, rest_usd, charge_6790_usd);
    return code;
}

/* (5) */
static enum err_code charge_market_services(struct charging *w)
{
    struct fee fee = {.code = CHARGE_4560};
    double rate = w->m->rules.market_services_rate;
    enum err_code code = ERR_OK;
    int32_t bidder = 0;
    for (int32_t r = 0; r < w->m->n_resource && !code; r++) {
        struct settle_interval_line line = charging_of_resource(w, CHARGE_4560, r);
        line.quantity_mwh =
            fabs(charging_award_mwh(w, r)) + charging_service_mwh(w, r, &bidder);
        line.price_usd = rate;
        line.amount_usd = charge_4560_usd(line.quantity_mwh, rate);
        code = charging_fee(w, line, &fee);
    }
    for (int32_t p = 0; p < w->m->n_virtual && !code; p++) {
        struct settle_interval_line line = charging_of_position(w, CHARGE_4560, p);
        line.quantity_mwh = fabs(virtual_award_mwh(w, p));
        line.price_usd = rate;
        line.amount_usd = charge_4560_usd(virtual_award_mwh(w, p), rate);
        code = charging_fee(w, line, &fee);
    }
    return code ? code : charging_fee_close(w, &fee);
}

/* Admitted offers of services and self-provisions of a resource; *bidder as in
 * charging_service_mwh. */
static int32_t count_offers(const struct charging *w, int32_t r, int32_t *bidder)
{
    const struct market *m = w->m;
    int32_t n = 0;
    for (; *bidder < m->n_service_bidder && m->service_bidder[*bidder].resource == r;
         ++*bidder) {
        const struct service_offer *o =
            &w->a->service_offer[(int64_t)w->interval * m->n_service_bidder + *bidder];
        n += (o->offer_mw > 0) + (o->self_mw > 0);
    }
    return n;
}

/* Pieces of a bid for real time of its own. */
static int32_t count_real_time(const struct charging *w, int32_t r)
{
    int32_t n = 0;
    if (w->rt && w->a->rt_bids.start)
        (void)book_bid(&w->a->rt_bids, r, w->interval, &n);
    return n;
}

/* (6) */
static enum err_code charge_bid_segments(struct charging *w)
{
    struct fee fee = {.code = CHARGE_4515};
    double each_usd = w->m->rules.bid_segment_fee;
    enum err_code code = ERR_OK;
    int32_t n, bidder = 0;
    for (int32_t r = 0; r < w->m->n_resource && !code; r++) {
        struct settle_interval_line line = charging_of_resource(w, CHARGE_4515, r);
        (void)book_bid(&w->a->bids, r, w->interval, &n);
        n += count_offers(w, r, &bidder) + count_real_time(w, r);
        line.quantity_mwh = n;
        line.price_usd = each_usd;
        line.amount_usd = charge_4515_usd(n, each_usd);
        code = charging_fee(w, line, &fee);
    }
    for (int32_t p = 0; p < w->m->n_virtual && !code; p++) {
        struct settle_interval_line line = charging_of_position(w, CHARGE_4515, p);
        (void)book_bid(&w->a->virtual_bids, p, w->interval, &n);
        line.quantity_mwh = n;
        line.price_usd = each_usd;
        line.amount_usd = charge_4515_usd(n, each_usd);
        code = charging_fee(w, line, &fee);
    }
    return code ? code : charging_fee_close(w, &fee);
}

static enum err_code charge_interval(struct charging *w)
{
    struct money_sum surplus = {0};
    enum err_code code = charge_energy(w, &surplus);
    if (!code)
        code = return_surplus(w, &surplus);
    if (!code)
        code = charge_services(w);
    if (!code)
        code = charge_ruc(w);
    if (!code)
        code = charge_real_time(w);
    if (!code)
        code = charge_flex(w);
    if (!code)
        code = charge_ties(w);
    if (!code)
        code = charge_market_services(w);
    if (!code)
        code = charge_bid_segments(w);
    if (!code)
        code = charge_regulator(w);
    return code;
}

static enum err_code charge_day(struct charging *w, int32_t day)
{
    const struct market *m = w->m;
    for (int32_t t = m->first_interval[day]; t < m->first_interval[day + 1]; t++) {
        charging_begin(w, t);
        enum err_code code = charge_interval(w);
        if (code)
            return code;
    }
    enum err_code code = charge_coordinators(w, day);
    return code ? code : charge_recovery(w, day);
}

static enum err_code allocate(const struct market *m, bool real_time,
                              struct settlement *s, struct err *err)
{
    size_t n_t = (size_t)m->n_interval, n = n_t * (size_t)m->n_resource;
    size_t n_price = n_t * (size_t)m->n_node;
    bool have = true;
    if (s->recovery[SETTLE_DAY_AHEAD].commitment)
        return ERR_OK;
    for (int k = 0; k < SETTLE_MARKETS; k++) {
        struct settle_recovery *of = &s->recovery[k];
        double **array[] = {&of->energy, &of->service, &of->revenue, &of->commitment};
        for (size_t i = 0; i < sizeof array / sizeof *array && have; i++) {
            *array[i] = ARENA_ARRAY(&s->arena, double, n);
            have = *array[i];
        }
    }
    s->committed_mwh = ARENA_ARRAY(&s->arena, double, n_t);
    s->residual_mwh = ARENA_ARRAY(&s->arena, double, n_t);
    have = have && s->committed_mwh && s->residual_mwh;
    double **price[] = {&s->load_price_usd, &s->load_congestion_usd, &s->load_loss_usd};
    for (size_t k = 0; k < sizeof price / sizeof *price && have && real_time; k++) {
        *price[k] = ARENA_ARRAY(&s->arena, double, n_price);
        have = *price[k];
        for (size_t i = 0; have && i < n_price; i++)
            (*price[k])[i] = (double)NAN;
    }
    return have ? ERR_OK : err_set(err, ERR_NOMEM, "cannot hold what is settled");
}

enum err_code settle_day(const struct settle_inputs *in, int32_t day,
                         struct settlement *s, struct err *err)
{
    const struct market *m = in->m;
    bool real_time = in->rt && in->rt->active;
    struct charging w = {.m = m,
                         .a = in->a,
                         .o = in->o,
                         .ruc = in->ruc && in->ruc->active ? in->ruc : NULL,
                         .rt = real_time ? in->rt : NULL,
                         .meter = real_time ? in->meter : NULL,
                         .mitigated = in->mitigated,
                         .s = s,
                         .err = err};
    int64_t first = s->n_interval_line;
    int32_t first_line = s->n_line;
    if (day < 0 || day >= m->n_day || (s->n_line && s->line[s->n_line - 1].day >= day))
        return err_set(err, ERR_BUG, "day %d is settled out of turn", day);
    w.measured_mwh = MEM_ARRAY(double, m->n_resource);
    w.by_sc = MEM_ARRAY(double, m->n_sc);
    w.node_load_mwh = MEM_ARRAY(double, (size_t)m->n_node *CHARGING_NODE_LOADS);
    enum err_code code = w.measured_mwh && w.by_sc && w.node_load_mwh
                             ? allocate(m, real_time, s, err)
                             : err_set(err, ERR_NOMEM, "cannot hold measured demand");
    if (!code)
        code = charge_day(&w, day);
    mem_free(w.measured_mwh);
    mem_free(w.by_sc);
    mem_free(w.node_load_mwh);
    if (!code) {
        statement_sort(s, first);
        code = statement_check_neutral(m, day, first, s, err);
    }
    if (!code)
        code = statement_append(m, day, first, s, err);
    if (!code)
        code = statement_merge(s, first, err);
    if (code) { /* as if the day had not been tried */
        s->n_interval_line = first;
        s->n_line = first_line;
    }
    return code;
}

void settlement_release(struct settlement *s)
{
    if (!s)
        return;
    mem_free(s->interval_line);
    mem_free(s->line);
    arena_release(&s->arena);
    *s = (struct settlement){0};
}
