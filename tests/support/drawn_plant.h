/* drawn_plant.h - random plants of configurations, from random units (drawn_unit.h). */
#ifndef TESTS_SUPPORT_DRAWN_PLANT_H
#define TESTS_SUPPORT_DRAWN_PLANT_H

#include "tests/support/drawn_unit.h"

enum {
    DRAWN_PLANT_CONFIGS = 3
};

struct drawn_plant {
    struct commit_unit unit; /* the plant */
    struct commit_config config[DRAWN_PLANT_CONFIGS];
    struct commit_transition
        transition[DRAWN_PLANT_CONFIGS * (DRAWN_PLANT_CONFIGS - 1)];
    struct commit_offer offer[DRAWN_PLANT_CONFIGS][DRAWN_UNIT_OFFERS];
    struct commit_curve curve[DRAWN_PLANT_CONFIGS * DRAWN_UNIT_CURVES];
    int32_t which_curve[DRAWN_PLANT_CONFIGS][DRAWN_UNIT_INTERVALS];
    struct drawn_unit of[DRAWN_PLANT_CONFIGS]; /* prices and forced facts: of[0] */
    struct interval_set on, off;
    struct commit_problem p; /* of the plant alone */
};

/* x points into itself and must stay where it is. */
void drawn_plant_make(struct draw *d, int32_t n_config, int32_t n_interval,
                      struct drawn_plant *x);

#endif
