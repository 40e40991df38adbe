/* summary_json.c - the end of a run as one JSON object. */
#include "sim/app/facts.h"
#include "sim/app/summary.h"
#include "sim/base/mem.h"
#include "sim/clear/hull.h"

static void put_price(struct json *j, const char *name, const struct market *m,
                      const struct price_fact *p)
{
    char hour[HOUR_TEXT_SIZE];
    facts_hour(m, p->interval, hour);
    json_open(j, name);
    json_number(j, "usd_per_mwh", p->usd_per_mwh);
    json_text(j, "node", m->node[p->node].id);
    json_text(j, "hour", hour);
    json_close(j);
}

static void put_rules(struct json *j, const char *name, const int32_t count[FACT_RULES])
{
    json_open(j, name);
    for (int rule = 0; rule < FACT_RULES; rule++)
        if (count[rule])
            json_integer(j, admit_rule_id((enum admit_rule)rule), count[rule]);
    json_close(j);
}

void summary_json_shift_factors(struct json *j, const struct outcome *o)
{
    json_text(j, "shift_factors", o->shift_left_out ? "none" : "all");
}

void summary_json_losses(struct json *j, const struct outcome *o)
{
    double mw = 0, usd = 0;
    if (o->losses == LOSS_OFF)
        return;
    for (int32_t t = 0; t < o->n_interval; t++) {
        mw += o->loss_mw[t];
        usd += o->loss_surplus_usd[t];
    }
    json_text(j, "losses", loss_placement_name(o->losses));
    json_number(j, o->n_interval > 1 ? "loss_mwh" : "loss_mw", mw);
    json_number(j, "loss_surplus_usd", usd);
    json_integer(j, "loss_tangents", o->stats.loss_tangents);
    json_integer(j, "loss_steps", o->stats.loss_steps);
    json_bool(j, "losses_proven", o->losses_proven);
    json_number(j, "loss_gap_usd", o->loss_gap_usd);
}

static void put_uplift(struct json *j, const char *name, const struct unit_earning *e)
{
    json_open(j, name);
    json_number(j, "make_whole_usd", e->make_whole_usd);
    json_number(j, "lost_opportunity_usd", e->lost_opportunity_usd);
    json_close(j);
}

static void put_commitment(struct json *j, const struct run *run)
{
    const struct commitment_facts *c = &run->outcome.commitment;
    struct unit_uplift uplift = hull_total(&run->outcome);
    if (!commitment_is_wanted(&run->market))
        return;
    json_open(j, "commitment");
    json_integer(j, "units", c->n_unit);
    json_integer(j, "starts", c->n_start);
    json_integer(j, "unit_days_as_bid", c->n_self);
    json_number(j, "cost_usd", c->cost_usd);
    json_number(j, "bound_usd", c->bound_usd);
    json_number(j, "start_usd", c->start_usd);
    json_number(j, "min_load_usd", c->min_load_usd);
    if (run->market.n_configuration > 0) {
        json_integer(j, "transitions", c->n_transition);
        json_number(j, "transition_usd", c->transition_usd);
    }
    json_number(j, "hull_value_usd", c->hull_value_usd);
    put_uplift(j, "uplift", &uplift.lmp);
    put_uplift(j, "hull_uplift", &uplift.hull);
    json_integer(j, "work", c->work);
    json_close(j);
}

void summary_json_relaxations(struct json *j, const struct market *m,
                              const struct outcome *o)
{
    json_open_list(j, "relaxations");
    for (int32_t i = 0; i < o->n_relaxation; i++) {
        char hour[HOUR_TEXT_SIZE] = "";
        json_open(j, NULL);
        json_text(j, "text", o->relaxation[i].text);
        if (m) {
            facts_hour(m, o->relaxation[i].interval, hour);
            json_text(j, "hour", hour);
        }
        json_number(j, "mw", o->relaxation[i].mw);
        json_text(j, "unit", o->relaxation[i].unit);
        json_number(j, "cost_usd", o->relaxation[i].cost_usd);
        json_close(j);
    }
    json_close_list(j);
}

