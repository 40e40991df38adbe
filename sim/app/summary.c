/* summary.c - the lines at the end of a run, for people. */
#include "sim/app/summary.h"

#include <inttypes.h>
#include <math.h>

#include "sim/app/amount.h"
#include "sim/app/facts.h"
#include "sim/base/units.h"
#include "sim/clear/hull.h"

enum {
    MOST_RELAXATIONS = 5,
    MOST_NO_CREDIT = 5
};

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

static void print_days(const struct market *m, FILE *out)
{
    char first[11], last[11];
    date_format(m->day[0].date, first);
    date_format(m->day[m->n_day - 1].date, last);
    (void)fprintf(out, "%s, %s%s%s: ", m->name, first, m->n_day > 1 ? " to " : "",
                  m->n_day > 1 ? last : "");
    if (m->n_day > 1)
        (void)fprintf(out, "%d days, ", m->n_day);
    (void)fprintf(out, "%d hours, %d node%s, %d resource%s\n", m->n_interval, m->n_node,
                  plural(m->n_node), m->n_resource, plural(m->n_resource));
}

/* What is not as in the base. */
static void print_changes(const struct market *m, FILE *out)
{
    for (int32_t k = 0; k < m->n_change; k++)
        (void)fprintf(out, "%-15s %s\n", k ? "" : "changed", m->change[k]);
    if (m->base_name && *m->base_name && m->n_change == 0)
        (void)fprintf(out, "changed         no rows of %s\n", m->base_name);
}

/* Hours in which branches are out of service, by state of the network. */
static void print_states(const struct market *m, FILE *out)
{
    const char *label = "lines out";
    for (int32_t k = 0; m->network_state && k < m->outages.n; k++) {
        int32_t n = 0;
        for (int32_t t = 0; t < m->n_interval && m->outage_state[k] == k; t++)
            n += m->network_state[t] == k;
        if (n == 0)
            continue;
        (void)fprintf(out, "%-15s %s in %d hour%s\n", label, m->outages.id[k], n,
                      plural(n));
        label = "";
    }
}

/* Load that is not served is a shortage only where it was cut. */
static void print_load(const struct run_facts *f, FILE *out)
{
    const struct {
        double mwh;
        const char *what;
    } rest[] = {
        {f->load_declined_mwh, "declined at the price"},
        {f->load_refused_mwh, "refused (rules, credit)"},
        {f->load_cut_mwh, "cut"},
    };
    const char *before = "; ";
    (void)fprintf(out, "load served     %s of %s MWh",
                  amount_from_number(f->load_served_mwh, 1).text,
                  amount_from_number(f->load_asked_mwh, 1).text);
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (rest[i].mwh >= 0.05) {
            (void)fprintf(out, "%s%s %s", before,
                          amount_from_number(rest[i].mwh, 1).text, rest[i].what);
            before = ", ";
        }
    (void)fputc('\n', out);
}

static void print_prices(const struct market *m, const struct run_facts *f, FILE *out)
{
    const struct price_facts *p = &f->price;
    char low[HOUR_TEXT_SIZE], high[HOUR_TEXT_SIZE];
    facts_hour(m, p->lowest.interval, low);
    facts_hour(m, p->highest.interval, high);
    (void)fprintf(out, "average price   %s USD/MWh, weighted by load\n",
                  amount_from_number(f->average_usd_per_mwh, 2).text);
    (void)fprintf(out, "lowest price    %s at %s in %s\n",
                  amount_from_number(p->lowest.usd_per_mwh, 2).text,
                  m->node[p->lowest.node].id, low);
    (void)fprintf(out, "highest price   %s at %s in %s\n",
                  amount_from_number(p->highest.usd_per_mwh, 2).text,
                  m->node[p->highest.node].id, high);
}

static void print_binding(const struct run *run, const struct price_facts *p, FILE *out)
{
    char hour[HOUR_TEXT_SIZE];
    (void)fprintf(out, "limits binding  %d", p->n_binding);
    if (p->dearest >= 0) {
        facts_hour(&run->market, p->dearest_interval, hour);
        (void)fprintf(out, ", dearest: %s, %s USD/MWh in %s",
                      run->outcome.constraint[p->dearest].id,
                      amount_from_number(p->dearest_usd_per_mwh, 2).text, hour);
    }
    (void)fprintf(out, "; rent %s USD\n", amount_from_number(p->rent_usd, 2).text);
}

static void print_rules(const int32_t count[FACT_RULES], FILE *out)
{
    const char *before = " (";
    for (int rule = 0; rule < FACT_RULES; rule++)
        if (count[rule]) {
            (void)fprintf(out, "%s%s: %d", before, admit_rule_id((enum admit_rule)rule),
                          count[rule]);
            before = ", ";
        }
    if (*before == ',')
        (void)fputc(')', out);
}

