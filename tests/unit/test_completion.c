/* test_completion.c - completion scripts from the tables of the program. */
#include "sim/app/completion.h"

#include <criterion/criterion.h>
#include <string.h>

#include "results/export.h"
#include "results/feed.h"
#include "sim/app/command.h"

static char shown[1 << 18];

static const char *read_back(FILE *f)
{
    rewind(f);
    shown[fread(shown, 1, sizeof shown - 1, f)] = '\0';
    fclose(f);
    return shown;
}

Test(completion, a_script_has_every_command_option_word_and_table)
{
    static const char *const shells[] = {"bash", "zsh", "fish"};
    for (int s = 0; s < 3; s++) {
        FILE *f = tmpfile();
        cr_assert(completion_print(shells[s], f));
        (void)read_back(f);
        for (const struct command *const *c = command_table; *c; c++) {
            cr_expect_not_null(strstr(shown, (*c)->name));
            for (const struct option *o = (*c)->options; o->kind; o++) {
                if (!option_is_argument(o))
                    cr_expect_not_null(strstr(shown, o->name), "%s", o->name);
                for (int i = 0; o->words && o->words[i]; i++)
                    cr_expect_not_null(strstr(shown, o->words[i]));
            }
        }
        for (size_t i = 0; export_name(i); i++)
            cr_expect_not_null(strstr(shown, export_name(i)));
        for (int style = 0; style < FEED_STYLES; style++) {
            size_t n;
            const struct feed_report *r = feed_reports((enum feed_style)style, &n);
            for (size_t i = 0; i < n; i++)
                cr_expect_not_null(strstr(shown, r[i].name));
        }
    }
    cr_expect(!completion_print("tcsh", stdout));
}
