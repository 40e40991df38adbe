/* settle.c - one trade day through the charge codes. Numbers are equations of README.md. */
#include "sim/settle/settle.h"

#include <math.h>

#include "sim/base/mem.h"
#include "sim/settle/charge_code.h"
#include "sim/settle/statement.h"

/* A surplus below this share of the money moved is arithmetic, not congestion. */
static const double surplus_noise = 1e-10;

/* One interval on its way through the charge codes. */
struct work {
    const struct market *m;
    const struct admission *a;
    const struct outcome *o;
    int32_t interval;
    const double *award_mw, *virtual_award_mw, *lmp; /* of the interval */
    struct settlement *s;
    struct err *err;
};

/* Zero amounts make no line. */
static enum err_code add_line(struct work *w, struct settle_interval_line line)
{
    struct settlement *s = w->s;
    if (line.amount_usd == 0) /* exactly: nothing was charged */
        return ERR_OK;
    if (s->n_interval_line == s->room_interval_line) {
        int64_t room = s->room_interval_line ? 2 * s->room_interval_line : 1024;
        struct settle_interval_line *grown =
            mem_resize(s->interval_line, (size_t)room, sizeof *grown);
        if (!grown)
            return err_set(w->err, ERR_NOMEM, "cannot allocate %lld settlement lines",
                           (long long)room);
        s->interval_line = grown;
        s->room_interval_line = room;
    }
    line.interval = w->interval;
    s->interval_line[s->n_interval_line++] = line;
    return ERR_OK;
}

static struct settle_interval_line resource_line(const struct work *w, int code,
                                                 int32_t r)
{
    return (struct settle_interval_line){
        .sc = w->m->resource[r].sc, .code = code, .resource = r, .position = -1};
}

static struct settle_interval_line position_line(const struct work *w, int code,
                                                 int32_t p)
{
    return (struct settle_interval_line){
        .sc = w->m->position[p].sc, .code = code, .resource = -1, .position = p};
}

static struct settle_interval_line iso_line(int code)
{
    return (struct settle_interval_line){
        .sc = SETTLE_ISO, .code = code, .resource = -1, .position = -1};
}

static double award_mwh(const struct work *w, int32_t r)
{
    return mwh_from_mw(w->award_mw[r], market_duration_h());
}

static double virtual_award_mwh(const struct work *w, int32_t p)
{
    return mwh_from_mw(w->virtual_award_mw[p], market_duration_h());
}

/* (1), (2): energy at the price of its node; *surplus adds up what the ISO keeps, (3). */
static enum err_code charge_energy(struct work *w, struct money_sum *surplus)
{
    const struct market *m = w->m;
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < m->n_resource && !code; r++) {
        struct settle_interval_line line = resource_line(w, CHARGE_6011, r);
        line.quantity_mwh = award_mwh(w, r);
        line.price_usd = w->lmp[m->resource[r].node];
        line.amount_usd = charge_6011_usd(line.quantity_mwh, line.price_usd);
        money_add(surplus, line.amount_usd);
        code = add_line(w, line);
    }
    for (int32_t p = 0; p < m->n_virtual && !code; p++) {
        struct settle_interval_line line = position_line(w, CHARGE_6013, p);
        line.quantity_mwh = virtual_award_mwh(w, p);
        line.price_usd = w->lmp[m->position[p].node];
        line.amount_usd = charge_6013_usd(line.quantity_mwh, line.price_usd);
        money_add(surplus, line.amount_usd);
        code = add_line(w, line);
    }
    return code;
}

/* What entitles a resource to a share of the surplus, MWh. */
static double scheduled_demand_mwh(const struct work *w, int32_t r)
{
    if (!resource_type_withdraws(w->m->resource[r].type))
        return 0;
    return fmax(0, -award_mwh(w, r));
}

static double any_award_mwh(const struct work *w, int32_t r)
{
    return fabs(award_mwh(w, r));
}

typedef double (*share_fn)(const struct work *w, int32_t r);

static double total_share_mwh(const struct work *w, share_fn share)
{
    double total_mwh = 0;
    for (int32_t r = 0; r < w->m->n_resource; r++)
        total_mwh += share(w, r);
    return total_mwh;
}

/* Returns an amount under a code by the shares (4): to scheduled demand, failing that to
 * awards, to the ISO. */
static enum err_code give_back(struct work *w, int charge, double surplus_usd)
{
    share_fn share = scheduled_demand_mwh;
    double total_mwh = total_share_mwh(w, share);
    if (total_mwh <= 0) {
        share = any_award_mwh;
        total_mwh = total_share_mwh(w, share);
    }
    if (total_mwh <= 0) {
        struct settle_interval_line line = iso_line(charge);
        line.amount_usd = -surplus_usd;
        return add_line(w, line);
    }
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < w->m->n_resource && !code; r++) {
        struct settle_interval_line line = resource_line(w, charge, r);
        line.quantity_mwh = share(w, r);
        line.price_usd = -surplus_usd / total_mwh;
        line.amount_usd =
            charge == CHARGE_6947
                ? charge_6947_usd(surplus_usd, line.quantity_mwh, total_mwh)
                : charge_6790_usd(surplus_usd, line.quantity_mwh, total_mwh);
        code = add_line(w, line);
    }
    return code;
}

