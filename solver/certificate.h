/*
 * certificate.h - proof that a dispatch is optimal, from the statement of the problem and
 * the answer alone.
 *
 * Shares nothing with the way the answer was found: no LP, no distribution factors, no
 * factorisation. Flows are checked through the angles (Kirchhoff's laws bus by bus),
 * prices through the stationarity of the Lagrangian in the angles:
 *
 *     g_l = lmp_from(l) - lmp_to(l) + mu_l max - mu_l min + 2 k_l f_l m_l       (1)
 *     for every bus n:  sum_{l from n} b_l g_l - sum_{l to n} b_l g_l = 0        (2)
 *
 * (k: what the branch loses per MW^2, m: the price of that, at the reference or the mean
 * of its ends; what is lost counts as withdrawn there in Kirchhoff's laws.)
 *
 * Buses joined by ties share one angle, so that (2) holds for their sum, without the ties;
 * and at each of these buses (2) holds for the ties alone, all of weight 1, because
 * their flows are differences of a potential.
 *
 * and segment by segment through complementarity: a segment with reduced cost r and
 * output x in [0, w] adds max(r,0) x + max(-r,0) (w - x) to the gap, a limit with shadow
 * price mu adds mu x its unused room, a relaxation adds (penalty - mu) x itself. The sum
 * is the difference between the primal and the dual objective.
 *
 * Layer: solver.
 */
#ifndef SOLVER_CERTIFICATE_H
#define SOLVER_CERTIFICATE_H

#include "solver/dispatch.h"

struct certificate_input {
    const struct dispatch_problem *p;
    bool held; /* relaxations are given: a shadow price below the penalty is no gap */
    /* What the priced run charges; NULL = the scheduling run's. */
    const double *segment_cost;     /* [segments] $/MWh */
    const double *shortage_penalty; /* [n_interval][n_island] $/MWh */
    const double *surplus_penalty;
    /* As in struct dispatch_answer. */
    const double *segment_mw, *injection_mw, *flow_mw, *angle_rad, *energy_mwh;
    const double *shortage_mw, *surplus_mw;
    const double *lambda, *congestion, *loss;
    const struct dispatch_row *row; /* all limits with a price or a relaxation */
    int32_t n_row;
    const int8_t
        *direction; /* [n_interval][n_store] see dispatch answer; may be NULL */
};

MUST_CHECK enum err_code certificate_check(const struct certificate_input *in,
                                           struct dispatch_certificate *out,
                                           struct err *err);

#endif
