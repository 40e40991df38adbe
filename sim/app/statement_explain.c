/* statement_explain.c - one line of a statement down to what it was made of. */
#include "sim/app/statement_explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/app/amount.h"

enum {
    MOST_CHARGES = 12,
    MOST_INPUTS = 8,
    PATH_SIZE = 96
};

/* A table that a code is made of, and what its dimensions are. */
struct input {
    char path[PATH_SIZE];
    const double *value; /* NULL: a code, or a table that has no value per interval */
    size_t n_t, n_other;
    const int64_t *start_min; /* [n_t] */
    enum {
        OF_INTERVAL,
        OF_RESOURCE,
        OF_POSITION,
        OF_NODE,
        OF_AREA
    } of;
    int32_t code; /* 0 = a table */
};

struct asked {
    const struct run_read *rd;
    const struct statements *s;
    struct arena arena;
    size_t line;
    const int32_t *line_version, *line_published;
    const int32_t *version, *minute, *length; /* of interval lines */
    const int64_t *hour_start_min;            /* [n_interval] */
    const int32_t *resource_node, *position_node;
    const int32_t *node_area; /* [n_node] utility areas; NULL = the system is one */
    size_t n_node;
    const int32_t *area_sc; /* [n_area] who answers for a subsystem, -1 = nobody */
    size_t n_area;
    const char *formula, *inputs, *group, *who;
    struct input input[MOST_INPUTS];
    int n_input;
    struct charge {
        size_t at; /* interval line */
        double usd;
    } * charge; /* [n_charge] largest first */
    size_t n_charge;
};

/* ---- reading ---- */

static enum err_code table(struct asked *a, const char *path, void *pointer, size_t *n,
                           struct err *err)
{
    void *array = NULL;
    enum err_code code = run_read_table(a->rd, path, &a->arena, &array, n, err);
    memcpy(pointer, &array, sizeof array);
    return code;
}

static enum err_code load_tables(struct asked *a, struct err *err)
{
    const char **formula, **inputs, **group, **who;
    const struct {
        const char *path;
        void *pointer;
        size_t n;
    } want[] = {
        {"/settlement/statement/version", &a->line_version, a->s->n_line},
        {"/settlement/statement/published", &a->line_published, a->s->n_line},
        {"/settlement/interval_line/version", &a->version, a->s->n_detail},
        {"/settlement/interval_line/minute", &a->minute, a->s->n_detail},
        {"/settlement/interval_line/length", &a->length, a->s->n_detail},
        {"/day_ahead/interval", &a->hour_start_min, a->s->n_interval},
        {"/input/resource/node", &a->resource_node, a->s->n_resource},
        {"/input/virtual/node", &a->position_node, a->s->n_position},
        {"/settlement/charge_code_formula", &formula, a->s->n_code},
        {"/settlement/charge_code_inputs", &inputs, a->s->n_code},
        {"/settlement/charge_code_group", &group, a->s->n_code},
        {"/settlement/charge_code_who", &who, a->s->n_code},
    };
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < sizeof want / sizeof *want && !code; i++) {
        size_t n;
        code = table(a, want[i].path, want[i].pointer, &n, err);
        if (!code && n != want[i].n)
            code =
                err_set(err, ERR_INPUT, "%s is not as long as its list", want[i].path);
    }
    a->formula = a->inputs = a->group = a->who = "";
    if (!code && run_read_has(a->rd, "/input/node/utility_area"))
        code = table(a, "/input/node/utility_area", &a->node_area, &a->n_node, err);
    if (!code && run_read_has(a->rd, "/meter/area_sc"))
        code = table(a, "/meter/area_sc", &a->area_sc, &a->n_area, err);
    for (size_t i = 0; i < a->s->n_code && !code; i++)
        if (a->s->code[i] == a->s->line_code[a->line]) {
            a->formula = formula[i];
            a->inputs = inputs[i];
            a->group = group[i];
            a->who = who[i];
        }
    return code;
}

static bool ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n >= m && strcmp(path + n - m, end) == 0;
}

/* A table with a value for each interval of a stage, alone or beside one more dimension. */
static enum err_code load_input(struct asked *a, struct input *in, struct err *err)
{
    const struct table *t = schema_find(in->path);
    size_t n;
    if (!t || t->role != TABLE_VARIABLE || t->type != TABLE_F64 ||
        !ends_in(t->dim[0], "/interval") || !run_read_has(a->rd, in->path))
        return ERR_OK;
    if (t->rank == 2 && strcmp(t->dim[1], "/resource") == 0)
        in->of = OF_RESOURCE;
    else if (t->rank == 2 && strcmp(t->dim[1], "/virtual") == 0)
        in->of = OF_POSITION;
    else if (t->rank == 2 && strcmp(t->dim[1], "/node") == 0)
        in->of = OF_NODE;
    else if (t->rank == 2 && strcmp(t->dim[1], "/meter/utility_area") == 0)
        in->of = OF_AREA;
    else if (t->rank == 2)
        return ERR_OK;
    enum err_code code = table(a, t->dim[0], &in->start_min, &in->n_t, err);
    if (!code)
        code = table(a, in->path, &in->value, &n, err);
    if (!code && in->n_t)
        in->n_other = n / in->n_t;
    return code;
}

