/*
 * bid_rules.h - the bid rules of sim/admit/README.md as tables of small functions.
 *
 * Adding a rule: one line in ADMIT_RULE_MAP (admit.h), one function and its row in a
 * table of bid_rules.c, one test. Rules are asked in the order of the table; the first
 * that rejects ends the matter.
 *
 * Layer: sim/admit.
 */
#ifndef SIM_ADMIT_BID_RULES_H
#define SIM_ADMIT_BID_RULES_H

#include "sim/admit/admit.h"

enum {
    BID_REASON_SIZE = 320
};

/* What a rule is asked about: the bid of one owner in one interval of one day. */
struct bid_check {
    const struct market *m;
    int32_t owner, day;      /* owner: resource or position, as the table says */
    struct bid_segment *seg; /* [n] a rule may change the bid; it never grows */
    int32_t n, n_self;       /* self-schedules come first; n = 0: a standing rule */
    char reason[BID_REASON_SIZE]; /* written when not accepted: one sentence, no stop */
};

/* BID_ACCEPTED, BID_MODIFIED or BID_REJECTED. */
typedef enum bid_status (*bid_rule_fn)(struct bid_check *c);

struct bid_rule {
    enum admit_rule rule;
    bool standing; /* the answer is the same for all bids of an owner on a day */
    bid_rule_fn apply;
};

enum {
    BID_RULES_MOST = 16
};

/* The table for bids of resources or of virtual positions; *n <= BID_RULES_MOST. */
const struct bid_rule *bid_rules(enum admit_owner kind, int *n);

#endif
