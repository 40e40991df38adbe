/*
 * shift_option.h - the option of commands that write shift factors.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_SHIFT_OPTION_H
#define SIM_APP_SHIFT_OPTION_H

#include "sim/app/options.h"

/* The words of enum shift_choice (sim/clear/outcome.h), in its order; ends with NULL. */
extern const char *const shift_words[];

/* The row of a command's table of options; its arguments have an int shift_factors. */
#define SHIFT_FACTORS_OPTION(args)                                                   \
 OPTION_ENUM(0, "shift-factors", "WHICH", args, shift_factors, shift_words,          \
             "shift factors in the run file; auto leaves them out if they would be " \
             "more than a million")

#endif
