/*
 * number.h - text to number, independent of locale, the whole field or nothing.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_NUMBER_H
#define SIM_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decimal number in text[0..len): [+-]digits[.digits][e[+-]digits], also Inf and NaN in
 * any case (the caller decides whether those are welcome). Correctly rounded.
 * False if the text is anything else, including empty, hexadecimal or padded.
 */
bool number_parse(const char *text, size_t len, double *value);

/* Whole number that fits int64_t; no fraction, no exponent. */
bool number_parse_int(const char *text, size_t len, int64_t *value);

#endif
