/* service_awards.c - what a dispatch says about ancillary services. */
#include <math.h>

#include "sim/base/mem.h"
#include "sim/base/units.h"
#include "sim/clear/record.h"
#include "sim/clear/services.h"

const char *services_sum(enum service service)
{
    static const char *const text[SERVICES] = {"RU", "RU+SR", "RU+SR+NR", "RD"};
    return text[service];
}

const char *services_counted(enum service service)
{
    static const char *const text[SERVICES] = {"regulation up",
                                               "regulation up and spinning reserve",
                                               "upward services", "regulation down"};
    return text[service];
}

/* What stands in the segments of injection i, first and later ones. */
static const double *segments_of(const struct dispatch_problem *p,
                                 const struct dispatch_answer *a, int32_t t, int32_t i,
                                 int32_t *n, const struct dispatch_segment **seg)
{
    int64_t at = (int64_t)t * p->n_injection + i;
    *n = (int32_t)(p->seg_start[at + 1] - p->seg_start[at]);
    *seg = p->seg + p->seg_start[at];
    return a->segment_mw + p->seg_start[at];
}

/* A segment whose cost in the scheduling run is a penalty for cutting it. */
static bool is_self(const struct dispatch_segment *seg)
{
    return seg->cost_usd_per_mwh < 0;
}

double services_cost_usd(const struct services *s, const struct dispatch_problem *p,
                         const struct dispatch_answer *a)
{
    double sum = 0;
    for (int32_t t = 0; t < p->n_interval; t++)
        for (int32_t i = s->first_award; i < p->n_injection; i++) {
            int32_t n;
            const struct dispatch_segment *seg;
            const double *mw = segments_of(p, a, t, i, &n, &seg);
            for (int32_t k = 0; k < n; k++)
                sum += p->duration_h[t] * seg[k].cost_usd_per_mwh *
                       (is_self(&seg[k]) ? mw[k] - seg[k].width_mw : mw[k]);
        }
    return sum;
}

struct outcome_row services_row(const struct services *s,
                                const struct dispatch_problem *p,
                                const struct dispatch_row *row)
{
    const struct service_limit *limit = &s->limit[row->index - s->first_group];
    struct outcome_row out = {.index = limit->index,
                              .upper = limit->upper,
                              .interval = row->interval,
                              .outage = -1,
                              .limit = row->limit,
                              .relaxed = row->relaxed,
                              .shadow_usd_per_mwh = row->shadow_usd_per_mwh};
    switch (limit->kind) {
    case SERVICE_REQUIRED:
        out.kind = CONSTRAINT_SERVICE;
        out.limit = 0;
        for (int32_t k = p->group_start[row->index]; k < p->group_start[row->index + 1];
             k++) {
            int32_t i = p->group_injection[k];
            if (i >= s->first_required && i < s->first_short)
                out.limit += p->base_mw[row->interval * p->n_injection + i];
        }
        break;
    case SERVICE_RANGE:
        out.kind = CONSTRAINT_RANGE;
        out.limit = limit->upper ? row->limit : -row->limit;
        break;
    case SERVICE_RAMP:
        out.kind = CONSTRAINT_SERVICE_RAMP;
        break;
    default:
        out.kind = CONSTRAINT_SERVICE_ENERGY;
        out.limit = limit->upper ? row->limit : -row->limit;
    }
    return out;
}

/* True if region a is b or lies within it. */
static bool is_within(const struct market *m, int32_t a, int32_t b)
{
    while (a >= 0 && a != b)
        a = m->service_region[a].parent;
    return a == b;
}

/* The services that a requirement pays: those it counts. */
static bool pays(enum service required, enum service service)
{
    return required == SERVICE_RD ? service == SERVICE_RD
                                  : service <= required && service != SERVICE_RD;
}

void services_add_price(const struct market *m, int32_t region, enum service required,
                        double shadow, double *price, double *bidder_price)
{
    for (int32_t r = 0; r < m->n_service_region; r++)
        for (int q = 0; q < SERVICES && is_within(m, r, region); q++)
            if (pays(required, (enum service)q))
                price[r * SERVICES + q] += shadow;
    for (int32_t b = 0; b < m->n_service_bidder; b++)
        if (pays(required, m->service_bidder[b].service) &&
            market_in_region(m, region, m->service_bidder[b].resource))
            bidder_price[b] += shadow;
}

