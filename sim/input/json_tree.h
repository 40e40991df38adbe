/*
 * json_tree.h - a JSON file (RFC 8259) as a tree with the position of every value.
 *
 * Read here rather than by a library: of those Debian has, json-c, jansson and cJSON do not
 * say where a value stood, so that a wrong but well-formed number could not be reported with
 * line and column; yajl says it only for what cannot be parsed, and has lost its maintainer.
 * The grammar is a page long, and the files are large (an instance of commitment has a
 * million values), so the tree is one flat array and texts stay where they are in the file.
 *
 * Files are hostile: at most JSON_DEPTH_MAX levels, JSON_BYTES_MAX bytes, no key twice in an
 * object, valid UTF-8, no numbers beyond a double. NaN and Infinity, which Python writes,
 * are not JSON and are refused by name.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_JSON_TREE_H
#define SIM_INPUT_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/err.h"
#include "sim/input/source.h"

enum {
    JSON_DEPTH_MAX = 64,
    JSON_BYTES_MAX = 1 << 30,
};

enum json_kind {
    JSON_NULL,
    JSON_FLAG,
    JSON_NUMBER,
    JSON_TEXT,
    JSON_ARRAY,
    JSON_OBJECT,
};

/* Values stand in the order of the file: all that is within a value follows it. */
struct json_value {
    enum json_kind kind;
    uint32_t at;      /* byte offset of its first byte */
    uint32_t span;    /* itself and all values within: the next one is value + span */
    uint32_t n;       /* array, object: values directly within; text: bytes */
    const char *key;  /* [key_len] of a member of an object, else NULL; not NUL-ended */
    uint32_t key_len; /* bytes */
    uint32_t key_at;  /* byte offset of its opening quote */
    union {
        bool flag;
        double number;
        const char *text; /* [n] not NUL-ended, holds no NUL byte */
    } as;
};

struct json_tree {
    struct json_value *value; /* [n] owned; value[0] is the whole file */
    uint32_t n;
    struct arena unescaped; /* texts that had escapes; others point into the source */
};

/* for JSON_EACH(member, object) ...: what is directly within an array or object. */
#define JSON_EACH(v, of)                                                            \
 (const struct json_value *v = (of) + 1, *v##_end = (of) + (of)->span; v < v##_end; \
  v += v->span)

/*
 * ERR_OK: *out holds the tree, which borrows src; the caller calls json_tree_release().
 * ERR_INPUT: the first fault, with its position; nothing behind it was read. ERR_NOMEM.
 */
MUST_CHECK enum err_code json_tree_read(const struct source *src, struct json_tree *out,
                                        struct err *err);
void json_tree_release(struct json_tree *t);

#endif
