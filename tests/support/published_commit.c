/*
 * published_commit.c - published instances of unit commitment, solved and checked.
 *
 * Layer: tests/support.
 */
#include "tests/support/published_commit.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/stopwatch.h"
#include "solver/commit/commit_certificate.h"
#include "tests/oracle/commit_rows.h"

const char *published_folder(const char *variable)
{
    const char *dir = getenv(variable);
    if (!dir || !*dir)
        printf("skipped: %s is not set\n", variable);
    return dir && *dir ? dir : NULL;
}

bool published_read(const char *path, struct commit_case *c)
{
    struct source src;
    struct err_list faults = {0};
    struct err err = {0};
    if (source_read(path, &src, NULL)) {
        source_release(&src);
        return false;
    }
    enum err_code code = commit_file_read(&src, c, &faults, &err);
    cr_assert_eq(code, ERR_OK, "%s:%u:%u: %s", path, err.at.line, err.at.column,
                 err.msg);
    cr_assert_eq(commit_case_connect(c, &err), ERR_OK, "%s: %s", path, err.msg);
    err_list_release(&faults);
    source_release(&src);
    return true;
}

struct commit_answer published_solve(const char *path, const struct commit_case *c,
                                     double gap, int64_t work_limit)
{
    const struct commit_options options = {
        .gap = gap, .n_thread = 2, .work_limit = work_limit};
    struct commit_answer a;
    struct err err = {0};
    double began_s = stopwatch_s();
    enum err_code code = commit_solve(&c->problem, &options, &a, &err);
    cr_assert_eq(code, ERR_OK, "%s: %s", path, err.msg);
    double took_s = stopwatch_s() - began_s;
    struct commit_rows rows = commit_rows_check(c, &a);
    printf(
        "%s: cost %.8g, bound %.8g, gap %.4f %%, %.1f s; %lld rows, worst %.2g (%s), "
        "overloads %.6g\n",
        path, a.cost_usd, a.bound_usd, 100 * a.gap, took_s, (long long)rows.n_row,
        rows.worst_mw, rows.row, rows.overload_usd);
    cr_expect_lt(rows.worst_mw, 1e-5,
                 "%s: row %s of unit %d in interval %d is off by %g", path, rows.row,
                 rows.unit, rows.interval + 1, rows.worst_mw);
    struct commit_certificate flows = {0};
    cr_assert_eq(commit_certificate_flows(&c->problem, &a, &flows, &err), ERR_OK);
    cr_expect_lt(flows.violation_mw, 1e-3, "%s: %s of %d in interval %d", path,
                 flows.rule, flows.index, flows.interval + 1);
    cr_expect_float_eq(flows.cost_usd, a.overload_usd,
                       1e-6 * (1 + fabs(a.overload_usd)));
    const double overload_usd =
        isnan(rows.overload_usd) ? flows.cost_usd : rows.overload_usd;
    cr_expect(a.cost_usd >= rows.cost_usd - 1e-6 * fabs(rows.cost_usd),
              "%s: cost %.12g, rows cost %.12g", path, a.cost_usd, rows.cost_usd);
    cr_expect(a.cost_usd <= rows.cost_usd + overload_usd * (1 + 1e-3) +
                                1e-6 * fabs(rows.cost_usd),
              "%s: cost %.12g, rows cost %.12g and %.12g of overload", path, a.cost_usd,
              rows.cost_usd, overload_usd);
    cr_expect_leq(a.bound_usd, a.cost_usd, "%s", path);
    cr_expect(fabs(a.gap - (a.cost_usd - a.bound_usd) / fabs(a.cost_usd)) < 1e-9);
    return a;
}

void published_compare(const struct answer_table *t, const char *name,
                       const struct commit_answer *a, enum published_theirs theirs)
{
    const double off = theirs == THEIRS_LIMITED ? 5e-4 : 1e-5;
    char instance[128];
    for (int r = 0; r < t->n_row; r++) {
        (void)snprintf(instance, sizeof instance, "%s/%s", answer_text(t, r, "group"),
                       answer_text(t, r, "instance"));
        if (strcmp(instance, name) != 0)
            continue;
        double primal = answer_number(t, r, "best_primal");
        double dual = answer_number(t, r, "best_dual");
        printf("    others: %.8g to %.8g; ours %+.4f %% above their bound\n", dual,
               primal, 100 * (a->cost_usd / dual - 1));
        cr_expect_geq(a->cost_usd, dual * (1 - off), "%s: below their bound", name);
        if (theirs != THEIRS_LOOSER)
            cr_expect_leq(a->bound_usd, primal * (1 + off), "%s: above their cost",
                          name);
    }
}
