/* statement_read.c - the statements of a run file. */
#include "sim/app/statement_read.h"

#include <string.h>

/* A table of the run file and where it goes; tables with the same count are as long. */
struct wanted {
    const char *path;
    void *out; /* the array pointer */
    size_t *n;
};

static enum err_code load(const struct run_read *rd, const struct wanted *w, size_t n,
                          struct arena *arena, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < n && !code; i++) {
        void *array = NULL;
        code = run_read_table(rd, w[i].path, arena, &array, w[i].n, err);
        memcpy(w[i].out, &array, sizeof array);
    }
    return code;
}

#define LINE    "/settlement/statement/"
#define INVOICE "/settlement/invoice/"
#define DETAIL  "/settlement/interval_line/"

static enum err_code load_lines(const struct run_read *rd, struct statements *s,
                                struct err *err)
{
    // clang-format off
    const struct wanted w[] = {
        {"/sc", &s->sc_id, &s->n_sc},
        {"/input/sc/name", &s->sc_name, &s->n_sc},
        {"/settlement/charge_code", &s->code, &s->n_code},
        {"/settlement/charge_code_name", &s->code_name, &s->n_code},
        {LINE "sc", &s->line_sc, &s->n_line},
        {LINE "charge_code", &s->line_code, &s->n_line},
        {LINE "trade_date", &s->line_date, &s->n_line},
        {LINE "amount_cents", &s->line_cents, &s->n_line},
        {LINE "version", &s->line_version, &s->n_line},
        {LINE "published", &s->line_published, &s->n_line},
        {INVOICE "sc", &s->invoice_sc, &s->n_invoice},
        {INVOICE "date", &s->invoice_date, &s->n_invoice},
        {INVOICE "due", &s->invoice_due, &s->n_invoice},
        {INVOICE "lines", &s->invoice_lines, &s->n_invoice},
        {INVOICE "amount_cents", &s->invoice_cents, &s->n_invoice},
        {"/day_ahead/trade_date", &s->interval_date, &s->n_interval},
        {"/day_ahead/hour_ending", &s->interval_hour, &s->n_interval},
    };
    // clang-format on
    return load(rd, w, sizeof w / sizeof *w, &s->arena, err);
}

static enum err_code load_detail(const struct run_read *rd, struct statements *s,
                                 struct err *err)
{
    // clang-format off
    const struct wanted w[] = {
        {"/resource", &s->resource_id, &s->n_resource},
        {"/virtual", &s->position_id, &s->n_position},
        {DETAIL "sc", &s->detail_sc, &s->n_detail},
        {DETAIL "charge_code", &s->detail_code, &s->n_detail},
        {DETAIL "resource", &s->detail_resource, &s->n_detail},
        {DETAIL "virtual", &s->detail_position, &s->n_detail},
        {DETAIL "interval", &s->detail_interval, &s->n_detail},
        {DETAIL "version", &s->detail_version, &s->n_detail},
        {DETAIL "minute", &s->detail_minute, &s->n_detail},
        {DETAIL "length", &s->detail_length, &s->n_detail},
        {DETAIL "quantity", &s->detail_quantity, &s->n_detail},
        {DETAIL "price", &s->detail_price, &s->n_detail},
        {DETAIL "amount_usd", &s->detail_usd, &s->n_detail},
    };
    // clang-format on
    return load(rd, w, sizeof w / sizeof *w, &s->arena, err);
}

static bool within(int32_t at, int32_t lowest, size_t n)
{
    return at >= lowest && at < (int64_t)n;
}

/* Positions of another table must lie in it: the file is not ours to trust. */
static bool fits_together(const struct statements *s)
{
    for (size_t i = 0; i < s->n_invoice; i++)
        if (!within(s->invoice_sc[i], -1, s->n_sc))
            return false;
    for (size_t i = 0; i < s->n_detail; i++)
        if (!within(s->detail_sc[i], -1, s->n_sc) ||
            !within(s->detail_resource[i], -1, s->n_resource) ||
            !within(s->detail_position[i], -1, s->n_position) ||
            !within(s->detail_interval[i], 0, s->n_interval))
            return false;
    return true;
}

enum err_code statements_read(const struct run_read *rd, const char *name,
                              bool with_detail, struct statements *out, struct err *err)
{
    *out = (struct statements){0};
    if (!run_read_has_stage(rd, "/settlement"))
        return err_set(err, ERR_INPUT,
                       "%s holds no statements; expected a file written by "
                       "'gridclear run'",
                       name);
    enum err_code code =
        run_read_meta_text(rd, "scenario", &out->arena, &out->scenario, err);
    if (!code)
        code = load_lines(rd, out, err);
    if (!code && with_detail)
        code = load_detail(rd, out, err);
    if (!code && !fits_together(out))
        code =
            err_set(err, ERR_INPUT, "%s: charges refer to what the file lacks", name);
    return code;
}

void statements_release(struct statements *s)
{
    arena_release(&s->arena);
    *s = (struct statements){0};
}

const char *statements_bearer(const struct statements *s, size_t i)
{
    if (s->detail_position[i] >= 0)
        return s->position_id[s->detail_position[i]];
    return s->detail_resource[i] >= 0 ? s->resource_id[s->detail_resource[i]] : "-";
}
