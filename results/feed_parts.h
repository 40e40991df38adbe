/*
 * feed_parts.h - what the reports of feed.h are built from: the clock of a stage, rows as
 * pairs of an interval and a place, and columns along them.
 *
 * Everything lives in the arena of the sheet. All functions fail with ERR_NOMEM, ERR_INPUT
 * (the run does not hold it) or ERR_BUG.
 *
 * Layer: results.
 */
#ifndef RESULTS_FEED_PARTS_H
#define RESULTS_FEED_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "results/feed.h"
#include "results/sheet.h"

/* Which value of a column stands in a row: as (1) of sheet.h. */
struct feed_axis {
    size_t stride, cycle;
    const int32_t *via; /* [cycle] or NULL */
};

/* The intervals of a stage, or longer periods made of them. */
struct feed_clock {
    size_t n;
    int64_t *start, *end;        /* [n] minutes since 1970, UTC */
    int32_t *date, *hour;        /* [n] trade date, hour-ending of the start */
    int32_t *within;             /* [n] which part of its hour, from 1; 0 = the hour */
    double *hours;               /* [n] length */
    const char **begin, **until; /* [n] local time in the words of the style */
};

enum feed_period {
    FEED_INTERVAL, /* as cleared */
    FEED_HOUR,
    FEED_DAY,
    FEED_WEEK, /* Monday to Sunday */
    FEED_MONTH,
};

struct feed {
    struct sheet sheet;
    const struct run_read *rd;
    const struct feed_report *report;
    enum feed_style style;
    const char *stage;
    struct time_zone *zone; /* NULL = UTC */
    const char *zone_name;
    struct feed_clock fine;  /* the stage's own intervals */
    struct feed_clock clock; /* those of the rows */
    int32_t *period;         /* [fine.n] where in clock, NULL = they are the same */
    struct feed_axis interval, place;
    const char *const *node; /* [n_node] */
    const uint8_t *kind;     /* [n_node] of /input/node/kind, or NULL */
    size_t n_node;
};

/* /input/node/kind */
enum feed_node_kind {
    KIND_PNODE,
    KIND_LAP,
    KIND_SUB_LAP,
    KIND_HUB,
    KIND_AGGREGATE,
    KIND_TIE,
};

void *feed_alloc(struct feed *f, size_t n, size_t size, struct err *err);
#define FEED_ARRAY(f, type, n, err) \
 ((type *)feed_alloc((f), (size_t)(n), sizeof(type), (err)))

/* Times as the style writes them, in the zone of the run. Before anything else. */
MUST_CHECK enum err_code feed_read_clock(struct feed *f, struct err *err);
/* Rows are about longer periods from here on; values are averages over time. */
MUST_CHECK enum err_code feed_group(struct feed *f, enum feed_period by,
                                    struct err *err);

/* Day of the week, 0 = Monday. */
int feed_weekday(int32_t date);

/* A table by its path, or by its name in the stage when it does not begin with "/". */
MUST_CHECK enum err_code feed_load(struct feed *f, const char *path, void **value,
                                   size_t *n, struct err *err);
bool feed_has(const struct feed *f, const char *path);
/* A table [interval, width] of numbers, as [clock.n, width]. */
MUST_CHECK enum err_code feed_matrix(struct feed *f, const char *path, size_t width,
                                     double **out, struct err *err);
/* The same from numbers at hand [fine.n, width]. */
MUST_CHECK enum err_code feed_average(struct feed *f, const double *fine, size_t width,
                                      double **out, struct err *err);

/* Every place in every interval, intervals outermost; of OASIS places outermost. */
void feed_cross(struct feed *f, size_t n_place, const int32_t *via);
/* Only the rows [n] of these pairs. */
void feed_pick(struct feed *f, const int32_t *interval, const int32_t *place, size_t n);

MUST_CHECK enum err_code feed_add(struct feed *f, const char *name,
                                  const struct feed_axis *axis, enum table_type type,
                                  enum column_view view, const void *value, size_t n,
                                  struct err *err);
MUST_CHECK enum err_code feed_add_text(struct feed *f, const char *name,
                                       const struct feed_axis *axis,
                                       const char *const *value, size_t n,
                                       struct err *err);
/* matrix [clock.n, width] where the rows' interval and place say. */
MUST_CHECK enum err_code feed_add_matrix(struct feed *f, const char *name,
                                         const double *matrix, size_t width,
                                         struct err *err);
/* One value per interval. */
MUST_CHECK enum err_code feed_add_series(struct feed *f, const char *name,
                                         const double *value, struct err *err);
MUST_CHECK enum err_code feed_add_whole(struct feed *f, const char *name, int32_t value,
                                        struct err *err);
/* "Location@LocId", "Location@LocType", "Location" of the row's node. */
MUST_CHECK enum err_code feed_add_location(struct feed *f, struct err *err);

/*
 * MW of every resource [fine.n, *n of /resource], injection positive: awards; of a feed that
 * tells what has happened (all but OASIS) in real time what was metered.
 */
MUST_CHECK enum err_code feed_output(struct feed *f, double **out, size_t *n,
                                     struct err *err);

/* Numbers [fine.n] of the whole system, + = injection, by what a resource is. */
enum feed_flow {
    FLOW_GENERATION,
    FLOW_DISCHARGE, /* storage giving */
    FLOW_CHARGE,    /* storage taking, <= 0 */
    FLOW_LOAD,      /* <= 0 */
    FLOW_IMPORT,
    FLOW_EXPORT, /* <= 0 */
    N_FLOWS
};
MUST_CHECK enum err_code feed_flows(struct feed *f, double *flow[N_FLOWS],
                                    struct err *err);

/* Limits of ties, of branches or of both that cost something: pairs of interval and
 * constraint, in the order of feed_cross. */
struct feed_binding {
    int32_t *interval, *constraint; /* [n] */
    size_t n, n_constraint;
    const char *const *element, *const *outage; /* [n_constraint] */
    const uint8_t *is_tie, *side;               /* [n_constraint] */
    double *price;                              /* [n] >= 0 */
};
MUST_CHECK enum err_code feed_find_binding(struct feed *f, bool ties, bool branches,
                                           struct feed_binding *out, struct err *err);

/* Regions and products of ancillary services. */
struct feed_services {
    size_t n, n_region; /* requirements; regions in order of their first */
    const char *const *region_of;
    const uint8_t *product;        /* [n] */
    const char **region;           /* [n_region] */
    int32_t *requirement;          /* [n_region][4] -1 = none */
    double *price, *required, *mw; /* [clock.n][n] */
};
MUST_CHECK enum err_code feed_find_services(struct feed *f, struct feed_services *out,
                                            struct err *err);

enum feed_product {
    PRODUCT_RU,
    PRODUCT_SR,
    PRODUCT_NR,
    PRODUCT_RD,
    N_PRODUCTS
};
/* One of price, required, mw as a matrix [clock.n, n_region] of one product, NaN = none. */
MUST_CHECK enum err_code
feed_product_matrix(struct feed *f, const struct feed_services *s, const double *value,
                    enum feed_product product, double **out, struct err *err);

/* The same as a column of that name. */
MUST_CHECK enum err_code feed_add_product(struct feed *f, const struct feed_services *s,
                                          const char *name, const double *value,
                                          enum feed_product product, struct err *err);

extern const struct feed_report feed_oasis_reports[], feed_gridstatus_reports[],
    feed_iso_ne_reports[];
extern const size_t feed_n_oasis, feed_n_gridstatus, feed_n_iso_ne;

#endif
