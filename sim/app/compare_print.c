/* compare_print.c - differences between runs as tables and as JSON. */
#include "sim/app/compare_print.h"

#include <math.h>
#include <string.h>

#include "sim/app/amount.h"

enum {
    NAME_SIZE = 160,
    LEAST_NAME = 24
};

static void name_of(const struct compare_change *c, char name[NAME_SIZE])
{
    if (c->detail)
        (void)snprintf(name, NAME_SIZE, "%.64s %d %.64s", c->name, (int)c->code,
                       c->detail);
    else
        (void)snprintf(name, NAME_SIZE, "%.150s", c->name);
}

static void hour_of(const struct run_view *a, int32_t t, char text[40])
{
    char date[11];
    bool many = a->trade_date[0] != a->trade_date[a->n_t - 1];
    int32_t minute =
        (int32_t)(a->start_min[t] % 60); /* of every zone that markets are in */
    date_format(a->trade_date[t], date);
    int n = snprintf(text, 40, "HE %d", a->hour_ending[t]);
    if (a->duration_min[t] < 60)
        n += snprintf(text + n, 40 - (size_t)n, ":%02d", minute);
    if (many)
        (void)snprintf(text + n, 40 - (size_t)n, " of %s", date);
}

static const char *in_run(double value, int decimals, char text[AMOUNT_SIZE])
{
    (void)snprintf(text, AMOUNT_SIZE, "%s",
                   isnan(value) ? "not there"
                                : amount_from_number(value, decimals).text);
    return text;
}

static void print_row(const struct run_view *a, enum compare_section s,
                      const struct compare_change *c, int width, FILE *out)
{
    char name[NAME_SIZE], first[AMOUNT_SIZE], second[AMOUNT_SIZE], hour[40];
    int decimals = s == COMPARE_DISPATCH || s == COMPARE_FLOWS ? 1 : 2;
    name_of(c, name);
    (void)fprintf(out, "%-*s %16s %16s", width, name, in_run(c->a, decimals, first),
                  in_run(c->b, decimals, second));
    if (s <= COMPARE_CHARGES) {
        (void)fprintf(out, " %16s\n", amount_from_number(c->b - c->a, 2).text);
        return;
    }
    (void)fprintf(out, " %16s", amount_from_number(c->money_usd, 2).text);
    if (c->interval >= 0) {
        hour_of(a, c->interval, hour);
        (void)fprintf(out, " %12s in %s", amount_from_number(c->most, 2).text, hour);
    }
    (void)fputc('\n', out);
}

static bool moves_money(const struct compare_change *c)
{
    return !(fabs(c->money_usd) < 0.005); /* of totals it is NaN */
}

/* At most top rows, and none that moves no money below one that does: they are in order of
 * money, and --top 0 shows all. */
static size_t rows_to_show(const struct comparison *c, enum compare_section s,
                           int64_t top)
{
    const struct compare_change *change = c->section[s].change;
    size_t n = c->section[s].n, shown = n;
    if (s == COMPARE_TOTALS || top <= 0)
        return n;
    if ((size_t)top < n)
        shown = (size_t)top;
    if (moves_money(&change[0]))
        while (!moves_money(&change[shown - 1]))
            shown--;
    return shown;
}

static void print_rest(const struct compare_change *change, size_t n, FILE *out)
{
    double usd = 0;
    for (size_t i = 0; i < n; i++)
        usd += fabs(change[i].money_usd);
    if (n && moves_money(&change[0]))
        (void)fprintf(out, "... and %zu more, %s USD together\n", n,
                      amount_from_number(usd, 2).text);
    else if (n)
        (void)fprintf(out, "... and %zu more that move no money\n", n);
}

static void print_section(const struct run_view *a, const struct comparison *c,
                          enum compare_section s, int64_t top, FILE *out)
{
    int width = LEAST_NAME;
    char name[NAME_SIZE];
    if (c->section[s].n == 0)
        return;
    size_t shown = rows_to_show(c, s, top);
    for (size_t i = 0; i < shown; i++) {
        name_of(&c->section[s].change[i], name);
        width = (int)strlen(name) > width ? (int)strlen(name) : width;
    }
    (void)snprintf(name, sizeof name, "%s%s%s", compare_section_name(s),
                   *compare_section_unit(s) ? ", " : "", compare_section_unit(s));
    (void)fprintf(out, "\n%-*s %16s %16s %16s%s\n", width, name, "first", "second",
                  s <= COMPARE_CHARGES ? "difference" : "money, USD",
                  s <= COMPARE_CHARGES ? "" : "         most");
    for (size_t i = 0; i < shown; i++)
        print_row(a, s, &c->section[s].change[i], width, out);
    print_rest(c->section[s].change + shown, c->section[s].n - shown, out);
}

void compare_print(const struct run_view *a, const struct run_view *b,
                   const struct comparison *c, int64_t top, FILE *out)
{
    (void)fprintf(out, "first           %s (%s)\nsecond          %s (%s)\n", a->file,
                  a->scenario, b->file, b->scenario);
    (void)fprintf(out, "compared        %zu interval%s of %s", c->n_interval,
                  c->n_interval == 1 ? "" : "s", a->stage + 1);
    if (c->n_only_a || c->n_only_b)
        (void)fprintf(out, "; %zu only in the first, %zu only in the second",
                      c->n_only_a, c->n_only_b);
    (void)fprintf(out, "\n");
    if (comparison_is_empty(c))
        (void)fprintf(out, "no difference\n");
    for (int s = 0; s < COMPARE_SECTIONS; s++)
        print_section(a, c, (enum compare_section)s, top, out);
}

void compare_print_json(struct json *j, const struct run_view *a,
                        const struct run_view *b, const struct comparison *c)
{
    json_open(j, NULL);
    json_text(j, "first", a->file);
    json_text(j, "first_scenario", a->scenario);
    json_text(j, "second", b->file);
    json_text(j, "second_scenario", b->scenario);
    json_text(j, "stage", a->stage + 1);
    json_bool(j, "same", comparison_is_empty(c));
    json_integer(j, "intervals", (int64_t)c->n_interval);
    json_integer(j, "intervals_only_in_first", (int64_t)c->n_only_a);
    json_integer(j, "intervals_only_in_second", (int64_t)c->n_only_b);
    for (int s = 0; s < COMPARE_SECTIONS; s++) {
        json_open_list(j, compare_section_name((enum compare_section)s));
        for (size_t i = 0; i < c->section[s].n; i++) {
            const struct compare_change *x = &c->section[s].change[i];
            char hour[40] = "";
            json_open(j, NULL);
            json_text(j, "name", x->name);
            if (x->detail) {
                json_integer(j, "charge_code", x->code);
                json_text(j, "charge_name", x->detail);
            }
            json_number(j, "first", x->a);
            json_number(j, "second", x->b);
            if (s != COMPARE_TOTALS)
                json_number(j, "money_usd", x->money_usd);
            if (x->interval >= 0) {
                hour_of(a, x->interval, hour);
                json_number(j, "most", x->most);
                json_text(j, "most_in", hour);
            }
            json_close(j);
        }
        json_close_list(j);
    }
    json_close(j);
}
