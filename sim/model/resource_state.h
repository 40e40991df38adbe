/*
 * resource_state.h - where a resource is between two trade days.
 *
 * Layer: sim/model.
 */
#ifndef SIM_MODEL_RESOURCE_STATE_H
#define SIM_MODEL_RESOURCE_STATE_H

#include <stdint.h>

struct resource_state {
    int32_t
        hours; /* of units that the market commits: on for so long, < 0: off; else 0 */
    int32_t minutes;       /* of fast units: the same to the minute, > 0; else 0 */
    int32_t configuration; /* of a plant that is on, in market.configuration; else -1 */
    int32_t configuration_h; /* in it for so long, >= 1; else 0 */
    double output_mw;  /* injection positive; NaN = unknown, no ramp limit from it */
    double energy_mwh; /* stored; NaN but for storage */
};

#endif
