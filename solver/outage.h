/*
 * outage.h - flows after contingencies: which outages cut buses off, how flows shift, and
 * which limits a dispatch would break.
 *
 * After outage k of branches K and injections G, with flows f and powers P before it:
 *
 *     flow_l = f_l + sum_{m in K} lodf_lm (f_m + sum_{g in G} gift_mg P_g)
 *                  + sum_{g in G} gift_lg P_g                                  (1)
 *     lodf_lK = PTDF_l(K) (1 - PTDF_K(K))^-1                                   (2)
 *     gift_lg = PTDF_l . (replacement of 1 MW of g - its weights on the buses) (3)
 *
 * PTDF_l(m) is the flow on l of 1 MW sent from end to end of m. (2) is a division when one
 * branch is lost. It fails when the outage cuts buses off, which is found beforehand in the
 * graph. For bus ties, which (2) does not know, lodf_lm is what the network without K sends
 * over l of 1 MW from end to end of m, by factorising it: the same thing.
 *
 * The replacement of an injection comes, in each island that it touches, from all other
 * injections in proportion to their participation; those that stand in several islands
 * or have no positive weight do not take part.
 *
 * Screening looks at all outages x limited branches x intervals without ever holding the
 * whole matrix. What it need not look at, it proves:
 *   - with every reactance positive, |lodf| <= 1; otherwise it is a little more, as what
 *     branches of negative reactance carry after the outage says (outage_reach.c). A pair
 *     keeps its limit when the branch has more room than that times the flow that is lost;
 *   - limited branches in order of their room, and outages in order of the flow they
 *     lose: the tightest branches are solved for by row, the outages that could reach
 *     one of the others by column, split where the number of solves is least; rows and
 *     columns are kept for the next search, up to 128 MiB;
 *   - an outage that had room to spare is not looked at before flows have moved by
 *     that much.
 *
 * Layer: solver.
 */
#ifndef SOLVER_OUTAGE_H
#define SOLVER_OUTAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "solver/dispatch.h"

struct outage_screen;

enum outage_kind {
    OUTAGE_SCREENED,
    OUTAGE_ISLANDING, /* it cuts buses off */
    OUTAGE_UNCOVERED, /* nobody takes part in replacing what it loses */
};

/*
 * p->outages must be there; p is borrowed. ERR_NUMERIC when a screened outage leaves a
 * singular network (negative reactances can do that), ERR_NOMEM.
 */
MUST_CHECK enum err_code outage_screen_create(const struct dispatch_problem *p,
                                              struct outage_screen **out,
                                              struct err *err);
void outage_screen_destroy(struct outage_screen *s);

enum outage_kind outage_kind(const struct outage_screen *s, int32_t outage);
/* Buses in all but the largest part that an islanding outage leaves of each island. */
int32_t outage_buses_cut_off(const struct outage_screen *s, int32_t outage);
double outage_load_cut_off_mw(const struct outage_screen *s, int32_t outage);

/* A limit (9) that a dispatch breaks by over_mw > 0. */
struct outage_violation {
    int32_t interval, outage, branch;
    bool minimum;
    double over_mw;
};

/* Pairs that are in the LP already; they are passed over. */
struct outage_known {
    const void *context;
    bool (*has)(const void *context, int32_t interval, int32_t outage, int32_t branch,
                bool minimum);
};

/*
 * The worst limits that flows and powers (as in dispatch_answer) break by more than
 * tolerance(limit), at most `per_branch` of a branch and `most` in an interval:
 * found[interval * most ...]; n_found[interval] of them. First the worst of every branch,
 * worst first, then the second of every branch, and so on. Known pairs must stay known,
 * or outage_forget() be called.
 */
MUST_CHECK enum err_code
outage_find(struct outage_screen *s, const double *flow_mw, const double *power_mw,
            const struct outage_known *known, int32_t per_branch, int32_t most,
            struct outage_violation *found, int32_t *n_found, struct err *err);
/* Everything will be looked at again. */
void outage_forget(struct outage_screen *s);

/* lodf_lm of (1): lodf[i] belongs to the i-th branch lost in the outage. */
MUST_CHECK enum err_code outage_lodf(struct outage_screen *s, int32_t outage,
                                     int32_t branch, double *lodf, struct err *err);
/*
 * What replaces 1 MW of lost injection g as seen by a function of injections: sum over
 * takers of their share of it x value[taker]. value[n_injection] are factors of 1 MW each.
 */
double outage_replacement(const struct outage_screen *s, int32_t outage,
                          int32_t injection, const double *value);
/* Limit of a branch after an outage: its own where that is a state, see dispatch.h. */
double outage_limit_mw(const struct dispatch_outages *o, const struct network_data *d,
                       int32_t outage, int32_t branch, bool minimum);
/* How far a flow is from the nearest of such limits, whatever the outage. */
double outage_room_mw(const struct dispatch_outages *o, const struct network_data *d,
                      int32_t branch, double flow_mw);
/* A limit is broken by more than this. */
double outage_tolerance_mw(double limit_mw);

#endif
