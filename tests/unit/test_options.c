/* test_options.c - command lines and help from one table. */
#include "sim/app/options.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/mem.h"

struct args {
    const char *input, *output, *name;
    bool json, verbose;
    int shade;
    int64_t count;
    double gap;
};

static const char *const shades[] = {"light", "dark", "none", NULL};

static const struct option table[] = {
    OPTION_ARGUMENT("INPUT", struct args, input, "the file to read"),
    OPTION_PATH('o', "output", "FILE", struct args, output, "write to FILE"),
    OPTION_TEXT('n', "name", "NAME", struct args, name, "call it NAME"),
    OPTION_FLAG('j', "json", struct args, json, "print JSON"),
    OPTION_FLAG('v', "verbose", struct args, verbose,
                "say more than usual, in so many words that the text has to be broken "
                "into several lines to fit"),
    OPTION_ENUM(0, "shade", "SHADE", struct args, shade, shades, "colours"),
    OPTION_INT(0, "count", "N", struct args, count, 1, 1000, "how many"),
    OPTION_DOUBLE(0, "gap", "X", struct args, gap, 0, 1, "how close"),
    OPTION_END,
};

struct parsed {
    struct args args;
    bool help;
    struct err err;
    enum err_code code;
};

/* Parses words, separated by blanks. */
static struct parsed parse_with(const struct option *with, const char *words)
{
    static char text[512];
    char *argv[32];
    int argc = 0;
    struct parsed p = {.args = {.gap = 0.5, .shade = 1}};
    (void)snprintf(text, sizeof text, "%s", words);
    for (char *s = text; *s;) {
        argv[argc++] = s;
        s += strcspn(s, " ");
        if (*s)
            *s++ = '\0';
    }
    p.code = options_parse(with, argc, argv, &p.args, &p.help, &p.err);
    return p;
}

static struct parsed parse(const char *words)
{
    return parse_with(table, words);
}

Test(options, fields_nobody_names_keep_their_defaults)
{
    struct parsed p = parse("case.m");
    cr_assert_eq(p.code, ERR_OK, "%s", p.err.msg);
    cr_assert_str_eq(p.args.input, "case.m");
    cr_assert_null(p.args.output);
    cr_assert_eq(p.args.shade, 1);
    cr_assert_float_eq(p.args.gap, 0.5, 0.0);
}

Test(options, every_way_to_give_a_value_is_understood)
{
    static const char *const ways[] = {
        "in -o out",       "in -oout",           "-o out in", "in --output out",
        "in --output=out", "-o first in -o out", "-jo out in"};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct parsed p = parse(ways[i]);
        cr_assert_eq(p.code, ERR_OK, "%s: %s", ways[i], p.err.msg);
        cr_assert_str_eq(p.args.output, "out");
        cr_assert_str_eq(p.args.input, "in");
    }
}

Test(options, flags_combine)
{
    struct parsed p = parse("-jv in");
    cr_assert_eq(p.code, ERR_OK);
    cr_assert(p.args.json && p.args.verbose);
}

Test(options, two_dashes_end_the_options_and_one_is_an_argument)
{
    cr_assert_str_eq(parse("-- --json").args.input, "--json");
    cr_assert_str_eq(parse("-").args.input, "-");
}

Test(options, typed_values_are_read)
{
    struct parsed p = parse("in --shade=none --count 7 --gap 1e-3");
    cr_assert_eq(p.code, ERR_OK, "%s", p.err.msg);
    cr_assert_eq(p.args.shade, 2);
    cr_assert_eq(p.args.count, 7);
    cr_assert_float_eq(p.args.gap, 1e-3, 1e-18);
}

Test(options, an_empty_text_is_a_value_and_an_empty_path_is_not)
{
    cr_assert_str_eq(parse("in --name=").args.name, "");
    cr_assert_eq(parse("in --output=").code, ERR_USAGE);
}

