/* contab.c - a MATPOWER contingency table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/arena.h"
#include "sim/base/mem.h"
#include "sim/base/number.h"
#include "sim/input/matpower_lex.h"
#include "sim/input/matpower_value.h"
#include "sim/input/outage_list.h"

/* Columns of the table, and what they may hold (MATPOWER manual, idx_ct). */
enum {
    LABEL,
    PROBABILITY,
    TABLE,
    ROW,
    COLUMN,
    CHANGE,
    VALUE,
    N_COLUMN,
    CT_TGEN = 2,
    CT_TBRCH = 3,
    CT_REP = 1,
    GEN_STATUS = 8,
    BR_STATUS = 11,
    NAME_ROOM = 32,
};

/* The names of define_constants that may stand in the table. */
static const struct {
    const char *name;
    double value;
} constants[] = {
    {"CT_TBUS", 1},          {"CT_TGEN", CT_TGEN},       {"CT_TBRCH", CT_TBRCH},
    {"CT_TAREABUS", 4},      {"CT_TAREAGEN", 5},         {"CT_TAREABRCH", 6},
    {"CT_TLOAD", 7},         {"CT_TAREALOAD", 8},        {"CT_TGENCOST", 9},
    {"CT_TAREAGENCOST", 10}, {"CT_REP", CT_REP},         {"CT_REL", 2},
    {"CT_ADD", 3},           {"GEN_STATUS", GEN_STATUS}, {"BR_STATUS", BR_STATUS},
};

struct reader {
    const struct source *src;
    const struct grid *grid;
    struct err_list *faults;
    const char *p;
    char variable[NAME_ROOM];
    int32_t *branch_of_row, *unit_of_row; /* [rows + 1] -1 = out of service */
    struct arena text;                    /* labels */
    struct outage_element *element;       /* [n] owned */
    size_t n, room;
    bool seen; /* the table has been read */
    bool no_memory;
};

#define FAULT(r, at, ...) \
 mat_fault((r)->src, (r)->faults, (size_t)((at) - (r)->src->text), __VA_ARGS__)

static void skip_blank(struct reader *r)
{
    r->p = lex_after_blank(r->src->text, r->p);
}

static bool scan_name(struct reader *r, char name[NAME_ROOM])
{
    size_t n = 0;
    if (!lex_is_letter(*r->p))
        return false;
    for (; lex_is_word(*r->p); r->p++)
        if (n + 1 < NAME_ROOM)
            name[n++] = *r->p;
    name[n] = '\0';
    return true;
}

static void skip_statement(struct reader *r)
{
    struct mat_scan s = {.src = r->src, .p = r->p, .faults = r->faults};
    mat_skip_statement(&s);
    r->p = s.p;
}

/* Nothing may follow on the line. */
static void end_statement(struct reader *r)
{
    skip_blank(r);
    if (lex_ends_statement(*r->p))
        return;
    char text[LEX_SHOWN + 1];
    FAULT(r, r->p, "'%s' is not understood here; expected the end of the statement",
          lex_shown(r->p, strcspn(r->p, "\r\n"), text));
    skip_statement(r);
}

/* A number, or the name of one. */
static bool scan_item(struct reader *r, double *value)
{
    const char *start = r->p;
    r->p = lex_after_token(start);
    if (r->p == start)
        r->p++;
    size_t n = (size_t)(r->p - start);
    if (number_parse(start, n, value))
        return true;
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (strlen(constants[i].name) == n && !memcmp(constants[i].name, start, n)) {
            *value = constants[i].value;
            return true;
        }
    char text[LEX_SHOWN + 1];
    FAULT(r, start, "'%s' is not known; expected a number, or a name such as CT_TBRCH",
          lex_shown(start, n, text));
    return false;
}

/* One row of the table: its items and where they stand. */
struct row {
    double item[N_COLUMN];
    const char *at[N_COLUMN];
    int n;
    bool bad;
};

