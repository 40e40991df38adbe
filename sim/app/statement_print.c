/* statement_print.c - statements for people. */
#include "sim/app/statement_print.h"

#include <string.h>

#include "sim/app/amount.h"

enum {
    AMOUNT_AT = 52 /* width of code and name */
};

static bool is_chosen(const struct statement_choice *c, date_t date)
{
    return !c->one_date || c->date == date;
}

static const char *code_name(const struct statements *s, int32_t code)
{
    for (size_t i = 0; i < s->n_code; i++)
        if (s->code[i] == code)
            return s->code_name[i];
    return "";
}

/* ---- one account ---- */

/* The charges of a line. */
static void print_detail(const struct statements *s, size_t line, FILE *out)
{
    for (size_t i = 0; i < s->n_detail; i++) {
        int32_t t = s->detail_interval[i];
        const char *owner = s->detail_sc[i] < 0 ? "ISO" : s->sc_id[s->detail_sc[i]];
        if (s->detail_code[i] != s->line_code[line] ||
            s->detail_version[i] != s->line_version[line] ||
            s->interval_date[t] != s->line_date[line] ||
            strcmp(owner, s->line_sc[line]) != 0)
            continue;
        char when[24];
        int32_t minute = s->detail_minute[i];
        if (s->detail_length[i] < 60)
            (void)snprintf(when, sizeof when, "HE %d:%02d", s->interval_hour[t],
                           minute);
        else
            (void)snprintf(when, sizeof when, "HE %d", s->interval_hour[t]);
        (void)fprintf(out, "        %-8s %-24s  %14s x %12s = %16s\n", when,
                      statements_bearer(s, i),
                      amount_from_number(s->detail_quantity[i], 4).text,
                      amount_from_number(s->detail_price[i], 4).text,
                      amount_from_number(s->detail_usd[i], 4).text);
    }
}

/* The first statement of a day, or a recalculation of it. */
static void print_version(const struct statements *s, const struct statement_choice *c,
                          date_t date, int32_t version, FILE *out)
{
    cents_t net_cents = 0;
    bool any = false;
    for (size_t i = 0; i < s->n_line; i++) {
        if (s->line_date[i] != date || s->line_version[i] != version ||
            strcmp(s->line_sc[i], c->sc) != 0)
            continue;
        if (!any && version > 0) {
            char published[11];
            date_format(s->line_published[i], published);
            (void)fprintf(out, "recalculation %d, published %s: what differs\n",
                          (int)version, published);
        }
        any = true;
        (void)fprintf(out, "  %d  %-*s %16s  [%zu]\n", s->line_code[i], AMOUNT_AT - 8,
                      code_name(s, s->line_code[i]),
                      amount_from_cents(s->line_cents[i]).text, i + 1);
        if (c->detail)
            print_detail(s, i, out);
        net_cents += s->line_cents[i];
    }
    if (any || version == 0)
        (void)fprintf(out, "  %-*s %16s\n", AMOUNT_AT - 2, "net",
                      amount_from_cents(net_cents).text);
}

static void print_day(const struct statements *s, const struct statement_choice *c,
                      date_t date, FILE *out)
{
    char text[11];
    int32_t last = 0;
    date_format(date, text);
    (void)fprintf(out, "\n%s\n", text);
    for (size_t i = 0; i < s->n_line; i++)
        last = s->line_version[i] > last ? s->line_version[i] : last;
    for (int32_t version = 0; version <= last; version++)
        print_version(s, c, date, version, out);
}

void statement_print_one(const struct statements *s, const struct statement_choice *c,
                         FILE *out)
{
    const char *name = "the operator's own account";
    for (size_t i = 0; i < s->n_sc; i++)
        if (strcmp(s->sc_id[i], c->sc) == 0)
            name = s->sc_name[i];
    (void)fprintf(
        out, "statement of %s (%s), %s\nUSD; positive: %s pays; [line] for --explain\n",
        c->sc, name, s->scenario, c->sc);
    for (size_t t = 0; t < s->n_interval; t++)
        if ((t == 0 || s->interval_date[t] != s->interval_date[t - 1]) &&
            is_chosen(c, s->interval_date[t]))
            print_day(s, c, s->interval_date[t], out);
}

/* ---- invoices ---- */

