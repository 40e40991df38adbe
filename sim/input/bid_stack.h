/*
 * bid_stack.h - the pieces that one owner bids in one interval, stacked by MW.
 *
 * Rows are sorted by to_mw; an empty from_mw is the to_mw of the piece below. Pieces may
 * not overlap, self-schedules lie below energy pieces, and prices of energy pieces never
 * fall (withdrawals: never rise).
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_BID_STACK_H
#define SIM_INPUT_BID_STACK_H

#include "sim/input/tables.h"
#include "sim/model/market.h"

/* What the rules of a stack depend on. */
struct stack_rules {
    double first_mw; /* from_mw of a first energy piece that does not say */
    bool withdraws;
};

/*
 * Stacks row[0..n), sorted by to_mw, into seg[0..n). False if it is no proper stack. Each
 * fault is added once: its row is marked reported, and what conflicts with a row that was
 * reported is no news.
 */
bool bid_stack_build(struct bid_row *const *row, int32_t n,
                     const struct stack_rules *rules, struct csv_table *t,
                     struct err_list *faults, struct bid_segment *seg);

#endif
