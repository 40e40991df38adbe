/*
 * drawn_unit.h - a random unit as a commitment problem of its own, with random prices.
 */
#ifndef TESTS_SUPPORT_DRAWN_UNIT_H
#define TESTS_SUPPORT_DRAWN_UNIT_H

#include "solver/commit/unit_schedule.h"
#include "tests/support/draw.h"

enum {
    DRAWN_UNIT_INTERVALS = 48,
    DRAWN_UNIT_CURVES = 3,
    DRAWN_UNIT_SEGMENTS = 6,
    DRAWN_UNIT_OFFERS = 4,
    DRAWN_UNIT_STARTS = 3,
};

struct drawn_unit {
    struct commit_problem p;
    struct commit_unit unit;
    struct unit_prices prices;
    struct interval_set on, off; /* forced */

    struct commit_curve curve[DRAWN_UNIT_CURVES];
    double width[DRAWN_UNIT_CURVES][DRAWN_UNIT_SEGMENTS];
    double cost[DRAWN_UNIT_CURVES][DRAWN_UNIT_SEGMENTS];
    struct commit_start start[DRAWN_UNIT_STARTS];
    struct commit_offer offer[DRAWN_UNIT_OFFERS];
    double offer_price[DRAWN_UNIT_OFFERS][DRAWN_UNIT_INTERVALS];
    uint8_t status[DRAWN_UNIT_INTERVALS];
    int32_t which_curve[DRAWN_UNIT_INTERVALS], day[DRAWN_UNIT_INTERVALS];
    double min_cost[DRAWN_UNIT_INTERVALS];
    double least[DRAWN_UNIT_INTERVALS], most[DRAWN_UNIT_INTERVALS];
    double energy[DRAWN_UNIT_INTERVALS], bonus[DRAWN_UNIT_INTERVALS];
    double first[DRAWN_UNIT_INTERVALS], last[DRAWN_UNIT_INTERVALS];
    double reserve[DRAWN_UNIT_INTERVALS * DRAWN_UNIT_OFFERS];
};

/* x points into itself and must stay where it is. */
void drawn_unit_make(struct draw *d, int32_t n_interval, struct drawn_unit *x);

#endif
