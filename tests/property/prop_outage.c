/* prop_outage.c - contingencies: certified, as cheap as the whole LP, prices that add up. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/oracle/full_dispatch.h"
#include "tests/support/drawn_outages.h"

static struct dispatch_answer solve(const struct stated *s, unsigned features)
{
    struct dispatch_answer a;
    struct err err = {0};
    LAW(dispatch_solve(&s->p, 1e-10, &a, &err) == ERR_OK, "features %u: %s", features,
        err.msg);
    LAW(a.certificate.primal_residual < 1e-5, "primal residual %g (features %u)",
        a.certificate.primal_residual, features);
    LAW(a.certificate.dual_residual < 1e-5, "dual residual %g (features %u)",
        a.certificate.dual_residual, features);
    LAW(a.certificate.relative_gap < 1e-7, "gap %g (features %u)",
        a.certificate.relative_gap, features);
    return a;
}

/* The congestion of a bus is that of every limit, one by one, by networks solved anew. */
static void check_prices(const struct stated *s, const struct dispatch_answer *a)
{
    const struct dispatch_outages *o = s->p.outages;
    for (int32_t t = 0; t < s->p.n_interval; t++)
        for (int32_t n = 0; n < s->data.n_bus; n++) {
            double sum = 0;
            for (int32_t r = 0; r < a->n_row; r++) {
                const struct dispatch_row *row = &a->row[r];
                bool max = row->kind == DISPATCH_BRANCH_MAX;
                if (row->interval != t || (!max && row->kind != DISPATCH_BRANCH_MIN))
                    continue;
                double one = drawn_outage_factor(s, o, row->outage, row->index, n);
                sum -= (max ? 1 : -1) * row->shadow_usd_per_mwh * one;
            }
            LAW(fabs(sum - a->congestion_usd_per_mwh[t * s->data.n_bus + n]) < 1e-5,
                "congestion %g, limits explain %g",
                a->congestion_usd_per_mwh[t * s->data.n_bus + n], sum);
        }
}

static void compare(unsigned features, unsigned outages, int n)
{
    FOR_SEEDS(seed, n)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, features);
        struct drawn_outages o;
        struct stated s;
        struct full_dispatch twin = {.chords = 1};
        drawn_outages_make(&d, &x, outages, draw_real(&d, 0.8, 1.6), &o);
        stated_make(&x, &s);
        s.p.outages = &o.o;
        struct dispatch_answer a = solve(&s, x.features);
        full_dispatch(&s.p, &twin);
        double off = a.objective_usd - twin.objective_usd;
        double scale = fmax(1, fabs(twin.objective_usd));
        if (!twin.both_ways && a.losses_proven)
            LAW(fabs(off) <= 1e-7 * scale, "%.9g, the whole LP %.9g (features %u)",
                a.objective_usd, twin.objective_usd, x.features);
        else
            LAW(off > -1e-7 * scale, "%.9g is below the optimum %.9g (features %u)",
                a.objective_usd, twin.objective_usd, x.features);
        check_prices(&s, &a);
        dispatch_answer_release(&a);
        stated_release(&s);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
}

/* Hours with branches out as planned: states among the outages that cut nobody off, and
 * each of the others in the whole network or in one of them. */
static void draw_states(struct draw *d, const struct stated *s, struct drawn_outages *o,
                        int32_t *state, int32_t *state_of)
{
    int32_t n_state = 0, chosen[DRAWN_OUTAGE];
    for (int32_t k = 0; k < o->o.n_outage; k++)
        if (drawn_outage_cut_off(s, &o->o, k) == 0 && draw_chance(d, 0.3))
            chosen[n_state++] = k;
    for (int32_t k = 0; k < o->o.n_outage; k++) {
        int32_t of = draw_int(d, -1, n_state - 1);
        state_of[k] = of < 0 ? -1 : chosen[of];
    }
    for (int32_t k = 0; k < n_state; k++)
        state_of[chosen[k]] = chosen[k];
    for (int32_t t = 0; t < s->p.n_interval; t++) {
        int32_t of = draw_int(d, -1, n_state - 1);
        state[t] = of < 0 ? -1 : chosen[of];
    }
    o->o.state = state;
    o->o.state_of = state_of;
}

Test(prop_outage, hours_with_branches_out_equal_the_whole_lp)
{
    int n_away = 0;
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_NORMAL | DRAWN_BUS_TIES);
        struct drawn_outages o;
        struct stated s;
        struct full_dispatch twin = {.chords = 1};
        int32_t state[DRAWN_INTERVAL], state_of[DRAWN_OUTAGE];
        drawn_outages_make(&d, &x, OUTAGES_SEVERAL, draw_real(&d, 0.8, 1.6), &o);
        stated_make(&x, &s);
        s.p.outages = &o.o;
        s.p.schedule.outage_usd_per_mwh = s.p.schedule.branch_usd_per_mwh;
        draw_states(&d, &s, &o, state, state_of);
        struct dispatch_answer a = solve(&s, x.features);
        full_dispatch(&s.p, &twin);
        double off = a.objective_usd - twin.objective_usd;
        double scale = fmax(1, fabs(twin.objective_usd));
        LAW(off > -1e-7 * scale && (twin.both_ways || off <= 1e-7 * scale),
            "%.9g, the whole LP %.9g (features %u)", a.objective_usd,
            twin.objective_usd, x.features);
        check_prices(&s, &a);
        for (int32_t r = 0; r < a.n_row; r++)
            n_away +=
                a.row[r].outage >= 0 && state_of[a.row[r].outage] == a.row[r].outage;
        dispatch_answer_release(&a);
        stated_release(&s);
    }
    cr_assert_gt(n_away, 20, "limits with branches out hardly ever bind");
}

Test(prop_outage, every_branch_out_equals_the_whole_lp)
{
    compare(DRAWN_NORMAL & ~(DRAWN_STORES | DRAWN_RAMPS), 0, 60);
}

Test(prop_outage, several_elements_at_once_equal_the_whole_lp)
{
    compare(DRAWN_NORMAL & ~(DRAWN_STORES | DRAWN_RAMPS),
            OUTAGES_SEVERAL | OUTAGES_INJECTIONS, 60);
}

Test(prop_outage, bus_ties_equal_the_whole_lp)
{
    compare((DRAWN_NORMAL & ~(DRAWN_STORES | DRAWN_RAMPS)) | DRAWN_BUS_TIES,
            OUTAGES_SEVERAL | OUTAGES_INJECTIONS, 60);
}

/* Losses go on as before the outage; the twin says so too. */
Test(prop_outage, losses_stay_what_they_were)
{
    compare((DRAWN_NORMAL & ~(DRAWN_STORES | DRAWN_RAMPS | DRAWN_NEGATIVE)) |
                DRAWN_LOSSES,
            OUTAGES_SEVERAL | OUTAGES_INJECTIONS, 40);
}

Test(prop_outage, ramps_stores_and_other_pricing_runs_are_certified)
{
    compare(DRAWN_ANY, OUTAGES_SEVERAL | OUTAGES_INJECTIONS, 30);
}
