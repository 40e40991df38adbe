/* report_changes.c - differences between runs for the page. */
#include "results/report/report_changes.h"

#include <math.h>
#include <string.h>

#include "results/cell_text.h"
#include "results/compare.h"
#include "results/report/compact.h"

#define TOLERANCE 1e-6

static void write_row(FILE *out, const struct compare_change *c)
{
    (void)fputc('[', out);
    if (c->detail) {
        char name[320];
        (void)snprintf(name, sizeof name, "%.100s, %d %.200s", c->name, (int)c->code,
                       c->detail);
        cell_write_json_in_html(out, name);
    } else {
        cell_write_json_in_html(out, c->name);
    }
    const double number[] = {c->a, c->b, c->money_usd, c->most};
    for (size_t k = 0; k < sizeof number / sizeof *number; k++) {
        (void)fputc(',', out);
        compact_number(out, number[k], 3);
    }
    (void)fprintf(out, ",%d]", (int)c->interval);
}

/* The sections of one comparison; *any: something stands before. */
static void write_sections(FILE *out, size_t run, const struct comparison *c, bool *any)
{
    for (int s = 0; s < COMPARE_SECTIONS; s++) {
        size_t n = c->section[s].n, shown = n < REPORT_CHANGES ? n : REPORT_CHANGES;
        if (n == 0)
            continue;
        (void)fprintf(out, "%s{\"run\":%zu,\"section\":", *any ? ",\n" : "", run);
        cell_write_json_in_html(out, compare_section_name((enum compare_section)s));
        (void)fputs(",\"unit\":", out);
        cell_write_json_in_html(out, compare_section_unit((enum compare_section)s));
        (void)fprintf(out, ",\"n\":%zu,\"rows\":[", n);
        for (size_t i = 0; i < shown; i++) {
            if (i > 0)
                (void)fputc(',', out);
            write_row(out, &c->section[s].change[i]);
        }
        (void)fputs("]}", out);
        *any = true;
    }
}

static enum err_code write_against(const struct run_view *first,
                                   const struct report_run *run, size_t k, FILE *out,
                                   bool *any, struct err *err)
{
    struct run_view other = {0};
    struct comparison c = {0};
    enum err_code code = run_view_load(run[k].rd, run[k].label, NULL, &other, err);
    if (!code && strcmp(first->stage, other.stage) == 0) {
        code = compare_runs(first, &other, TOLERANCE, &c, err);
        if (!code)
            write_sections(out, k, &c, any);
    }
    comparison_release(&c);
    run_view_release(&other);
    return code;
}

enum err_code report_changes_write(const struct report_run *run, size_t n, FILE *out,
                                   struct err *err)
{
    struct run_view first = {0};
    enum err_code code = ERR_OK;
    bool any = false;
    (void)fputc('[', out);
    if (n > 1)
        code = run_view_load(run[0].rd, run[0].label, NULL, &first, err);
    for (size_t k = 1; k < n && !code; k++)
        code = write_against(&first, run, k, out, &any, err);
    (void)fputc(']', out);
    run_view_release(&first);
    return code;
}
