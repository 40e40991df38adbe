/* test_cmd_export.c - the help of export names what can be exported. */
#include <criterion/criterion.h>
#include <string.h>

#include "results/export.h"
#include "sim/app/command.h"

extern const struct command cmd_export;

Test(cmd_export, the_help_lists_every_short_name)
{
    for (size_t i = 0; export_name(i); i++)
        cr_expect_not_null(strstr(cmd_export.details, export_name(i)), "%s",
                           export_name(i));
}
