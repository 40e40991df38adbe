/* market_dump.c - a market as text. */
#include "tests/support/market_dump.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void dump_grid(FILE *f, const struct grid *g)
{
    (void)fprintf(f, "grid %a\n", g->base_mva);
    for (int32_t i = 0; i < g->n_bus; i++)
        (void)fprintf(f, "bus %s %" PRId64 " %a %a\n", g->bus[i].id, g->bus[i].number,
                      g->bus[i].load_mw, g->bus[i].shunt_mw);
    for (int32_t i = 0; i < g->n_branch; i++) {
        const struct grid_branch *b = &g->branch[i];
        (void)fprintf(f, "branch %s %d %d %a %a %a %a %a %a %a %a\n", b->id, b->from,
                      b->to, b->r_pu, b->x_pu, b->tap, b->shift_deg, b->rate_mw,
                      b->rate_after_mw, b->angle_min_deg, b->angle_max_deg);
    }
}

static void dump_outages(FILE *f, const struct grid_outages *o)
{
    for (int32_t k = 0; k < o->n; k++) {
        (void)fprintf(f, "outage %s", o->id[k]);
        for (int32_t e = o->branch_start[k]; e < o->branch_start[k + 1]; e++)
            (void)fprintf(f, " %d", o->branch[e]);
        (void)fputc('\n', f);
    }
}

static void dump_nodes(FILE *f, const struct market *m)
{
    for (int32_t i = 0; i < m->n_node; i++) {
        const struct node *n = &m->node[i];
        (void)fprintf(f, "node %s %d %s %d %d %d %a %a %a %a %a", n->id, (int)n->kind,
                      n->sublap ? n->sublap : "-", n->tie, n->area,
                      (int)n->virtual_eligible, n->virtual_limit_mw,
                      n->reference_supply_usd_per_mwh, n->reference_demand_usd_per_mwh,
                      n->longitude_deg, n->latitude_deg);
        for (int32_t k = n->factor_start; k < n->factor_start + n->n_factor; k++)
            (void)fprintf(f, " %d*%a", m->factor_bus[k], m->factor[k]);
        (void)fprintf(f, " forecast %d", (int)m->has_forecast[i]);
        for (int32_t t = 0; t < m->n_interval; t++)
            (void)fprintf(f, " %a",
                          m->forecast_mw[(size_t)t * (size_t)m->n_node + (size_t)i]);
        (void)fputc('\n', f);
    }
    for (int32_t i = 0; i < m->n_tie; i++)
        (void)fprintf(f, "tie %s %d %d %a %a\n", m->tie[i].id, m->tie[i].bus,
                      m->tie[i].node, m->tie[i].import_limit_mw,
                      m->tie[i].export_limit_mw);
    for (int32_t i = 0; i < m->grid.n_bus; i++)
        (void)fprintf(f, "reference %a\n", m->reference_weight[i]);
}

static void dump_participants(FILE *f, const struct market *m)
{
    for (int32_t i = 0; i < m->n_sc; i++) {
        const struct sc *s = &m->sc[i];
        (void)fprintf(f, "sc %s %s %d %d %a %a %a %a %a %a %a %a\n", s->id, s->name,
                      s->certified_from, s->certified_to, s->unsecured_limit_usd,
                      s->posted_security_usd, s->invoiced_usd, s->published_usd,
                      s->estimated_usd, s->extrapolated_usd, s->crr_usd, s->other_usd);
    }
    for (int32_t i = 0; i < m->n_resource; i++) {
        const struct resource *r = &m->resource[i];
        (void)fprintf(f, "resource %s %d %d %d %d %a %a %a %a %a %a %a %a %a %a %a %a",
                      r->id, (int)r->type, r->sc, r->node, r->tie, r->pmin_mw,
                      r->pmax_mw, r->ramp_up_mw_per_min, r->ramp_down_mw_per_min,
                      r->initial_mw, r->energy_min_mwh, r->energy_max_mwh,
                      r->charge_efficiency, r->discharge_efficiency,
                      r->initial_energy_mwh, r->end_energy_mwh, r->forecast_share);
        for (int s = 0; s < SERVICES; s++)
            (void)fprintf(f, " %a", r->certified_mw[s]);
        (void)fprintf(f, " %d", (int)r->tie_option);
        (void)fprintf(f, " %d %d %d %s\n", (int)r->active, r->registered_from,
                      r->registered_to, r->technology);
    }
    for (int32_t i = 0; i < m->n_virtual; i++)
        (void)fprintf(f, "position %s %d %d %d\n", m->position[i].id, m->position[i].sc,
                      m->position[i].node, (int)m->position[i].side);
}

