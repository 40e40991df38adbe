/* test_record_run.c - what is recorded is what was found. */
#include "sim/app/record_run.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results/run_read.h"
#include "sim/base/mem.h"
#include "sim/clear/case_dispatch.h"
#include "tests/support/small_run.h"

static char folder[64], path[96];

static void set_up(void)
{
    snprintf(folder, sizeof folder, "/tmp/gridclear_record_XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/run.h5", folder);
}

static void tear_down(void)
{
    (void)unlink(path);
    cr_assert_eq(rmdir(folder), 0, "something else was left in %s", folder);
}

TestSuite(record_run, .init = set_up, .fini = tear_down);

static enum err_code write_run(const struct run *run, struct err *err)
{
    struct run_file *rf = NULL;
    enum err_code code = run_file_create(path, &rf, err);
    if (!code)
        code = record_run(rf, run, err);
    if (!code)
        code = run_file_commit(rf, err);
    run_file_close(rf);
    return code;
}

static size_t load(char *bytes, size_t size)
{
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f);
    size_t n = fread(bytes, 1, size, f);
    (void)fclose(f);
    cr_assert_lt(n, size);
    return n;
}

static const void *table(const struct run_read *rd, const char *name, size_t n,
                         struct arena *arena)
{
    struct err err = {0};
    void *values = NULL;
    size_t found = 0;
    cr_assert_eq(run_read_table(rd, name, arena, &values, &found, &err), ERR_OK, "%s",
                 err.msg);
    cr_assert_eq(found, n, "%s has %zu values", name, found);
    return values;
}

static void compare_market(const struct run_read *rd, const struct run *run,
                           struct arena *arena)
{
    const struct market *m = &run->market;
    size_t n_t = (size_t)m->n_interval, n_node = (size_t)m->n_node;
    const double *lmp = table(rd, "/day_ahead/lmp", n_t * n_node, arena);
    cr_assert_arr_eq(lmp, run->outcome.lmp, n_t * n_node * sizeof *lmp);
    const double *award =
        table(rd, "/day_ahead/award", n_t * (size_t)m->n_resource, arena);
    cr_assert_arr_eq(award, run->outcome.award_mw,
                     n_t * (size_t)m->n_resource * sizeof *award);
    const double *shadow = table(rd, "/day_ahead/shadow_price",
                                 n_t * (size_t)run->outcome.n_constraint, arena);
    cr_assert_float_eq(shadow[0], 40, 1e-6);
    const double *limit = table(rd, "/day_ahead/constraint_limit",
                                (size_t)run->outcome.n_constraint, arena);
    cr_assert_float_eq(limit[0], 60, 1e-9);
    const int32_t *hour = table(rd, "/day_ahead/hour_ending", n_t, arena);
    cr_assert_eq(hour[23], 24);
    cr_assert_eq(hour[24], 1);
    const double *capacity =
        table(rd, "/input/resource/energy_max_mwh", (size_t)m->n_resource, arena);
    cr_assert(isnan(capacity[0]), "a generator stores nothing");
    cr_assert_float_eq(capacity[4], 20, 1e-9);
}

static void compare_books(const struct run_read *rd, const struct run *run,
                          struct arena *arena)
{
    int64_t sum = 0;
    size_t n_line = (size_t)run->settlement.n_line;
    const int64_t *cents =
        table(rd, "/settlement/statement/amount_cents", n_line, arena);
    for (size_t i = 0; i < n_line; i++)
        sum += cents[i];
    cr_assert_eq(sum, 0);
    size_t n_decision = (size_t)run->admission.n_decision;
    const char *const *rule = table(rd, "/admission/decision/rule", n_decision, arena);
    const int32_t *resource =
        table(rd, "/admission/decision/resource", n_decision, arena);
    for (size_t i = 0; i < n_decision; i++)
        cr_assert_eq(resource[i], strcmp(rule[i], "E21") == 0 ? -1 : 2);
    const uint8_t *status =
        table(rd, "/credit/account/status", (size_t)run->market.n_sc, arena);
    cr_assert_eq(status[2], CREDIT_OK);
}

Test(record_run, the_file_holds_what_the_run_found)
{
    struct err err = {0};
    struct arena arena = {0};
    struct run_read *rd = NULL;
    struct run run = small_run_done();
    cr_assert_eq(write_run(&run, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(run_read_open(path, &rd, &err), ERR_OK, "%s", err.msg);
    compare_market(rd, &run, &arena);
    compare_books(rd, &run, &arena);
    double objective = 0;
    cr_assert_eq(run_read_meta_f64(rd, "objective_usd", &objective, &err), ERR_OK);
    cr_assert_float_eq(objective, run.outcome.objective_usd, 0);
    run_read_close(rd);
    arena_release(&arena);
    run_release(&run);
    cr_assert_eq(mem_live(), 0);
}

Test(record_run, equal_runs_give_equal_bytes)
{
    static char first[400000], second[400000];
    struct err err = {0};
    for (int i = 0; i < 2; i++) {
        struct run run = small_run_done();
        cr_assert_eq(write_run(&run, &err), ERR_OK, "%s", err.msg);
        run_release(&run);
        if (i == 0)
            (void)load(first, sizeof first);
    }
    size_t n = load(second, sizeof second);
    cr_assert_arr_eq(first, second, n);
}

Test(record_run, a_failing_allocation_leaves_no_file)
{
    struct run run = small_run_done();
    long live = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code; n++) {
        struct err err = {0};
        mem_fail_after(n);
        code = write_run(&run, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        cr_assert_eq(mem_live(), live, "allocation %ld leaks", n);
        cr_assert_eq(access(path, F_OK) == 0, code == ERR_OK);
    }
    run_release(&run);
}

Test(record_run, a_case_is_recorded_without_participants)
{
    struct err err = {0};
    struct arena arena = {0};
    struct run_file *rf = NULL;
    struct run_read *rd = NULL;
    struct outcome o = {0};
    struct run market = small_run_market();
    struct grid grid = market.market.grid;
    const struct grid_outages none = {.n = 0};
    static const double cost[] = {0, 10};
    struct grid_unit unit = {.id = "G1",
                             .pmax_mw = 200,
                             .cost_kind = GRID_COST_POLYNOMIAL,
                             .n_cost = 2,
                             .cost = cost};
    grid.n_unit = 1;
    grid.unit = &unit;
    grid.branch[0].rate_mw = 100;
    cr_assert_eq(case_dispatch(&grid, DC_MATPOWER, &o, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(run_file_create(path, &rf, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(record_case(rf, "two", 1, &grid, &none, DC_MATPOWER, &o, &err), ERR_OK,
                 "%s", err.msg);
    cr_assert_eq(run_file_commit(rf, &err), ERR_OK, "%s", err.msg);
    run_file_close(rf);
    cr_assert_eq(run_read_open(path, &rd, &err), ERR_OK, "%s", err.msg);
    cr_assert(run_read_has_stage(rd, "/dispatch"));
    cr_assert_not(run_read_has_stage(rd, "/settlement"));
    const double *award = table(rd, "/dispatch/award", 1, &arena);
    cr_assert_float_eq(award[0], 100, 1e-6);
    run_read_close(rd);
    arena_release(&arena);
    outcome_release(&o);
    run_release(&market);
    cr_assert_eq(mem_live(), 0);
}
