/* cmd_commit.c - gridclear commit: an instance of unit commitment, at proven distance. */
#include <math.h>
#include <unistd.h>

#include "sim/app/case_name.h"
#include "sim/app/command.h"
#include "sim/app/commit_result.h"
#include "sim/app/progress.h"
#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"
#include "sim/input/commit_file.h"
#include "solver/commit/message.h"

struct commit_args {
    const char *file, *output;
    double gap, seconds;
    int64_t work_limit, threads;
    bool json, quiet, json_log;
    int progress;
};

static const struct commit_args commit_defaults = {.gap = 1e-4, .work_limit = 400000};

// clang-format off
static const struct option commit_options[] = {
    OPTION_ARGUMENT("FILE", struct commit_args, file,
                    "JSON of pglib-uc, UnitCommitment.jl or Egret; may be gzip"),
    OPTION_PATH('o', "output", "RUN.h5", struct commit_args, output,
                "write schedules, prices and uplift to a run file (HDF5)"),
    OPTION_DOUBLE(0, "gap", "FRACTION", struct commit_args, gap, 0, 1,
                  "stop when the cost is proven within this of the least; 0.0001 if absent"),
    OPTION_INT(0, "work-limit", "UNITS", struct commit_args, work_limit, 0, 9e15,
               "stop after so much work, the same on every machine; 0 = no limit, 400000 "
               "if absent"),
    OPTION_DOUBLE(0, "seconds", "S", struct commit_args, seconds, 0, 1e9,
                  "stop at the clock; the answer then depends on the machine"),
    OPTION_INT(0, "threads", "N", struct commit_args, threads, 0, 1024,
               "threads to use, which does not change the answer; all processors if absent"),
    OPTION_FLAG(0, "json", struct commit_args, json, "print the summary as one JSON object"),
    OPTION_FLAG('q', "quiet", struct commit_args, quiet, "print no summary"),
    PROGRESS_OPTION(struct commit_args),
    OPTION_END,
};
// clang-format on

/* An instance on its way. {0} is empty. */
struct job {
    struct source src;
    struct commit_case instance;
    struct commit_answer answer;
    struct commit_certificate certificate;
    struct uplift *uplift, *hull_uplift; /* [n_unit] owned */
    struct commit_seconds seconds;
};

static enum err_code read_instance(const struct commit_args *a, struct job *job,
                                   struct diagnostics *diag)
{
    double began_s = stopwatch_s();
    enum err_code code = source_read(a->file, &job->src, &diag->err);
    if (!code)
        code = commit_file_read(&job->src, &job->instance, &diag->faults, &diag->err);
    if (code == ERR_INPUT && diag->faults.total) {
        diag->err = (struct err){0}; /* the first fault, which is in the list */
        (void)err_set(&diag->err, code, "%zu fault%s in the instance %s",
                      diag->faults.total, diag->faults.total == 1 ? "" : "s", a->file);
    }
    diagnostics_keep_names(diag);
    job->seconds.read = stopwatch_s() - began_s;
    began_s = stopwatch_s();
    if (!code)
        code = commit_case_connect(&job->instance, &diag->err);
    job->seconds.factor = stopwatch_s() - began_s;
    return code;
}

static const double NOTHING_MW = 1e-6; /* per MW of the largest load, 1 MW at least */

static double fleet_mw(const struct commit_case *c)
{
    double most = 1;
    for (int32_t t = 0; t < c->problem.n_interval; t++)
        most = fmax(most, fabs(c->problem.load_mw[t]));
    return most;
}

static enum err_code solve(const struct commit_args *a, struct job *job,
                           const struct watch *watch, struct err *err)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t threads = a->threads > 0 ? a->threads : processors > 0 ? processors : 1;
    const struct commit_options options = {.gap = a->gap,
                                           .work_limit = a->work_limit,
                                           .n_thread = (int32_t)threads,
                                           .seconds_limit = a->seconds,
                                           .watch = watch};
    enum err_code code =
        commit_solve(&job->instance.problem, &options, &job->answer, err);
    double began_s = stopwatch_s();
    if (!code)
        code = commit_certificate_check(&job->instance.problem, &job->answer,
                                        &job->certificate, err);
    if (!code)
        code = commit_certificate_flows(&job->instance.problem, &job->answer,
                                        &job->certificate, err);
    if (!code && job->certificate.violation_mw > NOTHING_MW * fleet_mw(&job->instance))
        code = commit_breaks_rule(&job->instance.problem, &job->certificate, err);
    job->seconds.certify = stopwatch_s() - began_s;
    return code;
}

