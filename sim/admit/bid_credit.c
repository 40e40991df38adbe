/* bid_credit.c - the credit check of one trade date, rules E21 and E22 of README.md. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/admit/decision.h"
#include "sim/base/mem.h"
#include "sim/base/units.h"

/* Sums of money that differ by less than this, relatively, are the same. */
static const double same_money = 1e-12;

enum {
    TEXT_SIZE = 640
};

/* A bid that counts against the limit of its SC. */
struct exposed_bid {
    int32_t sc, owner, interval;
    double mw, exposure_usd;
    double with_smaller_usd; /* exposure of this bid and the SC's smaller ones */
};

struct exposed_bids {
    struct exposed_bid *bid; /* [n] owned; largest exposure of each SC first */
    size_t n, room;
};

/* The check of one day. */
struct credit_check {
    const struct market *m;
    struct admission *a;
    int32_t day;
    const struct admit_standing *standing; /* [n_sc] */
    double demand_price;
    struct exposed_bids demand, virtuals;
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "cannot allocate the credit check of bids");
}

static enum err_code add_bid(struct exposed_bids *list, struct exposed_bid bid,
                             struct err *err)
{
    if (list->n == list->room) {
        size_t room = list->room ? 2 * list->room : 256;
        struct exposed_bid *grown = mem_resize(list->bid, room, sizeof *grown);
        if (!grown)
            return no_memory(err);
        list->bid = grown;
        list->room = room;
    }
    list->bid[list->n++] = bid;
    return ERR_OK;
}

static int compare(const void *pa, const void *pb)
{
    const struct exposed_bid *x = pa, *y = pb;
    if (x->sc != y->sc)
        return x->sc < y->sc ? -1 : 1;
    if (x->exposure_usd < y->exposure_usd || x->exposure_usd > y->exposure_usd)
        return x->exposure_usd > y->exposure_usd ? -1 : 1;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    return (x->interval > y->interval) - (x->interval < y->interval);
}

/* All bids of one owner on the day, valued at price. */
static enum err_code add_owner(struct credit_check *k, struct exposed_bids *list,
                               const struct book *book, struct exposed_bid bid,
                               double price, struct err *err)
{
    const int32_t *first = k->m->first_interval;
    for (int32_t t = first[k->day]; t < first[k->day + 1]; t++) {
        int32_t n;
        const struct bid_segment *seg = book_bid(book, bid.owner, t, &n);
        if (n == 0)
            continue;
        bid.interval = t;
        bid.mw = seg[n - 1].to_mw;
        bid.exposure_usd = mwh_from_mw(bid.mw, market_duration_h(k->m)) * price;
        enum err_code code = add_bid(list, bid, err);
        if (code)
            return code;
    }
    return ERR_OK;
}

static enum err_code collect(struct credit_check *k, struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t r = 0; r < k->m->n_resource && !code; r++)
        if (resource_type_withdraws(k->m->resource[r].type))
            code =
                add_owner(k, &k->demand, &k->a->bids,
                          (struct exposed_bid){.sc = k->m->resource[r].sc, .owner = r},
                          k->demand_price, err);
    for (int32_t p = 0; p < k->m->n_virtual && !code; p++)
        code = add_owner(k, &k->virtuals, &k->a->virtual_bids,
                         (struct exposed_bid){.sc = k->m->position[p].sc, .owner = p},
                         admit_reference_price(k->m, p), err);
    if (code)
        return code;
    if (k->demand.n)
        qsort(k->demand.bid, k->demand.n, sizeof *k->demand.bid, compare);
    if (k->virtuals.n)
        qsort(k->virtuals.bid, k->virtuals.n, sizeof *k->virtuals.bid, compare);
    return ERR_OK;
}

static bool fits(double total_usd, double limit_usd)
{
    return total_usd <= limit_usd || num_close(total_usd, limit_usd, 0, same_money);
}

/*
 * Adds up from the smallest bid to the largest, so that what is left after the largest
 * have gone needs no subtraction. Returns the sum over all n bids of one SC.
 */
static double sum_up(struct exposed_bid *bid, size_t n)
{
    double sum_usd = 0;
    for (size_t i = n; i-- > 0;) {
        sum_usd += bid[i].exposure_usd;
        bid[i].with_smaller_usd = sum_usd;
    }
    return sum_usd;
}

/* Text built piece by piece; what does not fit is cut. */
struct text {
    char buf[TEXT_SIZE];
    size_t n;
};

