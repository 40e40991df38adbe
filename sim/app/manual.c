/* manual.c - manual pages of the program and its commands. */
#include "sim/app/manual.h"

#include <string.h>

#include "sim/app/command.h"
#include "sim/app/roff.h"

/* Other pages to see, all but this one. */
static void see_also(const char *self, FILE *out)
{
    roff_section("SEE ALSO", out);
    bool first = true;
    if (strcmp(self, "gridclear.1") != 0) {
        (void)fputs(".BR gridclear (1)", out);
        first = false;
    }
    for (const struct command *const *c = command_table; *c; c++) {
        char page[80];
        (void)snprintf(page, sizeof page, "gridclear-%s.1", (*c)->name);
        if (strcmp(page, self) == 0)
            continue;
        (void)fprintf(out, "%s.BR gridclear\\-%s (1)", first ? "" : ",\n", (*c)->name);
        first = false;
    }
    (void)fputs(",\n.BR gridclear\\-scenario (5),\n.BR gridclear\\-run (5)\n", out);
}

static void exit_status(FILE *out)
{
    roff_section("EXIT STATUS", out);
#define ONE_STATUS(code, status, meaning) \
 (void)fprintf(out, ".TP 6\n%d\n%s\n", status, meaning);
    ERR_MAP(ONE_STATUS)
#undef ONE_STATUS
}

static void option_tag(const struct option *o, FILE *out)
{
    (void)fputs(".TP\n", out);
    if (option_is_argument(o)) {
        (void)fputs("\\fI", out);
        roff_word(o->name, out);
    } else {
        if (o->letter)
            (void)fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
        (void)fputs("\\fB\\-\\-", out);
        roff_word(o->name, out);
        if (o->value) {
            (void)fputs("\\fR \\fI", out);
            roff_word(o->value, out);
        }
    }
    (void)fputs("\\fR\n", out);
}

static void options(const struct option *table, FILE *out)
{
    char text[OPTION_TEXT_SIZE];
    roff_section("OPTIONS", out);
    for (int arguments = 1; arguments >= 0; arguments--)
        for (const struct option *o = table; o->kind; o++) {
            if ((option_is_argument(o)) != (arguments == 1))
                continue;
            option_tag(o, out);
            options_describe(o, text);
            if (o->required && !option_is_argument(o)) {
                size_t n = strlen(text);
                (void)snprintf(text + n, sizeof text - n, "; required");
            }
            roff_text(text, out);
        }
    option_tag(&options_help_row, out);
    roff_text(options_help_row.help, out);
}

static void synopsis(const struct command *c, FILE *out)
{
    roff_section("SYNOPSIS", out);
    (void)fprintf(out, "\\fBgridclear %s\\fR", c->name);
    bool more = false;
    for (const struct option *o = c->options; o->kind; o++) {
        if (option_is_argument(o)) {
            bool many = o->kind == OPTION_KIND_MORE;
            (void)fputs(many ? " [\\fI" : " \\fI", out);
            roff_word(o->name, out);
            (void)fputs(many ? "\\fR ...]" : "\\fR", out);
        } else if (o->required) {
            (void)fputs(" \\fB\\-\\-", out);
            roff_word(o->name, out);
            (void)fputs("\\fR \\fI", out);
            roff_word(o->value, out);
            (void)fputs("\\fR", out);
        } else {
            more = true;
        }
    }
    (void)fprintf(out, "%s\n", more ? " [\\fIoptions\\fR]" : "");
}

/* Paragraphs are separated by '\n'. */
static void paragraphs(const char *text, FILE *out)
{
    while (text && *text) {
        char one[2048];
        size_t len = strcspn(text, "\n");
        (void)snprintf(one, sizeof one, "%.*s", (int)len, text);
        roff_paragraph(one, out);
        text += len + (text[len] == '\n');
    }
}

static void example(const char *command, FILE *out)
{
    roff_section("EXAMPLES", out);
    (void)fputs(".EX\ngridclear ", out);
    roff_word(command, out);
    (void)fputs("\n.EE\n", out);
}