void summary_json_work(struct json *j, const struct outcome *o, int32_t n_bus,
                       const struct summary_seconds *seconds)
{
    json_integer(j, "buses", n_bus);
    json_integer(j, "columns", o->stats.columns);
    json_integer(j, "rows_added", o->stats.rows_added);
    json_integer(j, "rows_binding", o->stats.rows_binding);
    json_integer(j, "rounds", o->stats.rounds);
    json_integer(j, "simplex_iterations", o->stats.simplex_iterations);
    json_open(j, "seconds");
    json_number(j, "read", seconds->read);
    json_number(j, "factor", o->stats.seconds_factor);
    json_number(j, "lp", o->stats.seconds_lp);
    json_number(j, "screen", o->stats.seconds_screen);
    json_number(j, "certify", o->stats.seconds_certify);
    if (seconds->real_time > 0)
        json_number(j, "real_time", seconds->real_time);
    if (seconds->settle > 0)
        json_number(j, "settle", seconds->settle);
    json_number(j, "write", seconds->write);
    json_number(j, "total", seconds->total);
    json_close(j);
    json_number(j, "written_mb", seconds->written_mb);
    json_number(j, "peak_memory_mb", (double)mem_peak_bytes() / 1048576.0);
    json_open(j, "certificate");
    json_number(j, "primal", o->certificate.primal_residual_mw);
    json_number(j, "dual", o->certificate.dual_residual_usd_per_mwh);
    json_number(j, "gap", o->certificate.relative_gap);
    json_number(j, "rent", o->certificate.rent_residual_usd);
    json_bool(j, "awards_optimal_at_prices", o->consistent);
    json_close(j);
}

static void put_market(struct json *j, const struct market *m)
{
    json_text(j, "scenario", m->name);
    if (m->base_name && *m->base_name)
        json_text(j, "base", m->base_name);
    if (m->n_change) {
        json_open_list(j, "changed");
        for (int32_t k = 0; k < m->n_change; k++)
            json_text(j, NULL, m->change[k]);
        json_close_list(j);
    }
    json_open_list(j, "trade_dates");
    for (int32_t d = 0; d < m->n_day; d++) {
        char date[11];
        date_format(m->day[d].date, date);
        json_text(j, NULL, date);
    }
    json_close_list(j);
    json_integer(j, "hours", m->n_interval);
    json_integer(j, "scheduling_coordinators", m->n_sc);
    json_integer(j, "resources", m->n_resource);
    json_integer(j, "nodes", m->n_node);
}

static void put_prices(struct json *j, const struct run *run, const struct run_facts *f)
{
    const struct price_facts *p = &f->price;
    json_number(j, "lmp_average", f->average_usd_per_mwh);
    json_number(j, "lmp_min", p->lowest.usd_per_mwh);
    json_number(j, "lmp_max", p->highest.usd_per_mwh);
    put_price(j, "lowest", &run->market, &p->lowest);
    put_price(j, "highest", &run->market, &p->highest);
    json_integer(j, "binding", p->n_binding);
    json_text(j, "dearest_limit",
              p->dearest >= 0 ? run->outcome.constraint[p->dearest].id : NULL);
    json_number(j, "dearest_shadow_price", p->dearest_usd_per_mwh);
    json_number(j, "congestion_rent_usd", p->rent_usd);
}

void summary_print_json(const struct run *run, const char *path,
                        const struct summary_seconds *seconds, FILE *out)
{
    struct json j = {.out = out};
    struct run_facts f = facts_of_run(run);
    json_open(&j, NULL);
    put_market(&j, &run->market);
    json_number(&j, "load_asked_mwh", f.load_asked_mwh);
    json_number(&j, "load_served_mwh", f.load_served_mwh);
    json_number(&j, "load_declined_mwh", f.load_declined_mwh);
    json_number(&j, "load_refused_mwh", f.load_refused_mwh);
    json_number(&j, "load_cut_mwh", f.load_cut_mwh);
    json_number(&j, "objective_usd", run->outcome.objective_usd);
    put_prices(&j, run, &f);
    put_commitment(&j, run);
    summary_json_ruc(&j, &run->market, &run->ruc);
    summary_json_losses(&j, &run->outcome);
    summary_json_services(&j, &run->market, &run->outcome);
    put_rules(&j, "rejected", f.n_rejected);
    put_rules(&j, "modified", f.n_modified);
    summary_json_outages(&j, &run->market.outages, &run->outcome);
    summary_json_relaxations(&j, &run->market, &run->outcome);
    summary_json_real_time(&j, &run->market, &run->real_time);
    json_integer(&j, "statement_lines", run->settlement.n_line);
    json_integer(&j, "interval_lines", run->settlement.n_interval_line);
    json_integer(&j, "sum_of_charges_cents", run->settlement.sum_cents);
    json_integer(&j, "credit_calls", f.n_call);
    json_number(&j, "credit_calls_usd", f.call_usd);
    json_integer(&j, "credit_defaults", f.n_default);
    summary_json_work(&j, &run->outcome, run->market.grid.n_bus, seconds);
    summary_json_shift_factors(&j, &run->outcome);
    json_text(&j, "output", path);
    json_close(&j);
}
