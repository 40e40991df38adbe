/* options.c - command lines and help from one table. */
#include "sim/app/options.h"

#include <math.h>
#include <string.h>

#include "sim/base/number.h"
#include "sim/input/nearest.h"

enum {
    WIDTH = 80,
    HELP_COLUMN = 26,
    WORD_MAX = 40
};

const struct option options_help_row = {
    .kind = OPTION_KIND_FLAG, .letter = 'h', .name = "help", .help = "print this help"};

/* ---- parsing ----------------------------------------------------------------------- */

struct parse {
    const struct option *table;
    int argc, next;
    char **argv;
    char *args;
    uint64_t seen; /* bit per row of the table */
    struct err *err;
};

static void *field(const struct parse *p, const struct option *o)
{
    return p->args + o->offset;
}

static const struct option *by_letter(const struct parse *p, char letter)
{
    for (const struct option *o = p->table; o->kind; o++)
        if (o->letter == letter)
            return o;
    return NULL;
}

static const struct option *by_name(const struct parse *p, const char *name, size_t len)
{
    for (const struct option *o = p->table; o->kind; o++)
        if (!option_is_argument(o) && strlen(o->name) == len &&
            memcmp(o->name, name, len) == 0)
            return o;
    return NULL;
}

const char *options_nearest(const char *word, const char *const *words)
{
    size_t n = 0;
    while (words[n])
        n++;
    return nearest_word(word, strlen(word), words, n, sizeof *words);
}

static enum err_code unknown_name(const struct parse *p, const char *name, size_t len)
{
    const char *names[66] = {options_help_row.name};
    int n = 1;
    for (const struct option *o = p->table; o->kind && n < 65; o++)
        if (!option_is_argument(o))
            names[n++] = o->name;
    char word[WORD_MAX + 2];
    (void)snprintf(word, sizeof word, "%.*s", (int)(len < WORD_MAX ? len : WORD_MAX),
                   name);
    const char *near = options_nearest(word, names);
    if (near)
        return err_set(p->err, ERR_USAGE, "unknown option '--%s'; did you mean '--%s'?",
                       word, near);
    return err_set(p->err, ERR_USAGE, "unknown option '--%s'", word);
}

static enum err_code set_enum(const struct parse *p, const struct option *o,
                              const char *text)
{
    char list[160] = "";
    for (int i = 0; o->words[i]; i++) {
        if (strcmp(text, o->words[i]) == 0) {
            *(int *)field(p, o) = i;
            return ERR_OK;
        }
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
                       o->words[i]);
    }
    const char *near = options_nearest(text, o->words);
    if (near)
        return err_set(p->err, ERR_USAGE,
                       "--%s: unknown word '%.40s'; did you mean '%s'? (one of %s)",
                       o->name, text, near, list);
    return err_set(p->err, ERR_USAGE, "--%s: unknown word '%.40s'; expected one of %s",
                   o->name, text, list);
}

static enum err_code set_number(const struct parse *p, const struct option *o,
                                const char *text)
{
    int64_t whole = 0;
    double number = 0;
    bool is_int = o->kind == OPTION_KIND_INT;
    bool ok = is_int ? number_parse_int(text, strlen(text), &whole)
                     : number_parse(text, strlen(text), &number);
    if (is_int)
        number = (double)whole;
    if (!ok || !isfinite(number) || number < o->min || number > o->max)
        return err_set(p->err, ERR_USAGE,
                       "--%s: '%.40s' will not do; expected a %s from %.15g to %.15g",
                       o->name, text, is_int ? "whole number" : "number", o->min,
                       o->max);
    if (is_int)
        *(int64_t *)field(p, o) = whole;
    else
        *(double *)field(p, o) = number;
    return ERR_OK;
}

static enum err_code add_to_list(const struct parse *p, const struct option *o,
                                 const char *text)
{
    struct option_list *list = field(p, o);
    if (!*text)
        return err_set(p->err, ERR_USAGE, "%s: the name of a file is empty", o->name);
    if (list->n == OPTION_LIST_MAX)
        return err_set(p->err, ERR_USAGE, "%s: more than %d of them", o->name,
                       OPTION_LIST_MAX);
    list->item[list->n++] = text;
    return ERR_OK;
}

