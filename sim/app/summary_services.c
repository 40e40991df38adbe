/* summary_services.c - what ancillary services cost, for people and as JSON. */
#include "sim/app/amount.h"
#include "sim/app/facts.h"
#include "sim/app/summary.h"
#include "sim/base/units.h"

/* Prices closer than this are the same. */
static const double same_price = 1e-7;

struct service_facts {
    double mwh, self_mwh, cost_usd;
    double dearest_usd_per_mw; /* of a service that its region requires; 0 = none */
    int32_t interval, region;
    enum service service;
};

/* Of equal prices the first hour, the widest region, the best service. */
static void find_dearest(const struct market *m, const struct outcome *o,
                         struct service_facts *f)
{
    for (int32_t t = 0; t < m->n_interval; t++)
        for (int32_t k = 0; k < m->n_service_region * SERVICES; k++) {
            enum service service = (enum service)(k % SERVICES);
            double price =
                o->service_usd_per_mw[(int64_t)t * m->n_service_region * SERVICES + k];
            if (price <= f->dearest_usd_per_mw + same_price ||
                market_required_mw(m, t, k / SERVICES, service) <= 0)
                continue;
            f->dearest_usd_per_mw = price;
            f->interval = t;
            f->region = k / SERVICES;
            f->service = service;
        }
}

static struct service_facts facts_of_services(const struct market *m,
                                              const struct outcome *o)
{
    struct service_facts f = {0};
    for (int64_t k = 0; k < (int64_t)m->n_interval * m->n_service_bidder; k++) {
        double mwh = mwh_from_mw(o->service_mw[k], market_duration_h(m));
        double self_mwh = mwh_from_mw(o->service_self_mw[k], market_duration_h(m));
        f.mwh += mwh;
        f.self_mwh += self_mwh;
        f.cost_usd += (mwh - self_mwh) * o->service_bidder_usd_per_mw[k];
    }
    find_dearest(m, o, &f);
    return f;
}

void summary_print_services(const struct market *m, const struct outcome *o, FILE *out)
{
    char hour[HOUR_TEXT_SIZE];
    if (m->n_service_region == 0)
        return;
    struct service_facts f = facts_of_services(m, o);
    (void)fprintf(out, "services        %s MWh, %s self-provided; paid %s USD",
                  amount_from_number(f.mwh, 1).text,
                  amount_from_number(f.self_mwh, 1).text,
                  amount_from_number(f.cost_usd, 2).text);
    if (f.dearest_usd_per_mw > 0) {
        facts_hour(m, f.interval, hour);
        (void)fprintf(out, "; dearest: %s in %s, %s USD/MW in %s",
                      service_name(f.service), m->service_region[f.region].id,
                      amount_from_number(f.dearest_usd_per_mw, 2).text, hour);
    }
    (void)fputc('\n', out);
}

void summary_json_services(struct json *j, const struct market *m,
                           const struct outcome *o)
{
    if (m->n_service_region == 0)
        return;
    struct service_facts f = facts_of_services(m, o);
    json_number(j, "services_mwh", f.mwh);
    json_number(j, "services_self_provided_mwh", f.self_mwh);
    json_number(j, "services_paid_usd", f.cost_usd);
    json_number(j, "services_dearest_usd_per_mw", f.dearest_usd_per_mw);
}