static bool is_whole(double x, double least, double most)
{
    return x >= least && x <= most && x <= floor(x);
}

/* False, after a fault, unless the row takes an element out. */
static bool check_change(struct reader *r, const struct row *row)
{
    double table = row->item[TABLE];
    bool branch = table >= CT_TBRCH && table <= CT_TBRCH;
    bool unit = table >= CT_TGEN && table <= CT_TGEN;
    double column = branch ? BR_STATUS : GEN_STATUS;
    if (!branch && !unit)
        FAULT(r, row->at[TABLE],
              "a change of table %g is not an outage; expected CT_TBRCH or CT_TGEN",
              table);
    else if (row->item[COLUMN] < column || row->item[COLUMN] > column)
        FAULT(r, row->at[COLUMN], "a change of column %g is not an outage; expected %s",
              row->item[COLUMN], branch ? "BR_STATUS" : "GEN_STATUS");
    else if (row->item[CHANGE] < CT_REP || row->item[CHANGE] > CT_REP)
        FAULT(r, row->at[CHANGE], "a change of kind %g; expected CT_REP",
              row->item[CHANGE]);
    else if (!(row->item[VALUE] <= 0))
        FAULT(r, row->at[VALUE], "a new status of %g; expected 0, out of service",
              row->item[VALUE]);
    else
        return true;
    return false;
}

static void add_element(struct reader *r, const struct row *row)
{
    bool branch = row->item[TABLE] >= CT_TBRCH;
    int32_t n_row = branch ? r->grid->n_branch_row : r->grid->n_unit_row;
    if (!is_whole(row->item[LABEL], 0, 1e9)) {
        FAULT(r, row->at[LABEL], "label %g; expected a whole number", row->item[LABEL]);
        return;
    }
    if (!is_whole(row->item[ROW], 1, n_row)) {
        FAULT(r, row->at[ROW], "row %g; expected a row of %s, 1 to %d", row->item[ROW],
              branch ? "mpc.branch" : "mpc.gen", n_row);
        return;
    }
    if (r->n == r->room) {
        size_t room = r->room ? 2 * r->room : 256;
        struct outage_element *grown = mem_resize(r->element, room, sizeof *grown);
        if (!grown) {
            r->no_memory = true;
            return;
        }
        r->element = grown;
        r->room = room;
    }
    char id[16];
    int len = snprintf(id, sizeof id, "%.0f", row->item[LABEL]);
    int32_t at = (int32_t)row->item[ROW];
    struct outage_element e = {.id = arena_copy_text(&r->text, id, (size_t)len),
                               .kind = branch ? OUTAGE_BRANCH : OUTAGE_UNIT,
                               .index =
                                   branch ? r->branch_of_row[at] : r->unit_of_row[at]};
    r->no_memory = !e.id;
    r->element[r->n++] = e;
}

static void end_row(struct reader *r, struct row *row)
{
    if (row->n > 0 && !row->bad && row->n != N_COLUMN)
        FAULT(r, row->at[0], "this row has %d columns; expected %d", row->n, N_COLUMN);
    else if (row->n > 0 && !row->bad && check_change(r, row))
        add_element(r, row);
    *row = (struct row){.n = 0};
}

/* [ rows ], r->p at the bracket. */
static void scan_table(struct reader *r)
{
    const char *open = r->p++;
    struct row row = {.n = 0};
    while (!r->no_memory) {
        double value;
        skip_blank(r);
        const char *at = r->p;
        if (*at == '\0') {
            FAULT(r, open, "this matrix is never closed; expected ]");
            return;
        }
        if (*at == '\n' || *at == '\r' || *at == ';' || *at == ']') {
            end_row(r, &row);
            r->p++;
            if (*at == ']')
                return;
            continue;
        }
        if (*at == ',') {
            r->p++;
            continue;
        }
        row.bad = !scan_item(r, &value) || row.bad;
        if (row.n < N_COLUMN) {
            row.item[row.n] = value;
            row.at[row.n] = at;
        }
        row.n += row.n <= N_COLUMN;
    }
}

