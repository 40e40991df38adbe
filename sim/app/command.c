/* command.c - from the words of the command line to a command and its exit status. */
#include "sim/app/command.h"

#include <errno.h>
#include <string.h>

#include "results/cell_text.h"
#include "sim/app/completion.h"
#include "sim/app/manual.h"
#include "sim/app/version.h"
#include "sim/base/mem.h"

enum {
    MAX_COMMANDS = 32
};

/* ---- what is said on standard error ------------------------------------------------ */

static void print_err(const struct err *err, FILE *out)
{
    if (err->at.file && err->at.line && err->at.column)
        (void)fprintf(out, "%s:%u:%u: %s\n", err->at.file, err->at.line, err->at.column,
                      err->msg);
    else if (err->at.file && err->at.line)
        (void)fprintf(out, "%s:%u: %s\n", err->at.file, err->at.line, err->msg);
    else if (err->at.file)
        (void)fprintf(out, "%s: %s\n", err->at.file, err->msg);
    else
        (void)fprintf(out, "gridclear: %s\n", err->msg);
}

static void print_err_json(const struct err *err, FILE *out)
{
    (void)fputs("{\"error\":", out);
    cell_write_json(out, err->msg);
    if (err->at.file) {
        (void)fputs(",\"file\":", out);
        cell_write_json(out, err->at.file);
    }
    if (err->at.file && err->at.line)
        (void)fprintf(out, ",\"line\":%u", err->at.line);
    if (err->at.file && err->at.line && err->at.column)
        (void)fprintf(out, ",\"column\":%u", err->at.column);
    (void)fputs("}\n", out);
}

void diagnostics_print(const struct diagnostics *diag, enum err_code code, FILE *out)
{
    void (*print)(const struct err *, FILE *) = diag->json ? print_err_json : print_err;
    struct err other = {.code = code};
    for (size_t i = 0; i < diag->faults.n; i++)
        print(&diag->faults.item[i], out);
    if (diag->faults.total > diag->faults.n) {
        (void)snprintf(other.msg, sizeof other.msg, "and %zu more faults",
                       diag->faults.total - diag->faults.n);
        print(&other, out);
    }
    if (diag->err.code) {
        print(&diag->err, out);
    } else if (code && code != ERR_NO && !diag->faults.total) {
        (void)snprintf(other.msg, sizeof other.msg, "%s", err_meaning(code));
        print(&other, out);
    }
}

void diagnostics_keep_names(struct diagnostics *diag)
{
    const char *from = NULL, *copy = NULL;
    for (size_t i = 0; i <= diag->faults.n; i++) {
        struct src_pos *at =
            i < diag->faults.n ? &diag->faults.item[i].at : &diag->err.at;
        if (!at->file)
            continue;
        if (at->file != from) { /* faults are sorted: one copy per file */
            from = at->file;
            copy = arena_copy_text(&diag->names, from, strlen(from));
        }
        at->file = copy;
    }
}

/* Two lines: what is wrong, and where help is. command may be NULL. */
static enum err_code usage_error(const struct command *command, const char *what)
{
    const char *space = command ? " " : "", *name = command ? command->name : "";
    (void)fprintf(stderr, "gridclear%s%s: %s\n", space, name, what);
    (void)fprintf(stderr, "try 'gridclear%s%s --help'\n", space, name);
    return ERR_USAGE;
}

/* ---- help -------------------------------------------------------------------------- */

static void print_statuses(FILE *out)
{
    char text[640] = "";
    size_t used = 0;
#define ONE_STATUS(code, status, meaning)                             \
 used += (size_t)snprintf(text + used, sizeof text - used, "%s%d %s", \
                          used ? "; " : "", status, meaning);
    ERR_MAP(ONE_STATUS)
#undef ONE_STATUS
    (void)fprintf(out, "\nexit status:\n  ");
    options_print_wrapped(text, 2, out);
}

static void print_help(const struct command *command)
{
    (void)printf("gridclear %s - ", command->name);
    options_print_wrapped(command->purpose, 13 + (int)strlen(command->name), stdout);
    (void)printf("\nusage: gridclear %s", command->name);
    options_print_usage(command->options, stdout);
    (void)printf("\n\n");
    options_print_help(command->options, stdout);
    for (const char *text = command->details; text && *text;) {
        char paragraph[1024];
        size_t len = strcspn(text, "\n");
        (void)snprintf(paragraph, sizeof paragraph, "%.*s", (int)len, text);
        (void)printf("\n");
        options_print_wrapped(paragraph, 0, stdout);
        text += len + (text[len] == '\n');
    }
    (void)printf("\nexample:\n  gridclear %s\n", command->example);
    print_statuses(stdout);
}

