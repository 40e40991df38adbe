/* cmd_export.c - gridclear export: one table of a run file as text. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "results/export.h"
#include "results/feed.h"
#include "sim/app/command.h"
#include "sim/app/output_file.h"
#include "sim/input/nearest.h"

struct export_args {
    const char *file, *table, *output, *stage;
    int format; /* enum export_format */
    int style;  /* 0 or 1 + enum feed_style */
};

static const char *const format_words[] = {"csv", "json", "xml", "text", NULL};
static const char *const style_words[] = {"table", "oasis", "gridstatus", "iso-ne",
                                          NULL};

/* For completion; any stage of the schema will do. */
static const char *const stage_words[] = {"day_ahead", "hour_ahead", "fifteen_minute",
                                          "real_time", "mitigation", "dispatch",
                                          NULL};

// clang-format off
static const struct option export_options[] = {
    OPTION_ARGUMENT("RUN.h5", struct export_args, file, "a run file"),
    OPTION_ARGUMENT("TABLE", struct export_args, table,
                    "a name below, a path of the schema, a report, or all"),
    OPTION_ENUM(0, "format", "NAME", struct export_args, format, format_words,
                "how to write it"),
    OPTION_ENUM(0, "style", "NAME", struct export_args, style, style_words,
                "whose names and layout"),
    { .kind = OPTION_KIND_TEXT, .name = "stage", .value = "NAME", .words = stage_words,
      .offset = OPTION_AT(struct export_args, stage, const char *),
      .help = "part of the run, such as day_ahead, hour_ahead, fifteen_minute or real_time" },
    OPTION_PATH('o', "output", "FILE", struct export_args, output,
                "write FILE instead of standard output; of all: a folder"),
    OPTION_END,
};
// clang-format on

enum {
    PATH_SIZE = 128,
    MOST_NAMES = 200
};

/* "credit/account" is a path, too, and "real_time" a group. */
static const char *full_path(const char *table, char path[PATH_SIZE])
{
    if (table[0] == '/' || strlen(table) + 2 > PATH_SIZE)
        return table;
    (void)snprintf(path, PATH_SIZE, "/%s", table);
    return path;
}

/* A stage has intervals; the message names those of the schema. */
static enum err_code check_stage(const struct run_read *rd, const char *stage,
                                 struct err *err)
{
    char path[PATH_SIZE + 16], list[200] = "";
    size_t n, used = 0;
    (void)snprintf(path, sizeof path, "%s/interval", stage);
    if (schema_find(path)) {
        if (run_read_has_stage(rd, stage))
            return ERR_OK;
        return err_set(err, ERR_INPUT, "the run has no stage %.60s", stage + 1);
    }
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n && used + 40 < sizeof list; i++)
        if (t[i].role == TABLE_COORDINATE &&
            strcmp(schema_name(t[i].path), "interval") == 0)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%.*s",
                                     used ? ", " : "", (int)strlen(t[i].path) - 10,
                                     t[i].path + 1);
    return err_set(err, ERR_USAGE, "--stage: unknown stage '%.40s'; expected one of %s",
                   stage + (stage[0] == '/'), list);
}

/* A message that proposes a name, where the table's is nearly one. */
static enum err_code propose(const char *name, enum err_code code, struct err *err)
{
    const char *known[MOST_NAMES];
    size_t n = 0;
    for (; n < MOST_NAMES && export_name(n); n++) {
        known[n] = export_name(n);
        if (strcmp(known[n], name) == 0)
            return code;
    }
    const char *near = nearest_word(name, strlen(name), known, n, sizeof *known);
    if (code != ERR_USAGE || !near)
        return code;
    *err = (struct err){.code = ERR_OK}; /* else the first message stays */
    return err_set(err, ERR_USAGE, "there is no table '%.60s'; did you mean '%s'?",
                   name, near);
}

static enum err_code write_table(const struct export_args *a, const struct run_read *rd,
                                 FILE *out, struct err *err)
{
    char path[PATH_SIZE], group[PATH_SIZE];
    const char *stage = a->stage ? full_path(a->stage, group) : NULL;
    enum export_format format = (enum export_format)a->format;
    enum err_code code = stage ? check_stage(rd, stage, err) : ERR_OK;
    if (code)
        return code;
    if (a->style)
        return feed_export(rd, (enum feed_style)(a->style - 1), a->table, stage, true,
                           format, out, err);
    const char *table = strchr(a->table, '/') ? full_path(a->table, path) : a->table;
    code = export_table(rd, table, stage, format, out, err);
    return propose(a->table, code, err);
}

/* ---- all tables or reports, a file each ---- */

static const char *const extension[] = {"csv", "json", "xml", "txt"};

/* FOLDER/day_ahead.award.csv */
static enum err_code write_file(const struct export_args *a, const struct run_read *rd,
                                const char *table, struct err *err)
{
    char path[1024], name[PATH_SIZE];
    struct output_file f = {0};
    struct export_args one = *a;
    one.table = table;
    (void)snprintf(name, sizeof name, "%s", table + (table[0] == '/'));
    for (char *p = name; *p; p++)
        if (*p == '/')
            *p = '.';
    int n =
        snprintf(path, sizeof path, "%s/%s.%s", a->output, name, extension[a->format]);
    if (n < 0 || (size_t)n >= sizeof path)
        return err_set(err, ERR_IO, "the name of the folder is too long");
    enum err_code code = output_open(path, &f, err);
    if (code)
        return code;
    code = write_table(&one, rd, f.out, err);
    return output_close(&f, code, err);
}

