/* test_cell_text.c - numbers that read back, text that parses. */
#include "results/cell_text.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char shown[256];

static const char *show(void (*write)(FILE *, const char *), const char *text)
{
    FILE *f = tmpfile();
    write(f, text);
    rewind(f);
    shown[fread(shown, 1, sizeof shown - 1, f)] = '\0';
    fclose(f);
    return shown;
}

Test(cell_text, numbers_are_the_shortest_that_read_back)
{
    char text[CELL_NUMBER_ROOM];
    cell_number(0.1, text);
    cr_assert_str_eq(text, "0.1");
    cell_number(16.977359, text);
    cr_assert_str_eq(text, "16.977359");
    cell_number(0.1 + 0.2, text);
    cr_assert_str_eq(text, "0.30000000000000004");
    cell_number(-0.0, text);
    cr_assert_str_eq(text, "-0");
    cell_number(HUGE_VAL, text);
    cr_assert_str_eq(text, "inf");
    cell_number(-HUGE_VAL, text);
    cr_assert_str_eq(text, "-inf");
}

Test(cell_text, any_double_reads_back)
{
    uint64_t state = 20260415;
    for (int i = 0; i < 100000; i++) {
        char text[CELL_NUMBER_ROOM];
        double v;
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&v, &state, sizeof v);
        if (!isfinite(v))
            continue;
        cell_number(v, text);
        cr_assert_eq(strtod(text, NULL), v, "%s", text);
    }
}

Test(cell_text, numbers_for_people_have_at_most_six_decimals)
{
    char text[CELL_NUMBER_ROOM];
    cell_number_rounded(1.0 / 3, text);
    cr_assert_str_eq(text, "0.333333");
    cell_number_rounded(1200, text);
    cr_assert_str_eq(text, "1200");
    cell_number_rounded(-1e-9, text);
    cr_assert_str_eq(text, "0");
    cell_number_rounded(1e308, text);
    cr_assert_eq(strlen(text), 309);
}

Test(cell_text, csv_quotes_only_what_must_be_quoted)
{
    cr_assert_str_eq(show(cell_write_csv, "plain text"), "plain text");
    cr_assert_str_eq(show(cell_write_csv, "a,b"), "\"a,b\"");
    cr_assert_str_eq(show(cell_write_csv, "say \"x\"\n"), "\"say \"\"x\"\"\n\"");
}

Test(cell_text, json_escapes_and_stays_utf8)
{
    cr_assert_str_eq(show(cell_write_json, "a\"b\\c\n\x01"),
                     "\"a\\\"b\\\\c\\u000a\\u0001\"");
    cr_assert_str_eq(show(cell_write_json, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
                     "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
    cr_assert_str_eq(show(cell_write_json, "\xff\xc0\x80\xed\xa0\x80\xc3"),
                     "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                     "\xef\xbf\xbd\xef\xbf\xbd\"");
}

Test(cell_text, xml_escapes_and_replaces_what_it_cannot_hold)
{
    cr_assert_str_eq(show(cell_write_xml, "<a&\"b\">"), "&lt;a&amp;&quot;b&quot;&gt;");
    cr_assert_str_eq(show(cell_write_xml, "\x01\t\r"), "\xef\xbf\xbd\t&#13;");
    cr_assert_str_eq(show(cell_write_xml, "\xef\xbf\xbf"), "\xef\xbf\xbd");
}

Test(cell_text, width_counts_characters)
{
    cr_assert_eq(cell_write_plain(NULL, "caf\xc3\xa9"), 4);
}

Test(cell_text, json_inside_html_has_nothing_that_html_would_see)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    cr_assert_not_null(f);
    cell_write_json_in_html(f, "</script> & \"\\\n\xff");
    fclose(f);
    cr_expect_str_eq(text,
                     "\"\\u003c/script\\u003e \\u0026 \\\"\\\\\\u000a\xef\xbf\xbd\"");
    free(text);
}
