/* rules_check.c - the parameters of the market, one beside the other. */
#include "sim/input/rules_check.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

// clang-format off
#define PENALTY(field, of_demand, of_supply) \
    {#field, offsetof(struct rules, field), of_demand, of_supply}
static const struct {
    const char *name;
    size_t offset;
    bool of_demand, of_supply; /* what is cut, or priced, in its place */
} penalties[] = {
    PENALTY(balance_schedule, true, false),
    PENALTY(balance_pricing, true, false),
    PENALTY(surplus_schedule, false, true),
    PENALTY(surplus_pricing, false, true),
    PENALTY(self_tor, true, true),
    PENALTY(self_etc, true, true),
    PENALTY(self_rmt, true, true),
    PENALTY(self_pt_demand, true, false),
    PENALTY(self_pt_supply, false, true),
    PENALTY(self_lpt_demand, true, false),
    PENALTY(self_lpt_supply, false, true),
};
#undef PENALTY
// clang-format on

/*
 * What gives way last must be worth more than any bid: were the cap above a penalty, the
 * market would cut load, or price its scarcity, below an offer that it had admitted.
 */
static void check_penalties(const struct rules *r, const struct yaml_value *market,
                            const struct source *src, struct err_list *faults)
{
    for (size_t i = 0; i < sizeof penalties / sizeof *penalties; i++) {
        double usd, cap = penalties[i].of_demand ? r->energy_bid_cap : 0;
        double dump = penalties[i].of_supply ? -r->energy_bid_floor : 0;
        bool is_cap = cap >= dump;
        memcpy(&usd, (const char *)r + penalties[i].offset, sizeof usd);
        if (usd >= fmax(cap, dump))
            continue;
        const char *bound = is_cap ? "energy_bid_cap" : "energy_bid_floor";
        const struct yaml_value *at = yaml_tree_child(market, penalties[i].name);
        if (!at)
            at = yaml_tree_child(market, bound);
        err_list_add(faults, source_at(src, at ? at->at : market->at),
                     "%s is %g and %s %g; expected a penalty of at least %g",
                     penalties[i].name, usd, bound, is_cap ? cap : -dump,
                     fmax(cap, dump));
    }
}

static const struct {
    const char *name, *above; /* the first may not be below the second */
    size_t offset, above_offset;
} ordered[] = {
#define NOT_BELOW(field, other)                                                  \
 {                                                                               \
#  field, #  other, offsetof(struct rules, field), offsetof(struct rules, other) \
 }
    NOT_BELOW(as_ru_schedule, as_bid_cap),
    NOT_BELOW(as_sr_schedule, as_bid_cap),
    NOT_BELOW(as_nr_schedule, as_bid_cap),
    NOT_BELOW(as_rd_schedule, as_bid_cap),
    NOT_BELOW(as_scarcity_nr_2, as_scarcity_nr_1),
    NOT_BELOW(as_scarcity_nr_3, as_scarcity_nr_2),
    NOT_BELOW(as_scarcity_nr_mw_2, as_scarcity_nr_mw_1),
    NOT_BELOW(as_scarcity_rd_2, as_scarcity_rd_1),
    NOT_BELOW(as_scarcity_rd_3, as_scarcity_rd_2),
    NOT_BELOW(as_scarcity_rd_mw_2, as_scarcity_rd_mw_1),
#undef NOT_BELOW
};

/* A shortage of services is worth more than any offer of them, and costs no less when it
 * grows. */
static void check_services(const struct rules *r, const struct yaml_value *market,
                           const struct source *src, struct err_list *faults)
{
    const char *rules = (const char *)r;
    for (size_t i = 0; i < sizeof ordered / sizeof *ordered; i++) {
        double value, least;
        memcpy(&value, rules + ordered[i].offset, sizeof value);
        memcpy(&least, rules + ordered[i].above_offset, sizeof least);
        if (value >= least)
            continue;
        const struct yaml_value *at = yaml_tree_child(market, ordered[i].name);
        if (!at)
            at = yaml_tree_child(market, ordered[i].above);
        err_list_add(faults, source_at(src, at ? at->at : market->at),
                     "%s is %g and %s %g; expected it no lower", ordered[i].name, value,
                     ordered[i].above, least);
    }
}

void rules_check(const struct rules *r, const struct yaml_value *market,
                 const struct source *src, struct err_list *faults)
{
    check_penalties(r, market, src, faults);
    check_services(r, market, src, faults);
}