static void scan_assignment(struct reader *r, const char *start)
{
    skip_blank(r);
    if (*r->p == '=') {
        r->p++;
        skip_blank(r);
    }
    if (r->seen || *r->p != '[') {
        FAULT(r, start, "%s",
              r->seen ? "a second table; expected one"
                      : "not a table; expected [ rows ]");
        skip_statement(r);
        return;
    }
    r->seen = true;
    scan_table(r);
    end_statement(r);
}

static void scan_statement(struct reader *r)
{
    const char *start = r->p;
    char name[NAME_ROOM], text[LEX_SHOWN + 1];
    bool named = scan_name(r, name);
    if (named && strcmp(name, r->variable) == 0) {
        scan_assignment(r, start);
    } else if (named && (!strcmp(name, "define_constants") || !strcmp(name, "end"))) {
        end_statement(r);
    } else {
        r->p = start;
        FAULT(r, start, "'%s' is not understood; expected %s = [ rows ]",
              lex_shown(start, strcspn(start, "\r\n"), text), r->variable);
        skip_statement(r);
        if (r->p == start)
            r->p++;
    }
}

/* function chgtab = NAME */
static bool scan_function(struct reader *r)
{
    const char *start = r->p;
    char word[NAME_ROOM] = "", name[NAME_ROOM];
    bool ok = scan_name(r, word) && strcmp(word, "function") == 0;
    skip_blank(r);
    ok = ok && scan_name(r, r->variable);
    skip_blank(r);
    ok = ok && *r->p == '=';
    r->p += ok;
    skip_blank(r);
    ok = ok && scan_name(r, name);
    if (!ok)
        FAULT(r, start,
              "not a contingency table of MATPOWER; expected 'function "
              "chgtab = NAME' first");
    return ok;
}

static bool list_rows(struct reader *r)
{
    const struct grid *g = r->grid;
    r->branch_of_row = MEM_ARRAY(int32_t, g->n_branch_row + 1);
    r->unit_of_row = MEM_ARRAY(int32_t, g->n_unit_row + 1);
    if (!r->branch_of_row || !r->unit_of_row)
        return false;
    for (int32_t i = 0; i <= g->n_branch_row; i++)
        r->branch_of_row[i] = -1;
    for (int32_t i = 0; i <= g->n_unit_row; i++)
        r->unit_of_row[i] = -1;
    for (int32_t l = 0; l < g->n_branch; l++)
        r->branch_of_row[g->branch[l].row] = l;
    for (int32_t u = 0; u < g->n_unit; u++)
        r->unit_of_row[g->unit[u].row] = u;
    return true;
}

static void scan(struct reader *r)
{
    skip_blank(r);
    while (*r->p == '\n' || *r->p == '\r') {
        r->p++;
        skip_blank(r);
    }
    if (!scan_function(r))
        return;
    end_statement(r);
    while (!r->no_memory) {
        skip_blank(r);
        if (*r->p == '\0')
            break;
        if (lex_ends_statement(*r->p) || *r->p == '\r')
            r->p++;
        else
            scan_statement(r);
    }
    if (!r->seen)
        FAULT(r, r->src->text, "no table; expected %s = [ rows ]", r->variable);
}

enum err_code contab_read(const struct source *src, const struct grid *grid,
                          struct grid_outages *out, struct err_list *faults,
                          struct err *err)
{
    struct reader r = {.src = src, .grid = grid, .faults = faults, .p = src->text};
    enum err_code code = ERR_OK;
    if (!list_rows(&r))
        r.no_memory = true;
    else
        scan(&r);
    if (r.no_memory)
        code = err_set(err, ERR_NOMEM, "out of memory while reading %s", src->path);
    else
        code = outage_list_group(r.element, r.n, out, err);
    mem_free(r.branch_of_row);
    mem_free(r.unit_of_row);
    mem_free(r.element);
    arena_release(&r.text);
    return code;
}
