/* test_run_file.c - what the writer takes, what it refuses, and what a kill leaves. */
#include "results/run_file.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "results/run_read.h"
#include "sim/base/mem.h"
#include "tests/support/sample_run.h"

static char folder[64], path[96], aside[112];

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/gridclear_run_XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/run.h5", folder);
    snprintf(aside, sizeof aside, "%s.part.tmp", path);
}

static void remove_folder(void)
{
    (void)unlink(path);
    (void)unlink(aside);
    (void)rmdir(folder);
}

TestSuite(run_file, .init = make_folder, .fini = remove_folder);

static bool exists(const char *name)
{
    struct stat info;
    return stat(name, &info) == 0;
}

/* The file's bytes; the caller frees. */
static char *slurp(const char *name, size_t *n)
{
    FILE *f = fopen(name, "rb");
    cr_assert_not_null(f);
    cr_assert_eq(fseek(f, 0, SEEK_END), 0);
    *n = (size_t)ftell(f);
    rewind(f);
    char *bytes = mem_alloc(*n, 1);
    cr_assert_not_null(bytes);
    cr_assert_eq(fread(bytes, 1, *n, f), *n);
    fclose(f);
    return bytes;
}

Test(run_file, equal_tables_give_equal_bytes_whenever_they_are_written)
{
    const struct sample_run s = {.n_node = 600, .n_interval = 24};
    size_t n_first, n_second;
    const struct timespec later = {.tv_sec = 1, .tv_nsec = 100000000};
    cr_assert_eq(sample_run_write(path, &s, NULL), ERR_OK);
    char *first = slurp(path, &n_first);
    nanosleep(&later, NULL);
    cr_assert_eq(sample_run_write(path, &s, NULL), ERR_OK);
    char *second = slurp(path, &n_second);
    cr_assert_eq(n_first, n_second);
    cr_assert_eq(memcmp(first, second, n_first), 0);
    cr_assert(!exists(aside));
    mem_free(first);
    mem_free(second);
    cr_assert_eq(mem_live(), 0);
}

Test(run_file, nothing_is_at_the_path_before_commit_and_nothing_after_close)
{
    struct run_file *rf = NULL;
    const struct sample_run s = {0};
    cr_assert_eq(run_file_create(path, &rf, NULL), ERR_OK);
    cr_assert_eq(sample_run_fill(rf, &s, NULL), ERR_OK);
    cr_assert(!exists(path));
    cr_assert(exists(aside));
    run_file_close(rf);
    cr_assert(!exists(path));
    cr_assert(!exists(aside));
}

Test(run_file, what_a_killed_run_left_aside_is_overwritten)
{
    const struct sample_run s = {0};
    FILE *f = fopen(aside, "w");
    for (int i = 0; i < 200000; i++)
        fputs("left over", f);
    fclose(f);
    cr_assert_eq(sample_run_write(path, &s, NULL), ERR_OK);
    cr_assert(!exists(aside));
    struct run_read *rd = NULL;
    cr_assert_eq(run_read_open(path, &rd, NULL), ERR_OK);
    run_read_close(rd);
}

Test(run_file, a_table_of_the_wrong_shape_or_type_is_refused)
{
    struct run_file *rf = NULL;
    struct err err = {0};
    const char *const name[] = {"N1", "N2"};
    const int64_t time[] = {0, 60, 120};
    const double price[6] = {1, 2, 3, 4, 5, 6};
    const int32_t whole[6] = {0};
    cr_assert_eq(run_file_create(path, &rf, NULL), ERR_OK);
    cr_assert_eq(run_file_set_labels(rf, "/node", name, 2, NULL), ERR_OK);
    cr_assert_eq(run_file_put_f64(rf, "/day_ahead/lmp", price, 6, &err), ERR_BUG);
    cr_assert_str_eq(err.msg,
                     "/day_ahead/lmp needs the dimension /day_ahead/interval first");
    cr_assert_eq(run_file_set_coordinates(rf, "/day_ahead/interval", time, 3, NULL),
                 ERR_OK);
    err = (struct err){0};
    cr_assert_eq(run_file_put_f64(rf, "/day_ahead/lmp", price, 5, &err), ERR_BUG);
    cr_assert_str_eq(err.msg, "/day_ahead/lmp takes 6 values, not 5");
    cr_assert_eq(run_file_put_i32(rf, "/day_ahead/lmp", whole, 6, NULL), ERR_BUG);
    cr_assert_eq(run_file_put_f64(rf, "/day_ahead/nonsense", price, 6, NULL), ERR_BUG);
    cr_assert_eq(run_file_put_f64(rf, "/day_ahead/lmp", price, 6, NULL), ERR_OK);
    cr_assert_eq(run_file_put_f64(rf, "/day_ahead/lmp", price, 6, NULL), ERR_BUG);
    cr_assert_eq(run_file_set_size(rf, "/day_ahead/interval", 3, NULL), ERR_BUG);
    cr_assert_eq(run_file_set_size(rf, "/sc", 3, NULL), ERR_BUG);
    run_file_close(rf);
}

