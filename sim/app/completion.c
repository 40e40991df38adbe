/* completion.c - completion scripts from the option tables. */
#include "sim/app/completion.h"

#include <string.h>

#include "results/export.h"
#include "results/feed.h"
#include "sim/app/command.h"

/* What stands where an option's value or an argument is expected. */
enum kind {
    KIND_ANYTHING, /* numbers, dates, names of participants: nothing to offer */
    KIND_FILE,
    KIND_RUN,    /* files *.h5 */
    KIND_FOLDER, /* folders */
    KIND_TABLE,  /* what export takes */
    KIND_WORDS,
};

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static enum kind kind_of(const struct option *o)
{
    const char *name = option_is_argument(o) ? o->name : o->value;
    if (o->words)
        return KIND_WORDS;
    if (is(name, "TABLE"))
        return KIND_TABLE;
    if (name && strstr(name, ".h5"))
        return KIND_RUN;
    if (is(name, "SCENARIO") || is(name, "SOURCE") || is(name, "FOLDER"))
        return KIND_FOLDER;
    if (option_is_argument(o) || o->kind == OPTION_KIND_PATH)
        return KIND_FILE;
    return KIND_ANYTHING;
}

/* Short names, then reports. */
static void put_tables(const char *between, FILE *out)
{
    const char *before = "";
    for (size_t i = 0; export_name(i); i++, before = between)
        (void)fprintf(out, "%s%s", before, export_name(i));
    (void)fprintf(out, "%sall", between);
    for (int style = 0; style < FEED_STYLES; style++) {
        size_t n;
        const struct feed_report *r = feed_reports((enum feed_style)style, &n);
        for (size_t i = 0; i < n; i++)
            (void)fprintf(out, "%s%s", between, r[i].name);
    }
}

static void put_words(const struct option *o, const char *between, FILE *out)
{
    if (kind_of(o) == KIND_TABLE)
        put_tables(between, out);
    for (int i = 0; o->words && o->words[i]; i++)
        (void)fprintf(out, "%s%s", i ? between : "", o->words[i]);
}

/* Text within single quotes of a shell, on one line. escaped: characters that get a
 * backslash besides. */
static void put_quoted(const char *text, const char *escaped, FILE *out)
{
    for (; *text; text++) {
        if (*text == '\'')
            (void)fputs("'\\''", out);
        else if (strchr(escaped, *text))
            (void)fprintf(out, "\\%c", *text);
        else
            (void)fputc(*text, out);
    }
}

/* ---- bash ---- */

static void bash_what(const struct option *o, FILE *out)
{
    static const char *const words[] = {"any", "file", "run", "folder"};
    enum kind kind = kind_of(o);
    if (kind <= KIND_FOLDER) {
        (void)fputs(words[kind], out);
        return;
    }
    (void)fputs("words ", out);
    put_words(o, " ", out);
}

static void bash_kinds(const struct command *c, FILE *out)
{
    int place = 0;
    for (const struct option *o = c->options; o->kind; o++) {
        if (o->kind == OPTION_KIND_FLAG)
            continue;
        (void)fputs("    ", out);
        if (o->kind == OPTION_KIND_MORE)
            (void)fprintf(out, "\"%s \"[0-9]*", c->name);
        else if (option_is_argument(o))
            (void)fprintf(out, "\"%s %d\"", c->name, place++);
        if (!option_is_argument(o) && o->letter)
            (void)fprintf(out, "\"%s -%c\" | ", c->name, o->letter);
        if (!option_is_argument(o))
            (void)fprintf(out, "\"%s --%s\"", c->name, o->name);
        (void)fputs(") kind='", out);
        bash_what(o, out);
        (void)fputs("' ;;\n", out);
    }
}

static void bash_options(const struct command *c, FILE *out)
{
    (void)fprintf(out, "    %s) options='", c->name);
    for (const struct option *o = c->options; o->kind; o++) {
        if (!option_is_argument(o) && o->letter)
            (void)fprintf(out, "-%c ", o->letter);
        if (!option_is_argument(o))
            (void)fprintf(out, "--%s ", o->name);
    }
    (void)fputs("-h --help' ;;\n", out);
}

