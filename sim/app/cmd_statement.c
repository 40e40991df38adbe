/* cmd_statement.c - gridclear statement: who pays and is paid how much. */
#include <string.h>

#include "sim/app/command.h"
#include "sim/app/statement_explain.h"
#include "sim/app/statement_print.h"

struct statement_args {
    const char *file, *sc, *date;
    int64_t explain;
    bool detail, invoices;
};

// clang-format off
static const struct option statement_options[] = {
    OPTION_ARGUMENT("RUN.h5", struct statement_args, file, "a run file"),
    OPTION_TEXT(0, "sc", "ID", struct statement_args, sc,
                "statement of this scheduling coordinator, or of ISO; else a table of all"),
    OPTION_TEXT(0, "date", "DATE", struct statement_args, date,
                "this trade date only (YYYY-MM-DD)"),
    OPTION_FLAG(0, "detail", struct statement_args, detail,
                "with --sc: also every charge per resource and hour"),
    OPTION_INT(0, "explain", "LINE", struct statement_args, explain, 1, 1e12,
               "what a line is made of, by the number that --sc shows; --detail: all of it"),
    OPTION_FLAG(0, "invoices", struct statement_args, invoices,
                "invoices instead: what was published since the one before"),
    OPTION_END,
};
// clang-format on

static enum err_code find_sc(const struct statements *s, const char *id,
                             struct err *err)
{
    const char *near = NULL;
    if (strcmp(id, "ISO") == 0)
        return ERR_OK;
    for (size_t i = 0; i < s->n_sc; i++)
        if (strcmp(s->sc_id[i], id) == 0)
            return ERR_OK;
    for (size_t i = 0; i < s->n_sc && !near; i++) {
        const char *one[] = {s->sc_id[i], NULL};
        near = options_nearest(id, one);
    }
    return err_set(err, ERR_USAGE,
                   "no scheduling coordinator '%.64s' in the file%s%s%s", id,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static enum err_code find_date(const struct statements *s, const char *text,
                               date_t *date, struct err *err)
{
    if (!date_parse(text, strlen(text), date))
        return err_set(err, ERR_USAGE, "'%.40s' is not a date; expected YYYY-MM-DD",
                       text);
    for (size_t i = 0; i < s->n_interval; i++)
        if (s->interval_date[i] == *date)
            return ERR_OK;
    return err_set(err, ERR_USAGE, "the file holds no trade date %s", text);
}

static enum err_code statement(const void *args, struct diagnostics *diag)
{
    const struct statement_args *a = args;
    struct run_read *rd = NULL;
    struct statements s = {0};
    struct statement_choice choice = {.sc = a->sc, .detail = a->detail};
    enum err_code code = run_read_open(a->file, &rd, &diag->err);
    if (!code)
        code = statements_read(rd, a->file, a->detail || a->explain, &s, &diag->err);
    if (!code && a->sc)
        code = find_sc(&s, a->sc, &diag->err);
    if (!code && a->date)
        code = find_date(&s, a->date, &choice.date, &diag->err);
    choice.one_date = a->date != NULL;
    if (!code && a->explain)
        code = statement_explain(rd, &s, a->explain, a->detail, stdout, &diag->err);
    else if (!code && a->invoices)
        statement_print_invoices(&s, a->sc, stdout);
    else if (!code && a->sc)
        statement_print_one(&s, &choice, stdout);
    else if (!code)
        code = statement_print_all(&s, &choice, stdout, &diag->err);
    statements_release(&s);
    run_read_close(rd);
    return code;
}

extern const struct command cmd_statement;
const struct command cmd_statement = {
    .name = "statement",
    .purpose = "print the statement of a scheduling coordinator, or of everybody",
    .details =
        "Amounts are dollars and cents; positive: the participant pays, negative: "
        "it is paid. Over everybody, the ISO included, they add up to zero.",
    .options = statement_options,
    .args_size = sizeof(struct statement_args),
    .example = "statement duck-curve.h5 --sc SC_SUNBELT",
    .run = statement,
};