static void print_bids(const struct run_facts *f, FILE *out)
{
    (void)fprintf(out, "bids refused    %d", f->rejected);
    print_rules(f->n_rejected, out);
    (void)fprintf(out, "; modified %d", f->modified);
    print_rules(f->n_modified, out);
    (void)fputc('\n', out);
}

static void print_commitment(const struct run *run, FILE *out)
{
    const struct commitment_facts *c = &run->outcome.commitment;
    if (!commitment_is_wanted(&run->market))
        return;
    (void)fprintf(out,
                  "commitment      %d unit%s, %d start%s: %s USD, minimum load %s USD",
                  c->n_unit, plural(c->n_unit), c->n_start, plural(c->n_start),
                  amount_from_number(c->start_usd, 2).text,
                  amount_from_number(c->min_load_usd, 2).text);
    if (run->market.n_configuration > 0)
        (void)fprintf(out, ", %d transition%s: %s USD", c->n_transition,
                      plural(c->n_transition),
                      amount_from_number(c->transition_usd, 2).text);
    (void)fprintf(out, "; at most %s %% above the best\n",
                  amount_from_number(100 * (c->cost_usd - c->bound_usd) /
                                         fmax(1, fabs(c->cost_usd)),
                                     3)
                      .text);
    if (c->n_self)
        (void)fprintf(out,
                      "                %d unit-day%s as bid: their own schedules break "
                      "their times\n",
                      c->n_self, plural(c->n_self));
}

/* What prices that are paid leave units short of, and what others would. */
static void print_uplift(const struct outcome *o, FILE *out)
{
    struct unit_uplift sum = hull_total(o);
    if (!o->hull_lmp)
        return;
    (void)fprintf(out, "uplift          make-whole %s USD, opportunity lost %s",
                  amount_from_number(sum.lmp.make_whole_usd, 2).text,
                  amount_from_number(sum.lmp.lost_opportunity_usd, 2).text);
    (void)fprintf(out, "; at convex hull prices %s and %s\n",
                  amount_from_number(sum.hull.make_whole_usd, 2).text,
                  amount_from_number(sum.hull.lost_opportunity_usd, 2).text);
}

static void print_mitigated(const char *label, const struct mitigation_tables *made,
                            const char *length, FILE *out)
{
    int32_t n_failed = 0, n_offer = 0;
    for (int32_t i = 0; i < made->n_test; i++)
        n_failed += !made->test[i].competitive;
    for (int32_t i = 0; i < made->n_piece; i++)
        n_offer += i == 0 || made->piece[i].resource != made->piece[i - 1].resource ||
                   made->piece[i].interval != made->piece[i - 1].interval;
    (void)fprintf(out,
                  "%-15s %d of %d binding limits not competitive; %d %s "
                  "offer%s mitigated\n",
                  label, n_failed, made->n_test, n_offer, length, plural(n_offer));
}

static void print_mitigation(const struct run *run, FILE *out)
{
    const struct rules *rules = &run->market.rules;
    if (!run->mitigation.active)
        return;
    print_mitigated("mitigation", &run->mitigation.made, "hourly", out);
    if (run->real_time.active && rules->rt_mitigation >= 1)
        print_mitigated("", &run->real_time.hour_ahead_mitigation, "hour-ahead", out);
    if (run->real_time.active && rules->rt_mitigation >= 1)
        print_mitigated("", &run->real_time.fmm_mitigation, "fifteen-minute", out);
    if (run->real_time.active && rules->rt_mitigation >= 2)
        print_mitigated("", &run->real_time.rtd_mitigation, "five-minute", out);
}

static void print_no_credit(const struct run *run, FILE *out)
{
    const struct admission *a = &run->admission;
    int n = 0;
    for (int32_t i = 0; i < a->n_credit; i++) {
        const struct admit_credit *c = &a->credit[i];
        char date[11];
        if (!c->n_virtual_rejected && !c->n_demand_rejected)
            continue;
        if (n++ >= MOST_NO_CREDIT)
            continue;
        date_format(run->market.day[c->day].date, date);
        (void)fprintf(out, "no credit       %s on %s: %d virtual, %d demand bid%s\n",
                      run->market.sc[c->sc].id, date, c->n_virtual_rejected,
                      c->n_demand_rejected, plural(c->n_demand_rejected));
    }
    if (n > MOST_NO_CREDIT)
        (void)fprintf(out, "                ... and %d more\n", n - MOST_NO_CREDIT);
}

