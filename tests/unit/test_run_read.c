/* test_run_read.c - round trip, and files that are not what they should be. */
#include "results/run_read.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results/seal.h"
#include "sim/base/mem.h"
#include "tests/support/sample_run.h"

static char path[64];

static void make_path(void)
{
    snprintf(path, sizeof path, "/tmp/gridclear_read_XXXXXX");
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
}

static void remove_path(void)
{
    (void)unlink(path);
}

TestSuite(run_read, .init = make_path, .fini = remove_path);

static struct run_read *open_sample(const struct sample_run *s)
{
    struct run_read *rd = NULL;
    struct err err = {0};
    cr_assert_eq(sample_run_write(path, s, &err), ERR_OK, "%s", err.msg);
    cr_assert_eq(run_read_open(path, &rd, &err), ERR_OK, "%s", err.msg);
    return rd;
}

static char *load(size_t *n)
{
    FILE *f = fopen(path, "rb");
    cr_assert_eq(fseek(f, 0, SEEK_END), 0);
    *n = (size_t)ftell(f);
    rewind(f);
    char *bytes = mem_alloc(*n, 1);
    cr_assert_eq(fread(bytes, 1, *n, f), *n);
    fclose(f);
    return bytes;
}

static void check_prices(const struct run_read *rd, size_t n_interval, size_t n_node)
{
    size_t n = n_interval * n_node;
    double *lmp = MEM_ARRAY(double, n);
    cr_assert_eq(run_read_f64(rd, "/day_ahead/lmp", lmp, n, NULL), ERR_OK);
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(lmp[i], 10.0 * (double)(i / n_node) + (double)(i % n_node) + 0.25);
    mem_free(lmp);
}

Test(run_read, what_was_written_is_read)
{
    const struct sample_run s = {0};
    struct run_read *rd = open_sample(&s);
    struct arena arena = {0};
    const char *label[3], *text = NULL, *name = NULL;
    int64_t time[2], cents[2], sum = 1;
    double stored[4], objective = 0, setting = 0;
    int32_t date[2];
    uint8_t status[2];
    size_t n = 0;
    check_prices(rd, 2, 3);
    cr_assert_eq(run_read_text(rd, "/node", &arena, label, 3, NULL), ERR_OK);
    cr_assert_str_eq(label[2], "N3");
    cr_assert_eq(run_read_i64(rd, "/day_ahead/interval", time, 2, NULL), ERR_OK);
    cr_assert_eq(time[1], 29603940 + 60);
    cr_assert_eq(run_read_i64(rd, "/settlement/statement/amount_cents", cents, 2, NULL),
                 ERR_OK);
    cr_assert_eq(cents[0], -1);
    cr_assert_eq(run_read_f64(rd, "/day_ahead/energy", stored, 4, NULL), ERR_OK);
    cr_assert(isnan(stored[0]) && !isnan(stored[1]));
    cr_assert_eq(run_read_i32(rd, "/day_ahead/trade_date", date, 2, NULL), ERR_OK);
    cr_assert_eq(date[0], 20558);
    cr_assert_eq(run_read_u8(rd, "/credit/account/status", status, 2, NULL), ERR_OK);
    cr_assert_eq(run_read_length(rd, "/settlement/statement/line", &n, NULL), ERR_OK);
    cr_assert_eq(n, 2);
    cr_assert_eq(run_read_meta_f64(rd, "objective_usd", &objective, NULL), ERR_OK);
    cr_assert_eq(objective, 0.5);
    cr_assert_eq(run_read_meta_i64(rd, "sum_of_charges_cents", &sum, NULL), ERR_OK);
    cr_assert_eq(sum, 0);
    cr_assert_eq(run_read_meta_text(rd, "scenario", &arena, &text, NULL), ERR_OK);
    cr_assert_str_eq(text, "sample");
    cr_assert_eq(run_read_setting(rd, 0, &arena, &name, &setting, NULL), ERR_OK);
    cr_assert_str_eq(name, "energy_bid_cap");
    cr_assert_eq(setting, 1000);
    cr_assert_eq(run_read_setting(rd, 1, &arena, &name, &setting, NULL), ERR_OK);
    cr_assert_null(name);
    cr_assert(run_read_has_stage(rd, "/settlement"));
    cr_assert(!run_read_has_stage(rd, "/dispatch"));
    run_read_close(rd);
    arena_release(&arena);
    cr_assert_eq(mem_live(), 0);
}

