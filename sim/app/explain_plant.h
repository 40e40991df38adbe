/*
 * explain_plant.h - the configuration that a plant is in, from a run file.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_EXPLAIN_PLANT_H
#define SIM_APP_EXPLAIN_PLANT_H

#include "sim/explain/explain_run.h"

struct explain_plant {
    int32_t index;    /* of /input/configuration/configuration, -1 = off, or no plant */
    const char *name; /* PLANT:NAME, NULL = off, or no plant */
    const char *from; /* the configuration that it left for this one, NULL = none */
    double pmin_mw, pmax_mw, min_load_usd_per_h, transition_usd;
};

/*
 * Of a resource in interval t of the run's stage; of later stages than the day ahead, what
 * holds in the hour. ERR_INPUT where the file does not fit together.
 */
MUST_CHECK enum err_code explain_plant(struct explain_run *x, int32_t resource,
                                       int32_t t, struct explain_plant *out,
                                       struct err *err);

#endif
