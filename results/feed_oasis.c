/* feed_oasis.c - reports of CAISO's OASIS. */
#include <math.h>
#include <string.h>

#include "results/feed_parts.h"

/* ---- columns that many reports have ---- */

static enum err_code add_times(struct feed *f, bool with_interval, struct err *err)
{
    const struct feed_clock *c = &f->clock;
    const struct feed_axis *at = &f->interval;
    enum err_code code = feed_add(f, "INTERVALSTARTTIME_GMT", at, TABLE_I64, VIEW_OASIS,
                                  c->start, c->n, err);
    if (!code)
        code = feed_add(f, "INTERVALENDTIME_GMT", at, TABLE_I64, VIEW_OASIS, c->end,
                        c->n, err);
    if (!code)
        code = feed_add(f, "OPR_DT", at, TABLE_I32, VIEW_DATE, c->date, c->n, err);
    if (!code)
        code = feed_add(f, "OPR_HR", at, TABLE_I32, VIEW_TWO, c->hour, c->n, err);
    if (!code && with_interval)
        code = feed_add(f, "OPR_INTERVAL", at, TABLE_I32, VIEW_VALUE, c->within, c->n,
                        err);
    return code;
}

static enum err_code add_interval(struct feed *f, struct err *err)
{
    return feed_add(f, "OPR_INTERVAL", &f->interval, TABLE_I32, VIEW_VALUE,
                    f->clock.within, f->clock.n, err);
}

static enum err_code add_run_id(struct feed *f, struct err *err)
{
    return sheet_add_constant(&f->sheet, "MARKET_RUN_ID", f->report->element, err);
}

/* ---- prices of energy: rows by node, type, interval ---- */

enum {
    N_PARTS = 4
};

struct lmp_form {
    const char *price;  /* the last columns differ from report to report */
    bool interval_last; /* OPR_INTERVAL after the price */
    bool ties;          /* ties only */
};

static enum err_code add_names(struct feed *f, const struct feed_axis *type,
                               struct err *err)
{
    static const char *const ids[] = {"NODE_ID_XML", "NODE_ID", "NODE"};
    static const char *const word[N_PARTS] = {"LMP", "MCC", "MCE", "MCL"};
    static const char *const item[N_PARTS] = {"LMP_PRC", "LMP_CONG_PRC", "LMP_ENE_PRC",
                                              "LMP_LOSS_PRC"};
    const char **group = FEED_ARRAY(f, const char *, f->n_node, err);
    if (!group)
        return ERR_NOMEM;
    for (size_t i = 0; i < f->n_node; i++)
        group[i] = f->kind && f->kind[i] ? "ALL_APNODES" : "ALL";
    enum err_code code = ERR_OK;
    for (int i = 0; i < 3 && !code; i++)
        code = feed_add_text(f, ids[i], &f->place, f->node, f->n_node, err);
    if (!code)
        code = add_run_id(f, err);
    if (!code)
        code = feed_add_text(f, "LMP_TYPE", type, word, N_PARTS, err);
    if (!code)
        code = feed_add_text(f, "XML_DATA_ITEM", type, item, N_PARTS, err);
    if (!code)
        code = feed_add_text(f, "PNODE_RESMRID", &f->place, f->node, f->n_node, err);
    if (!code)
        code = feed_add_text(f, "GRP_TYPE", &f->place, group, f->n_node, err);
    return code ? code : feed_add_whole(f, "POS", 0, err);
}

static enum err_code add_prices(struct feed *f, const char *name, const int32_t *via,
                                size_t n_place, struct err *err)
{
    static const char *const part[N_PARTS] = {"lmp", "lmp_congestion", "lmp_energy",
                                              "lmp_loss"};
    size_t n_t = f->clock.n;
    double *price = FEED_ARRAY(f, double, f->sheet.n_row, err);
    if (!price)
        return ERR_NOMEM;
    for (size_t k = 0; k < N_PARTS; k++) {
        double *from = NULL;
        enum err_code code = feed_matrix(f, part[k], f->n_node, &from, err);
        if (code)
            return code;
        for (size_t p = 0; p < n_place; p++)
            for (size_t t = 0; t < n_t; t++)
                price[(p * N_PARTS + k) * n_t + t] =
                    from[t * f->n_node + (via ? (size_t)via[p] : p)];
    }
    const struct feed_axis each = {1, f->sheet.n_row, NULL};
    return feed_add(f, name, &each, TABLE_F64, VIEW_VALUE, price, f->sheet.n_row, err);
}

