/* answer_table.c - plain CSV without quotes, and a little JSON. */
#include "tests/oracle/answer_table.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_text(const char *folder, const char *file)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f, "%s cannot be read", path);
    size_t n = 0, room = 1 << 16;
    char *text = malloc(room + 1);
    cr_assert_not_null(text);
    for (size_t got = 1; got > 0;) {
        if (n == room)
            text = realloc(text, (room *= 2) + 1);
        cr_assert_not_null(text);
        got = fread(text + n, 1, room - n, f);
        n += got;
    }
    (void)fclose(f);
    text[n] = '\0';
    return text;
}

/* Ends the cell at *at with a NUL and returns it; *end tells what ended it. */
static char *cut(char **at, char *end)
{
    char *cell = *at;
    size_t n = strcspn(cell, ",\r\n");
    *end = cell[n];
    *at = cell + n + (cell[n] != '\0');
    if (*end == '\r' && **at == '\n') {
        *end = '\n';
        ++*at;
    }
    cell[n] = '\0';
    return cell;
}

struct answer_table answer_table_read(const char *folder, const char *file)
{
    struct answer_table t = {.text = read_text(folder, file), .name = file};
    char *at = t.text, end = ',';
    int n_line = 0;
    for (const char *c = t.text; *c; c++)
        n_line += *c == '\n';
    while (end == ',') {
        cr_assert_lt(t.n_column, ANSWER_COLUMNS, "%s", file);
        t.column[t.n_column++] = cut(&at, &end);
    }
    t.cell = calloc((size_t)(n_line + 2) * (size_t)t.n_column, sizeof *t.cell);
    cr_assert_not_null(t.cell);
    while (*at) {
        for (int c = 0; c < t.n_column; c++)
            t.cell[t.n_row * t.n_column + c] = cut(&at, &end);
        t.n_row++;
    }
    return t;
}

void answer_table_release(struct answer_table *t)
{
    free(t->text);
    free(t->cell);
    *t = (struct answer_table){0};
}

static int find(const struct answer_table *t, const char *column)
{
    for (int c = 0; c < t->n_column; c++)
        if (strcmp(t->column[c], column) == 0)
            return c;
    return -1;
}

bool answer_has(const struct answer_table *t, const char *column)
{
    return find(t, column) >= 0;
}

const char *answer_text(const struct answer_table *t, int row, const char *column)
{
    int c = find(t, column);
    cr_assert_geq(c, 0, "%s has no column %s", t->name, column);
    return t->cell[row * t->n_column + c];
}

double answer_number(const struct answer_table *t, int row, const char *column)
{
    const char *text = answer_text(t, row, column);
    char *end;
    double value = strtod(text, &end);
    cr_assert(end != text && *end == '\0', "%s row %d, %s: %s", t->name, row + 2,
              column, text);
    return value;
}

void answer_example(const char *folder, const char *example, const char *key, int n,
                    double *out)
{
    char *text = read_text(folder, "worked-examples.json"), quoted[80];
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", example);
    char *at = strstr(text, quoted);
    cr_assert_not_null(at, "no example %s", example);
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", key);
    at = strstr(at, quoted);
    cr_assert_not_null(at, "%s has no %s", example, key);
    at += strlen(quoted);
    for (int k = 0; k < n; k++) {
        char *end;
        at += strspn(at, " \t\r\n:[,");
        out[k] = strtod(at, &end);
        cr_assert(end != at, "%s %s: number %d", example, key, k + 1);
        at = end;
    }
    free(text);
}
