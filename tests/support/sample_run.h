/*
 * sample_run.h - a complete, small run file with known numbers, for tests of results/.
 *
 * 3 nodes N1..N3 (N3 a LAP), 2 resources, 2 SCs, 1 branch, 2 intervals from
 * 2026-04-15 07:00 UTC; lmp[t][n] = 10 t + n + 0.25, all energy.
 */
#ifndef TESTS_SUPPORT_SAMPLE_RUN_H
#define TESTS_SUPPORT_SAMPLE_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "results/run_file.h"

struct sample_run {
    size_t n_node;       /* 0 = 3; more for large files */
    size_t n_interval;   /* 0 = 2 */
    int minutes;         /* length of an interval, 0 = 60; hours have as many as fit */
    bool empty_lists;    /* no virtuals, constraints, decisions, lines, relaxations */
    const char *skip;    /* a table that is left out, or NULL */
    const char *sc_name; /* name of the first SC, or NULL */
};

/* Everything up to, not including, commit. */
enum err_code sample_run_fill(struct run_file *rf, const struct sample_run *s,
                              struct err *err);
/* create, fill, commit, close. */
enum err_code sample_run_write(const char *path, const struct sample_run *s,
                               struct err *err);

#endif
