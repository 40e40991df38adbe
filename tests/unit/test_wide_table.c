/* test_wide_table.c - columns of somebody else's files, by name. */
#include "sim/input/wide_table.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/mem.h"

static char path[] = "/tmp/wide_table_XXXXXX";

static void write_file(const char *text)
{
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    cr_assert_eq(close(fd), 0);
}

static void remove_file(void)
{
    (void)unlink(path);
}

Test(wide_table, fields_are_found_by_the_name_of_their_column, .fini = remove_file)
{
    struct err_list faults = {0};
    struct wide_table t;
    struct err err = {0};
    size_t len = 0;
    write_file("\"UID\",x y,last\r\n\"a,b\",1.5,NA\r\n\r\nc,x,-2e1\n");
    cr_assert_eq(wide_table_read(path, &faults, &t, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(t.n, 2u);
    int uid = wide_column(&t, "UID", true), x = wide_column(&t, "x y", true);
    int last = wide_column(&t, "last", true);
    cr_assert_eq(wide_column(&t, "x", false), -1);
    cr_assert_eq(faults.total, 0u);
    const char *text = wide_text(&t, 0, uid, &len);
    cr_assert_eq(len, 3u);
    cr_assert_eq(strncmp(text, "a,b", len), 0);
    cr_assert_float_eq(wide_number(&t, 0, x, 0, 9, 7), 1.5, 0);
    cr_assert_float_eq(wide_number(&t, 0, last, 0, 9, 7), 7, 0);
    cr_assert_float_eq(wide_number(&t, 1, last, -99, 9, 7), -20, 0);
    cr_assert_float_eq(wide_number(&t, 1, -1, 0, 9, 7), 7, 0);
    double wrong = wide_number(&t, 1, x, 3, 9, 7);
    cr_assert_float_eq(wrong, 3, 0);
    cr_assert_eq(wide_column(&t, "z", true), -1);
    cr_assert_eq(faults.total, 2u);
    cr_assert_eq(faults.item[0].at.line, 4u);
    cr_assert_eq(faults.item[0].at.column, 3u);
    cr_assert_str_eq(faults.item[0].msg, "'x'; expected a number from 3 to 9");
    cr_assert_str_eq(faults.item[1].msg, "no column 'z'; expected it");
    err_list_release(&faults);
    wide_table_release(&t);
    cr_assert_eq(mem_live(), 0);
}

Test(wide_table, a_record_that_ends_early_has_empty_fields, .fini = remove_file)
{
    struct err_list faults = {0};
    struct wide_table t;
    struct err err = {0};
    write_file("a,b,c\n1\n");
    cr_assert_eq(wide_table_read(path, &faults, &t, &err), ERR_OK);
    cr_assert_float_eq(wide_number(&t, 0, 2, 0, 9, 5), 5, 0);
    wide_table_release(&t);
}

Test(wide_table, an_empty_file_is_refused, .fini = remove_file)
{
    struct err_list faults = {0};
    struct wide_table t;
    struct err err = {0};
    write_file("");
    cr_assert_eq(wide_table_read(path, &faults, &t, &err), ERR_INPUT);
    cr_assert_str_eq(err.msg, "an empty file; expected a header and records");
    wide_table_release(&t);
    cr_assert_eq(mem_live(), 0);
}