static enum err_code write_all(const struct export_args *a, const struct run_read *rd,
                               struct err *err)
{
    char path[EXPORT_PATH];
    enum err_code code = ERR_OK;
    size_t n = 0, next = 0;
    if (!a->output)
        return err_set(err, ERR_USAGE,
                       "all: where to is missing; expected --output "
                       "with the name of a folder");
    if (mkdir(a->output, 0777) != 0 && errno != EEXIST)
        return err_set(err, ERR_IO, "cannot make the folder %s: %s", a->output,
                       strerror(errno));
    while (!a->style && !code && export_whole(rd, &next, path))
        code = write_file(a, rd, path, err);
    char group[PATH_SIZE];
    const char *stage = a->stage ? full_path(a->stage, group) : NULL;
    const struct feed_report *r =
        a->style ? feed_reports((enum feed_style)(a->style - 1), &n) : NULL;
    for (size_t i = 0; i < n && !code; i++)
        if (feed_is_there(rd, &r[i], stage))
            code = write_file(a, rd, r[i].name, err);
    return code;
}

static enum err_code export_run(const void *args, struct diagnostics *diag)
{
    const struct export_args *a = args;
    struct run_read *rd = NULL;
    struct output_file f = {0};
    enum err_code code = run_read_open(a->file, &rd, &diag->err);
    if (!code && strcmp(a->table, "all") == 0) {
        code = write_all(a, rd, &diag->err);
    } else if (!code) {
        code = output_open(a->output, &f, &diag->err);
        if (!code) {
            code = write_table(a, rd, f.out, &diag->err);
            code = output_close(&f, code, &diag->err);
        }
    }
    run_read_close(rd);
    return code;
}

extern const struct command cmd_export;
const struct command cmd_export = {
    .name = "export",
    .purpose = "print one table of a run file as CSV, JSON, XML or aligned text",
    .details =
        "Prices: lmp (columns as OASIS has them). Lists: statement, interval_line, "
        "charge_code, decision, admission, credit_check, mitigation, "
        "mitigation_test, uplift, credit, account, credit_day, invoice, constraint, "
        "shift_factor, relaxation, "
        "interval, resource, sc, node, branch, tie, virtual, "
        "factor. Version, parameters and certificate of the run: meta. Values with the "
        "labels of their dimensions: award, on, start_cost, min_load_cost, "
        "configuration, transition_cost, hull_lmp, hull_as_price, virtual_award, "
        "energy, flow, branch_loss, shadow_price, load_forecast, as_award, "
        "as_self_provided, as_bid_price, as_price, as_required, as_procured, as_short, "
        "status, virtual_status.\n"
        "Any path of 'gridclear schema' is a table, too. Positive amounts are paid by "
        "the participant, injections are positive, times are UTC.\n"
        "all writes every table that the run holds, or every report of the style, into "
        "a "
        "file of its own in the folder that --output names.\n"
        "--style oasis: PRC_LMP, PRC_RTPD_LMP, PRC_INTVL_LMP, PRC_SPTIE_LMP, PRC_AS, "
        "PRC_INTVL_AS, AS_REQ, AS_RESULTS, PRC_NOMOGRAM, PRC_RTM_NOMOGRAM, PRC_CNSTR, "
        "SLD_FCST, ENE_SLRS, with CAISO's column names; XML is an OASISReport. Each "
        "reads "
        "the stage it is about; --stage reads another.\n"
        "--style gridstatus: lmp, as_prices, as_procurement, load_forecast, load, "
        "fuel_mix, with the columns of that Python package and local times.\n"
        "--style iso-ne: hourlylmp/da/final, hourlylmp/rt/prelim, hourlylmp/rt/final, "
        "fiveminutelmp/prelim, fiveminutelmp/final, lmpIndex, weeklylmpindex, "
        "monthlylmpindex, dayaheadhourlydemand, realtimehourlydemand, "
        "fiveminutesystemload, hourlysysload, hourlyloadforecast, dayaheadconstraints, "
        "realtimeconstraints/prelim, realtimeconstraints/final, "
        "fifteenminuteconstraints/prelim, fifteenminuteconstraints/final, "
        "actualinterchange, fifteenminuteinterchange, hourlybainterchange, "
        "externalflow, "
        "genfuelmix, fiveminutercp, fiveminutereserveprice, hourlyprelimreserveprice, "
        "hourlyfinalreserveprice, daasreservedata, as the documents of ISO New "
        "England's "
        "web services (XML, JSON) or as tables.\n"
        "The plain names lmp, as_price, as_required, as_procured, constraint, "
        "load_forecast, load, tie and award work in every style that has such a "
        "report, "
        "with --stage.",
    .options = export_options,
    .args_size = sizeof(struct export_args),
    .example = "export duck-curve.h5 lmp --style gridstatus -o lmp.csv",
    .run = export_run,
};
