/*
 * market_check.h - the promises of market.h and grid.h, checked without the reader.
 */
#ifndef TESTS_SUPPORT_MARKET_CHECK_H
#define TESTS_SUPPORT_MARKET_CHECK_H

#include "sim/model/market.h"

enum {
    MARKET_CHECK_SIZE = 200
};

/* True if everything holds; else why says what does not. */
bool market_check(const struct market *m, char why[MARKET_CHECK_SIZE]);

#endif
