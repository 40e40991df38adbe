/* cmd_report.c - gridclear report: a run as one page to look at. */
#include "results/report/report.h"
#include "sim/app/command.h"
#include "sim/app/output_file.h"

struct report_args {
    const char *file, *beside, *output;
};

// clang-format off
static const struct option report_options[] = {
    OPTION_ARGUMENT("RUN.h5", struct report_args, file, "a run file"),
    OPTION_PATH_REQUIRED('o', "output", "FILE.html", struct report_args, output,
                         "write FILE.html"),
    OPTION_PATH(0, "beside", "OTHER.h5", struct report_args, beside,
                "draw this run beside the first, every chart to one scale"),
    OPTION_END,
};
// clang-format on

static enum err_code report_run(const void *args, struct diagnostics *diag)
{
    const struct report_args *a = args;
    struct run_read *first = NULL, *second = NULL;
    struct output_file f = {0};
    enum err_code code = run_read_open(a->file, &first, &diag->err);
    if (!code && a->beside)
        code = run_read_open(a->beside, &second, &diag->err);
    if (!code)
        code = output_open(a->output, &f, &diag->err);
    if (!code) {
        const struct report_run run[] = {{.rd = first, .label = a->file},
                                         {.rd = second, .label = a->beside}};
        code = report_write(run, second ? 2 : 1, f.out, &diag->err);
        code = output_close(&f, code, &diag->err);
    }
    run_read_close(second);
    run_read_close(first);
    return code;
}

extern const struct command cmd_report;
const struct command cmd_report = {
    .name = "report",
    .purpose = "write a run as one HTML page with charts, maps and tables",
    .details =
        "The page carries all it needs and fetches nothing. It shows prices by node "
        "and "
        "hour, their duration and components, dispatch by technology, storage, the "
        "network coloured by price and loading, limits that bind and their rent, where "
        "the money went, statements, credit, refused bids, ancillary services, and the "
        "certificate; every chart has its table. Files of 'run', 'dispatch' and "
        "'commit' will "
        "do.",
    .options = report_options,
    .args_size = sizeof(struct report_args),
    .example = "report duck-curve.h5 -o duck-curve.html",
    .run = report_run,
};
