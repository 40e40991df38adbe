/* commit_text.c - instances of unit commitment from text in a test. */
#include "tests/support/commit_text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/commit_file.h"

struct commit_case commit_text_case(const char *text)
{
    struct source src;
    struct commit_case c;
    struct err_list faults = {0};
    struct err err = {0};
    cr_assert_eq(source_from_text("f.json", text, strlen(text), &src, &err), ERR_OK);
    cr_assert_eq(commit_file_read(&src, &c, &faults, &err), ERR_OK, "%u:%u: %s",
                 (unsigned)err.at.line, (unsigned)err.at.column, err.msg);
    err_list_release(&faults);
    source_release(&src);
    return c;
}

void commit_text_faults(const char *text, const char *expected)
{
    struct source src;
    struct commit_case c;
    struct err_list faults = {0};
    struct err err = {0};
    char got[4000] = "";
    size_t n = 0;
    long before = mem_live();
    cr_assert_eq(source_from_text("f.json", text, strlen(text), &src, &err), ERR_OK);
    cr_assert_eq(commit_file_read(&src, &c, &faults, &err), ERR_INPUT, "accepted");
    for (size_t i = 0; i < faults.n && n < sizeof got; i++)
        n += (size_t)snprintf(got + n, sizeof got - n, "%u:%u: %s\n",
                              (unsigned)faults.item[i].at.line,
                              (unsigned)faults.item[i].at.column, faults.item[i].msg);
    cr_assert_str_eq(got, expected);
    cr_assert_str_eq(err.msg, faults.item[0].msg);
    cr_assert_eq(c.problem.n_unit, 0);
    err_list_release(&faults);
    source_release(&src);
    cr_assert_eq(mem_live(), before);
}

void commit_text_fail_each(const char *text)
{
    struct source src;
    struct commit_case c;
    cr_assert_eq(source_from_text("f.json", text, strlen(text), &src, NULL), ERR_OK);
    long before = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct err_list faults = {0};
        struct err err = {0};
        mem_fail_after(n);
        code = commit_file_read(&src, &c, &faults, &err);
        mem_fail_after(-1);
        err_list_release(&faults);
        if (code)
            cr_assert_eq(mem_live(), before, "leak after %ld allocations", n);
        cr_assert_lt(n, 10000);
    }
    cr_assert_eq(code, ERR_OK);
    commit_case_release(&c);
    source_release(&src);
}
