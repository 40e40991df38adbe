/*
 * amount.h - money and quantities as people read them: 1,234,567.89.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_AMOUNT_H
#define SIM_APP_AMOUNT_H

#include <stdint.h>

#include "sim/base/units.h"

enum {
    AMOUNT_SIZE = 40
};

struct amount {
    char text[AMOUNT_SIZE];
};

/* Dollars and cents with thousands apart, exactly: -123456 gives "-1,234.56". */
struct amount amount_from_cents(cents_t cents);
/* A number with that many decimals (0..6), thousands apart, never "-0.00"; from 1e15 on
 * with an exponent, "inf"; "-" where there is no number (NaN). */
struct amount amount_from_number(double value, int decimals);
/* A residual: "<1e-9" if it is below that power of ten, else two digits and exponent. */
struct amount amount_from_residual(double value, int exponent);

#endif
