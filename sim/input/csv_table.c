/* csv_table.c - libcsv, fed line by line so that the start of each record is known. */
#include "sim/input/csv_table.h"

#include <csv.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/nearest.h"

enum {
    RECORD_MAX = 1 << 20,
    FIELDS_MAX = 2 * TABLE_COLUMNS_MAX,
    LINE_BLOCK = 1 << 16, /* bytes of text per entry of line_at */
};

struct reading {
    struct csv_table *t;
    struct str_index *ids;
    struct err_list *faults;
    enum err_code code;
    size_t record; /* offset of the record being read */
    bool has_header, record_ended;
    bool columns_missing;      /* required ones: no row is fit for further checks */
    bool header_lost;          /* nothing below it is read */
    int field;                 /* number of the next field */
    int n_field;               /* in the header */
    int column_of[FIELDS_MAX]; /* field -> column, -1 = unknown */
    char *row;                 /* the row being filled */
    const char *blank;         /* a row of defaults */
    /* Rows of one owner mostly stand together: the last id or date of each column. */
    struct {
        char text[ID_MAX];
        size_t len;
        int32_t value;
    } last[TABLE_COLUMNS_MAX];
};

/* ---- positions ---- */

/* Counts lines once per table, so that a thousand faults in a big file stay cheap. */
static void index_lines(struct csv_table *t)
{
    size_t n_block = t->src.len / LINE_BLOCK + 1;
    uint32_t line = 0;
    t->line_at = mem_alloc(n_block, sizeof *t->line_at);
    if (!t->line_at)
        return; /* source_at counts from the start instead */
    for (size_t b = 0; b < n_block; b++) {
        const char *p = t->src.text + b * LINE_BLOCK;
        size_t n = t->src.len - b * LINE_BLOCK;
        const char *end = p + (n < LINE_BLOCK ? n : LINE_BLOCK);
        t->line_at[b] = line;
        while ((p = memchr(p, '\n', (size_t)(end - p)))) {
            line++;
            p++;
        }
    }
}

static struct src_pos at_offset(struct csv_table *t, size_t offset)
{
    if (!t->line_at)
        index_lines(t);
    if (!t->line_at)
        return source_at(&t->src, offset);
    struct src_pos at = {.file = t->src.path};
    size_t block = offset / LINE_BLOCK, column = 1;
    const char *target = t->src.text + offset;
    at.line = t->line_at[block] + 1;
    for (const char *p = t->src.text + block * LINE_BLOCK; p < target; p++)
        at.line += *p == '\n';
    while (offset > 0 && column <= RECORD_MAX && t->src.text[offset - 1] != '\n') {
        offset--;
        column++;
    }
    at.column = (uint32_t)column;
    return at;
}

struct src_pos csv_table_at(struct csv_table *t, const struct row_head *row,
                            size_t member_offset)
{
    if (row->at >= ROW_CHANGED)
        return layers_at(t->layers, row->at - ROW_CHANGED);
    for (int i = 0; i < t->spec->n_column; i++)
        if (t->spec->column[i].offset == member_offset && t->field_of[i] >= 0)
            return at_offset(t, csv_field_find(&t->src, row->at, t->field_of[i]));
    return at_offset(t, row->at);
}

bool csv_table_is_empty(const struct csv_table *t, const struct row_head *row,
                        size_t member_offset)
{
    int field = -1;
    if (row->askew)
        return false;
    if (row->at >= ROW_CHANGED)
        return !row->bad;
    for (int i = 0; i < t->spec->n_column; i++)
        if (t->spec->column[i].offset == member_offset)
            field = t->field_of[i];
    if (field < 0)
        return !t->header_wrong;
    if (!row->bad)
        return true; /* nothing was refused */
    size_t at = csv_field_find(&t->src, row->at, field);
    const char *text = t->src.text + at;
    return at == t->src.len || strchr(",\r\n", *text) || strncmp(text, "\"\"", 2) == 0;
}

uint32_t csv_table_line(struct csv_table *t, const struct row_head *row)
{
    return row->at >= ROW_CHANGED ? layers_at(t->layers, row->at - ROW_CHANGED).line
                                  : at_offset(t, row->at).line;
}

