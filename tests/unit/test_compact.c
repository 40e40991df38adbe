/* test_compact.c - numbers in few digits, averages of rows. */
#include "results/report/compact.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static char shown[512];

static const char *show(enum table_type type, const void *value, size_t n, int decimals)
{
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    compact_table(f, type, value, n, decimals);
    rewind(f);
    shown[fread(shown, 1, sizeof shown - 1, f)] = '\0';
    fclose(f);
    return shown;
}

Test(compact, numbers_lose_zeros_at_the_end_and_the_sign_of_nothing)
{
    const double v[] = {12.5, 100, -0.001, -3.14159, 0, 1e15};
    cr_expect_str_eq(show(TABLE_F64, v, 6, 2), "[12.5,100,0,-3.14,0,1000000000000000]");
    cr_expect_str_eq(show(TABLE_F64, v, 2, 0), "[12,100]");
}

Test(compact, what_is_not_finite_is_what_json_readers_make_it_again)
{
    const double v[] = {NAN, INFINITY, -INFINITY};
    cr_expect_str_eq(show(TABLE_F64, v, 3, 2), "[null,1e999,-1e999]");
}

Test(compact, other_types_are_plain)
{
    const int64_t wide[] = {INT64_MIN, 7};
    const int32_t small[] = {-1, 2};
    const uint8_t tiny[] = {255};
    const char *text[] = {"</script>", "a\"b"};
    cr_expect_str_eq(show(TABLE_I64, wide, 2, 0), "[-9223372036854775808,7]");
    cr_expect_str_eq(show(TABLE_I32, small, 2, 0), "[-1,2]");
    cr_expect_str_eq(show(TABLE_U8, tiny, 1, 0), "[255]");
    cr_expect_str_eq(show(TABLE_TEXT, text, 2, 0),
                     "[\"\\u003c/script\\u003e\",\"a\\\"b\"]");
    cr_expect_str_eq(show(TABLE_F64, NULL, 0, 0), "[]");
}

Test(compact, decimals_keep_five_digits_of_the_largest_value)
{
    const double thousands[] = {1, -2345.6}, units[] = {NAN, 3, INFINITY};
    const double small[] = {0.0123}, none[] = {0, 0};
    cr_expect_eq(compact_decimals(thousands, 2, 0), 1);
    cr_expect_eq(compact_decimals(thousands, 2, 2), 2);
    cr_expect_eq(compact_decimals(units, 3, 0), 4);
    cr_expect_eq(compact_decimals(small, 1, 0), 6);
    cr_expect_eq(compact_decimals(none, 2, 0), 4);
}

Test(compact, rows_are_averaged_in_blocks_and_the_rest_by_itself)
{
    double v[] = {1, 10, 3, 30, 8, 80};
    cr_assert_eq(compact_average(v, 3, 2, 2, v), 2);
    cr_expect_eq(v[0], 2); /* small whole numbers are exact */
    cr_expect_eq(v[1], 20);
    cr_expect_eq(v[2], 8);
    cr_expect_eq(v[3], 80);
}
