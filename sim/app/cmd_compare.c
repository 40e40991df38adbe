/* cmd_compare.c - gridclear compare: what changed between runs, in order of money. */
#include <string.h>

#include "results/report/report.h"
#include "sim/app/command.h"
#include "sim/app/compare_print.h"
#include "sim/app/output_file.h"

struct compare_args {
    const char *first, *second, *stage, *html;
    struct option_list others;
    double tolerance;
    int64_t top;
    bool json;
};

// clang-format off
static const struct option compare_options[] = {
    OPTION_ARGUMENT("A.h5", struct compare_args, first, "a run file"),
    OPTION_ARGUMENT("B.h5", struct compare_args, second, "another, to compare with it"),
    OPTION_MORE("OTHER.h5", struct compare_args, others, "more of them, each compared with the first"),
    OPTION_DOUBLE(0, "tolerance", "X", struct compare_args, tolerance, 0, 1e9,
                  "a difference of X, or of X times the number, does not count (default 1e-6)"),
    OPTION_INT(0, "top", "N", struct compare_args, top, 0, 1000000,
               "rows of each table; 0: all (default 10)"),
    OPTION_TEXT(0, "stage", "NAME", struct compare_args, stage,
                "day_ahead, fifteen_minute, real_time or dispatch (default: the first there is)"),
    OPTION_FLAG(0, "json", struct compare_args, json, "print one JSON object with every difference"),
    OPTION_PATH(0, "html", "FILE", struct compare_args, html,
                "also write a page with the charts of all runs side by side"),
    OPTION_END,
};
// clang-format on

enum {
    RUNS_MAX = OPTION_LIST_MAX + 2
};

struct runs {
    int n;
    const char *file[RUNS_MAX];
    struct run_read *rd[RUNS_MAX];
    struct run_view view[RUNS_MAX];
};

static enum err_code open_runs(const struct compare_args *a, struct runs *r,
                               struct err *err)
{
    enum err_code code = ERR_OK;
    r->file[r->n++] = a->first;
    r->file[r->n++] = a->second;
    for (int i = 0; i < a->others.n; i++)
        r->file[r->n++] = a->others.item[i];
    for (int i = 0; i < r->n && !code; i++) {
        code = run_read_open(r->file[i], &r->rd[i], err);
        if (!code)
            code = run_view_load(r->rd[i], r->file[i], a->stage, &r->view[i], err);
        if (!code && strcmp(r->view[i].stage, r->view[0].stage) != 0)
            code = err_set(err, ERR_INPUT, "%s holds %s and %s %s; expected the same",
                           r->file[0], r->view[0].stage + 1, r->file[i],
                           r->view[i].stage + 1);
    }
    return code;
}

static enum err_code write_page(const struct runs *r, const char *path, struct err *err)
{
    struct report_run run[RUNS_MAX];
    struct output_file f = {0};
    for (int i = 0; i < r->n; i++)
        run[i] = (struct report_run){.rd = r->rd[i], .label = r->file[i]};
    enum err_code code = output_open(path, &f, err);
    if (code)
        return code;
    code = report_write(run, (size_t)r->n, f.out, err);
    return output_close(&f, code, err);
}

/* All runs against the first; *same stays true while nothing differs. */
static enum err_code print_all(const struct compare_args *a, const struct runs *r,
                               bool *same, struct err *err)
{
    struct json j = {.out = stdout};
    enum err_code code = ERR_OK;
    if (a->json) {
        json_open(&j, NULL);
        json_open_list(&j, "comparisons");
    }
    for (int i = 1; i < r->n && !code; i++) {
        struct comparison c = {0};
        code = compare_runs(&r->view[0], &r->view[i], a->tolerance, &c, err);
        if (!code && a->json)
            compare_print_json(&j, &r->view[0], &r->view[i], &c);
        else if (!code)
            compare_print(&r->view[0], &r->view[i], &c, a->top, stdout);
        if (!code && !a->json && i + 1 < r->n)
            (void)printf("\n");
        *same = *same && comparison_is_empty(&c);
        comparison_release(&c);
    }
    if (a->json) {
        json_close_list(&j);
        json_close(&j);
    }
    return code;
}

static enum err_code compare(const void *args, struct diagnostics *diag)
{
    const struct compare_args *a = args;
    struct runs r = {.n = 0};
    bool same = true;
    enum err_code code = open_runs(a, &r, &diag->err);
    if (!code && a->html)
        code = write_page(&r, a->html, &diag->err);
    if (!code)
        code = print_all(a, &r, &same, &diag->err);
    for (int i = 0; i < r.n; i++) {
        run_view_release(&r.view[i]);
        run_read_close(r.rd[i]);
    }
    return code ? code : same ? ERR_OK : ERR_NO;
}

extern const struct command cmd_compare;
static const struct compare_args compare_defaults = {.tolerance = 1e-6, .top = 10};
const struct command cmd_compare = {
    .name = "compare",
    .purpose = "tell what differs between runs, in order of the money it moves",
    .details =
        "Charges, prices, awards, limits and flows of the second run against the "
        "first. "
        "Things are matched by name and intervals by their start, so that runs may "
        "have "
        "different resources and nodes. Money is, for a price: its difference times "
        "what "
        "resources at the node traded in the first run; for an award and a flow: the "
        "difference of MW times price, and of MW times the difference of price across; "
        "for a limit: of shadow price times limit. The status is 0 where nothing "
        "differs "
        "and 1 where something does.",
    .options = compare_options,
    .args_size = sizeof(struct compare_args),
    .defaults = &compare_defaults,
    .example = "compare duck-curve.h5 duck-curve.h5",
    .run = compare,
};
