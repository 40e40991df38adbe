/* matpower_value.c - matrices, cell arrays, texts and numbers. */
#include "sim/input/matpower_value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/number.h"
#include "sim/input/matpower_lex.h"

/* ---- growing arrays ---- */

static void *grown(struct mat_scan *s, void *array, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return array;
    size_t more = *room ? 2 * *room : 64;
    void *p = mem_resize(array, more, size);
    if (!p) {
        s->no_memory = true;
        return array;
    }
    *room = more;
    return p;
}

static void add_item(struct mat_scan *s, struct mat_value *v, const char *at,
                     double item)
{
    v->item = grown(s, v->item, v->n_item, &v->item_room, sizeof *v->item);
    if (s->no_memory)
        return;
    struct mat_row *row = &v->row[v->n_row - 1];
    if (row->n == 0)
        row->at = mat_offset(s, at);
    v->item[v->n_item++] = item;
    row->n++;
}

static void add_row(struct mat_scan *s, struct mat_value *v)
{
    v->row = grown(s, v->row, v->n_row, &v->row_room, sizeof *v->row);
    if (!s->no_memory)
        v->row[v->n_row++] = (struct mat_row){.first = v->n_item};
}

static void add_text(struct mat_scan *s, struct mat_value *v, const char *open,
                     const char *after)
{
    v->text = grown(s, v->text, v->n_text, &v->text_room, sizeof *v->text);
    if (!s->no_memory)
        v->text[v->n_text++] = (struct mat_text){.at = mat_offset(s, open) + 1,
                                                 .len = (size_t)(after - open) - 2,
                                                 .quote = *open};
}

/* ---- values ---- */

/* One element of a matrix at s->p. */
static void scan_item(struct mat_scan *s, struct mat_value *v)
{
    const char *start = s->p, *end;
    double item;
    bool closed;
    end = number_scan(start, &item);
    if (end && lex_ends_token(*end)) {
        s->p = end;
        add_item(s, v, start, item + 0.0); /* no negative zero */
        return;
    }
    if (lex_is_quote(*start))
        s->p = lex_after_text(start, &closed);
    else
        s->p = lex_after_token(start);
    if (s->p == start)
        s->p++; /* a stray closing bracket */
    size_t n = (size_t)(s->p - start);
    if (number_parse(start, n, &item)) {
        add_item(s, v, start, item + 0.0); /* no negative zero */
        return;
    }
    char text[LEX_SHOWN + 1];
    mat_fault(s->src, s->faults, mat_offset(s, start),
              "'%s' is not a number; expected %s", lex_shown(start, n, text),
              "a number, Inf or NaN");
    add_item(s, v, start, 0);
    if (!s->no_memory)
        v->row[v->n_row - 1].damaged = true;
}

/* lex_after_blank, with what stands between most elements looked at here. */
static const char *after_blank(const struct mat_scan *s)
{
    const char *p = s->p;
    while (*p == ' ' || *p == '\t')
        p++;
    return *p == '\n' || *p == ';' || (*p >= '0' && *p <= '9') || *p == '-'
               ? p
               : lex_after_blank(s->src->text, p);
}

/* Ends the row that is being read; rows must be as long as the first. */
static void end_row(struct mat_scan *s, struct mat_value *v)
{
    struct mat_row *row = &v->row[v->n_row - 1];
    if (row->n == 0)
        return;
    if (row->n != v->row[0].n) {
        mat_fault(s->src, s->faults, row->at,
                  "this row has %zu columns; expected %zu as in the first row", row->n,
                  v->row[0].n);
        row->damaged = true;
    }
    add_row(s, v);
}

/* [ rows of numbers ], s->p at the bracket. */
static void scan_matrix(struct mat_scan *s, struct mat_value *v)
{
    const char *open = s->p++;
    bool after_item = false;
    add_row(s, v);
    while (!s->no_memory) {
        s->p = after_blank(s);
        char c = *s->p;
        if (c == '\0') {
            mat_fault(s->src, s->faults, mat_offset(s, open),
                      "this matrix is never closed; expected ]");
            v->row[v->n_row - 1].damaged = true;
            break;
        }
        if (c == ',') {
            if (!after_item) {
                mat_fault(s->src, s->faults, mat_offset(s, s->p),
                          "an empty element; expected a number");
                v->row[v->n_row - 1].damaged = true;
            }
            after_item = false;
            s->p++;
        } else if (c == '\n' || c == ';' || c == ']') {
            end_row(s, v);
            after_item = false;
            s->p++;
            if (c == ']')
                break;
        } else {
            scan_item(s, v);
            after_item = true;
        }
    }
    if (v->n_row > 0 && v->row[v->n_row - 1].n == 0)
        v->n_row--; /* the row begun after the last separator */
}

