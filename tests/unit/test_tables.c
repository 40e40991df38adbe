/* test_tables.c - the specifications of all tables. */
#include "sim/input/tables.h"

#include <criterion/criterion.h>
#include <string.h>

Test(tables, every_column_is_described)
{
    for (int t = 0; t < TABLE_COUNT; t++) {
        const struct table_spec *spec = scenario_table_spec((enum scenario_table)t);
        cr_assert(*spec->name && *spec->meaning);
        cr_assert_leq(spec->n_column, TABLE_COLUMNS_MAX);
        for (int i = 0; i < spec->n_column; i++) {
            const struct column *col = &spec->column[i];
            cr_assert(*col->name && *col->meaning && *col->if_empty_text, "%s",
                      col->name);
            cr_assert_eq(col->required, strcmp(col->if_empty_text, "-") == 0, "%s",
                         col->name);
            cr_assert_lt(col->offset, spec->row_size);
            cr_assert_geq(col->offset, sizeof(struct row_head));
            cr_assert_eq(col->type == COLUMN_CHOICE, col->choice != NULL, "%s",
                         col->name);
            for (int j = 0; j < i; j++) {
                cr_assert_str_neq(col->name, spec->column[j].name);
                cr_assert_neq(col->offset, spec->column[j].offset, "%s", col->name);
            }
        }
    }
}

Test(tables, quantities_have_units)
{
    for (int t = 0; t < TABLE_COUNT; t++) {
        const struct table_spec *spec = scenario_table_spec((enum scenario_table)t);
        for (int i = 0; i < spec->n_column; i++)
            if (spec->column[i].type == COLUMN_NUMBER)
                cr_assert(*spec->column[i].unit, "%s", spec->column[i].name);
    }
}

Test(tables, a_bid_row_stays_small)
{
    cr_assert_eq(sizeof(struct bid_row), 48);
}

Test(tables, the_last_date_is_the_end_of_2199)
{
    char text[11];
    date_format(DATE_LAST, text);
    cr_assert_str_eq(text, "2199-12-31");
}
