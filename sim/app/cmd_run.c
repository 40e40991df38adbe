/* cmd_run.c - gridclear run: all trade days of a scenario, into a run file. */
#include "sim/app/chart.h"
#include "sim/app/command.h"
#include "sim/app/record_run.h"
#include "sim/app/run_pipeline.h"
#include "sim/app/shift_option.h"
#include "sim/app/state_file.h"
#include "sim/app/summary.h"
#include "sim/base/stopwatch.h"

struct run_args {
    const char *scenario, *output, *override, *state_in, *state_out;
    bool json, quiet, chart, json_log;
    int progress, shift_factors;
};

// clang-format off
static const struct option run_options[] = {
    OPTION_ARGUMENT("SCENARIO", struct run_args, scenario, "folder of a scenario"),
    OPTION_PATH_REQUIRED('o', "output", "RUN.h5", struct run_args, output,
                         "where to write the run file (HDF5)"),
    OPTION_PATH(0, "override", "FILE", struct run_args, override,
                "changes for this run, as a scenario with a base states them (YAML)"),
    OPTION_PATH(0, "state-in", "FILE", struct run_args, state_in,
                "start from the state that a run of the days before left (CSV)"),
    OPTION_PATH(0, "state-out", "FILE", struct run_args, state_out,
                "write the state when the last day ends: output, stored energy, hours on"),
    SHIFT_FACTORS_OPTION(struct run_args),
    OPTION_FLAG(0, "json", struct run_args, json, "print the summary as one JSON object"),
    OPTION_FLAG(0, "chart", struct run_args, chart,
                "before the summary, draw hourly prices and print a table of the day"),
    OPTION_FLAG('q', "quiet", struct run_args, quiet, "print no summary"),
    PROGRESS_OPTION(struct run_args),
    OPTION_END,
};
// clang-format on

/* The run file is opened before any work is done, and complete or absent after it. */
static enum err_code compute(const struct run_args *a, struct run *run,
                             struct progress *progress, struct summary_seconds *seconds,
                             struct diagnostics *diag)
{
    struct run_file *rf = NULL;
    struct err *err = &diag->err;
    enum err_code code = run_load(a->scenario, run, diag);
    if (!code && a->state_in)
        code = state_file_read(a->state_in, run, diag);
    if (!code)
        code = run_file_create(a->output, &rf, err);
    if (!code)
        code = run_days(run, progress, err);
    if (!code)
        code = progress_step(progress, "writing", 0, 0, err);
    double began_s = stopwatch_s();
    if (!code)
        code = record_run(rf, run, err);
    if (!code)
        code = progress_step(progress, "writing", 0, 0, err);
    if (!code)
        code = run_file_commit(rf, err);
    if (!code && a->state_out)
        code = state_file_write(a->state_out, run, err);
    double written_mb = rf ? run_file_bytes(rf) / 1e6 : 0;
    run_file_close(rf);
    *seconds = (struct summary_seconds){.read = run->seconds_read,
                                        .real_time = run->seconds_real_time,
                                        .settle = run->seconds_settle,
                                        .write = stopwatch_s() - began_s,
                                        .written_mb = written_mb};
    return code;
}

static enum err_code run_scenario(const void *args, struct diagnostics *diag)
{
    const struct run_args *a = args;
    struct run run = {.override = a->override,
                      .shift_choice = (enum shift_choice)a->shift_factors};
    struct summary_seconds seconds = {0};
    double began_s = stopwatch_s();
    diag->json = a->json_log;
    struct progress progress =
        progress_begin((enum progress_mode)a->progress, a->json_log);
    enum err_code code = compute(a, &run, &progress, &seconds, diag);
    progress_end(&progress, code);
    seconds.total = stopwatch_s() - began_s;
    if (!code && a->chart && !a->json)
        chart_print(&run, stdout);
    if (!code && a->json)
        summary_print_json(&run, a->output, &seconds, stdout);
    else if (!code && !a->quiet)
        summary_print(&run, a->output, stdout);
    run_release(&run);
    return code;
}

extern const struct command cmd_run;
const struct command cmd_run = {
    .name = "run",
    .purpose = "clear and settle all trade days of a scenario",
    .details =
        "Reads the scenario, admits bids, checks credit, clears the day-ahead market, "
        "settles it and writes everything into one HDF5 file. The file appears "
        "complete or not at all. Faults of the input are printed as file:line:column, "
        "and nothing is written.\n"
        "A market that cannot serve its demand still ends with status 0: limits are "
        "relaxed at their penalty prices and listed, dearest first.",
    .options = run_options,
    .args_size = sizeof(struct run_args),
    .example = "run scenarios/duck-curve -o duck-curve.h5",
    .run = run_scenario,
};