Test(run_file, a_price_that_is_not_a_number_is_refused)
{
    struct run_file *rf = NULL;
    struct err err = {0};
    const char *const name[] = {"N1"};
    const int64_t time = 0;
    const double price = (double)NAN;
    cr_assert_eq(run_file_create(path, &rf, NULL), ERR_OK);
    cr_assert_eq(run_file_set_labels(rf, "/node", name, 1, NULL), ERR_OK);
    cr_assert_eq(run_file_set_coordinates(rf, "/dispatch/interval", &time, 1, NULL),
                 ERR_OK);
    cr_assert_eq(run_file_put_f64(rf, "/dispatch/lmp", &price, 1, &err), ERR_BUG);
    cr_assert_str_eq(err.msg, "/dispatch/lmp: value 0 is not a number");
    run_file_close(rf);
}

Test(run_file, flags_and_positions_must_exist)
{
    struct run_file *rf = NULL;
    const char *const name[] = {"A", "B"};
    const int32_t flag[] = {0, 5}, place[] = {0, 2}, none[] = {-1, 0};
    cr_assert_eq(run_file_create(path, &rf, NULL), ERR_OK);
    cr_assert_eq(run_file_set_labels(rf, "/sc", name, 2, NULL), ERR_OK);
    cr_assert_eq(run_file_set_labels(rf, "/resource", name, 2, NULL), ERR_OK);
    cr_assert_eq(run_file_put_i32(rf, "/credit/account/status", flag, 2, NULL),
                 ERR_BUG);
    cr_assert_eq(run_file_put_i32(rf, "/input/resource/sc", place, 2, NULL), ERR_BUG);
    cr_assert_eq(run_file_put_i32(rf, "/input/resource/sc", none, 2, NULL), ERR_BUG);
    run_file_close(rf);
}

Test(run_file, a_field_of_structs_is_put_without_a_copy)
{
    struct pair {
        int status;
        double limit;
    } pair[] = {{1, 10.5}, {3, 20.5}};
    struct run_file *rf = NULL;
    const char *const name[] = {"A", "B"};
    cr_assert_eq(run_file_create(path, &rf, NULL), ERR_OK);
    cr_assert_eq(run_file_set_labels(rf, "/sc", name, 2, NULL), ERR_OK);
    cr_assert_eq(run_file_put(rf, "/credit/account/limit", TABLE_F64, &pair[0].limit,
                              sizeof *pair, 2, NULL),
                 ERR_OK);
    cr_assert_eq(run_file_put(rf, "/credit/account/status", TABLE_I32, &pair[0].status,
                              sizeof *pair, 2, NULL),
                 ERR_OK);
    run_file_close(rf);
}

Test(run_file, bytes_are_those_of_numbers_as_stored)
{
    struct run_file *rf = NULL;
    const char *const name[] = {"A", "B"};
    const double limit[] = {1, 2};
    const int32_t status[] = {1, 3}; /* stored in a byte each */
    cr_assert_eq(run_file_create(path, &rf, NULL), ERR_OK);
    cr_assert_eq(run_file_bytes(rf), 0);
    cr_assert_eq(run_file_set_labels(rf, "/sc", name, 2, NULL), ERR_OK);
    cr_assert_eq(run_file_bytes(rf), 0);
    cr_assert_eq(run_file_put_f64(rf, "/credit/account/limit", limit, 2, NULL), ERR_OK);
    cr_assert_eq(run_file_put_i32(rf, "/credit/account/status", status, 2, NULL),
                 ERR_OK);
    cr_assert_eq(run_file_bytes(rf), 2 * 8 + 2 * 1);
    run_file_close(rf);
}

Test(run_file, commit_refuses_a_file_that_lacks_a_table_a_dimension_or_an_attribute)
{
    static const char *const needed[] = {"/day_ahead/lmp", "/settlement/statement/sc",
                                         "/credit/account/status", "objective_usd",
                                         "sum_of_charges_cents"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const struct sample_run s = {.skip = needed[i]};
        struct err err = {0};
        cr_assert_eq(sample_run_write(path, &s, &err), ERR_BUG);
        cr_assert_not_null(strstr(err.msg, needed[i]));
        cr_assert(!exists(path));
        cr_assert(!exists(aside));
    }
    struct run_file *rf = NULL;
    struct err err = {0};
    cr_assert_eq(run_file_create(path, &rf, NULL), ERR_OK);
    cr_assert_eq(run_file_commit(rf, &err), ERR_BUG);
    cr_assert_str_eq(err.msg, "the run file lacks /node");
    run_file_close(rf);
}

Test(run_file, a_stage_that_is_required_may_not_be_forgotten)
{
    struct run_file *rf = NULL;
    struct err err = {0};
    const struct sample_run s = {0};
    cr_assert_eq(run_file_create(path, &rf, NULL), ERR_OK);
    cr_assert_eq(sample_run_fill(rf, &s, NULL), ERR_OK);
    cr_assert_eq(run_file_require(rf, "/nowhere", NULL), ERR_BUG);
    cr_assert_eq(run_file_require(rf, "/dispatch", NULL), ERR_OK);
    cr_assert_eq(run_file_commit(rf, &err), ERR_BUG);
    cr_assert_str_eq(err.msg, "the run file lacks /dispatch/interval");
    run_file_close(rf);
}