static enum err_code build_lmp(struct feed *f, const struct lmp_form *form,
                               struct err *err)
{
    size_t n_t = f->clock.n, n_place = f->n_node;
    int32_t *via = NULL;
    if (form->ties) {
        via = FEED_ARRAY(f, int32_t, f->n_node, err);
        if (!via)
            return ERR_NOMEM;
        n_place = 0;
        for (size_t i = 0; i < f->n_node; i++)
            if (f->kind && f->kind[i] == KIND_TIE)
                via[n_place++] = (int32_t)i;
    }
    f->sheet.n_row = n_t * n_place * N_PARTS;
    f->interval = (struct feed_axis){1, n_t, NULL};
    f->place = (struct feed_axis){n_t ? n_t * N_PARTS : 1, n_place, via};
    const struct feed_axis type = {n_t ? n_t : 1, N_PARTS, NULL};
    enum err_code code = add_times(f, !form->interval_last, err);
    if (!code)
        code = add_names(f, &type, err);
    if (!code)
        code = add_prices(f, form->price, via, n_place, err);
    if (!code && form->interval_last)
        code = add_interval(f, err);
    return code ? code : feed_add_whole(f, "GROUP", 1, err);
}

static enum err_code build_prc_lmp(struct feed *f, struct err *err)
{
    static const struct lmp_form form = {"MW", false, false};
    return build_lmp(f, &form, err);
}

static enum err_code build_prc_intvl_lmp(struct feed *f, struct err *err)
{
    static const struct lmp_form form = {"VALUE", true, false};
    return build_lmp(f, &form, err);
}

static enum err_code build_prc_rtpd_lmp(struct feed *f, struct err *err)
{
    static const struct lmp_form form = {"PRC", true, false};
    return build_lmp(f, &form, err);
}

static enum err_code build_prc_sptie_lmp(struct feed *f, struct err *err)
{
    static const struct lmp_form form = {"PRC", true, true};
    return build_lmp(f, &form, err);
}

/* ---- ancillary services: rows by requirement and interval ---- */

/* Codes of the data items, by product. */
static const char *const product_word[N_PRODUCTS] = {"RU", "SR", "NR", "RD"};

static enum err_code add_services(struct feed *f, const struct feed_services *s,
                                  const char *const item[N_PRODUCTS], struct err *err)
{
    const char **word = FEED_ARRAY(f, const char *, s->n, err);
    const char **code_of = FEED_ARRAY(f, const char *, s->n, err);
    if (!word || !code_of)
        return ERR_NOMEM;
    for (size_t i = 0; i < s->n; i++) {
        size_t k = s->product[i] < N_PRODUCTS ? s->product[i] : 0;
        word[i] = product_word[k];
        code_of[i] = item[k];
    }
    enum err_code code = sheet_add_constant(&f->sheet, "OPR_TYPE", "AS", err);
    if (!code)
        code = feed_add_text(f, "ANC_TYPE", &f->place, word, s->n, err);
    if (!code)
        code = feed_add_text(f, "ANC_REGION", &f->place, s->region_of, s->n, err);
    if (!code)
        code = add_run_id(f, err);
    return code ? code
                : feed_add_text(f, "XML_DATA_ITEM", &f->place, code_of, s->n, err);
}

static enum err_code begin_services(struct feed *f, struct feed_services *s,
                                    struct err *err)
{
    enum err_code code = feed_find_services(f, s, err);
    if (!code)
        feed_cross(f, s->n, NULL);
    return code ? code : add_times(f, true, err);
}

static enum err_code build_prc_as(struct feed *f, struct err *err)
{
    static const char *const item[N_PRODUCTS] = {"RU_CLR_PRC", "SP_CLR_PRC",
                                                 "NS_CLR_PRC", "RD_CLR_PRC"};
    struct feed_services s;
    enum err_code code = begin_services(f, &s, err);
    if (!code)
        code = add_services(f, &s, item, err);
    if (!code)
        code = feed_add_matrix(f, "MW", s.price, s.n, err);
    return code ? code : feed_add_whole(f, "GROUP", 1, err);
}

static enum err_code build_as_req(struct feed *f, struct err *err)
{
    static const char *const item[N_PRODUCTS] = {"RU_REQ_MIN_MW", "SP_REQ_MIN_MW",
                                                 "NS_REQ_MIN_MW", "RD_REQ_MIN_MW"};
    struct feed_services s;
    enum err_code code = begin_services(f, &s, err);
    if (!code)
        code = add_services(f, &s, item, err);
    if (!code)
        code = feed_add_matrix(f, "MW", s.required, s.n, err);
    return code ? code : feed_add_whole(f, "GROUP", 1, err);
}