static void bash(FILE *out)
{
    (void)fputs(
        "# bash completion for gridclear; from 'gridclear help --completion bash'\n\n"
        "# Sets kind to what follows an option or stands at an argument's place, to\n"
        "# nothing after a flag.\n"
        "_gridclear_kind()\n{\n    kind=\n    case \"$1 $2\" in\n    \"help 0\") "
        "kind='words",
        out);
    for (const struct command *const *c = command_table; *c; c++)
        (void)fprintf(out, " %s", (*c)->name);
    (void)fputs("' ;;\n    \"help --completion\") kind='words bash zsh fish' ;;\n"
                "    \"help --man\") kind='words ",
                out);
    (void)fputs("gridclear.1", out);
    for (const struct command *const *c = command_table; *c; c++)
        (void)fprintf(out, " gridclear-%s.1", (*c)->name);
    (void)fputs(" gridclear-scenario.5 gridclear-run.5' ;;\n", out);
    for (const struct command *const *c = command_table; *c; c++)
        bash_kinds(*c, out);
    (void)fputs("    esac\n}\n\n_gridclear()\n{\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} command= expect= place=0 kind "
                "options i\n"
                "    COMPREPLY=()\n"
                "    [[ $cur == = ]] && cur=\n"
                "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        case ${COMP_WORDS[i]} in\n"
                "        =) continue ;; # --name=value comes in three words\n"
                "        esac\n"
                "        if [[ -n $expect ]]; then\n"
                "            expect=\n"
                "        elif [[ -z $command ]]; then\n"
                "            command=${COMP_WORDS[i]}\n"
                "        elif [[ ${COMP_WORDS[i]} == -* ]]; then\n"
                "            _gridclear_kind \"$command\" \"${COMP_WORDS[i]}\"\n"
                "            [[ -z $kind ]] || expect=${COMP_WORDS[i]}\n"
                "        else\n"
                "            place=$((place + 1))\n"
                "        fi\n"
                "    done\n"
                "    case $command in\n    '') options='",
                out);
    for (const struct command *const *c = command_table; *c; c++)
        (void)fprintf(out, "%s ", (*c)->name);
    (void)fputs(
        "help --help --version' ;;\n    help) options='--man --completion' ;;\n", out);
    for (const struct command *const *c = command_table; *c; c++)
        bash_options(*c, out);
    (void)fputs(
        "    *) return ;;\n    esac\n"
        "    if [[ -z $command || ( -z $expect && $cur == -* ) ]]; then\n"
        "        COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
        "        return\n"
        "    fi\n"
        "    _gridclear_kind \"$command\" \"${expect:-$place}\"\n"
        "    case $kind in\n"
        "    words*) COMPREPLY=($(compgen -W \"${kind#words }\" -- \"$cur\")) ;;\n"
        "    any | '') ;;\n"
        "    *)\n"
        "        compopt -o filenames 2>/dev/null\n"
        "        case $kind in\n"
        "        folder) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") ;;\n"
        "        run) mapfile -t COMPREPLY < <(compgen -f -X '!*.h5' -- \"$cur\"\n"
        "            compgen -d -- \"$cur\") ;;\n"
        "        file) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;\n"
        "        esac\n"
        "        ;;\n"
        "    esac\n}\n\ncomplete -F _gridclear gridclear\n",
        out);
}

/* ---- zsh ---- */

/* ":VALUE:what completes it" */
static void zsh_value(const struct option *o, FILE *out)
{
    static const char *const action[] = {"", "_files", "_files -g \"*.h5\"",
                                         "_files -/"};
    enum kind kind = kind_of(o);
    (void)fputc(':', out);
    put_quoted(option_is_argument(o) ? o->name : o->value, ":", out);
    (void)fputc(':', out);
    if (kind <= KIND_FOLDER) {
        (void)fputs(action[kind], out);
        return;
    }
    (void)fputc('(', out);
    put_words(o, " ", out);
    (void)fputc(')', out);
}

static void zsh_command(const struct command *c, FILE *out)
{
    int place = 1;
    (void)fprintf(out, "        %s)\n            _arguments -s \\\n", c->name);
    for (const struct option *o = c->options; o->kind; o++) {
        (void)fputs("                ", out);
        if (option_is_argument(o)) {
            if (o->kind == OPTION_KIND_MORE)
                (void)fputs("'*", out);
            else
                (void)fprintf(out, "'%d", place++);
            zsh_value(o, out);
            (void)fputs("' \\\n", out);
            continue;
        }
        const char *equals = o->kind == OPTION_KIND_FLAG ? "" : "=";
        if (o->letter)
            (void)fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}'", o->letter, o->name,
                          o->letter, *equals ? "+" : "", o->name, equals);
        else
            (void)fprintf(out, "'--%s%s", o->name, equals);
        (void)fputc('[', out);
        put_quoted(o->help, "[]\\", out);
        (void)fputc(']', out);
        if (o->kind != OPTION_KIND_FLAG)
            zsh_value(o, out);
        (void)fputs("' \\\n", out);
    }
    (void)fputs("                '(-h --help)'{-h,--help}'[print this help]'\n"
                "            ;;\n",
                out);
}

