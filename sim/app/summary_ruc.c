/* summary_ruc.c - what residual commitment did, for people and as JSON. */
#include <math.h>

#include "sim/app/amount.h"
#include "sim/app/facts.h"
#include "sim/app/summary.h"

/* Prices closer than this are the same. */
static const double same_price = 1e-7;

/* The highest price at a node where capacity was awarded or is short; 0 = none. */
struct dearest {
    double usd_per_mw;
    int32_t interval, node;
};

static struct dearest find_dearest(const struct market *m,
                                   const struct ruc_outcome *ruc)
{
    struct dearest d = {0};
    for (int32_t t = 0; t < m->n_interval; t++)
        for (int32_t n = 0; n < m->n_node; n++) {
            double price = ruc->price_usd_per_mw[(int64_t)t * m->n_node + n];
            if (price > d.usd_per_mw + same_price)
                d = (struct dearest){price, t, n};
        }
    return d;
}

static const char *plural(int32_t n)
{
    return n == 1 ? "" : "s";
}

static void print_units(const struct ruc_outcome *ruc, FILE *out)
{
    const struct ruc_facts *f = &ruc->facts;
    (void)fprintf(out, "residual        ");
    if (f->n_committed == 0) {
        (void)fprintf(out, "no unit beyond the day-ahead");
        return;
    }
    (void)fprintf(
        out,
        "%d unit%s on beyond the day-ahead, %s unit-hours, %d start%s: %s USD, "
        "minimum load %s USD",
        f->n_committed, plural(f->n_committed),
        amount_from_number(f->committed_h, 0).text, f->n_start, plural(f->n_start),
        amount_from_number(f->start_usd, 2).text,
        amount_from_number(f->min_load_usd, 2).text);
    if (f->raised_h > 0)
        (void)fprintf(out, "; %s hours in a higher configuration, transitions %s USD",
                      amount_from_number(f->raised_h, 0).text,
                      amount_from_number(f->transition_usd, 2).text);
}

void summary_print_ruc(const struct market *m, const struct ruc_outcome *ruc, FILE *out)
{
    const struct ruc_facts *f = &ruc->facts;
    char hour[HOUR_TEXT_SIZE];
    if (!ruc->active)
        return;
    print_units(ruc, out);
    if (f->n_unit > 0)
        (void)fprintf(out, "; at most %s %% above the best",
                      amount_from_number(100 * (f->cost_usd - f->bound_usd) /
                                             fmax(1, fabs(f->cost_usd)),
                                         3)
                          .text);
    (void)fprintf(out, "\n                capacity of %s MWh",
                  amount_from_number(f->award_mwh, 1).text);
    struct dearest d = find_dearest(m, ruc);
    if (d.usd_per_mw > 0) {
        facts_hour(m, d.interval, hour);
        (void)fprintf(out, ", highest price %s USD/MW at %s in %s",
                      amount_from_number(d.usd_per_mw, 2).text, m->node[d.node].id,
                      hour);
    }
    (void)fputc('\n', out);
    if (f->n_no_need > 0)
        (void)fprintf(out,
                      "                %d hour%s whose forecast the day-ahead awards "
                      "cover already\n",
                      f->n_no_need, plural(f->n_no_need));
    if (f->n_kept_day > 0)
        (void)fprintf(
            out,
            "                %d day%s as the market left them: no schedule was "
            "found, and no bound\n",
            f->n_kept_day, plural(f->n_kept_day));
    if (f->n_short > 0)
        (void)fprintf(
            out,
            "                short of %s MWh in %d hour%s: no capacity is left "
            "for that\n",
            amount_from_number(f->short_mwh, 1).text, f->n_short, plural(f->n_short));
}

void summary_json_ruc(struct json *j, const struct market *m,
                      const struct ruc_outcome *ruc)
{
    const struct ruc_facts *f = &ruc->facts;
    if (!ruc->active)
        return;
    json_open(j, "residual_commitment");
    json_integer(j, "units", f->n_unit);
    json_integer(j, "units_committed", f->n_committed);
    json_number(j, "unit_hours_committed", f->committed_h);
    json_integer(j, "days_kept", f->n_kept_day);
    json_integer(j, "starts", f->n_start);
    json_number(j, "start_usd", f->start_usd);
    json_number(j, "min_load_usd", f->min_load_usd);
    if (m->n_configuration > 0) {
        json_number(j, "raised_plant_hours", f->raised_h);
        json_number(j, "transition_usd", f->transition_usd);
    }
    json_number(j, "award_mwh", f->award_mwh);
    json_number(j, "award_usd_as_bid", f->award_usd);
    json_number(j, "highest_usd_per_mw", find_dearest(m, ruc).usd_per_mw);
    json_integer(j, "hours_covered_already", f->n_no_need);
    json_integer(j, "hours_short", f->n_short);
    json_number(j, "short_mwh", f->short_mwh);
    json_number(j, "objective_usd", ruc->objective_usd);
    json_number(j, "cost_usd", f->cost_usd);
    json_number(j, "bound_usd", f->bound_usd);
    json_integer(j, "work", f->work);
    json_open(j, "certificate");
    json_number(j, "primal", ruc->certificate.primal_residual_mw);
    json_number(j, "dual", ruc->certificate.dual_residual_usd_per_mwh);
    json_number(j, "gap", ruc->certificate.relative_gap);
    json_bool(j, "awards_optimal_at_prices", ruc->consistent);
    json_close(j);
    json_close(j);
}
