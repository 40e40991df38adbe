/* no_pay.c - awards of services against meters. */
#include "sim/settle/no_pay.h"

#include <math.h>

#include "sim/base/units.h"

static const double nothing_mw = 1e-6; /* awards and meters agree within this */

struct five {
    const struct market *m;
    const struct outcome *day_ahead;
    const struct rt_outcome *rt;
    struct metering *out;
    int32_t at;
};

static double *missing(const struct five *f, int32_t bidder)
{
    return &f->out->no_pay_mw[(size_t)f->at * (size_t)f->m->n_service_bidder +
                              (size_t)bidder];
}

/* What the fifteen-minute market holds of it. */
static double held_mw(const struct five *f, int32_t bidder)
{
    size_t quarter = (size_t)(f->at / RT_FIVES_A_QUARTER);
    return f->rt->fmm
        .service_mw[quarter * (size_t)f->m->n_service_bidder + (size_t)bidder];
}

/* (1) */
static double lost_mw(const struct five *f, int32_t bidder)
{
    size_t n = (size_t)f->m->n_service_bidder;
    size_t hour = (size_t)(f->at / RT_FIVES);
    size_t quarter = (size_t)(f->at / RT_FIVES_A_QUARTER);
    double lost = f->day_ahead->service_mw[hour * n + (size_t)bidder] -
                  f->rt->fmm.service_self_mw[quarter * n + (size_t)bidder];
    return lost > nothing_mw ? lost : 0;
}

/* MW that a resource could still give, or still take back. */
static double room_mw(const struct five *f, int32_t r, bool up)
{
    size_t at = (size_t)f->at * (size_t)f->m->n_resource + (size_t)r;
    int32_t c = outcome_last_configuration(f->day_ahead, f->at / RT_FIVES, r);
    double metered_mw = f->out->energy_mwh[at] / f->rt->rtd.interval_h;
    double top = fmin(market_pmax_mw(f->m, r, c), f->m->rt.available_mw[at]);
    if (!f->rt->rtd.on[at] || top <= 0)
        return 0;
    return fmax(0, up ? top - metered_mw : metered_mw - market_pmin_mw(f->m, r, c));
}

/* (2) for the bidders first .. end - 1 of one resource, which stand best service first. */
static void take_short(const struct five *f, int32_t first, int32_t end, bool up)
{
    double held = 0;
    for (int32_t b = first; b < end; b++)
        if ((f->m->service_bidder[b].service != SERVICE_RD) == up)
            held += held_mw(f, b);
    double short_mw = held - room_mw(f, f->m->service_bidder[first].resource, up);
    for (int32_t b = end - 1; b >= first && short_mw > nothing_mw; b--) {
        if ((f->m->service_bidder[b].service != SERVICE_RD) != up)
            continue;
        double mw = fmin(short_mw, held_mw(f, b));
        *missing(f, b) += mw;
        short_mw -= mw;
    }
}

void no_pay_day(const struct market *m, const struct outcome *day_ahead,
                const struct rt_outcome *rt, int32_t day, struct metering *out)
{
    struct five f = {.m = m, .day_ahead = day_ahead, .rt = rt, .out = out};
    for (f.at = RT_FIVES * m->first_interval[day];
         f.at < RT_FIVES * m->first_interval[day + 1]; f.at++)
        for (int32_t b = 0, end; b < m->n_service_bidder; b = end) {
            for (end = b;
                 end < m->n_service_bidder &&
                 m->service_bidder[end].resource == m->service_bidder[b].resource;
                 end++)
                *missing(&f, end) = lost_mw(&f, end);
            take_short(&f, b, end, true);
            take_short(&f, b, end, false);
        }
}
