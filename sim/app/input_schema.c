/* input_schema.c - the format of a scenario as text. */
#include "sim/app/input_schema.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "sim/app/options.h"
#include "sim/input/scenario_yaml.h"
#include "sim/input/tables.h"

enum {
    NAME_WIDTH = 28,
    TEXT_SIZE = INPUT_SCHEMA_TEXT
};

static void append(char text[TEXT_SIZE], const char *before, const char *what)
{
    size_t n = strlen(text);
    (void)snprintf(text + n, TEXT_SIZE - n, "%s%s", before, what);
}

/* Name, then "type, unit, required" or "type, unit, default: ...", then the meaning. */
static void print_entry(const char *name, const char *facts, const char *meaning,
                        FILE *out)
{
    (void)fprintf(out, "  %-*s ", NAME_WIDTH, name);
    options_print_wrapped(facts, NAME_WIDTH + 3, out);
    (void)fprintf(out, "      ");
    options_print_wrapped(meaning, 6, out);
}

static void describe(char text[TEXT_SIZE], const char *type, const char *unit,
                     const char *absent)
{
    (void)snprintf(text, TEXT_SIZE, "%s", type);
    if (*unit && strcmp(unit, "1") != 0)
        append(text, ", ", unit);
    if (strcmp(absent, "-") == 0)
        append(text, ", ", "required");
    else if (*absent)
        append(text, ", default: ", absent);
}

/* ---- scenario.yaml ---- */

void input_schema_key(const struct scenario_key *key, char text[TEXT_SIZE])
{
    char absent[64];
    (void)snprintf(absent, sizeof absent, "%g", key->if_absent_value);
    describe(text, scenario_key_type_name(key->type), key->unit,
             key->if_absent ? key->if_absent : absent);
}

static void print_keys(FILE *out)
{
    int n;
    const struct scenario_key *key = scenario_yaml_keys(&n);
    const char *group = "";
    (void)fprintf(out, "scenario.yaml\n");
    for (int i = 0; i < n; i++) {
        char name[64], text[TEXT_SIZE];
        if (strcmp(group, key[i].group) != 0)
            (void)fprintf(out, "\n  %s:\n", key[i].group);
        group = key[i].group;
        (void)snprintf(name, sizeof name, "%s%s", *group ? "  " : "", key[i].name);
        input_schema_key(&key[i], text);
        print_entry(name, text, key[i].meaning, out);
    }
}

/* ---- tables ---- */

static const char *type_name(enum column_type type)
{
    static const char *const name[] = {"id",   "text", "number", "integer",
                                       "hour", "date", "yes/no", "choice"};
    return name[type];
}

void input_schema_column(const struct column *c, char text[TEXT_SIZE])
{
    describe(text, type_name(c->type), c->unit ? c->unit : "",
             c->if_empty_text ? c->if_empty_text : "");
    for (int i = 0; c->choice && c->choice[i]; i++)
        append(text, i ? ", " : "; one of: ", c->choice[i]);
}

static void print_table(enum scenario_table table, FILE *out)
{
    const struct table_spec *spec = scenario_table_spec(table);
    if (table >= TABLE_NAMED)
        (void)fprintf(out, "\n%s.csv (CSV networks only; named under network:)\n  ",
                      spec->name);
    else
        (void)fprintf(out, "\n%s (%s)\n  ", spec->file,
                      spec->required ? "required" : "optional");
    options_print_wrapped(spec->meaning, 2, out);
    for (int i = 0; i < spec->n_column; i++) {
        const struct column *c = &spec->column[i];
        char text[TEXT_SIZE];
        input_schema_column(c, text);
        print_entry(c->name, text, c->meaning, out);
    }
}

void input_schema_print(FILE *out)
{
    (void)fprintf(out, "A scenario is a folder with\n\n");
    print_keys(out);
    (void)fprintf(out,
                  "\nand CSV tables (RFC 4180): a header row, columns in any order, an "
                  "empty field\nmeans the default. Ids are 1 to %d printable ASCII "
                  "characters without comma,\nquote or space; dates YYYY-MM-DD; hours "
                  "are hour-ending 1 to 25.\n",
                  ID_MAX);
    for (int t = 0; t < TABLE_COUNT; t++)
        print_table((enum scenario_table)t, out);
}
