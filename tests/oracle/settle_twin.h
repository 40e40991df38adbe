/*
 * settle_twin.h - the statements of a day in the most obvious way: one table of long
 * doubles, one line per formula, rounded at the end.
 */
#ifndef TESTS_ORACLE_SETTLE_TWIN_H
#define TESTS_ORACLE_SETTLE_TWIN_H

#include "sim/admit/admit.h"
#include "sim/clear/outcome.h"
#include "sim/settle/settle.h"

/* Fails the running test where a statement line of the day is not what the twin says. */
void settle_twin_compare(const struct market *m, const struct admission *a,
                         const struct outcome *o, int32_t day,
                         const struct settlement *s);

#endif
