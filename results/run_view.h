/*
 * run_view.h - one stage of a run file in memory: names, prices, awards, flows, limits, and
 * the statements; what compare and explain look at.
 *
 * Positions are checked: whatever the file says, an index of the view lies in its array.
 * Arrays [n_t][n] are row-major. Absent tables are NULL.
 *
 * Layer: results (may include sim/base).
 */
#ifndef RESULTS_RUN_VIEW_H
#define RESULTS_RUN_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/run_read.h"
#include "sim/base/arena.h"
#include "sim/base/calendar.h"

struct run_view {
    struct arena arena; /* owns every array */
    const struct run_read *rd;
    const char *file;  /* its name, borrowed */
    const char *stage; /* "/day_ahead" */
    const char *scenario;
    double cost_usd; /* as bid, penalties included; of the day ahead */

    size_t n_t;
    const int64_t *start_min; /* [n_t] minutes since 1970, UTC */
    const double *duration_min;
    const date_t *trade_date;
    const int32_t *hour_ending;

    size_t n_node, n_branch, n_resource, n_virtual, n_limit;
    const char **node, **branch, **resource, **position, **limit;
    const double *lmp, *lmp_energy, *lmp_congestion, *lmp_loss; /* [n_t][n_node] */
    const double *award;                                        /* [n_t][n_resource] */
    const double *virtual_award;                                /* [n_t][n_virtual] */
    const double *energy_mwh; /* [n_t][n_resource] NaN: none; or NULL */
    const double *flow;       /* [n_t][n_branch] */
    const double *shadow;     /* [n_t][n_limit] */
    const double *limit_mw;   /* [n_limit] NaN: differs by interval */
    const uint8_t *limit_kind, *limit_upper;
    const char **limit_element, **limit_outage;
    const double *rent_usd; /* [n_t] */

    const int32_t *branch_from, *branch_to; /* [n_branch] node */
    const int32_t *resource_node;           /* [n_resource] node */
    const uint8_t *resource_type;           /* words of the schema; NULL: a case */
    const int32_t *position_node;           /* [n_virtual] */

    size_t n_line; /* of statements; 0 in a case */
    const char **line_sc;
    const int32_t *line_code;
    const int64_t *line_cents;
    size_t n_code;
    const int32_t *code;
    const char **code_name;
};

/* kinds of limits, as the schema's words */
enum view_limit {
    VIEW_BRANCH,
    VIEW_TIE,
    VIEW_RAMP,
    VIEW_ENERGY,
    VIEW_SERVICE,
    VIEW_RANGE,
    VIEW_SERVICE_RAMP,
    VIEW_SERVICE_ENERGY,
};

/* types of resources, as the schema's words */
enum view_type {
    VIEW_GENERATOR,
    VIEW_LOAD,
    VIEW_STORAGE,
    VIEW_PDR,
    VIEW_DERA,
    VIEW_IMPORT,
    VIEW_EXPORT,
};

/*
 * stage "day_ahead", "real_time", ... or NULL: the day ahead, or the dispatch of a case.
 * ERR_USAGE where the file has no such stage, ERR_INPUT, ERR_NOMEM. rd and file are
 * borrowed. Release *out in any case.
 */
MUST_CHECK enum err_code run_view_load(const struct run_read *rd, const char *file,
                                       const char *stage, struct run_view *out,
                                       struct err *err);
void run_view_release(struct run_view *v);

/* The position of a name in a list, -1 = none. */
int32_t run_view_find(const char *const *name, size_t n, const char *wanted);
/* Loads a table by name within the stage ("/lmp"), or by a whole path, into the arena. */
MUST_CHECK enum err_code run_view_table(struct run_view *v, const char *path,
                                        void *pointer, size_t *n, struct err *err);
double run_view_hours(const struct run_view *v, size_t t);

#endif
