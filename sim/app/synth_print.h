/*
 * synth_print.h - a synthetic network as a MATPOWER case, version 2, and in a few lines.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_SYNTH_PRINT_H
#define SIM_APP_SYNTH_PRINT_H

#include <stdio.h>

#include "sim/synth/synth.h"

/*
 * name: of the function in the file. The stream's error flag tells of failure; once
 * opt->stop says so, what is written is no longer whole.
 */
void synth_print_case(const struct synth *s, const char *name,
                      const struct synth_options *opt, FILE *out);
void synth_print_statistics(const struct synth *s, const struct synth_statistics *t,
                            FILE *out);

#endif
