/*
 * yaml_tree.h - a small YAML file as a tree of maps, lists and scalars with positions.
 *
 * Only the part of YAML that a settings file needs: one document, no anchors, aliases or
 * tags, at most YAML_DEPTH_MAX levels, keys that are plain text.
 *
 * Layer: sim/input. yaml_tree.c is the only file that knows libyaml.
 */
#ifndef SIM_INPUT_YAML_TREE_H
#define SIM_INPUT_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/arena.h"
#include "sim/base/err.h"
#include "sim/input/source.h"

enum {
    YAML_DEPTH_MAX = 6,
    YAML_BYTES_MAX = 1 << 18
};

enum yaml_kind {
    YAML_TEXT,
    YAML_LIST,
    YAML_MAP,
};

struct yaml_value {
    const char *key; /* in a map: its key; else NULL */
    size_t key_at;   /* byte offset of the key */
    enum yaml_kind kind;
    size_t at;        /* byte offset of the value */
    const char *text; /* YAML_TEXT: NUL-terminated, [len] */
    size_t len;
    bool plain;               /* not in quotes: may be a number; empty means nothing */
    struct yaml_value *child; /* first of a map or list */
    struct yaml_value *last;  /* last of them */
    struct yaml_value *next;  /* sibling */
};

/*
 * The tree of src, in the arena; *root is NULL after a fault that leaves no tree. Faults
 * are added to the list; the code is ERR_OK even then. ERR_NOMEM otherwise.
 */
MUST_CHECK enum err_code yaml_tree_read(const struct source *src, struct arena *arena,
                                        struct yaml_value **root,
                                        struct err_list *faults, struct err *err);
/* The value of a key of a map, or NULL. */
const struct yaml_value *yaml_tree_child(const struct yaml_value *map, const char *key);

#endif
