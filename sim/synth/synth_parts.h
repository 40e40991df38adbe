/*
 * synth_parts.h - the steps of synth_create(), in their order.
 *
 * Each reads what the steps before it have filled in and adds its own; the arena of the
 * network owns what is added. Steps draw from streams of their own (seeded.h).
 *
 * Layer: sim/synth.
 */
#ifndef SIM_SYNTH_SYNTH_PARTS_H
#define SIM_SYNTH_SYNTH_PARTS_H

#include "sim/synth/synth.h"

/* One use of the seed each; append only, or every network changes. */
enum synth_stream {
    SYNTH_STREAM_PLACE,
    SYNTH_STREAM_LEVEL,
    SYNTH_STREAM_WIRE,
    SYNTH_STREAM_LOAD,
    SYNTH_STREAM_UNIT,
    SYNTH_STREAM_RATE
};

/* n_bus, bus: where they are and at which level. Buses of one substation share a place
 * and follow one another, lowest voltage first. */
MUST_CHECK enum err_code synth_place(const struct synth_options *opt, struct synth *s,
                                     struct err *err);
/* n_branch, branch: all but the ratings. Everything is connected. */
MUST_CHECK enum err_code synth_wire(const struct synth_options *opt, struct synth *s,
                                    struct err *err);
/* Load of the buses; n_unit, unit. At least one of each. */
MUST_CHECK enum err_code synth_equip(const struct synth_options *opt, struct synth *s,
                                     struct err *err);
/* Ratings, n_tight. */
MUST_CHECK enum err_code synth_rate(const struct synth_options *opt, struct synth *s,
                                    struct err *err);

#endif
