/* feed_gridstatus.c - frames with the columns of the Python package gridstatus. */
#include <math.h>
#include <string.h>

#include "results/feed_parts.h"

static enum err_code add_times(struct feed *f, struct err *err)
{
    const struct feed_clock *c = &f->clock;
    enum err_code code =
        feed_add_text(f, "Time", &f->interval, c->begin, f->clock.n, err);
    if (!code)
        code =
            feed_add_text(f, "Interval Start", &f->interval, c->begin, f->clock.n, err);
    return code ? code
                : feed_add_text(f, "Interval End", &f->interval, c->until, f->clock.n,
                                err);
}

/* What the package calls the market of a stage. */
static enum err_code add_market(struct feed *f, struct err *err)
{
    const char *name = "DAY_AHEAD_HOURLY";
    if (strcmp(f->stage, "/fifteen_minute") == 0)
        name = "REAL_TIME_15_MIN";
    if (strcmp(f->stage, "/real_time") == 0)
        name = "REAL_TIME_5_MIN";
    return sheet_add_constant(&f->sheet, "Market", name, err);
}

static enum err_code build_lmp(struct feed *f, struct err *err)
{
    static const char *const words[] = {"Node",        "DLAP",    "DLAP",
                                        "Trading Hub", "AP Node", "Node"};
    static const char *const columns[] = {"LMP", "Energy", "Congestion", "Loss"};
    static const char *const parts[] = {"lmp", "lmp_energy", "lmp_congestion",
                                        "lmp_loss"};
    const char **type = FEED_ARRAY(f, const char *, f->n_node, err);
    if (!type)
        return ERR_NOMEM;
    for (size_t i = 0; i < f->n_node; i++)
        type[i] = words[f->kind && f->kind[i] <= KIND_TIE ? f->kind[i] : 0];
    feed_cross(f, f->n_node, NULL);
    enum err_code code = add_times(f, err);
    if (!code)
        code = add_market(f, err);
    if (!code)
        code = feed_add_text(f, "Location", &f->place, f->node, f->n_node, err);
    if (!code)
        code = feed_add_text(f, "Location Type", &f->place, type, f->n_node, err);
    for (int k = 0; k < 4 && !code; k++) {
        double *price = NULL;
        code = feed_matrix(f, parts[k], f->n_node, &price, err);
        if (!code)
            code = feed_add_matrix(f, columns[k], price, f->n_node, err);
    }
    return code;
}

/* A row per interval and region, a column per product; order and names of the package. */
static const struct {
    enum feed_product product;
    const char *price, *total, *required;
} products[] = {
    {PRODUCT_NR, "Non-Spinning Reserves", "Non-Spinning Reserves Total (MW)",
     "Non-Spinning Reserves Required (MW)"},
    {PRODUCT_RD, "Regulation Down", "Regulation Down Total (MW)",
     "Regulation Down Required (MW)"},
    {PRODUCT_RU, "Regulation Up", "Regulation Up Total (MW)",
     "Regulation Up Required (MW)"},
    {PRODUCT_SR, "Spinning Reserves", "Spinning Reserves Total (MW)",
     "Spinning Reserves Required (MW)"},
};

static enum err_code begin_services(struct feed *f, struct feed_services *s,
                                    struct err *err)
{
    enum err_code code = feed_find_services(f, s, err);
    if (code)
        return code;
    feed_cross(f, s->n_region, NULL);
    code = add_times(f, err);
    if (!code)
        code = feed_add_text(f, "Region", &f->place, s->region, s->n_region, err);
    return code ? code : add_market(f, err);
}

static enum err_code build_as_prices(struct feed *f, struct err *err)
{
    struct feed_services s;
    enum err_code code = begin_services(f, &s, err);
    for (int k = 0; k < N_PRODUCTS && !code; k++)
        code = feed_add_product(f, &s, products[k].price, s.price, products[k].product,
                                err);
    return code;
}

static enum err_code build_as_procurement(struct feed *f, struct err *err)
{
    struct feed_services s;
    enum err_code code = begin_services(f, &s, err);
    for (int k = 0; k < N_PRODUCTS && !code; k++)
        code =
            feed_add_product(f, &s, products[k].total, s.mw, products[k].product, err);
    for (int k = 0; k < N_PRODUCTS && !code; k++)
        code = feed_add_product(f, &s, products[k].required, s.required,
                                products[k].product, err);
    return code;
}

