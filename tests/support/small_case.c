/* small_case.c - reading small MATPOWER cases in tests. */
#include "tests/support/small_case.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/input/matpower.h"
#include "sim/input/source.h"

enum err_code small_case_read(const char *text, struct grid *g, struct err_list *faults)
{
    static struct source src; /* faults borrow its path until the next call */
    struct err err = {0};
    source_release(&src);
    cr_assert_eq(source_from_text("small.m", text, strlen(text), &src, NULL), ERR_OK);
    enum err_code code = matpower_read(&src, g, faults, &err);
    cr_assert_eq(code, err.code);
    cr_assert_eq(code == ERR_OK, faults->total == 0);
    return code;
}

struct grid small_case_grid(const char *text)
{
    struct grid g;
    struct err_list faults = {0};
    cr_assert_eq(small_case_read(text, &g, &faults), ERR_OK, "%u:%u: %s",
                 faults.item[0].at.line, faults.item[0].at.column, faults.item[0].msg);
    err_list_release(&faults);
    return g;
}

void small_case_fault(const char *text, unsigned line, unsigned column,
                      const char *words)
{
    struct grid g;
    struct err_list faults = {0};
    cr_assert_eq(small_case_read(text, &g, &faults), ERR_INPUT,
                 "accepted, expected: %s", words);
    err_list_sort(&faults);
    const struct err *first = &faults.item[0];
    cr_assert_eq(faults.n, 1, "%zu faults, first: %u:%u: %s", faults.n, first->at.line,
                 first->at.column, first->msg);
    cr_assert_eq(first->at.line, line, "line %u: %s", first->at.line, first->msg);
    cr_assert_eq(first->at.column, column, "column %u: %s", first->at.column,
                 first->msg);
    cr_assert_not_null(strstr(first->msg, words), "%s", first->msg);
    cr_assert_not_null(strstr(first->msg, "; expected "), "%s", first->msg);
    cr_assert_null(strchr(first->msg, '\n'));
    cr_assert_str_eq(first->at.file, "small.m");
    cr_assert_eq(g.n_bus, 0, "empty after a fault");
    err_list_release(&faults);
}
