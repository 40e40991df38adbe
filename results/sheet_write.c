/* sheet_write.c - the four forms of a sheet. */
#include "results/sheet_write.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "results/cell_text.h"

static void write_csv(const struct sheet *s, FILE *out)
{
    char buffer[CELL_NUMBER_ROOM];
    const char *text;
    for (size_t c = 0; c < s->n_column; c++) {
        if (c)
            fputc(',', out);
        cell_write_csv(out, s->column[c].name);
    }
    fputc('\n', out);
    for (size_t r = 0; r < s->n_row; r++) {
        for (size_t c = 0; c < s->n_column; c++) {
            if (c)
                fputc(',', out);
            if (sheet_cell(s, r, c, false, buffer, &text) != CELL_ABSENT)
                cell_write_csv(out, text);
            else if (s->n_column == 1) /* an empty line would be no row */
                fputs("\"\"", out);
        }
        fputc('\n', out);
    }
}

static void write_json(const struct sheet *s, FILE *out)
{
    char buffer[CELL_NUMBER_ROOM];
    const char *text;
    fputc('[', out);
    for (size_t r = 0; r < s->n_row; r++) {
        fputs(r ? ",\n{" : "\n{", out);
        for (size_t c = 0; c < s->n_column; c++) {
            if (c)
                fputc(',', out);
            cell_write_json(out, s->column[c].name);
            fputc(':', out);
            enum cell_kind kind = sheet_cell(s, r, c, false, buffer, &text);
            if (kind == CELL_ABSENT)
                fputs("null", out);
            else if (kind == CELL_NUMBER)
                fputs(text, out);
            else
                cell_write_json(out, text);
        }
        fputc('}', out);
    }
    fputs("\n]\n", out);
}

/* A name of an element: what XML does not take there becomes "_". */
static void write_xml_name(FILE *out, const char *name)
{
    if (!isalpha((unsigned char)name[0]))
        fputc('_', out);
    for (const char *p = name; *p; p++)
        fputc(isalnum((unsigned char)*p) || strchr("_-.", *p) ? *p : '_', out);
}

static void write_xml(const struct sheet *s, FILE *out)
{
    char buffer[CELL_NUMBER_ROOM];
    const char *text;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<table name=\"", out);
    cell_write_xml(out, s->name);
    fputs("\">\n", out);
    for (size_t r = 0; r < s->n_row; r++) {
        fputs("<row>", out);
        for (size_t c = 0; c < s->n_column; c++) {
            const char *name = s->column[c].name;
            if (sheet_cell(s, r, c, false, buffer, &text) == CELL_ABSENT)
                continue;
            fputc('<', out);
            write_xml_name(out, name);
            fputc('>', out);
            cell_write_xml(out, text);
            fputs("</", out);
            write_xml_name(out, name);
            fputc('>', out);
        }
        fputs("</row>\n", out);
    }
    fputs("</table>\n", out);
}

struct layout {
    size_t width[SHEET_COLUMNS];
    bool is_number[SHEET_COLUMNS]; /* flush right */
};

static void measure(const struct sheet *s, struct layout *l)
{
    char buffer[CELL_NUMBER_ROOM];
    const char *text;
    for (size_t c = 0; c < s->n_column; c++) {
        l->width[c] = cell_write_plain(NULL, s->column[c].name);
        l->is_number[c] = s->n_row > 0;
        for (size_t r = 0; r < s->n_row; r++) {
            enum cell_kind kind = sheet_cell(s, r, c, true, buffer, &text);
            size_t width = kind == CELL_ABSENT ? 1 : cell_write_plain(NULL, text);
            if (width > l->width[c])
                l->width[c] = width;
            if (kind == CELL_TEXT)
                l->is_number[c] = false;
        }
    }
}

/* The last column is not padded: it may be a long sentence. */
static void write_padded(const struct sheet *s, const struct layout *l, size_t c,
                         const char *text, FILE *out)
{
    size_t pad = l->width[c] - cell_write_plain(NULL, text);
    if (c)
        fputs("  ", out);
    if (l->is_number[c])
        fprintf(out, "%*s", (int)pad, "");
    (void)cell_write_plain(out, text);
    if (!l->is_number[c] && c + 1 < s->n_column)
        fprintf(out, "%*s", (int)pad, "");
}

static void write_text(const struct sheet *s, FILE *out)
{
    struct layout l;
    char buffer[CELL_NUMBER_ROOM];
    const char *text;
    measure(s, &l);
    for (size_t c = 0; c < s->n_column; c++)
        write_padded(s, &l, c, s->column[c].name, out);
    fputc('\n', out);
    for (size_t r = 0; r < s->n_row; r++) {
        for (size_t c = 0; c < s->n_column; c++) {
            bool absent = sheet_cell(s, r, c, true, buffer, &text) == CELL_ABSENT;
            write_padded(s, &l, c, absent ? "-" : text, out);
        }
        fputc('\n', out);
    }
}

enum err_code sheet_write(const struct sheet *s, enum export_format format, FILE *out,
                          struct err *err)
{
    errno = 0;
    switch (format) {
    case EXPORT_CSV:
        write_csv(s, out);
        break;
    case EXPORT_JSON:
        write_json(s, out);
        break;
    case EXPORT_XML:
        write_xml(s, out);
        break;
    case EXPORT_TEXT:
        write_text(s, out);
        break;
    }
    if (fflush(out) != 0 || ferror(out))
        return err_set(err, ERR_IO, "cannot write the table %s: %s", s->name,
                       errno ? strerror(errno) : "the output is closed");
    return ERR_OK;
}
