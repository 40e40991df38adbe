/*
 * version.h - what this program is made of.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_VERSION_H
#define SIM_APP_VERSION_H

#include <stdio.h>

const char *version_number(void); /* "0.1.0" */
const char *version_commit(void); /* "78e7bfb4c1d2", or "unknown" outside a checkout */

/* One "name version" per line: the program, then the libraries actually linked. */
void version_print(FILE *out);

#endif
