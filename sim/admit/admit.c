/* admit.c - streams the submitted books through the rules. */
#include "sim/admit/admit.h"

#include <string.h>

#include "sim/admit/bid_rules.h"
#include "sim/admit/decision.h"
#include "sim/admit/service_rules.h"
#include "sim/base/mem.h"

const char *admit_rule_id(enum admit_rule rule)
{
    static const char *const id[] = {"",
#define RULE_ID(id, text) #id,
                                     ADMIT_RULE_MAP(RULE_ID)
#undef RULE_ID
    };
    return id[rule];
}

const char *admit_rule_text(enum admit_rule rule)
{
    static const char *const text[] = {"",
#define RULE_TEXT(id, text) text,
                                       ADMIT_RULE_MAP(RULE_TEXT)
#undef RULE_TEXT
    };
    return text[rule];
}

const char *bid_status_name(enum bid_status status)
{
    static const char *const name[] = {"none", "accepted", "modified", "rejected"};
    return name[status];
}

double admit_reference_price(const struct market *m, int32_t position)
{
    const struct virtual_position *p = &m->position[position];
    const struct node *node = &m->node[p->node];
    return p->side == VIRTUAL_SUPPLY ? node->reference_supply_usd_per_mwh
                                     : node->reference_demand_usd_per_mwh;
}

/* One kind of book on its way through the rules. */
struct stream {
    struct bid_check check;
    enum admit_owner kind;
    const struct book *in;
    struct book *out;
    uint8_t *status; /* [n_interval][n_owner] */
    const struct bid_rule *rule;
    int n_rule;
    /* Answers of the standing rules for the current owner and day. */
    bool refused[BID_RULES_MOST];
    char refusal[BID_RULES_MOST][BID_REASON_SIZE];
    struct admission *a;
};

static int32_t stream_sc(const struct stream *s)
{
    const struct market *m = s->check.m;
    return s->kind == ADMIT_VIRTUAL ? m->position[s->check.owner].sc
                                    : m->resource[s->check.owner].sc;
}

static void ask_standing_rules(struct stream *s)
{
    s->check.seg = NULL;
    s->check.n = s->check.n_self = 0;
    for (int i = 0; i < s->n_rule; i++) {
        s->refused[i] =
            s->rule[i].standing && s->rule[i].apply(&s->check) == BID_REJECTED;
        if (s->refused[i])
            memcpy(s->refusal[i], s->check.reason, sizeof s->refusal[i]);
    }
}

/*
 * Asks the rules in order about the bid in s->check. Modifications are written down as
 * they happen and taken back if a later rule rejects the bid: then the rejection is all
 * there is to say.
 */
static enum err_code judge(struct stream *s, int32_t interval, enum bid_status *status,
                           struct err *err)
{
    struct bid_check *c = &s->check;
    int32_t first_decision = s->a->n_decision;
    struct admit_decision d = {.owner_kind = s->kind,
                               .owner = c->owner,
                               .sc = stream_sc(s),
                               .interval = interval,
                               .before_mw = decision_extent_mw(c->seg, c->n)};
    *status = BID_ACCEPTED;
    for (int i = 0; i < s->n_rule; i++) {
        enum bid_status said = BID_ACCEPTED;
        d.reason = c->reason;
        if (!s->rule[i].standing) {
            said = s->rule[i].apply(c);
        } else if (s->refused[i]) {
            said = BID_REJECTED;
            d.reason = s->refusal[i];
        }
        if (said == BID_ACCEPTED)
            continue;
        d.rule = s->rule[i].rule;
        d.status = said;
        *status = said;
        if (said == BID_REJECTED) {
            c->n = 0;
            s->a->n_decision = first_decision;
        }
        d.after_mw = decision_extent_mw(c->seg, c->n);
        enum err_code code = decision_add(s->a, &d, err);
        if (code || said == BID_REJECTED)
            return code;
    }
    return ERR_OK;
}

static int32_t count_self(const struct bid_segment *seg, int32_t n)
{
    int32_t n_self = 0;
    while (n_self < n && bid_kind_is_self(seg[n_self].kind))
        n_self++;
    return n_self;
}

