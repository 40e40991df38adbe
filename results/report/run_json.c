/* run_json.c - tables of a run file as the JSON behind a report. */
#include "results/report/run_json.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "results/cell_text.h"
#include "results/report/compact.h"
#include "results/report/run_places.h"
#include "sim/base/arena.h"

enum {
    PATH_ROOM = 128
};

/* '@' at the head of a path stands for the stage of the report. */
static const char *const wanted[] = {
    "/node",
    "/branch",
    "/resource",
    "/sc",
    "/virtual",
    "/input/sc/name",
    "/input/resource/type",
    "/input/resource/sc",
    "/input/resource/node",
    "/input/resource/pmax_mw",
    "/input/resource/pmin_mw",
    "/input/resource/energy_max_mwh",
    "/input/resource/technology",
    "/input/node/kind",
    "/input/node/sub_lap",
    "/input/branch/from",
    "/input/branch/to",
    "/input/branch/rate_mw",
    "/input/tie/tie",
    "/input/tie/bus",
    "/input/tie/import_limit_mw",
    "/input/tie/export_limit_mw",
    "/input/virtual/sc",
    "/input/virtual/node",
    "/input/virtual/side",
    "/admission/decision/sc",
    "/admission/decision/resource",
    "/admission/decision/virtual",
    "/admission/decision/interval",
    "/admission/decision/rule",
    "/admission/decision/status",
    "/admission/decision/before_mw",
    "/admission/decision/after_mw",
    "/admission/decision/reason",
    "/mitigation/offer/resource",
    "/mitigation/offer/interval",
    "/mitigation/offer/from_mw",
    "/mitigation/offer/to_mw",
    "/mitigation/offer/offered",
    "/mitigation/offer/default",
    "/mitigation/offer/mitigated",
    "@/interval",
    "@/duration",
    "@/trade_date",
    "@/hour_ending",
    "@/lmp",
    "@/lmp_congestion",
    "@/lmp_loss",
    "@/award",
    "@/virtual_award",
    "@/on",
    "@/start_cost",
    "@/energy",
    "@/flow",
    "@/shortage",
    "@/surplus",
    "@/rent",
    "@/loss",
    "@/loss_surplus",
    "@/constraint",
    "@/constraint_kind",
    "@/constraint_element",
    "@/constraint_outage",
    "@/constraint_side",
    "@/constraint_limit",
    "@/shadow_price",
    "@/shift_factor/constraint",
    "@/shift_factor/node",
    "@/shift_factor/factor",
    "@/relaxation/kind",
    "@/relaxation/interval",
    "@/relaxation/resource",
    "@/relaxation/mw",
    "@/relaxation/cost_usd",
    "@/relaxation/text",
    "@/as_bid",
    "@/as_bid_resource",
    "@/as_bid_product",
    "@/as_award",
    "@/as_bid_price",
    "@/as_requirement",
    "@/as_region",
    "@/as_product",
    "@/as_required",
    "@/as_procured",
    "@/as_short",
    "@/as_price",
    "/dispatch/unit_bus",
    "/dispatch/branch_from",
    "/dispatch/branch_to",
    "/dispatch/branch_rate",
    "/dispatch/bus_load",
    "/dispatch/bus_shunt",
    "/dispatch/dc_line",
    "/dispatch/dc_line_from",
    "/dispatch/dc_line_to",
    "/dispatch/dc_line_flow",
    "/dispatch/dc_line_received",
    "/commitment/power",
    "/commitment/other",
    "/commitment/other_power",
    "/commitment/load",
    "/commitment/energy_price",
    "/commitment/hull_energy_price",
    "/commitment/requirement",
    "/commitment/reserve_price",
    "/commitment/hull_reserve_price",
    "/commitment/shortfall",
    "/commitment/cost",
    "/commitment/make_whole",
    "/commitment/lost_opportunity",
    "/commitment/hull_make_whole",
    "/commitment/hull_lost_opportunity",
    "@/uplift/resource",
    "@/uplift/cost",
    "@/uplift/make_whole",
    "@/uplift/lost_opportunity",
    "@/uplift/hull_make_whole",
    "@/uplift/hull_lost_opportunity",
    "/settlement/charge_code",
    "/settlement/charge_code_name",
    "/settlement/charge_code_group",
    "/settlement/statement/sc",
    "/settlement/statement/charge_code",
    "/settlement/statement/trade_date",
    "/settlement/statement/amount_cents",
    "/ruc/on",
    "/credit/account/limit",
    "/credit/account/carried",
    "/credit/account/statement",
    "/credit/account/virtual",
    "/credit/account/liability",
    "/credit/account/utilisation",
    "/credit/account/call",
    "/credit/account/status",
    "/credit/account/extrapolated",
    "/credit/day/trade_date",
    "/credit/day/sc",
    "/credit/day/limit",
    "/credit/day/liability",
    "/credit/day/utilisation",
    "/credit/day/call",
    "/credit/day/call_due",
    "/credit/day/status",
    "/real_time/award",
};