/* (10), (11): what was paid for losses and received by nobody, and (4) the rest. */
static enum err_code return_surplus(struct work *w, const struct money_sum *surplus)
{
    double noise_usd = surplus_noise * surplus->moved_usd;
    double loss_usd = w->o->loss_surplus_usd[w->interval];
    double rest_usd = money_total_usd(surplus) - loss_usd;
    enum err_code code = ERR_OK;
    if (fabs(loss_usd) > noise_usd)
        code = give_back(w, CHARGE_6947, loss_usd);
    if (!code && fabs(rest_usd) > noise_usd)
        code = give_back(w, CHARGE_6790, rest_usd);
    return code;
}

/* Adds a line and its mirror in the ISO's account. */
static enum err_code add_fee(struct work *w, struct settle_interval_line line,
                             struct settle_interval_line *iso, struct money_sum *sum)
{
    iso->quantity_mwh += line.quantity_mwh;
    iso->price_usd = line.price_usd;
    money_add(sum, line.amount_usd);
    return add_line(w, line);
}

static enum err_code close_fee(struct work *w, struct settle_interval_line iso,
                               const struct money_sum *sum)
{
    iso.amount_usd = -money_total_usd(sum);
    return add_line(w, iso);
}

/* (5) */
static enum err_code charge_market_services(struct work *w)
{
    struct settle_interval_line iso = iso_line(CHARGE_4560);
    struct money_sum sum = {0};
    double rate = w->m->rules.market_services_rate;
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < w->m->n_resource && !code; r++) {
        struct settle_interval_line line = resource_line(w, CHARGE_4560, r);
        line.quantity_mwh = fabs(award_mwh(w, r));
        line.price_usd = rate;
        line.amount_usd = charge_4560_usd(award_mwh(w, r), rate);
        code = add_fee(w, line, &iso, &sum);
    }
    for (int32_t p = 0; p < w->m->n_virtual && !code; p++) {
        struct settle_interval_line line = position_line(w, CHARGE_4560, p);
        line.quantity_mwh = fabs(virtual_award_mwh(w, p));
        line.price_usd = rate;
        line.amount_usd = charge_4560_usd(virtual_award_mwh(w, p), rate);
        code = add_fee(w, line, &iso, &sum);
    }
    return code ? code : close_fee(w, iso, &sum);
}

/* (6) */
static enum err_code charge_bid_segments(struct work *w)
{
    struct settle_interval_line iso = iso_line(CHARGE_4515);
    struct money_sum sum = {0};
    double fee = w->m->rules.bid_segment_fee;
    enum err_code code = ERR_OK;
    int32_t n;
    for (int32_t r = 0; r < w->m->n_resource && !code; r++) {
        struct settle_interval_line line = resource_line(w, CHARGE_4515, r);
        (void)book_bid(&w->a->bids, r, w->interval, &n);
        line.quantity_mwh = n;
        line.price_usd = fee;
        line.amount_usd = charge_4515_usd(n, fee);
        code = add_fee(w, line, &iso, &sum);
    }
    for (int32_t p = 0; p < w->m->n_virtual && !code; p++) {
        struct settle_interval_line line = position_line(w, CHARGE_4515, p);
        (void)book_bid(&w->a->virtual_bids, p, w->interval, &n);
        line.quantity_mwh = n;
        line.price_usd = fee;
        line.amount_usd = charge_4515_usd(n, fee);
        code = add_fee(w, line, &iso, &sum);
    }
    return code ? code : close_fee(w, iso, &sum);
}

static enum err_code charge_interval(struct work *w)
{
    struct money_sum surplus = {0};
    enum err_code code = charge_energy(w, &surplus);
    if (!code)
        code = return_surplus(w, &surplus);
    if (!code)
        code = charge_market_services(w);
    if (!code)
        code = charge_bid_segments(w);
    return code;
}

static enum err_code charge_day(struct work *w, int32_t day)
{
    const struct market *m = w->m;
    for (int32_t t = m->first_interval[day]; t < m->first_interval[day + 1]; t++) {
        w->interval = t;
        w->award_mw = w->o->award_mw + (int64_t)t * m->n_resource;
        w->virtual_award_mw = w->o->virtual_award_mw + (int64_t)t * m->n_virtual;
        w->lmp = w->o->lmp + (int64_t)t * m->n_node;
        enum err_code code = charge_interval(w);
        if (code)
            return code;
    }
    return ERR_OK;
}

enum err_code settle_day(const struct market *m, const struct admission *a,
                         const struct outcome *o, int32_t day, struct settlement *s,
                         struct err *err)
{
    struct work w = {.m = m, .a = a, .o = o, .s = s, .err = err};
    int64_t first = s->n_interval_line;
    int32_t first_line = s->n_line;
    if (day < 0 || day >= m->n_day || (s->n_line && s->line[s->n_line - 1].day >= day))
        return err_set(err, ERR_BUG, "day %d is settled out of turn", day);
    enum err_code code = charge_day(&w, day);
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
    *s = (struct settlement){0};
}
