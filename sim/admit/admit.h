/*
 * admit.h - who may bid what: registration, bid validation, credit check of bids.
 *
 * Reads the market as submitted and produces the book that is cleared, plus one
 * decision for everything that was not taken as it stood. Rules carry the ids of the
 * list below (ADMIT_RULE_MAP); `gridclear schema --rules` prints it.
 *
 * Layer: sim/admit.
 */
#ifndef SIM_ADMIT_ADMIT_H
#define SIM_ADMIT_ADMIT_H

#include <stdint.h>

#include "sim/base/err.h"
#include "sim/model/market.h"

enum bid_status {
    BID_NONE, /* nothing submitted */
    BID_ACCEPTED,
    BID_MODIFIED,
    BID_REJECTED,
};

/* X(id, what the rule asks) in order of application. */
// clang-format off
#define ADMIT_RULE_MAP(X) \
    X(E02, "the scheduling coordinator is certified, the resource active and registered on the trade date") \
    X(E03, "a resource is certified for the ancillary service that it offers") \
    X(E04, "a curve has at most max_segments segments of at least min_segment MW") \
    X(E05, "every price lies within the bid cap and floor") \
    X(E06, "a curve starts at Pmin; a gap up to the first point is filled at its price") \
    X(E07, "self-schedules and curve are contiguous") \
    X(E08, "an ancillary service has as_min_size to certified MW; what the ramp rate cannot deliver in time is cut") \
    X(E09, "an ancillary service stands on an energy bid for the same hour") \
    X(E12, "demand response and DER aggregations keep their size, location and price rules") \
    X(E14, "virtual bids are at eligible nodes, at least virtual_min_size MW and within the nodal limit") \
    X(E15, "imports and exports are at the scheduling point of a tie") \
    X(E22, "no call for collateral of the scheduling coordinator is past due, or the bid does not buy") \
    X(E21, "the credit of the scheduling coordinator covers the bid")
// clang-format on

enum admit_rule {
    ADMIT_NO_RULE,
#define ADMIT_ENUM(id, text) ADMIT_##id,
    ADMIT_RULE_MAP(ADMIT_ENUM)
#undef ADMIT_ENUM
};

const char *admit_rule_id(enum admit_rule rule); /* "E02", "" for none */
const char *admit_rule_text(enum admit_rule rule);

enum admit_owner {
    ADMIT_RESOURCE,
    ADMIT_VIRTUAL,
    ADMIT_SERVICE,
    ADMIT_REAL_TIME, /* the real-time bid of a resource */
};

/* One bid that was modified or rejected, and why. Sorted by sc, owner kind, owner,
 * interval, rule. */
struct admit_decision {
    enum bid_status status;
    enum admit_rule rule;
    enum admit_owner owner_kind;
    int32_t owner; /* resource (also of its real-time bid), virtual position or bidder
                      of a service */
    int32_t sc;
    int32_t interval;
    double before_mw, after_mw; /* extent of the bid: sum of |segment widths| */
    const char *reason; /* one sentence with the numbers, owned by the admission */
};

/* What the credit check of one SC starts from. */
struct admit_standing {
    double liability_usd; /* what it owes when the day starts */
    double security_usd;  /* posted by then */
    bool suspended;       /* a call for call_usd was due on call_due and is not met */
    double call_usd;
    date_t call_due;
};

/* The credit check of one SC on one trade date, before clearing. Money in USD. */
struct admit_credit {
    int32_t sc, day;
    double limit_usd;           /* unsecured + security */
    bool suspended;             /* by rule E22 */
    double carried_usd;         /* liability when the day starts */
    double demand_usd;          /* exposure of its demand bids as submitted */
    double virtual_usd;         /* exposure of its virtual portfolio as submitted */
    double demand_admitted_usd; /* after the check */
    double virtual_admitted_usd;
    int32_t n_demand_rejected, n_virtual_rejected; /* bids */
    const char *arithmetic;                        /* the sum in words and numbers */
};

struct admission {
    struct arena arena; /* owns texts */
    struct book bids;   /* admitted, same shape as market.bids; mem.h memory */
    struct book virtual_bids;
    struct book rt_bids; /* of market.rt_bids; read it by admit_real_time_bid */
    /*
     * Of plants, what they bid in each configuration: of .bids, of .rt_bids, and default
     * energy bids; owners: configurations, in whose range they lie. .start NULL = none.
     */
    struct book configuration_bids, rt_configuration_bids, configuration_default_bids;
    uint8_t *rt_status;      /* [n_interval][n_resource], all 0 where there are none */
    uint8_t *status;         /* [n_interval][n_resource] enum bid_status, owned */
    uint8_t *virtual_status; /* [n_interval][n_virtual], owned */
    struct service_offer *service_offer; /* [n_interval][n_service_bidder] owned */
    uint8_t *service_status;             /* likewise, enum bid_status */
    struct admit_decision *decision;     /* [n_decision] owned */
    int32_t n_decision, room_decision;
    struct admit_credit
        *credit; /* [n_credit] = [n_day][n_sc] those decided so far, owned */
    int32_t n_credit;
};

/*
 * Registration and bid rules for all days. carried_usd of the credit check differs by
 * day, so credit is a second step.
 */
MUST_CHECK enum err_code admit_bids(const struct market *m, struct admission *out,
                                    struct err *err);

/*
 * Credit check of one trade day: standing[n_sc], as carried in or as left by the day
 * before. A virtual portfolio that does not
 * fit beside everything else is rejected as a whole; demand bids (loads and exports)
 * that still do not fit are rejected one by one, the largest exposure first. Who is
 * suspended has both rejected entirely.
 * Appends n_sc rows to a->credit and removes what was rejected from the admitted books.
 */
MUST_CHECK enum err_code admit_credit(const struct market *m, int32_t day,
                                      const struct admit_standing *standing,
                                      struct admission *a, struct err *err);
void admission_release(struct admission *a);

/*
 * What a resource bids in real time in an hour: its real-time bid, else, and where that was
 * rejected, its day-ahead bid.
 */
const struct bid_segment *admit_real_time_bid(const struct admission *a,
                                              int32_t resource, int32_t interval,
                                              int32_t *n);

/*
 * Fills the books of configurations of *a from its other books: the plant's self-schedules,
 * then the configuration's own curve (market.configuration_bids), or where it has none the
 * plant's with the configuration's adder, within energy_bid_floor and energy_bid_cap, and
 * as far as the plant's bid reaches. A default energy bid likewise.
 */
MUST_CHECK enum err_code admit_configurations(const struct market *m,
                                              struct admission *a, struct err *err);
/* What the plant bids in real time in an hour in which it is in configuration c. */
const struct bid_segment *admit_real_time_configuration(const struct admission *a,
                                                        const struct market *m,
                                                        int32_t c, int32_t interval,
                                                        int32_t *n);
/* "none", "accepted", "modified", "rejected". */
const char *bid_status_name(enum bid_status status);
/* Credit exposure of one MWh of a virtual position, USD: its node's, by side. */
double admit_reference_price(const struct market *m, int32_t position);

#endif