void summary_print_losses(const struct outcome *o, FILE *out)
{
    double mwh = 0, usd = 0;
    if (o->losses == LOSS_OFF)
        return;
    for (int32_t t = 0; t < o->n_interval; t++) {
        mwh += mwh_from_mw(o->loss_mw[t], o->interval_h);
        usd += o->loss_surplus_usd[t];
    }
    (void)fprintf(out, "losses          %s MWh (%s); surplus %s USD",
                  amount_from_number(mwh, 3).text, loss_placement_name(o->losses),
                  amount_from_number(usd, 2).text);
    if (!o->losses_proven)
        (void)fprintf(out, "; prices below zero: best of its neighbourhood only");
    if (o->loss_gap_usd > 0.005)
        (void)fprintf(out, ", to %s USD", amount_from_number(o->loss_gap_usd, 2).text);
    (void)fputc('\n', out);
}

void summary_print_relaxations(const struct market *m, const struct outcome *o,
                               FILE *out)
{
    double left_usd = 0;
    (void)fprintf(out, "limits relaxed  %s", o->n_relaxation ? "" : "none\n");
    for (int32_t i = 0; i < o->n_relaxation; i++) {
        const struct relaxation *r = &o->relaxation[i];
        if (i >= MOST_RELAXATIONS) {
            left_usd += r->cost_usd;
            continue;
        }
        char hour[HOUR_TEXT_SIZE] = "";
        if (m)
            facts_hour(m, r->interval, hour);
        (void)fprintf(out, "%s%s%s%s: %s %s, %s USD\n", i ? "                " : "",
                      r->text, m ? " in " : "", hour, amount_from_number(r->mw, 3).text,
                      r->unit, amount_from_number(r->cost_usd, 2).text);
    }
    if (o->n_relaxation > MOST_RELAXATIONS)
        (void)fprintf(out, "                ... and %d more: %s USD\n",
                      o->n_relaxation - MOST_RELAXATIONS,
                      amount_from_number(left_usd, 2).text);
}

static void print_money(const struct run *run, const struct run_facts *f, FILE *out)
{
    const struct settlement *s = &run->settlement;
    const struct credit_account *account = run_account(run, run->market.n_day);
    (void)fprintf(
        out, "statements      %d line%s, all charges add up to %" PRId64 " cents\n",
        s->n_line, plural(s->n_line), s->sum_cents);
    (void)fprintf(out, "credit calls    %d", f->n_call);
    const char *before = ": ";
    for (int32_t i = 0; i < run->market.n_sc; i++)
        if (account[i].status >= CREDIT_CALL) {
            (void)fprintf(out, "%s%s must post %s USD%s", before, run->market.sc[i].id,
                          amount_from_number(account[i].call_usd, 2).text,
                          account[i].status == CREDIT_DEFAULT ? " (past due)" : "");
            before = ", ";
        }
    (void)fputc('\n', out);
}

void summary_print_certificate(const struct outcome *o, bool with_rent, FILE *out)
{
    const struct clear_certificate *c = &o->certificate;
    (void)fprintf(out, "certificate     primal %s MW, dual %s USD/MWh, gap %s",
                  amount_from_residual(c->primal_residual_mw, -9).text,
                  amount_from_residual(c->dual_residual_usd_per_mwh, -9).text,
                  amount_from_residual(c->relative_gap, -9).text);
    if (with_rent)
        (void)fprintf(out, ", rent %s USD",
                      amount_from_residual(c->rent_residual_usd, -4).text);
    (void)fprintf(out, "; awards optimal at the prices: %s\n",
                  o->consistent ? "yes" : "no");
}

void summary_print_shift_factors(const struct outcome *o, FILE *out)
{
    if (o->shift_left_out && o->shift_choice == SHIFT_AUTO)
        (void)fprintf(out,
                      "shift factors   left out: %d limits at %d nodes; "
                      "--shift-factors all stores them\n",
                      o->n_constraint, o->n_node);
}

void summary_print(const struct run *run, const char *path, FILE *out)
{
    struct run_facts f = facts_of_run(run);
    print_days(&run->market, out);
    print_changes(&run->market, out);
    print_states(&run->market, out);
    print_load(&f, out);
    (void)fprintf(out, "cost as bid     %s USD\n",
                  amount_from_number(run->outcome.objective_usd, 2).text);
    print_prices(&run->market, &f, out);
    print_binding(run, &f.price, out);
    summary_print_losses(&run->outcome, out);
    summary_print_services(&run->market, &run->outcome, out);
    print_bids(&f, out);
    print_no_credit(run, out);
    print_mitigation(run, out);
    print_commitment(run, out);
    print_uplift(&run->outcome, out);
    summary_print_ruc(&run->market, &run->ruc, out);
    summary_print_outages(&run->market.outages, &run->outcome, out);
    summary_print_relaxations(&run->market, &run->outcome, out);
    summary_print_real_time(&run->market, &run->real_time, out);
    print_money(run, &f, out);
    summary_print_certificate(&run->outcome, true, out);
    summary_print_shift_factors(&run->outcome, out);
    (void)fprintf(out, "written to      %s\n", path);
}