/* Stages whose prices stand beside those of the day ahead, at some nodes. */
static const char *const later_stage[] = {"/fifteen_minute", "/real_time"};
static const char *const later_table[] = {
    "/interval",           "/duration",        "/trade_date",       "/hour_ending",
    "/flex_up_price",      "/flex_down_price", "/flex_up_required", "/flex_up_short",
    "/flex_down_required", "/flex_down_short",
};

struct writer {
    const struct run_read *rd;
    const char *stage;
    FILE *out;
    struct err *err;
    struct arena arena; /* of one table at a time */
    /* What is to be said about tables when all are written, texts of JSON. */
    struct note {
        const char *path;
        size_t block, rows;
    } note[sizeof wanted / sizeof *wanted];
    size_t n_note;
    bool has_member;
};

const char *run_json_stage(const struct run_read *rd)
{
    if (run_read_has_stage(rd, "/day_ahead"))
        return "/day_ahead";
    if (run_read_has_stage(rd, "/dispatch"))
        return "/dispatch";
    return run_read_has_stage(rd, "/commitment") ? "/commitment" : NULL;
}

/* "path": */
static void begin(struct writer *w, const char *name)
{
    (void)fputs(w->has_member ? ",\n" : "\n", w->out);
    cell_write_json_in_html(w->out, name);
    (void)fputc(':', w->out);
    w->has_member = true;
}

static void open_object(struct writer *w, const char *name)
{
    begin(w, name);
    (void)fputc('{', w->out);
    w->has_member = false;
}

static void close_object(struct writer *w)
{
    (void)fputc('}', w->out);
    w->has_member = true;
}

/* The path in the schema that a wanted path stands for, or NULL where the file lacks it. */
static const struct table *find(const struct writer *w, const char *want)
{
    char path[PATH_ROOM];
    const char *stage = want[0] == '@' ? w->stage : "";
    (void)snprintf(path, sizeof path, "%s%s", stage, want + (want[0] == '@'));
    const struct table *t = schema_find(path);
    return t && run_read_has(w->rd, path) ? t : NULL;
}

/* Cents per MWh at least, else what the largest value deserves. */
static int decimals_of(const struct table *t, const double *value, size_t n)
{
    return compact_decimals(value, n, strncmp(t->unit, "USD", 3) == 0 ? 2 : 0);
}

static enum err_code write_one(struct writer *w, const struct table *t)
{
    void *value = NULL;
    size_t n = 0, row = 1, n_row = 0;
    enum err_code code = run_read_table(w->rd, t->path, &w->arena, &value, &n, w->err);
    if (!code && t->rank == 2)
        code = run_read_length(w->rd, t->dim[0], &n_row, w->err);
    if (code)
        return code;
    struct note *note = &w->note[w->n_note];
    *note = (struct note){.path = t->path};
    if (t->rank == 2 && n_row > 0)
        row = n / n_row;
    if (t->rank == 2 && t->type == TABLE_F64 && n > RUN_JSON_VALUES && row > 0) {
        note->block = (n + RUN_JSON_VALUES - 1) / RUN_JSON_VALUES;
        n = row * compact_average(value, n_row, row, note->block, value);
    } else if (strstr(t->path, "/shift_factor/") && n > RUN_JSON_FACTORS) {
        note->rows = n;
        n = 0;
    } else if (t->type == TABLE_TEXT && t->role == TABLE_VARIABLE &&
               strstr(t->path, "/decision/") && n > RUN_JSON_ROWS) {
        note->rows = n;
        n = RUN_JSON_ROWS;
    }
    w->n_note += note->block > 0 || note->rows > 0;
    begin(w, t->path);
    compact_table(w->out, t->type, value, n,
                  t->type == TABLE_F64 ? decimals_of(t, value, n) : 0);
    arena_release(&w->arena);
    return ERR_OK;
}

/* The columns of a stage's prices at the nodes of place[n]. */
static enum err_code write_prices_at(struct writer *w, const char *stage,
                                     const int32_t *place, size_t n)
{
    char path[PATH_ROOM];
    void *value = NULL;
    size_t count = 0, n_row = 0;
    (void)snprintf(path, sizeof path, "%s/lmp", stage);
    const struct table *t = schema_find(path);
    if (!t || !run_read_has(w->rd, path) || n == 0)
        return ERR_OK;
    enum err_code code = run_read_table(w->rd, path, &w->arena, &value, &count, w->err);
    if (!code)
        code = run_read_length(w->rd, t->dim[0], &n_row, w->err);
    if (code)
        return code;
    size_t n_node = n_row > 0 ? count / n_row : 0;
    double *lmp = value; /* closed up in place: a row of n never passes one of n_node */
    for (size_t k = 0; k < n_row; k++)
        for (size_t c = 0; c < n && n <= n_node; c++)
            lmp[k * n + c] = lmp[k * n_node + (size_t)place[c]];
    begin(w, path);
    compact_f64(w->out, lmp, n <= n_node ? n_row * n : 0, 2);
    arena_release(&w->arena);
    return ERR_OK;
}

