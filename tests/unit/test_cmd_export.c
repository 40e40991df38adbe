/* test_cmd_export.c - the help of export names what can be exported. */
#include <criterion/criterion.h>
#include <string.h>

#include "results/export.h"
#include "results/feed.h"
#include "sim/app/command.h"

extern const struct command cmd_export;

Test(cmd_export, the_help_lists_every_short_name)
{
    for (size_t i = 0; export_name(i); i++)
        cr_expect_not_null(strstr(cmd_export.details, export_name(i)), "%s",
                           export_name(i));
}

Test(cmd_export, the_help_lists_every_report_of_every_style)
{
    for (int style = 0; style < FEED_STYLES; style++) {
        size_t n;
        const struct feed_report *r = feed_reports((enum feed_style)style, &n);
        cr_assert_gt(n, 0);
        for (size_t i = 0; i < n; i++) {
            cr_expect_not_null(strstr(cmd_export.details, r[i].name), "%s", r[i].name);
            if (r[i].plain)
                cr_expect_not_null(strstr(cmd_export.details, r[i].plain));
        }
    }
}
