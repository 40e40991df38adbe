/* test_outage.c - flows after outages and the screen, against networks solved anew. */
#include "solver/outage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/drawn_outages.h"

enum {
    MOST = 4,
    PER_BRANCH = 3,
    SEVERAL = 12
};

/* A point of a drawn problem: powers at random, flows from them. */
struct point {
    double power[DRAWN_INTERVAL * DRAWN_INJECTION];
    double flow[DRAWN_INTERVAL * DRAWN_BRANCH];
};

static void flows_of(const struct stated *s, struct point *x)
{
    static double bus[DRAWN_INTERVAL * DRAWN_BUS];
    struct err err = {0};
    int32_t n_bus = s->data.n_bus;
    memcpy(bus, s->fixed, sizeof s->fixed);
    for (int32_t t = 0; t < s->p.n_interval; t++)
        for (int32_t i = 0; i < s->p.n_injection; i++)
            for (int32_t e = s->bus_start[i]; e < s->bus_start[i + 1]; e++)
                bus[t * n_bus + s->bus[e]] +=
                    s->weight[e] * x->power[t * s->p.n_injection + i];
    LAW(network_flows(s->p.net, s->p.n_interval, bus, NULL, x->flow, &err) == ERR_OK,
        "%s", err.msg);
}

static double over(const struct dispatch_outages *o, int32_t l, double flow, bool *low)
{
    double above = flow - o->max_mw[l], below = o->min_mw[l] - flow;
    bool up = above > outage_tolerance_mw(o->max_mw[l]);
    bool down = below > outage_tolerance_mw(o->min_mw[l]);
    *low = down && (!up || below > above);
    return *low ? below : up ? above : 0;
}

/* One pair of the whole table is known; see known_pair. */
struct secret {
    bool there;
    int32_t t, k, l;
};

static bool known_pair(const void *context, int32_t t, int32_t k, int32_t l, bool low)
{
    const struct secret *x = context;
    (void)low;
    return x->there && t == x->t && k == x->k && l == x->l;
}

/* The worst violation of every branch, by solving what every outage leaves. */
static void table(const struct stated *s, const struct point *x,
                  const struct secret *secret,
                  double worst[DRAWN_INTERVAL][DRAWN_BRANCH])
{
    const struct dispatch_outages *o = s->p.outages;
    double flow[DRAWN_BRANCH];
    memset(worst, 0, DRAWN_INTERVAL * sizeof *worst);
    for (int32_t k = 0; k < o->n_outage; k++) {
        if (drawn_outage_cut_off(s, o, k) || !drawn_outage_is_covered(s, o, k))
            continue;
        for (int32_t t = 0; t < s->p.n_interval; t++) {
            bool low;
            drawn_outage_flow(s, o, k, t, x->power + t * s->p.n_injection, flow);
            for (int32_t l = 0; l < s->data.n_branch; l++)
                if (!isnan(flow[l]) && !known_pair(secret, t, k, l, false))
                    worst[t][l] = fmax(worst[t][l], over(o, l, flow[l], &low));
        }
    }
}

static int descending(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return a > b ? -1 : a < b;
}

/* What the screen finds is the worst of the table. */
static void check_found(const struct stated *s, struct outage_screen *screen,
                        const struct point *x, const struct secret *secret)
{
    static double worst[DRAWN_INTERVAL][DRAWN_BRANCH];
    struct outage_violation found[DRAWN_INTERVAL * MOST];
    struct outage_known known = {secret, known_pair};
    int32_t n_found[DRAWN_INTERVAL];
    struct err err = {0};
    LAW(outage_find(screen, x->flow, x->power, &known, 1, MOST, found, n_found, &err) ==
            ERR_OK,
        "%s", err.msg);
    table(s, x, secret, worst);
    for (int32_t t = 0; t < s->p.n_interval; t++) {
        for (int32_t i = 0; i < n_found[t]; i++) {
            const struct outage_violation *v = &found[t * MOST + i];
            double flow[DRAWN_BRANCH];
            bool low;
            drawn_outage_flow(s, s->p.outages, v->outage, t,
                              x->power + t * s->p.n_injection, flow);
            double mw = over(s->p.outages, v->branch, flow[v->branch], &low);
            LAW(v->interval == t && fabs(mw - v->over_mw) < 1e-6 && low == v->minimum,
                "outage %d, branch %d: %g MW found where there are %g", v->outage,
                v->branch, v->over_mw, mw);
            LAW(fabs(mw - worst[t][v->branch]) < 1e-6, "%g MW is not the worst, %g", mw,
                worst[t][v->branch]);
        }
        qsort(worst[t], (size_t)s->data.n_branch, sizeof **worst, descending);
        for (int32_t i = 0; i < MOST && i < s->data.n_branch; i++) {
            double mw = i < n_found[t] ? found[t * MOST + i].over_mw : 0;
            LAW(fabs(mw - worst[t][i]) < 2e-6, "violation %d is %g, expected %g", i, mw,
                worst[t][i]);
        }
    }
}

