/* feed_iso_ne.c - documents in the manner of ISO New England's web services. */
#include <math.h>
#include <string.h>

#include "results/feed_parts.h"

static enum err_code add_begin(struct feed *f, struct err *err)
{
    return feed_add_text(f, "BeginDate", &f->interval, f->clock.begin, f->clock.n, err);
}

static double *negated(struct feed *f, const double *v, size_t n, struct err *err)
{
    double *out = FEED_ARRAY(f, double, n, err);
    for (size_t i = 0; out && i < n; i++)
        out[i] = 0 - v[i];
    return out;
}

/* ---- prices ---- */

static enum err_code build_lmp(struct feed *f, struct err *err)
{
    static const char *const columns[] = {"LmpTotal", "EnergyComponent",
                                          "CongestionComponent", "LossComponent"};
    static const char *const parts[] = {"lmp", "lmp_energy", "lmp_congestion",
                                        "lmp_loss"};
    feed_cross(f, f->n_node, NULL);
    enum err_code code = add_begin(f, err);
    if (!code)
        code = feed_add_location(f, err);
    for (int k = 0; k < 4 && !code; k++) {
        double *price = NULL;
        code = feed_matrix(f, parts[k], f->n_node, &price, err);
        if (!code)
            code = feed_add_matrix(f, columns[k], price, f->n_node, err);
    }
    return code;
}

/* Averages of the hours that the intervals cover. */
static enum err_code build_hourly_lmp(struct feed *f, struct err *err)
{
    enum err_code code = feed_group(f, FEED_HOUR, err);
    return code ? code : build_lmp(f, err);
}

/* Hours ending 8 to 23 of Monday to Friday; holidays are not known here. */
static bool is_on_peak(const struct feed_clock *c, size_t t)
{
    return feed_weekday(c->date[t]) < 5 && c->hour[t] >= 8 && c->hour[t] <= 23;
}

/* Average of the peak or the other hours of each period; NaN where there are none. */
static enum err_code add_part_average(struct feed *f, const char *name,
                                      const double *price, bool peak, struct err *err)
{
    size_t n_node = f->n_node;
    double *sum = FEED_ARRAY(f, double, f->clock.n *n_node, err);
    double *hours = FEED_ARRAY(f, double, f->clock.n, err);
    if (!sum || !hours)
        return ERR_NOMEM;
    for (size_t t = 0; t < f->fine.n; t++) {
        if (is_on_peak(&f->fine, t) != peak)
            continue;
        size_t to = (size_t)f->period[t];
        hours[to] += f->fine.hours[t];
        for (size_t i = 0; i < n_node; i++)
            sum[to * n_node + i] += f->fine.hours[t] * price[t * n_node + i];
    }
    for (size_t i = 0; i < f->clock.n * n_node; i++) {
        if (hours[i / n_node] > 0)
            sum[i] /= hours[i / n_node];
        else
            sum[i] = NAN;
    }
    return feed_add_matrix(f, name, sum, n_node, err);
}

static enum err_code build_index(struct feed *f, enum feed_period by, struct err *err)
{
    void *price = NULL;
    double *all = NULL;
    size_t n = 0;
    enum err_code code = feed_group(f, by, err);
    if (!code)
        code = feed_load(f, "lmp", &price, &n, err);
    feed_cross(f, f->n_node, NULL);
    if (!code)
        code = add_begin(f, err);
    if (!code)
        code = feed_add_location(f, err);
    if (!code)
        code = add_part_average(f, "OnPeak", price, true, err);
    if (!code)
        code = add_part_average(f, "OffPeak", price, false, err);
    if (!code)
        code = feed_average(f, price, f->n_node, &all, err);
    return code ? code : feed_add_matrix(f, "Average", all, f->n_node, err);
}

static enum err_code build_daily_index(struct feed *f, struct err *err)
{
    return build_index(f, FEED_DAY, err);
}

