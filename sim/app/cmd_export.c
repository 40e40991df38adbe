/* cmd_export.c - gridclear export: one table of a run file as text. */
#include <string.h>

#include "results/export.h"
#include "sim/app/command.h"
#include "sim/app/output_file.h"

struct export_args {
    const char *file, *table, *output;
    int format; /* enum export_format */
};

static const char *const format_words[] = {"csv", "json", "xml", "text", NULL};

// clang-format off
static const struct option export_options[] = {
    OPTION_ARGUMENT("RUN.h5", struct export_args, file, "a run file"),
    OPTION_ARGUMENT("TABLE", struct export_args, table, "a name below, or a path of the schema"),
    OPTION_ENUM(0, "format", "NAME", struct export_args, format, format_words,
                "how to write it"),
    OPTION_PATH('o', "output", "FILE", struct export_args, output,
                "write FILE instead of standard output"),
    OPTION_END,
};
// clang-format on

enum {
    PATH_SIZE = 128
};

/* "credit/account" is a path, too. */
static const char *full_path(const char *table, char path[PATH_SIZE])
{
    if (table[0] == '/' || !strchr(table, '/') || strlen(table) + 2 > PATH_SIZE)
        return table;
    (void)snprintf(path, PATH_SIZE, "/%s", table);
    return path;
}

static enum err_code export_run(const void *args, struct diagnostics *diag)
{
    const struct export_args *a = args;
    char path[PATH_SIZE];
    struct run_read *rd = NULL;
    struct output_file f = {0};
    enum err_code code = run_read_open(a->file, &rd, &diag->err);
    if (!code)
        code = output_open(a->output, &f, &diag->err);
    if (!code) {
        code = export_table(rd, full_path(a->table, path),
                            (enum export_format)a->format, f.out, &diag->err);
        code = output_close(&f, code, &diag->err);
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
        "mitigation_test, credit, account, constraint, shift_factor, relaxation, "
        "interval, resource, sc, node, branch, tie, virtual, "
        "factor. Version, parameters and certificate of the run: meta. Values with the "
        "labels of their dimensions: award, on, start_cost, min_load_cost, "
        "virtual_award, "
        "energy, flow, branch_loss, shadow_price, load_forecast, as_award, "
        "as_self_provided, as_bid_price, as_price, as_required, as_procured, as_short, "
        "status, virtual_status.\n"
        "Any path of 'gridclear schema' is a table, too. Positive amounts are paid by "
        "the participant, injections are positive, times are UTC.",
    .options = export_options,
    .args_size = sizeof(struct export_args),
    .example = "export duck-curve.h5 lmp --format csv -o lmp.csv",
    .run = export_run,
};
