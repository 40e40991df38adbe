/* manual_formats.c - gridclear-scenario(5) and gridclear-run(5) from the tables that read and
 * write these formats. */
#include <string.h>

#include "results/schema.h"
#include "sim/app/input_schema.h"
#include "sim/app/manual.h"
#include "sim/app/roff.h"
#include "sim/input/scenario_yaml.h"
#include "sim/input/tables.h"

/* ": facts" after a bold name, facts in italics. */
static void entry(const char *name, const char *facts, const char *meaning, FILE *out)
{
    (void)fputs(".TP\n\\fB", out);
    roff_word(name, out);
    (void)fputs("\\fR\n", out);
    roff_text(facts, out);
    (void)fputs(".br\n", out);
    roff_text(meaning, out);
}

/* ---- gridclear-scenario(5) ---- */

static void keys(FILE *out)
{
    int n;
    const struct scenario_key *key = scenario_yaml_keys(&n);
    const char *group = "";
    roff_section("SCENARIO.YAML", out);
    roff_text("One map; times and dates are those of the time zone.", out);
    for (int i = 0; i < n; i++) {
        char text[INPUT_SCHEMA_TEXT];
        if (strcmp(group, key[i].group) != 0) {
            (void)fprintf(out, ".SS %s:\n", key[i].group);
            roff_text("A map within it.", out);
        }
        group = key[i].group;
        input_schema_key(&key[i], text);
        entry(key[i].name, text, key[i].meaning, out);
    }
}

static void tables(FILE *out)
{
    roff_section("TABLES", out);
    roff_text(
        "CSV (RFC 4180) with a header row; columns in any order; an empty field means "
        "the default, and a column of nothing but empty fields may be left out. Ids "
        "are printable ASCII characters without comma, quote or space; dates "
        "YYYY-MM-DD; hours are hour-ending 1 to 25. Any file may be compressed with "
        "gzip.",
        out);
    for (int t = 0; t < TABLE_COUNT; t++) {
        const struct table_spec *spec = scenario_table_spec((enum scenario_table)t);
        (void)fputs(".SS ", out);
        roff_word(t >= TABLE_NAMED ? spec->name : spec->file, out);
        (void)fputc('\n', out);
        const char *when = spec->required ? "Required. " : "Optional. ";
        if (t >= TABLE_NAMED)
            when = "Named under network, for networks in CSV. ";
        char text[1024];
        (void)snprintf(text, sizeof text, "%s%s", when, spec->meaning);
        roff_text(text, out);
        for (int i = 0; i < spec->n_column; i++) {
            char facts[INPUT_SCHEMA_TEXT];
            input_schema_column(&spec->column[i], facts);
            entry(spec->column[i].name, facts, spec->column[i].meaning, out);
        }
    }
}

void manual_scenario(FILE *out)
{
    roff_begin("gridclear-scenario", 5, out);
    roff_section("NAME", out);
    (void)fputs("gridclear\\-scenario \\- a market as a folder of text files\n", out);
    roff_section("DESCRIPTION", out);
    roff_text(
        "A scenario is a folder with a file scenario.yaml, a network (a MATPOWER case "
        "or CSV tables of buses and branches) and CSV tables of participants, "
        "resources, bids and more. gridclear check lists every fault of one; "
        "gridclear run clears it.",
        out);
    keys(out);
    tables(out);
    roff_section("SEE ALSO", out);
    (void)fputs(".BR gridclear (1),\n.BR gridclear\\-check (1),\n"
                ".BR gridclear\\-run (1),\n.BR gridclear\\-run (5)\n",
                out);
}

/* ---- gridclear-run(5) ---- */

static size_t group_length(const char *path)
{
    return (size_t)(schema_name(path) - path);
}

static void run_tables(FILE *out)
{
    size_t n;
    const struct table *t = schema_tables(&n);
    for (size_t i = 0; i < n; i++) {
        char dims[SCHEMA_TEXT], text[SCHEMA_TEXT], facts[2 * SCHEMA_TEXT];
        size_t len = group_length(t[i].path);
        if (i == 0 || len != group_length(t[i - 1].path) ||
            strncmp(t[i].path, t[i - 1].path, len) != 0) {
            (void)fputs(".SS ", out);
            (void)fprintf(out, "%.*s\n", len > 1 ? (int)len - 1 : 1, t[i].path);
        }
        schema_dims(&t[i], dims);
        schema_describe(&t[i], text);
        bool bare = strcmp(t[i].unit, "1") == 0 || strchr(t[i].unit, ' ');
        (void)snprintf(facts, sizeof facts, "%s%s%s%s%s", dims,
                       t[i].role == TABLE_SIZE ? "" : " ",
                       t[i].role == TABLE_SIZE ? "" : table_type_name(t[i].type),
                       bare ? "" : ", ", bare ? "" : t[i].unit);
        entry(schema_name(t[i].path), facts, text, out);
    }
}

static void run_meta(FILE *out)
{
    size_t n;
    const struct meta_attr *m = schema_meta(&n);
    (void)fputs(".SS /meta\n", out);
    roff_text(
        "Attributes of the group; those of /meta/settings are the market parameters "
        "of the run.",
        out);
    for (size_t i = 0; i < n; i++) {
        char facts[64];
        (void)snprintf(facts, sizeof facts, "attribute, %s%s",
                       table_type_name(m[i].type), m[i].required ? "" : ", optional");
        entry(m[i].name, facts, m[i].meaning, out);
    }
}

void manual_run_file(FILE *out)
{
    roff_begin("gridclear-run", 5, out);
    roff_section("NAME", out);
    (void)fputs(
        "gridclear\\-run \\- the run file: what clearing a market leaves behind\n",
        out);
    roff_section("DESCRIPTION", out);
    roff_text(
        "One HDF5 file that is also netCDF-4, written by gridclear run, dispatch and "
        "commit. Dimensions are dimension scales with the names of nodes, resources "
        "and so on; times are minutes since 1970 in UTC. Integers that are positions "
        "along another dimension say so in an attribute index_of (-1 = none), small "
        "integers that stand for words in flag_meanings. Injections are positive; "
        "amounts that a participant pays are positive.",
        out);
    roff_paragraph(
        "The last 24 bytes are a seal: a checksum that gridclear asks for, and "
        "which other programs ignore. Paths are never renamed; format " //
        RUN_FORMAT_VERSION ".",
        out);
    roff_section("TABLES", out);
    run_tables(out);
    run_meta(out);
    roff_section("SEE ALSO", out);
    (void)fputs(".BR gridclear (1),\n.BR gridclear\\-export (1),\n"
                ".BR gridclear\\-schema (1),\n.BR gridclear\\-scenario (5)\n",
                out);
}
