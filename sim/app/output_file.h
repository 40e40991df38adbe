/*
 * output_file.h - a text output that appears complete or not at all.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_OUTPUT_FILE_H
#define SIM_APP_OUTPUT_FILE_H

#include <stdio.h>

#include "sim/base/err.h"

struct output_file {
    FILE *out;        /* to print to */
    const char *path; /* borrowed; NULL = standard output */
    char *temp;       /* owned; NULL where path is written directly (a device) */
};

/* path NULL or "-": standard output. ERR_IO, ERR_NOMEM. */
MUST_CHECK enum err_code output_open(const char *path, struct output_file *f,
                                     struct err *err);
/* Puts the file in place; code is how the printing went, and with any error but ERR_OK
 * path stays as it was. Returns code, or ERR_IO. */
MUST_CHECK enum err_code output_close(struct output_file *f, enum err_code code,
                                      struct err *err);

#endif
