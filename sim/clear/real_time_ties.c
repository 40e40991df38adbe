/* real_time_ties.c - imports and exports in the runs of real time. */
#include "sim/clear/real_time_ties.h"

#include <math.h>

#include "sim/clear/record.h"

static const double nothing_mw = 1e-9;
static const double changed_mw = 1e-6;

static int32_t first_five(const struct rt_window *v, int32_t k)
{
    return (v->first + k) * v->fives;
}

static double *hour_mw(const struct rt_windows *all, int32_t hour, int32_t r)
{
    int32_t first = all->m->first_interval[all->day];
    return &all->hour_mw[(size_t)(hour - first) * (size_t)all->m->n_resource +
                         (size_t)r];
}

static double *quarter_mw(const struct rt_windows *all, int32_t quarter, int32_t r)
{
    int32_t first = RT_QUARTERS * all->m->first_interval[all->day];
    return &all->quarter_mw[(size_t)(quarter - first) * (size_t)all->m->n_resource +
                            (size_t)r];
}

static const struct tie_response *response(const struct market *m, int32_t hour,
                                           int32_t r)
{
    static const struct tie_response accepted = {.answer = TIE_ANSWER_ACCEPT};
    size_t at = (size_t)hour * (size_t)m->n_resource + (size_t)r;
    return m->tie_response ? &m->tie_response[at] : &accepted;
}

static bool is_cut(const struct tie_response *x)
{
    return x->answer == TIE_ANSWER_PARTIAL || x->answer == TIE_ANSWER_DECLINE;
}

/* ---- bids ---- */

static int32_t fix(struct bid_segment *seg, double mw)
{
    if (mw <= nothing_mw)
        return 0;
    *seg = (struct bid_segment){
        .from_mw = 0, .to_mw = mw, .price_usd_per_mwh = NAN, .kind = BID_SELF_PT};
    return 1;
}

/* Its bid of the hour, as far as most_mw. */
static int32_t by_bid(const struct rt_windows *all, int32_t hour, int32_t r,
                      double most_mw, struct bid_segment *seg)
{
    int32_t n, kept = 0;
    const struct bid_segment *bid = admit_real_time_bid(all->a, r, hour, &n);
    for (int32_t k = 0; k < n; k++) {
        struct bid_segment piece = bid[k];
        piece.to_mw = fmin(piece.to_mw, most_mw);
        if (piece.to_mw > piece.from_mw + nothing_mw)
            seg[kept++] = piece;
    }
    return kept;
}

/* What a variable import schedules itself at in interval k, as far as the run knows. */
static int32_t by_forecast(const struct rt_windows *all, const struct rt_window *v,
                           int32_t r, int32_t k, struct bid_segment *seg)
{
    const struct market *m = all->m;
    int32_t n, hour = first_five(v, k) / RT_FIVES;
    size_t n_r = (size_t)m->n_resource;
    double award_mw = all->day_ahead->award_mw[(size_t)hour * n_r + (size_t)r], sum = 0;
    (void)admit_real_time_bid(all->a, r, hour, &n);
    for (int32_t i = 0; i < v->fives && n > 0; i++) {
        size_t at = (size_t)(first_five(v, k) + i) * n_r + (size_t)r;
        double mw = m->rt.available_mw[at];
        bool known = isfinite(mw) && m->rt.known_from[at] <= first_five(v, 0);
        sum += known ? fmin(mw, m->resource[r].pmax_mw) : award_mw;
    }
    return fix(seg, sum / v->fives);
}

static int32_t hour_ahead_bid(const struct rt_windows *all, int32_t hour, int32_t r,
                              struct bid_segment *seg)
{
    size_t at = (size_t)hour * (size_t)all->m->n_resource + (size_t)r;
    if (all->m->resource[r].tie_option == TIE_OPTION_SELF)
        return fix(seg, fabs(all->day_ahead->award_mw[at]));
    return by_bid(all, hour, r, INFINITY, seg);
}

