/*
 * h5_parts.h - what h5_file.c and h5_read.c share of HDF5. Nobody else includes it.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_H5_PARTS_H
#define RESULTS_H5_PARTS_H

#include <hdf5.h>

#include "results/h5_file.h"

struct h5_file {
    hid_t id;
    void *image; /* borrowed, when reading; the library does not write to it */
    hid_t held;  /* when writing: what attributes were put to last, see hold */
    char held_path[128];
};

/* What the library's error stack says, innermost first: "cannot WHAT PATH: cause". */
enum err_code h5_fail(struct err *err, enum err_code code, const char *what,
                      const char *path);
/* Accepts what could not be opened. */
void h5_close_id(hid_t id, herr_t (*closer)(hid_t));

/* Number of values. */
size_t h5_count(const struct h5_array *a);
/* Not for TABLE_TEXT. Not to be closed. */
hid_t h5_memory_type(enum table_type type);
/* Little-endian whatever the machine. Texts: variable length, UTF-8. Close it. */
hid_t h5_stored_type(enum table_type type);
/*
 * Transfer properties for n texts: the library clears a conversion buffer of a megabyte
 * for each transfer unless told how little there is to convert. Close them.
 */
hid_t h5_text_transfer(size_t n);

#endif
