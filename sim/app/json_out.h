/*
 * json_out.h - one JSON object, member by member, on a stream.
 *
 *     struct json j = {.out = stdout};
 *     json_open(&j, NULL);
 *     json_number(&j, "objective_usd", 17479.9);
 *     json_open(&j, "seconds");
 *     ...
 *     json_close(&j);
 *     json_close(&j);
 *
 * Numbers are the shortest text that reads back as the same double; what JSON cannot hold
 * (infinity, NaN) is null.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_JSON_OUT_H
#define SIM_APP_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *out; /* borrowed */
    int depth;
    bool has_member; /* of the innermost object or list */
};

/* name NULL: the outermost object, or an element of a list. */
void json_open(struct json *j, const char *name);
void json_close(struct json *j);
void json_open_list(struct json *j, const char *name);
void json_close_list(struct json *j);
void json_number(struct json *j, const char *name, double value);
void json_integer(struct json *j, const char *name, int64_t value);
void json_bool(struct json *j, const char *name, bool value);
/* text NULL gives null. */
void json_text(struct json *j, const char *name, const char *text);

#endif
