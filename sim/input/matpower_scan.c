/* matpower_scan.c - the statements of a case file, in one pass. */
#include "sim/input/matpower_scan.h"

#include <string.h>

#include "sim/input/matpower_lex.h"

enum {
    MAT_NAME_ROOM = 64
};

struct case_scan {
    struct mat_scan s;
    struct mat_file *file;
    char variable[MAT_NAME_ROOM]; /* what the file calls its result, "mpc" mostly */
    bool ended;
};

static const char *const field_name[MAT_N_FIELDS] = {
#define MAT_NAME(id, name, kind) #name,
    MAT_FIELD_MAP(MAT_NAME)
#undef MAT_NAME
};

static const enum mat_kind field_kind[MAT_N_FIELDS] = {
#define MAT_KIND(id, name, kind) MAT_##kind,
    MAT_FIELD_MAP(MAT_KIND)
#undef MAT_KIND
};

/* Fields that cannot change a DC market. */
static const char *const passed_over[] = {
    "areas",        "gentype",   "genfuel",   "gen_name", "branch_name",
    "bus_location", "area_name", "zone_name", "name",
};

/* Fields that MATPOWER knows and that would change the market. */
static const struct {
    const char *name, *what;
} refused[] = {
    {"A", "linear constraints of the user"},
    {"l", "linear constraints of the user"},
    {"u", "linear constraints of the user"},
    {"N", "general costs of the user"},
    {"H", "general costs of the user"},
    {"Cw", "general costs of the user"},
    {"fparm", "general costs of the user"},
    {"z0", "variables of the user"},
    {"zl", "variables of the user"},
    {"zu", "variables of the user"},
    {"user_constraints", "constraints of the user"},
    {"userfcn", "call-backs of the user"},
    {"softlims", "soft limits"},
    {"if", "interface flow limits"},
    {"iflims", "interface flow limits"},
    {"reserves", "reserve requirements"},
    {"zones", "reserve zones"},
    {"storage", "storage units"},
    {"switch", "switches"},
    {"ne_branch", "candidate branches"},
    {"order", "cases in MATPOWER's internal order"},
    {"contab", "contingency tables in a case"},
    {"profiles", "profiles of several hours"},
    {"load", "loads beside those of mpc.bus"},
    {"shunt", "shunts beside those of mpc.bus"},
    {"trans3w", "transformers of three windings"},
    {"busdc", "grids of DC buses"},
    {"convdc", "grids of DC buses"},
    {"branchdc", "grids of DC buses"},
    {"dcgrid", "grids of DC buses"},
};

const char *mat_field_name(enum mat_field field)
{
    return field_name[field];
}

static bool is_passed_over(const char *name)
{
    for (size_t i = 0; i < sizeof passed_over / sizeof *passed_over; i++)
        if (strcmp(name, passed_over[i]) == 0)
            return true;
    return false;
}

static void refuse_field(struct case_scan *c, const char *at, const char *name)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (strcmp(name, refused[i].name) == 0) {
            mat_fault(c->s.src, c->s.faults, mat_offset(&c->s, at),
                      "mpc.%s: %s are not supported; expected a case without them",
                      name, refused[i].what);
            return;
        }
    mat_fault(
        c->s.src, c->s.faults, mat_offset(&c->s, at),
        "mpc.%s is not known; expected version, baseMVA, bus, gen, branch, gencost, "
        "bus_name, dcline or dclinecost",
        name);
}

/* A name at c->s.p; names too long to be known are cut. False if there is none. */
static bool scan_name(struct case_scan *c, char name[MAT_NAME_ROOM])
{
    size_t n = 0;
    if (!lex_is_letter(*c->s.p))
        return false;
    for (; lex_is_word(*c->s.p); c->s.p++)
        if (n + 1 < MAT_NAME_ROOM)
            name[n++] = *c->s.p;
    name[n] = '\0';
    return true;
}

static void skip_blank(struct case_scan *c)
{
    c->s.p = lex_after_blank(c->s.src->text, c->s.p);
}

/* Nothing may follow on the line. */
static void end_statement(struct case_scan *c)
{
    skip_blank(c);
    if (lex_ends_statement(*c->s.p))
        return;
    char text[LEX_SHOWN + 1];
    const char *start = c->s.p;
    mat_skip_statement(&c->s);
    mat_fault(
        c->s.src, c->s.faults, mat_offset(&c->s, start),
        "'%s' is not understood here; expected the end of the statement, values are "
        "not computed",
        lex_shown(start, strcspn(start, "\r\n"), text));
}

