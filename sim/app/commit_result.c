/* commit_result.c - a solved instance of unit commitment, for people and as JSON. */
#include "sim/app/commit_result.h"

#include <math.h>

#include "sim/app/amount.h"
#include "sim/app/json_out.h"
#include "sim/base/mem.h"

/* Rounding, not load that is not served: MWh, and of the load. */
static const double NOTHING_MWH = 1e-6, NOTHING = 1e-9;

/* ---- facts ---- */

struct range {
    double lowest, highest;
    int32_t lowest_interval, highest_interval;
};

struct result_facts {
    int32_t least_on, most_on, n_start;
    double start_cost_usd;
    struct range lmp, hull;
    bool has_hull;                                /* not with services */
    double reserve_max_usd, hull_reserve_max_usd; /* dearest requirement */
    double make_whole_usd, lost_usd, hull_make_whole_usd, hull_lost_usd;
    double shortage_mwh, surplus_mwh, shortfall_mwh;
    double nothing_mwh; /* of them: rounding */
};

static size_t cell(int32_t t, int32_t i, int32_t n)
{
    return (size_t)t * (size_t)n + (size_t)i;
}

static void widen(struct range *r, double value, int32_t t)
{
    if (value < r->lowest) {
        r->lowest = value;
        r->lowest_interval = t;
    }
    if (value > r->highest) {
        r->highest = value;
        r->highest_interval = t;
    }
}

/* Over all intervals, and all buses where there is a network. */
static struct range price_range(const struct commit_case *c, const double *lambda,
                                const double *congestion)
{
    struct range r = {(double)INFINITY, -(double)INFINITY, 0, 0};
    int32_t n_bus = congestion ? c->network.n_bus : 1;
    for (int32_t t = 0; t < c->problem.n_interval; t++)
        for (int32_t b = 0; b < n_bus; b++)
            widen(&r, lambda[t] + (congestion ? congestion[cell(t, b, n_bus)] : 0), t);
    return r;
}

static double largest(const double *x, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, x[i]);
    return most;
}

static void count_units(const struct commit_result *r, struct result_facts *f)
{
    const struct commit_problem *p = &r->instance->problem;
    f->least_on = p->n_unit;
    for (int32_t t = 0; t < p->n_interval; t++) {
        int32_t n_on = 0;
        for (int32_t g = 0; g < p->n_unit; g++) {
            size_t at = cell(t, g, p->n_unit);
            bool before = t > 0 ? r->answer->on[cell(t - 1, g, p->n_unit)] != 0
                                : p->unit[g].on_before;
            if (p->unit[g].store) /* of which nothing is decided but power */
                continue;
            n_on += r->answer->on[at] != 0;
            f->n_start += r->answer->on[at] && !before;
            f->start_cost_usd += r->answer->start_cost_usd[at];
        }
        f->least_on = n_on < f->least_on ? n_on : f->least_on;
        f->most_on = n_on > f->most_on ? n_on : f->most_on;
    }
    for (int32_t g = 0; g < p->n_unit; g++) {
        f->make_whole_usd += r->uplift[g].make_whole_usd;
        f->lost_usd += r->uplift[g].lost_opportunity_usd;
        f->hull_make_whole_usd += r->hull_uplift[g].make_whole_usd;
        f->hull_lost_usd += r->hull_uplift[g].lost_opportunity_usd;
    }
}

static struct result_facts facts_of(const struct commit_result *r)
{
    const struct commit_problem *p = &r->instance->problem;
    const struct commit_answer *a = r->answer;
    size_t n_need = (size_t)p->n_interval * (size_t)p->n_requirement;
    struct result_facts f = {0};
    count_units(r, &f);
    f.lmp = price_range(r->instance, a->lambda_usd_per_mwh, a->congestion_usd_per_mwh);
    f.reserve_max_usd = largest(a->requirement_usd_per_mw, n_need);
    f.has_hull = a->hull_lambda_usd_per_mwh;
    if (f.has_hull) {
        f.hull = price_range(r->instance, a->hull_lambda_usd_per_mwh,
                             a->hull_congestion_usd_per_mwh);
        f.hull_reserve_max_usd = largest(a->hull_requirement_usd_per_mw, n_need);
    } else {
        f.hull.lowest = f.hull.highest = f.hull_reserve_max_usd = (double)NAN;
        f.hull_make_whole_usd = f.hull_lost_usd = (double)NAN;
    }
    double load_mwh = 0;
    for (int32_t t = 0; t < p->n_interval; t++) {
        load_mwh += p->interval_h * fabs(p->load_mw[t]);
        f.shortage_mwh += p->interval_h * a->shortage_mw[t];
        f.surplus_mwh += p->interval_h * a->surplus_mw[t];
    }
    for (size_t i = 0; i < n_need; i++)
        f.shortfall_mwh += p->interval_h * a->shortfall_mw[i];
    f.nothing_mwh = fmax(NOTHING_MWH, NOTHING * load_mwh);
    return f;
}