void statement_print_invoices(const struct statements *s, const char *sc, FILE *out)
{
    int width = (int)strlen("account");
    for (size_t i = 0; i < s->n_sc; i++)
        width = (int)strlen(s->sc_id[i]) > width ? (int)strlen(s->sc_id[i]) : width;
    (void)fprintf(
        out, "invoices, %s; USD, positive: pays\n\n%-10s  %-10s  %-*s  %5s  %16s\n",
        s->scenario, "invoice of", "due", width, "account", "lines", "amount");
    for (size_t i = 0; i < s->n_invoice; i++) {
        const char *name = s->invoice_sc[i] < 0 ? "ISO" : s->sc_id[s->invoice_sc[i]];
        char date[11], due[11];
        if (sc && strcmp(sc, name) != 0)
            continue;
        date_format(s->invoice_date[i], date);
        date_format(s->invoice_due[i], due);
        (void)fprintf(out, "%-10s  %-10s  %-*s  %5d  %16s\n", date, due, width, name,
                      s->invoice_lines[i], amount_from_cents(s->invoice_cents[i]).text);
    }
}

/* ---- everybody ---- */

/* Rows: SCs, then the ISO, then the sum. Columns: charge codes, then the net. */
struct grid_of_cents {
    size_t n_row, n_column;
    cents_t *cents; /* [n_row][n_column] */
};

static size_t row_of(const struct statements *s, const char *sc)
{
    size_t i = 0;
    while (i < s->n_sc && strcmp(s->sc_id[i], sc) != 0)
        i++;
    return i;
}

static void fill(const struct statements *s, const struct statement_choice *c,
                 const struct grid_of_cents *g)
{
    for (size_t i = 0; i < s->n_line; i++) {
        size_t column = 0, row = row_of(s, s->line_sc[i]);
        while (column < s->n_code && s->code[column] != s->line_code[i])
            column++;
        if (!is_chosen(c, s->line_date[i]) || column == s->n_code)
            continue;
        for (int k = 0; k < 4; k++) { /* itself, its row's net, its column's sum, all */
            size_t r = k & 1 ? g->n_row - 1 : row;
            size_t q = k & 2 ? g->n_column - 1 : column;
            g->cents[r * g->n_column + q] += s->line_cents[i];
        }
    }
}

/* Codes that nobody is charged under have no column. */
static bool is_used(const struct grid_of_cents *g, size_t column)
{
    bool used = false;
    for (size_t r = 0; r < g->n_row; r++)
        used = used || g->cents[r * g->n_column + column] != 0;
    return used || column == g->n_column - 1;
}

static int width_of(const struct grid_of_cents *g, size_t column)
{
    size_t width = 4;
    for (size_t r = 0; r < g->n_row; r++) {
        size_t n = strlen(amount_from_cents(g->cents[r * g->n_column + column]).text);
        width = n > width ? n : width;
    }
    return (int)width;
}

static void print_grid(const struct statements *s, const struct grid_of_cents *g,
                       FILE *out)
{
    size_t first = 3;
    for (size_t i = 0; i < s->n_sc; i++)
        first = strlen(s->sc_id[i]) > first ? strlen(s->sc_id[i]) : first;
    (void)fprintf(out, "%-*s", (int)first, "");
    for (size_t q = 0; q < s->n_code; q++)
        if (is_used(g, q))
            (void)fprintf(out, "  %*d", width_of(g, q), s->code[q]);
    (void)fprintf(out, "  %*s\n", width_of(g, s->n_code), "net");
    for (size_t r = 0; r < g->n_row; r++) {
        const char *name = r < s->n_sc ? s->sc_id[r] : r == s->n_sc ? "ISO" : "sum";
        (void)fprintf(out, "%-*s", (int)first, name);
        for (size_t q = 0; q < g->n_column; q++)
            if (is_used(g, q))
                (void)fprintf(out, "  %*s", width_of(g, q),
                              amount_from_cents(g->cents[r * g->n_column + q]).text);
        (void)fputc('\n', out);
    }
}

enum err_code statement_print_all(const struct statements *s,
                                  const struct statement_choice *c, FILE *out,
                                  struct err *err)
{
    struct grid_of_cents g = {.n_row = s->n_sc + 2, .n_column = s->n_code + 1};
    struct arena arena = {0};
    char text[11] = "";
    g.cents = ARENA_ARRAY(&arena, cents_t, g.n_row * g.n_column);
    if (!g.cents)
        return err_set(err, ERR_NOMEM, "cannot hold the statements of %zu SCs",
                       s->n_sc);
    fill(s, c, &g);
    if (c->one_date)
        date_format(c->date, text);
    (void)fprintf(out, "statements, %s, %s; USD, positive: pays\n\n", s->scenario,
                  c->one_date ? text : "all trade dates");
    print_grid(s, &g, out);
    (void)fputc('\n', out);
    for (size_t i = 0; i < s->n_code; i++)
        if (is_used(&g, i))
            (void)fprintf(out, "%d  %s\n", s->code[i], s->code_name[i]);
    arena_release(&arena);
    return ERR_OK;
}