static void scan_value(struct case_scan *c, enum mat_field field)
{
    static const char *const kind_name[] = {"nothing", "a number", "a text", "a matrix",
                                            "a cell array of texts"};
    struct mat_value *v = &c->file->field[field];
    const char *start = c->s.p;
    mat_scan_value(&c->s, v);
    if (v->kind == MAT_NUMBER &&
        v->damaged) { /* something computed: one fault is enough */
        c->s.p = start;
        mat_skip_statement(&c->s);
        return;
    }
    if (v->kind != field_kind[field])
        mat_fault(c->s.src, c->s.faults, v->at, "mpc.%s is %s; expected %s",
                  field_name[field], kind_name[v->kind], kind_name[field_kind[field]]);
    end_statement(c);
}

/* mpc.FIELD = value, c->s.p behind the dot. */
static void scan_assignment(struct case_scan *c, const char *start)
{
    char name[MAT_NAME_ROOM] = "";
    size_t field = 0;
    bool named = scan_name(c, name);
    skip_blank(c);
    bool plain = *c->s.p == '=' && c->s.p[1] != '=';
    while (field < MAT_N_FIELDS && strcmp(name, field_name[field]) != 0)
        field++;
    if (field < MAT_N_FIELDS && plain && c->file->field[field].kind == MAT_ABSENT) {
        c->s.p++;
        skip_blank(c);
        scan_value(c, (enum mat_field)field);
        return;
    }
    if (!named)
        mat_fault(c->s.src, c->s.faults, mat_offset(&c->s, start),
                  "a dot without a name; expected mpc.FIELD = value");
    else if (field == MAT_N_FIELDS && !is_passed_over(name))
        refuse_field(c, start, name);
    else if (field < MAT_N_FIELDS && plain)
        mat_fault(c->s.src, c->s.faults, mat_offset(&c->s, start),
                  "mpc.%s is assigned again; expected one assignment", name);
    else if (field < MAT_N_FIELDS)
        mat_fault(c->s.src, c->s.faults, mat_offset(&c->s, start),
                  "a part of mpc.%s is changed; expected mpc.%s = value only", name,
                  name);
    mat_skip_statement(&c->s);
}

static void scan_statement(struct case_scan *c)
{
    const char *start = c->s.p;
    char name[MAT_NAME_ROOM], text[LEX_SHOWN + 1];
    bool named = scan_name(c, name);
    if (named && strcmp(name, c->variable) == 0 && *c->s.p == '.' && !c->ended) {
        c->s.p++;
        scan_assignment(c, start);
        return;
    }
    if (named && !c->ended && (!strcmp(name, "end") || !strcmp(name, "endfunction"))) {
        c->ended = true;
        end_statement(c);
        return;
    }
    c->s.p = start;
    mat_skip_statement(&c->s);
    if (c->s.p == start)
        c->s.p++;
    mat_fault(c->s.src, c->s.faults, mat_offset(&c->s, start),
              "'%s' is not understood; expected %s.FIELD = value%s",
              lex_shown(start, strcspn(start, "\r\n"), text), c->variable,
              c->ended ? " before the end of the function" : "");
}

/* function mpc = NAME */
static void scan_function(struct case_scan *c)
{
    const char *start = c->s.p;
    char word[MAT_NAME_ROOM] = "", name[MAT_NAME_ROOM] = "",
         variable[MAT_NAME_ROOM] = "";
    bool ok = scan_name(c, word) && strcmp(word, "function") == 0;
    skip_blank(c);
    ok = ok && scan_name(c, variable);
    skip_blank(c);
    ok = ok && *c->s.p == '=';
    if (ok)
        c->s.p++;
    skip_blank(c);
    ok = ok && scan_name(c, name);
    if (ok) {
        memcpy(c->variable, variable, sizeof variable);
        end_statement(c);
        return;
    }
    mat_fault(c->s.src, c->s.faults, mat_offset(&c->s, start),
              "not a MATPOWER case of version 2; expected 'function mpc = NAME' first");
    c->s.p = start;
    if (strcmp(word, "function") == 0)
        mat_skip_statement(&c->s);
}

enum err_code matpower_scan(const struct source *src, struct mat_file *out,
                            struct err_list *faults, struct err *err)
{
    struct case_scan c = {.s = {.src = src, .p = src->text, .faults = faults},
                          .file = out,
                          .variable = "mpc"};
    *out = (struct mat_file){0};
    while (!c.s.no_memory) {
        skip_blank(&c);
        if (*c.s.p == '\0')
            break;
        if (lex_ends_statement(*c.s.p)) {
            c.s.p++;
        } else if (!out->has_statements) {
            out->start = mat_offset(&c.s, c.s.p);
            out->has_statements = true;
            scan_function(&c);
        } else {
            scan_statement(&c);
        }
    }
    if (c.s.no_memory)
        return err_set(err, ERR_NOMEM, "out of memory while reading %s", src->path);
    if (!out->has_statements)
        mat_fault(src, faults, 0,
                  "an empty file; expected 'function mpc = NAME' first");
    return ERR_OK;
}

void mat_file_release(struct mat_file *file)
{
    for (int f = 0; f < MAT_N_FIELDS; f++)
        mat_value_release(&file->field[f]);
    *file = (struct mat_file){0};
}
