/*
 * number.h - text to number, independent of locale, the whole field or nothing; and back.
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

/*
 * The common numbers, quickly: reads such a decimal number at the head of NUL-ended text,
 * as far as it goes, if it has up to 18 digits and needs no long arithmetic. Returns where
 * it ends, or NULL, which means nothing but that number_parse must look at it.
 */
const char *number_scan(const char *text, double *value);

/* Whole number that fits int64_t; no fraction, no exponent. */
bool number_parse_int(const char *text, size_t len, int64_t *value);
enum {
    NUMBER_INT_ROOM = 21
};
/* Writes the value in decimal, ended by NUL, as printf's PRId64 would; its length. */
size_t number_put_int(int64_t value, char text[NUMBER_INT_ROOM]);

#endif