static enum err_code build_load_forecast(struct feed *f, struct err *err)
{
    double *mw = NULL;
    size_t n_place = 0;
    int32_t *via = FEED_ARRAY(f, int32_t, f->n_node, err);
    if (!via)
        return ERR_NOMEM;
    enum err_code code = feed_matrix(f, "load_forecast", f->n_node, &mw, err);
    for (size_t i = 0; i < f->n_node && !code; i++) {
        bool any = false;
        for (size_t t = 0; t < f->clock.n; t++)
            any = any || fabs(mw[t * f->n_node + i]) > 0;
        if (any)
            via[n_place++] = (int32_t)i;
    }
    feed_cross(f, n_place, via);
    if (!code)
        code = add_times(f, err);
    double *unknown = code ? NULL : FEED_ARRAY(f, double, f->clock.n, err);
    if (!unknown)
        return code ? code : ERR_NOMEM;
    for (size_t t = 0; t < f->clock.n; t++)
        unknown[t] = (double)NAN;
    code = feed_add_series(f, "Publish Time", unknown, err);
    if (!code)
        code = feed_add_text(f, "TAC Area Name", &f->place, f->node, f->n_node, err);
    return code ? code : feed_add_matrix(f, "Load Forecast", mw, f->n_node, err);
}

/* What loads take, storage not counted. */
static enum err_code build_load(struct feed *f, struct err *err)
{
    double *flow[N_FLOWS];
    enum err_code code = feed_flows(f, flow, err);
    if (code)
        return code;
    for (size_t t = 0; t < f->fine.n; t++)
        flow[FLOW_LOAD][t] = 0 - flow[FLOW_LOAD][t];
    feed_cross(f, 1, NULL);
    code = add_times(f, err);
    return code ? code : feed_add_series(f, "Load", flow[FLOW_LOAD], err);
}

/* ---- generation by technology ---- */

enum {
    FIXED_COLUMNS = 3,
    MOST_FUELS = SHEET_COLUMNS - FIXED_COLUMNS - 1 /* and "Other" */
};

struct mix {
    const char *name[MOST_FUELS + 1];
    double *mw[MOST_FUELS + 1]; /* [fine.n] */
    size_t n;
};

/* The place of a technology; those that find no room together are "Other". */
static enum err_code mix_find(struct feed *f, struct mix *m, const char *name,
                              size_t *place, struct err *err)
{
    if (!name[0] || strcmp(name, "Time") == 0 || strncmp(name, "Interval ", 9) == 0)
        name = "Other"; /* a column of its own name there is already */
    for (*place = 0; *place < m->n; ++*place)
        if (strcmp(m->name[*place], name) == 0)
            return ERR_OK;
    if (m->n >= MOST_FUELS && strcmp(name, "Other") != 0)
        return mix_find(f, m, "Other", place, err);
    m->mw[m->n] = FEED_ARRAY(f, double, f->fine.n, err);
    if (!m->mw[m->n])
        return ERR_NOMEM;
    m->name[m->n++] = name;
    return ERR_OK;
}

/* Everything that is not a load or an export; storage counts both ways. */
static enum err_code build_fuel_mix(struct feed *f, struct err *err)
{
    void *type = NULL, *technology = NULL;
    double *output = NULL;
    size_t n = 0;
    struct mix m = {.n = 0};
    enum err_code code = feed_load(f, "/input/resource/type", &type, &n, err);
    if (!code)
        code = feed_load(f, "/input/resource/technology", &technology, &n, err);
    if (!code)
        code = feed_output(f, &output, &n, err);
    for (size_t i = 0; i < n && !code; i++) {
        uint8_t kind = ((const uint8_t *)type)[i];
        size_t k = 0;
        if (kind == 1 || kind == 6) /* load, export */
            continue;
        const char *name = ((const char *const *)technology)[i];
        if (kind == 5)
            name = "Imports";
        else if (kind == 2 && !name[0])
            name = "Batteries";
        code = mix_find(f, &m, name, &k, err);
        for (size_t t = 0; t < f->fine.n && !code; t++)
            m.mw[k][t] += output[t * n + i];
    }
    feed_cross(f, 1, NULL);
    if (!code)
        code = add_times(f, err);
    for (size_t k = 0; k < m.n && !code; k++)
        code = feed_add_series(f, m.name[k], m.mw[k], err);
    return code;
}

// clang-format off
#define DAY_AHEAD "/day_ahead", NULL, NULL

const struct feed_report feed_gridstatus_reports[] = {
    {"lmp", NULL, DAY_AHEAD, build_lmp, NULL},
    {"as_prices", "as_price", DAY_AHEAD, build_as_prices, "as_requirement"},
    {"as_procurement", "as_procured", DAY_AHEAD, build_as_procurement, "as_requirement"},
    {"load_forecast", NULL, DAY_AHEAD, build_load_forecast, "load_forecast"},
    {"load", NULL, DAY_AHEAD, build_load, NULL},
    {"fuel_mix", NULL, DAY_AHEAD, build_fuel_mix, NULL},
};
// clang-format on

const size_t feed_n_gridstatus =
    sizeof feed_gridstatus_reports / sizeof *feed_gridstatus_reports;
