/* test_chart.c - bars on a terminal. */
#include "sim/app/chart.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/support/small_run.h"

static void bars(const double *value, int n, char *text, size_t size)
{
    static const int label[] = {1, 2, 3, 4, 5};
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    chart_print_bars(value, label, n, "USD/MWh", f);
    rewind(f);
    text[fread(text, 1, size - 1, f)] = '\0';
    (void)fclose(f);
}

Test(chart, bars_stand_on_zero_and_hang_from_it)
{
    char text[2048];
    bars((const double[]){20, 40, 0, -20}, 4, text, sizeof text);
    cr_assert_str_eq(text, "   USD/MWh\n"
                           "        40 |    ##\n"
                           "        35 |    ##\n"
                           "        30 |    ##\n"
                           "        25 |    ##\n"
                           "        20 | ## ##\n"
                           "        15 | ## ##\n"
                           "        10 | ## ##\n"
                           "         5 | ## ##\n"
                           "         0 +------------\n"
                           "        -5 |          ##\n"
                           "       -10 |          ##\n"
                           "       -15 |          ##\n"
                           "       -20 |          ##\n"
                           "        HE    1  2  3  4\n");
}

Test(chart, prices_that_are_all_zero_are_a_line)
{
    char text[2048];
    bars((const double[]){0, 0}, 2, text, sizeof text);
    cr_assert_str_eq(text, "   USD/MWh\n         0 +------\n        HE    1  2\n");
}

Test(chart, small_and_huge_prices_fit_the_same_few_lines)
{
    static const double scale[] = {1e-3, 0.01, 1, 3, 7, 1000, 1e7};
    for (size_t i = 0; i < sizeof scale / sizeof *scale; i++) {
        char text[4096];
        int lines = 0;
        bars((const double[]){scale[i], -scale[i] / 3}, 2, text, sizeof text);
        for (const char *c = text; *c; c++)
            lines += *c == '\n';
        cr_assert_geq(lines, 6, "%g", scale[i]);
        cr_assert_leq(lines, 18, "%g", scale[i]);
    }
}

Test(chart, every_hour_of_every_day_has_a_row)
{
    static char text[20000];
    struct run run = small_run_done();
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    chart_print(&run, f);
    rewind(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
    run_release(&run);
    int rows = 0;
    for (const char *at = text; (at = strstr(at, "    50.00    10.00    50.00")); at++)
        rows++;
    cr_assert_eq(rows, 48);
    cr_assert_not_null(strstr(text, "2026-04-16: average price by hour"));
}
