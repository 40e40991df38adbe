/* test_json_tree.c - JSON as a tree, its faults and their positions. */
#include "sim/input/json_tree.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"

/* A value and all within it, written back in the plainest form. */
static size_t dump(const struct json_value *v, char *out, size_t size)
{
    size_t n = 0;
    if (v->key)
        n += (size_t)snprintf(out, size, "%.*s=", (int)v->key_len, v->key);
    switch (v->kind) {
    case JSON_NULL:
        return n + (size_t)snprintf(out + n, size - n, "null");
    case JSON_FLAG:
        return n + (size_t)snprintf(out + n, size - n, v->as.flag ? "yes" : "no");
    case JSON_NUMBER:
        return n + (size_t)snprintf(out + n, size - n, "%.17g", v->as.number);
    case JSON_TEXT:
        return n + (size_t)snprintf(out + n, size - n, "<%.*s>", (int)v->n, v->as.text);
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    n += (size_t)snprintf(out + n, size - n, v->kind == JSON_ARRAY ? "[" : "{");
    uint32_t members = 0;
    for
        JSON_EACH(member, v)
        {
            n += dump(member, out + n, size - n);
            n += (size_t)snprintf(out + n, size - n, " ");
            members++;
        }
    cr_assert_eq(members, v->n);
    return n + (size_t)snprintf(out + n, size - n, v->kind == JSON_ARRAY ? "]" : "}");
}

static void expect_tree(const char *text, const char *expected)
{
    struct source src;
    struct json_tree t;
    struct err err = {0};
    char got[2000];
    cr_assert_eq(source_from_text("f.json", text, strlen(text), &src, &err), ERR_OK);
    cr_assert_eq(json_tree_read(&src, &t, &err), ERR_OK, "%s: %s", text, err.msg);
    cr_assert_eq(t.value[0].span, t.n);
    (void)dump(t.value, got, sizeof got);
    cr_assert_str_eq(got, expected);
    json_tree_release(&t);
    source_release(&src);
    cr_assert_eq(mem_live(), 0);
}

/* expected: "line:column: message" */
static void expect_fault(const char *text, const char *expected)
{
    struct source src;
    struct json_tree t;
    struct err err = {0};
    char got[400];
    cr_assert_eq(source_from_text("f.json", text, strlen(text), &src, &err), ERR_OK);
    cr_assert_eq(json_tree_read(&src, &t, &err), ERR_INPUT, "accepted: %s", text);
    (void)snprintf(got, sizeof got, "%u:%u: %s", (unsigned)err.at.line,
                   (unsigned)err.at.column, err.msg);
    cr_assert_str_eq(got, expected);
    cr_assert_null(t.value);
    source_release(&src);
    cr_assert_eq(mem_live(), 0);
}

Test(json_tree, values_of_every_kind)
{
    expect_tree("{\"a\": [1, -2.5e3, 0, 0.125, 1E+2], \"b\": {}, \"c\": [],\n"
                " \"d\": \"x y\", \"e\": true, \"f\": false, \"g\": null}",
                "{a=[1 -2500 0 0.125 100 ] b={} c=[] d=<x y> e=yes f=no g=null }");
    expect_tree(" 12 ", "12");
    expect_tree("[[[]], {\"\": [{}]}]", "[[[] ] {=[{} ] } ]");
}

Test(json_tree, numbers_are_the_nearest_doubles)
{
    expect_tree(
        "[0.1, 123456789012345678901234567890, 1e-400, 1.7976931348623157e308]",
        "[0.10000000000000001 1.2345678901234568e+29 0 1.7976931348623157e+308 ]");
}

Test(json_tree, escapes_are_what_they_stand_for)
{
    expect_tree("[\"a\\\"b\\\\c\\/d\", \"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\", "
                "{\"k\\u0031\": \"\\n\"}]",
                "[<a\"b\\c/d> <A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80> {k1=<\n> } ]");
}

Test(json_tree, positions_are_those_of_the_values)
{
    const char *text = "{\"a\": 1,\n  \"bc\": [true,\n 7]}";
    struct source src;
    struct json_tree t;
    struct err err = {0};
    cr_assert_eq(source_from_text("f.json", text, strlen(text), &src, &err), ERR_OK);
    cr_assert_eq(json_tree_read(&src, &t, &err), ERR_OK);
    struct src_pos seven = source_at(&src, t.value[4].at);
    struct src_pos key = source_at(&src, t.value[2].key_at);
    cr_assert_eq(t.n, 5u);
    cr_assert_eq(seven.line, 3u);
    cr_assert_eq(seven.column, 2u);
    cr_assert_eq(key.line, 2u);
    cr_assert_eq(key.column, 3u);
    json_tree_release(&t);
    source_release(&src);
}

Test(json_tree, what_is_not_json_is_refused_where_it_stands)
{
    expect_fault("", "1:1: the end of the file; expected a value");
    expect_fault("{\"a\": [1, 2", "1:12: the end of the file; expected ',' or ']'");
    expect_fault("{\"a\": 1", "1:8: the end of the file; expected ',' or '}'");
    expect_fault("{\"a\"", "1:5: the end of the file; expected ':' after a key");
    expect_fault("{\"a\": 1,}", "1:9: '}'; expected a key in double quotes");
    expect_fault("{'a': 1}", "1:2: ''a''; expected a key in double quotes");
    expect_fault("[1,\n 2,]", "2:4: ']'; expected a value");
    expect_fault("[1 2]", "1:4: '2'; expected ',' or ']'");
    expect_fault("[1}", "1:3: '}'; expected ',' or ']'");
    expect_fault("[1] x", "1:5: 'x' after the end of the value; expected nothing");
    expect_fault("[tru]", "1:2: 'tru'; expected a value");
    expect_fault("[truer]", "1:2: 'truer'; expected a value");
    expect_fault("// no\n[]", "1:1: '//'; expected a value");
}

Test(json_tree, numbers_that_are_not_of_json_are_refused)
{
    const char *is_not = "is not a number of JSON; expected such as -1.5e3";
    static const char *const wrong[] = {"01",    "1.",  "-",   "1e",  "0x10",
                                        "1.5.2", "-.5", "1e+", "--1", "1_000"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[40], expected[120];
        (void)snprintf(text, sizeof text, "[%s]", wrong[i]);
        (void)snprintf(expected, sizeof expected, "1:2: '%s' %s", wrong[i], is_not);
        expect_fault(text, expected);
    }
    expect_fault("[+1]", "1:2: '+1'; expected a value");
    expect_fault("[.5]", "1:2: '.5'; expected a value");
    expect_fault("[1e999]", "1:2: '1e999' is too large; expected at most 1.8e308");
    expect_fault("[NaN]",
                 "1:2: 'NaN' is not a number of JSON; expected a finite number");
    expect_fault("[-Infinity]",
                 "1:2: '-Infinity' is not a number of JSON; expected a finite number");
}

Test(json_tree, a_number_of_a_thousand_digits_is_refused)
{
    char text[1100];
    memset(text, '1', sizeof text);
    text[0] = '[';
    memcpy(text + 1001, "]", 2);
    expect_fault(text, "1:2: a number of 1000 bytes; expected at most 511");
}

Test(json_tree, texts_that_are_not_utf8_or_do_not_end_are_refused)
{
    const char *escape =
        "a wrong escape in a text; expected one of \\\" \\\\ \\/ \\b \\f "
        "\\n \\r \\t \\uXXXX";
    static const char *const wrong[] = {"\\x",     "\\u12",   "\\u0000",
                                        "\\udc00", "\\ud800", "\\ud800\\u0041"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[40], expected[160];
        (void)snprintf(text, sizeof text, "[\"a%s\"]", wrong[i]);
        (void)snprintf(expected, sizeof expected, "1:4: %s", escape);
        expect_fault(text, expected);
    }
    expect_fault("[\"abc]", "1:2: a text that does not end; expected '\"'");
    expect_fault("[\"abc\\", "1:2: a text that does not end; expected '\"'");
    expect_fault("[\"a\nb\"]", "1:4: a control character in a text; expected \\u000a");
    static const char *const bytes[] = {"\xFF",     "\xC0\x80",         "\xED\xA0\x80",
                                        "\xE2\x82", "\xF4\x90\x80\x80", "\x80"};
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        char text[40];
        (void)snprintf(text, sizeof text, "[\"a%s\"]", bytes[i]);
        expect_fault(text, "1:4: a byte that is not UTF-8; expected UTF-8 text");
    }
}

