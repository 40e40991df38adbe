/*
 * case_commit_large.c - UnitCommitment.jl's networks of thousands of buses, as
 * case_commit.c has the smaller ones.
 *
 *     CASES=DIR            instances: DIR/unitcommitment-jl
 *     ORACLES=DIR          ucjl_reference_bounds.csv
 *     LARGE=1              minutes are there: make large-test
 *
 * Skipped where one of them is not set.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/published_commit.h"

/* Solved to 0.1 %, which takes work of so many units. */
static void check(const char *name, int64_t work_limit)
{
    const char *cases = published_folder("CASES"),
               *oracles = published_folder("ORACLES");
    char path[1024], known_as[128];
    struct commit_case c;
    if (!published_folder("LARGE") || !cases || !oracles)
        cr_skip_test("CASES, ORACLES and LARGE are needed");
    (void)snprintf(path, sizeof path, "%s/unitcommitment-jl/%s/2017-02-01.json.gz",
                   cases, name);
    if (!published_read(path, &c))
        cr_skip_test("%s is not there", path);
    (void)snprintf(known_as, sizeof known_as, "matpower/%s/2017-02-01", name);
    struct answer_table t = answer_table_read(oracles, "ucjl_reference_bounds.csv");
    struct commit_answer a = published_solve(path, &c, 1e-3, work_limit);
    cr_expect_leq(a.gap, 1e-3, "%s", path);
    published_compare(&t, known_as, &a, THEIRS_LIMITED);
    commit_answer_release(&a);
    commit_case_release(&c);
    answer_table_release(&t);
}

Test(case_commit_large, case1888rte)
{
    check("case1888rte", 450000);
}

Test(case_commit_large, case3375wp)
{
    check("case3375wp", 180000);
}

Test(case_commit_large, case6515rte)
{
    check("case6515rte", 800000);
}