static enum err_code build_weekly_index(struct feed *f, struct err *err)
{
    return build_index(f, FEED_WEEK, err);
}

static enum err_code build_monthly_index(struct feed *f, struct err *err)
{
    return build_index(f, FEED_MONTH, err);
}

/* ---- load ---- */

/* Loads and losses; loads, losses and charging [fine.n]. */
static enum err_code find_loads(struct feed *f, double **native, double **charging,
                                struct err *err)
{
    double *flow[N_FLOWS];
    void *loss = NULL;
    size_t n = 0;
    enum err_code code = feed_flows(f, flow, err);
    if (!code && feed_has(f, "loss"))
        code = feed_load(f, "loss", &loss, &n, err);
    if (code)
        return code;
    *native = negated(f, flow[FLOW_LOAD], f->fine.n, err);
    *charging = negated(f, flow[FLOW_CHARGE], f->fine.n, err);
    if (!*native || !*charging)
        return ERR_NOMEM;
    for (size_t t = 0; t < n; t++)
        (*native)[t] += ((const double *)loss)[t];
    return ERR_OK;
}

/* name, native_name and btm (or NULL) are how the document calls the loads. */
static enum err_code add_loads(struct feed *f, const char *name, bool with_btm,
                               struct err *err)
{
    double *native = NULL, *charging = NULL, *total = NULL;
    enum err_code code = find_loads(f, &native, &charging, err);
    if (!code)
        code = feed_average(f, native, 1, &native, err);
    if (!code)
        code = feed_average(f, charging, 1, &charging, err);
    total = code ? NULL : FEED_ARRAY(f, double, f->clock.n, err);
    if (!total)
        return code ? code : ERR_NOMEM;
    for (size_t t = 0; t < f->clock.n; t++)
        total[t] = native[t] + charging[t];
    code = feed_add_series(f, name, total, err);
    if (!code)
        code = feed_add_series(f, "NativeLoad", native, err);
    if (!code)
        code = feed_add_series(f, "ArdDemand", charging, err);
    if (!code && with_btm) /* nothing is behind a meter here */
        code = feed_add_series(f, "SystemLoadBtmPv", total, err);
    if (!code && with_btm)
        code = feed_add_series(f, "NativeLoadBtmPv", native, err);
    return code;
}

static enum err_code build_five_minute_load(struct feed *f, struct err *err)
{
    feed_cross(f, 1, NULL);
    enum err_code code = add_begin(f, err);
    return code ? code : add_loads(f, "LoadMw", true, err);
}

static enum err_code add_system(struct feed *f, struct err *err)
{
    enum err_code code = sheet_add_constant(&f->sheet, "Location@LocId", "32", err);
    return code ? code : sheet_add_constant(&f->sheet, "Location", "SYSTEM", err);
}

static enum err_code build_hourly_load(struct feed *f, struct err *err)
{
    enum err_code code = feed_group(f, FEED_HOUR, err);
    feed_cross(f, 1, NULL);
    if (!code)
        code = add_begin(f, err);
    if (!code)
        code = add_system(f, err);
    return code ? code : add_loads(f, "Load", false, err);
}