void csv_table_fault(struct csv_table *t, struct row_head *row, size_t member_offset,
                     struct err_list *faults, const char *fmt, ...)
{
    char text[sizeof((struct err *)0)->msg];
    va_list args;
    row->bad = 1;
    if (faults->n == ERR_LIST_CAP) {
        faults->total++;
        return;
    }
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    err_list_add(faults, csv_table_at(t, row, member_offset), "%s", text);
}

static void mark_askew(struct reading *r)
{
    struct row_head head;
    if (!r->row)
        return;
    memcpy(&head, r->row, sizeof head);
    head.bad = 1;
    head.askew = 1;
    memcpy(r->row, &head, sizeof head);
}

/* A fault of the record being read, at one of its fields. */
static void PRINTF_LIKE(3, 4) fault(struct reading *r, int field, const char *fmt, ...)
{
    char text[sizeof((struct err *)0)->msg];
    va_list args;
    if (r->row) {
        struct row_head head;
        memcpy(&head, r->row, sizeof head);
        head.bad = 1;
        memcpy(r->row, &head, sizeof head);
    }
    if (r->faults->n == ERR_LIST_CAP) {
        r->faults->total++;
        return;
    }
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    err_list_add(r->faults,
                 at_offset(r->t, csv_field_find(&r->t->src, r->record, field)), "%s",
                 text);
}

/* ---- header ---- */

static void header_field(struct reading *r, const char *text, size_t len)
{
    const struct table_spec *spec = r->t->spec;
    char q[QUOTED_SIZE];
    int found = -1;
    if (r->field >= FIELDS_MAX)
        return; /* reported at the end of the header */
    for (int i = 0; i < spec->n_column; i++)
        if (strlen(spec->column[i].name) == len &&
            memcmp(spec->column[i].name, text, len) == 0)
            found = i;
    r->t->header_wrong |= found < 0 || r->t->field_of[found] >= 0;
    if (found < 0) {
        const char *near = nearest_word(text, len, spec->column, (size_t)spec->n_column,
                                        sizeof *spec->column);
        if (near)
            fault(r, r->field, "unknown column '%s'; expected '%s'?",
                  quoted(text, len, q), near);
        else
            fault(r, r->field, "unknown column '%s'; expected a column of table %s",
                  quoted(text, len, q), spec->name);
    } else if (r->t->field_of[found] >= 0) {
        fault(r, r->field, "column '%s' appears twice; expected every column once",
              spec->column[found].name);
        found = -1;
    } else {
        r->t->field_of[found] = r->field;
    }
    r->column_of[r->field] = found;
}

static void end_header(struct reading *r)
{
    const struct table_spec *spec = r->t->spec;
    r->has_header = true;
    r->t->header_at = r->record;
    r->n_field = r->field;
    if (r->field > FIELDS_MAX) {
        r->n_field = FIELDS_MAX;
        r->t->header_wrong = true;
        fault(r, 0, "the header has %d columns; expected at most %d", r->field,
              FIELDS_MAX);
    }
    for (int i = 0; i < spec->n_column; i++)
        if (spec->column[i].required && r->t->field_of[i] < 0) {
            fault(r, 0, "column '%s' is missing; expected it in the header of table %s",
                  spec->column[i].name, spec->name);
            r->columns_missing = true;
            r->t->broken = true;
        }
}

/* ---- records ---- */

static void begin_row(struct reading *r)
{
    struct csv_table *t = r->t;
    size_t size = t->spec->row_size;
    struct row_head head = {.at = r->record & ((UINT64_C(1) << 61) - 1)};
    if (t->n == t->room) {
        size_t room = t->room ? 2 * t->room : 64;
        void *grown = mem_resize(t->row, room, size);
        if (!grown) {
            r->code = ERR_NOMEM;
            return;
        }
        t->row = grown;
        t->room = room;
    }
    r->row = (char *)t->row + t->n * size;
    memcpy(r->row, r->blank, size);
    head.bad = r->columns_missing;
    memcpy(r->row, &head, sizeof head);
}

/* The value of an id, text or date that stood in this column a moment ago. */
static bool put_last(struct reading *r, int column, const char *text, size_t len)
{
    const struct column *col = &r->t->spec->column[column];
    if (len != r->last[column].len || memcmp(text, r->last[column].text, len) != 0)
        return false;
    memcpy(r->row + col->offset, &r->last[column].value, sizeof(int32_t));
    return true;
}

