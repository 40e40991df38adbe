/* performance.c - pay for performance: score arithmetic. */
#include "sim/settle/performance.h"

double performance_ratio(double load_mw, double reserve_mw, double obligations_mw)
{
    return obligations_mw > 0 ? (load_mw + reserve_mw) / obligations_mw : 0;
}

double performance_score_mw(double given_mw, double obligation_mw, double ratio)
{
    return given_mw - ratio * obligation_mw;
}

double performance_payment_usd(double score_mw, double length_h,
                               double rate_usd_per_mwh)
{
    return score_mw * length_h * rate_usd_per_mwh;
}