Test(run_read, large_arrays_come_back_whether_deflated_or_not)
{
    const struct sample_run s = {.n_node = 5000, .n_interval = 25};
    struct run_read *rd = open_sample(&s);
    size_t n = (size_t)25 * 5000;
    double *zero = MEM_ARRAY(double, n);
    check_prices(rd, 25, 5000);
    cr_assert_eq(run_read_f64(rd, "/day_ahead/lmp_loss", zero, n, NULL), ERR_OK);
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(zero[i], 0);
    mem_free(zero);
    run_read_close(rd);
}

Test(run_read, empty_dimensions_are_read)
{
    const struct sample_run s = {.empty_lists = true};
    struct run_read *rd = open_sample(&s);
    size_t n = 1;
    double none;
    cr_assert_eq(run_read_length(rd, "/virtual", &n, NULL), ERR_OK);
    cr_assert_eq(n, 0);
    cr_assert_eq(run_read_count(rd, "/day_ahead/shadow_price", &n, NULL), ERR_OK);
    cr_assert_eq(n, 0);
    cr_assert_eq(run_read_f64(rd, "/day_ahead/shadow_price", &none, 0, NULL), ERR_OK);
    cr_assert_eq(run_read_text(rd, "/settlement/statement/sc", NULL, NULL, 0, NULL),
                 ERR_OK);
    run_read_close(rd);
}

Test(run_read, a_caller_who_expects_another_shape_is_told)
{
    const struct sample_run s = {0};
    struct run_read *rd = open_sample(&s);
    double price[7];
    struct err err = {0};
    cr_assert_eq(run_read_f64(rd, "/day_ahead/lmp", price, 7, &err), ERR_INPUT);
    cr_assert_not_null(strstr(err.msg, "/day_ahead/lmp holds 6 values; expected 7"));
    cr_assert_eq(run_read_f64(rd, "/dispatch/lmp", price, 6, NULL), ERR_INPUT);
    cr_assert_eq(run_read_f64(rd, "/nonsense", price, 6, NULL), ERR_BUG);
    cr_assert_eq(run_read_i64(rd, "/day_ahead/lmp", NULL, 6, NULL), ERR_BUG);
    run_read_close(rd);
}

Test(run_read, files_that_are_no_run_files_are_refused)
{
    struct run_read *rd = NULL;
    struct err err = {0};
    cr_assert_eq(run_read_open("/nonexistent/run.h5", &rd, &err), ERR_IO);
    cr_assert_str_eq(err.msg, "cannot read /nonexistent/run.h5: No such file or "
                              "directory");
    cr_assert_eq(run_read_open("/tmp", &rd, NULL), ERR_IO);
    cr_assert_eq(run_read_open("/dev/zero", &rd, NULL), ERR_IO);
    cr_assert_eq(run_read_open(path, &rd, NULL), ERR_INPUT, "an empty file");
    cr_assert_eq(run_read_open("/etc/passwd", &rd, NULL), ERR_INPUT);
    cr_assert_null(rd);
}

Test(run_read, damage_anywhere_in_the_file_is_found)
{
    const struct sample_run s = {.empty_lists = true};
    struct run_read *rd = NULL;
    size_t n = 0, content;
    run_read_close(open_sample(&s));
    char *bytes = load(&n);
    for (size_t i = 0; i < n; i += i < 4096 || i + 512 > n ? 1 : 61) {
        bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
        cr_assert(!seal_check(bytes, n, &content), "byte %zu", i);
        cr_assert_eq(run_read_open_image(bytes, n, "x", &rd, NULL), ERR_INPUT);
        bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
    }
    for (size_t i = 0; i < n; i += 97)
        cr_assert_eq(run_read_open_image(bytes, i, "x", &rd, NULL), ERR_INPUT);
    cr_assert_eq(run_read_open_image(bytes, n, "x", &rd, NULL), ERR_OK);
    run_read_close(rd);
    mem_free(bytes);
    cr_assert_eq(mem_live(), 0);
}

Test(run_read, failed_allocations_are_reported_and_nothing_leaks)
{
    const struct sample_run s = {0};
    enum err_code code = ERR_NOMEM;
    run_read_close(open_sample(&s));
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct run_read *rd = NULL;
        struct arena arena = {0};
        void *out = NULL;
        size_t count = 0;
        mem_fail_after(n);
        code = run_read_open(path, &rd, NULL);
        if (!code)
            code = run_read_table(rd, "/settlement/statement/sc", &arena, &out, &count,
                                  NULL);
        mem_fail_after(-1);
        run_read_close(rd);
        arena_release(&arena);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
    }
    cr_assert_eq(code, ERR_OK);
}
