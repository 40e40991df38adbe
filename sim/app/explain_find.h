/*
 * explain_find.h - what a name means in a run: a node, a resource, a virtual position.
 *
 * A name that is something else is told what it is and how to ask for it; one that is
 * nothing gets the nearest name of the kind that was asked for.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_EXPLAIN_FIND_H
#define SIM_APP_EXPLAIN_FIND_H

#include "sim/explain/explain_run.h"

/* ERR_USAGE where the file has no such node. */
MUST_CHECK enum err_code explain_find_node(const struct explain_run *x,
                                           const char *name, int32_t *node,
                                           struct err *err);
/* An owner of bids: a resource or a virtual position. ERR_USAGE where there is none. */
MUST_CHECK enum err_code explain_find_owner(const struct explain_run *x,
                                            const char *name, int32_t *owner,
                                            struct err *err);

#endif
