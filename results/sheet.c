/* sheet.c - columns from tables, cells from columns. */
#include "results/sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/cell_text.h"
#include "sim/base/calendar.h"

/* ---- columns ---- */

void sheet_release(struct sheet *s)
{
    arena_release(&s->arena);
}

enum err_code sheet_add(struct sheet *s, const struct column *c, struct err *err)
{
    if (s->n_column == SHEET_COLUMNS)
        return err_set(err, ERR_BUG, "table %s has too many columns", s->name);
    s->column[s->n_column++] = *c;
    return ERR_OK;
}

enum err_code sheet_add_constant(struct sheet *s, const char *name, const char *text,
                                 struct err *err)
{
    const char **value = ARENA_ARRAY(&s->arena, const char *, 1);
    if (!value)
        return err_set(err, ERR_NOMEM, "cannot allocate a column");
    *value = text;
    const struct column c = {.name = name,
                             .type = TABLE_TEXT,
                             .value = value,
                             .n = 1,
                             .stride = 1,
                             .cycle = 1};
    return sheet_add(s, &c, err);
}

static enum column_view view_of(const struct table *t)
{
    if (t->flags)
        return VIEW_WORD;
    if (strncmp(t->unit, "days since ", 11) == 0)
        return VIEW_DATE;
    return strncmp(t->unit, "minutes since ", 14) == 0 ? VIEW_TIME : VIEW_VALUE;
}

/* Positions come from a file: none may lead outside of the scale. */
static enum err_code check_positions(const struct table *t, const int32_t *place,
                                     size_t n, size_t n_scale, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (place[i] < (t->absent ? -1 : 0) || (int64_t)place[i] >= (int64_t)n_scale)
            return err_set(err, ERR_INPUT, "%s: position %d at %zu is not in %s",
                           t->path, (int)place[i], i, t->refers);
    return ERR_OK;
}

enum err_code sheet_add_table(struct sheet *s, const struct run_read *rd,
                              const struct table *t, const char *name, size_t stride,
                              struct err *err)
{
    void *value = NULL;
    size_t n = 0, n_scale = 0;
    if (!name)
        name = schema_name(t->path);
    enum err_code code = run_read_table(rd, t->path, &s->arena, &value, &n, err);
    if (code)
        return code;
    if (t->refers) {
        code = run_read_length(rd, t->refers, &n_scale, err);
        if (!code)
            code = check_positions(t, value, n, n_scale, err);
        if (!code)
            code = sheet_add_labels(s, rd, t->refers, name, stride, value, n, t->absent,
                                    err);
        return code;
    }
    const struct column c = {.name = name,
                             .view = view_of(t),
                             .type = t->type,
                             .value = value,
                             .n = n,
                             .stride = stride,
                             .cycle = n,
                             .words = t->flags};
    return sheet_add(s, &c, err);
}

static enum err_code add_one(struct sheet *s, const struct run_read *rd,
                             const struct table *t, const struct column *like,
                             struct err *err)
{
    struct column c = *like;
    void *value = NULL;
    enum err_code code = run_read_table(rd, t->path, &s->arena, &value, &c.n, err);
    if (code)
        return code;
    c.value = value;
    c.type = t->type;
    c.view = view_of(t);
    if (!c.via)
        c.cycle = c.n;
    return sheet_add(s, &c, err);
}