bool commit_result_is_unserved(const struct commit_result *r)
{
    struct result_facts f = facts_of(r);
    return f.shortage_mwh + f.surplus_mwh + f.shortfall_mwh > f.nothing_mwh;
}

/* ---- for people ---- */

static const char *plural(int32_t n)
{
    return n == 1 ? "" : "s";
}

static void print_head(const struct commit_result *r, FILE *out)
{
    const struct commit_case *c = r->instance;
    const struct commit_problem *p = &c->problem;
    const int32_t n_outage = p->outages ? p->outages->n_outage : 0;
    const int32_t stores = commit_case_stores(c), n_unit = p->n_unit - stores;
    (void)fprintf(out, "%s (%s): %d unit%s, ", r->name, commit_format_name(c->format),
                  n_unit, plural(n_unit));
    if (stores > 0)
        (void)fprintf(out, "%d store%s, ", stores, plural(stores));
    (void)fprintf(out, "%d other%s, %d interval%s of %g min", p->n_other,
                  plural(p->n_other), p->n_interval, plural(p->n_interval),
                  60 * p->interval_h);
    if (c->has_network)
        (void)fprintf(out, "; %d buses, %d branches, %d outage%s", c->network.n_bus,
                      c->network.n_branch, n_outage, plural(n_outage));
    (void)fprintf(out, "\n");
}

static void print_prices(const struct result_facts *f, FILE *out)
{
    (void)fprintf(out,
                  "lowest price    %s USD/MWh in interval %d\n"
                  "highest price   %s USD/MWh in interval %d\n",
                  amount_from_number(f->lmp.lowest, 4).text, f->lmp.lowest_interval + 1,
                  amount_from_number(f->lmp.highest, 4).text,
                  f->lmp.highest_interval + 1);
    if (!f->has_hull) {
        (void)fprintf(out, "reserve price   up to %s USD/MW\n",
                      amount_from_number(f->reserve_max_usd, 4).text);
        return;
    }
    (void)fprintf(out,
                  "convex hull     %s to %s USD/MWh\n"
                  "reserve price   up to %s USD/MW, convex hull %s\n",
                  amount_from_number(f->hull.lowest, 4).text,
                  amount_from_number(f->hull.highest, 4).text,
                  amount_from_number(f->reserve_max_usd, 4).text,
                  amount_from_number(f->hull_reserve_max_usd, 4).text);
}

static void print_uplift(const struct result_facts *f, FILE *out)
{
    if (!f->has_hull) {
        (void)fprintf(out, "make-whole      %s USD\n",
                      amount_from_number(f->make_whole_usd, 2).text);
        return;
    }
    (void)fprintf(out,
                  "make-whole      %s USD, at convex hull prices %s\n"
                  "opportunity     %s USD lost, at convex hull prices %s\n",
                  amount_from_number(f->make_whole_usd, 2).text,
                  amount_from_number(f->hull_make_whole_usd, 2).text,
                  amount_from_number(f->lost_usd, 2).text,
                  amount_from_number(f->hull_lost_usd, 2).text);
}

static void print_unserved(const struct result_facts *f, FILE *out)
{
    if (f->shortage_mwh > f->nothing_mwh)
        (void)fprintf(out, "not served      %s MWh of load\n",
                      amount_from_number(f->shortage_mwh, 3).text);
    if (f->surplus_mwh > f->nothing_mwh)
        (void)fprintf(out, "not taken       %s MWh of power\n",
                      amount_from_number(f->surplus_mwh, 3).text);
    if (f->shortfall_mwh > f->nothing_mwh)
        (void)fprintf(out, "not held        %s MWh of reserve\n",
                      amount_from_number(f->shortfall_mwh, 3).text);
}

void commit_result_print(const struct commit_result *r, FILE *out)
{
    const struct commit_answer *a = r->answer;
    const struct commit_stats *s = &a->stats;
    struct result_facts f = facts_of(r);
    print_head(r, out);
    (void)fprintf(out,
                  "cost            %s USD, at most %.4f %% above the least\n"
                  "bound           %s USD: no commitment costs less\n"
                  "units on        %d to %d; %d start%s for %s USD\n",
                  amount_from_number(a->cost_usd, 2).text, 100 * a->gap,
                  amount_from_number(a->bound_usd, 2).text, f.least_on, f.most_on,
                  f.n_start, plural(f.n_start),
                  amount_from_number(f.start_cost_usd, 2).text);
    print_prices(&f, out);
    print_uplift(&f, out);
    print_unserved(&f, out);
    (void)fprintf(out, "work            %s; %d columns, %d cuts, %d branch rows\n",
                  amount_from_number((double)s->work, 0).text, s->n_column, s->n_cut,
                  s->n_network_row);
    (void)fprintf(out, "certificate     worst violation %s MW\n",
                  amount_from_residual(r->certificate->violation_mw, -9).text);
    if (r->output)
        (void)fprintf(out, "written to      %s\n", r->output);
}

