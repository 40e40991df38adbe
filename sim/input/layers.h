/*
 * layers.h - the settings of a scenario that is a change of another one.
 *
 * A scenario.yaml may say "base: ../other"; that one may have a base again. The layers are
 * these files, the last base first, then a file of overrides given for one run. A position
 * in any of them is one number, so that what was read from them can be pointed at without
 * knowing in which of them it stood.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_LAYERS_H
#define SIM_INPUT_LAYERS_H

#include <stdbool.h>

#include "sim/base/arena.h"
#include "sim/input/source.h"

enum {
    LAYERS_MAX = 8
};

struct layers {
    int n;
    struct layer {
        struct source src;
        const char *dir; /* where its files are */
        bool is_folder;  /* a scenario folder: its tables are looked for there */
        size_t start;    /* position of its first byte */
    } layer[LAYERS_MAX];
    struct arena arena; /* owns the names of folders */
};

/* Line and column of a position. */
struct src_pos layers_at(const struct layers *x, size_t at);
/* The layer that a position is in; 0 while there is none. */
int layers_find(const struct layers *x, size_t at);
void layers_release(struct layers *x);

#endif