static enum err_code find_uplift(struct job *job, struct err *err)
{
    const struct commit_problem *p = &job->instance.problem;
    const struct commit_answer *a = &job->answer;
    const struct uplift_prices fixed = {
        a->lambda_usd_per_mwh, a->congestion_usd_per_mwh, a->requirement_usd_per_mw,
        job->instance.network.n_bus, a->limit_usd_per_mwh};
    const struct uplift_prices hull = {
        a->hull_lambda_usd_per_mwh, a->hull_congestion_usd_per_mwh,
        a->hull_requirement_usd_per_mw, job->instance.network.n_bus,
        a->hull_limit_usd_per_mwh};
    double began_s = stopwatch_s();
    job->uplift = MEM_ARRAY(struct uplift, p->n_unit);
    job->hull_uplift = MEM_ARRAY(struct uplift, p->n_unit);
    if (!job->uplift || !job->hull_uplift)
        return err_set(err, ERR_NOMEM, "out of memory for the uplift of units");
    enum err_code code = uplift_of(p, a, &fixed, job->uplift, err);
    if (!code && a->hull_lambda_usd_per_mwh)
        code = uplift_of(p, a, &hull, job->hull_uplift, err);
    job->seconds.uplift = stopwatch_s() - began_s;
    return code;
}

static struct commit_result result_of(const struct commit_args *a,
                                      const struct job *job, const char *name)
{
    return (struct commit_result){.name = name,
                                  .output = a->output,
                                  .instance = &job->instance,
                                  .answer = &job->answer,
                                  .certificate = &job->certificate,
                                  .uplift = job->uplift,
                                  .hull_uplift = job->hull_uplift,
                                  .seconds = job->seconds};
}

static enum err_code compute(const struct commit_args *a, struct job *job,
                             struct progress *progress, struct diagnostics *diag)
{
    struct run_file *rf = NULL;
    struct err *err = &diag->err;
    char name[256];
    case_name(a->file, ".json", name, sizeof name);
    enum err_code code = read_instance(a, job, diag);
    if (!code && a->output && job->instance.problem.service)
        code = err_set(err, ERR_INPUT,
                       "a run file has convex hull prices, which are not found beside "
                       "services that share ramps; expected no --output");
    if (!code && a->output)
        code = run_file_create(a->output, &rf, err);
    if (!code)
        code = progress_step(progress, "committing", 0, 0, err);
    if (!code)
        code = solve(a, job, progress_watch(progress), err);
    if (!code)
        code = find_uplift(job, err);
    if (!code)
        code = progress_step(progress, "writing", 0, 0, err);
    double began_s = stopwatch_s();
    if (!code && rf) {
        struct commit_result result = result_of(a, job, name);
        code = commit_result_record(&result, source_fingerprint(&job->src), rf, err);
        if (!code)
            code = run_file_commit(rf, err);
    }
    run_file_close(rf);
    job->seconds.write = stopwatch_s() - began_s;
    return code;
}

static enum err_code report(const struct commit_args *a, const struct job *job)
{
    char name[256];
    case_name(a->file, ".json", name, sizeof name);
    struct commit_result result = result_of(a, job, name);
    if (a->json)
        commit_result_print_json(&result, stdout);
    else if (!a->quiet)
        commit_result_print(&result, stdout);
    if (!a->json && !a->quiet)
        (void)fprintf(stderr, "%.3f s, %.0f MB\n", job->seconds.total,
                      (double)mem_peak_bytes() / 1048576.0);
    return commit_result_is_unserved(&result) ? ERR_NO : ERR_OK;
}

static enum err_code commit(const void *args, struct diagnostics *diag)
{
    const struct commit_args *a = args;
    struct job job = {0};
    double began_s = stopwatch_s();
    diag->json = a->json_log;
    struct progress progress =
        progress_begin((enum progress_mode)a->progress, a->json_log);
    enum err_code code = compute(a, &job, &progress, diag);
    progress_end(&progress, code);
    job.seconds.total = stopwatch_s() - began_s;
    if (!code)
        code = report(a, &job);
    mem_free(job.uplift);
    mem_free(job.hull_uplift);
    commit_answer_release(&job.answer);
    commit_case_release(&job.instance);
    source_release(&job.src);
    return code;
}

extern const struct command cmd_commit;
const struct command cmd_commit = {
    .name = "commit",
    .purpose = "solve an instance of unit commitment, with a proven bound",
    .details =
        "Which units run when, at least cost, over all intervals of the instance. "
        "The bound is the value of a Lagrangian: no commitment costs less. Prices "
        "are those with the commitment fixed, and convex hull prices; both with "
        "what they leave units short of. "
        "Egret's ancillary services make an integer "
        "program of it: its bound is that of GLPK's tree, and there are no convex hull "
        "prices and no run file. An instance that cannot be served ends "
        "with status 1. How long it took is said on standard error and with "
        "--json.",
    .options = commit_options,
    .args_size = sizeof(struct commit_args),
    .defaults = &commit_defaults,
    .example = "commit scenarios/09-lumpy-unit/instance.json -o run.h5",
    .run = commit,
};
