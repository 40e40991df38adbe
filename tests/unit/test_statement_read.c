/* test_statement_read.c - the statements of a run file. */
#include "sim/app/statement_read.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/mem.h"
#include "tests/support/sample_run.h"

static char folder[64], path[96];

static void set_up(void)
{
    snprintf(folder, sizeof folder, "/tmp/gridclear_statement_XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/run.h5", folder);
}

static void tear_down(void)
{
    (void)unlink(path);
    (void)rmdir(folder);
    cr_assert_eq(mem_live(), 0);
}

TestSuite(statement_read, .init = set_up, .fini = tear_down);

static struct run_read *open_sample(const struct sample_run *s)
{
    struct err err = {0};
    struct run_read *rd = NULL;
    cr_assert_eq(sample_run_write(path, s, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(run_read_open(path, &rd, &err), ERR_OK, "%s", err.msg);
    return rd;
}

Test(statement_read, lines_and_their_detail_are_read)
{
    struct err err = {0};
    struct statements s;
    struct run_read *rd = open_sample(&(struct sample_run){0});
    cr_assert_eq(statements_read(rd, "run.h5", true, &s, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(s.n_line, 2);
    cr_assert_eq(s.n_detail, 2);
    cr_assert_eq(s.n_sc, 2);
    cr_assert_eq(s.n_interval, 2);
    cr_assert_eq(s.line_cents[0], -1);
    cr_assert_eq(s.line_date[1], 20558);
    statements_release(&s);
    run_read_close(rd);
}

Test(statement_read, a_run_without_lines_is_a_run)
{
    struct err err = {0};
    struct statements s;
    struct run_read *rd = open_sample(&(struct sample_run){.empty_lists = true});
    cr_assert_eq(statements_read(rd, "run.h5", true, &s, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(s.n_line, 0);
    statements_release(&s);
    run_read_close(rd);
}

Test(statement_read, every_failing_allocation_is_reported)
{
    struct run_read *rd = open_sample(&(struct sample_run){0});
    long live = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code; n++) {
        struct err err = {0};
        struct statements s;
        mem_fail_after(n);
        code = statements_read(rd, "run.h5", true, &s, &err);
        mem_fail_after(-1);
        statements_release(&s);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        cr_assert_eq(mem_live(), live);
    }
    run_read_close(rd);
}
