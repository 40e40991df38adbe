/* record_hull.c - the hull_ and uplift tables of a clearing stage. */
#include "sim/app/record_hull.h"

#include <stdio.h>

enum {
    PATH_SIZE = 96
};

struct uplift_row {
    int32_t trade_date, resource;
    double cost_usd;
    struct unit_earning lmp, hull;
};

// clang-format off
static const struct record_field uplift_fields[] = {
    RECORD_FIELD("/trade_date", TABLE_I32, struct uplift_row, trade_date),
    RECORD_FIELD("/resource", TABLE_I32, struct uplift_row, resource),
    RECORD_FIELD("/cost", TABLE_F64, struct uplift_row, cost_usd),
    RECORD_FIELD("/revenue", TABLE_F64, struct uplift_row, lmp.revenue_usd),
    RECORD_FIELD("/make_whole", TABLE_F64, struct uplift_row, lmp.make_whole_usd),
    RECORD_FIELD("/lost_opportunity", TABLE_F64, struct uplift_row, lmp.lost_opportunity_usd),
    RECORD_FIELD("/hull_revenue", TABLE_F64, struct uplift_row, hull.revenue_usd),
    RECORD_FIELD("/hull_make_whole", TABLE_F64, struct uplift_row, hull.make_whole_usd),
    RECORD_FIELD("/hull_lost_opportunity", TABLE_F64, struct uplift_row, hull.lost_opportunity_usd),
};
// clang-format on

void record_hull(struct recorder *r, const char *group, const struct market *m,
                 const struct outcome *o)
{
    char path[PATH_SIZE];
    size_t n_t = (size_t)o->n_interval;
    if (!o->hull_lmp)
        return;
    struct uplift_row *row = RECORD_SCRATCH(r, struct uplift_row, o->n_uplift);
    for (int32_t k = 0; row && k < o->n_uplift; k++) {
        const struct unit_uplift *u = &o->uplift[k];
        row[k] = (struct uplift_row){m->day[u->day].date, u->resource, u->cost_usd,
                                     u->lmp, u->hull};
    }
    record_array(r, group, "/hull_lmp", TABLE_F64, o->hull_lmp,
                 n_t * (size_t)o->n_node);
    if (o->n_service_region > 0)
        record_array(r, group, "/hull_as_price", TABLE_F64, o->hull_service_usd_per_mw,
                     n_t * (size_t)o->n_service_region * SERVICES);
    (void)snprintf(path, sizeof path, "%s/uplift", group);
    record_size(r, path, "/row", (size_t)o->n_uplift);
    RECORD_FIELDS(r, path, uplift_fields, row, o->n_uplift);
}