static void text_add(struct text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void text_add(struct text *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(t->buf + t->n, sizeof t->buf - t->n, fmt, args);
    va_end(args);
    if (n > 0)
        t->n += (size_t)n;
    if (t->n >= sizeof t->buf)
        t->n = sizeof t->buf - 1;
}

static double credit_total(const struct admit_credit *c)
{
    return c->carried_usd + c->demand_admitted_usd + c->virtual_admitted_usd;
}

static void text_add_sum(struct text *t, const struct admit_credit *c)
{
    double total_usd = credit_total(c);
    bool good = fits(total_usd, c->limit_usd);
    text_add(t, "liability %.2f + demand %.2f + virtual %.2f = %.2f %s %.2f: %s",
             c->carried_usd, c->demand_admitted_usd, c->virtual_admitted_usd, total_usd,
             good ? "<=" : ">", c->limit_usd, good ? "fits" : "does not fit");
}

static enum err_code reject(struct credit_check *k, enum admit_rule rule,
                            enum admit_owner kind, const struct exposed_bid *bid,
                            const char *reason, struct err *err)
{
    struct admission *a = k->a;
    bool is_virtual = kind == ADMIT_VIRTUAL;
    const struct book *book = is_virtual ? &a->virtual_bids : &a->bids;
    int32_t n;
    const struct bid_segment *seg = book_bid(book, bid->owner, bid->interval, &n);
    struct admit_decision d = {.status = BID_REJECTED,
                               .rule = rule,
                               .owner_kind = kind,
                               .owner = bid->owner,
                               .sc = bid->sc,
                               .interval = bid->interval,
                               .before_mw = decision_extent_mw(seg, n),
                               .reason = reason};
    uint8_t *status = is_virtual ? a->virtual_status : a->status;
    status[(int64_t)bid->interval * book->n_owner + bid->owner] = BID_REJECTED;
    return decision_add(a, &d, err);
}

/* The n bids of one SC in a list that is sorted by SC, from *at on; moves *at on. */
static struct exposed_bid *take_sc(const struct exposed_bids *list, int32_t sc,
                                   size_t *at, size_t *n)
{
    size_t from = *at;
    while (*at < list->n && list->bid[*at].sc == sc)
        ++*at;
    *n = *at - from;
    return list->bid ? list->bid + from : NULL;
}

static enum err_code reject_portfolio(struct credit_check *k, struct admit_credit *row,
                                      const struct exposed_bid *bid, size_t n,
                                      struct text *t, struct err *err)
{
    struct text why = {.n = 0};
    text_add(&why, "the virtual portfolio of %zu bids: ", n);
    text_add_sum(&why, row);
    for (size_t i = 0; i < n; i++) {
        enum err_code code = reject(k, ADMIT_E21, ADMIT_VIRTUAL, &bid[i], why.buf, err);
        if (code)
            return code;
    }
    row->n_virtual_rejected = (int32_t)n;
    row->virtual_admitted_usd = 0;
    text_add(t, "; virtual portfolio of %zu bids rejected: ", n);
    text_add_sum(t, row);
    return ERR_OK;
}

static enum err_code reject_demand(struct credit_check *k, struct admit_credit *row,
                                   const struct exposed_bid *bid, size_t n,
                                   struct text *t, struct err *err)
{
    size_t gone = 0;
    while (gone < n && !fits(credit_total(row), row->limit_usd)) {
        struct text why = {.n = 0};
        text_add(
            &why,
            "demand of %.10g MW x %.10g h x %.2f USD/MWh = %.2f USD is the largest "
            "left: ",
            bid[gone].mw, market_duration_h(k->m), k->demand_price,
            bid[gone].exposure_usd);
        text_add_sum(&why, row);
        enum err_code code =
            reject(k, ADMIT_E21, ADMIT_RESOURCE, &bid[gone], why.buf, err);
        if (code)
            return code;
        gone++;
        row->demand_admitted_usd = gone < n ? bid[gone].with_smaller_usd : 0;
    }
    row->n_demand_rejected = (int32_t)gone;
    text_add(t, "; %zu of %zu demand bids rejected, largest first: ", gone, n);
    text_add_sum(t, row);
    return ERR_OK;
}

/* Who is in default buys nothing. */
static enum err_code suspend(struct credit_check *k, struct admit_credit *row,
                             const struct exposed_bid *demand, size_t n_demand,
                             const struct exposed_bid *virtuals, size_t n_virtual,
                             struct text *t, struct err *err)
{
    const struct admit_standing *is = &k->standing[row->sc];
    struct text why = {.n = 0};
    char date[11];
    enum err_code code = ERR_OK;
    date_format(is->call_due, date);
    text_add(&why, "suspended: a call for %.2f USD was due on %s and is not met",
             is->call_usd, date);
    for (size_t i = 0; i < n_virtual && !code; i++)
        code = reject(k, ADMIT_E22, ADMIT_VIRTUAL, &virtuals[i], why.buf, err);
    for (size_t i = 0; i < n_demand && !code; i++)
        code = reject(k, ADMIT_E22, ADMIT_RESOURCE, &demand[i], why.buf, err);
    row->n_virtual_rejected = (int32_t)n_virtual;
    row->n_demand_rejected = (int32_t)n_demand;
    row->virtual_admitted_usd = row->demand_admitted_usd = 0;
    row->suspended = true;
    text_add(t, "; %s", why.buf);
    return code;
}

static enum err_code check_sc(struct credit_check *k, struct admit_credit *row,
                              size_t *demand_at, size_t *virtual_at, struct err *err)
{
    const struct sc *sc = &k->m->sc[row->sc];
    size_t n_demand, n_virtual;
    struct exposed_bid *demand = take_sc(&k->demand, row->sc, demand_at, &n_demand);
    struct exposed_bid *virtuals =
        take_sc(&k->virtuals, row->sc, virtual_at, &n_virtual);
    row->limit_usd = sc->unsecured_limit_usd + k->standing[row->sc].security_usd;
    row->demand_usd = row->demand_admitted_usd = sum_up(demand, n_demand);
    row->virtual_usd = row->virtual_admitted_usd = sum_up(virtuals, n_virtual);
    struct text t = {.n = 0};
    text_add(&t, "limit %.2f = unsecured %.2f + security %.2f; ", row->limit_usd,
             sc->unsecured_limit_usd, k->standing[row->sc].security_usd);
    text_add_sum(&t, row);
    enum err_code code = ERR_OK;
    if (k->standing[row->sc].suspended) {
        code = suspend(k, row, demand, n_demand, virtuals, n_virtual, &t, err);
        n_demand = n_virtual = 0;
    }
    if (!code && n_virtual && !fits(credit_total(row), row->limit_usd))
        code = reject_portfolio(k, row, virtuals, n_virtual, &t, err);
    if (!code && n_demand && !fits(credit_total(row), row->limit_usd))
        code = reject_demand(k, row, demand, n_demand, &t, err);
    if (code)
        return code;
    row->arithmetic = arena_copy_text(&k->a->arena, t.buf, t.n);
    return row->arithmetic ? ERR_OK : no_memory(err);
}

/* Takes rejected bids out of an admitted book. */
static void compact(struct book *b, const uint8_t *status)
{
    int64_t n_out = 0, from = 0;
    for (int32_t o = 0; o < b->n_owner; o++) {
        for (int32_t t = 0; t < b->n_interval; t++) {
            int64_t *end = &b->start[(int64_t)o * b->n_interval + t + 1];
            int64_t n = *end - from;
            if (status[(int64_t)t * b->n_owner + o] == BID_REJECTED)
                n = 0;
            else if (n && from != n_out)
                memmove(b->seg + n_out, b->seg + from, (size_t)n * sizeof *b->seg);
            from = *end;
            n_out += n;
            *end = n_out;
        }
    }
}

static enum err_code check_all(struct credit_check *k, struct err *err)
{
    struct admission *a = k->a;
    size_t demand_at = 0, virtual_at = 0;
    int32_t n_decision = a->n_decision;
    for (int32_t sc = 0; sc < k->m->n_sc; sc++) {
        struct admit_credit *row = &a->credit[a->n_credit + sc];
        *row = (struct admit_credit){
            .sc = sc, .day = k->day, .carried_usd = k->standing[sc].liability_usd};
        enum err_code code = check_sc(k, row, &demand_at, &virtual_at, err);
        if (code)
            return code;
    }
    a->n_credit += k->m->n_sc;
    if (a->n_decision > n_decision) {
        compact(&a->bids, a->status);
        compact(&a->virtual_bids, a->virtual_status);
        decision_sort(a);
    }
    return ERR_OK;
}

enum err_code admit_credit(const struct market *m, int32_t day,
                           const struct admit_standing *standing, struct admission *a,
                           struct err *err)
{
    struct credit_check k = {.m = m, .a = a, .day = day, .standing = standing};
    if (day < 0 || day >= m->n_day || a->n_credit != day * m->n_sc)
        return err_set(err, ERR_BUG, "credit of day %d is checked out of turn", day);
    double price = m->rules.demand_reference_price;
    k.demand_price = price < 0 ? m->rules.energy_bid_cap : price;
    size_t n_credit = (size_t)a->n_credit + (size_t)m->n_sc;
    struct admit_credit *grown = mem_resize(a->credit, n_credit, sizeof *grown);
    enum err_code code = grown ? ERR_OK : no_memory(err);
    if (grown)
        a->credit = grown;
    if (!code)
        code = collect(&k, err);
    if (!code)
        code = check_all(&k, err);
    mem_free(k.demand.bid);
    mem_free(k.virtuals.bid);
    return code;
}
