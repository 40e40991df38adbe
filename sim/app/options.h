/*
 * options.h - one table per command: it parses the command line and prints the help.
 *
 * A command describes its arguments as a struct and a table of where each option goes:
 *
 *     struct run_args {
 *         const char *scenario, *output;
 *         bool json;
 *         int progress; // an enum option: position of the word in its list
 *     };
 *     static const struct option run_options[] = {
 *         OPTION_ARGUMENT("SCENARIO", struct run_args, scenario, "folder of a scenario"),
 *         OPTION_PATH('o', "output", "FILE", struct run_args, output, "write FILE (HDF5)"),
 *         OPTION_FLAG(0, "json", struct run_args, json, "print one JSON object"),
 *         OPTION_ENUM(0, "progress", "WHEN", struct run_args, progress, progress_words,
 *                     "show progress"),
 *         OPTION_END,
 *     };
 *
 * Accepted: --name VALUE, --name=VALUE, -o VALUE, -oVALUE, combined flags (-vj), "--" to
 * end the options; options and arguments in any order. Of an option given twice the last
 * one counts. A field that no option names keeps the value it had (its default). Texts
 * borrow argv. -h and --help belong to every command.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_OPTIONS_H
#define SIM_APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/base/err.h"

enum option_kind {
    OPTION_KIND_END,
    OPTION_KIND_ARGUMENT, /* const char *, by position; all of them are required */
    OPTION_KIND_MORE,     /* struct option_list, all arguments after those; optional */
    OPTION_KIND_FLAG,     /* bool */
    OPTION_KIND_TEXT,     /* const char * */
    OPTION_KIND_PATH,     /* const char *, a file or folder; not empty */
    OPTION_KIND_ENUM,     /* int, position in words */
    OPTION_KIND_INT,      /* int64_t within [min, max] */
    OPTION_KIND_DOUBLE,   /* double within [min, max], finite */
};

enum {
    OPTION_LIST_MAX = 16
};

struct option_list {
    int n;
    const char *item[OPTION_LIST_MAX]; /* [n] borrowed from argv */
};

struct option {
    enum option_kind kind;
    char letter;       /* 0 = none */
    bool required;     /* see OPTION_REQUIRED */
    const char *name;  /* without the dashes; of an argument: its name in capitals */
    const char *value; /* what the value is called in the help, NULL for a flag */
    const char *const *words; /* OPTION_KIND_ENUM: ends with NULL; of an argument or a
                                 text: what completion offers, or NULL */
    double min, max;
    size_t offset; /* of the field in the command's struct */
    const char *help;
};

/* The offset of a field; a compiler warning if the field is not of that type. */
#define OPTION_AT(args, field, type) \
 (offsetof(args, field) + 0 * sizeof((type *)0 == &((args *)0)->field))

// clang-format off
#define OPTION_ARGUMENT(name_, args, field, help_)                                       \
    { .kind = OPTION_KIND_ARGUMENT, .name = (name_), .required = true,                   \
      .offset = OPTION_AT(args, field, const char *), .help = (help_) }
/* An argument for which completion offers words; any other is passed on, too. */
#define OPTION_ARGUMENT_OF(name_, args, field, words_, help_)                            \
    { .kind = OPTION_KIND_ARGUMENT, .name = (name_), .required = true,                   \
      .offset = OPTION_AT(args, field, const char *), .words = (words_),                 \
      .help = (help_) }
#define OPTION_MORE(name_, args, field, help_)                                           \
    { .kind = OPTION_KIND_MORE, .name = (name_),                                         \
      .offset = OPTION_AT(args, field, struct option_list), .help = (help_) }
#define OPTION_FLAG(letter_, name_, args, field, help_)                                  \
    { .kind = OPTION_KIND_FLAG, .letter = (letter_), .name = (name_),                    \
      .offset = OPTION_AT(args, field, bool), .help = (help_) }
#define OPTION_TEXT(letter_, name_, value_, args, field, help_)                          \
    { .kind = OPTION_KIND_TEXT, .letter = (letter_), .name = (name_), .value = (value_), \
      .offset = OPTION_AT(args, field, const char *), .help = (help_) }
#define OPTION_PATH(letter_, name_, value_, args, field, help_)                          \
    { .kind = OPTION_KIND_PATH, .letter = (letter_), .name = (name_), .value = (value_), \
      .offset = OPTION_AT(args, field, const char *), .help = (help_) }
#define OPTION_ENUM(letter_, name_, value_, args, field, words_, help_)                  \
    { .kind = OPTION_KIND_ENUM, .letter = (letter_), .name = (name_), .value = (value_), \
      .offset = OPTION_AT(args, field, int), .words = (words_), .help = (help_) }
#define OPTION_INT(letter_, name_, value_, args, field, min_, max_, help_)               \
    { .kind = OPTION_KIND_INT, .letter = (letter_), .name = (name_), .value = (value_),  \
      .offset = OPTION_AT(args, field, int64_t), .min = (min_), .max = (max_),           \
      .help = (help_) }
#define OPTION_DOUBLE(letter_, name_, value_, args, field, min_, max_, help_)            \
    { .kind = OPTION_KIND_DOUBLE, .letter = (letter_), .name = (name_),                  \
      .value = (value_), .offset = OPTION_AT(args, field, double), .min = (min_),        \
      .max = (max_), .help = (help_) }
/* As OPTION_PATH and OPTION_INT, but the command line must have it. */
#define OPTION_PATH_REQUIRED(letter_, name_, value_, args, field, help_)                 \
    { .kind = OPTION_KIND_PATH, .letter = (letter_), .name = (name_), .value = (value_), \
      .offset = OPTION_AT(args, field, const char *), .required = true,                  \
      .help = (help_) }
#define OPTION_INT_REQUIRED(letter_, name_, value_, args, field, min_, max_, help_)      \
    { .kind = OPTION_KIND_INT, .letter = (letter_), .name = (name_), .value = (value_),  \
      .offset = OPTION_AT(args, field, int64_t), .required = true, .min = (min_),        \
      .max = (max_), .help = (help_) }
#define OPTION_END { .kind = OPTION_KIND_END }
// clang-format on

/*
 * Reads argv[0..argc) (without program and command) into *args. ERR_USAGE with one line
 * in err that names the option, the value and what was expected. *wants_help is set, and
 * nothing else checked, when -h or --help is there.
 */
MUST_CHECK enum err_code options_parse(const struct option *table, int argc,
                                       char **argv, void *args, bool *wants_help,
                                       struct err *err);

enum {
    OPTION_TEXT_SIZE = 480 /* no description is longer */
};

/* The row of --help, which every command has. */
extern const struct option options_help_row;
/* What an option is for, with the words of an OPTION_KIND_ENUM. */
void options_describe(const struct option *o, char text[OPTION_TEXT_SIZE]);

/*
 * Prints the arguments and options of the table, two aligned columns, at most 80 wide,
 * and the words that follow the command's name in a usage line.
 */
void options_print_help(const struct option *table, FILE *out);
void options_print_usage(const struct option *table, FILE *out);

/* Prints text broken into lines of at most 80 bytes; lines after the first start at column
 * indent (0-based), where the first is taken to stand already. */
void options_print_wrapped(const char *text, int indent, FILE *out);

/* The most similar of the words (ends with NULL), or NULL when none is similar. */
const char *options_nearest(const char *word, const char *const *words);

/* Whether it stands by its place and not by a name. */
static inline bool option_is_argument(const struct option *o)
{
    return o->kind == OPTION_KIND_ARGUMENT || o->kind == OPTION_KIND_MORE;
}

#endif