/* ---- JSON ---- */

static void put_uplift(struct json *j, const char *name, double make_whole_usd,
                       double lost_usd)
{
    json_open(j, name);
    json_number(j, "make_whole_usd", make_whole_usd);
    json_number(j, "lost_opportunity_usd", lost_usd);
    json_close(j);
}

static void put_seconds(struct json *j, const struct commit_result *r)
{
    const struct commit_stats *s = &r->answer->stats;
    json_open(j, "seconds");
    json_number(j, "read", r->seconds.read);
    json_number(j, "factor", r->seconds.factor);
    json_number(j, "lp", s->seconds_bound + s->seconds_cut + s->seconds_primal);
    json_number(j, "bound", s->seconds_bound);
    json_number(j, "cut", s->seconds_cut);
    json_number(j, "primal", s->seconds_primal);
    json_number(j, "screen", s->seconds_screen);
    json_number(j, "certify", r->seconds.certify);
    json_number(j, "uplift", r->seconds.uplift);
    json_number(j, "write", r->seconds.write);
    json_number(j, "total", r->seconds.total);
    json_close(j);
}

static void put_sizes(struct json *j, const struct commit_case *c)
{
    const struct commit_problem *p = &c->problem;
    json_integer(j, "intervals", p->n_interval);
    json_integer(j, "units", p->n_unit - commit_case_stores(c));
    if (commit_case_stores(c) > 0)
        json_integer(j, "stores", commit_case_stores(c));
    json_integer(j, "others", p->n_other);
    json_integer(j, "requirements", p->n_requirement);
    json_integer(j, "buses", c->network.n_bus);
    json_integer(j, "branches", c->network.n_branch);
    json_integer(j, "outages", p->outages ? p->outages->n_outage : 0);
}

static void put_facts(struct json *j, const struct result_facts *f)
{
    json_number(j, "lmp_min", f->lmp.lowest);
    json_number(j, "lmp_max", f->lmp.highest);
    json_number(j, "hull_lmp_min", f->hull.lowest);
    json_number(j, "hull_lmp_max", f->hull.highest);
    json_number(j, "reserve_price_max", f->reserve_max_usd);
    json_number(j, "hull_reserve_price_max", f->hull_reserve_max_usd);
    json_integer(j, "units_on_min", f->least_on);
    json_integer(j, "units_on_max", f->most_on);
    json_integer(j, "starts", f->n_start);
    json_number(j, "start_cost_usd", f->start_cost_usd);
    put_uplift(j, "uplift", f->make_whole_usd, f->lost_usd);
    put_uplift(j, "hull_uplift", f->hull_make_whole_usd, f->hull_lost_usd);
    json_number(j, "shortage_mwh", f->shortage_mwh);
    json_number(j, "surplus_mwh", f->surplus_mwh);
    json_number(j, "shortfall_mwh", f->shortfall_mwh);
}

void commit_result_print_json(const struct commit_result *r, FILE *out)
{
    struct json j = {.out = out};
    const struct commit_answer *a = r->answer;
    struct result_facts f = facts_of(r);
    json_open(&j, NULL);
    json_text(&j, "case", r->name);
    json_text(&j, "format", commit_format_name(r->instance->format));
    put_sizes(&j, r->instance);
    json_number(&j, "objective_usd", a->cost_usd);
    json_number(&j, "bound_usd", a->bound_usd);
    json_number(&j, "gap", a->gap);
    json_number(&j, "hull_value_usd", a->hull_value_usd);
    put_facts(&j, &f);
    json_integer(&j, "columns", a->stats.n_column);
    json_integer(&j, "rows_added", a->stats.n_cut + a->stats.n_network_row);
    json_integer(&j, "cuts", a->stats.n_cut);
    json_integer(&j, "binding", a->stats.n_binding);
    json_integer(&j, "simplex_iterations", a->stats.simplex_iterations);
    json_integer(&j, "dives", a->stats.n_dive);
    json_integer(&j, "neighbourhoods", a->stats.n_neighbourhood);
    json_integer(&j, "work", a->stats.work);
    put_seconds(&j, r);
    json_number(&j, "peak_memory_mb", (double)mem_peak_bytes() / 1048576.0);
    json_open(&j, "certificate");
    json_number(&j, "primal", r->certificate->violation_mw);
    json_number(&j, "dual", (double)NAN); /* a bound, not prices, proves a commitment */
    json_number(&j, "gap", a->gap);
    json_close(&j);
    json_text(&j, "output", r->output);
    json_close(&j);
}
