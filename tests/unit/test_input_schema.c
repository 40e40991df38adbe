/* test_input_schema.c - the format of a scenario is printed in full. */
#include "sim/app/input_schema.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/input/tables.h"

Test(input_schema, every_key_and_every_column_is_there)
{
    static char text[65536];
    int n;
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    input_schema_print(f);
    rewind(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
    const struct scenario_key *key = scenario_yaml_keys(&n);
    for (int i = 0; i < n; i++)
        cr_expect_not_null(strstr(text, key[i].name), "%s", key[i].name);
    for (int t = 0; t < TABLE_COUNT; t++) {
        const struct table_spec *spec = scenario_table_spec((enum scenario_table)t);
        char heading[80];
        (void)snprintf(heading, sizeof heading, "\n\n%s.csv", spec->name);
        const char *at = strstr(text, heading);
        cr_expect_not_null(at, "%s", heading);
        for (int i = 0; i < spec->n_column; i++) {
            at = at ? strstr(at, spec->column[i].name) : NULL;
            cr_expect_not_null(at, "%s: %s", spec->file, spec->column[i].name);
        }
    }
}
