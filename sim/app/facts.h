/*
 * facts.h - what a person wants to know about an outcome, gathered once.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_FACTS_H
#define SIM_APP_FACTS_H

#include "sim/app/run_pipeline.h"

/* A price, and the first node and interval that has it. */
struct price_fact {
    double usd_per_mwh;
    int32_t node, interval;
};

/* Of prices and limits, of any stage. */
struct price_facts {
    struct price_fact lowest, highest;
    int32_t n_binding; /* limits with a shadow price in some interval */
    int32_t dearest;   /* the one with the highest, -1 if none */
    int32_t dearest_interval;
    double dearest_usd_per_mwh;
    double rent_usd;
};

// clang-format off
/* Rules are counted by their enum admit_rule; FACT_RULES is how many there are. */
enum {
    FACT_NO_RULE,
#define FACT_RULE(id, text) FACT_##id,
    ADMIT_RULE_MAP(FACT_RULE)
#undef FACT_RULE
    FACT_RULES
};
// clang-format on

/* Of a whole market. */
struct run_facts {
    struct price_facts price;
    /* Of loads, not exports and storage: asked = served + declined + refused + cut. */
    double load_asked_mwh, load_served_mwh;
    double load_declined_mwh;   /* it would not pay the price */
    double load_refused_mwh;    /* not admitted: bid rules, credit */
    double load_cut_mwh;        /* self-schedules that could not be served */
    double average_usd_per_mwh; /* weighted by load served; NaN without load */
    int32_t n_rejected[FACT_RULES], n_modified[FACT_RULES]; /* bids, by rule */
    int32_t rejected, modified;
    int32_t n_call;    /* SCs that must post collateral */
    int32_t n_default; /* of these: past due */
    double call_usd;   /* what they must post together */
};

struct price_facts facts_of_prices(const struct outcome *o);
struct run_facts facts_of_run(const struct run *run);

enum {
    HOUR_TEXT_SIZE = 24
};
/* "HE 19", with the date before it where the market has several trade days. */
void facts_hour(const struct market *m, int32_t interval, char text[HOUR_TEXT_SIZE]);

#endif