static void zsh(FILE *out)
{
    (void)fputs(
        "#compdef gridclear\n"
        "# zsh completion for gridclear; from 'gridclear help --completion zsh'\n\n"
        "_gridclear()\n{\n"
        "    local context state state_descr line curcontext=$curcontext\n"
        "    typeset -A opt_args\n"
        "    local -a commands=(\n",
        out);
    for (const struct command *const *c = command_table; *c; c++) {
        (void)fprintf(out, "        '%s:", (*c)->name);
        put_quoted((*c)->purpose, ":\\", out);
        (void)fputs("'\n", out);
    }
    (void)fputs("        'help:print the list of commands, or the help of one'\n"
                "    )\n"
                "    _arguments -C \\\n"
                "        '(- *)--version[print the versions]' \\\n"
                "        '(- *)--help[print the list of commands]' \\\n"
                "        '1:command:->command' '*::argument:->argument'\n"
                "    case $state in\n"
                "    command) _describe command commands ;;\n"
                "    argument)\n"
                "        curcontext=${curcontext%:*:*}:gridclear-$words[1]:\n"
                "        case $words[1] in\n"
                "        help) _describe command commands ;;\n",
                out);
    for (const struct command *const *c = command_table; *c; c++)
        zsh_command(*c, out);
    (void)fputs("        esac\n        ;;\n    esac\n}\n\n"
                "if [ \"$funcstack[1]\" = _gridclear ]; then\n    _gridclear \"$@\"\n"
                "else\n    compdef _gridclear gridclear\nfi\n",
                out);
}

/* ---- fish ---- */

static void fish_option(const struct command *c, const struct option *o, FILE *out)
{
    (void)fprintf(out, "complete -c gridclear -n '__fish_seen_subcommand_from %s'",
                  c->name);
    if (!option_is_argument(o)) {
        if (o->letter)
            (void)fprintf(out, " -s %c", o->letter);
        (void)fprintf(out, " -l %s", o->name);
        (void)fputs(" -d '", out);
        for (const char *p = o->help; *p; p++)
            (void)fprintf(out, strchr("'\\", *p) ? "\\%c" : "%c", *p);
        (void)fputc('\'', out);
    }
    bool argument = option_is_argument(o);
    switch (kind_of(o)) {
    case KIND_ANYTHING:
        (void)fputs(o->kind == OPTION_KIND_FLAG ? " -f" : " -x", out);
        break;
    case KIND_FILE:
        (void)fputs(argument ? " -F" : " -r -F", out);
        break;
    case KIND_RUN:
        (void)fprintf(out, "%s -k -a '(__fish_complete_suffix .h5)'",
                      argument ? "" : " -r -f");
        break;
    case KIND_FOLDER:
        (void)fprintf(out, "%s -a '(__fish_complete_directories)'",
                      argument ? "" : " -x");
        break;
    case KIND_TABLE:
    case KIND_WORDS:
        (void)fprintf(out, "%s -a '", argument ? "" : " -x");
        put_words(o, " ", out);
        (void)fputc('\'', out);
        break;
    }
    (void)fputc('\n', out);
}

static void fish(FILE *out)
{
    (void)fputs(
        "# fish completion for gridclear; from 'gridclear help --completion fish'\n"
        "complete -c gridclear -f\n",
        out);
    for (const struct command *const *c = command_table; *c; c++) {
        (void)fprintf(out, "complete -c gridclear -n __fish_use_subcommand -a %s -d '",
                      (*c)->name);
        for (const char *p = (*c)->purpose; *p; p++)
            (void)fprintf(out, strchr("'\\", *p) ? "\\%c" : "%c", *p);
        (void)fputs("'\n", out);
    }
    (void)fputs(
        "complete -c gridclear -n __fish_use_subcommand -a help -d 'print the help'\n"
        "complete -c gridclear -n __fish_use_subcommand -l version -d 'print the "
        "versions'\n"
        "complete -c gridclear -s h -l help -d 'print this help'\n",
        out);
    for (const struct command *const *c = command_table; *c; c++)
        for (const struct option *o = (*c)->options; o->kind; o++)
            fish_option(*c, o, out);
    for (const struct command *const *c = command_table; *c; c++)
        (void)fprintf(
            out, "complete -c gridclear -n '__fish_seen_subcommand_from help' -a %s\n",
            (*c)->name);
}

bool completion_print(const char *shell, FILE *out)
{
    if (is(shell, "bash"))
        bash(out);
    else if (is(shell, "zsh"))
        zsh(out);
    else if (is(shell, "fish"))
        fish(out);
    else
        return false;
    return true;
}