static enum err_code stream_day(struct stream *s, int32_t owner, int32_t day,
                                int64_t *n_out, struct err *err)
{
    const struct market *m = s->check.m;
    s->check.owner = owner;
    s->check.day = day;
    ask_standing_rules(s);
    for (int32_t t = m->first_interval[day]; t < m->first_interval[day + 1]; t++) {
        int32_t n;
        const struct bid_segment *seg = book_bid(s->in, owner, t, &n);
        enum bid_status status = BID_NONE;
        if (n) {
            s->check.seg = s->out->seg + *n_out;
            s->check.n = n;
            s->check.n_self = count_self(seg, n);
            memcpy(s->check.seg, seg, (size_t)n * sizeof *seg);
            enum err_code code = judge(s, t, &status, err);
            if (code)
                return code;
            *n_out += s->check.n;
        }
        s->status[(int64_t)t * s->in->n_owner + owner] = (uint8_t)status;
        s->out->start[(int64_t)owner * s->in->n_interval + t + 1] = *n_out;
    }
    return ERR_OK;
}

static enum err_code stream_book(struct stream *s, struct err *err)
{
    const struct book *in = s->in;
    size_t n_bid = (size_t)in->n_owner * (size_t)in->n_interval;
    size_t n_seg = in->start ? (size_t)in->start[n_bid] : 0;
    *s->out = (struct book){.n_owner = in->n_owner, .n_interval = in->n_interval};
    s->out->start = MEM_ARRAY(int64_t, n_bid + 1);
    s->out->seg = MEM_ARRAY(struct bid_segment, n_seg);
    if (!s->out->start || !s->out->seg)
        return err_set(err, ERR_NOMEM, "cannot allocate %zu admitted bid segments",
                       n_seg);
    if (n_bid == 0 || !in->start)
        return ERR_OK;
    s->rule = bid_rules(s->kind, &s->n_rule);
    int64_t n_out = 0;
    for (int32_t owner = 0; owner < in->n_owner; owner++) {
        for (int32_t day = 0; day < s->check.m->n_day; day++) {
            enum err_code code = stream_day(s, owner, day, &n_out, err);
            if (code)
                return code;
        }
    }
    return ERR_OK;
}

enum err_code admit_bids(const struct market *m, struct admission *out, struct err *err)
{
    *out = (struct admission){0};
    size_t n = (size_t)m->n_interval;
    out->status = MEM_ARRAY(uint8_t, n * (size_t)m->n_resource);
    out->virtual_status = MEM_ARRAY(uint8_t, n * (size_t)m->n_virtual);
    out->rt_status = MEM_ARRAY(uint8_t, n * (size_t)m->n_resource);
    if (!out->status || !out->virtual_status || !out->rt_status) {
        admission_release(out);
        return err_set(err, ERR_NOMEM, "cannot allocate the status of bids");
    }
    struct stream physical = {.check = {.m = m},
                              .kind = ADMIT_RESOURCE,
                              .in = &m->bids,
                              .out = &out->bids,
                              .status = out->status,
                              .a = out};
    struct stream virtuals = {.check = {.m = m},
                              .kind = ADMIT_VIRTUAL,
                              .in = &m->virtual_bids,
                              .out = &out->virtual_bids,
                              .status = out->virtual_status,
                              .a = out};
    struct stream real_time = {.check = {.m = m},
                               .kind = ADMIT_REAL_TIME,
                               .in = &m->rt_bids,
                               .out = &out->rt_bids,
                               .status = out->rt_status,
                               .a = out};
    enum err_code code = stream_book(&physical, err);
    if (!code)
        code = stream_book(&virtuals, err);
    if (!code && m->rt_bids.start)
        code = stream_book(&real_time, err);
    if (!code)
        code = admit_services(m, out, err);
    if (!code)
        code = admit_configurations(m, out, err);
    if (code) {
        admission_release(out);
        return code;
    }
    decision_sort(out);
    return ERR_OK;
}

const struct bid_segment *admit_real_time_bid(const struct admission *a,
                                              int32_t resource, int32_t interval,
                                              int32_t *n)
{
    if (a->rt_bids.start) {
        const struct bid_segment *bid = book_bid(&a->rt_bids, resource, interval, n);
        if (*n > 0)
            return bid;
    }
    return book_bid(&a->bids, resource, interval, n);
}

void admission_release(struct admission *a)
{
    if (!a)
        return;
    book_release(&a->bids);
    book_release(&a->virtual_bids);
    book_release(&a->rt_bids);
    book_release(&a->configuration_bids);
    book_release(&a->rt_configuration_bids);
    book_release(&a->configuration_default_bids);
    mem_free(a->rt_status);
    mem_free(a->status);
    mem_free(a->virtual_status);
    mem_free(a->service_offer);
    mem_free(a->service_status);
    mem_free(a->decision);
    mem_free(a->credit);
    arena_release(&a->arena);
    *a = (struct admission){0};
}