/* What the loads at each node take, where there are any. */
static enum err_code build_hourly_demand(struct feed *f, struct err *err)
{
    void *type = NULL, *node = NULL;
    double *output = NULL;
    size_t n = 0, n_place = 0;
    enum err_code code = feed_group(f, FEED_HOUR, err);
    if (!code)
        code = feed_load(f, "/input/resource/type", &type, &n, err);
    if (!code)
        code = feed_load(f, "/input/resource/node", &node, &n, err);
    if (!code)
        code = feed_output(f, &output, &n, err);
    double *fine = code ? NULL : FEED_ARRAY(f, double, f->fine.n * f->n_node, err);
    int32_t *via = code ? NULL : FEED_ARRAY(f, int32_t, f->n_node, err);
    bool *seen = code ? NULL : FEED_ARRAY(f, bool, f->n_node, err);
    if (!fine || !via || !seen)
        return code ? code : ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        int32_t at = ((const int32_t *)node)[i];
        if (((const uint8_t *)type)[i] != 1 || at < 0 || (size_t)at >= f->n_node)
            continue;
        seen[at] = true;
        for (size_t t = 0; t < f->fine.n; t++)
            fine[t * f->n_node + (size_t)at] -= output[t * n + i];
    }
    for (size_t i = 0; i < f->n_node; i++)
        if (seen[i])
            via[n_place++] = (int32_t)i;
    double *mw = NULL;
    code = feed_average(f, fine, f->n_node, &mw, err);
    feed_cross(f, n_place, via);
    if (!code)
        code = add_begin(f, err);
    if (!code)
        code = feed_add_location(f, err);
    return code ? code : feed_add_matrix(f, "Load", mw, f->n_node, err);
}

/* Forecasts of all nodes together. */
static enum err_code build_load_forecast(struct feed *f, struct err *err)
{
    double *mw = NULL;
    enum err_code code = feed_matrix(f, "load_forecast", f->n_node, &mw, err);
    double *total = code ? NULL : FEED_ARRAY(f, double, f->clock.n, err);
    if (!total)
        return code ? code : ERR_NOMEM;
    for (size_t i = 0; i < f->clock.n * f->n_node; i++)
        total[i / f->n_node] += mw[i];
    feed_cross(f, 1, NULL);
    code = add_begin(f, err);
    if (!code) /* when it was made is not known */
        code = feed_add_text(f, "CreationDate", &f->interval, f->clock.begin,
                             f->clock.n, err);
    if (!code)
        code = feed_add_series(f, "LoadMw", total, err);
    return code ? code : feed_add_series(f, "NetLoadMw", total, err);
}

/* ---- limits ---- */

static enum err_code build_constraints(struct feed *f, struct err *err)
{
    struct feed_binding b;
    enum err_code code = feed_find_binding(f, true, true, &b, err);
    if (code)
        return code;
    size_t n = b.n_constraint;
    const char **cause = FEED_ARRAY(f, const char *, n, err);
    const char **flag = FEED_ARRAY(f, const char *, n, err);
    double *value = negated(f, b.price, b.n, err);
    if (!cause || !flag || !value)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        cause[i] = b.outage[i][0] ? b.outage[i] : "BASE CASE";
        flag[i] = b.is_tie[i] ? "Y" : "N";
    }
    feed_pick(f, b.interval, b.constraint, b.n);
    const struct feed_axis each = {1, b.n, NULL};
    code = add_begin(f, err);
    if (!code)
        code = feed_add_text(f, "ConstraintName", &f->place, b.element, n, err);
    if (!code)
        code = feed_add_text(f, "ContingencyName", &f->place, cause, n, err);
    if (!code)
        code = feed_add_text(f, "InterfaceFlag", &f->place, flag, n, err);
    return code ? code
                : feed_add(f, "MarginalValue", &each, TABLE_F64, VIEW_VALUE, value, b.n,
                           err);
}

/* ---- ties ---- */

/* Sales and purchases [clock.n, n_tie], MW; purchases <= 0. As scheduled, or as it was. */
static enum err_code find_trade(struct feed *f, size_t n_tie, bool scheduled,
                                double **sale, double **purchase, struct err *err)
{
    void *award = NULL;
    void *type = NULL, *tie = NULL;
    double *output = NULL;
    size_t n = 0;
    enum err_code code = feed_load(f, "/input/resource/type", &type, &n, err);
    if (!code)
        code = feed_load(f, "/input/resource/tie", &tie, &n, err);
    if (!code)
        code = feed_output(f, &output, &n, err);
    if (!code && scheduled) {
        size_t n_award = 0;
        code = feed_load(f, "award", &award, &n_award, err);
        output = award;
    }
    double *out = code ? NULL : FEED_ARRAY(f, double, f->fine.n *n_tie, err);
    double *in = code ? NULL : FEED_ARRAY(f, double, f->fine.n *n_tie, err);
    if (!in || !out)
        return code ? code : ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        int32_t at = ((const int32_t *)tie)[i];
        if (at < 0 || (size_t)at >= n_tie)
            continue;
        for (size_t t = 0; t < f->fine.n; t++) {
            double mw = output[t * n + i];
            *(mw < 0 ? &out[t * n_tie + (size_t)at] : &in[t * n_tie + (size_t)at]) -=
                mw;
        }
    }
    code = feed_average(f, out, n_tie, sale, err);
    return code ? code : feed_average(f, in, n_tie, purchase, err);
}

