/*
 * json_want.h - members of JSON objects as numbers, series and names; faults by position.
 *
 * Every function that finds a fault adds it to the list and goes on with a value that does
 * no harm, so that one pass finds all of them: "what is wrong; what was expected".
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_JSON_WANT_H
#define SIM_INPUT_JSON_WANT_H

#include "sim/input/json_tree.h"

struct json_reader {
    const struct source *src;
    struct err_list *faults;
};

/* Both included. */
struct json_range {
    double least, most;
};

#define JSON_FAULT(rd, v, ...) \
 err_list_add((rd)->faults, source_at((rd)->src, (v)->at), __VA_ARGS__)

const char *json_kind_name(enum json_kind kind);
/* A member by its key, or NULL. */
const struct json_value *want_find(const struct json_value *object, const char *key);
/* The member, which must be there and of this kind, or NULL after a fault. */
const struct json_value *want_member(const struct json_reader *rd,
                                     const struct json_value *object, const char *key,
                                     enum json_kind kind);
/* The same for one that may be absent or null: NULL then, or after a fault. */
const struct json_value *want_maybe(const struct json_reader *rd,
                                    const struct json_value *object, const char *key,
                                    enum json_kind kind);
/* A fault for each key that is not among known[0..n), naming the nearest. */
void want_only(const struct json_reader *rd, const struct json_value *object,
               const char *const *known, size_t n);

/* The value as a number within range, or range.least after a fault. what: its name. */
double want_value(const struct json_reader *rd, const struct json_value *v,
                  const char *what, struct json_range range);
/* The member, which must be there, as a number within range. */
double want_number(const struct json_reader *rd, const struct json_value *object,
                   const char *key, struct json_range range);
/* The same for one that may be absent or null. */
double want_number_or(const struct json_reader *rd, const struct json_value *object,
                      const char *key, struct json_range range, double absent);
/* A whole number. */
int32_t want_whole(const struct json_reader *rd, const struct json_value *object,
                   const char *key, int32_t least, int32_t most);
/* true, false, 1 or 0; absent if it is not there. */
bool want_flag_or(const struct json_reader *rd, const struct json_value *object,
                  const char *key, bool absent);
/*
 * The value as n numbers within range: an array of n, or one number for all.
 * out[0..n) is filled even after a fault.
 */
void want_series(const struct json_reader *rd, const struct json_value *v,
                 const char *what, struct json_range range, int32_t n, double *out);

#endif
