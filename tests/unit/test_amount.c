/* test_amount.c - money and quantities as people read them. */
#include "sim/app/amount.h"

#include <criterion/criterion.h>
#include <math.h>

Test(amount, cents_become_dollars_with_thousands_apart)
{
    static const struct {
        cents_t cents;
        const char *text;
    } row[] = {
        {0, "0.00"},
        {-1, "-0.01"},
        {99, "0.99"},
        {-123456, "-1,234.56"},
        {100000, "1,000.00"},
        {99999999, "999,999.99"},
        {INT64_MAX, "92,233,720,368,547,758.07"},
        {INT64_MIN, "-92,233,720,368,547,758.08"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cr_expect_str_eq(amount_from_cents(row[i].cents).text, row[i].text);
}

Test(amount, numbers_keep_the_decimals_asked_for_and_no_negative_zero)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } row[] = {
        {0, 2, "0.00"},     {-0.001, 2, "0.00"},      {-0.001, 3, "-0.001"},
        {-0.4, 0, "0"},     {999.999, 2, "1,000.00"}, {-1234567.891, 1, "-1,234,567.9"},
        {1e15, 2, "1e+15"}, {-1e300, 2, "-1e+300"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cr_expect_str_eq(amount_from_number(row[i].value, row[i].decimals).text,
                         row[i].text);
    cr_expect_str_eq(amount_from_number((double)INFINITY, 2).text, "inf");
}

Test(amount, what_there_is_no_number_for_is_a_dash)
{
    cr_expect_str_eq(amount_from_number((double)NAN, 2).text, "-");
}

Test(amount, a_residual_is_small_or_shown)
{
    cr_expect_str_eq(amount_from_residual(0, -9).text, "<1e-9");
    cr_expect_str_eq(amount_from_residual(-9.9e-10, -9).text, "<1e-9");
    cr_expect_str_eq(amount_from_residual(1e-9, -9).text, "1.0e-09");
    cr_expect_str_eq(amount_from_residual(-0.25, -9).text, "-2.5e-01");
    cr_expect_str_neq(amount_from_residual((double)NAN, -9).text, "<1e-9");
}
