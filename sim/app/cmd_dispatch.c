/* cmd_dispatch.c - gridclear dispatch: one hour of a MATPOWER case, DC optimal flow. */
#include <string.h>

#include "sim/app/case_name.h"
#include "sim/app/case_summary.h"
#include "sim/app/command.h"
#include "sim/app/progress.h"
#include "sim/app/record_run.h"
#include "sim/app/shift_option.h"
#include "sim/base/hash.h"
#include "sim/base/stopwatch.h"
#include "sim/clear/case_dispatch.h"
#include "sim/input/matpower.h"
#include "sim/input/outage_list.h"

struct dispatch_args {
    const char *file, *output, *outages;
    double outage_penalty;
    int dc_model, dc_lines, losses, shift_factors;
    bool json, quiet, json_log;
    int progress;
};

static const char *const model_words[] = {"matpower", "pglib", NULL};
static const char *const loss_words[] = {"off", "reference", "ends", NULL};
static const char *const dc_line_words[] = {"off", "on", NULL};

// clang-format off
static const struct option dispatch_options[] = {
    OPTION_ARGUMENT("CASE.m", struct dispatch_args, file, "a MATPOWER case, version 2; may be gzip"),
    OPTION_PATH('o', "output", "RUN.h5", struct dispatch_args, output,
                "write awards, prices and flows to a run file (HDF5)"),
    OPTION_ENUM(0, "dc-model", "NAME", struct dispatch_args, dc_model, model_words,
                "DC convention: b = 1 / (x tap), or b = x / (r^2 + x^2) without taps"),
    OPTION_ENUM(0, "dc-lines", "WORD", struct dispatch_args, dc_lines, dc_line_words,
                "whether DC lines (mpc.dcline) carry power, or stay at 0 as in MATPOWER"),
    OPTION_ENUM(0, "losses", "WORD", struct dispatch_args, losses, loss_words,
                "branches lose r f^2: nowhere, over the reference (the loads), or at their ends"),
    OPTION_TEXT(0, "outages", "LIST", struct dispatch_args, outages,
                "survive every outage of a list without redispatch: a MATPOWER table (.m), "
                "a CSV file, or the word branches for every branch"),
    OPTION_DOUBLE(0, "outage-penalty", "USD", struct dispatch_args, outage_penalty, 1e-3, 1e12,
                  "price of each MWh over a limit after an outage; if absent, 1000 times the dearest "
"marginal cost"),
    SHIFT_FACTORS_OPTION(struct dispatch_args),
    OPTION_FLAG(0, "json", struct dispatch_args, json,
                "print the summary as one JSON object"),
    OPTION_FLAG('q', "quiet", struct dispatch_args, quiet, "print no summary"),
    PROGRESS_OPTION(struct dispatch_args),
    OPTION_END,
};
// clang-format on

/* A case on its way. {0} is empty. */
struct job {
    struct source src, outage_src;
    struct grid grid;
    struct grid_outages outages;
    struct outcome outcome;
    struct summary_seconds seconds;
};

static enum err_code read_case(const struct dispatch_args *a, struct job *job,
                               struct diagnostics *diag)
{
    const char *path = a->file;
    double began_s = stopwatch_s();
    enum err_code code = source_read(path, &job->src, &diag->err);
    if (!code)
        code = a->dc_lines
                   ? matpower_read_dc_lines(&job->src, &job->grid, &diag->faults,
                                            &diag->err)
                   : matpower_read(&job->src, &job->grid, &diag->faults, &diag->err);
    job->seconds.read = stopwatch_s() - began_s;
    return code;
}

static enum err_code read_outages(const struct dispatch_args *a, struct job *job,
                                  struct diagnostics *diag)
{
    double began_s = stopwatch_s();
    enum err_code code = ERR_OK;
    if (a->outages && strcmp(a->outages, "branches") == 0)
        code = grid_outages_of_branches(&job->grid, &job->outages, &diag->err);
    else if (a->outages) {
        code = source_read(a->outages, &job->outage_src, &diag->err);
        if (!code)
            code = outage_list_read(&job->outage_src, &job->grid, &job->outages,
                                    &diag->faults, &diag->err);
    }
    job->seconds.read += stopwatch_s() - began_s;
    return code;
}

static enum err_code read_input(const struct dispatch_args *a, struct job *job,
                                struct diagnostics *diag)
{
    const char *what = "case", *path = a->file;
    enum err_code code = read_case(a, job, diag);
    if (!code) {
        what = "outages of";
        path = a->outages;
        code = read_outages(a, job, diag);
    }
    if (code == ERR_INPUT && diag->faults.total) {
        diag->err = (struct err){0}; /* the first fault, which is in the list */
        (void)err_set(&diag->err, code, "%zu fault%s in the %s %s", diag->faults.total,
                      diag->faults.total == 1 ? "" : "s", what, path);
    }
    err_list_sort(&diag->faults);
    diagnostics_keep_names(diag);
    return code;
}

/* Losses r f^2 are convex, as the solver needs them, where no r is negative. */
static enum err_code check_losses(const struct dispatch_args *a, const struct grid *g,
                                  struct err *err)
{
    int32_t branch = a->losses == LOSS_OFF ? -1 : grid_negative_resistance(g);
    if (branch < 0)
        return ERR_OK;
    return err_set(err, ERR_INPUT,
                   "%s: branch %s has a resistance of %g p.u.; expected 0 or more with "
                   "--losses %s",
                   a->file, g->branch[branch].id, g->branch[branch].r_pu,
                   loss_words[a->losses]);
}

