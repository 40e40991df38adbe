/* service_rules.c - one small function for each rule of ancillary services. */
#include "sim/admit/service_rules.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "sim/admit/bid_rules.h"
#include "sim/admit/decision.h"
#include "sim/base/mem.h"

static const double same_mw = 1e-9;

/* What a rule is asked about: one offer, which it may make smaller. */
struct service_check {
    const struct market *m;
    const struct admission *a;
    const struct resource *r;
    const struct service_bidder *bidder;
    int32_t interval;
    struct service_offer offer;
    char reason[BID_REASON_SIZE];
};

static enum bid_status say(struct service_check *c, enum bid_status status,
                           const char *fmt, ...) PRINTF_LIKE(3, 4);

static enum bid_status say(struct service_check *c, enum bid_status status,
                           const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(c->reason, sizeof c->reason, fmt, args);
    va_end(args);
    return status;
}

static double total_mw(const struct service_offer *o)
{
    return o->offer_mw + o->self_mw;
}

/* Who may bid energy at all may offer services: the standing rule of energy bids. */
static enum bid_status e02_registered(struct service_check *c)
{
    int n;
    const struct bid_rule *rule = bid_rules(ADMIT_RESOURCE, &n);
    struct bid_check ask = {.m = c->m,
                            .owner = c->bidder->resource,
                            .day = market_day_of(c->m, c->interval)};
    for (int i = 0; i < n; i++)
        if (rule[i].rule == ADMIT_E02 && rule[i].apply(&ask) == BID_REJECTED)
            return say(c, BID_REJECTED, "%s", ask.reason);
    return BID_ACCEPTED;
}

static enum bid_status e03_certified(struct service_check *c)
{
    if (c->r->certified_mw[c->bidder->service] > 0)
        return BID_ACCEPTED;
    return say(c, BID_REJECTED, "%s is not certified for %s", c->r->id,
               service_text(c->bidder->service));
}

static enum bid_status e05_price(struct service_check *c)
{
    double price = c->offer.price_usd_per_mw, cap = c->m->rules.as_bid_cap;
    if (c->offer.offer_mw <= 0 || (price >= 0 && price <= cap))
        return BID_ACCEPTED;
    return say(c, BID_REJECTED,
               "the price of %s is %.2f; expected 0.00 to the cap of %.2f USD/MW",
               service_text(c->bidder->service), price, cap);
}

static enum bid_status e08_size(struct service_check *c)
{
    double mw = total_mw(&c->offer), least = c->m->rules.as_min_size;
    double certified = c->r->certified_mw[c->bidder->service];
    const char *what = service_text(c->bidder->service);
    if (mw < least - same_mw)
        return say(c, BID_REJECTED, "%.10g MW of %s; expected at least %.10g MW", mw,
                   what, least);
    if (mw > certified + same_mw)
        return say(c, BID_REJECTED,
                   "%.10g MW of %s; %s is certified for %.10g MW of it", mw, what,
                   c->r->id, certified);
    return BID_ACCEPTED;
}

/* What is cut is offered before it is self-provided. */
static enum bid_status e08_ramp(struct service_check *c)
{
    double rate = c->bidder->service == SERVICE_RD ? c->r->ramp_down_mw_per_min
                                                   : c->r->ramp_up_mw_per_min;
    double in_time = rate * c->m->rules.as_deployment, mw = total_mw(&c->offer);
    if (mw <= in_time + same_mw)
        return BID_ACCEPTED;
    c->offer.self_mw = fmin(c->offer.self_mw, in_time);
    c->offer.offer_mw = in_time - c->offer.self_mw;
    return say(
        c, BID_MODIFIED,
        "%.10g MW of %s; cut to %.10g MW, what %.10g MW/min deliver in %.10g min", mw,
        service_text(c->bidder->service), in_time, rate, c->m->rules.as_deployment);
}

static enum bid_status e09_energy(struct service_check *c)
{
    int32_t n;
    (void)book_bid(&c->a->bids, c->bidder->resource, c->interval, &n);
    if (n > 0)
        return BID_ACCEPTED;
    return say(c, BID_REJECTED,
               "%.10g MW of %s without an admitted energy bid in the same hour",
               total_mw(&c->offer), service_text(c->bidder->service));
}

static const struct {
    enum admit_rule rule;
    enum bid_status (*apply)(struct service_check *c);
} rules[] = {
    {ADMIT_E02, e02_registered}, {ADMIT_E03, e03_certified}, {ADMIT_E05, e05_price},
    {ADMIT_E08, e08_size},       {ADMIT_E08, e08_ramp},      {ADMIT_E09, e09_energy},
};

/* Modifications are taken back if a later rule rejects the offer, as for energy bids. */
static enum err_code judge(struct service_check *c, int32_t owner, struct admission *a,
                           enum bid_status *status, struct err *err)
{
    int32_t first_decision = a->n_decision;
    struct admit_decision d = {.owner_kind = ADMIT_SERVICE,
                               .owner = owner,
                               .sc = c->r->sc,
                               .interval = c->interval,
                               .before_mw = total_mw(&c->offer),
                               .reason = c->reason};
    *status = BID_ACCEPTED;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        enum bid_status said = rules[i].apply(c);
        if (said == BID_ACCEPTED)
            continue;
        if (said == BID_REJECTED) {
            c->offer = (struct service_offer){0};
            a->n_decision = first_decision;
        }
        *status = d.status = said;
        d.rule = rules[i].rule;
        d.after_mw = total_mw(&c->offer);
        enum err_code code = decision_add(a, &d, err);
        if (code || said == BID_REJECTED)
            return code;
    }
    return ERR_OK;
}

enum err_code admit_services(const struct market *m, struct admission *a,
                             struct err *err)
{
    size_t n = (size_t)m->n_interval * (size_t)m->n_service_bidder;
    a->service_offer = MEM_ARRAY(struct service_offer, n);
    a->service_status = MEM_ARRAY(uint8_t, n);
    if (!a->service_offer || !a->service_status)
        return err_set(err, ERR_NOMEM, "cannot allocate %zu admitted offers", n);
    for (size_t k = 0; k < n; k++) {
        int32_t owner = (int32_t)(k % (size_t)m->n_service_bidder);
        const struct service_bidder *bidder = &m->service_bidder[owner];
        struct service_check c = {.m = m,
                                  .a = a,
                                  .r = &m->resource[bidder->resource],
                                  .bidder = bidder,
                                  .interval =
                                      (int32_t)(k / (size_t)m->n_service_bidder),
                                  .offer = m->service_offer[k]};
        enum bid_status status = BID_NONE;
        if (total_mw(&c.offer) > 0) {
            enum err_code code = judge(&c, owner, a, &status, err);
            if (code)
                return code;
        }
        a->service_offer[k] = c.offer;
        a->service_status[k] = (uint8_t)status;
    }
    return ERR_OK;
}
