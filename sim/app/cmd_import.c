/* cmd_import.c - gridclear import: what others publish, as a scenario. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/app/command.h"
#include "sim/app/rts_scenario.h"

struct import_args {
    const char *kind, *source, *output, *date;
    bool quiet;
};

static const struct import_args import_defaults = {.date = "2020-07-10"};

static const char *const kinds[] = {"rts-gmlc", NULL};

// clang-format off
static const struct option import_options[] = {
    OPTION_ARGUMENT_OF("KIND", struct import_args, kind, kinds, "rts-gmlc"),
    OPTION_ARGUMENT("SOURCE", struct import_args, source,
                    "folder with SourceData and timeseries_data_files"),
    OPTION_PATH_REQUIRED('o', "output", "SCENARIO", struct import_args, output,
                         "folder to make; it must not exist"),
    OPTION_TEXT(0, "date", "YYYY-MM-DD", struct import_args, date,
                "day of the series, 2020; 2020-07-10 if absent"),
    OPTION_FLAG('q', "quiet", struct import_args, quiet, "do not say what was made"),
    OPTION_END,
};
// clang-format on

static enum err_code make_folder(const char *path, struct err *err)
{
    if (mkdir(path, 0777) == 0)
        return ERR_OK;
    return err_set(err, ERR_IO, "cannot make the folder %s: %s", path, strerror(errno));
}

static enum err_code import(const void *args, struct diagnostics *diag)
{
    const struct import_args *a = args;
    struct rts_day day = {0};
    date_t date = 0;
    if (strcmp(a->kind, "rts-gmlc") != 0)
        return err_set(&diag->err, ERR_USAGE, "KIND is '%s'; expected rts-gmlc",
                       a->kind);
    if (!date_parse(a->date, strlen(a->date), &date) ||
        strncmp(a->date, "2020-", strlen("2020-")) != 0)
        return err_set(&diag->err, ERR_USAGE,
                       "--date is '%s'; expected a day of 2020, YYYY-MM-DD", a->date);
    enum err_code code =
        rts_gmlc_read(a->source, date, &day, &diag->faults, &diag->err);
    err_list_sort(&diag->faults);
    diagnostics_keep_names(diag);
    if (!code)
        code = make_folder(a->output, &diag->err);
    if (!code)
        code = rts_scenario_write(&day, a->output, &diag->err);
    if (!code && !a->quiet)
        (void)fprintf(stderr, "%s: %d buses, %d branches, %d units, %d areas\n",
                      a->output, day.n_bus, day.n_branch, day.n_unit, day.n_area);
    rts_day_release(&day);
    return code;
}

extern const struct command cmd_import;
const struct command cmd_import = {
    .name = "import",
    .purpose = "make a scenario of a day of the RTS-GMLC test system",
    .details =
        "Network, units, storage and day-ahead series of load, wind, sun and water. "
        "Left out: the DC line, which is scheduled at 0, synchronous condensers, "
        "reserves, and the thermal store of the concentrating solar plant.",
    .options = import_options,
    .args_size = sizeof(struct import_args),
    .defaults = &import_defaults,
    .example = "import rts-gmlc RTS_Data --date 2020-07-10 -o rts-july",
    .run = import,
};
