/* statement_explain.c - one line of a statement down to what it was made of. */
#include "sim/app/statement_explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/app/amount.h"
#include "sim/app/charge_inputs.h"

enum {
    MOST_CHARGES = 12
};

struct asked {
    const struct run_read *rd;
    const struct statements *s;
    struct arena arena;
    size_t line;
    const char *formula, *inputs, *group, *who;
    struct charge_inputs in;
    struct charge {
        size_t at; /* interval line */
        double usd;
    } * charge; /* [n_charge] largest first */
    size_t n_charge;
};

/* ---- reading ---- */

static enum err_code load_tables(struct asked *a, struct err *err)
{
    const char **formula, **inputs, **group, **who;
    const struct {
        const char *path;
        void *pointer;
        size_t n;
    } want[] = {
        {"/settlement/charge_code_formula", &formula, a->s->n_code},
        {"/settlement/charge_code_inputs", &inputs, a->s->n_code},
        {"/settlement/charge_code_group", &group, a->s->n_code},
        {"/settlement/charge_code_who", &who, a->s->n_code},
    };
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < sizeof want / sizeof *want && !code; i++) {
        size_t n;
        void *array = NULL;
        code = run_read_table(a->rd, want[i].path, &a->arena, &array, &n, err);
        memcpy(want[i].pointer, &array, sizeof array);
        if (!code && n != want[i].n)
            code =
                err_set(err, ERR_INPUT, "%s is not as long as its list", want[i].path);
    }
    a->formula = a->inputs = a->group = a->who = "";
    for (size_t i = 0; i < a->s->n_code && !code; i++)
        if (a->s->code[i] == a->s->line_code[a->line]) {
            a->formula = formula[i];
            a->inputs = inputs[i];
            a->group = group[i];
            a->who = who[i];
        }
    return code;
}

/* Whether a code divides something among those who have a part in it. */
static bool is_divided(const char *formula)
{
    return strstr(formula, "share of") || strstr(formula, "min(");
}

static enum err_code load_inputs(struct asked *a, struct err *err)
{
    a->in = (struct charge_inputs){.rd = a->rd,
                                   .s = a->s,
                                   .arena = &a->arena,
                                   .code = a->s->line_code[a->line],
                                   .version = a->s->line_version[a->line]};
    return charge_inputs_read(&a->in, a->inputs, is_divided(a->formula), err);
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
            a->s->detail_version[i] == a->s->line_version[a->line] &&
            s->interval_date[s->detail_interval[i]] == s->line_date[a->line] &&
            strcmp(account(s, i), s->line_sc[a->line]) == 0)
            a->charge[a->n_charge++] = (struct charge){i, s->detail_usd[i]};
    if (!all && a->n_charge)
        qsort(a->charge, a->n_charge, sizeof *a->charge, largest_first);
    return ERR_OK;
}

/* ---- telling ---- */

/* Of a recalculation: what stood for the same before, and what stands now. */
static void print_change(const struct asked *a, size_t i, FILE *out)
{
    const struct statements *s = a->s;
    double quantity = 0, usd = 0;
    if (s->detail_version[i] == 0)
        return;
    for (size_t k = 0; k < s->n_detail; k++)
        if (s->detail_code[k] == s->detail_code[i] &&
            s->detail_sc[k] == s->detail_sc[i] &&
            s->detail_resource[k] == s->detail_resource[i] &&
            s->detail_position[k] == s->detail_position[i] &&
            s->detail_interval[k] == s->detail_interval[i] &&
            s->detail_minute[k] == s->detail_minute[i] &&
            s->detail_version[k] < s->detail_version[i]) {
            quantity += s->detail_quantity[k];
            usd += s->detail_usd[k];
        }
    (void)fprintf(out, "           was %s, %s USD",
                  amount_from_number(quantity, 4).text,
                  amount_from_number(usd, 4).text);
    (void)fprintf(out, "; is %s, %s USD\n",
                  amount_from_number(quantity + s->detail_quantity[i], 4).text,
                  amount_from_number(usd + s->detail_usd[i], 4).text);
}

static void print_charge(const struct asked *a, size_t i, FILE *out)
{
    const struct statements *s = a->s;
    char when[24];
    int32_t hour = s->interval_hour[s->detail_interval[i]];
    if (s->detail_length[i] < 60)
        (void)snprintf(when, sizeof when, "HE %d:%02d", (int)hour,
                       (int)s->detail_minute[i]);
    else
        (void)snprintf(when, sizeof when, "HE %d", (int)hour);
    bool differs = s->detail_version[i] > 0; /* which is no product */
    (void)fprintf(
        out, "  %-9s  %-28s %14s %s %12s %s %16s\n", when, statements_bearer(s, i),
        amount_from_number(s->detail_quantity[i], 4).text, differs ? " " : "x",
        differs ? "" : amount_from_number(s->detail_price[i], 4).text,
        differs ? " " : "=", amount_from_number(s->detail_usd[i], 4).text);
    print_change(a, i, out);
    charge_inputs_print(&a->in, i, out);
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
    date_format(a->s->line_published[a->line], published);
    (void)fprintf(out, "line %lld, %s: %s %s %s USD for %s\n", (long long)line,
                  s->scenario, s->line_sc[a->line], pays ? "pays" : "is paid",
                  amount_from_cents(cents).text, date);
    (void)fprintf(out, "%d  %s\n", (int)s->line_code[a->line], name);
    (void)fprintf(out, "amount   %s\n", a->formula);
    (void)fprintf(out, "who      %s; group %s adds up to zero\n", a->who, a->group);
    (void)fprintf(out, "from     %s\n", a->inputs);
    (void)fprintf(out, "version  %d, published %s%s\n",
                  (int)a->s->line_version[a->line], published,
                  a->s->line_version[a->line] > 0
                      ? "; what differs from the statement before"
                      : "");
}

/* Hours of bid cost recovery in which the resource was not short count, too. */
static void print_balance(const struct asked *a, int32_t r, FILE *out)
{
    const struct charge_input *of = a->in.input; /* cost, cost, cost, revenue */
    const struct statements *s = a->s;
    double net = 0, positive = 0;
    for (size_t t = 0; t < s->n_interval; t++) {
        size_t k = t * s->n_resource + (size_t)r;
        if (s->interval_date[t] != s->line_date[a->line])
            continue;
        double usd = of[0].value[k] + of[1].value[k] + of[2].value[k] - of[3].value[k];
        net += usd;
        positive += fmax(0, usd);
    }
    (void)fprintf(out, "  %s: the day is %s USD short, its short hours are %s\n",
                  s->resource_id[r], amount_from_number(net, 4).text,
                  amount_from_number(positive, 4).text);
}

/* What the day of each resource came to, of a code of bid cost recovery. */
static void print_balances(const struct asked *a, FILE *out)
{
    const struct statements *s = a->s;
    bool has =
        strncmp(a->inputs, "/settlement/recovery/", 21) == 0 && a->in.n_input > 3;
    for (int k = 0; k < 4 && has; k++)
        has = a->in.input[k].value && a->in.input[k].n_t == s->n_interval &&
              a->in.input[k].n_other == s->n_resource;
    for (size_t i = 0; i < a->n_charge && has; i++) {
        int32_t r = s->detail_resource[a->charge[i].at];
        bool told = r < 0;
        for (size_t k = 0; k < i && !told; k++)
            told = s->detail_resource[a->charge[k].at] == r;
        if (!told)
            print_balance(a, r, out);
    }
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
    if (a->s->line_version[a->line] == 0)
        print_balances(a, out);
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
