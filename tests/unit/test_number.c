/* Tests of sim/base/number.c. */
#include "sim/base/number.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/draw.h"

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Both readers against the C library's; the quick one may decline. True if it did not. */
static bool check_text(const char *text)
{
    double quick = -1, whole = -1, want = strtod(text, NULL);
    cr_assert(number_parse(text, strlen(text), &whole), "%s", text);
    cr_assert(same_bits(whole, want), "%s is %.17g, not %.17g", text, want, whole);
    const char *end = number_scan(text, &quick);
    if (!end)
        return false;
    cr_assert_eq(*end, '\0', "%s stops at %s", text, end);
    cr_assert(same_bits(quick, want), "%s is %.17g, not %.17g", text, want, quick);
    return true;
}

Test(number, common_decimals_are_read_quickly_and_rounded_correctly)
{
    static const char *const text[] = {
        "0",
        "-0",
        "+7",
        "1.",
        ".5",
        "00012.500",
        "1e3",
        "1.25E-4",
        "-3.75e+2",
        "345.678",
        "1e22",
        "1e-22",
        "9007199254740992",
        "0.1",
        "1e0000",
        "999999999.123456",
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        cr_assert(check_text(text[i]), "%s was declined", text[i]);
}

Test(number, hard_decimals_are_declined_by_the_quick_reader_and_read_by_the_other)
{
    static const char *const text[] = {
        "9007199254740993",
        "1e23",
        "1e-23",
        "1e-400",
        "1.7976931348623157e308",
        "0.1000000000000000055511151231257827",
        "1e00000",
        "123456789012345678901234567890",
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        cr_assert_not(check_text(text[i]), "%s was not declined", text[i]);
}

Test(number, drawn_decimals_agree_with_the_c_library)
{
    struct draw d = draw_begin(11);
    int n_quick = 0;
    for (int k = 0; k < 200000; k++) {
        char text[64];
        (void)snprintf(text, sizeof text, "%.*g", draw_int(&d, 1, 19),
                       draw_real(&d, -1, 1) * (double)draw_int(&d, 1, 1000000));
        n_quick += check_text(text);
    }
    cr_assert_gt(n_quick, 100000);
}

Test(number, the_quick_reader_stops_where_the_number_does)
{
    static const char *const none[] = {"",    "-",   ".",  "e5", "x",
                                       "Inf", "nan", "1e", "1e+"};
    double value;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_assert_null(number_scan(none[i], &value), "%s", none[i]);
    cr_assert_str_eq(number_scan("12;3", &value), ";3");
    cr_assert_str_eq(number_scan("1.5.2", &value), ".2");
    cr_assert_str_eq(number_scan("1...", &value), "..");
}

Test(number, whole_numbers_are_written_as_printf_writes_them)
{
    static const int64_t value[] = {0, 7, -7, 10, 1000000, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        char text[NUMBER_INT_ROOM], want[32];
        (void)snprintf(want, sizeof want, "%" PRId64, value[i]);
        cr_assert_eq(number_put_int(value[i], text), strlen(want));
        cr_assert_str_eq(text, want);
    }
}