Test(run_file, places_that_cannot_be_written_are_refused_before_any_work)
{
    struct run_file *rf = NULL;
    struct err err = {0};
    cr_assert_eq(run_file_create("/nonexistent/folder/run.h5", &rf, &err), ERR_IO);
    cr_assert_str_eq(err.msg, "cannot write /nonexistent/folder/run.h5: "
                              "No such file or directory");
    cr_assert_null(rf);
    cr_assert_eq(run_file_create(folder, &rf, NULL), ERR_IO);
    cr_assert_eq(run_file_create("/dev/null", &rf, NULL), ERR_IO);
    cr_assert_eq(run_file_create("", &rf, NULL), ERR_IO);
    if (geteuid() != 0) {
        cr_assert_eq(chmod(folder, 0500), 0);
        cr_assert_eq(run_file_create(path, &rf, NULL), ERR_IO);
        cr_assert_eq(chmod(folder, 0700), 0);
    }
}

Test(run_file, two_processes_do_not_write_the_same_file)
{
    struct run_file *rf = NULL;
    int status = 0;
    cr_assert_eq(run_file_create(path, &rf, NULL), ERR_OK);
    pid_t child = fork();
    if (child == 0) {
        struct run_file *other = NULL;
        _exit(run_file_create(path, &other, NULL) == ERR_IO ? 0 : 1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    cr_assert(exists(aside), "the loser must not remove the winner's file");
    run_file_close(rf);
}

Test(run_file, a_full_disk_leaves_the_old_file_and_nothing_else)
{
    const struct sample_run small = {0}, large = {.n_node = 5000, .n_interval = 24};
    struct err err = {0};
    size_t before, after;
    cr_assert_eq(sample_run_write(path, &small, NULL), ERR_OK);
    char *old = slurp(path, &before);
    const struct rlimit limit = {100000, 100000};
    (void)signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert_eq(sample_run_write(path, &large, &err), ERR_IO);
    cr_assert_not_null(strstr(err.msg, "File too large"), "%s", err.msg);
    cr_assert(!exists(aside));
    char *new = slurp(path, &after);
    cr_assert_eq(before, after);
    cr_assert_eq(memcmp(old, new, before), 0);
    mem_free(old);
    mem_free(new);
}

static void put_back(const char *name, const char *bytes, size_t n)
{
    FILE *f = fopen(name, "wb");
    cr_assert_not_null(f);
    cr_assert_eq(fwrite(bytes, 1, n, f), n);
    cr_assert_eq(fclose(f), 0);
}

/* A file of 3 nodes is there; a child that writes one of 400 is killed at some moment. */
Test(run_file, a_killed_writer_leaves_the_old_file_or_the_new_one)
{
    const struct sample_run old = {0}, new = {.n_node = 400, .n_interval = 24};
    int n_old = 0, n_new = 0;
    size_t n_byte = 0;
    cr_assert_eq(sample_run_write(path, &old, NULL), ERR_OK);
    char *bytes = slurp(path, &n_byte);
    for (int i = 0; i < 40; i++) {
        struct run_read *rd = NULL;
        size_t n = 0;
        put_back(path, bytes, n_byte);
        pid_t child = fork();
        if (child == 0)
            _exit(sample_run_write(path, &new, NULL) == ERR_OK ? 0 : 1);
        const struct timespec moment = {.tv_nsec = i * 1500000L};
        nanosleep(&moment, NULL);
        cr_assert_eq(kill(child, SIGKILL), 0);
        cr_assert_eq(waitpid(child, NULL, 0), child);
        cr_assert_eq(run_read_open(path, &rd, NULL), ERR_OK);
        cr_assert_eq(run_read_length(rd, "/node", &n, NULL), ERR_OK);
        cr_assert(n == 3 || n == 400);
        n_old += n == 3;
        n_new += n == 400;
        run_read_close(rd);
    }
    mem_free(bytes);
    cr_log_info("%d old, %d new", n_old, n_new);
}

Test(run_file, failed_allocations_are_reported_and_nothing_leaks)
{
    const struct sample_run s = {0};
    enum err_code code = ERR_NOMEM;
    long n = 0;
    /* The first 60 each, then every so many: what is written repeats, table by table. */
    for (; code == ERR_NOMEM; n += 1 + n / 60) {
        struct err err = {0};
        mem_fail_after(n);
        code = sample_run_write(path, &s, &err);
        mem_fail_after(-1);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_eq(err.code, code);
        cr_assert(code == ERR_OK || !exists(path));
        cr_assert(!exists(aside));
    }
    cr_assert_eq(code, ERR_OK);
    cr_assert_gt(n, 10);
}
