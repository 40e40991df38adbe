/*
 * record_stage.h - the tables of one clearing stage, and its intervals.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_RECORD_STAGE_H
#define SIM_APP_RECORD_STAGE_H

#include "sim/app/record_field.h"
#include "sim/clear/outcome.h"
#include "sim/model/market.h"

/* Intervals of a market below a group such as "/admission", so many an hour. m NULL: one hour from the
 * epoch, as of a case without a calendar. */
void record_intervals(struct recorder *r, const char *group, const struct market *m,
                      int32_t per_hour);
/*
 * An outcome below "/day_ahead" or "/dispatch", intervals included. m NULL: a network
 * case, whose branch and unit names are those of grid. load_mw: [n_interval][n_node], NULL
 * = none.
 */
void record_outcome(struct recorder *r, const char *group, const struct market *m,
                    const struct grid *grid, const struct grid_outages *outages,
                    const double *load_mw, const struct outcome *o);

/* Pieces of bids as cleared and where ramp limits hold; nothing if they were not kept. */
void record_pieces(struct recorder *r, const char *group, const struct outcome *o);
/* Branches out of service, if any ever are. */
void record_branch_out(struct recorder *r, const struct market *m);

#endif
