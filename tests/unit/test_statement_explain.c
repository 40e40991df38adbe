/* test_statement_explain.c - a line of a statement down to awards and prices. */
#include "sim/app/statement_explain.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/app/record_run.h"
#include "sim/base/mem.h"
#include "tests/support/small_run.h"

static struct run_read *rd;
static struct statements s;

static void set_up(void)
{
    char path[] = "/tmp/gridclear_statement_XXXXXX";
    struct err err = {0};
    struct run_file *rf = NULL;
    struct run run = small_run_done();
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
    cr_assert_eq(run_file_create(path, &rf, &err), ERR_OK);
    cr_assert_eq(record_run(rf, &run, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(run_file_commit(rf, &err), ERR_OK, "%s", err.msg);
    run_file_close(rf);
    run_release(&run);
    cr_assert_eq(run_read_open(path, &rd, &err), ERR_OK, "%s", err.msg);
    unlink(path);
    cr_assert_eq(statements_read(rd, path, true, &s, &err), ERR_OK, "%s", err.msg);
}

static void tear_down(void)
{
    statements_release(&s);
    run_read_close(rd);
    cr_assert_eq(mem_live(), 0);
}

TestSuite(statement_explain, .init = set_up, .fini = tear_down);

static int64_t line_of(const char *sc, int32_t code)
{
    for (size_t i = 0; i < s.n_line; i++)
        if (strcmp(s.line_sc[i], sc) == 0 && s.line_code[i] == code)
            return (int64_t)i + 1;
    return 0;
}

/* LOAD takes 100 MWh at 50 in each of 24 hours: 5,000 an hour, 120,000 a day. */
Test(statement_explain, energy_is_award_times_price)
{
    char text[16384];
    struct err err = {0};
    FILE *f = fmemopen(text, sizeof text, "w");
    int64_t line = line_of("BUYER", 6011);
    cr_assert_gt(line, 0);
    cr_assert_eq(statement_explain(rd, &s, line, true, f, &err), ERR_OK, "%s", err.msg);
    fclose(f);
    cr_assert_not_null(strstr(text, "BUYER pays 120,000.00 USD"));
    cr_assert_not_null(strstr(text, "-award MWh x LMP"));
    cr_assert_not_null(strstr(text, "24 charges, 120,000.000000 USD in all"));
    int n = 0;
    for (const char *p = text;
         (p = strstr(p, "/day_ahead/award -100.0000 MW, /day_ahead/lmp 50.0000")); p++)
        n++;
    cr_assert_eq(n, 24);
}

Test(statement_explain, every_line_is_told_and_no_other)
{
    struct err err = {0};
    FILE *f = fopen("/dev/null", "w");
    cr_assert_not_null(f);
    for (int64_t line = 1; line <= (int64_t)s.n_line; line++)
        cr_assert_eq(statement_explain(rd, &s, line, false, f, &err), ERR_OK, "%s",
                     err.msg);
    cr_assert_eq(statement_explain(rd, &s, 0, false, f, &err), ERR_USAGE);
    cr_assert_eq(statement_explain(rd, &s, (int64_t)s.n_line + 1, false, f, &err),
                 ERR_USAGE);
    fclose(f);
}

Test(statement_explain, running_out_of_memory_is_said)
{
    FILE *f = fopen("/dev/null", "w");
    enum err_code code = ERR_NOMEM;
    long live = mem_live();
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct err err = {0};
        mem_fail_after(n);
        code = statement_explain(rd, &s, line_of("BUYER", 6011), true, f, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        cr_assert_eq(mem_live(), live);
    }
    fclose(f);
}
