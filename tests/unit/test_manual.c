/* test_manual.c - manual pages from the tables of the program. */
#include "sim/app/manual.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "results/schema.h"
#include "sim/app/command.h"
#include "sim/input/tables.h"

static char shown[1 << 19];

static const char *read_back(FILE *f)
{
    rewind(f);
    shown[fread(shown, 1, sizeof shown - 1, f)] = '\0';
    fclose(f);
    return shown;
}

static const char *page(const char *name)
{
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    cr_assert(manual_print(name, f), "there is no page %s", name);
    return read_back(f);
}

static char *next_line(char **rest)
{
    char *line = *rest, *end = strchr(line, '\n');
    if (!end)
        return NULL;
    *end = '\0';
    *rest = end + 1;
    return line;
}

Test(manual, every_listed_page_is_there_and_no_other)
{
    FILE *f = tmpfile();
    manual_list(f);
    char *names = strdup(read_back(f)), *rest = names;
    int n = 0;
    for (char *name; (name = next_line(&rest)); n++)
        cr_expect_eq(strncmp(page(name), ".TH GRIDCLEAR", 13), 0, "%s", name);
    free(names);
    int commands = 0;
    while (command_table[commands])
        commands++;
    cr_expect_eq(n, commands + 3);
    cr_expect(!manual_print("gridclear-nothing.1", stdout));
}

/* As the page has it: every '-' is "\-". */
static const char *escaped(const char *name)
{
    static char text[200];
    size_t n = 0;
    for (; *name && n + 3 < sizeof text; name++) {
        if (*name == '-')
            text[n++] = '\\';
        text[n++] = *name;
    }
    text[n] = '\0';
    return text;
}

Test(manual, a_page_has_every_option_and_word_of_its_command)
{
    for (const struct command *const *c = command_table; *c; c++) {
        char name[80];
        snprintf(name, sizeof name, "gridclear-%s.1", (*c)->name);
        page(name);
        for (const struct option *o = (*c)->options; o->kind; o++) {
            cr_expect_not_null(strstr(shown, escaped(o->name)), "%s: %s", name,
                               o->name);
            for (int i = 0; o->words && o->words[i]; i++)
                cr_expect_not_null(strstr(shown, escaped(o->words[i])), "%s: %s", name,
                                   o->words[i]);
        }
    }
}

Test(manual, the_formats_have_every_table_and_column)
{
    page("gridclear-scenario.5");
    for (int t = 0; t < TABLE_COUNT; t++) {
        const struct table_spec *spec = scenario_table_spec((enum scenario_table)t);
        cr_expect_not_null(strstr(shown, spec->name), "%s", spec->name);
        for (int i = 0; i < spec->n_column; i++)
            cr_expect_not_null(strstr(shown, spec->column[i].name));
    }
    page("gridclear-run.5");
    size_t n;
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n; i++) {
        char tag[120];
        snprintf(tag, sizeof tag, "\\fB%s\\fR\n", schema_name(t[i].path));
        cr_expect_not_null(strstr(shown, tag), "%s", t[i].path);
    }
}