/* { texts }, s->p at the bracket. */
static void scan_cell(struct mat_scan *s, struct mat_value *v)
{
    const char *open = s->p++;
    while (!s->no_memory) {
        s->p = lex_after_blank(s->src->text, s->p);
        const char *start = s->p;
        bool closed = false;
        if (*start == '}' || *start == '\0')
            break;
        if (*start == '\n' || *start == ';' || *start == ',') {
            s->p++;
            continue;
        }
        if (lex_is_quote(*start))
            s->p = lex_after_text(start, &closed);
        else
            s->p = lex_after_token(start);
        if (s->p == start)
            s->p++;
        if (closed) {
            add_text(s, v, start, s->p);
            continue;
        }
        char text[LEX_SHOWN + 1];
        v->damaged = true;
        mat_fault(s->src, s->faults, mat_offset(s, start),
                  "%s is not a text in quotes; expected 'text'",
                  lex_shown(start, (size_t)(s->p - start), text));
    }
    if (*s->p == '}') {
        s->p++;
    } else if (!s->no_memory) {
        v->damaged = true;
        mat_fault(s->src, s->faults, mat_offset(s, open),
                  "this cell array is never closed; expected }");
    }
}

static void scan_scalar(struct mat_scan *s, struct mat_value *v)
{
    const char *start = s->p;
    bool closed = false;
    char text[LEX_SHOWN + 1];
    if (lex_is_quote(*start)) {
        s->p = lex_after_text(start, &closed);
        if (closed)
            add_text(s, v, start, s->p);
        else
            mat_fault(s->src, s->faults, mat_offset(s, start),
                      "this text is not closed; expected a closing quote on its line");
        v->kind = MAT_TEXT;
        return;
    }
    s->p = lex_after_token(start);
    size_t n = (size_t)(s->p - start);
    v->kind = MAT_NUMBER;
    if (!number_parse(start, n, &v->number)) {
        v->damaged = true;
        mat_fault(
            s->src, s->faults, mat_offset(s, start),
            "%s stands for a value; expected a number, a text, a matrix or a cell "
            "array",
            n ? lex_shown(start, n, text) : "nothing");
    }
}

void mat_scan_value(struct mat_scan *s, struct mat_value *v)
{
    v->at = mat_offset(s, s->p);
    v->kind = MAT_MATRIX;
    if (*s->p == '[') {
        scan_matrix(s, v);
    } else if (*s->p == '{') {
        v->kind = MAT_CELL;
        scan_cell(s, v);
    } else {
        scan_scalar(s, v);
    }
}

/* Leaves s->p at the end of the statement, over brackets, text and comments. */
void mat_skip_statement(struct mat_scan *s)
{
    const char *text = s->src->text, *p = s->p, *open = NULL;
    size_t depth = 0;
    for (;;) {
        p = lex_after_blank(text, p);
        bool closed,
            transpose = p > text && (lex_is_word(p[-1]) || strchr("])}'.", p[-1]));
        if (*p == '\0' || (depth == 0 && lex_ends_statement(*p)))
            break;
        if (*p == '"' || (*p == '\'' && !transpose)) {
            p = lex_after_text(p, &closed);
            continue;
        }
        if (*p == '[' || *p == '{' || *p == '(') {
            if (depth++ == 0)
                open = p;
        } else if ((*p == ']' || *p == '}' || *p == ')') && depth > 0) {
            depth--;
        }
        p++;
    }
    if (depth > 0)
        mat_fault(s->src, s->faults, mat_offset(s, open),
                  "this bracket is never closed; expected its closing bracket");
    s->p = p;
}

void mat_value_release(struct mat_value *v)
{
    mem_free(v->item);
    mem_free(v->row);
    mem_free(v->text);
    *v = (struct mat_value){0};
}

size_t mat_item_at(const struct source *src, const struct mat_value *v, size_t row,
                   size_t column)
{
    const char *p = src->text + v->row[row].at;
    bool closed;
    for (size_t c = 0; c < column && *p; c++) {
        const char *start = p;
        p = lex_is_quote(*p) ? lex_after_text(p, &closed) : lex_after_token(p);
        if (p == start)
            p++;
        p = lex_after_blank(src->text, p);
        while (*p == ',')
            p = lex_after_blank(src->text, p + 1);
    }
    return (size_t)(p - src->text);
}

/* ---- faults ---- */

void mat_fault(const struct source *src, struct err_list *faults, size_t at,
               const char *fmt, ...)
{
    char msg[sizeof((struct err){0}).msg];
    struct src_pos pos = {.file = src->path};
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(msg, sizeof msg, fmt, args);
    va_end(args);
    if (at >= src->len && src->len > 0)
        at = src->len - 1; /* what is missing at the end is shown on the last line */
    if (faults->n < ERR_LIST_CAP)
        pos = source_at(src, at);
    err_list_add(faults, pos, "%s", msg);
}

size_t mat_offset(const struct mat_scan *s, const char *p)
{
    return (size_t)(p - s->src->text);
}
