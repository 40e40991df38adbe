/* csv_field.c - one field of a CSV record: its value and its place. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/number.h"
#include "sim/input/csv_table.h"
#include "sim/input/nearest.h"

static void put(const struct column *col, void *row, const void *value, size_t size)
{
    memcpy((char *)row + col->offset, value, size);
}

static void put_byte(const struct column *col, void *row, unsigned value)
{
    uint8_t byte = (uint8_t)value;
    put(col, row, &byte, 1);
}

static bool is_id(const char *text, size_t len)
{
    if (len > ID_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        if (text[i] <= ' ' || text[i] > '~' || text[i] == ',' || text[i] == '"')
            return false;
    return true;
}

static bool is_text(const char *text, size_t len)
{
    if (len > TEXT_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

/* The bounds in words: "a number of MW from 0 to 1e+06". */
static const char *bounds_text(const struct column *col, char out[96])
{
    const char *what = col->type == COLUMN_NUMBER ? "number" : "whole number";
    const char *article = *col->unit && strcmp(col->unit, "1") != 0 ? " of " : "";
    (void)snprintf(out, 96, "a %s%s%s %s %g%s%g", what, article,
                   *article ? col->unit : "", col->above_min ? "above" : "from",
                   col->min, col->above_min ? " up to " : " to ", col->max);
    return out;
}

static bool in_bounds(const struct column *col, double v)
{
    return v >= col->min && v <= col->max && !(col->above_min && v <= col->min);
}

static bool parse_number(const struct column *col, const char *text, size_t len,
                         void *row, char why[WHY_SIZE])
{
    double v;
    char q[QUOTED_SIZE], bounds[96];
    if (!number_parse(text, len, &v)) {
        (void)snprintf(why, WHY_SIZE, "%s is '%s'; expected %s", col->name,
                       quoted(text, len, q), bounds_text(col, bounds));
        return false;
    }
    if (!isfinite(v) || !in_bounds(col, v)) {
        (void)snprintf(why, WHY_SIZE, "%s is %s; expected %s", col->name,
                       quoted(text, len, q), bounds_text(col, bounds));
        return false;
    }
    v += 0.0; /* -0 is 0 */
    put(col, row, &v, sizeof v);
    return true;
}

static bool parse_integer(const struct column *col, const char *text, size_t len,
                          void *row, char why[WHY_SIZE])
{
    int64_t v;
    char q[QUOTED_SIZE], bounds[96];
    if (!number_parse_int(text, len, &v) || !in_bounds(col, (double)v)) {
        (void)snprintf(why, WHY_SIZE, "%s is '%s'; expected %s", col->name,
                       quoted(text, len, q), bounds_text(col, bounds));
        return false;
    }
    int32_t v32 = (int32_t)v;
    if (col->type == COLUMN_HOUR)
        put_byte(col, row, (unsigned)v);
    else
        put(col, row, &v32, sizeof v32);
    return true;
}

static bool parse_choice(const struct column *col, const char *text, size_t len,
                         void *row, char why[WHY_SIZE])
{
    char q[QUOTED_SIZE];
    size_t used;
    for (unsigned i = 0; col->choice[i]; i++)
        if (strlen(col->choice[i]) == len && memcmp(col->choice[i], text, len) == 0) {
            put_byte(col, row, i);
            return true;
        }
    used = (size_t)snprintf(why, WHY_SIZE, "%s is '%s'; expected", col->name,
                            quoted(text, len, q));
    for (unsigned i = 0; col->choice[i] && used < WHY_SIZE; i++)
        used += (size_t)snprintf(why + used, WHY_SIZE - used, "%s %s",
                                 i == 0               ? ""
                                 : col->choice[i + 1] ? ","
                                                      : " or",
                                 col->choice[i]);
    return false;
}

bool csv_field_parse(const struct column *col, const char *text, size_t len, void *row,
                     char why[WHY_SIZE])
{
    static const char *const no_yes[] = {"no", "yes", NULL};
    char q[QUOTED_SIZE];
    const char *expected = "";
    date_t date;
    switch (col->type) {
    case COLUMN_NUMBER:
        return parse_number(col, text, len, row, why);
    case COLUMN_INTEGER:
    case COLUMN_HOUR:
        return parse_integer(col, text, len, row, why);
    case COLUMN_CHOICE:
        return parse_choice(col, text, len, row, why);
    case COLUMN_FLAG: {
        struct column flag = *col;
        flag.choice = no_yes;
        return parse_choice(&flag, text, len, row, why);
    }
    case COLUMN_DATE:
        if (date_parse(text, len, &date)) {
            put(col, row, &date, sizeof date);
            return true;
        }
        expected = "a date YYYY-MM-DD from 1970 to 2199";
        break;
    case COLUMN_ID:
        if (is_id(text, len))
            return true;
        expected = "1 to 64 printable ASCII characters without comma, quote or space";
        break;
    case COLUMN_TEXT:
        if (is_text(text, len))
            return true;
        expected = "at most 256 bytes of text on one line";
        break;
    }
    (void)snprintf(why, WHY_SIZE, "%s is '%s'; expected %s", col->name,
                   quoted(text, len, q), expected);
    return false;
}

void csv_field_default(const struct column *col, void *row)
{
    int32_t whole = -1;
    switch (col->type) {
    case COLUMN_NUMBER:
        put(col, row, &col->if_empty, sizeof col->if_empty);
        break;
    case COLUMN_INTEGER:
    case COLUMN_DATE:
        whole = (int32_t)col->if_empty;
        put(col, row, &whole, sizeof whole);
        break;
    case COLUMN_ID:
    case COLUMN_TEXT:
        put(col, row, &whole, sizeof whole);
        break;
    case COLUMN_HOUR:
        put_byte(col, row, 0);
        break;
    case COLUMN_FLAG:
    case COLUMN_CHOICE:
        put_byte(col, row, CHOICE_UNSET);
        break;
    }
}

void csv_field_defaults(const struct table_spec *spec, void *row)
{
    memset(row, 0, spec->row_size);
    for (int i = 0; i < spec->n_column; i++)
        csv_field_default(&spec->column[i], row);
}

size_t csv_field_find(const struct source *src, size_t at, int field)
{
    bool inside = false;
    size_t i = at;
    for (int now = 0; now < field && i < src->len; i++) {
        char c = src->text[i];
        if (c == '"')
            inside = !inside;
        else if (!inside && c == '\n')
            return at;
        else if (!inside && c == ',')
            now++;
    }
    while (i < src->len && (src->text[i] == ' ' || src->text[i] == '\t'))
        i++;
    return i;
}