static enum err_code write_later(struct writer *w, const char *stage,
                                 const struct run_places *places)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < sizeof later_table / sizeof *later_table && !code; i++) {
        char path[PATH_ROOM];
        (void)snprintf(path, sizeof path, "%s%s", stage, later_table[i]);
        const struct table *t = find(w, path);
        if (t)
            code = write_one(w, t);
    }
    return code ? code : write_prices_at(w, stage, places->price, places->n_price);
}

static enum err_code write_tables(struct writer *w, const struct run_places *places)
{
    enum err_code code = ERR_OK;
    open_object(w, "table");
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted && !code; i++) {
        const struct table *t = find(w, wanted[i]);
        if (t)
            code = write_one(w, t);
    }
    for (size_t i = 0; i < sizeof later_stage / sizeof *later_stage && !code; i++)
        if (run_read_has_stage(w->rd, later_stage[i]))
            code = write_later(w, later_stage[i], places);
    close_object(w);
    return code;
}

/* What the schema says about the tables: one member per table with that text. */
static void write_texts(struct writer *w, const char *name,
                        const char *(*text)(const struct table *))
{
    open_object(w, name);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const struct table *t = find(w, wanted[i]);
        if (t && text(t)) {
            begin(w, t->path);
            cell_write_json_in_html(w->out, text(t));
        }
    }
    close_object(w);
}

static const char *words_of(const struct table *t)
{
    return t->flags;
}

static const char *title_of(const struct table *t)
{
    return t->role == TABLE_VARIABLE ? t->long_name : NULL;
}

static void write_notes(struct writer *w, const struct run_places *places)
{
    open_object(w, "block");
    for (size_t i = 0; i < w->n_note; i++)
        if (w->note[i].block > 0) {
            begin(w, w->note[i].path);
            (void)fprintf(w->out, "%zu", w->note[i].block);
        }
    close_object(w);
    open_object(w, "cut");
    for (size_t i = 0; i < w->n_note; i++)
        if (w->note[i].rows > 0) {
            begin(w, w->note[i].path);
            (void)fprintf(w->out, "%zu", w->note[i].rows);
        }
    close_object(w);
    begin(w, "columns");
    compact_table(w->out, TABLE_I32, places->price, places->n_price, 0);
}

static enum err_code write_meta(struct writer *w)
{
    size_t n;
    const struct meta_attr *m = schema_meta(&n);
    enum err_code code = ERR_OK;
    open_object(w, "meta");
    for (size_t i = 0; i < n && !code; i++) {
        double number = 0;
        int64_t whole = 0;
        const char *text = "";
        if (!run_read_has_meta(w->rd, m[i].name))
            continue;
        if (m[i].type == TABLE_TEXT)
            code = run_read_meta_text(w->rd, m[i].name, &w->arena, &text, w->err);
        else if (m[i].type == TABLE_I64)
            code = run_read_meta_i64(w->rd, m[i].name, &whole, w->err);
        else
            code = run_read_meta_f64(w->rd, m[i].name, &number, w->err);
        begin(w, m[i].name);
        if (m[i].type == TABLE_TEXT)
            cell_write_json_in_html(w->out, text);
        else
            (void)fprintf(w->out, "%.15g",
                          m[i].type == TABLE_I64 ? (double)whole : number);
    }
    close_object(w);
    open_object(w, "settings");
    for (size_t i = 0; !code; i++) {
        const char *name = NULL;
        double value = 0;
        code = run_read_setting(w->rd, i, &w->arena, &name, &value, w->err);
        if (code || !name)
            break;
        begin(w, name);
        compact_number(w->out, value, 6);
    }
    close_object(w);
    return code;
}

static void write_places(struct writer *w, const struct run_places *places)
{
    open_object(w, "place");
    begin(w, "x");
    compact_f64(w->out, places->x, places->n_node, 3);
    begin(w, "y");
    compact_f64(w->out, places->y, places->n_node, 3);
    begin(w, "from");
    cell_write_json_in_html(w->out, places->given ? "coordinates" : "layout");
    close_object(w);
}

enum err_code run_json_write(const struct run_read *rd, const char *label, FILE *out,
                             struct err *err)
{
    struct writer w = {.rd = rd, .stage = run_json_stage(rd), .out = out, .err = err};
    struct run_places places = {0};
    if (!w.stage)
        return err_set(err, ERR_INPUT, "%s holds no day ahead, dispatch or commitment",
                       label);
    enum err_code code = run_places_find(rd, w.stage, RUN_JSON_PLACES, &places, err);
    if (code)
        goto done;
    (void)fputc('{', out);
    begin(&w, "label");
    cell_write_json_in_html(out, label);
    begin(&w, "stage");
    cell_write_json_in_html(out, w.stage);
    code = write_meta(&w);
    if (!code)
        code = write_tables(&w, &places);
    if (!code) {
        write_texts(&w, "words", words_of);
        write_texts(&w, "title", title_of);
        write_notes(&w, &places);
        write_places(&w, &places);
    }
    (void)fputs("}", out);
done:
    run_places_release(&places);
    arena_release(&w.arena);
    return code;
}
