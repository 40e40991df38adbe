/* Tests of sim/input/source.c: positions, gzip, refusals. */
#include "sim/input/source.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/mem.h"

/* What `printf 'one\ntwo\n' | gzip -n` wrote. */
static const char packed[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\xcf\x4b\xe5"
                             "\x2a\x29\xcf\xe7\x02\x00\xe6\x0b\xba\x12\x08\x00\x00\x00";
enum {
    PACKED = sizeof packed - 1
};

static enum err_code from_text(const char *text, size_t n, struct err *err)
{
    struct source src;
    *err = (struct err){0};
    enum err_code code = source_from_text("case.m.gz", text, n, &src, err);
    cr_assert(code || (src.text[src.len] == '\0' && strlen(src.text) == src.len));
    cr_assert(!err->at.file || strcmp(err->at.file, "case.m.gz") == 0);
    *err = (struct err){.code = err->code}; /* its file's name ends with the source */
    source_release(&src);
    cr_assert_eq(mem_live(), 0);
    return code;
}

Test(source, gzip_is_expanded_and_positions_are_those_of_the_text)
{
    struct source src, plain;
    cr_assert_eq(source_from_text("a.m", packed, PACKED, &src, NULL), ERR_OK);
    cr_assert_eq(source_from_text("a.m", "one\ntwo\n", 8, &plain, NULL), ERR_OK);
    cr_assert_str_eq(src.text, "one\ntwo\n");
    cr_assert_eq(src.len, 8);
    cr_assert_eq(source_at(&src, 5).line, 2);
    cr_assert_eq(source_at(&src, 5).column, 2);
    cr_assert_eq(source_fingerprint(&src), source_fingerprint(&plain));
    source_release(&src);
    source_release(&plain);
    cr_assert_eq(mem_live(), 0);
}

Test(source, a_gzip_file_is_known_by_its_first_bytes_not_its_name)
{
    char path[] = "/tmp/gridclear-source-XXXXXX";
    struct source src;
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, packed, PACKED) == PACKED && close(fd) == 0);
    cr_assert_eq(source_read(path, &src, NULL), ERR_OK);
    cr_assert_str_eq(src.text, "one\ntwo\n");
    source_release(&src);
    cr_assert(truncate(path, PACKED - 9) == 0);
    struct err err = {0};
    cr_assert_eq(source_read(path, &src, &err), ERR_INPUT);
    cr_assert_str_eq(err.at.file, path);
    cr_assert(strstr(err.msg, "ends early; expected"), "%s", err.msg);
    source_release(&src);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(mem_live(), 0);
}

Test(source, a_pipe_that_nobody_writes_is_refused_at_once, .timeout = 20)
{
    char dir[] = "/tmp/gridclear-source-XXXXXX", path[64];
    struct source src;
    struct err err = {0};
    cr_assert_not_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/pipe", dir);
    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_assert_eq(source_read(path, &src, &err), ERR_INPUT);
    cr_assert_str_eq(err.msg, "not a regular file; expected a readable file");
    source_release(&src);
    cr_assert(unlink(path) == 0 && rmdir(dir) == 0);
}

Test(source, several_gzip_members_are_one_text)
{
    char twice[2 * PACKED];
    struct source src;
    memcpy(twice, packed, PACKED);
    memcpy(twice + PACKED, packed, PACKED);
    cr_assert_eq(source_from_text("a.m", twice, sizeof twice, &src, NULL), ERR_OK);
    cr_assert_str_eq(src.text, "one\ntwo\none\ntwo\n");
    source_release(&src);
}

Test(source, gzip_that_is_cut_short_is_refused_wherever_it_is_cut)
{
    struct err err;
    for (size_t n = 2; n < PACKED; n++)
        cr_assert_eq(from_text(packed, n, &err), ERR_INPUT, "cut to %zu bytes", n);
    cr_assert_eq(from_text(packed, PACKED, &err), ERR_OK);
}

Test(source, damaged_gzip_and_bytes_behind_it_are_refused)
{
    struct err err;
    char spoiled[PACKED + 1];
    memcpy(spoiled, packed, PACKED);
    spoiled[PACKED] = '\n';
    cr_assert_eq(from_text(spoiled, PACKED + 1, &err), ERR_INPUT, "a byte behind it");
    for (size_t i = 10; i < PACKED; i++) { /* behind the header: data, sum, length */
        memcpy(spoiled, packed, PACKED);
        spoiled[i] = (char)(spoiled[i] ^ 0x55);
        cr_assert_eq(from_text(spoiled, PACKED, &err), ERR_INPUT, "byte %zu spoiled",
                     i);
    }
}

Test(source, expansion_stops_at_its_limit)
{
    for (size_t most = 6; most <= 9; most++) {
        struct source src = {0};
        struct err err = {0};
        cr_assert_eq(source_from_text("a.m", "", 0, &src, NULL), ERR_OK);
        mem_free(src.text);
        src.text = mem_alloc(PACKED + 1, 1);
        memcpy(src.text, packed, PACKED);
        src.len = PACKED;
        cr_assert_eq(source_expand(&src, most, &err), most < 8 ? ERR_INPUT : ERR_OK,
                     "at most %zu bytes: %s", most, err.msg);
        cr_assert(most >= 8 || strstr(err.msg, "expected a smaller file"));
        source_release(&src);
    }
    cr_assert_eq(mem_live(), 0);
}

Test(source, a_nul_byte_is_refused_after_a_byte_order_mark_is_skipped)
{
    struct err err = {0};
    struct source src;
    cr_assert_eq(source_from_text("a", "\xEF\xBB\xBFx", 4, &src, &err), ERR_OK);
    cr_assert_str_eq(src.text, "x");
    source_release(&src);
    cr_assert_eq(source_from_text("a", "x\n\0y", 4, &src, &err), ERR_INPUT);
    cr_assert_eq(err.at.line, 2);
    source_release(&src);
}

Test(source, running_out_of_memory_is_handled_everywhere)
{
    enum err_code code = ERR_NOMEM;
    int n;
    for (n = 0; code; n++) {
        struct source src;
        struct err err = {0};
        mem_fail_after(n);
        code = source_from_text("a.m", packed, PACKED, &src, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "allocation %d: %s", n, err.msg);
        source_release(&src);
        cr_assert_eq(mem_live(), 0);
    }
    cr_assert_gt(n, 4);
}
