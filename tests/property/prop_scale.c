/* prop_scale.c - units of measure do not matter: twice the MW, k times the money. */
#include <math.h>

#include "tests/support/drawn.h"

static void scale_mw(struct drawn *x, double k)
{
    for (int32_t l = 0; l < x->n_branch; l++) {
        x->branch[l].susceptance *= k;
        x->branch[l].min *= k;
        x->branch[l].max *= k;
    }
    for (int32_t i = 0; i < x->n_injection; i++) {
        struct drawn_injection *j = &x->injection[i];
        j->ramp_up *= k;
        j->ramp_down *= k;
        j->initial *= k;
        for (int32_t t = 0; t < x->n_interval; t++) {
            j->base[t] *= k;
            for (int32_t s = 0; s < j->n_segment; s++)
                j->seg[t][s].width_mw *= k;
        }
    }
    for (int32_t s = 0; s < x->n_store; s++) {
        x->store[s].energy_min_mwh *= k;
        x->store[s].energy_max_mwh *= k;
        x->store[s].energy_initial_mwh *= k;
        x->store[s].energy_end_min_mwh *= k;
    }
    for (int32_t t = 0; t < x->n_interval; t++) {
        for (int32_t g = 0; g < x->n_group; g++)
            x->group[g].max[t] *= k;
        for (int32_t n = 0; n < x->n_bus; n++)
            x->fixed[t][n] *= k;
    }
}

static void scale_penalty(struct dispatch_penalty *q, double k)
{
    q->shortage_usd_per_mwh *= k;
    q->surplus_usd_per_mwh *= k;
    q->branch_usd_per_mwh *= k;
    q->group_usd_per_mwh *= k;
    q->ramp_usd_per_mwh *= k;
    q->store_usd_per_mwh *= k;
}

static void scale_money(struct drawn *x, double k)
{
    for (int32_t i = 0; i < x->n_injection; i++)
        for (int32_t t = 0; t < x->n_interval; t++)
            for (int32_t s = 0; s < x->injection[i].n_segment; s++) {
                x->injection[i].seg[t][s].cost_usd_per_mwh *= k;
                x->injection[i].seg[t][s].price_cost_usd_per_mwh *= k;
            }
    scale_penalty(&x->schedule, k);
    scale_penalty(&x->pricing, k);
}

/* b is x with MW times mw and money times money; power only where it is unique. */
static void compare(const struct drawn *x, const struct drawn *y, double mw,
                    double money, bool power)
{
    struct stated s, r;
    struct dispatch_answer a = drawn_solve(x, &s), b = drawn_solve(y, &r);
    double want = a.objective_usd * mw * money;
    LAW(fabs(b.objective_usd - want) <= 1e-8 * (1 + fabs(want)),
        "cost %.12g, expected %.12g (features %u)", b.objective_usd, want, x->features);
    for (int32_t t = 0; t < x->n_interval; t++)
        for (int32_t n = 0; n < x->n_bus; n++) {
            double before = money * drawn_lmp(&s, &a, t, n);
            double after = drawn_lmp(&r, &b, t, n);
            LAW(fabs(after - before) <= 1e-6 * (1 + fabs(before)),
                "price %.9g, expected %.9g (features %u)", after, before, x->features);
        }
    for (int32_t k = 0; power && k < x->n_interval * x->n_injection; k++)
        LAW(fabs(b.injection_mw[k] - mw * a.injection_mw[k]) <=
                1e-6 * (1 + fabs(b.injection_mw[k])),
            "injection %d: %.9g, expected %.9g (features %u)", k % x->n_injection,
            b.injection_mw[k], mw * a.injection_mw[k], x->features);
    dispatch_answer_release(&a);
    dispatch_answer_release(&b);
    stated_release(&s);
    stated_release(&r);
}

Test(prop_scale, twice_the_mw_have_the_same_prices)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_ANY & ~DRAWN_STORES), y = x;
        scale_mw(&y, 2);
        compare(&x, &y, 2, 1, !(x.features & DRAWN_TIES));
    }
}

Test(prop_scale, three_times_the_money_has_the_same_dispatch)
{
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_ANY & ~DRAWN_STORES), y = x;
        scale_money(&y, 3);
        compare(&x, &y, 1, 3, !(x.features & DRAWN_TIES));
    }
}