static enum err_code load_inputs(struct asked *a, struct err *err)
{
    enum err_code code = ERR_OK;
    for (const char *p = a->inputs; *p && a->n_input < MOST_INPUTS && !code;) {
        size_t n = strcspn(p, " ");
        struct input *in = &a->input[a->n_input++];
        *in = (struct input){.n_t = 0};
        (void)snprintf(in->path, sizeof in->path, "%.*s",
                       (int)(n < PATH_SIZE ? n : PATH_SIZE - 1), p);
        if (*in->path == '/')
            code = load_input(a, in, err);
        else
            in->code = (int32_t)strtol(in->path, NULL, 10);
        p += n + (p[n] == ' ');
    }
    return code;
}

/* ---- the charges of the line ---- */

static const char *account(const struct statements *s, size_t i)
{
    return s->detail_sc[i] < 0 ? "ISO" : s->sc_id[s->detail_sc[i]];
}

static int largest_first(const void *pa, const void *pb)
{
    const struct charge *a = pa, *b = pb;
    double x = fabs(a->usd), y = fabs(b->usd);
    if (x > y || x < y)
        return x > y ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static enum err_code find_charges(struct asked *a, bool all, struct err *err)
{
    const struct statements *s = a->s;
    a->charge = ARENA_ARRAY(&a->arena, struct charge, s->n_detail);
    if (!a->charge)
        return err_set(err, ERR_NOMEM, "cannot hold the charges of a line");
    for (size_t i = 0; i < s->n_detail; i++)
        if (s->detail_code[i] == s->line_code[a->line] &&
            a->version[i] == a->line_version[a->line] &&
            s->interval_date[s->detail_interval[i]] == s->line_date[a->line] &&
            strcmp(account(s, i), s->line_sc[a->line]) == 0)
            a->charge[a->n_charge++] = (struct charge){i, s->detail_usd[i]};
    if (!all && a->n_charge)
        qsort(a->charge, a->n_charge, sizeof *a->charge, largest_first);
    return ERR_OK;
}

/* ---- telling ---- */

static const char *bearer(const struct statements *s, size_t i)
{
    if (s->detail_position[i] >= 0)
        return s->position_id[s->detail_position[i]];
    return s->detail_resource[i] >= 0 ? s->resource_id[s->detail_resource[i]] : "-";
}

/* The node that a resource or position is at, -1 = none. */
static int32_t node_of(const struct asked *a, int32_t r, int32_t v)
{
    return r >= 0 ? a->resource_node[r] : v >= 0 ? a->position_node[v] : -1;
}

/* The utility area that a charge is for: of its resource, else of who answers for one. */
static int32_t area_of(const struct asked *a, size_t i)
{
    const struct statements *s = a->s;
    int32_t node = node_of(a, s->detail_resource[i], s->detail_position[i]), area = 0;
    if (node >= 0)
        return a->node_area && (size_t)node < a->n_node ? a->node_area[node] : -1;
    while ((size_t)area < a->n_area && a->area_sc[area] != s->detail_sc[i])
        area++;
    return s->detail_sc[i] >= 0 && (size_t)area < a->n_area ? area : -1;
}

/* The mean of a table over what a charge is for, energy summed up; NaN where it has no value. */
static double value_at(const struct asked *a, const struct input *in, size_t i)
{
    const struct statements *s = a->s;
    int32_t r = s->detail_resource[i], v = s->detail_position[i], other = 0;
    int64_t start = a->hour_start_min[s->detail_interval[i]] + a->minute[i];
    size_t t = 0;
    switch (in->of) {
    case OF_RESOURCE:
        other = r;
        break;
    case OF_POSITION:
        other = v;
        break;
    case OF_NODE:
        other = node_of(a, r, v);
        break;
    case OF_AREA:
        other = area_of(a, i);
        break;
    case OF_INTERVAL:
        break;
    }
    if (!in->value || other < 0 || (size_t)other >= in->n_other)
        return (double)NAN;
    while (t + 1 < in->n_t && in->start_min[t + 1] <= start)
        t++;
    size_t end = t + 1;
    while (end < in->n_t && in->start_min[end] < start + a->length[i])
        end++;
    double sum = 0;
    for (size_t k = t; k < end; k++)
        sum += in->value[k * in->n_other + (size_t)other];
    const struct table *table = schema_find(in->path);
    bool adds_up = table && strcmp(table->unit, "MWh") == 0;
    return adds_up ? sum : sum / (double)(end - t);
}

/* What a code comes to in the hour of a charge, over everybody. */
static double of_hour(const struct asked *a, int32_t code, size_t i)
{
    const struct statements *s = a->s;
    double sum = 0;
    for (size_t k = 0; k < s->n_detail; k++)
        if (s->detail_code[k] == code &&
            s->detail_interval[k] == s->detail_interval[i] &&
            a->version[k] == a->version[i])
            sum += s->detail_usd[k];
    return sum;
}

static void print_inputs(const struct asked *a, size_t i, FILE *out)
{
    const char *before = "           ";
    for (int k = 0; k < a->n_input; k++) {
        const struct input *in = &a->input[k];
        double value = in->code ? of_hour(a, in->code, i) : value_at(a, in, i);
        const struct table *t = in->code ? NULL : schema_find(in->path);
        if (isnan(value))
            continue;
        (void)fprintf(out, "%s%s %s %s", before, in->path,
                      amount_from_number(value, 4).text,
                      in->code ? "USD in that hour"
                      : t      ? t->unit
                               : "");
        before = ", ";
    }
    if (strcmp(before, ", ") == 0)
        (void)fputc('\n', out);
}

static void print_charge(const struct asked *a, size_t i, FILE *out)
{
    const struct statements *s = a->s;
    char when[24];
    int32_t hour = s->interval_hour[s->detail_interval[i]];
    if (a->length[i] < 60)
        (void)snprintf(when, sizeof when, "HE %d:%02d", (int)hour, (int)a->minute[i]);
    else
        (void)snprintf(when, sizeof when, "HE %d", (int)hour);
    (void)fprintf(out, "  %-9s  %-28s %14s x %12s = %16s\n", when, bearer(s, i),
                  amount_from_number(s->detail_quantity[i], 4).text,
                  amount_from_number(s->detail_price[i], 4).text,
                  amount_from_number(s->detail_usd[i], 4).text);
    print_inputs(a, i, out);
}

static void print_head(const struct asked *a, int64_t line, FILE *out)
{
    const struct statements *s = a->s;
    char date[11], published[11];
    const char *name = "";
    bool pays = s->line_cents[a->line] >= 0;
    cents_t cents = pays ? s->line_cents[a->line] : -s->line_cents[a->line];
    for (size_t k = 0; k < s->n_code; k++)
        if (s->code[k] == s->line_code[a->line])
            name = s->code_name[k];
    date_format(s->line_date[a->line], date);
    date_format(a->line_published[a->line], published);
    (void)fprintf(out, "line %lld, %s: %s %s %s USD for %s\n", (long long)line,
                  s->scenario, s->line_sc[a->line], pays ? "pays" : "is paid",
                  amount_from_cents(cents).text, date);
    (void)fprintf(out, "%d  %s\n", (int)s->line_code[a->line], name);
    (void)fprintf(out, "amount   %s\n", a->formula);
    (void)fprintf(out, "who      %s; group %s adds up to zero\n", a->who, a->group);
    (void)fprintf(out, "from     %s\n", a->inputs);
    (void)fprintf(out, "version  %d, published %s\n", (int)a->line_version[a->line],
                  published);
}

static void print_charges(const struct asked *a, bool all, FILE *out)
{
    size_t shown = all || a->n_charge < MOST_CHARGES ? a->n_charge : MOST_CHARGES;
    double sum = 0, rest = 0;
    for (size_t k = 0; k < a->n_charge; k++) {
        sum += a->charge[k].usd;
        rest += k >= shown ? a->charge[k].usd : 0;
    }
    if (a->n_charge == 0) {
        (void)fprintf(out,
                      "\nIt has no charges per resource and interval: it is made of "
                      "whole lines.\n");
        return;
    }
    (void)fprintf(out, "\n  %-9s  %-28s %14s   %12s   %16s\n", "hour", "for whom",
                  "quantity", "price", "USD");
    for (size_t k = 0; k < shown; k++)
        print_charge(a, a->charge[k].at, out);
    if (shown < a->n_charge)
        (void)fprintf(out,
                      "  ... and %zu smaller charges, %s USD (--detail shows all)\n",
                      a->n_charge - shown, amount_from_number(rest, 4).text);
    (void)fprintf(
        out, "\n%zu charge%s, %s USD in all; the line is that in whole cents.\n",
        a->n_charge, a->n_charge == 1 ? "" : "s", amount_from_number(sum, 6).text);
}

enum err_code statement_explain(const struct run_read *rd, const struct statements *s,
                                int64_t line, bool all, FILE *out, struct err *err)
{
    struct asked a = {.rd = rd, .s = s};
    if (line < 1 || (uint64_t)line > s->n_line)
        return err_set(err, ERR_USAGE,
                       "--explain: there is no line %lld; expected 1 to %zu",
                       (long long)line, s->n_line);
    a.line = (size_t)(line - 1);
    enum err_code code = load_tables(&a, err);
    if (!code)
        code = load_inputs(&a, err);
    if (!code)
        code = find_charges(&a, all, err);
    if (!code) {
        print_head(&a, line, out);
        print_charges(&a, all, out);
    }
    arena_release(&a.arena);
    return code;
}
