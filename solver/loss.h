/*
 * loss.h - marginal losses of a network in the DC approximation.
 *
 * A branch that carries f MW loses (1 p.u. voltage, losses of second order)
 *
 *     L_l(f) = k_l f^2 MW,   k_l = r_l / base MVA                                (1)
 *
 * where it is said to lose them is one of
 *
 *     LOSS_REFERENCE  over the reference distribution of its island: injections and
 *                     flows are those of a network without losses, flow = PTDF I, and
 *                     the balance is  sum of I = sum of L                       (2)
 *     LOSS_ENDS       half at either end: I_n less the halves at n is what enters the
 *                     network at n, and Kirchhoff's laws hold for that           (3)
 *
 * Let m_l be the price of what l loses: the energy price (price at the reference) under
 * LOSS_REFERENCE, the mean of the prices at both ends under LOSS_ENDS. From the
 * stationarity of the Lagrangian in the flows, prices are
 *
 *     lmp_n = lambda - sum_l PTDF_ln mu_l - sum_l PTDF_ln L'_l m_l,  L' = 2 k f  (4)
 *               energy     congestion            loss
 *
 * With (2) that is lambda (1 - LF_n) and congestion, LF_n = sum_l PTDF_ln L'_l: the MW
 * lost more when one more MW is injected at n. With (3), m depends on the prices that it
 * makes; (4) is then solved by repetition, each turn of which is one sparse solve.
 *
 * What is paid for losses and kept by nobody follows from (1) and (4), phi being the
 * flows that phase shifters cause without any injection:
 *
 *     sum_n lmp_n (-I_n) = rent + sum_l m_l (L'_l (f_l - phi_l) - L_l)           (5)
 *
 * without shifters the last sum is sum_l m_l L_l: lambda x loss under LOSS_REFERENCE.
 *
 * Bus ties lose nothing. k >= 0 is the caller's duty: with a negative one (1) is not
 * convex. Arrays over [case][thing] are row-major.
 *
 * Layer: solver.
 */
#ifndef SOLVER_LOSS_H
#define SOLVER_LOSS_H

#include "sim/base/err.h"
#include "solver/network.h"

enum loss_placement {
    LOSS_OFF,
    LOSS_REFERENCE,
    LOSS_ENDS,
    LOSS_PLACEMENTS,
};

/* "off", "reference", "ends": as settings name them. */
const char *loss_placement_name(enum loss_placement placement);

/* MW lost on a branch that carries so much, (1), and MW lost more per MW carried. */
double loss_of_branch(const struct network_data *data, int32_t branch, double flow_mw);
double loss_slope(const struct network_data *data, int32_t branch, double flow_mw);

/* MW that flow_mw [n_branch] loses: in each island [n_island], and at each bus [n_bus]
 * by the placement (NULL = not wanted). Nothing is lost under LOSS_OFF. */
void loss_total(const struct network *net, enum loss_placement placement,
                const double *flow_mw, double *island_mw, double *bus_mw);

/*
 * Angles and flows as network_flows gives them, with the losses where they belong.
 * flow_mw [n_case][n_branch] holds flows to begin with (any, 0 will do) and those found.
 * ERR_NUMERIC where (3) has no solution that can be found: more is to be carried than the
 * network could with such losses.
 */
MUST_CHECK enum err_code loss_flows(struct network *net, enum loss_placement placement,
                                    int32_t n_case, const double *injection_mw,
                                    double *angle_rad, double *flow_mw,
                                    struct err *err);

/*
 * The loss component of (4): loss[n_case][n_bus], given lambda [n_case][n_island] and the
 * congestion component [n_case][n_bus] (NULL = none). ERR_NUMERIC as above.
 */
MUST_CHECK enum err_code loss_prices(struct network *net, enum loss_placement placement,
                                     int32_t n_case, const double *flow_mw,
                                     const double *lambda, const double *congestion,
                                     double *loss, struct err *err);

/*
 * Loss factors LF [n_case][n_bus]: d(MW lost in the island of n)/d(injection at n), what
 * is injected being taken out again over the reference, losses included. ERR_NUMERIC,
 * naming the bus by its index, where one is 1 or more: nothing injected there arrives.
 */
MUST_CHECK enum err_code loss_factors(struct network *net,
                                      enum loss_placement placement, int32_t n_case,
                                      const double *flow_mw, double *factor,
                                      struct err *err);

/*
 * The last sum of (5) for one case: $/h. shift_flow_mw [n_branch] is phi, NULL = none.
 */
double loss_surplus(const struct network *net, enum loss_placement placement,
                    const double *flow_mw, const double *shift_flow_mw,
                    const double *lambda, const double *lmp);

#endif
