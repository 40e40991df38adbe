/*
 * record.h - an outcome being filled: its arrays, its rows, and what they add up to once
 * all days are in (constraints with names, shadow prices, shift factors, relaxations).
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_RECORD_H
#define SIM_CLEAR_RECORD_H

#include "sim/clear/outcome.h"
#include "solver/dispatch.h"

/*
 * MW and prices are recorded in steps of 1e-9, far below what the certificate allows:
 * 10 MW is then 10, and not 10 less the rounding of a sum.
 */
double record_tidy(double value);
/* Arrays for the counts already in *o; stored energy starts as NaN. */
MUST_CHECK enum err_code outcome_allocate(struct outcome *o, struct err *err);
MUST_CHECK enum err_code outcome_add_row(struct outcome *o, struct outcome_row row,
                                         struct err *err);
/* A self-schedule of owner (resource, or n_resource + virtual position) cut by mw. */
MUST_CHECK enum err_code outcome_add_cut(const struct market *m, struct outcome *o,
                                         int32_t interval, int32_t owner,
                                         enum bid_kind kind, bool withdrawal, double mw,
                                         double cost_usd, struct err *err);

/* mw lacking of a service and those better than it, in a region. */
MUST_CHECK enum err_code outcome_add_short(const struct market *m, struct outcome *o,
                                           int32_t interval, int32_t region,
                                           enum service service, double mw,
                                           double cost_usd, struct err *err);
/* A self-provided service cut by mw. */
MUST_CHECK enum err_code outcome_add_self_cut(const struct market *m, struct outcome *o,
                                              int32_t interval, int32_t bidder,
                                              double mw, double cost_usd,
                                              struct err *err);

/* The name of a row's constraint, in o's arena; NULL when out of memory. */
char *record_constraint_name(const struct market *m, struct outcome *o,
                             const struct outcome_row *row);
/* What a day's dispatch says about outages; the same on all days. */
MUST_CHECK enum err_code record_outages(const struct market *m,
                                        const struct dispatch_problem *p,
                                        const struct dispatch_answer *a,
                                        struct outcome *o, struct err *err);
/* o->row into o->constraint (sorted by kind, index, side) and o->shadow_price. */
MUST_CHECK enum err_code record_constraints(const struct market *m, struct outcome *o,
                                            struct err *err);
/*
 * What every branch constraint is a sum of, and, as o->shift_choice has it, the factors of
 * every branch and tie constraint at every node.
 */
MUST_CHECK enum err_code record_shift_factors(const struct market *m,
                                              struct network *net, struct outcome *o,
                                              struct err *err);
/* Relaxed rows, shortages and cuts, ranked. */
MUST_CHECK enum err_code record_relaxations(const struct market *m, struct outcome *o,
                                            struct err *err);

/* MW lost and the loss surplus of the intervals of an answer, from first_interval on.
 * Nothing where losses are off. */
MUST_CHECK enum err_code record_losses(const struct dispatch_problem *p,
                                       const struct dispatch_answer *a,
                                       int32_t first_interval, struct outcome *o,
                                       struct err *err);

#endif
