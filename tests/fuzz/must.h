/*
 * must.h - what all targets of this folder assert with.
 */
#ifndef TESTS_FUZZ_MUST_H
#define TESTS_FUZZ_MUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/err.h"
#include "sim/input/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool holds)
{
    if (!holds)
        __builtin_trap();
}

/*
 * Line and column must lead to a byte of the text, or to the newline that ends the line: how
 * many bytes there are up to it, itself included.
 */
static inline size_t must_be_inside(const struct source *src, struct src_pos at)
{
    const char *line = src->text, *end = src->text + src->len;
    must(at.file == src->path && at.line >= 1 && at.column >= 1);
    for (uint32_t k = 1; k < at.line; k++) {
        line = memchr(line, '\n', (size_t)(end - line));
        must(line != NULL);
        line++;
    }
    const char *eol = memchr(line, '\n', (size_t)(end - line));
    must(at.column <= (size_t)((eol ? eol : end) - line) + 1);
    return (size_t)(line - src->text) + at.column;
}

/* A refusal has faults, each one line of text at a position inside the file. */
static inline void must_be_told(const struct source *src, enum err_code code,
                                const struct err_list *faults)
{
    must(code == ERR_OK || code == ERR_INPUT);
    must((code == ERR_INPUT) == (faults->total > 0));
    for (size_t i = 0; i < faults->n; i++) {
        (void)must_be_inside(src, faults->item[i].at);
        must(faults->item[i].msg[0] && !strchr(faults->item[i].msg, '\n'));
    }
}

#endif