/* Two rows each: what was bought, and what it cost at the price of the region. */
static enum err_code build_as_results(struct feed *f, struct err *err)
{
    static const char *const item[] = {"RU_TOT_MW", "SP_TOT_MW", "NS_TOT_MW",
                                       "RD_TOT_MW", "RU_COST",   "SP_COST",
                                       "NS_COST",   "RD_COST"};
    static const char *const result[] = {"AS_MW", "AS_COST"};
    struct feed_services s;
    enum err_code code = feed_find_services(f, &s, err);
    if (code)
        return code;
    size_t width = 2 * s.n;
    double *value = FEED_ARRAY(f, double, f->clock.n *width, err);
    const char **word = FEED_ARRAY(f, const char *, width, err);
    const char **region = FEED_ARRAY(f, const char *, width, err);
    const char **item_of = FEED_ARRAY(f, const char *, width, err);
    if (!value || !word || !region || !item_of)
        return ERR_NOMEM;
    for (size_t i = 0; i < width; i++) {
        size_t k = s.product[i / 2] < N_PRODUCTS ? s.product[i / 2] : 0;
        word[i] = product_word[k];
        region[i] = s.region_of[i / 2];
        item_of[i] = item[k + i % 2 * N_PRODUCTS];
        for (size_t t = 0; t < f->clock.n; t++) {
            size_t at = t * s.n + i / 2;
            value[t * width + i] =
                i % 2 ? s.mw[at] * s.price[at] * f->clock.hours[t] : s.mw[at];
        }
    }
    feed_cross(f, width, NULL);
    const struct feed_axis turn = {f->clock.n ? f->clock.n : 1, 2, NULL};
    code = add_times(f, true, err);
    if (!code)
        code = feed_add_text(f, "ANC_TYPE", &f->place, word, width, err);
    if (!code)
        code = feed_add_text(f, "ANC_REGION", &f->place, region, width, err);
    if (!code)
        code = add_run_id(f, err);
    if (!code)
        code = feed_add_text(f, "RESULT_TYPE", &turn, result, 2, err);
    if (!code)
        code = feed_add_text(f, "XML_DATA_ITEM", &f->place, item_of, width, err);
    if (!code)
        code = feed_add_matrix(f, "MW", value, width, err);
    return code ? code : feed_add_whole(f, "GROUP", 1, err);
}

/* ---- limits: one row for each that binds ---- */

static enum err_code build_limits(struct feed *f, bool ties, struct err *err)
{
    static const char *const direction[] = {"E", "I"}; /* lower, upper limit */
    struct feed_binding b;
    enum err_code code = feed_find_binding(f, ties, !ties, &b, err);
    if (code)
        return code;
    feed_pick(f, b.interval, b.constraint, b.n);
    size_t n = b.n_constraint;
    const char **cause = FEED_ARRAY(f, const char *, n, err);
    const char **way = FEED_ARRAY(f, const char *, n, err);
    if (!cause || !way)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        cause[i] = b.outage[i][0] ? b.outage[i] : "BASE CASE";
        way[i] = direction[b.side[i] == 1];
    }
    code = add_times(f, true, err);
    if (!code)
        code = sheet_add_constant(&f->sheet, "OPR_TYPE", ties ? "TI" : "NG", err);
    if (!code)
        code = add_run_id(f, err);
    if (!code && !ties)
        code = feed_add_text(f, "NOMOGRAM_ID_XML", &f->place, b.element, n, err);
    if (!code)
        code = feed_add_text(f, ties ? "TI_ID" : "NOMOGRAM_ID", &f->place, b.element, n,
                             err);
    if (!code && ties)
        code = feed_add_text(f, "TI_DIRECTION", &f->place, way, n, err);
    if (!code)
        code = feed_add_text(f, "CONSTRAINT_CAUSE", &f->place, cause, n, err);
    const struct feed_axis each = {1, b.n, NULL};
    if (!code)
        code = feed_add(f, "PRC", &each, TABLE_F64, VIEW_VALUE, b.price, b.n, err);
    return code ? code : feed_add_whole(f, "GROUP", 1, err);
}

static enum err_code build_prc_nomogram(struct feed *f, struct err *err)
{
    return build_limits(f, false, err);
}

static enum err_code build_prc_cnstr(struct feed *f, struct err *err)
{
    return build_limits(f, true, err);
}

/* ---- load and schedules ---- */

/* Nodes that have a forecast in some interval. */
static enum err_code find_forecast(struct feed *f, double **mw, int32_t **via,
                                   size_t *n_place, struct err *err)
{
    *n_place = 0;
    *via = FEED_ARRAY(f, int32_t, f->n_node, err);
    if (!*via)
        return ERR_NOMEM;
    enum err_code code = feed_matrix(f, "load_forecast", f->n_node, mw, err);
    for (size_t i = 0; i < f->n_node && !code; i++) {
        bool any = false;
        for (size_t t = 0; t < f->clock.n; t++)
            any = any || fabs((*mw)[t * f->n_node + i]) > 0;
        if (any)
            (*via)[(*n_place)++] = (int32_t)i;
    }
    return code;
}

