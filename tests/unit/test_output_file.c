/* test_output_file.c - a text output that appears complete or not at all. */
#include "sim/app/output_file.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/mem.h"

static char folder[64], path[96], temp[128];

static void set_up(void)
{
    snprintf(folder, sizeof folder, "/tmp/gridclear_output_XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/out.csv", folder);
    snprintf(temp, sizeof temp, "%s.part.tmp", path);
    FILE *f = fopen(path, "w");
    cr_assert_not_null(f);
    fputs("old", f);
    (void)fclose(f);
}

static void tear_down(void)
{
    cr_assert_neq(access(temp, F_OK), 0, "the aside file is still there");
    (void)unlink(path);
    cr_assert_eq(rmdir(folder), 0);
    cr_assert_eq(mem_live(), 0);
}

TestSuite(output_file, .init = set_up, .fini = tear_down);

static void assert_holds(const char *want)
{
    char text[32];
    FILE *f = fopen(path, "r");
    cr_assert_not_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
    cr_assert_str_eq(text, want);
}

Test(output_file, the_new_text_takes_the_place_of_the_old)
{
    struct err err = {0};
    struct output_file f;
    cr_assert_eq(output_open(path, &f, &err), ERR_OK);
    fputs("new", f.out);
    assert_holds("old");
    cr_assert_eq(output_close(&f, ERR_OK, &err), ERR_OK);
    assert_holds("new");
}

Test(output_file, after_an_error_the_old_text_stays)
{
    struct err err = {0};
    struct output_file f;
    cr_assert_eq(output_open(path, &f, &err), ERR_OK);
    fputs("half", f.out);
    cr_assert_eq(output_close(&f, ERR_INPUT, &err), ERR_INPUT);
    assert_holds("old");
}

Test(output_file, a_device_is_written_and_not_replaced)
{
    struct err err = {0};
    struct output_file f;
    cr_assert_eq(output_open("/dev/null", &f, &err), ERR_OK);
    fputs("gone", f.out);
    cr_assert_eq(output_close(&f, ERR_OK, &err), ERR_OK);
    cr_assert_eq(access("/dev/null", F_OK), 0);
}

Test(output_file, a_full_device_is_an_error)
{
    struct err err = {0};
    struct output_file f;
    if (access("/dev/full", W_OK) != 0)
        cr_skip_test("no /dev/full");
    cr_assert_eq(output_open("/dev/full", &f, &err), ERR_OK);
    fputs("gone", f.out);
    cr_assert_eq(output_close(&f, ERR_OK, &err), ERR_IO);
    cr_assert_not_null(strstr(err.msg, "/dev/full"));
}

Test(output_file, without_a_path_it_is_standard_output)
{
    struct err err = {0};
    struct output_file f;
    cr_assert_eq(output_open("-", &f, &err), ERR_OK);
    cr_assert_eq(f.out, stdout);
    cr_assert_eq(output_close(&f, ERR_OK, &err), ERR_OK);
}

Test(output_file, memory_for_the_name_may_lack)
{
    struct err err = {0};
    struct output_file f;
    mem_fail_after(0);
    cr_assert_eq(output_open(path, &f, &err), ERR_NOMEM);
    mem_fail_after(-1);
    assert_holds("old");
}