static enum err_code set_value(const struct parse *p, const struct option *o,
                               const char *text)
{
    switch (o->kind) {
    case OPTION_KIND_ENUM:
        return set_enum(p, o, text);
    case OPTION_KIND_INT:
    case OPTION_KIND_DOUBLE:
        return set_number(p, o, text);
    case OPTION_KIND_FLAG:
        *(bool *)field(p, o) = true;
        return ERR_OK;
    case OPTION_KIND_ARGUMENT:
    case OPTION_KIND_TEXT:
    case OPTION_KIND_PATH:
        if (o->kind != OPTION_KIND_TEXT && !*text)
            return err_set(p->err, ERR_USAGE, "%s%s: the name of a file is empty",
                           o->kind == OPTION_KIND_PATH ? "--" : "", o->name);
        *(const char **)field(p, o) = text;
        return ERR_OK;
    case OPTION_KIND_MORE:
        return add_to_list(p, o, text);
    case OPTION_KIND_END:
        break;
    }
    return err_set(p->err, ERR_BUG, "an option of kind %d", (int)o->kind);
}

static enum err_code set_and_note(struct parse *p, const struct option *o,
                                  const char *text)
{
    p->seen |= UINT64_C(1) << (o - p->table);
    return set_value(p, o, text);
}

/* The next word as the value of o. */
static enum err_code take_value(struct parse *p, const struct option *o)
{
    if (p->next >= p->argc)
        return err_set(p->err, ERR_USAGE, "--%s: a value is missing; expected %s",
                       o->name, o->value);
    return set_and_note(p, o, p->argv[p->next++]);
}

/* word: what follows the two dashes. */
static enum err_code take_long(struct parse *p, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    const struct option *o = by_name(p, word, len);
    if (!o)
        return unknown_name(p, word, len);
    if (o->kind != OPTION_KIND_FLAG)
        return equals ? set_and_note(p, o, equals + 1) : take_value(p, o);
    if (equals)
        return err_set(p->err, ERR_USAGE, "--%s: takes no value, but '%.40s' was given",
                       o->name, equals + 1);
    return set_and_note(p, o, "");
}

/* letters: what follows the dash. */
static enum err_code take_letters(struct parse *p, const char *letters)
{
    for (; *letters; letters++) {
        const struct option *o = by_letter(p, *letters);
        if (!o)
            return err_set(p->err, ERR_USAGE, "unknown option '-%c'", *letters);
        if (o->kind != OPTION_KIND_FLAG)
            return letters[1] ? set_and_note(p, o, letters + 1) : take_value(p, o);
        enum err_code code = set_and_note(p, o, "");
        if (code)
            return code;
    }
    return ERR_OK;
}

static enum err_code take_argument(struct parse *p, const char *word)
{
    for (const struct option *o = p->table; o->kind; o++)
        if (o->kind == OPTION_KIND_ARGUMENT &&
            !(p->seen & UINT64_C(1) << (o - p->table)))
            return set_and_note(p, o, word);
    for (const struct option *o = p->table; o->kind; o++)
        if (o->kind == OPTION_KIND_MORE)
            return set_and_note(p, o, word);
    return err_set(p->err, ERR_USAGE, "one argument too many: '%.80s'", word);
}

static enum err_code check_complete(const struct parse *p)
{
    for (const struct option *o = p->table; o->kind; o++) {
        if (!o->required || p->seen & UINT64_C(1) << (o - p->table))
            continue;
        if (o->kind == OPTION_KIND_ARGUMENT)
            return err_set(p->err, ERR_USAGE, "%s is missing: %s", o->name, o->help);
        return err_set(p->err, ERR_USAGE, "--%s %s is missing: %s", o->name, o->value,
                       o->help);
    }
    return ERR_OK;
}