static enum err_code build_sld_fcst(struct feed *f, struct err *err)
{
    double *mw = NULL;
    int32_t *via = NULL;
    size_t n_place = 0;
    enum err_code code = find_forecast(f, &mw, &via, &n_place, err);
    feed_cross(f, n_place, via);
    if (!code)
        code = add_times(f, true, err);
    if (!code)
        code = feed_add_whole(f, "LOAD_TYPE", 0, err);
    if (!code)
        code = add_run_id(f, err);
    if (!code)
        code = feed_add_text(f, "TAC_AREA_NAME", &f->place, f->node, f->n_node, err);
    if (!code)
        code = sheet_add_constant(&f->sheet, "LABEL", "Demand Forecast Day Ahead", err);
    if (!code)
        code = sheet_add_constant(&f->sheet, "XML_DATA_ITEM", "SYS_FCST_DA_MW", err);
    if (!code)
        code = feed_add_whole(f, "POS", 0, err);
    if (!code)
        code = feed_add_matrix(f, "MW", mw, f->n_node, err);
    if (!code)
        code = sheet_add_constant(&f->sheet, "EXECUTION_TYPE", f->report->element, err);
    return code ? code : feed_add_whole(f, "GROUP", 1, err);
}

/* The system's generation, load, imports and exports. */
static enum err_code build_ene_slrs(struct feed *f, struct err *err)
{
    enum {
        N_KINDS = 4
    };
    static const char *const schedule[N_KINDS] = {"Generation", "Load", "Import",
                                                  "Export"};
    static const char *const item[N_KINDS] = {"ISO_TOT_GEN_MW", "ISO_TOT_LOAD_MW",
                                              "ISO_TOT_IMP_MW", "ISO_TOT_EXP_MW"};
    double *flow[N_FLOWS];
    enum err_code code = feed_flows(f, flow, err);
    double *mw = FEED_ARRAY(f, double, f->fine.n *N_KINDS, err);
    if (code || !mw)
        return code ? code : ERR_NOMEM;
    for (size_t t = 0; t < f->fine.n; t++) {
        mw[t * N_KINDS] = flow[FLOW_GENERATION][t] + flow[FLOW_DISCHARGE][t];
        mw[t * N_KINDS + 1] = 0 - flow[FLOW_LOAD][t] - flow[FLOW_CHARGE][t];
        mw[t * N_KINDS + 2] = flow[FLOW_IMPORT][t];
        mw[t * N_KINDS + 3] = 0 - flow[FLOW_EXPORT][t];
    }
    feed_cross(f, N_KINDS, NULL);
    code = add_times(f, true, err);
    if (!code)
        code = sheet_add_constant(&f->sheet, "TAC_ZONE_NAME", "Caiso_Totals", err);
    if (!code)
        code = feed_add_text(f, "SCHEDULE", &f->place, schedule, N_KINDS, err);
    if (!code)
        code = add_run_id(f, err);
    if (!code)
        code = feed_add_text(f, "XML_DATA_ITEM", &f->place, item, N_KINDS, err);
    if (!code)
        code = feed_add_matrix(f, "MW", mw, N_KINDS, err);
    return code ? code : feed_add_whole(f, "GROUP", 1, err);
}

// clang-format off
#define DAM  "/day_ahead", NULL, "DAM"
#define RTPD "/fifteen_minute", NULL, "RTPD"
#define RTM  "/real_time", NULL, "RTM"

const struct feed_report feed_oasis_reports[] = {
    {"PRC_LMP", "lmp", DAM, build_prc_lmp, NULL},
    {"PRC_RTPD_LMP", "lmp", RTPD, build_prc_rtpd_lmp, NULL},
    {"PRC_INTVL_LMP", "lmp", RTM, build_prc_intvl_lmp, NULL},
    {"PRC_SPTIE_LMP", NULL, DAM, build_prc_sptie_lmp, NULL},
    {"PRC_AS", "as_price", DAM, build_prc_as, "as_requirement"},
    {"PRC_INTVL_AS", "as_price", RTPD, build_prc_as, "as_requirement"},
    {"AS_REQ", "as_required", DAM, build_as_req, "as_requirement"},
    {"AS_RESULTS", "as_procured", DAM, build_as_results, "as_requirement"},
    {"PRC_NOMOGRAM", "constraint", DAM, build_prc_nomogram, NULL},
    {"PRC_RTM_NOMOGRAM", "constraint", RTM, build_prc_nomogram, NULL},
    {"PRC_CNSTR", NULL, DAM, build_prc_cnstr, NULL},
    {"SLD_FCST", "load_forecast", DAM, build_sld_fcst, "load_forecast"},
    {"ENE_SLRS", "award", DAM, build_ene_slrs, NULL},
};
// clang-format on

const size_t feed_n_oasis = sizeof feed_oasis_reports / sizeof *feed_oasis_reports;
