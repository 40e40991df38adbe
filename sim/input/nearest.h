/*
 * nearest.h - help for people who mistyped a name, and for messages that quote it.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_NEAREST_H
#define SIM_INPUT_NEAREST_H

#include <stddef.h>

/*
 * The word closest to text[0..len) by edit distance (insert, delete, replace, swap of
 * neighbours; capitals and small letters are the same), or NULL if none is close enough to be what was meant. word is any array
 * of structs whose first member is the word: stride is the size of one.
 */
const char *nearest_word(const char *text, size_t len, const void *word, size_t n,
                         size_t stride);

enum {
    QUOTED_SIZE = 52
};

/*
 * text[0..len) for a message: bytes that are not printable ASCII become '?', a long text
 * is cut with "...". Returns out.
 */
const char *quoted(const char *text, size_t len, char out[QUOTED_SIZE]);

#endif