static enum err_code write_case(const struct dispatch_args *a, struct run_file *rf,
                                const struct job *job, struct err *err)
{
    char name[256];
    enum dc_model model = (enum dc_model)a->dc_model;
    const char *word = model_words[a->dc_model];
    uint64_t fingerprint =
        hash_bytes(source_fingerprint(&job->src), word, strlen(word));
    if (a->dc_lines)
        fingerprint = hash_bytes(fingerprint, "dc-lines", strlen("dc-lines"));
    uint64_t list = job->outage_src.text ? source_fingerprint(&job->outage_src) : 0;
    if (a->outages && !job->outage_src.text)
        fingerprint = hash_bytes(fingerprint, a->outages, strlen(a->outages));
    else if (a->outages)
        fingerprint = hash_bytes(fingerprint, &list, sizeof list);
    if (a->outage_penalty > 0)
        fingerprint = hash_bytes(fingerprint, &a->outage_penalty, sizeof(double));
    if (a->losses)
        fingerprint = hash_bytes(fingerprint, loss_words[a->losses],
                                 strlen(loss_words[a->losses]));
    case_name(a->file, ".m", name, sizeof name);
    enum err_code code = record_case(rf, name, fingerprint, &job->grid, &job->outages,
                                     model, &job->outcome, err);
    return code ? code : run_file_commit(rf, err);
}

static enum err_code compute(const struct dispatch_args *a, struct job *job,
                             struct progress *progress, struct diagnostics *diag)
{
    struct run_file *rf = NULL;
    struct err *err = &diag->err;
    const struct case_settings settings = {
        .dc_model = (enum dc_model)a->dc_model,
        .losses = (enum loss_placement)a->losses,
        .outages = a->outages ? &job->outages : NULL,
        .outage_penalty_usd_per_mwh = a->outage_penalty,
        .shift_choice = a->output ? (enum shift_choice)a->shift_factors : SHIFT_NONE,
        .watch = progress_watch(progress)};
    enum err_code code = read_input(a, job, diag);
    if (!code)
        code = check_losses(a, &job->grid, err);
    if (!code && a->output)
        code = run_file_create(a->output, &rf, err);
    if (!code)
        code = progress_step(progress, "dispatching", 0, 0, err);
    if (!code)
        code = case_dispatch_with(&job->grid, &settings, &job->outcome, err);
    if (!code)
        code = progress_step(progress, "writing", 0, 0, err);
    double began_s = stopwatch_s();
    if (!code && rf)
        code = write_case(a, rf, job, err);
    job->seconds.written_mb = rf ? run_file_bytes(rf) / 1e6 : 0;
    run_file_close(rf);
    job->seconds.write = stopwatch_s() - began_s;
    return code;
}

static void report(const struct dispatch_args *a, const struct job *job)
{
    char name[256];
    case_name(a->file, ".m", name, sizeof name);
    const struct case_summary s = {.name = name,
                                   .dc_model = model_words[a->dc_model],
                                   .output = a->output,
                                   .grid = &job->grid,
                                   .outages = &job->outages,
                                   .outcome = &job->outcome,
                                   .seconds = job->seconds};
    if (a->json)
        case_summary_print_json(&s, stdout);
    else if (!a->quiet)
        case_summary_print(&s, stdout);
    if (!a->json && !a->quiet)
        (void)fprintf(stderr, "%.3f s, %.0f MB\n", s.seconds.total,
                      case_summary_peak_mb());
}

static enum err_code dispatch(const void *args, struct diagnostics *diag)
{
    const struct dispatch_args *a = args;
    struct job job = {0};
    double began_s = stopwatch_s();
    if (a->outage_penalty > 0 && !a->outages)
        return err_set(&diag->err, ERR_USAGE,
                       "--outage-penalty without outages; expected --outages LIST");
    diag->json = a->json_log;
    struct progress progress =
        progress_begin((enum progress_mode)a->progress, a->json_log);
    enum err_code code = compute(a, &job, &progress, diag);
    progress_end(&progress, code);
    job.seconds.total = stopwatch_s() - began_s;
    if (!code)
        report(a, &job);
    if (!code && job.outcome.n_relaxation)
        code = ERR_NO;
    outcome_release(&job.outcome);
    grid_outages_release(&job.outages);
    grid_release(&job.grid);
    source_release(&job.src);
    source_release(&job.outage_src);
    return code;
}

extern const struct command cmd_dispatch;
const struct command cmd_dispatch = {
    .name = "dispatch",
    .purpose = "dispatch one hour of a MATPOWER case at least cost",
    .details = "Units run between Pmin and Pmax at their cost, loads are fixed. A case "
               "that cannot be served ends with status 1: limits are relaxed at a "
               "penalty, and listed, dearest first. How long it took is said on "
               "standard error and with --json.",
    .options = dispatch_options,
    .args_size = sizeof(struct dispatch_args),
    .example = "dispatch scenarios/02-congestion/network.m --json",
    .run = dispatch,
};
