/* test_yaml_tree.c - YAML text as a tree with positions. */
#include "sim/input/yaml_tree.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"

static struct yaml_value *read(const char *text, struct source *src,
                               struct arena *arena, struct err_list *faults)
{
    struct yaml_value *root;
    struct err err = {0};
    cr_assert_eq(source_from_text("s.yaml", text, strlen(text), src, &err), ERR_OK);
    cr_assert_eq(yaml_tree_read(src, arena, &root, faults, &err), ERR_OK);
    return root;
}

static void expect_fault(const char *text, uint32_t line, uint32_t column,
                         const char *msg)
{
    struct source src;
    struct arena arena = {0};
    struct err_list faults = {0};
    (void)read(text, &src, &arena, &faults);
    cr_assert_geq(faults.total, 1, "%s", text);
    cr_assert_str_eq(faults.item[0].msg, msg);
    cr_assert_eq(faults.item[0].at.line, line, "%s: line %u", msg,
                 faults.item[0].at.line);
    cr_assert_eq(faults.item[0].at.column, column, "%s: column %u", msg,
                 faults.item[0].at.column);
    err_list_release(&faults);
    arena_release(&arena);
    source_release(&src);
    cr_assert_eq(mem_live(), 0);
}

Test(yaml_tree, maps_lists_and_texts_have_their_places)
{
    struct source src;
    struct arena arena = {0};
    struct err_list faults = {0};
    const struct yaml_value *root =
        read("a: 1\nb:\n  - x\n  - \"y z\"\nc: {d: , e: ''}\n", &src, &arena, &faults);
    cr_assert_eq(faults.total, 0);
    const struct yaml_value *a = root->child, *b = a->next, *c = b->next;
    cr_assert_str_eq(a->key, "a");
    cr_assert_str_eq(a->text, "1");
    cr_assert(a->plain);
    cr_assert_eq(b->kind, YAML_LIST);
    cr_assert_str_eq(b->child->next->text, "y z");
    cr_assert_not(b->child->next->plain);
    cr_assert_eq(source_at(&src, b->child->next->at).line, 4);
    cr_assert_eq(source_at(&src, b->child->next->at).column, 5);
    cr_assert_eq(c->kind, YAML_MAP);
    cr_assert(c->child->plain && c->child->len == 0);
    cr_assert_not(c->child->next->plain);
    cr_assert_eq(source_at(&src, c->child->next->key_at).column, 10);
    cr_assert_null(c->next);
    arena_release(&arena);
    source_release(&src);
}

Test(yaml_tree, what_a_settings_file_does_not_need_is_refused)
{
    expect_fault("a: &x 1\n", 1, 4,
                 "an anchor; expected a value written out where it is used");
    expect_fault("a: *x\n", 1, 4,
                 "an alias; expected a value written out where it is used");
    expect_fault("a: !t 1\n", 1, 4, "a tag; expected a plain value");
    expect_fault("a: !t [1]\n", 1, 4, "a tag; expected a plain value");
    expect_fault("&x {a: 1}\n", 1, 1,
                 "an anchor; expected a value written out where it is used");
    expect_fault("[a, b]: c\n", 1, 1, "a map or list as a key; expected a word");
    expect_fault("a: [[[[[[1]]]]]]\n", 1, 9, "too many levels; expected at most 6");
    expect_fault("a: 1\n---\nb: 2\n", 2, 1, "a second document; expected one");
    expect_fault("a: \"\\0\"\n", 1, 4, "a NUL character; expected text");
}

Test(yaml_tree, bad_syntax_is_told_where_it_is)
{
    expect_fault("a: b: c\n", 1, 5,
                 "mapping values are not allowed in this context; expected valid YAML");
    expect_fault("a: [1\nb: 2\n", 2, 2,
                 "did not find expected ',' or ']' while parsing a flow sequence; "
                 "expected valid YAML");
    expect_fault(
        "a: \"x\n", 2, 1,
        "found unexpected end of stream while scanning a quoted scalar; expected "
        "valid YAML");
    expect_fault("a:\n\tb: 1\n", 2, 1, "a tab; expected spaces");
    expect_fault("a:\n  b: 1\n \tc: 2\n", 3, 2, "a tab; expected spaces");
    expect_fault("a: \xff\n", 1, 4, "invalid leading UTF-8 octet; expected valid YAML");
}

Test(yaml_tree, a_huge_file_is_refused)
{
    struct source src;
    struct arena arena = {0};
    struct err_list faults = {0};
    struct err err = {0};
    struct yaml_value *root;
    size_t n = YAML_BYTES_MAX + 1;
    char *text = malloc(n);
    memset(text, '#', n);
    cr_assert_eq(source_from_text("s.yaml", text, n, &src, &err), ERR_OK);
    cr_assert_eq(yaml_tree_read(&src, &arena, &root, &faults, &err), ERR_OK);
    cr_assert_null(root);
    cr_assert_eq(faults.total, 1);
    err_list_release(&faults);
    source_release(&src);
    free(text);
}