Test(json_tree, a_key_twice_is_refused_in_small_and_large_objects)
{
    char text[4000];
    size_t n = 0;
    expect_fault("{\"a\": 1, \"b\": 2,\n\"a\": 3}",
                 "2:1: key 'a' a second time; expected it once in an object");
    expect_tree("{\"a\": {\"a\": 1}, \"b\": {\"a\": 1}}", "{a={a=1 } b={a=1 } }");
    for (int i = 0; i < 100; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s\"k%d\": 1", i ? "," : "{",
                              i);
    (void)snprintf(text + n, sizeof text - n, "\n, \"k5\\u0037\": 1}");
    expect_fault(text, "2:3: key 'k57' a second time; expected it once in an object");
}

Test(json_tree, depth_is_bounded)
{
    char text[2 * JSON_DEPTH_MAX + 3];
    memset(text, '[', JSON_DEPTH_MAX);
    memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    text[2 * JSON_DEPTH_MAX] = '\0';
    char expected[3 * JSON_DEPTH_MAX];
    memset(expected, '[', JSON_DEPTH_MAX);
    for (int i = 0; i < JSON_DEPTH_MAX - 1; i++)
        memcpy(expected + JSON_DEPTH_MAX + 2 * i, "] ", 2);
    memcpy(expected + 3 * JSON_DEPTH_MAX - 2, "]", 2);
    expect_tree(text, expected);
    memset(text, '[', JSON_DEPTH_MAX + 1);
    expect_fault(text, "1:65: nested too deeply; expected at most 64 levels");
}

Test(json_tree, every_allocation_may_fail)
{
    const char *text = "{\"a\\n\": [1, 2, 3], \"b\": {\"0\":0,\"1\":0,\"2\":0,\"3\":0,"
                       "\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"10\":0,"
                       "\"11\":0,\"12\":0,\"13\":0,\"14\":0,\"15\":0,\"16\":0}}";
    struct source src;
    struct json_tree t;
    cr_assert_eq(source_from_text("f.json", text, strlen(text), &src, NULL), ERR_OK);
    long before = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct err err = {0};
        mem_fail_after(n);
        code = json_tree_read(&src, &t, &err);
        mem_fail_after(-1);
        if (code == ERR_NOMEM)
            cr_assert_eq(mem_live(), before, "leak after %ld allocations", n);
        cr_assert_lt(n, 100);
    }
    cr_assert_eq(code, ERR_OK);
    json_tree_release(&t);
    source_release(&src);
}
