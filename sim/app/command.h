/*
 * command.h - the sub-commands of gridclear and what they have in common.
 *
 * A command is one file, cmd_<name>.c, that defines one constant:
 *
 *     static enum err_code statement(const void *args, struct diagnostics *diag)
 *     {
 *         const struct statement_args *a = args;
 *         ...
 *     }
 *
 *     const struct command cmd_statement = {
 *         .name = "statement",
 *         .purpose = "print the statement of one scheduling coordinator",
 *         .options = statement_options,
 *         .args_size = sizeof(struct statement_args),
 *         .example = "statement run.h5 --sc SC1",
 *         .run = statement,
 *     };
 *
 * and is listed in commands.c; parsing, help, messages and the exit status follow from
 * that. Data goes to stdout with printf; the command need not check each call, because
 * closing stdout is checked once at the end (a full disk there is exit status 5).
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_COMMAND_H
#define SIM_APP_COMMAND_H

#include <stddef.h>

#include "sim/app/options.h"
#include "sim/base/arena.h"
#include "sim/base/err.h"

/* What a command has to say on standard error when it is over. {0} is silence. */
struct diagnostics {
    struct err err;         /* why it stopped */
    struct err_list faults; /* of the input; released by the caller */
    struct arena names;     /* see diagnostics_keep_names; released by the caller */
    bool json;              /* print it as JSON objects, one per line */
};

struct command {
    const char *name;
    const char *purpose; /* one line that starts with a verb, no full stop */
    const char *details; /* more paragraphs of help, separated by '\n', or NULL */
    const struct option *options;
    size_t args_size;     /* of the struct that options fills */
    const void *defaults; /* [args_size] its start values; NULL = zeroes */
    const char *example;  /* what to type after "gridclear" */
    /*
     * ERR_OK, ERR_NO, or an error that diag describes. The exit status is
     * err_exit_status() of it. Faults alone (ERR_OK returned, diag->faults filled) count
     * as ERR_INPUT, so no fault can go unnoticed.
     */
    enum err_code (*run)(const void *args, struct diagnostics *diag);
};

/* Every command in the order of the help; ends with NULL. */
extern const struct command *const command_table[];

/*
 * The program: argv[0] is its name, argv[1] the command. Prints to stdout and stderr,
 * closes stdout, returns the exit status.
 */
int command_main(int argc, char **argv);

/*
 * Copies the file names of all positions, so that what they borrowed them from may be
 * released. Without memory for a name its position is dropped.
 */
void diagnostics_keep_names(struct diagnostics *diag);

/* Prints "file:line:column: text" per fault and for the error, as far as known; with .json
 * {"error": text, "file": ..., "line": ..., "column": ...}. */
void diagnostics_print(const struct diagnostics *diag, enum err_code code, FILE *out);

#endif
