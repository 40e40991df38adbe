/* test_csv_field.c - one field: its value, its bounds, its place. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/input/csv_table.h"

static bool parse(enum column_type type, double lo, double hi, const char *text,
                  void *out)
{
    struct column col = {.name = "x", .type = type, .min = lo, .max = hi, .unit = ""};
    char why[WHY_SIZE];
    return csv_field_parse(&col, text, strlen(text), out, why);
}

Test(csv_field, bounds_belong_to_the_range)
{
    double v;
    cr_assert(parse(COLUMN_NUMBER, -1, 1, "-1", &v));
    cr_assert(parse(COLUMN_NUMBER, -1, 1, "1.0e0", &v));
    cr_assert_float_eq(v, 1, 0);
    cr_assert_not(parse(COLUMN_NUMBER, -1, 1, "1.0000001", &v));
}

Test(csv_field, minus_zero_is_zero)
{
    double v = 5;
    cr_assert(parse(COLUMN_NUMBER, -1, 1, "-0", &v));
    cr_assert_not(signbit(v));
}

Test(csv_field, a_wrong_field_leaves_the_row_alone)
{
    double v = 5;
    cr_assert_not(parse(COLUMN_NUMBER, -1, 1, "2", &v));
    cr_assert_float_eq(v, 5, 0);
}

Test(csv_field, ids_and_texts_have_a_longest_length)
{
    char text[400];
    int32_t out;
    memset(text, 'x', sizeof text);
    text[65] = '\0';
    cr_assert_not(parse(COLUMN_ID, 0, 0, text, &out));
    text[64] = '\0';
    cr_assert(parse(COLUMN_ID, 0, 0, text, &out));
    text[64] = text[65] = 'x';
    text[257] = '\0';
    cr_assert_not(parse(COLUMN_TEXT, 0, 0, text, &out));
    text[256] = '\0';
    cr_assert(parse(COLUMN_TEXT, 0, 0, text, &out));
    cr_assert_not(parse(COLUMN_ID, 0, 0, "a,b", &out));
    cr_assert_not(parse(COLUMN_ID, 0, 0, "a\"b", &out));
    cr_assert(parse(COLUMN_ID, 0, 0, "a:b/c_d-e.f#~!", &out));
}

Test(csv_field, a_field_is_found_by_its_number)
{
    struct source src;
    struct err err = {0};
    static const char text[] = "a,\"b,\"\",\n\", c\nd,e";
    cr_assert_eq(source_from_text("t", text, sizeof text - 1, &src, &err), ERR_OK);
    cr_assert_eq(csv_field_find(&src, 0, 0), 0);
    cr_assert_eq(csv_field_find(&src, 0, 1), 2);
    cr_assert_eq(csv_field_find(&src, 0, 2), 12);
    cr_assert_eq(csv_field_find(&src, 0, 3), 0, "no such field: the record");
    cr_assert_eq(csv_field_find(&src, 14, 1), 16);
    source_release(&src);
}
