/*
 * damage_commit.c - whatever happens to a value of an instance of unit commitment, the file
 * is refused with positions inside it, or keeps every promise to the solver.
 *
 * The instances are those that fuzzing starts from, one of each format.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/commit_file.h"
#include "sim/input/json_tree.h"
#include "tests/support/commit_case_check.h"

#define CORPUS "tests/fuzz/corpus/fuzz_commit/"

static long n_refused, n_accepted;

static bool is_inside(const struct source *src, struct src_pos at)
{
    const char *p = src->text;
    for (uint32_t line = 1; p && line < at.line; line++) {
        p = strchr(p, '\n');
        p = p ? p + 1 : NULL;
    }
    return p && at.file == src->path && at.line >= 1 && at.column >= 1 &&
           at.column <= strcspn(p, "\n") + 1;
}

static void read_damaged(const char *text, size_t len)
{
    struct source src;
    struct commit_case c;
    struct err_list faults = {0};
    struct err err = {0};
    cr_assert_eq(source_from_text("f.json", text, len, &src, &err), ERR_OK);
    enum err_code code = commit_file_read(&src, &c, &faults, &err);
    cr_assert(code == ERR_OK || code == ERR_INPUT);
    cr_assert_eq(code == ERR_INPUT, faults.total > 0);
    for (size_t i = 0; i < faults.n; i++)
        cr_assert(is_inside(&src, faults.item[i].at), "%s: %s", text,
                  faults.item[i].msg);
    if (!code) {
        const char *broken = commit_case_broken(&c);
        cr_assert_null(broken, "%s: %s", text, broken);
        commit_case_release(&c);
    }
    n_refused += code == ERR_INPUT;
    n_accepted += code == ERR_OK;
    err_list_release(&faults);
    source_release(&src);
}

/* text with [at, at + n) replaced. */
static void replace(const struct source *src, size_t at, size_t n, const char *instead)
{
    size_t len = src->len - n + strlen(instead);
    char *text = malloc(len + 1);
    cr_assert_not_null(text);
    memcpy(text, src->text, at);
    memcpy(text + at, instead, strlen(instead));
    memcpy(text + at + strlen(instead), src->text + at + n, src->len - at - n + 1);
    read_damaged(text, len);
    free(text);
}

/* Bytes of a value: up to the comma or bracket behind it, at its own depth. */
static size_t extent(const char *p)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0;; i++) {
        if (p[i] == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (depth == 0 && i > 0 && (p[i] == ',' || p[i] == ']' || p[i] == '}'))
            return i;
        depth += p[i] == '[' || p[i] == '{';
        depth -= p[i] == ']' || p[i] == '}';
        if (!p[i])
            return i;
    }
}

static void damage_all(const char *path)
{
    static const char *const instead[] = {"null",     "-1",  "0",      "1e300",
                                          "\"text\"", "[]",  "{}",     "true",
                                          "NaN",      "0.5", "[1, 2]", ""};
    struct source src;
    struct json_tree t;
    struct err err = {0};
    n_refused = n_accepted = 0;
    cr_assert_eq(source_read(path, &src, &err), ERR_OK, "%s", err.msg);
    read_damaged(src.text, src.len);
    cr_assert_eq(n_accepted, 1, "%s", path);
    cr_assert_eq(json_tree_read(&src, &t, &err), ERR_OK, "%s", err.msg);
    for (uint32_t i = 1; i < t.n; i++)
        for (size_t k = 0; k < sizeof instead / sizeof *instead; k++)
            replace(&src, t.value[i].at, extent(src.text + t.value[i].at), instead[k]);
    for (uint32_t i = 1; i < t.n; i++)
        if (t.value[i].key)
            replace(&src, t.value[i].key_at + 1, 1, "?");
    for (size_t len = 0; len < src.len; len += 7)
        read_damaged(src.text, len);
    printf("%s: %ld refused, %ld accepted\n", path, n_refused, n_accepted);
    cr_assert_gt(n_refused, n_accepted);
    json_tree_release(&t);
    source_release(&src);
    cr_assert_eq(mem_live(), 0);
}

Test(damage_commit, every_value_of_pglib_uc_spoiled)
{
    damage_all(CORPUS "pglib_uc.json");
}

Test(damage_commit, every_value_of_unitcommitment_jl_spoiled)
{
    damage_all(CORPUS "ucjl.json");
}

Test(damage_commit, every_value_of_unitcommitment_jl_with_storage_spoiled)
{
    damage_all(CORPUS "ucjl_store.json");
}

Test(damage_commit, every_value_of_egret_spoiled)
{
    damage_all(CORPUS "egret.json");
}

Test(damage_commit, every_value_of_egret_with_services_spoiled)
{
    damage_all(CORPUS "egret_services.json");
}
