/*
 * fuzz_commit.c - any text as JSON, and as an instance of unit commitment.
 *
 * Property: no crash; a refusal has faults, each with one line of text and a position
 * inside the file; a tree that is accepted spans exactly its values, each of them inside
 * the file; an instance that is accepted keeps the promises of commit_case_check.h.
 */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/commit_file.h"
#include "sim/input/json_tree.h"
#include "tests/fuzz/must.h"
#include "tests/support/commit_case_check.h"

static void check_tree(const struct source *src)
{
    struct json_tree t;
    struct err err = {0};
    enum err_code code = json_tree_read(src, &t, &err);
    must(code == ERR_OK || code == ERR_INPUT);
    if (code) {
        (void)must_be_inside(src, err.at);
        return;
    }
    must(t.n >= 1 && t.value[0].span == t.n);
    for (uint32_t i = 0; i < t.n; i++) {
        const struct json_value *v = &t.value[i];
        uint32_t members = 0;
        must(v->at < src->len && v->span >= 1 && i + v->span <= t.n);
        must(v->kind != JSON_NUMBER || isfinite(v->as.number));
        if (v->kind == JSON_ARRAY || v->kind == JSON_OBJECT) {
            for
                JSON_EACH(member, v)
            members++;
            must(members == v->n);
        } else {
            must(v->span == 1);
        }
    }
    json_tree_release(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source src = {0};
    struct commit_case c = {0};
    struct err_list faults = {0};
    struct err err = {0};
    if (source_from_text("fuzz.json", (const char *)data, size, &src, &err) == ERR_OK) {
        check_tree(&src);
        enum err_code code = commit_file_read(&src, &c, &faults, &err);
        must_be_told(&src, code, &faults);
        if (!code)
            must(!commit_case_broken(&c));
    }
    commit_case_release(&c);
    err_list_release(&faults);
    source_release(&src);
    must(mem_live() == 0);
    return 0;
}
