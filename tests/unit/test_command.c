/* test_command.c - messages and the list of commands. */
#include "sim/app/command.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <string.h>

#include "sim/base/mem.h"

/* What diagnostics_print printed. */
static void printed(const struct diagnostics *diag, enum err_code code, char *text,
                    size_t size)
{
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    diagnostics_print(diag, code, f);
    rewind(f);
    text[fread(text, 1, size - 1, f)] = '\0';
    (void)fclose(f);
}

Test(command, a_fault_is_printed_with_as_much_position_as_is_known)
{
    static const struct {
        struct src_pos at;
        const char *says;
    } row[] = {
        {{"a.csv", 3, 10}, "a.csv:3:10: text\n"},
        {{"a.csv", 3, 0}, "a.csv:3: text\n"},
        {{"a.csv", 0, 0}, "a.csv: text\n"},
        {{NULL, 0, 0}, "gridclear: text\n"},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char text[256];
        struct diagnostics diag = {0};
        (void)err_at(&diag.err, ERR_INPUT, row[i].at, "text");
        printed(&diag, ERR_INPUT, text, sizeof text);
        cr_assert_str_eq(text, row[i].says);
    }
}

Test(command, faults_beyond_what_is_kept_are_counted)
{
    struct diagnostics diag = {0};
    static char text[100000];
    for (uint32_t i = 1; i <= ERR_LIST_CAP + 7; i++)
        err_list_add(&diag.faults, (struct src_pos){"a.csv", i, 1}, "wrong");
    printed(&diag, ERR_INPUT, text, sizeof text);
    cr_assert_not_null(strstr(text, "a.csv:1:1: wrong\n"));
    cr_assert_not_null(strstr(text, "gridclear: and 7 more faults\n"));
    err_list_release(&diag.faults);
}

Test(command, an_error_without_words_is_named_and_no_is_an_answer)
{
    char text[256];
    const struct diagnostics diag = {0};
    printed(&diag, ERR_NOMEM, text, sizeof text);
    cr_assert_str_eq(text, "gridclear: out of memory\n");
    printed(&diag, ERR_NO, text, sizeof text);
    cr_assert_str_eq(text, "");
}

Test(command, every_command_has_its_help)
{
    for (const struct command *const *c = command_table; *c; c++) {
        cr_assert_not_null((*c)->options);
        cr_assert_gt((*c)->args_size, 0);
        cr_assert_not_null((*c)->run);
        cr_assert_eq(strncmp((*c)->example, (*c)->name, strlen((*c)->name)), 0,
                     "the example of %s is of another command", (*c)->name);
        cr_assert_leq(strlen((*c)->purpose), 64, "%s", (*c)->name);
        cr_assert_neq((*c)->purpose[strlen((*c)->purpose) - 1], '.', "%s", (*c)->name);
        int n = 0;
        for (const struct option *o = (*c)->options; o->kind; o++, n++) {
            cr_assert_not_null(o->help, "%s %s", (*c)->name, o->name);
            cr_assert_lt(o->offset, (*c)->args_size, "%s %s", (*c)->name, o->name);
            if (o->kind == OPTION_KIND_ARGUMENT || o->kind == OPTION_KIND_MORE ||
                o->kind == OPTION_KIND_FLAG)
                cr_assert_null(o->value, "%s %s", (*c)->name, o->name);
            else
                cr_assert_not_null(o->value, "%s %s", (*c)->name, o->name);
        }
        cr_assert_leq(n, 64, "options are counted in 64 bits");
    }
}

Test(command, the_exit_status_tells_usage_from_success, .init = cr_redirect_stderr)
{
    static char name[] = "gridclear";
    char *alone[] = {name, NULL};
    cr_assert_eq(command_main(1, alone), 2);
    cr_assert_eq(mem_live(), 0);
}
