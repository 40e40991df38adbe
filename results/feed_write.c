/* feed_write.c - documents of feeds from sheets. */
#include "results/feed_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "results/cell_text.h"

static enum err_code written(const struct sheet *s, FILE *out, struct err *err)
{
    if (fflush(out) == 0 && !ferror(out))
        return ERR_OK;
    return err_set(err, ERR_IO, "cannot write the report %s: %s", s->name,
                   errno ? strerror(errno) : "the output is closed");
}

static void write_element(FILE *out, const char *name, const char *text)
{
    fprintf(out, "<%s>", name);
    cell_write_xml(out, text);
    fprintf(out, "</%s>", name);
}

/* ---- ISO New England ---- */

/* Whether column c is an attribute of the same element as column c + 1. */
static bool opens(const struct sheet *s, size_t c)
{
    return strchr(s->column[c].name, '@') &&
           (c == 0 || !strchr(s->column[c - 1].name, '@'));
}

static void write_item_xml(const struct sheet *s, size_t row, const char *item,
                           FILE *out)
{
    char buffer[CELL_NUMBER_ROOM];
    const char *text;
    bool open = false; /* inside a start tag that takes attributes */
    fprintf(out, "<%s>", item);
    for (size_t c = 0; c < s->n_column; c++) {
        const char *name = s->column[c].name, *at = strchr(name, '@');
        bool absent = sheet_cell(s, row, c, false, buffer, &text) == CELL_ABSENT;
        if (opens(s, c)) {
            fprintf(out, "<%.*s", (int)(at - name), name);
            open = true;
        }
        if (at && !absent) {
            fprintf(out, " %s=\"", at + 1);
            cell_write_xml(out, text);
            fputc('"', out);
        } else if (!at && open) {
            fputc('>', out);
            cell_write_xml(out, absent ? "" : text);
            fprintf(out, "</%s>", name);
            open = false;
        } else if (!at && !absent) {
            write_element(out, name, text);
        }
    }
    fprintf(out, "</%s>\n", item);
}

static void write_value_json(enum cell_kind kind, const char *text, FILE *out)
{
    if (kind == CELL_ABSENT)
        fputs("null", out);
    else if (kind == CELL_NUMBER)
        fputs(text, out);
    else
        cell_write_json(out, text);
}

static void write_item_json(const struct sheet *s, size_t row, FILE *out)
{
    char buffer[CELL_NUMBER_ROOM];
    const char *text;
    bool open = false;
    fputc('{', out);
    for (size_t c = 0; c < s->n_column; c++) {
        const char *name = s->column[c].name, *at = strchr(name, '@');
        enum cell_kind kind = sheet_cell(s, row, c, false, buffer, &text);
        if (c)
            fputc(',', out);
        if (opens(s, c)) {
            fprintf(out, "\"%.*s\":{", (int)(at - name), name);
            open = true;
        }
        if (at) { /* attributes are texts */
            fprintf(out, "\"%s\":", at);
            write_value_json(kind == CELL_NUMBER ? CELL_TEXT : kind, text, out);
        } else {
            if (open)
                fputs("\"$\":", out);
            else
                fprintf(out, "\"%s\":", name);
            write_value_json(kind, text, out);
            if (open)
                fputc('}', out);
            open = false;
        }
    }
    fputc('}', out);
}

enum err_code feed_write_document(const struct sheet *s, const char *list,
                                  const char *item, enum export_format format,
                                  FILE *out, struct err *err)
{
    errno = 0;
    if (format == EXPORT_JSON) {
        fprintf(out, "{\"%s\":{\"%s\":[", list, item);
        for (size_t r = 0; r < s->n_row; r++) {
            fputs(r ? ",\n" : "\n", out);
            write_item_json(s, r, out);
        }
        fputs("\n]}}\n", out);
    } else {
        fprintf(out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<%s xmlns=\"http://WEBSERV.iso-ne.com\">\n",
                list);
        for (size_t r = 0; r < s->n_row; r++)
            write_item_xml(s, r, item, out);
        fprintf(out, "</%s>\n", list);
    }
    return written(s, out, err);
}

/* ---- OASIS ---- */

/* Columns of a report that the document uses; n_column where the report has none. */
struct oasis_columns {
    size_t start, end, item, resource, date, hour, interval, value;
};

/* The first of the names that is a column. */
static size_t find_column(const struct sheet *s, const char *const *names)
{
    for (; *names; names++)
        for (size_t c = 0; c < s->n_column; c++)
            if (strcmp(s->column[c].name, *names) == 0)
                return c;
    return s->n_column;
}

#define FIND(s, ...) find_column((s), (const char *const[]){__VA_ARGS__, NULL})

