/*
 * no_pay.h - capacity of ancillary services that was paid for and was not there.
 *
 * In five minutes, of a resource with awards F of services (day-ahead, and what the
 * fifteen-minute market bought), top T = Pmax or what is available of it, 0 while it is
 * off; bottom B = Pmin; metered at M, MW:
 *
 *     unavailable     day-ahead awards that the fifteen-minute market could not keep     (1)
 *     undispatchable  of upward awards kept: F - (T - M), where that is above 0          (2)
 *                     downward: F - (M - B)
 *
 * (2) takes the least valuable service first: non-spinning, spinning, regulation. Energy
 * given without an instruction takes capacity as an outage does; while a resource is off
 * nothing of it is synchronised. Nothing is dispatched from services here, so that nothing can
 * be undelivered.
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_NO_PAY_H
#define SIM_SETTLE_NO_PAY_H

#include "sim/settle/meter.h"

/* Fills out->no_pay_mw of a day whose energy is measured. */
void no_pay_day(const struct market *m, const struct outcome *day_ahead,
                const struct rt_outcome *rt, int32_t day, struct metering *out);

#endif
