/* record_services.c - the as_ tables of a clearing stage. */
#include "sim/app/record_services.h"

#include <stdio.h>

enum {
    PATH_SIZE = 96,
    ID_SIZE = 96
};

struct bid_fields {
    const char *id;
    int32_t resource, product;
};

struct requirement_fields {
    const char *id, *region;
    int32_t product;
};

// clang-format off
static const struct record_field bid_fields[] = {
    RECORD_FIELD("/as_bid_resource", TABLE_I32, struct bid_fields, resource),
    RECORD_FIELD("/as_bid_product", TABLE_I32, struct bid_fields, product),
};

static const struct record_field requirement_fields[] = {
    RECORD_FIELD("/as_region", TABLE_TEXT, struct requirement_fields, region),
    RECORD_FIELD("/as_product", TABLE_I32, struct requirement_fields, product),
};
// clang-format on

static void record_bids(struct recorder *r, const char *group, const struct market *m,
                        const struct admission *a, const struct outcome *o)
{
    char path[PATH_SIZE];
    size_t n = (size_t)o->n_interval * (size_t)m->n_service_bidder;
    struct bid_fields *row = RECORD_SCRATCH(r, struct bid_fields, m->n_service_bidder);
    for (int32_t b = 0; row && b < m->n_service_bidder; b++)
        row[b] =
            (struct bid_fields){m->service_bidder[b].id, m->service_bidder[b].resource,
                                (int32_t)m->service_bidder[b].service};
    (void)snprintf(path, sizeof path, "%s/as_bid", group);
    RECORD_IDS(r, path, struct bid_fields, row, m->n_service_bidder);
    RECORD_FIELDS(r, group, bid_fields, row, m->n_service_bidder);
    record_array(r, group, "/as_award", TABLE_F64, o->service_mw, n);
    record_array(r, group, "/as_self_provided", TABLE_F64, o->service_self_mw, n);
    record_array(r, group, "/as_bid_price", TABLE_F64, o->service_bidder_usd_per_mw, n);
    if (o->n_interval == m->n_interval) /* offers are of hours */
        record_array(r, group, "/as_bid_status", TABLE_U8, a->service_status, n);
}

static void name_requirements(struct recorder *r, const struct market *m,
                              struct requirement_fields *row)
{
    for (int32_t k = 0; k < m->n_service_region * SERVICES; k++) {
        char id[ID_SIZE];
        const char *region = m->service_region[k / SERVICES].id;
        int n = snprintf(id, sizeof id, "%s %s", region,
                         service_name((enum service)(k % SERVICES)));
        row[k] = (struct requirement_fields){
            arena_copy_text(&r->scratch, id, (size_t)n), region, k % SERVICES};
        if (!row[k].id) {
            r->code = err_set(r->err, ERR_NOMEM, "cannot hold the names of services");
            return;
        }
    }
}

static void record_requirements(struct recorder *r, const char *group,
                                const struct market *m, const struct outcome *o)
{
    char path[PATH_SIZE];
    int32_t n_row = m->n_service_region * SERVICES;
    size_t n = (size_t)o->n_interval * (size_t)n_row;
    struct requirement_fields *row =
        RECORD_SCRATCH(r, struct requirement_fields, n_row);
    double *procured_mw = RECORD_SCRATCH(r, double, n);
    double *required_mw = RECORD_SCRATCH(r, double, n);
    if (!row || !procured_mw || !required_mw)
        return;
    name_requirements(r, m, row);
    bool of_hours = o->n_interval == m->n_interval;
    const double *of_hour = of_hours ? m->required_mw : m->rt_required_mw;
    for (size_t k = 0; k < n; k++) {
        size_t t = k / (size_t)n_row, hour = of_hours ? t : t / RT_QUARTERS;
        required_mw[k] = of_hour[hour * (size_t)n_row + k % (size_t)n_row];
    }
    for (int64_t k = 0; k < (int64_t)o->n_interval * m->n_service_bidder; k++) {
        const struct service_bidder *b = &m->service_bidder[k % m->n_service_bidder];
        for (int32_t g = 0; g < m->n_service_region; g++)
            if (market_in_region(m, g, b->resource))
                procured_mw[k / m->n_service_bidder * n_row + g * SERVICES +
                            (int32_t)b->service] += o->service_mw[k];
    }
    (void)snprintf(path, sizeof path, "%s/as_requirement", group);
    RECORD_IDS(r, path, struct requirement_fields, row, n_row);
    RECORD_FIELDS(r, group, requirement_fields, row, n_row);
    record_array(r, group, "/as_required", TABLE_F64, required_mw, n);
    record_array(r, group, "/as_procured", TABLE_F64, procured_mw, n);
    record_array(r, group, "/as_short", TABLE_F64, o->service_short_mw, n);
    record_array(r, group, "/as_price", TABLE_F64, o->service_usd_per_mw, n);
}

void record_services(struct recorder *r, const char *group, const struct market *m,
                     const struct admission *a, const struct outcome *o)
{
    record_bids(r, group, m, a, o);
    record_requirements(r, group, m, o);
}
