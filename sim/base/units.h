/*
 * units.h - every conversion between units, one line each, named <to>_from_<from>.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_UNITS_H
#define SIM_BASE_UNITS_H

#include <math.h>
#include <stdint.h>

typedef int64_t cents_t; /* money on a statement */

/* The single rounding point of settlement: half away from zero. */
static inline cents_t cents_from_usd(double amount_usd)
{
    return (cents_t)llround(amount_usd * 100.0);
}

static inline double usd_from_cents(cents_t amount_cents)
{
    return (double)amount_cents / 100.0;
}

static inline double mw_per_h_from_mw_per_min(double rate_mw_per_min)
{
    return rate_mw_per_min * 60.0;
}

static inline double mwh_from_mw(double power_mw, double duration_h)
{
    return power_mw * duration_h;
}

static inline double rad_from_deg(double angle_deg)
{
    return angle_deg * (3.14159265358979323846 / 180.0);
}

/* |a - b| <= tol_abs + tol_rel * max(|a|, |b|); false when either is NaN. */
static inline int num_close(double a, double b, double tol_abs, double tol_rel)
{
    return fabs(a - b) <= tol_abs + tol_rel * fmax(fabs(a), fabs(b));
}

#endif