static const char *cell(const struct sheet *s, size_t row, size_t column,
                        char buffer[CELL_NUMBER_ROOM])
{
    const char *text = "";
    if (column >= s->n_column ||
        sheet_cell(s, row, column, false, buffer, &text) == CELL_ABSENT)
        return "";
    return text;
}

static bool differs(const struct sheet *s, size_t row, size_t column)
{
    char a[CELL_NUMBER_ROOM], b[CELL_NUMBER_ROOM];
    return strcmp(cell(s, row, column, a), cell(s, row - 1, column, b)) != 0;
}

/* Places of a row that begin or end with: minutes between its start and end. */
static long seconds_of(const struct sheet *s, const struct oasis_columns *k)
{
    if (!s->n_row || k->start >= s->n_column || k->end >= s->n_column)
        return 0;
    const int64_t *start = s->column[k->start].value, *end = s->column[k->end].value;
    size_t n = s->column[k->start].n;
    return n ? (long)(end[0] - start[0]) * 60 : 0;
}

/* Number of the interval in its day. */
static long number_in_day(const struct sheet *s, const struct oasis_columns *k,
                          size_t row, long seconds)
{
    char buffer[CELL_NUMBER_ROOM];
    long hour = strtol(cell(s, row, k->hour, buffer), NULL, 10);
    long within = strtol(cell(s, row, k->interval, buffer), NULL, 10);
    return within > 0 && seconds > 0 ? (hour - 1) * (3600 / seconds) + within : hour;
}

static void write_head(const char *report, const char *market, const char *zone,
                       const char *unit, long seconds, FILE *out)
{
    fputs("<REPORT_ITEM>\n<REPORT_HEADER><SYSTEM>OASIS</SYSTEM>", out);
    write_element(out, "TZ", zone);
    write_element(out, "REPORT", report);
    write_element(out, "MKT_TYPE", market);
    write_element(out, "UOM", unit);
    fprintf(out,
            "<INTERVAL>ENDING</INTERVAL><SEC_PER_INTERVAL>%ld</SEC_PER_INTERVAL>"
            "</REPORT_HEADER>\n",
            seconds);
}

static void write_row(const struct sheet *s, const struct oasis_columns *k, size_t row,
                      long seconds, FILE *out)
{
    char buffer[CELL_NUMBER_ROOM];
    fputs("<REPORT_DATA>", out);
    write_element(out, "DATA_ITEM",
                  k->item < s->n_column ? cell(s, row, k->item, buffer) : "SHADOW_PRC");
    write_element(out, "RESOURCE_NAME", cell(s, row, k->resource, buffer));
    write_element(out, "OPR_DATE", cell(s, row, k->date, buffer));
    fprintf(out, "<INTERVAL_NUM>%ld</INTERVAL_NUM>", number_in_day(s, k, row, seconds));
    write_element(out, "INTERVAL_START_GMT", cell(s, row, k->start, buffer));
    write_element(out, "INTERVAL_END_GMT", cell(s, row, k->end, buffer));
    write_element(out, "VALUE", cell(s, row, k->value, buffer));
    fputs("</REPORT_DATA>\n", out);
}

enum err_code feed_write_oasis(const struct sheet *s, const char *report,
                               const char *market, const char *zone, FILE *out,
                               struct err *err)
{
    const struct oasis_columns k = {
        .start = FIND(s, "INTERVALSTARTTIME_GMT"),
        .end = FIND(s, "INTERVALENDTIME_GMT"),
        .item = FIND(s, "XML_DATA_ITEM"),
        .resource = FIND(s, "NODE", "ANC_REGION", "NOMOGRAM_ID", "TI_ID",
                         "TAC_AREA_NAME", "TAC_ZONE_NAME"),
        .date = FIND(s, "OPR_DT"),
        .hour = FIND(s, "OPR_HR"),
        .interval = FIND(s, "OPR_INTERVAL"),
        .value = FIND(s, "MW", "VALUE", "PRC"),
    };
    long seconds = seconds_of(s, &k);
    const char *unit = strncmp(report, "PRC_", 4) == 0 ? "US$/MWh" : "MW";
    errno = 0;
    fputs(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OASISReport>\n<MessagePayload>\n"
        "<RTO>\n<name>GRIDCLEAR</name>\n",
        out);
    for (size_t r = 0; r < s->n_row; r++) {
        bool next = r > 0 && (differs(s, r, k.item) || differs(s, r, k.resource));
        if (next)
            fputs("</REPORT_ITEM>\n", out);
        if (next || r == 0)
            write_head(report, market, zone, unit, seconds, out);
        write_row(s, &k, r, seconds, out);
    }
    fputs(s->n_row ? "</REPORT_ITEM>\n" : "", out);
    fputs("</RTO>\n</MessagePayload>\n</OASISReport>\n", out);
    return written(s, out, err);
}