static enum err_code add_tie_location(struct feed *f, const char *const *tie,
                                      size_t n_tie, struct err *err)
{
    int32_t *id = FEED_ARRAY(f, int32_t, n_tie, err);
    if (!id)
        return ERR_NOMEM;
    for (size_t i = 0; i < n_tie; i++)
        id[i] = (int32_t)i + 1;
    enum err_code code =
        feed_add(f, "Location@LocId", &f->place, TABLE_I32, VIEW_VALUE, id, n_tie, err);
    return code ? code : feed_add_text(f, "Location", &f->place, tie, n_tie, err);
}

/* Sales plus purchases. */
static enum err_code find_net(struct feed *f, size_t n, const double *sale,
                              const double *purchase, double **out, struct err *err)
{
    *out = FEED_ARRAY(f, double, f->clock.n *n, err);
    for (size_t i = 0; *out && i < f->clock.n * n; i++)
        (*out)[i] = sale[i] + purchase[i];
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err_code build_interchange(struct feed *f, struct err *err)
{
    void *tie = NULL;
    size_t n_tie = 0;
    double *sale = NULL, *purchase = NULL, *net = NULL;
    enum err_code code = feed_load(f, "/input/tie/tie", &tie, &n_tie, err);
    if (!code)
        code = find_trade(f, n_tie, false, &sale, &purchase, err);
    if (!code)
        code = find_net(f, n_tie, sale, purchase, &net, err);
    feed_cross(f, n_tie, NULL);
    if (!code)
        code = add_begin(f, err);
    if (!code)
        code = add_tie_location(f, tie, n_tie, err);
    if (!code)
        code = feed_add_matrix(f, "ActInterchange", net, n_tie, err);
    if (!code)
        code = feed_add_matrix(f, "Purchase", purchase, n_tie, err);
    return code ? code : feed_add_matrix(f, "Sale", sale, n_tie, err);
}

static enum err_code build_hourly_interchange(struct feed *f, struct err *err)
{
    enum err_code code = feed_group(f, FEED_HOUR, err);
    return code ? code : build_interchange(f, err);
}

/* Limits are shown with the sign of their direction, as flows are. */
static enum err_code build_external_flow(struct feed *f, struct err *err)
{
    void *tie = NULL, *in = NULL, *out = NULL;
    size_t n_tie = 0;
    enum err_code code = feed_load(f, "/input/tie/import_limit_mw", &in, &n_tie, err);
    if (!code)
        code = feed_load(f, "/input/tie/export_limit_mw", &out, &n_tie, err);
    if (!code)
        code = feed_load(f, "/input/tie/tie", &tie, &n_tie, err);
    double *sale = NULL, *purchase = NULL, *planned = NULL, *net = NULL;
    if (!code)
        code = find_trade(f, n_tie, true, &sale, &purchase, err);
    if (!code)
        code = find_net(f, n_tie, sale, purchase, &planned, err);
    if (!code)
        code = find_trade(f, n_tie, false, &sale, &purchase, err);
    if (!code)
        code = find_net(f, n_tie, sale, purchase, &net, err);
    double *limit = code ? NULL : negated(f, in, n_tie, err);
    if (!limit)
        return code ? code : ERR_NOMEM;
    feed_cross(f, n_tie, NULL);
    code = add_begin(f, err);
    if (!code)
        code = add_tie_location(f, tie, n_tie, err);
    if (!code)
        code = feed_add_matrix(f, "ActualFlow", net, n_tie, err);
    if (!code)
        code = feed_add(f, "ImportLimit", &f->place, TABLE_F64, VIEW_VALUE, limit,
                        n_tie, err);
    if (!code)
        code = feed_add(f, "ExportLimit", &f->place, TABLE_F64, VIEW_VALUE, out, n_tie,
                        err);
    if (!code)
        code = feed_add_matrix(f, "CurrentSchedule", planned, n_tie, err);
    if (!code)
        code = feed_add_matrix(f, "TotalImports", purchase, n_tie, err);
    return code ? code : feed_add_matrix(f, "TotalExports", sale, n_tie, err);
}

/* ---- ancillary services ---- */

static enum err_code add_reserve(struct feed *f, const struct feed_services *s,
                                 const char *name, const double *value,
                                 enum feed_product product, struct err *err)
{
    double *one = NULL;
    enum err_code code = feed_product_matrix(f, s, value, product, &one, err);
    return code ? code : feed_add_matrix(f, name, one, s->n_region, err);
}

/* The ten-minute requirement is that of both products; 30 minutes: none is traded. */
static enum err_code add_requirements(struct feed *f, const struct feed_services *s,
                                      struct err *err)
{
    double *spin = NULL, *other = NULL;
    enum err_code code = feed_product_matrix(f, s, s->required, PRODUCT_SR, &spin, err);
    if (!code)
        code = feed_product_matrix(f, s, s->required, PRODUCT_NR, &other, err);
    double *both = code ? NULL : FEED_ARRAY(f, double, f->clock.n * s->n_region, err);
    if (!both)
        return code ? code : ERR_NOMEM;
    for (size_t i = 0; i < f->clock.n * s->n_region; i++)
        both[i] = (isnan(spin[i]) ? 0 : spin[i]) + (isnan(other[i]) ? 0 : other[i]);
    code = feed_add_matrix(f, "TenMinSpinRequirement", spin, s->n_region, err);
    if (!code)
        code = feed_add_matrix(f, "Total10MinRequirement", both, s->n_region, err);
    return code ? code
                : feed_add_matrix(f, "Total30MinRequirement", both, s->n_region, err);
}

static enum err_code build_reserve(struct feed *f, struct err *err)
{
    struct feed_services s;
    enum err_code code = feed_find_services(f, &s, err);
    int32_t *id = code ? NULL : FEED_ARRAY(f, int32_t, s.n_region, err);
    if (!id)
        return code ? code : ERR_NOMEM;
    for (size_t i = 0; i < s.n_region; i++)
        id[i] = (int32_t)i + 1;
    feed_cross(f, s.n_region, NULL);
    code = add_begin(f, err);
    if (!code)
        code = feed_add(f, "ReserveZoneId", &f->place, TABLE_I32, VIEW_VALUE, id,
                        s.n_region, err);
    if (!code)
        code =
            feed_add_text(f, "ReserveZoneName", &f->place, s.region, s.n_region, err);
    if (!code)
        code = add_requirements(f, &s, err);
    if (!code)
        code = add_reserve(f, &s, "TmsrDesignatedMw", s.mw, PRODUCT_SR, err);
    if (!code)
        code = add_reserve(f, &s, "TmnsrDesignatedMw", s.mw, PRODUCT_NR, err);
    if (!code)
        code = add_reserve(f, &s, "TmsrClearingPrice", s.price, PRODUCT_SR, err);
    return code ? code
                : add_reserve(f, &s, "TmnsrClearingPrice", s.price, PRODUCT_NR, err);
}

static enum err_code build_hourly_reserve(struct feed *f, struct err *err)
{
    enum err_code code = feed_group(f, FEED_HOUR, err);
    return code ? code : build_reserve(f, err);
}

/* A MW of regulation there is one up and one down here: the widest region's prices. */
static enum err_code build_regulation(struct feed *f, struct err *err)
{
    struct feed_services s;
    double *up = NULL, *down = NULL;
    enum err_code code = feed_find_services(f, &s, err);
    if (!code)
        code = feed_product_matrix(f, &s, s.price, PRODUCT_RU, &up, err);
    if (!code)
        code = feed_product_matrix(f, &s, s.price, PRODUCT_RD, &down, err);
    double *both = code ? NULL : FEED_ARRAY(f, double, f->clock.n, err);
    double *none = code ? NULL : FEED_ARRAY(f, double, f->clock.n, err);
    if (!both || !none)
        return code ? code : ERR_NOMEM;
    for (size_t t = 0; t < f->clock.n && s.n_region; t++) {
        double u = up[t * s.n_region], d = down[t * s.n_region];
        both[t] = (isnan(u) ? 0 : u) + (isnan(d) ? 0 : d);
    }
    feed_cross(f, 1, NULL);
    code = add_begin(f, err);
    if (!code)
        code = feed_add(f, "HourEnd", &f->interval, TABLE_I32, VIEW_TWO, f->clock.hour,
                        f->clock.n, err);
    if (!code)
        code = feed_add_series(f, "RegClearingPrice", both, err);
    if (!code)
        code = feed_add_series(f, "RegServiceClearingPrice", none, err);
    return code ? code : feed_add_series(f, "RegCapacityClearingPrice", both, err);
}

/* ---- generation by technology ---- */

/* Technologies in the order of their first resource; fuel[i] is that of resource i. */
static size_t find_fuels(const char *const *technology, const uint8_t *type, size_t n,
                         int32_t *fuel, const char **name)
{
    size_t n_fuel = 0;
    for (size_t i = 0; i < n; i++) {
        const char *word = type[i] == 5 ? "Imports" : technology[i];
        fuel[i] = -1;
        if (type[i] == 1 || type[i] == 6) /* load, export */
            continue;
        if (!word[0])
            word = "Other";
        size_t k = 0;
        while (k < n_fuel && strcmp(name[k], word) != 0)
            k++;
        if (k == n_fuel)
            name[n_fuel++] = word;
        fuel[i] = (int32_t)k;
    }
    return n_fuel;
}

static enum err_code build_fuel_mix(struct feed *f, struct err *err)
{
    void *type = NULL, *technology = NULL;
    double *output = NULL;
    size_t n = 0, n_fuel = 0;
    enum err_code code = feed_load(f, "/input/resource/type", &type, &n, err);
    if (!code)
        code = feed_load(f, "/input/resource/technology", &technology, &n, err);
    if (!code)
        code = feed_output(f, &output, &n, err);
    int32_t *fuel = code ? NULL : FEED_ARRAY(f, int32_t, n, err);
    const char **name = code ? NULL : FEED_ARRAY(f, const char *, n, err);
    if (!fuel || !name)
        return code ? code : ERR_NOMEM;
    n_fuel = find_fuels(technology, type, n, fuel, name);
    double *mw = FEED_ARRAY(f, double, f->fine.n *n_fuel, err);
    if (!mw)
        return ERR_NOMEM;
    for (size_t t = 0; t < f->fine.n; t++)
        for (size_t i = 0; i < n; i++)
            if (fuel[i] >= 0)
                mw[t * n_fuel + (size_t)fuel[i]] += output[t * n + i];
    feed_cross(f, n_fuel, NULL);
    code = add_begin(f, err);
    if (!code)
        code = feed_add_matrix(f, "GenMw", mw, n_fuel, err);
    if (!code)
        code = feed_add_text(f, "FuelCategory", &f->place, name, n_fuel, err);
    return code ? code
                : feed_add_text(f, "FuelCategoryRollup", &f->place, name, n_fuel, err);
}

// clang-format off
#define DA  "/day_ahead"
#define FMM "/fifteen_minute"
#define RT  "/real_time"
#define LIST(word) word "s", word

const struct feed_report feed_iso_ne_reports[] = {
    {"hourlylmp/da/final", "lmp", DA, LIST("HourlyLmp"), build_lmp, NULL},
    {"hourlylmp/rt/prelim", NULL, RT, LIST("HourlyLmp"), build_hourly_lmp, NULL},
    {"hourlylmp/rt/final", NULL, RT, LIST("HourlyLmp"), build_hourly_lmp, NULL},
    {"fiveminutelmp/prelim", NULL, RT, LIST("FiveMinLmp"), build_lmp, NULL},
    {"fiveminutelmp/final", "lmp", RT, LIST("FiveMinLmp"), build_lmp, NULL},
    {"lmpIndex", NULL, DA, "LmpIndices", "LmpIndex", build_daily_index, NULL},
    {"weeklylmpindex", NULL, DA, "LmpIndices", "LmpIndex", build_weekly_index, NULL},
    {"monthlylmpindex", NULL, DA, "LmpIndices", "LmpIndex", build_monthly_index, NULL},
    {"dayaheadhourlydemand", "load", DA, LIST("HourlyDaDemand"), build_hourly_demand, NULL},
    {"realtimehourlydemand", "load", RT, LIST("HourlyRtDemand"), build_hourly_demand, NULL},
    {"fiveminutesystemload", NULL, RT, LIST("FiveMinSystemLoad"), build_five_minute_load, NULL},
    {"hourlysysload", NULL, RT, LIST("HourlySystemLoad"), build_hourly_load, NULL},
    {"hourlyloadforecast", "load_forecast", DA, LIST("HourlyLoadForecast"), build_load_forecast, "load_forecast"},
    {"dayaheadconstraints", "constraint", DA, LIST("DayAheadConstraint"), build_constraints, NULL},
    {"realtimeconstraints/prelim", NULL, RT, LIST("RealTimeConstraint"), build_constraints, NULL},
    {"realtimeconstraints/final", "constraint", RT, LIST("RealTimeConstraint"), build_constraints, NULL},
    {"fifteenminuteconstraints/prelim", NULL, FMM, LIST("FifteenMinConstraint"), build_constraints, NULL},
    {"fifteenminuteconstraints/final", "constraint", FMM, LIST("FifteenMinConstraint"), build_constraints, NULL},
    {"actualinterchange", "tie", RT, LIST("ActualInterchange"), build_hourly_interchange, NULL},
    {"fifteenminuteinterchange", "tie", FMM, LIST("ActualInterchange"), build_interchange, NULL},
    {"hourlybainterchange", "tie", DA, LIST("HourlyBaInterchange"), build_hourly_interchange, NULL},
    {"externalflow", NULL, RT, LIST("ExternalFlow"), build_external_flow, NULL},
    {"genfuelmix", "award", RT, "GenFuelMixes", "GenFuelMix", build_fuel_mix, NULL},
    {"fiveminutercp", NULL, RT, LIST("FiveMinRcp"), build_regulation, "as_requirement"},
    {"fiveminutereserveprice", NULL, RT, LIST("FiveMinReservePrice"), build_reserve, "as_requirement"},
    {"hourlyprelimreserveprice", NULL, RT, LIST("HourlyReservePrice"), build_hourly_reserve, "as_requirement"},
    {"hourlyfinalreserveprice", NULL, RT, LIST("FinalHourlyReservePrice"), build_hourly_reserve, "as_requirement"},
    {"daasreservedata", "as_price", DA, LIST("DayAheadReserve"), build_reserve, "as_requirement"},
};
// clang-format on

const size_t feed_n_iso_ne = sizeof feed_iso_ne_reports / sizeof *feed_iso_ne_reports;
