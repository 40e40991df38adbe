/*
 * bid_book.h - rows of a bid table into a book: one bid per owner and interval.
 *
 * A row holds for one hour of one date, for an hour of every date, for every hour of a
 * date, or for all. For each owner, interval and kind of bid only the most specific rows
 * count, in this order.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_BID_BOOK_H
#define SIM_INPUT_BID_BOOK_H

#include "sim/input/bid_stack.h"
#include "sim/input/scenario_parts.h"

struct book_source {
    struct csv_table
        *t; /* rows: id = owner, date = day (-1 any), kind set; bad = left out */
    int32_t n_owner;
    struct stack_rules (*rules_of)(const struct market *m, int32_t owner);
    /* MW of a self-schedule where an owner bids nothing, 0 = none; may add faults. */
    double (*otherwise_mw)(struct loading *l, int32_t owner, int32_t interval);
};

/* Fills *out (mem.h memory); without segments when the scenario has faults. */
MUST_CHECK enum err_code bid_book_build(struct loading *l,
                                        const struct book_source *source,
                                        struct book *out, struct err *err);

#endif
