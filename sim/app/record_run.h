/*
 * record_run.h - a finished run, or a dispatched case, into a run file.
 *
 * Equal runs give equal bytes: nothing of the machine, the time or the command line is
 * recorded.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RECORD_RUN_H
#define SIM_APP_RECORD_RUN_H

#include "results/run_file.h"
#include "sim/app/run_pipeline.h"

/* Everything but the commit. */
MUST_CHECK enum err_code record_run(struct run_file *rf, const struct run *run,
                                    struct err *err);
/* The same for a case: name as the scenario, outcome under /dispatch. outages may be {0}. */
MUST_CHECK enum err_code record_case(struct run_file *rf, const char *name,
                                     uint64_t fingerprint, const struct grid *grid,
                                     const struct grid_outages *outages,
                                     enum dc_model model, const struct outcome *o,
                                     struct err *err);

#endif