/* MW by which limits are broken, in the order in which they should be found. */
static int32_t ordered(const struct stated *s, const struct point *x,
                       const struct secret *secret, int32_t t, double *mw)
{
    const struct dispatch_outages *o = s->p.outages;
    static double pair[DRAWN_BRANCH][DRAWN_OUTAGE];
    double flow[DRAWN_BRANCH];
    int32_t n = 0;
    memset(pair, 0, sizeof pair);
    for (int32_t k = 0; k < o->n_outage; k++) {
        if (drawn_outage_cut_off(s, o, k) || !drawn_outage_is_covered(s, o, k))
            continue;
        drawn_outage_flow(s, o, k, t, x->power + t * s->p.n_injection, flow);
        for (int32_t l = 0; l < s->data.n_branch; l++) {
            bool low;
            if (!isnan(flow[l]) && !known_pair(secret, t, k, l, false))
                pair[l][k] = over(o, l, flow[l], &low);
        }
    }
    for (int32_t l = 0; l < s->data.n_branch; l++)
        qsort(pair[l], DRAWN_OUTAGE, sizeof **pair, descending);
    for (int32_t rank = 0; rank < PER_BRANCH; rank++) {
        int32_t first = n;
        for (int32_t l = 0; l < s->data.n_branch; l++)
            if (pair[l][rank] > 0)
                mw[n++] = pair[l][rank];
        qsort(mw + first, (size_t)(n - first), sizeof *mw, descending);
    }
    return n;
}

/* Several of a branch: all first ones, then all second ones. */
static void check_several(const struct stated *s, struct outage_screen *screen,
                          const struct point *x, const struct secret *secret)
{
    struct outage_violation found[DRAWN_INTERVAL * SEVERAL];
    struct outage_known known = {secret, known_pair};
    int32_t n_found[DRAWN_INTERVAL];
    double mw[DRAWN_BRANCH * PER_BRANCH];
    struct err err = {0};
    LAW(outage_find(screen, x->flow, x->power, &known, PER_BRANCH, SEVERAL, found,
                    n_found, &err) == ERR_OK,
        "%s", err.msg);
    for (int32_t t = 0; t < s->p.n_interval; t++) {
        int32_t n = ordered(s, x, secret, t, mw);
        for (int32_t i = 0; i < SEVERAL; i++) {
            double expected = i < n ? mw[i] : 0;
            double got = i < n_found[t] ? found[t * SEVERAL + i].over_mw : 0;
            LAW(fabs(got - expected) < 2e-6, "violation %d is %g, expected %g", i, got,
                expected);
        }
    }
}

static void draw_point(struct draw *d, const struct stated *s, double mw,
                       struct point *x)
{
    for (int32_t i = 0; i < s->p.n_interval * s->p.n_injection; i++)
        x->power[i] += draw_real(d, -mw, mw);
    flows_of(s, x);
}

/* Problems of all sorts, some with negative reactances. */
static void make(struct draw *d, unsigned features, struct drawn *x, struct stated *s,
                 struct drawn_outages *o)
{
    *x = drawn_make(d, features);
    for (int32_t l = 0; draw_chance(d, 0.3) && l < x->n_branch; l++)
        if (isfinite(x->branch[l].susceptance) && draw_chance(d, 0.2))
            x->branch[l].susceptance *= -0.04;
    drawn_outages_make(d, x, OUTAGES_SEVERAL | OUTAGES_INJECTIONS, draw_real(d, 0.3, 3),
                       o);
    stated_make(x, s);
    s->p.outages = &o->o;
}

static void search(unsigned features, int n)
{
    FOR_SEEDS(seed, n)
    {
        struct draw d = draw_begin(seed);
        struct drawn x;
        struct drawn_outages o;
        struct stated s;
        struct outage_screen *screen;
        struct point at = {{0}, {0}};
        struct secret secret = {0};
        struct err err = {0};
        make(&d, features, &x, &s, &o);
        LAW(outage_screen_create(&s.p, &screen, &err) == ERR_OK, "%s", err.msg);
        for (int32_t k = 0; k < o.o.n_outage; k++) {
            int32_t off = drawn_outage_cut_off(&s, &o.o, k);
            enum outage_kind kind = off ? OUTAGE_ISLANDING
                                    : drawn_outage_is_covered(&s, &o.o, k)
                                        ? OUTAGE_SCREENED
                                        : OUTAGE_UNCOVERED;
            LAW(outage_kind(screen, k) == kind, "outage %d is of kind %d", k,
                (int)outage_kind(screen, k));
            LAW(outage_buses_cut_off(screen, k) == off, "outage %d cuts %d buses off",
                k, outage_buses_cut_off(screen, k));
        }
        /* Ever smaller moves, so that ever more need not be looked at. */
        for (double mw = 60; mw > 0.01; mw /= 4) {
            draw_point(&d, &s, mw, &at);
            check_found(&s, screen, &at, &secret);
            check_several(&s, screen, &at, &secret);
            secret = (struct secret){
                s.data.n_branch > 0, draw_int(&d, 0, s.p.n_interval - 1),
                draw_int(&d, 0, o.o.n_outage), draw_int(&d, 0, s.data.n_branch)};
            outage_forget(screen);
        }
        for (double mw = 8; mw > 0.001; mw /= 3) {
            draw_point(&d, &s, mw, &at);
            check_found(&s, screen, &at, &secret);
        }
        outage_screen_destroy(screen);
        stated_release(&s);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
}

Test(outage, the_screen_finds_the_worst_limits_that_networks_solved_anew_break)
{
    search(DRAWN_ANY, 150);
}

Test(outage, so_it_does_with_bus_ties)
{
    search(DRAWN_ANY | DRAWN_BUS_TIES, 150);
}
