/* feed.c - from the name of a report to its rows. */
#include "results/feed.h"

#include <string.h>

#include "results/feed_parts.h"
#include "results/feed_write.h"
#include "sim/base/calendar.h"

const struct feed_report *feed_reports(enum feed_style style, size_t *n)
{
    switch (style) {
    case FEED_OASIS:
        *n = feed_n_oasis;
        return feed_oasis_reports;
    case FEED_GRIDSTATUS:
        *n = feed_n_gridstatus;
        return feed_gridstatus_reports;
    case FEED_ISO_NE:
        *n = feed_n_iso_ne;
        return feed_iso_ne_reports;
    case FEED_STYLES:
        break;
    }
    *n = 0;
    return NULL;
}

/* By name, else by plain name: for that stage if there is one, else the first. */
static const struct feed_report *find_report(enum feed_style style, const char *name,
                                             const char *stage)
{
    size_t n;
    const struct feed_report *r = feed_reports(style, &n), *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (strcmp(r[i].name, name) == 0)
            return &r[i];
    for (size_t i = 0; i < n; i++) {
        if (!r[i].plain || strcmp(r[i].plain, name) != 0)
            continue;
        if (strcmp(r[i].stage, stage ? stage : "/day_ahead") == 0)
            return &r[i];
        if (!found)
            found = &r[i];
    }
    return found;
}

static enum err_code unknown_report(enum feed_style style, const char *name,
                                    struct err *err)
{
    char list[200] = "";
    size_t n, used = 0, i = 0;
    const struct feed_report *r = feed_reports(style, &n);
    for (; i < n && used + strlen(r[i].name) + 3 < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
                                 r[i].name);
    return err_set(err, ERR_USAGE,
                   "there is no report '%.60s' of that style; expected %s%s", name,
                   list, i < n ? ", ..." : "");
}

bool feed_is_there(const struct run_read *rd, const struct feed_report *report,
                   const char *stage)
{
    char path[160];
    if (!stage)
        stage = report->stage;
    if (!run_read_has_stage(rd, stage))
        return false;
    (void)snprintf(path, sizeof path, "%s/%s", stage, report->needs);
    return !report->needs || (schema_find(path) && run_read_has(rd, path));
}

static enum err_code open_zone(struct feed *f, struct err *err)
{
    const char *name = NULL;
    f->zone_name = "UTC";
    if (!run_read_has_meta(f->rd, "time_zone"))
        return ERR_OK;
    enum err_code code =
        run_read_meta_text(f->rd, "time_zone", &f->sheet.arena, &name, err);
    if (code || !name[0])
        return code;
    f->zone_name = strcmp(name, "America/Los_Angeles") == 0 ? "PPT" : name;
    return time_zone_open(name, &f->zone, err);
}

static enum err_code read_nodes(struct feed *f, struct err *err)
{
    void *node = NULL, *kind = NULL;
    size_t n = 0;
    enum err_code code = feed_load(f, "/node", &node, &f->n_node, err);
    if (!code && feed_has(f, "/input/node/kind"))
        code = feed_load(f, "/input/node/kind", &kind, &n, err);
    f->node = node;
    f->kind = kind;
    return code;
}

static enum err_code write_report(const struct feed *f, enum export_format format,
                                  FILE *out, struct err *err)
{
    const struct feed_report *r = f->report;
    if (f->style == FEED_ISO_NE && (format == EXPORT_XML || format == EXPORT_JSON))
        return feed_write_document(&f->sheet, r->document, r->element, format, out,
                                   err);
    if (f->style == FEED_OASIS && format == EXPORT_XML)
        return feed_write_oasis(&f->sheet, r->name, r->element, f->zone_name, out, err);
    return sheet_write(&f->sheet, format, out, err);
}

enum err_code feed_export(const struct run_read *rd, enum feed_style style,
                          const char *report, const char *stage, bool document,
                          enum export_format format, FILE *out, struct err *err)
{
    struct feed f = {.rd = rd, .style = style};
    f.report = find_report(style, report, stage);
    if (!f.report)
        return unknown_report(style, report, err);
    f.stage = stage ? stage : f.report->stage;
    f.sheet.name = document ? f.report->name : report;
    if (!run_read_has_stage(rd, f.stage))
        return err_set(err, ERR_INPUT, "the run has no stage %s, which %s shows",
                       f.stage + 1, f.report->name);
    if (!feed_is_there(rd, f.report, f.stage))
        return err_set(err, ERR_INPUT, "the run has no %s in %s, which %s shows",
                       f.report->needs, f.stage + 1, f.report->name);
    enum err_code code = open_zone(&f, err);
    if (!code)
        code = feed_read_clock(&f, err);
    if (!code)
        code = read_nodes(&f, err);
    if (!code)
        code = f.report->build(&f, err);
    if (!code)
        code = document ? write_report(&f, format, out, err)
                        : sheet_write(&f.sheet, format, out, err);
    time_zone_close(f.zone);
    sheet_release(&f.sheet);
    return code;
}