static void command_page(const struct command *c, const char *page, FILE *out)
{
    char title[80];
    (void)snprintf(title, sizeof title, "gridclear-%s", c->name);
    roff_begin(title, 1, out);
    roff_section("NAME", out);
    (void)fprintf(out, "gridclear\\-%s \\-\n", c->name);
    roff_text(c->purpose, out);
    synopsis(c, out);
    roff_section("DESCRIPTION", out);
    char first[512];
    (void)snprintf(first, sizeof first, "%c%s.", c->purpose[0] - 'a' + 'A',
                   c->purpose + 1);
    roff_text(first, out);
    paragraphs(c->details, out);
    options(c->options, out);
    exit_status(out);
    example(c->example, out);
    see_also(page, out);
}

static void program_page(FILE *out)
{
    roff_begin("gridclear", 1, out);
    roff_section("NAME", out);
    (void)fputs("gridclear \\- clear and settle a nodal electricity market\n", out);
    roff_section("SYNOPSIS", out);
    (void)fputs("\\fBgridclear\\fR \\fICOMMAND\\fR [\\fIoptions\\fR]\n.br\n"
                "\\fBgridclear help\\fR [\\fICOMMAND\\fR]\n.br\n"
                "\\fBgridclear \\-\\-version\\fR\n",
                out);
    roff_section("DESCRIPTION", out);
    roff_text(
        "GridClear clears and settles a nodal electricity market. Bids go in; "
        "registration and credit decide who may play; a linear program clears the "
        "market over the transmission network; locational prices come out in three "
        "parts; every cent is settled and the statements add up to zero. A market is "
        "a folder of small text files, its result one file that is HDF5 and netCDF-4.",
        out);
    roff_paragraph(
        "Data goes to standard output, messages to standard error. A fault of "
        "the input is printed as file:line:column with what was expected. Files "
        "appear complete or not at all.",
        out);
    roff_section("COMMANDS", out);
    for (const struct command *const *c = command_table; *c; c++) {
        roff_tag((*c)->name, NULL, out);
        roff_text((*c)->purpose, out);
    }
    roff_tag("help", " [\\fICOMMAND\\fR]", out);
    roff_text("print the list of commands, or the help of one", out);
    roff_tag("help", " \\fB\\-\\-man\\fR [\\fIPAGE\\fR]", out);
    roff_text("print a manual page, such as gridclear-run.1, or the list of them", out);
    roff_tag("help", " \\fB\\-\\-completion\\fR \\fISHELL\\fR", out);
    roff_text("print what completes command lines in bash, zsh or fish", out);
    roff_tag("--version", NULL, out);
    roff_text("print the versions of the program and its libraries", out);
    exit_status(out);
    roff_section("FILES", out);
    (void)fputs(".TP\n\\fI/usr/share/doc/gridclear/examples/scenarios\\fR\n", out);
    roff_text(
        "markets to run and learn from, where the program was installed by the system; "
        "scenarios of the source otherwise",
        out);
    example("run scenarios/duck-curve -o duck-curve.h5", out);
    see_also("gridclear.1", out);
}

void manual_list(FILE *out)
{
    (void)fputs("gridclear.1\n", out);
    for (const struct command *const *c = command_table; *c; c++)
        (void)fprintf(out, "gridclear-%s.1\n", (*c)->name);
    (void)fputs("gridclear-scenario.5\ngridclear-run.5\n", out);
}

bool manual_print(const char *page, FILE *out)
{
    char name[80];
    if (strcmp(page, "gridclear.1") == 0) {
        program_page(out);
        return true;
    }
    if (strcmp(page, "gridclear-scenario.5") == 0) {
        manual_scenario(out);
        return true;
    }
    if (strcmp(page, "gridclear-run.5") == 0) {
        manual_run_file(out);
        return true;
    }
    for (const struct command *const *c = command_table; *c; c++) {
        (void)snprintf(name, sizeof name, "gridclear-%s.1", (*c)->name);
        if (strcmp(name, page) == 0) {
            command_page(*c, page, out);
            return true;
        }
    }
    return false;
}