static void record_prices(const struct market *m, const struct services *s,
                          const struct dispatch_answer *a, int32_t first_interval,
                          struct outcome *o)
{
    for (int32_t k = 0; k < a->n_row; k++) {
        const struct dispatch_row *row = &a->row[k];
        if (row->kind != DISPATCH_GROUP || row->index < s->first_group)
            continue;
        const struct service_limit *limit = &s->limit[row->index - s->first_group];
        int64_t t = first_interval + row->interval;
        if (limit->kind == SERVICE_REQUIRED)
            services_add_price(
                m, limit->index / SERVICES, (enum service)(limit->index % SERVICES),
                row->shadow_usd_per_mwh,
                o->service_usd_per_mw + t * m->n_service_region * SERVICES,
                o->service_bidder_usd_per_mw + t * m->n_service_bidder);
    }
}

static enum err_code record_awards(const struct market *m, const struct services *s,
                                   const struct dispatch_problem *p,
                                   const struct dispatch_answer *a, int32_t t,
                                   int32_t interval, struct outcome *o, struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t b = 0; !code && b < m->n_service_bidder; b++) {
        int32_t n;
        const struct dispatch_segment *seg;
        const double *mw = segments_of(p, a, t, s->first_award + b, &n, &seg);
        int64_t at = (int64_t)interval * m->n_service_bidder + b;
        for (int32_t k = 0; !code && k < n; k++) {
            double cut = seg[k].width_mw - mw[k];
            o->service_mw[at] += mw[k];
            if (!is_self(&seg[k]))
                continue;
            o->service_self_mw[at] = record_tidy(mw[k]);
            if (cut > 1e-6)
                code = outcome_add_self_cut(
                    m, o, interval, b, cut,
                    -cut * p->duration_h[t] * seg[k].cost_usd_per_mwh, err);
        }
        o->service_mw[at] = record_tidy(o->service_mw[at]);
    }
    return code;
}

static enum err_code record_short(const struct market *m, const struct services *s,
                                  const struct dispatch_problem *p,
                                  const struct dispatch_answer *a, int32_t t,
                                  int32_t interval, struct outcome *o, struct err *err)
{
    enum err_code code = ERR_OK;
    int32_t n_short = m->n_service_region * SERVICES;
    for (int32_t i = 0; !code && i < n_short; i++) {
        int32_t n;
        double cost_usd = 0, sum = 0;
        const struct dispatch_segment *seg;
        const double *mw = segments_of(p, a, t, s->first_short + i, &n, &seg);
        for (int32_t k = 0; k < n; k++) {
            sum += mw[k];
            cost_usd += p->duration_h[t] * seg[k].cost_usd_per_mwh * mw[k];
        }
        o->service_short_mw[(int64_t)interval * n_short + i] = record_tidy(sum);
        if (sum > 1e-6)
            code = outcome_add_short(m, o, interval, i / SERVICES,
                                     (enum service)(i % SERVICES), sum, cost_usd, err);
    }
    return code;
}

static void tidy_prices(const struct market *m, int32_t interval, struct outcome *o)
{
    int64_t n = (int64_t)m->n_service_region * SERVICES;
    for (int64_t k = interval * n; k < (interval + 1) * n; k++)
        o->service_usd_per_mw[k] = record_tidy(o->service_usd_per_mw[k]);
    n = m->n_service_bidder;
    for (int64_t k = interval * n; k < (interval + 1) * n; k++)
        o->service_bidder_usd_per_mw[k] = record_tidy(o->service_bidder_usd_per_mw[k]);
}

enum err_code services_record(const struct market *m, const struct services *s,
                              const struct dispatch_problem *p,
                              const struct dispatch_answer *a, int32_t first_interval,
                              struct outcome *o, struct err *err)
{
    enum err_code code = ERR_OK;
    record_prices(m, s, a, first_interval, o);
    for (int32_t t = 0; !code && t < p->n_interval; t++) {
        code = record_awards(m, s, p, a, t, first_interval + t, o, err);
        if (!code)
            code = record_short(m, s, p, a, t, first_interval + t, o, err);
        tidy_prices(m, first_interval + t, o);
    }
    return code;
}
