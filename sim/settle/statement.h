/*
 * statement.h - interval lines into statement lines: neutrality, rounding, order.
 *
 * The lines of the day being settled are the last of settlement.interval_line, from
 * position first on; statement_merge then sorts them in among those of earlier days.
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_STATEMENT_H
#define SIM_SETTLE_STATEMENT_H

#include "sim/settle/settle.h"

/* A sum that does not depend on which addend is large (Neumaier, 1974). {0} is zero. */
struct money_sum {
    double sum_usd, lost_usd;
    double moved_usd; /* sum of magnitudes */
};
void money_add(struct money_sum *s, double amount_usd);
double money_total_usd(const struct money_sum *s);

/* Statements hold no more than this many cents, per line and over everyone. */
#define STATEMENT_CENTS_MOST INT64_C(9000000000000000)

/* Order of statement lines of a version, and whether two are of one account and code. */
int statement_compare_lines(const struct statement_line *a,
                            const struct statement_line *b);
/* The same of interval lines: 0 also where one is of the other's time and resource. */
int statement_compare_interval_lines(const struct settle_interval_line *a,
                                     const struct settle_interval_line *b);
/* Appends a line as it is. */
MUST_CHECK enum err_code statement_push(struct settlement *s,
                                        struct statement_line line, struct err *err);
MUST_CHECK enum err_code statement_push_interval(struct settlement *s,
                                                 struct settle_interval_line line,
                                                 struct err *err);

/* Puts the lines from first on into the order of settlement.interval_line. */
void statement_sort(struct settlement *s, int64_t first);
/*
 * (7) of README.md: every charge group sums to zero in every interval of the day, within
 * 1e-9 of the money moved + 1e-6 USD. Updates worst_neutrality_usd. ERR_NUMERIC names
 * group, interval and amount.
 */
MUST_CHECK enum err_code statement_check_neutral(const struct market *m, int32_t day,
                                                 int64_t first, struct settlement *s,
                                                 struct err *err);
/*
 * (8) and (9): appends the day's statement lines from sorted interval lines. ERR_NUMERIC
 * when an amount is no number or too large for a statement.
 */
MUST_CHECK enum err_code statement_append(const struct market *m, int32_t day,
                                          int64_t first, struct settlement *s,
                                          struct err *err);
/* Merges the sorted lines from first on with the sorted lines before them. */
MUST_CHECK enum err_code statement_merge(struct settlement *s, int64_t first,
                                         struct err *err);

#endif
