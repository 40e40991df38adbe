/* test_schema.c - the list of tables agrees with itself and with the market's enums. */
#include "results/schema.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sim/admit/admit.h"
#include "sim/clear/outcome.h"
#include "sim/credit/account.h"

Test(schema, paths_are_unique_and_dimensions_exist)
{
    size_t n;
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n; i++) {
        cr_assert_eq(schema_find(t[i].path), &t[i], "%s", t[i].path);
        cr_assert(t[i].rank == 1 || t[i].rank == 2);
        for (int axis = 0; axis < t[i].rank; axis++) {
            const struct table *scale = schema_find(t[i].dim[axis]);
            cr_assert_not_null(scale, "%s", t[i].path);
            cr_assert_neq(scale->role, TABLE_VARIABLE, "%s", t[i].path);
        }
        if (t[i].role != TABLE_VARIABLE)
            cr_assert_str_eq(t[i].dim[0], t[i].path);
        if (t[i].refers)
            cr_assert(schema_find(t[i].refers)->role != TABLE_VARIABLE &&
                      t[i].type == TABLE_I32);
        cr_assert(!t[i].flags || t[i].type == TABLE_U8);
        cr_assert(!t[i].nan_fill || t[i].type == TABLE_F64);
    }
}

Test(schema, everything_has_a_unit_and_a_long_name)
{
    size_t n;
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n; i++) {
        cr_assert_gt(strlen(t[i].unit), 0, "%s", t[i].path);
        cr_assert_gt(strlen(t[i].long_name), 0, "%s", t[i].path);
    }
}

Test(schema, names_are_words_that_xml_and_csv_take)
{
    size_t n;
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n; i++)
        for (const char *p = schema_name(t[i].path); *p; p++)
            cr_assert(islower((unsigned char)*p) || *p == '_', "%s", t[i].path);
}

Test(schema, the_paths_other_tools_rely_on_are_there)
{
    static const char *const contract[] = {"/node",
                                           "/branch",
                                           "/resource",
                                           "/sc",
                                           "/day_ahead/interval",
                                           "/day_ahead/lmp",
                                           "/day_ahead/lmp_energy",
                                           "/day_ahead/lmp_congestion",
                                           "/day_ahead/lmp_loss",
                                           "/day_ahead/award",
                                           "/day_ahead/flow",
                                           "/day_ahead/shadow_price",
                                           "/dispatch/interval",
                                           "/dispatch/lmp",
                                           "/dispatch/lmp_energy",
                                           "/dispatch/lmp_congestion",
                                           "/dispatch/lmp_loss",
                                           "/dispatch/award",
                                           "/dispatch/flow",
                                           "/dispatch/shadow_price",
                                           "/settlement/statement/sc",
                                           "/settlement/statement/charge_code",
                                           "/settlement/statement/trade_date",
                                           "/settlement/statement/amount_cents",
                                           "/credit/account/limit",
                                           "/credit/account/liability",
                                           "/credit/account/utilisation",
                                           "/credit/account/status"};
    static const char *const meta[] = {"objective_usd", "primal_residual",
                                       "dual_residual", "relative_gap",
                                       "sum_of_charges_cents"};
    for (size_t i = 0; i < sizeof contract / sizeof *contract; i++)
        cr_assert_not_null(schema_find(contract[i]), "%s", contract[i]);
    for (size_t i = 0; i < sizeof meta / sizeof *meta; i++)
        cr_assert_not_null(schema_find_meta(meta[i]), "%s", meta[i]);
}

/* Word k of a table's flags is the name of value k. */
static void check_word(const char *path, int k, const char *name)
{
    const char *p = schema_find(path)->flags;
    for (int i = 0; i < k; i++)
        p = strchr(p, ' ') + 1;
    cr_assert_eq(strncmp(p, name, strlen(name)), 0, "%s %d", path, k);
    cr_assert(p[strlen(name)] == ' ' || p[strlen(name)] == '\0', "%s %d", path, k);
}

Test(schema, words_of_flags_are_in_the_order_of_the_enums)
{
    static const char status[] = "/admission/status";
    static const char kind[] = "/day_ahead/constraint_kind";
    static const char relaxation[] = "/day_ahead/relaxation/kind";
    for (int i = 0; i < RESOURCE_TYPES; i++)
        check_word("/input/resource/type", i,
                   resource_type_name((enum resource_type)i));
    for (int i = CREDIT_OK; i <= CREDIT_CALL; i++)
        check_word("/credit/account/status", i,
                   credit_status_name((enum credit_status)i));
    check_word("/input/node/kind", NODE_PNODE, "pnode");
    check_word("/input/node/kind", NODE_LAP, "lap");
    check_word("/input/node/kind", NODE_SUBLAP, "sub_lap");
    check_word("/input/node/kind", NODE_HUB, "hub");
    check_word("/input/node/kind", NODE_AGGREGATE, "aggregate");
    check_word("/input/node/kind", NODE_TIE, "tie");
    check_word("/input/virtual/side", VIRTUAL_SUPPLY, "supply");
    check_word("/input/virtual/side", VIRTUAL_DEMAND, "demand");
    check_word(status, BID_NONE, "none");
    check_word(status, BID_ACCEPTED, "accepted");
    check_word(status, BID_MODIFIED, "modified");
    check_word(status, BID_REJECTED, "rejected");
    check_word(kind, CONSTRAINT_BRANCH, "branch");
    check_word(kind, CONSTRAINT_TIE, "tie");
    check_word(kind, CONSTRAINT_RAMP, "ramp");
    check_word(kind, CONSTRAINT_ENERGY, "energy");
    check_word(relaxation, RELAX_SHORTAGE, "shortage");
    check_word(relaxation, RELAX_SURPLUS, "surplus");
    check_word(relaxation, RELAX_LIMIT, "limit");
    check_word(relaxation, RELAX_SELF_SCHEDULE, "self_schedule");
}

Test(schema, printing_names_every_table)
{
    static char text[1 << 17];
    size_t n;
    const struct table *t = schema_tables(&n);
    FILE *f = tmpfile();
    cr_assert_eq(schema_print(f, NULL), ERR_OK);
    rewind(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    for (size_t i = 0; i < n; i++)
        cr_assert_not_null(strstr(text, schema_name(t[i].path)));
    FILE *full = fopen("/dev/full", "w");
    struct err err = {0};
    cr_assert_eq(schema_print(full, &err), ERR_IO);
    cr_assert_str_eq(err.msg, "cannot write the schema: No space left on device");
    fclose(full);
}
