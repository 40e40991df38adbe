/*
 * commit_parts.h - what the readers of commitment instances share.
 *
 * Layer: sim/input (internal to the readers of commit_file.h).
 */
#ifndef SIM_INPUT_COMMIT_PARTS_H
#define SIM_INPUT_COMMIT_PARTS_H

#include "sim/base/str_index.h"
#include "sim/input/json_want.h"
#include "sim/model/commit_case.h"

/* Bounds of what is believed; beyond them somebody mistook a unit or a digit. */
#define COMMIT_MOST_MW  1e9
#define COMMIT_MOST_USD 1e12

struct commit_reading {
    struct json_reader json;
    struct commit_case *out;
    bool out_of_memory; /* some array below could not be had */
};

/* Zeroed, in the arena of the case; NULL sets out_of_memory. */
void *commit_array(struct commit_reading *r, size_t count, size_t size);
#define COMMIT_ARRAY(r, type, count) \
 ((type *)commit_array((r), (size_t)(count), sizeof(type)))

/* Members of an object in the order of their names, which are checked and copied. */
struct commit_member {
    const char *id;
    const struct json_value *value;
};
struct commit_member *commit_members(struct commit_reading *r,
                                     const struct json_value *object, int32_t *n);
/* The ids alone, [n]. */
const char **commit_ids(struct commit_reading *r, const struct commit_member *member,
                        int32_t n);

/* n copies of one value. */
double *commit_constant(struct commit_reading *r, double value, int32_t n);
int32_t *commit_same(struct commit_reading *r, int32_t value, int32_t n);
uint8_t *commit_always(struct commit_reading *r, enum commit_status status, int32_t n);

/* Parts that the branches leave unconnected: 1 for a whole network. */
int32_t commit_count_parts(struct commit_reading *r, int32_t n_bus, int32_t n_branch,
                           const int32_t *from, const int32_t *to);
/* Names in their order, so that positions in the index are those of the list. */
bool commit_index_names(struct commit_reading *r, struct str_index *names,
                        const char *const *id, int32_t n);

/* Output and what an hour at it costs. */
struct commit_point {
    double mw, cost_usd_per_h;
};
/* Whether MW ascend; else a fault at `at`. */
bool commit_points_ascend(struct commit_reading *r, const struct json_value *at,
                          const struct commit_point *point, int32_t n);
/*
 * The lower convex hull of points of ascending MW between min_mw and max_mw: where they
 * lie above it, a mixture of others is cheaper, and the models of all three formats allow
 * mixtures. at: where a fault is reported. point is changed.
 */
void commit_hull(struct commit_reading *r, const struct json_value *at,
                 struct commit_point *point, int32_t n, double min_mw, double max_mw,
                 struct commit_curve *curve, double *min_cost_usd_per_h);

/* The readers. What they do not set stays zero. */
void read_pglib_uc(struct commit_reading *r, const struct json_value *root);
void read_ucjl(struct commit_reading *r, const struct json_value *root);
void read_egret(struct commit_reading *r, const struct json_value *root);

#endif
