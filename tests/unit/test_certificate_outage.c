/*
 * test_certificate_outage.c - what the certificate finds after outages, against networks
 * solved anew for every one.
 */
#include "solver/certificate_outage.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/drawn_outages.h"

enum {
    ROWS = 6
};

/* A point of a drawn problem that no dispatch would choose, and rows that cost nothing. */
struct point {
    double power[DRAWN_INTERVAL * DRAWN_INJECTION];
    double flow[DRAWN_INTERVAL * DRAWN_BRANCH];
    double none[DRAWN_INTERVAL * DRAWN_BUS];
    struct dispatch_row row[ROWS];
    int32_t n_row;
};

static void draw_flows(struct draw *d, const struct stated *s, struct point *x)
{
    double bus[DRAWN_INTERVAL * DRAWN_BUS], mw = draw_real(d, 0.1, 60);
    struct err err = {0};
    memcpy(bus, s->fixed, sizeof bus);
    for (int32_t t = 0; t < s->p.n_interval; t++)
        for (int32_t i = 0; i < s->p.n_injection; i++) {
            double *power = &x->power[t * s->p.n_injection + i];
            *power = draw_real(d, -mw, mw);
            for (int32_t e = s->bus_start[i]; e < s->bus_start[i + 1]; e++)
                bus[t * s->data.n_bus + s->bus[e]] += s->weight[e] * *power;
        }
    LAW(network_flows(s->p.net, s->p.n_interval, bus, NULL, x->flow, &err) == ERR_OK,
        "%s", err.msg);
}

static bool is_out(const struct dispatch_outages *o, int32_t k, int32_t l)
{
    for (int32_t e = o->branch_start[k]; e < o->branch_start[k + 1]; e++)
        if (o->branch[e] == l)
            return true;
    return false;
}

static bool is_screened(const struct stated *s, int32_t k)
{
    return !drawn_outage_cut_off(s, s->p.outages, k) &&
           drawn_outage_is_covered(s, s->p.outages, k);
}

static void draw_rows(struct draw *d, const struct stated *s, struct point *x)
{
    for (int i = 0; s->data.n_branch > 0 && i < ROWS; i++) {
        int32_t k = draw_int(d, 0, s->p.outages->n_outage - 1);
        int32_t l = draw_int(d, 0, s->data.n_branch - 1);
        bool limited = isfinite(s->p.outages->max_mw[l]);
        if (limited && is_screened(s, k) && !is_out(s->p.outages, k, l))
            x->row[x->n_row++] = (struct dispatch_row){
                .kind = draw_chance(d, 0.5) ? DISPATCH_BRANCH_MAX : DISPATCH_BRANCH_MIN,
                .index = l,
                .outage = k,
                .interval = draw_int(d, 0, s->p.n_interval - 1)};
    }
}

/* The worst limit broken after any outage, by solving what every outage leaves. */
static double worst_of(const struct stated *s, const struct point *x)
{
    const struct dispatch_outages *o = s->p.outages;
    double flow[DRAWN_BRANCH], worst = 0;
    for (int32_t k = 0; k < o->n_outage; k++)
        for (int32_t t = 0; is_screened(s, k) && t < s->p.n_interval; t++) {
            drawn_outage_flow(s, o, k, t, x->power + t * s->p.n_injection, flow);
            for (int32_t l = 0; l < s->data.n_branch; l++)
                if (!isnan(flow[l]))
                    worst = fmax(worst,
                                 fmax(flow[l] - o->max_mw[l], o->min_mw[l] - flow[l]));
        }
    return worst;
}

static void check(const struct stated *s, const struct point *x)
{
    const struct certificate_input in = {.p = &s->p,
                                         .injection_mw = x->power,
                                         .flow_mw = x->flow,
                                         .shortage_mw = x->none,
                                         .surplus_mw = x->none,
                                         .row = x->row,
                                         .n_row = x->n_row};
    struct certificate_after found;
    struct err err = {0};
    LAW(certificate_outages(&in, false, &found, &err) == ERR_OK, "%s", err.msg);
    double worst = worst_of(s, x);
    LAW(fabs(found.worst_mw - worst) < 1e-6 * fmax(1, worst),
        "the certificate finds %.9g MW, there are %.9g", found.worst_mw, worst);
    for (int32_t r = 0; r < x->n_row; r++) {
        double flow[DRAWN_BRANCH];
        const struct dispatch_row *row = &x->row[r];
        drawn_outage_flow(s, s->p.outages, row->outage, row->interval,
                          x->power + row->interval * s->p.n_injection, flow);
        LAW(fabs(found.activity[r] - flow[row->index]) < 1e-6,
            "row %d: %.9g MW, expected %.9g", r, found.activity[r], flow[row->index]);
    }
    certificate_after_release(&found);
}

/* Some with negative reactances, alone or meeting each other. */
static void compare(unsigned features, unsigned outages, int n)
{
    FOR_SEEDS(seed, n)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, features);
        struct drawn_outages o;
        struct stated s;
        struct point at = {{0}, {0}, {0}, {{0}}, 0};
        double by = draw_real(&d, -0.2, -0.005);
        for (int32_t l = 0; draw_chance(&d, 0.8) && l < x.n_branch; l++)
            if (isfinite(x.branch[l].susceptance) && draw_chance(&d, 0.2))
                x.branch[l].susceptance *= by;
        drawn_outages_make(&d, &x, outages, draw_real(&d, 0.3, 3), &o);
        stated_make(&x, &s);
        s.p.outages = &o.o;
        draw_flows(&d, &s, &at);
        draw_rows(&d, &s, &at);
        check(&s, &at);
        stated_release(&s);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
}

Test(certificate_outage, the_worst_limit_of_all_outages_is_found)
{
    compare(DRAWN_NORMAL, 0, 400);
}

Test(certificate_outage, so_it_is_with_ties_and_outages_of_several_elements)
{
    compare(DRAWN_NORMAL | DRAWN_BUS_TIES, OUTAGES_SEVERAL | OUTAGES_INJECTIONS, 100);
}