enum err_code sheet_add_labels(struct sheet *s, const struct run_read *rd,
                               const char *scale, const char *name, size_t stride,
                               const int32_t *via, size_t cycle, const char *absent,
                               struct err *err)
{
    static const char *const beside[] = {"trade_date", "hour_ending"};
    char path[128];
    const struct table *t = schema_find(scale);
    struct column c = {
        .name = name, .stride = stride, .via = via, .cycle = cycle, .absent = absent};
    if (!t || t->role == TABLE_VARIABLE)
        return err_set(err, ERR_BUG, "%s is not a dimension", scale);
    if (t->role == TABLE_SIZE)
        return ERR_OK;
    if (t->type != TABLE_I64)
        return add_one(s, rd, t, &c, err);
    c.name = "interval_start";
    enum err_code code = add_one(s, rd, t, &c, err);
    for (int i = 0; i < 2 && !code; i++) {
        snprintf(path, sizeof path, "%.*s%s", (int)(schema_name(scale) - scale), scale,
                 beside[i]);
        const struct table *b = schema_find(path);
        if (!b)
            return err_set(err, ERR_BUG, "the schema has no table %s", path);
        c.name = beside[i];
        code = add_one(s, rd, b, &c, err);
    }
    return code;
}

/* ---- cells ---- */

static int64_t integer_at(const struct column *c, size_t i)
{
    if (c->type == TABLE_I64)
        return ((const int64_t *)c->value)[i];
    if (c->type == TABLE_I32)
        return ((const int32_t *)c->value)[i];
    return ((const uint8_t *)c->value)[i];
}

/* The k-th word of a list separated by spaces; a number the list does not have stays a
 * number. */
static enum cell_kind show_word(const char *words, int64_t k, char *buffer)
{
    for (int64_t i = 0; i < k && words; i++) {
        words = strchr(words, ' ');
        words = words ? words + 1 : NULL;
    }
    if (!words) {
        snprintf(buffer, CELL_NUMBER_ROOM, "%lld", (long long)k);
        return CELL_NUMBER;
    }
    snprintf(buffer, CELL_NUMBER_ROOM, "%.*s", (int)strcspn(words, " "), words);
    return CELL_TEXT;
}

static enum cell_kind show_time(int64_t minutes, bool oasis, char *buffer)
{
    char text[21];
    const int64_t most = INT64_C(1) << 31; /* year 6053: beyond is not from us */
    if (minutes < -most || minutes > most)
        return CELL_ABSENT;
    utc_format(minutes * 60, text);
    text[20] = '\0';
    if (oasis)
        snprintf(buffer, CELL_NUMBER_ROOM, "%.19s-00:00", text);
    else
        snprintf(buffer, CELL_NUMBER_ROOM, "%s", text);
    return CELL_TEXT;
}

static enum cell_kind show_integer(const struct column *c, size_t i, char *buffer)
{
    int64_t v = integer_at(c, i);
    switch (c->view) {
    case VIEW_WORD:
        return show_word(c->words, v, buffer);
    case VIEW_DATE:
        date_format((date_t)v, buffer);
        return CELL_TEXT;
    case VIEW_TIME:
    case VIEW_OASIS:
        return show_time(v, c->view == VIEW_OASIS, buffer);
    case VIEW_TWO:
        snprintf(buffer, CELL_NUMBER_ROOM, "%02lld", (long long)v);
        return CELL_TEXT;
    case VIEW_VALUE:
        break;
    }
    snprintf(buffer, CELL_NUMBER_ROOM, "%lld", (long long)v);
    return CELL_NUMBER;
}

enum cell_kind sheet_cell(const struct sheet *s, size_t row, size_t column,
                          bool for_people, char *buffer, const char **text)
{
    const struct column *c = &s->column[column];
    size_t i = row / c->stride % c->cycle;
    *text = buffer;
    if (c->via) {
        int32_t place = c->via[i];
        if (place < 0) {
            *text = c->absent ? c->absent : "";
            return **text ? CELL_TEXT : CELL_ABSENT;
        }
        i = (size_t)place;
    }
    if (c->type == TABLE_TEXT) {
        *text = ((const char *const *)c->value)[i];
        return CELL_TEXT;
    }
    if (c->type != TABLE_F64)
        return show_integer(c, i, buffer);
    double v = ((const double *)c->value)[i];
    if (isnan(v))
        return CELL_ABSENT;
    if (for_people)
        cell_number_rounded(v, buffer);
    else
        cell_number(v, buffer);
    return isinf(v) ? CELL_TEXT : CELL_NUMBER;
}
