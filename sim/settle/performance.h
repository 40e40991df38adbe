/*
 * performance.h - pay for performance: what a capacity obligation earns or owes in a time of
 * scarcity, as New England's market rules have it. Arithmetic only: no charge code uses it,
 * since markets here have no capacity auction to take obligations from.
 *
 * While reserve is short every obligation stands for its part of what the system needs:
 *
 *     ratio = (load + reserve required) / sum of obligations                         (1)
 *     score = energy and reserve given - ratio x own obligation                      (2)
 *     payment = score x length x rate                                               (3)
 *
 * The ratio may exceed 1. Who has no obligation is paid for all it gives. Scores add up to
 * zero where what everybody gives is what (1) divides.
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_PERFORMANCE_H
#define SIM_SETTLE_PERFORMANCE_H

/* (1): MW of need per MW of obligation; 0 where nobody has one. */
double performance_ratio(double load_mw, double reserve_mw, double obligations_mw);
/* (2): MW, positive = more than its part. */
double performance_score_mw(double given_mw, double obligation_mw, double ratio);
/* (3): USD, positive = the participant is paid. */
double performance_payment_usd(double score_mw, double length_h,
                               double rate_usd_per_mwh);

#endif
