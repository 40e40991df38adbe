/* report.c - the page around the numbers. */
#include "results/report/report.h"

#include <string.h>

#include "results/cell_text.h"
#include "results/report/asset.h"
#include "results/report/report_changes.h"
#include "results/report/run_json.h"
#include "sim/base/arena.h"

/* A file's name without its folders: the same file gives the same page wherever it lies. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Without folders, unless other runs have that name, too. */
static const char *label_of(const struct report_run *run, size_t n, size_t i)
{
    const char *base = base_name(run[i].label);
    for (size_t k = 0; k < n; k++)
        if (k != i && strcmp(base_name(run[k].label), base) == 0)
            return run[i].label;
    return base;
}

/* Nothing is fetched, sent or framed, whatever a name in the data says. */
static const char policy[] = "default-src 'none'; style-src 'unsafe-inline'; "
                             "script-src 'unsafe-inline'; img-src data:; "
                             "base-uri 'none'; form-action 'none'";

static void write_head(FILE *out, const char *title)
{
    (void)fprintf(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
        policy);
    cell_write_xml(out, title);
    (void)fputs(" - GridClear report</title>\n<style>\n", out);
    asset_write(out, ASSET_STYLE);
    (void)fputs("</style>\n</head>\n", out);
}

static void write_body(FILE *out)
{
    (void)fputs(
        "<body>\n<a class=\"skip\" href=\"#main\">Skip to the charts</a>\n"
        "<div id=\"page\"></div>\n"
        "<noscript><p class=\"alone\">The charts of this report are drawn by a program "
        "that it "
        "carries; this browser does not run programs. <code>gridclear export</code> "
        "prints every table.</p></noscript>\n"
        "<details id=\"licence\"><summary>Licence of D3, which this page "
        "carries</summary><pre>",
        out);
    for (size_t i = 0; asset_at(i); i++) {
        const struct asset *a = asset_at(i);
        if (a->kind == ASSET_LICENCE)
            cell_write_xml(out, a->first); /* text files, ended by assets.S */
    }
    (void)fputs("</pre></details>\n", out);
}

static void write_scripts(FILE *out)
{
    (void)fputs("<script>\n", out);
    asset_write(out, ASSET_LIBRARY);
    (void)fputs("\n</script>\n<script>\n'use strict';\n", out);
    asset_write(out, ASSET_PROGRAM);
    (void)fputs("</script>\n</body>\n</html>\n", out);
}

enum err_code report_write(const struct report_run *run, size_t n, FILE *out,
                           struct err *err)
{
    struct arena a = {0};
    const char *title = NULL;
    enum err_code code = run_read_meta_text(run[0].rd, "scenario", &a, &title, err);
    for (size_t i = 0; i < n && !code; i++)
        if (!run_json_stage(run[i].rd))
            code = err_set(err, ERR_INPUT,
                           "%s holds no day ahead, dispatch or commitment; expected a "
                           "file written by 'gridclear run', 'dispatch' or 'commit'",
                           run[i].label);
    if (!code) {
        write_head(out, title);
        write_body(out);
        (void)fputs("<script type=\"application/json\" id=\"runs\">[", out);
    }
    for (size_t i = 0; i < n && !code; i++) {
        if (i > 0)
            (void)fputs(",\n", out);
        code = run_json_write(run[i].rd, label_of(run, n, i), out, err);
    }
    if (!code) {
        (void)fputs(
            "]</script>\n<script type=\"application/json\" id=\"changes-data\">", out);
        code = report_changes_write(run, n, out, err);
    }
    if (!code) {
        (void)fputs("</script>\n", out);
        write_scripts(out);
    }
    arena_release(&a);
    return code;
}