static void dump_book(FILE *f, const struct book *b)
{
    (void)fprintf(f, "book %d %d\n", b->n_owner, b->n_interval);
    for (int32_t o = 0; o < b->n_owner; o++)
        for (int32_t t = 0; t < b->n_interval; t++) {
            int32_t n;
            const struct bid_segment *seg = book_bid(b, o, t, &n);
            for (int32_t i = 0; i < n; i++)
                (void)fprintf(f, "bid %d %d %d %a %a %a\n", o, t, (int)seg[i].kind,
                              seg[i].from_mw, seg[i].to_mw, seg[i].price_usd_per_mwh);
        }
}

static void dump_services(FILE *f, const struct market *m)
{
    int64_t n_required = (int64_t)m->n_interval * m->n_service_region * SERVICES;
    for (int32_t r = 0; r < m->n_service_region; r++) {
        (void)fprintf(f, "region %s %d", m->service_region[r].id,
                      m->service_region[r].parent);
        for (int32_t i = 0; i < m->n_resource; i++)
            (void)fprintf(f, " %d", (int)market_in_region(m, r, i));
        (void)fputc('\n', f);
    }
    for (int64_t k = 0; k < n_required; k++)
        (void)fprintf(f, "required %a %a\n", m->required_mw[k], m->rt_required_mw[k]);
    for (int32_t b = 0; b < m->n_service_bidder; b++) {
        (void)fprintf(f, "bidder %s", m->service_bidder[b].id);
        for (int32_t t = 0; t < m->n_interval; t++) {
            const struct service_offer *o =
                &m->service_offer[(int64_t)t * m->n_service_bidder + b];
            (void)fprintf(f, " %a@%a+%a", o->offer_mw, o->price_usd_per_mw, o->self_mw);
        }
        (void)fputc('\n', f);
    }
}

static void dump_frame(FILE *f, const struct market *m)
{
    int n;
    const struct rules_row *row = rules_table(&n);
    (void)fprintf(f, "market %s | %s | %s rows %" PRId64 "\n", m->name, m->description,
                  m->time_zone, m->n_bid_rows);
    (void)fprintf(f, "dc_model %d\n", (int)m->rules.dc_model);
    (void)fprintf(f, "losses %d\n", (int)m->rules.losses);
    for (int i = 0; i < n; i++)
        (void)fprintf(
            f, "rule %s %a\n", row[i].name,
            *(const double *)(const void *)((const char *)&m->rules + row[i].offset));
    for (int32_t d = 0; d < m->n_day; d++) {
        (void)fprintf(f, "day %d first %d", m->day[d].date, m->first_interval[d]);
        for (int h = 0; h < m->day[d].n_hours; h++)
            (void)fprintf(f, " %d@%" PRId64, m->day[d].hour_ending[h],
                          m->day[d].start_utc_s[h]);
        (void)fputc('\n', f);
    }
}

char *market_dump(const struct market *m)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        abort();
    dump_frame(f, m);
    dump_grid(f, &m->grid);
    dump_outages(f, &m->outages);
    dump_nodes(f, m);
    dump_participants(f, m);
    dump_book(f, &m->bids);
    dump_book(f, &m->virtual_bids);
    dump_services(f, m);
    if (m->default_bids.start)
        dump_book(f, &m->default_bids);
    if (m->rt_bids.start)
        dump_book(f, &m->rt_bids);
    if (m->configuration_bids.start)
        dump_book(f, &m->configuration_bids);
    if (m->configuration_default_bids.start)
        dump_book(f, &m->configuration_default_bids);
    if (fclose(f) != 0)
        abort();
    return text;
}
