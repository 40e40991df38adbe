/*
 * scenario_files.h - scenario folders for tests: a base that uses every feature, changed
 * in one place, written to a temporary folder and loaded.
 *
 * Everything here may end the test process when the machine fails it.
 */
#ifndef TESTS_SUPPORT_SCENARIO_FILES_H
#define TESTS_SUPPORT_SCENARIO_FILES_H

#include "sim/input/scenario.h"

enum {
    SCENARIO_FILES_MAX = 20
};

struct scenario_files {
    int n;
    struct {
        char name[48];
        char *text; /* owned */
    } file[SCENARIO_FILES_MAX];
};

/* Three buses, two days, all types of resources, all tables. */
void scenario_files_base(struct scenario_files *s);
/* Adds ancillary services to it: certified MW, regions, requirements, offers; and bids
 * of capacity. */
void scenario_files_services(struct scenario_files *s);
/* Text of a file, or NULL. */
const char *scenario_files_get(const struct scenario_files *s, const char *name);
/* Adds a file or puts another text in its place. */
void scenario_files_put(struct scenario_files *s, const char *name, const char *text);
void scenario_files_put_bytes(struct scenario_files *s, const char *name,
                              const char *text, size_t len);
void scenario_files_drop(struct scenario_files *s, const char *name);
/* The first occurrence of from, which must be there, becomes to. */
void scenario_files_change(struct scenario_files *s, const char *name, const char *from,
                           const char *to);
/* Puts the rows of every table in an order that depends on seed; the header stays. */
void scenario_files_shuffle(struct scenario_files *s, uint64_t seed);
void scenario_files_release(struct scenario_files *s);

struct scenario_result {
    char dir[40]; /* where it was loaded from; it may be gone */
    enum err_code code;
    struct market market;
    struct err_list faults;
    struct err err;
};

/* Writes the folder, loads it, removes it. */
void scenario_files_load(const struct scenario_files *s, struct scenario_result *out);
/* The same with a file of overrides, change.yaml in the folder. */
void scenario_files_load_changed(const struct scenario_files *s, const char *override,
                                 struct scenario_result *out);
void scenario_result_release(struct scenario_result *r);

/* The same step by step, for many changes of one file. */
void scenario_folder_make(const struct scenario_files *s, char dir[40]);
void scenario_folder_write(const char *dir, const char *name, const char *text);
void scenario_folder_load(const char *dir, struct scenario_result *out);
void scenario_folder_remove(const struct scenario_files *s, const char *dir);

/* "file:line:column: text\n" per fault, file without the folder; cut at size. */
void scenario_result_faults(const struct scenario_result *r, char *out, size_t size);
/* One change to the base and the faults it must cause, as scenario_result_faults writes
 * them; "" for none. */
struct fault_case {
    const char *file, *from, *to, *expected;
};
/* True if it does. Writes what came instead to stderr. */
bool fault_case_holds(const struct fault_case *c);
/* The same of the base with services. */
bool fault_case_holds_with_services(const struct fault_case *c);

/* NULL, or what is wrong with the positions: each must be inside its file. */
const char *scenario_result_misplaced(const struct scenario_files *s,
                                      const struct scenario_result *r);
/*
 * NULL, or what the reader promised and did not keep: faults where it refused and none where it
 * took the scenario, positions inside files, a market that keeps the promises of market.h.
 */
const char *scenario_result_broken(const struct scenario_files *s,
                                   const struct scenario_result *r);
/* A resource of what was loaded, or NULL. */
const struct resource *scenario_result_resource(const struct scenario_result *r,
                                                const char *id);

#endif
