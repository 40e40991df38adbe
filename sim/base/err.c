/* err.c - error codes, positions and fault lists. */
#include "sim/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"

PRINTF_LIKE(4, 0)
static void fill(struct err *err, enum err_code code, struct src_pos at,
                 const char *fmt, va_list args)
{
    err->code = code;
    err->at = at;
    (void)vsnprintf(err->msg, sizeof err->msg, fmt, args);
}

enum err_code err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
    if (err && !err->code) {
        va_list args;
        va_start(args, fmt);
        fill(err, code, (struct src_pos){0}, fmt, args);
        va_end(args);
    }
    return code;
}

enum err_code err_at(struct err *err, enum err_code code, struct src_pos at,
                     const char *fmt, ...)
{
    if (err && !err->code) {
        va_list args;
        va_start(args, fmt);
        fill(err, code, at, fmt, args);
        va_end(args);
    }
    return code;
}

int err_exit_status(enum err_code code)
{
    static const int status[] = {
#define ERR_STATUS(c, s, t) s,
        ERR_MAP(ERR_STATUS)
#undef ERR_STATUS
    };
    return status[code];
}

const char *err_meaning(enum err_code code)
{
    static const char *const text[] = {
#define ERR_TEXT(c, s, t) t,
        ERR_MAP(ERR_TEXT)
#undef ERR_TEXT
    };
    return text[code];
}

void err_list_add(struct err_list *list, struct src_pos at, const char *fmt, ...)
{
    list->total++;
    if (list->n == ERR_LIST_CAP)
        return;
    if (list->n == list->room) {
        size_t room = list->room ? 2 * list->room : 16;
        struct err *grown = mem_resize(list->item, room, sizeof *grown);
        if (!grown)
            return; /* still counted in total, so the caller still refuses the input */
        list->item = grown;
        list->room = room;
    }
    va_list args;
    va_start(args, fmt);
    fill(&list->item[list->n++], ERR_INPUT, at, fmt, args);
    va_end(args);
}

static int compare(const void *pa, const void *pb)
{
    const struct err *a = pa, *b = pb;
    int by_file = strcmp(a->at.file ? a->at.file : "", b->at.file ? b->at.file : "");
    if (by_file)
        return by_file;
    if (a->at.line != b->at.line)
        return a->at.line < b->at.line ? -1 : 1;
    if (a->at.column != b->at.column)
        return a->at.column < b->at.column ? -1 : 1;
    return strcmp(a->msg, b->msg);
}

void err_list_sort(struct err_list *list)
{
    if (list->n == 0)
        return;
    qsort(list->item, list->n, sizeof *list->item, compare);
    size_t kept = 1;
    for (size_t i = 1; i < list->n; i++)
        if (compare(&list->item[kept - 1], &list->item[i]) != 0)
            list->item[kept++] = list->item[i];
    list->total -= list->n - kept;
    list->n = kept;
}

void err_list_release(struct err_list *list)
{
    mem_free(list->item);
    *list = (struct err_list){0};
}
