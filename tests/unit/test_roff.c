/* test_roff.c - text of manual pages. */
#include "sim/app/roff.h"

#include <criterion/criterion.h>
#include <string.h>

static char shown[1 << 18];

static const char *read_back(FILE *f)
{
    rewind(f);
    shown[fread(shown, 1, sizeof shown - 1, f)] = '\0';
    fclose(f);
    return shown;
}

static const char *text_of(const char *text)
{
    FILE *f = tmpfile();
    roff_text(text, f);
    return read_back(f);
}

Test(roff, text_is_never_a_command)
{
    cr_expect_str_eq(text_of(".TH evil"), "\\&.TH evil\n");
    cr_expect_str_eq(text_of("'br"), "\\&'br\n");
    cr_expect_str_eq(text_of("a\\fB --b \"c\""), "a\\efB \\-\\-b \\(dqc\\(dq\n");
}

Test(roff, text_is_broken_between_words_and_dots_stay_harmless)
{
    char text[400] = "";
    for (int i = 0; i < 60; i++)
        strncat(text, ".abc ", sizeof text - strlen(text) - 1);
    text_of(text);
    for (char *p = shown; *p;) {
        size_t len = strcspn(p, "\n");
        cr_expect_leq(len, 80);
        cr_expect_neq(*p, '.');
        p += len + (p[len] == '\n');
    }
}