static bool asks_for_help(const struct option *table, int argc, char **argv)
{
    const struct parse p = {.table = table};
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0)
            return true;
        /* The word after an option that takes a value is not an option. */
        const struct option *o = NULL;
        if (strncmp(argv[i], "--", 2) == 0)
            o = by_name(&p, argv[i] + 2, strlen(argv[i] + 2));
        else if (argv[i][0] == '-' && argv[i][1] && !argv[i][2])
            o = by_letter(&p, argv[i][1]);
        if (o && o->kind != OPTION_KIND_FLAG)
            i++;
    }
    return false;
}

enum err_code options_parse(const struct option *table, int argc, char **argv,
                            void *args, bool *wants_help, struct err *err)
{
    struct parse p = {
        .table = table, .argc = argc, .argv = argv, .args = args, .err = err};
    *wants_help = asks_for_help(table, argc, argv);
    if (*wants_help)
        return ERR_OK;
    bool only_arguments = false;
    while (p.next < argc) {
        const char *word = argv[p.next++];
        enum err_code code;
        if (only_arguments || word[0] != '-' || !word[1]) {
            code = take_argument(&p, word);
        } else if (strcmp(word, "--") == 0) {
            only_arguments = true;
            code = ERR_OK;
        } else if (word[1] == '-') {
            code = take_long(&p, word + 2);
        } else {
            code = take_letters(&p, word + 1);
        }
        if (code)
            return code;
    }
    return check_complete(&p);
}

/* ---- help -------------------------------------------------------------------------- */

void options_print_wrapped(const char *text, int indent, FILE *out)
{
    int column = indent;
    bool first = true;
    while (*text) {
        int len = (int)strcspn(text, " ");
        if (!first && column + 1 + len > WIDTH) {
            (void)fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (!first) {
            (void)fputc(' ', out);
            column++;
        }
        (void)fprintf(out, "%.*s", len, text);
        column += len;
        first = false;
        text += len;
        text += strspn(text, " ");
    }
    (void)fputc('\n', out);
}

void options_describe(const struct option *o, char text[OPTION_TEXT_SIZE])
{
    (void)snprintf(text, OPTION_TEXT_SIZE, "%s", o->help);
    for (int i = 0; o->kind == OPTION_KIND_ENUM && o->words[i]; i++) {
        size_t used = strlen(text);
        (void)snprintf(text + used, OPTION_TEXT_SIZE - used, "%s%s",
                       i == 0 ? ": " : (o->words[i + 1] ? ", " : " or "), o->words[i]);
    }
}

static void print_row(const struct option *o, FILE *out)
{
    char left[80], right[OPTION_TEXT_SIZE];
    if (option_is_argument(o))
        (void)snprintf(left, sizeof left, "  %s", o->name);
    else
        (void)snprintf(left, sizeof left, "  %c%c%c --%s%s%s", o->letter ? '-' : ' ',
                       o->letter ? o->letter : ' ', o->letter ? ',' : ' ', o->name,
                       o->value ? " " : "", o->value ? o->value : "");
    options_describe(o, right);
    if (strlen(left) >= HELP_COLUMN)
        (void)fprintf(out, "%s\n%*s", left, HELP_COLUMN, "");
    else
        (void)fprintf(out, "%-*s", HELP_COLUMN, left);
    options_print_wrapped(right, HELP_COLUMN, out);
}

void options_print_help(const struct option *table, FILE *out)
{
    for (const struct option *o = table; o->kind; o++)
        if (option_is_argument(o))
            print_row(o, out);
    for (const struct option *o = table; o->kind; o++)
        if (!option_is_argument(o))
            print_row(o, out);
    print_row(&options_help_row, out);
}

void options_print_usage(const struct option *table, FILE *out)
{
    bool has_more = false;
    for (const struct option *o = table; o->kind; o++) {
        if (o->kind == OPTION_KIND_ARGUMENT)
            (void)fprintf(out, " %s", o->name);
        else if (o->kind == OPTION_KIND_MORE)
            (void)fprintf(out, " [%s ...]", o->name);
        else if (o->required)
            (void)fprintf(out, " --%s %s", o->name, o->value);
        else
            has_more = true;
    }
    if (has_more)
        (void)fprintf(out, " [options]");
}
