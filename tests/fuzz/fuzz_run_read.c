/*
 * fuzz_run_read.c - any bytes as a run file.
 *
 * Odd inputs are edits of a good file: pairs of a place and a byte. Property: no crash;
 * whatever differs from a file this program wrote is refused as bad input, and what is
 * accepted can be read to the end.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results/export.h"
#include "results/run_file.h"
#include "results/run_read.h"
#include "sim/base/mem.h"
#include "tests/fuzz/must.h"

static uint8_t good[1 << 20];
static size_t n_good;

/* A run file of empty dimensions. */
static enum err_code write_good(const char *path, struct err *err)
{
    size_t n;
    struct run_file *rf = NULL;
    const struct table *t = schema_tables(&n);
    enum err_code code = run_file_create(path, &rf, err);
    for (int scales = 1; scales >= 0; scales--)
        for (size_t i = 0; i < n && !code; i++) {
            if ((t[i].role != TABLE_VARIABLE) != (scales == 1))
                continue;
            if (t[i].role == TABLE_VARIABLE)
                code = run_file_put(rf, t[i].path, t[i].type, good, 8, 0, err);
            else if (t[i].role == TABLE_LABELS)
                code = run_file_set_labels(rf, t[i].path, NULL, 0, err);
            else if (t[i].role == TABLE_COORDINATE)
                code = run_file_set_coordinates(rf, t[i].path, NULL, 0, err);
            else
                code = run_file_set_size(rf, t[i].path, 0, err);
        }
    const struct meta_attr *m = schema_meta(&n);
    for (size_t i = 0; i < n && !code; i++) {
        if (!m[i].required)
            continue;
        if (m[i].type == TABLE_F64)
            code = run_file_meta_f64(rf, m[i].name, 0, err);
        else if (m[i].type == TABLE_I64)
            code = run_file_meta_i64(rf, m[i].name, 0, err);
        else
            code = run_file_meta_text(rf, m[i].name, "fuzz", err);
    }
    if (!code)
        code = run_file_commit(rf, err);
    run_file_close(rf);
    return code;
}

static void prepare(void)
{
    char path[] = "/tmp/gridclear_fuzz_XXXXXX";
    struct err err = {0};
    int fd = mkstemp(path);
    must(fd >= 0 && close(fd) == 0);
    must(write_good(path, &err) == ERR_OK);
    FILE *f = fopen(path, "rb");
    must(f != NULL);
    n_good = fread(good, 1, sizeof good, f);
    must(n_good > 0 && n_good < sizeof good);
    fclose(f);
    (void)unlink(path);
}

static void read_to_the_end(const struct run_read *rd)
{
    size_t n;
    struct arena arena = {0};
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n; i++) {
        void *out = NULL;
        size_t count;
        if (t[i].role == TABLE_SIZE)
            continue;
        must(run_read_table(rd, t[i].path, &arena, &out, &count, NULL) == ERR_OK);
        must(count == 0);
    }
    arena_release(&arena);
}

/* Only the file as it was written is accepted, so that it is opened and read once: that takes
 * a thousand times as long as a refusal. */
static void check(const uint8_t *bytes, size_t n, bool is_good)
{
    static bool was_read;
    struct run_read *rd = NULL;
    if (is_good && was_read)
        return;
    was_read = was_read || is_good;
    struct err err = {0};
    enum err_code code = run_read_open_image(bytes, n, "fuzz", &rd, &err);
    must(code == (is_good ? ERR_OK : ERR_INPUT) && err.code == code);
    if (rd)
        read_to_the_end(rd);
    run_read_close(rd);
    must(mem_live() == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t edited[sizeof good];
    if (n_good == 0)
        prepare();
    if (size == 0 || data[0] % 2 == 0) {
        bool same = size == n_good && memcmp(data, good, size) == 0;
        check(data, size, same);
        return 0;
    }
    memcpy(edited, good, n_good);
    size_t n = n_good - data[0] / 2 % 32; /* some are cut short */
    for (size_t i = 1; i + 4 <= size; i += 4) {
        size_t place = (size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2];
        edited[place % n_good] = data[i + 3];
    }
    check(edited, n, n == n_good && memcmp(edited, good, n_good) == 0);
    return 0;
}
