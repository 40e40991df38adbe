/*
 * small_run.h - a small market for tests of what follows clearing: two days of 24 hours,
 * a line A-B of 60 MW, cheap power in A, load in B, a battery, a virtual trader without
 * credit, an offer above the cap.
 *
 *     load 100 MW in B, offers 0..200 at 10 in A and 0..200 at 50 in B: the line is full,
 *     price 10 in A, 50 in B, shadow price 40, 60 MW from A, 40 from B
 */
#ifndef TESTS_SUPPORT_SMALL_RUN_H
#define TESTS_SUPPORT_SMALL_RUN_H

#include "sim/app/run_pipeline.h"

enum {
    SMALL_RUN_A,
    SMALL_RUN_B,
};

/* Only the market; run_release() it. */
struct run small_run_market(void);
/* Cleared and settled; ends the test process when that fails. */
struct run small_run_done(void);
/* Runs it, keeping what goes wrong. */
enum err_code small_run_days(struct run *run, struct err *err);

#endif
