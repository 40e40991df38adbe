/*
 * drawn_real_time.h - real time for a random market: loads that differ from what was
 * scheduled, as the fifteen-minute market sees them and as they come, outages that are known
 * early or late, ramping capability at times, windows of one to four intervals.
 */
#ifndef TESTS_SUPPORT_DRAWN_REAL_TIME_H
#define TESTS_SUPPORT_DRAWN_REAL_TIME_H

#include "sim/model/market.h"
#include "tests/support/draw.h"

/* After market_build_end; turns real_time on. Fails the running test without memory. */
void drawn_real_time(struct draw *d, struct market *m);
/* A market of drawn_market.h with services, real time, and needs of its own there. */
struct market drawn_service_day(struct draw *d);

#endif
