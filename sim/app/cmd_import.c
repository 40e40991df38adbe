/* cmd_import.c - gridclear import: what others publish, as a scenario. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/app/case_name.h"
#include "sim/app/command.h"
#include "sim/app/commit_scenario.h"
#include "sim/app/rts_scenario.h"
#include "sim/input/commit_file.h"

struct import_args {
    const char *kind, *source, *output, *date;
    int64_t days;
    bool quiet;
};

static const struct import_args import_defaults = {.date = "2020-07-10", .days = 366};

static const char *const kinds[] = {"rts-gmlc", "pglib-uc", "ucjl", "egret", NULL};

// clang-format off
static const struct option import_options[] = {
    OPTION_ARGUMENT_OF("KIND", struct import_args, kind, kinds,
                       "rts-gmlc, pglib-uc, ucjl (UnitCommitment.jl) or egret"),
    OPTION_ARGUMENT("SOURCE", struct import_args, source,
                    "rts-gmlc: folder with SourceData and timeseries_data_files; else a JSON "
                    "file, which may be gzip"),
    OPTION_PATH_REQUIRED('o', "output", "SCENARIO", struct import_args, output,
                         "folder to make; it must not exist"),
    OPTION_TEXT(0, "date", "YYYY-MM-DD", struct import_args, date,
                "rts-gmlc: day of the series, 2020; else first trade date; 2020-07-10 if "
                "absent"),
    OPTION_INT(0, "days", "N", struct import_args, days, 1, 366,
               "instances: only so many days; all if absent"),
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

static enum err_code import_day(const struct import_args *a, date_t date,
                                struct diagnostics *diag)
{
    struct rts_day day = {0};
    if (strncmp(a->date, "2020-", strlen("2020-")) != 0)
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

static enum err_code expect_format(const char *kind, const struct commit_case *c,
                                   struct err *err)
{
    enum commit_format want = strcmp(kind, "pglib-uc") == 0 ? COMMIT_PGLIB_UC
                              : strcmp(kind, "ucjl") == 0   ? COMMIT_UNITCOMMITMENT_JL
                                                            : COMMIT_EGRET;
    return c->format == want
               ? ERR_OK
               : err_set(err, ERR_INPUT, "SOURCE is an instance of %s; expected %s",
                         commit_format_name(c->format), commit_format_name(want));
}

static void print_made(const char *folder, const struct commit_case *c, int32_t n_day)
{
    const struct commit_problem *p = &c->problem;
    const int32_t n_store = commit_case_stores(c);
    (void)fprintf(stderr, "%s: %d units, ", folder, p->n_unit - n_store);
    if (n_store > 0)
        (void)fprintf(stderr, "%d store%s, ", n_store, n_store == 1 ? "" : "s");
    (void)fprintf(stderr, "%d others, %d day%s of %d hours\n", p->n_other, n_day,
                  n_day == 1 ? "" : "s", p->n_interval);
}

static enum err_code import_instance(const struct import_args *a, date_t date,
                                     struct diagnostics *diag)
{
    struct source src = {0};
    struct commit_case c = {0};
    char name[128];
    int32_t n_day = 0;
    enum err_code code = source_read(a->source, &src, &diag->err);
    if (!code)
        code = commit_file_read(&src, &c, &diag->faults, &diag->err);
    err_list_sort(&diag->faults);
    diagnostics_keep_names(diag);
    if (!code)
        code = expect_format(a->kind, &c, &diag->err);
    if (!code)
        code = commit_scenario_days(&c, (int32_t)a->days, &n_day, &diag->err);
    if (!code)
        code = make_folder(a->output, &diag->err);
    case_name(a->source, ".json", name, sizeof name);
    if (!code)
        code = commit_scenario_write(&c, name, date, n_day, a->output, &diag->err);
    if (!code && !a->quiet)
        print_made(a->output, &c, n_day);
    commit_case_release(&c);
    source_release(&src);
    return code;
}

static enum err_code import(const void *args, struct diagnostics *diag)
{
    const struct import_args *a = args;
    date_t date = 0;
    bool known = false;
    for (int k = 0; kinds[k]; k++)
        known = known || strcmp(a->kind, kinds[k]) == 0;
    if (!known)
        return err_set(&diag->err, ERR_USAGE,
                       "KIND is '%s'; expected rts-gmlc, pglib-uc, ucjl or egret",
                       a->kind);
    if (!date_parse(a->date, strlen(a->date), &date))
        return err_set(&diag->err, ERR_USAGE,
                       "--date is '%s'; expected a day, YYYY-MM-DD", a->date);
    return strcmp(a->kind, "rts-gmlc") == 0 ? import_day(a, date, diag)
                                            : import_instance(a, date, diag);
}

extern const struct command cmd_import;
const struct command cmd_import = {
    .name = "import",
    .purpose = "make a scenario of RTS-GMLC or of a unit commitment instance",
    .details =
        "rts-gmlc: network, units, storage and day-ahead series of load, wind, sun and "
        "water. Left out: the DC line, which is scheduled at 0, synchronous "
        "condensers, "
        "and the thermal store of the concentrating solar plant.\n"
        "pglib-uc, ucjl, egret: the whole days of an instance that 'gridclear commit' "
        "solves: units with their terms, storage, others, load by bus, network, "
        "outages of "
        "branches, one reserve. The market commits day after day; its spinning reserve "
        "does not count in hourly ramps and is not held in hours of start and stop. "
        "Costs of stopping, more than three kinds of start and several reserves are "
        "refused.",
    .options = import_options,
    .args_size = sizeof(struct import_args),
    .defaults = &import_defaults,
    .example = "import rts-gmlc RTS_Data --date 2020-07-10 -o rts-july",
    .run = import,
};