static void keep_last(struct reading *r, int column, const char *text, size_t len,
                      int32_t value)
{
    if (len > ID_MAX)
        return;
    memcpy(r->last[column].text, text, len);
    r->last[column].len = len;
    r->last[column].value = value;
}

static void row_value(struct reading *r, int column, const char *text, size_t len)
{
    const struct column *col = &r->t->spec->column[column];
    char why[WHY_SIZE];
    int32_t value;
    if (put_last(r, column, text, len))
        return;
    if (!csv_field_parse(col, text, len, r->row, why)) {
        r->t->broken |= column == 0;
        fault(r, r->field, "%s", why);
    } else if (col->type == COLUMN_DATE) {
        memcpy(&value, r->row + col->offset, sizeof value);
        keep_last(r, column, text, len, value);
    } else if (col->type == COLUMN_ID || col->type == COLUMN_TEXT) {
        value = str_index_put(r->ids, text, len, NULL);
        if (value < 0)
            r->code = ERR_NOMEM;
        memcpy(r->row + col->offset, &value, sizeof value);
        keep_last(r, column, text, len, value);
    }
}

static void row_field(struct reading *r, const char *text, size_t len)
{
    if (r->field == 0)
        begin_row(r);
    if (r->code || r->field >= r->n_field || r->column_of[r->field] < 0)
        return;
    int column = r->column_of[r->field];
    const struct column *col = &r->t->spec->column[column];
    if (len) {
        row_value(r, column, text, len);
    } else if (col->required) {
        r->t->broken |= column == 0;
        fault(r, r->field, "%s is empty; expected a value", col->name);
    }
}

static void on_field(void *text, size_t len, void *data)
{
    struct reading *r = data;
    if (r->code)
        return;
    if (r->has_header)
        row_field(r, text, len);
    else
        header_field(r, text, len);
    r->field++;
}

static void on_record(int terminator, void *data)
{
    struct reading *r = data;
    (void)terminator;
    r->record_ended = true;
    if (r->code)
        return;
    if (!r->has_header) {
        end_header(r);
    } else {
        if (r->field != r->n_field) {
            mark_askew(r);
            fault(r, r->field > r->n_field ? r->n_field : 0,
                  "the number of fields is %d; expected %d as in the header", r->field,
                  r->n_field);
        }
        r->t->n++;
    }
    r->row = NULL;
    r->field = 0;
}

/* ---- feeding libcsv ---- */

static void *resize_for_csv(void *p, size_t n)
{
    return mem_resize(p, n, 1);
}

