/*
 * market_dump.h - a market as text, every bit of every number: equal markets, equal text.
 */
#ifndef TESTS_SUPPORT_MARKET_DUMP_H
#define TESTS_SUPPORT_MARKET_DUMP_H

#include "sim/model/market.h"

/* The caller frees the text with free(). The fingerprint is left out. */
char *market_dump(const struct market *m);

#endif
