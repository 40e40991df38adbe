/* feed_iso_ne_power.c - loads, ties and generation in the manner of ISO New England. */
#include <string.h>

#include "results/feed_iso_ne.h"

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
    *native = iso_ne_negated(f, flow[FLOW_LOAD], f->fine.n, err);
    *charging = iso_ne_negated(f, flow[FLOW_CHARGE], f->fine.n, err);
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

enum err_code iso_ne_five_minute_load(struct feed *f, struct err *err)
{
    feed_cross(f, 1, NULL);
    enum err_code code = iso_ne_begin(f, err);
    return code ? code : add_loads(f, "LoadMw", true, err);
}

static enum err_code add_system(struct feed *f, struct err *err)
{
    enum err_code code = sheet_add_constant(&f->sheet, "Location@LocId", "32", err);
    return code ? code : sheet_add_constant(&f->sheet, "Location", "SYSTEM", err);
}

enum err_code iso_ne_hourly_load(struct feed *f, struct err *err)
{
    enum err_code code = feed_group(f, FEED_HOUR, err);
    feed_cross(f, 1, NULL);
    if (!code)
        code = iso_ne_begin(f, err);
    if (!code)
        code = add_system(f, err);
    return code ? code : add_loads(f, "Load", false, err);
}

/* What the loads at each node take, where there are any. */
enum err_code iso_ne_hourly_demand(struct feed *f, struct err *err)
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
        code = iso_ne_begin(f, err);
    if (!code)
        code = feed_add_location(f, err);
    return code ? code : feed_add_matrix(f, "Load", mw, f->n_node, err);
}

/* Forecasts of all nodes together. */
enum err_code iso_ne_load_forecast(struct feed *f, struct err *err)
{
    double *mw = NULL;
    enum err_code code = feed_matrix(f, "load_forecast", f->n_node, &mw, err);
    double *total = code ? NULL : FEED_ARRAY(f, double, f->clock.n, err);
    if (!total)
        return code ? code : ERR_NOMEM;
    for (size_t i = 0; i < f->clock.n * f->n_node; i++)
        total[i / f->n_node] += mw[i];
    feed_cross(f, 1, NULL);
    code = iso_ne_begin(f, err);
    if (!code) /* when it was made is not known */
        code = feed_add_text(f, "CreationDate", &f->interval, f->clock.begin,
                             f->clock.n, err);
    if (!code)
        code = feed_add_series(f, "LoadMw", total, err);
    return code ? code : feed_add_series(f, "NetLoadMw", total, err);
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

enum err_code iso_ne_interchange(struct feed *f, struct err *err)
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
        code = iso_ne_begin(f, err);
    if (!code)
        code = add_tie_location(f, tie, n_tie, err);
    if (!code)
        code = feed_add_matrix(f, "ActInterchange", net, n_tie, err);
    if (!code)
        code = feed_add_matrix(f, "Purchase", purchase, n_tie, err);
    return code ? code : feed_add_matrix(f, "Sale", sale, n_tie, err);
}

enum err_code iso_ne_hourly_interchange(struct feed *f, struct err *err)
{
    enum err_code code = feed_group(f, FEED_HOUR, err);
    return code ? code : iso_ne_interchange(f, err);
}

/* Limits are shown with the sign of their direction, as flows are. */
enum err_code iso_ne_external_flow(struct feed *f, struct err *err)
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
    double *limit = code ? NULL : iso_ne_negated(f, in, n_tie, err);
    if (!limit)
        return code ? code : ERR_NOMEM;
    feed_cross(f, n_tie, NULL);
    code = iso_ne_begin(f, err);
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

enum err_code iso_ne_fuel_mix(struct feed *f, struct err *err)
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
    code = iso_ne_begin(f, err);
    if (!code)
        code = feed_add_matrix(f, "GenMw", mw, n_fuel, err);
    if (!code)
        code = feed_add_text(f, "FuelCategory", &f->place, name, n_fuel, err);
    return code ? code
                : feed_add_text(f, "FuelCategoryRollup", &f->place, name, n_fuel, err);
}
