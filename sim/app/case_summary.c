/* case_summary.c - the lines at the end of a dispatched case. */
#include "sim/app/case_summary.h"

#include <math.h>

#include "sim/app/amount.h"
#include "sim/app/facts.h"
#include "sim/base/mem.h"

enum {
    MOST_LIMITS = 10
};

/* The dearest limits, one line each, without sorting what belongs to the outcome: each
 * line looks for the largest shadow price that comes after the line before it. */
static void print_limits(const struct outcome *o, int32_t n_binding, FILE *out)
{
    double last = (double)INFINITY;
    int32_t last_c = -1;
    for (int32_t k = 0; k < n_binding && k < MOST_LIMITS; k++) {
        int32_t best = -1;
        for (int32_t c = 0; c < o->n_constraint; c++) {
            double mu = o->shadow_price[c];
            bool after = mu < last || (!(mu > last) && c > last_c);
            if (after && (best < 0 || mu > o->shadow_price[best]))
                best = c;
        }
        if (best < 0)
            break;
        last = o->shadow_price[best];
        last_c = best;
        (void)fprintf(out, "                %s: %s USD/MWh\n", o->constraint[best].id,
                      amount_from_number(last, 4).text);
    }
    if (n_binding > MOST_LIMITS)
        (void)fprintf(out, "                ... and %d more\n",
                      n_binding - MOST_LIMITS);
}

void case_summary_print(const struct case_summary *s, FILE *out)
{
    const struct grid *g = s->grid;
    struct price_facts p = facts_of_prices(s->outcome);
    (void)fprintf(out,
                  "%s, one hour: %d buses, %d branches, %d units; DC convention %s\n",
                  s->name, g->n_bus, g->n_branch, g->n_unit, s->dc_model);
    (void)fprintf(out, "cost            %s USD\n",
                  amount_from_number(s->outcome->objective_usd, 4).text);
    if (g->n_bus > 0)
        (void)fprintf(out,
                      "lowest price    %s at %s\n"
                      "highest price   %s at %s\n",
                      amount_from_number(p.lowest.usd_per_mwh, 4).text,
                      g->bus[p.lowest.node].id,
                      amount_from_number(p.highest.usd_per_mwh, 4).text,
                      g->bus[p.highest.node].id);
    (void)fprintf(out, "limits binding  %d; rent %s USD\n", p.n_binding,
                  amount_from_number(p.rent_usd, 4).text);
    print_limits(s->outcome, p.n_binding, out);
    summary_print_outages(s->outages, s->outcome, out);
    summary_print_losses(s->outcome, out);
    summary_print_relaxations(NULL, s->outcome, out);
    summary_print_certificate(s->outcome, false, out);
    if (s->output) {
        summary_print_shift_factors(s->outcome, out);
        (void)fprintf(out, "written to      %s\n", s->output);
    }
}

static void put_limits(struct json *j, const struct grid_outages *outages,
                       const struct outcome *o)
{
    json_open_list(j, "limits");
    for (int32_t c = 0; c < o->n_constraint; c++) {
        json_open(j, NULL);
        json_text(j, "limit", o->constraint[c].id);
        json_text(j, "outage",
                  o->constraint[c].outage < 0 ? NULL
                                              : outages->id[o->constraint[c].outage]);
        json_number(j, "shadow_price", o->shadow_price[c]);
        json_close(j);
    }
    json_close_list(j);
}

void case_summary_print_json(const struct case_summary *s, FILE *out)
{
    struct json j = {.out = out};
    struct price_facts p = facts_of_prices(s->outcome);
    json_open(&j, NULL);
    json_text(&j, "case", s->name);
    json_text(&j, "dc_model", s->dc_model);
    json_integer(&j, "branches", s->grid->n_branch);
    json_integer(&j, "units", s->grid->n_unit);
    json_number(&j, "objective_usd", s->outcome->objective_usd);
    json_number(&j, "lmp_min", p.lowest.usd_per_mwh);
    json_number(&j, "lmp_max", p.highest.usd_per_mwh);
    json_integer(&j, "binding", p.n_binding);
    json_number(&j, "congestion_rent_usd", p.rent_usd);
    put_limits(&j, s->outages, s->outcome);
    summary_json_outages(&j, s->outages, s->outcome);
    summary_json_losses(&j, s->outcome);
    json_number(&j, "shortage_mw", s->outcome->shortage_mw[0]);
    json_number(&j, "surplus_mw", s->outcome->surplus_mw[0]);
    summary_json_relaxations(&j, NULL, s->outcome);
    json_number(&j, "gap", s->outcome->certificate.relative_gap);
    summary_json_work(&j, s->outcome, s->grid->n_bus, &s->seconds);
    if (s->output)
        summary_json_shift_factors(&j, s->outcome);
    json_text(&j, "output", s->output);
    json_close(&j);
}

double case_summary_peak_mb(void)
{
    return (double)mem_peak_bytes() / 1048576.0;
}
