/*
 * state_file.h - the state of resources after a run, as text that can be compared.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_STATE_FILE_H
#define SIM_APP_STATE_FILE_H

#include "sim/app/run_pipeline.h"

/* Writes it complete or not at all; the columns are those of read_state.h. */
MUST_CHECK enum err_code state_file_write(const char *path, const struct run *run,
                                          struct err *err);
/* Makes the market of a loaded run start from that state. */
MUST_CHECK enum err_code state_file_read(const char *path, struct run *run,
                                         struct diagnostics *diag);

#endif