/* A block that may still change: from the second quarter of the hour on. */
static int32_t changing_bid(const struct rt_windows *all, const struct rt_window *v,
                            int32_t hour, int32_t r, struct bid_segment *seg)
{
    const struct tie_response *said = response(all->m, hour, r);
    bool now = hour == first_five(v, 0) / RT_FIVES;
    if (now && all->changed[r])
        return fix(seg, fabs(*quarter_mw(all, v->first - 1, r)));
    double block_mw = fabs(*hour_mw(all, hour, r)), most_mw = INFINITY;
    if (is_cut(said) && !said->late)
        most_mw = block_mw;
    if (now && v->first % RT_QUARTERS > 0)
        return by_bid(all, hour, r, most_mw, seg);
    return fix(seg, block_mw);
}

static int32_t fifteen_minute_bid(const struct rt_windows *all,
                                  const struct rt_window *v, int32_t hour, int32_t r,
                                  struct bid_segment *seg)
{
    switch (all->m->resource[r].tie_option) {
    case TIE_OPTION_FIFTEEN:
    case TIE_OPTION_DYNAMIC:
        return by_bid(all, hour, r, INFINITY, seg);
    case TIE_OPTION_CHANGE:
        return changing_bid(all, v, hour, r, seg);
    default:
        return fix(seg, fabs(*hour_mw(all, hour, r)));
    }
}

static int32_t dispatch_bid(const struct rt_windows *all, const struct rt_window *v,
                            int32_t hour, int32_t r, int32_t k, struct bid_segment *seg)
{
    size_t at = (size_t)hour * (size_t)all->m->n_resource + (size_t)r;
    if (all->m->resource[r].tie_option == TIE_OPTION_DYNAMIC)
        return by_bid(all, hour, r, INFINITY, seg);
    double mw = fabs(*quarter_mw(all, first_five(v, k) / RT_FIVES_A_QUARTER, r));
    if (response(all->m, hour, r)->late) /* NaN: not answered yet */
        mw = fmin(mw, fabs(all->out->accepted_mw[at]));
    return fix(seg, mw);
}

int32_t rt_tie_bid(const struct rt_windows *all, const struct rt_window *v, int32_t r,
                   int32_t k, struct bid_segment *seg)
{
    int32_t hour = first_five(v, k) / RT_FIVES;
    if (all->m->resource[r].tie_option == TIE_OPTION_VARIABLE && v->run != RT_DISPATCH)
        return by_forecast(all, v, r, k, seg);
    switch (v->run) {
    case RT_HOUR_AHEAD:
        return hour_ahead_bid(all, hour, r, seg);
    case RT_FIFTEEN_MINUTE:
    case RT_START:
        return fifteen_minute_bid(all, v, hour, r, seg);
    default:
        return dispatch_bid(all, v, hour, r, k, seg);
    }
}

/* ---- blocks ---- */

void rt_tie_blocks(const struct rt_windows *all, const struct rt_window *v,
                   int32_t hour)
{
    const struct market *m = all->m;
    for (int32_t r = 0; r < m->n_resource; r++) {
        const struct resource *is = &m->resource[r];
        const struct tie_response *said = response(m, hour, r);
        size_t at = (size_t)hour * (size_t)m->n_resource + (size_t)r;
        all->changed[r] = 0;
        if (!resource_type_is_tie(is->type) || !tie_option_is_block(is->tie_option))
            continue;
        double block_mw = record_tidy(rt_window_award(v, r, 0)), sign = 1;
        if (resource_type_withdraws(is->type))
            sign = -1;
        all->out->block_mw[at] = all->out->accepted_mw[at] = block_mw;
        if (said->answer == TIE_ANSWER_DECLINE)
            all->out->accepted_mw[at] = 0;
        else if (said->answer == TIE_ANSWER_PARTIAL)
            all->out->accepted_mw[at] = sign * fmin(fabs(block_mw), said->accepted_mw);
        if (is_cut(said) && !said->late)
            *hour_mw(all, hour, r) = all->out->accepted_mw[at];
    }
}

void rt_tie_changes(const struct rt_windows *all, int32_t quarter)
{
    const struct market *m = all->m;
    if (quarter % RT_QUARTERS == 0)
        return;
    for (int32_t r = 0; r < m->n_resource; r++)
        if (resource_type_is_tie(m->resource[r].type) &&
            m->resource[r].tie_option == TIE_OPTION_CHANGE &&
            fabs(*quarter_mw(all, quarter, r) - *quarter_mw(all, quarter - 1, r)) >
                changed_mw)
            all->changed[r] = 1;
}