static void print_overview(void)
{
    (void)printf("gridclear - clear and settle a nodal electricity market\n\n"
                 "usage: gridclear COMMAND [options]\n\n");
    for (const struct command *const *c = command_table; *c; c++) {
        (void)printf("  %-12s", (*c)->name);
        options_print_wrapped((*c)->purpose, 14, stdout);
    }
    (void)printf("  %-12sprint this list, or the help of a command\n", "help");
    (void)printf("  %-12sprint the versions of the program and its libraries\n",
                 "--version");
    (void)printf("\nexample:\n  gridclear run scenarios/duck-curve -o duck-curve.h5\n");
    print_statuses(stdout);
}

/* ---- finding and running ----------------------------------------------------------- */

static const struct command *find(const char *name)
{
    for (const struct command *const *c = command_table; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

static enum err_code unknown_command(const char *name)
{
    const char *names[MAX_COMMANDS + 2] = {"help"};
    int n = 1;
    for (const struct command *const *c = command_table; *c && n <= MAX_COMMANDS; c++)
        names[n++] = (*c)->name;
    const char *near = options_nearest(name, names);
    char text[200];
    (void)snprintf(text, sizeof text, "unknown %s '%.60s'%s%s%s",
                   name[0] == '-' ? "option" : "command", name,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return usage_error(NULL, text);
}

static enum err_code run_parsed(const struct command *command, const void *args)
{
    struct diagnostics diag = {0};
    enum err_code code = command->run(args, &diag);
    if (!code && diag.faults.total)
        code = ERR_INPUT;
    err_list_sort(&diag.faults);
    diagnostics_print(&diag, code, stderr);
    err_list_release(&diag.faults);
    arena_release(&diag.names);
    return code;
}

static enum err_code run_command(const struct command *command, int argc, char **argv)
{
    struct err err = {0};
    bool wants_help = false;
    enum err_code code;

    void *args = mem_alloc(1, command->args_size);
    if (!args) {
        (void)fprintf(stderr, "gridclear: %s\n", err_meaning(ERR_NOMEM));
        return ERR_NOMEM;
    }
    if (command->defaults)
        memcpy(args, command->defaults, command->args_size);
    code = options_parse(command->options, argc, argv, args, &wants_help, &err);
    if (code)
        code = usage_error(command, err.msg);
    else if (wants_help)
        print_help(command);
    else
        code = run_parsed(command, args);
    mem_free(args);
    return code;
}

/* For packagers: make install asks for every page of the list. */
static enum err_code run_manual(const char *page)
{
    if (!page) {
        manual_list(stdout);
        return ERR_OK;
    }
    if (manual_print(page, stdout))
        return ERR_OK;
    char text[200];
    (void)snprintf(text, sizeof text,
                   "there is no page '%.60s'; 'gridclear help --man' lists them", page);
    return usage_error(NULL, text);
}

static enum err_code run_completion(const char *shell)
{
    if (shell && completion_print(shell, stdout))
        return ERR_OK;
    return usage_error(NULL, "help --completion: expected bash, zsh or fish");
}

static enum err_code run_help(int argc, char **argv)
{
    if (argc == 0 || strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0 ||
        strcmp(argv[0], "help") == 0) {
        print_overview();
        return ERR_OK;
    }
    if (strcmp(argv[0], "--man") == 0)
        return run_manual(argc > 1 ? argv[1] : NULL);
    if (strcmp(argv[0], "--completion") == 0)
        return run_completion(argc > 1 ? argv[1] : NULL);
    const struct command *command = find(argv[0]);
    if (!command)
        return unknown_command(argv[0]);
    print_help(command);
    return ERR_OK;
}

static enum err_code run_words(int argc, char **argv)
{
    if (argc < 2)
        return usage_error(NULL, "a command is missing");
    if (strcmp(argv[1], "help") == 0)
        return run_help(argc - 2, argv + 2);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return run_help(0, NULL);
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
        version_print(stdout);
        return ERR_OK;
    }
    const struct command *command = find(argv[1]);
    if (!command)
        return unknown_command(argv[1]);
    return run_command(command, argc - 2, argv + 2);
}

int command_main(int argc, char **argv)
{
    enum err_code code = run_words(argc, argv);
    /* Only here is it known that what was printed has arrived. */
    bool lost = ferror(stdout) != 0;
    errno = 0;
    if (fclose(stdout) != 0)
        lost = true;
    if (lost && code != ERR_IO) { /* else it has been said */
        (void)fprintf(stderr, "gridclear: cannot write to standard output: %s\n",
                      errno ? strerror(errno) : "some of it was lost");
        if (!code || code == ERR_NO)
            code = ERR_IO;
    }
    return err_exit_status(code);
}