Test(options, mistakes_are_named_with_what_was_expected)
{
    static const struct {
        const char *words, *says;
    } bad[] = {
        {"", "INPUT is missing"},
        {"a b", "one argument too many: 'b'"},
        {"a --outptu x", "did you mean '--output'?"},
        {"a --qqqqqqqqq", "unknown option '--qqqqqqqqq'"},
        {"a -x", "unknown option '-x'"},
        {"a -jx", "unknown option '-x'"},
        {"a -o", "--output: a value is missing; expected FILE"},
        {"a --json=yes", "--json: takes no value"},
        {"a --shade drak", "did you mean 'dark'?"},
        {"a --shade blue", "one of light, dark, none"},
        {"a --count 0", "whole number from 1 to 1000"},
        {"a --count 1.5", "whole number"},
        {"a --count 99999999999999999999", "whole number"},
        {"a --gap abc", "expected a number from 0 to 1"},
        {"a --gap 2", "expected a number from 0 to 1"},
        {"a --gap nan", "expected a number from 0 to 1"},
        {"a --gap inf", "expected a number from 0 to 1"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct parsed p = parse(bad[i].words);
        cr_assert_eq(p.code, ERR_USAGE, "%s was taken", bad[i].words);
        cr_assert_not_null(strstr(p.err.msg, bad[i].says), "%s: %s", bad[i].words,
                           p.err.msg);
    }
}

Test(options, a_required_option_must_be_there)
{
    static const struct option needs[] = {
        OPTION_PATH_REQUIRED(0, "name", "NAME", struct args, name, "whose it is"),
        OPTION_PATH_REQUIRED('o', "output", "FILE", struct args, output, "where to"),
        OPTION_END,
    };
    struct parsed p = parse_with(needs, "-o x");
    cr_assert_eq(p.code, ERR_USAGE);
    cr_assert_str_eq(p.err.msg, "--name NAME is missing: whose it is");
    cr_assert_eq(parse_with(needs, "-o x --name y").code, ERR_OK);
}

Test(options, help_wins_over_mistakes_but_not_inside_a_value)
{
    cr_assert(parse("a b c --help").help);
    cr_assert(parse("-h").help);
    cr_assert_not(parse("a --name --help").help);
    cr_assert_str_eq(parse("a --name --help").args.name, "--help");
    cr_assert_not(parse("-- --help").help);
}

/* What a printing function printed. */
static void printed(void (*print)(const struct option *, FILE *), char *text,
                    size_t size)
{
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    print(table, f);
    rewind(f);
    text[fread(text, 1, size - 1, f)] = '\0';
    (void)fclose(f);
}

Test(options, help_fits_eighty_columns_and_names_everything)
{
    char text[4096];
    printed(options_print_help, text, sizeof text);
    for (const struct option *o = table; o->kind; o++)
        cr_assert_not_null(strstr(text, o->name), "%s", o->name);
    cr_assert_not_null(strstr(text, "light, dark or none"));
    cr_assert_not_null(strstr(text, "-h, --help"));
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        cr_assert_leq(strcspn(line, "\n"), 80);
    printed(options_print_usage, text, sizeof text);
    cr_assert_str_eq(text, " INPUT [options]");
}

Test(options, the_last_argument_may_be_a_list)
{
    struct list_args {
        const char *first;
        struct option_list more;
        bool loud;
    } a = {.first = NULL};
    static const struct option list_table[] = {
        OPTION_ARGUMENT("FIRST", struct list_args, first, "one"),
        OPTION_MORE("OTHER", struct list_args, more, "others"),
        OPTION_FLAG(0, "loud", struct list_args, loud, "say more"),
        OPTION_END,
    };
    char one[] = "a", two[] = "b", flag[] = "--loud", three[] = "c", empty[] = "";
    char *argv[] = {one, two, flag, three}, *none[] = {one, empty};
    char text[200];
    struct err err = {0};
    bool help;
    cr_assert_eq(options_parse(list_table, 4, argv, &a, &help, &err), ERR_OK);
    cr_assert_str_eq(a.first, "a");
    cr_assert_eq(a.more.n, 2);
    cr_assert_str_eq(a.more.item[0], "b");
    cr_assert_str_eq(a.more.item[1], "c");
    cr_assert(a.loud);
    cr_assert_eq(options_parse(list_table, 2, none, &a, &help, &err), ERR_USAGE);
    FILE *f = fmemopen(text, sizeof text, "w");
    options_print_usage(list_table, f);
    fclose(f);
    cr_assert_str_eq(text, " FIRST [OTHER ...] [options]");
}

Test(options, parsing_allocates_nothing)
{
    (void)parse("a -o b --shade=none --outptu");
    cr_assert_eq(mem_live(), 0);
}
