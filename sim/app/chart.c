/* chart.c - a trade day on a terminal. */
#include "sim/app/chart.h"

#include <math.h>
#include <string.h>

#include "sim/app/amount.h"

enum {
    MOST_LINES = 14 /* of bars, above and below zero together */
};

/* ---- bars ---- */

/* The smallest of 1, 2, 5 x 10^k such that range / step <= MOST_LINES. */
static double nice_step(double range)
{
    double step = pow(10, floor(log10(range / MOST_LINES)));
    static const double factor[] = {1, 2, 5, 10};
    for (size_t i = 0; i < sizeof factor / sizeof *factor; i++)
        if (range <= step * factor[i] * MOST_LINES)
            return step * factor[i];
    return step * 20;
}

/* Lines are numbered from the zero line: line k > 0 is (k-1, k] steps, k < 0 below. */
static bool covers(double value, double step, int line)
{
    double middle = line > 0 ? (line - 0.5) * step : (line + 0.5) * step;
    return line > 0 ? value >= middle : value <= middle;
}

void chart_print_bars(const double *value, const int *label, int n, const char *title,
                      FILE *out)
{
    double lowest = 0, highest = 0;
    for (int i = 0; i < n; i++) {
        lowest = value[i] < lowest ? value[i] : lowest;
        highest = value[i] > highest ? value[i] : highest;
    }
    double step = highest - lowest > 1e-6 ? nice_step(highest - lowest) : 1;
    int top = (int)floor(highest / step + 0.5);
    int bottom = -(int)floor(0.5 - lowest / step);
    (void)fprintf(out, "%10s\n", title);
    for (int line = top; line >= bottom; line--) {
        (void)fprintf(out, "%10s %c", amount_from_number(line * step, step < 1).text,
                      line ? '|' : '+');
        int blanks = 0; /* printed only before something else */
        for (int i = 0; i < n; i++)
            if (line != 0 && !covers(value[i], step, line)) {
                blanks += 3;
            } else {
                (void)fprintf(out, "%*s%s", blanks, "", line == 0 ? "---" : " ##");
                blanks = 0;
            }
        (void)fputc('\n', out);
    }
    (void)fprintf(out, "%10s  ", "HE");
    for (int i = 0; i < n; i++)
        (void)fprintf(out, " %2d", label[i]);
    (void)fputc('\n', out);
}

/* ---- table ---- */

/* What a resource counts as; loads count for the load and the average price. */
enum column {
    COLUMN_LOAD,
    COLUMN_SUN,
    COLUMN_WIND,
    COLUMN_STORAGE,
    COLUMN_TIES,
    COLUMN_OTHER,
    COLUMN_VIRTUAL,
    COLUMNS
};

static enum column column_of(const struct resource *r)
{
    if (r->type == RESOURCE_LOAD)
        return COLUMN_LOAD;
    if (r->type == RESOURCE_STORAGE)
        return COLUMN_STORAGE;
    if (r->type == RESOURCE_IMPORT || r->type == RESOURCE_EXPORT)
        return COLUMN_TIES;
    if (r->type == RESOURCE_GENERATOR && strcmp(r->technology, "solar") == 0)
        return COLUMN_SUN;
    if (r->type == RESOURCE_GENERATOR && strcmp(r->technology, "wind") == 0)
        return COLUMN_WIND;
    return COLUMN_OTHER;
}

struct hour {
    double mw[COLUMNS];
    double average, lowest, highest; /* USD/MWh */
};

static struct hour hour_of(const struct run *run, int32_t t)
{
    const struct market *m = &run->market;
    const double *lmp = run->outcome.lmp + (int64_t)t * m->n_node;
    const double *award_mw = run->outcome.award_mw + (int64_t)t * m->n_resource;
    struct hour h = {.lowest = lmp[0], .highest = lmp[0]};
    double paid = 0, plain = 0;
    for (int32_t n = 0; n < m->n_node; n++) {
        plain += lmp[n] / m->n_node;
        h.lowest = fmin(h.lowest, lmp[n]);
        h.highest = fmax(h.highest, lmp[n]);
    }
    for (int32_t r = 0; r < m->n_resource; r++) {
        enum column c = column_of(&m->resource[r]);
        double mw = c == COLUMN_LOAD ? -award_mw[r] : award_mw[r];
        h.mw[c] += mw;
        paid += c == COLUMN_LOAD ? mw * lmp[m->resource[r].node] : 0;
    }
    for (int32_t v = 0; v < m->n_virtual; v++)
        h.mw[COLUMN_VIRTUAL] +=
            run->outcome.virtual_award_mw[(int64_t)t * m->n_virtual + v];
    h.average = h.mw[COLUMN_LOAD] > 1e-6 ? paid / h.mw[COLUMN_LOAD] : plain;
    return h;
}

static void print_rows(const struct hour *hour, const int *label, int n, FILE *out)
{
    (void)fprintf(out, "%10s  %8s  %8s %8s %8s  %7s %7s %7s %7s %7s %7s\n", "", "load",
                  "average", "lowest", "highest", "sun", "wind", "storage", "imports",
                  "other", "virtual");
    (void)fprintf(out, "%10s  %8s  %26s  %s\n", "HE", "MW", "USD/MWh         ",
                  "  MW; storage, imports and virtual bids net");
    for (int i = 0; i < n; i++) {
        (void)fprintf(out, "%10d  %8s  %8s %8s %8s ", label[i],
                      amount_from_number(hour[i].mw[COLUMN_LOAD], 0).text,
                      amount_from_number(hour[i].average, 2).text,
                      amount_from_number(hour[i].lowest, 2).text,
                      amount_from_number(hour[i].highest, 2).text);
        for (int c = COLUMN_LOAD + 1; c < COLUMNS; c++)
            (void)fprintf(out, " %7s", amount_from_number(hour[i].mw[c], 0).text);
        (void)fputc('\n', out);
    }
}

void chart_print(const struct run *run, FILE *out)
{
    const struct market *m = &run->market;
    for (int32_t d = 0; d < m->n_day; d++) {
        struct hour hour[CALENDAR_MAX_HOURS];
        double average[CALENDAR_MAX_HOURS];
        char date[11];
        for (int h = 0; h < m->day[d].n_hours; h++) {
            hour[h] = hour_of(run, m->first_interval[d] + h);
            average[h] = hour[h].average;
        }
        date_format(m->day[d].date, date);
        (void)fprintf(out, "%s %s: average price by hour, weighted by load\n\n",
                      m->name, date);
        chart_print_bars(average, m->day[d].hour_ending, m->day[d].n_hours, "USD/MWh",
                         out);
        (void)fputc('\n', out);
        print_rows(hour, m->day[d].hour_ending, m->day[d].n_hours, out);
        (void)fputc('\n', out);
    }
}