static void start_parser(struct csv_parser *p)
{
    (void)csv_init(p, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_realloc_func(p, resize_for_csv);
    csv_set_free_func(p, mem_free);
}

/* Drops the record being read, but keeps the ids that it had. */
static void abandon_record(struct reading *r, struct csv_parser *p)
{
    mark_askew(r);
    if (r->row)
        r->t->n++;
    r->t->broken = true;
    r->header_lost = !r->has_header;
    r->t->header_wrong |= r->header_lost;
    r->row = NULL;
    r->field = 0;
    csv_free(p);
    start_parser(p);
}

static void quote_fault(struct reading *r, size_t at)
{
    static const char text[] = "malformed quotes; expected a quoted field to be "
                               "\"...\" with inner quotes doubled";
    if (r->row)
        fault(r, r->field, "%s", text);
    else if (r->faults->n == ERR_LIST_CAP)
        r->faults->total++;
    else
        err_list_add(r->faults, at_offset(r->t, at), "%s", text);
}

static bool is_blank(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p == end;
}

/* One line: true if a record is still open behind it (a quoted line break). */
static bool feed_line(struct reading *r, struct csv_parser *p, const char *line,
                      size_t len, bool open)
{
    size_t at = (size_t)(line - r->t->src.text);
    if (!open)
        r->record = at;
    if (at + len - r->record > RECORD_MAX) {
        fault(r, 0,
              "a record of more than 1 MiB; expected shorter records (is a quote "
              "never closed?)");
        abandon_record(r, p);
        return false;
    }
    r->record_ended = false;
    size_t done = csv_parse(p, line, len, on_field, on_record, r);
    if (done != len && csv_error(p) == CSV_ENOMEM)
        r->code = ERR_NOMEM;
    if (r->code)
        return false;
    if (done != len) {
        quote_fault(r, at + done);
        abandon_record(r, p);
        return false;
    }
    return !r->record_ended && (open || !is_blank(line, line + len));
}

static void feed(struct reading *r)
{
    struct csv_parser p;
    const struct source *src = &r->t->src;
    const char *end = src->text + src->len;
    bool open = false;
    start_parser(&p);
    for (const char *line = src->text; line < end && !r->code && !r->header_lost;) {
        const char *eol = memchr(line, '\n', (size_t)(end - line));
        const char *next = eol ? eol + 1 : end;
        open = feed_line(r, &p, line, (size_t)(next - line), open);
        line = next;
    }
    if (!r->code && !r->header_lost && csv_fini(&p, on_field, on_record, r) != 0) {
        if (csv_error(&p) == CSV_ENOMEM)
            r->code = ERR_NOMEM;
        else
            fault(r, r->field,
                  "a quoted field that never ends; expected a closing quote");
        abandon_record(r, &p);
    }
    csv_free(&p);
}

/* libcsv would take a lone carriage return as the end of a record. */
static bool has_lone_return(struct reading *r)
{
    const struct source *src = &r->t->src;
    const char *end = src->text + src->len;
    for (const char *p = src->text; (p = memchr(p, '\r', (size_t)(end - p))); p++)
        if (p + 1 == end || p[1] != '\n') {
            err_list_add(
                r->faults, at_offset(r->t, (size_t)(p - src->text)),
                "a carriage return alone; expected lines that end in LF or CRLF");
            return true;
        }
    return false;
}

/* What is not a header of comma-separated names is one fault, not one per row. */
static bool has_other_format(struct reading *r)
{
    const struct source *src = &r->t->src;
    const char *p = src->text, *end = src->text + src->len, *other;
    while (p < end && is_blank(p, p + 1))
        p++;
    const char *eol = memchr(p, '\n', (size_t)(end - p));
    end = eol ? eol : end;
    while (end > p && is_blank(end - 1, end))
        end--;
    size_t n = (size_t)(end - p);
    if (n && *p == '#') {
        err_list_add(r->faults, at_offset(r->t, (size_t)(p - src->text)),
                     "a line that starts with '#'; expected a header row with column "
                     "names, without comments");
        return true;
    }
    if (memchr(p, ',', n))
        return false;
    other = memchr(p, '\t', n);
    bool is_tab = other;
    if (!other)
        other = memchr(p, ';', n);
    if (other)
        err_list_add(r->faults, at_offset(r->t, (size_t)(other - src->text)),
                     "separated by %s; expected commas",
                     is_tab ? "tabs" : "semicolons");
    return other;
}

enum err_code csv_table_read(struct csv_table *t, const struct table_spec *spec,
                             struct str_index *ids, struct err_list *faults,
                             struct err *err)
{
    struct reading r = {.t = t, .ids = ids, .faults = faults};
    char *blank = mem_alloc(1, spec->row_size);
    t->spec = spec;
    t->present = true;
    for (int i = 0; i < TABLE_COLUMNS_MAX; i++)
        t->field_of[i] = -1;
    if (!blank)
        return err_set(err, ERR_NOMEM, "cannot hold a row of table %s", spec->name);
    csv_field_defaults(spec, blank);
    r.blank = blank;
    if (has_lone_return(&r) || has_other_format(&r)) {
        t->broken = true;
        t->header_wrong = true;
    } else {
        feed(&r);
        if (!r.code && !r.has_header && !t->broken) {
            err_list_add(faults, at_offset(t, 0),
                         "no header row; expected a first line with column names");
            t->broken = true;
        }
    }
    mem_free(blank);
    if (r.code)
        return err_set(err, r.code, "cannot hold table %s (%zu rows)", spec->name,
                       t->n);
    return ERR_OK;
}

void csv_table_release(struct csv_table *t)
{
    source_release(&t->src);
    mem_free(t->row);
    mem_free(t->line_at);
    *t = (struct csv_table){0};
}
