/* test_json_out.c - one JSON object. */
#include "sim/app/json_out.h"

#include <criterion/criterion.h>
#include <math.h>

Test(json_out, members_lists_and_objects_nest)
{
    char text[512];
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    struct json j = {.out = f};
    json_open(&j, NULL);
    json_text(&j, "name", "a \"b\"\n");
    json_text(&j, "none", NULL);
    json_open_list(&j, "empty");
    json_close_list(&j);
    json_open_list(&j, "list");
    json_open(&j, NULL);
    json_integer(&j, "n", -3);
    json_close(&j);
    json_text(&j, NULL, "x");
    json_close_list(&j);
    json_number(&j, "third", 1.0 / 3);
    json_number(&j, "infinite", (double)INFINITY);
    json_number(&j, "nan", (double)NAN);
    json_bool(&j, "yes", true);
    json_close(&j);
    rewind(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
    cr_assert_str_eq(text, "{\n"
                           "  \"name\": \"a \\\"b\\\"\\u000a\",\n"
                           "  \"none\": null,\n"
                           "  \"empty\": [],\n"
                           "  \"list\": [\n"
                           "    {\n"
                           "      \"n\": -3\n"
                           "    },\n"
                           "    \"x\"\n"
                           "  ],\n"
                           "  \"third\": 0.3333333333333333,\n"
                           "  \"infinite\": null,\n"
                           "  \"nan\": null,\n"
                           "  \"yes\": true\n"
                           "}\n");
}
