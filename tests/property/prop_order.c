/* prop_order.c - the order in which things are stated does not matter. */
#include <math.h>

#include "tests/support/drawn.h"

struct orders {
    int32_t bus[DRAWN_BUS], branch[DRAWN_BRANCH], injection[DRAWN_INJECTION];
    int32_t group[DRAWN_GROUP], store[DRAWN_STORE];
};

/* Thing k of x is thing o->thing[k] of the result. */
static struct drawn permute(const struct drawn *x, const struct orders *o)
{
    struct drawn y = *x;
    for (int32_t n = 0; n < x->n_bus; n++) {
        y.reference[o->bus[n]] = x->reference[n];
        for (int32_t t = 0; t < x->n_interval; t++)
            y.fixed[t][o->bus[n]] = x->fixed[t][n];
    }
    for (int32_t l = 0; l < x->n_branch; l++) {
        struct drawn_branch *b = &y.branch[o->branch[l]];
        *b = x->branch[l];
        b->from = o->bus[b->from];
        b->to = o->bus[b->to];
        y.loss_per_mw[o->branch[l]] = x->loss_per_mw[l];
    }
    for (int32_t i = 0; i < x->n_injection; i++) {
        struct drawn_injection *j = &y.injection[o->injection[i]];
        *j = x->injection[i];
        for (int32_t k = 0; k < j->n_place; k++)
            j->bus[k] = o->bus[j->bus[k]];
    }
    for (int32_t s = 0; s < x->n_store; s++) {
        y.store[o->store[s]] = x->store[s];
        y.store[o->store[s]].injection = o->injection[x->store[s].injection];
    }
    for (int32_t g = 0; g < x->n_group; g++) {
        struct drawn_group *h = &y.group[o->group[g]];
        *h = x->group[g];
        for (int32_t k = 0; k < h->n; k++)
            h->injection[k] = o->injection[h->injection[k]];
        if (h->store > 0)
            h->store = o->store[h->store - 1] + 1;
    }
    return y;
}

/*
 * Between equal offers that load limits differently there may be many optima, and many
 * prices of congestion: then only cost and energy price are compared.
 */
static void compare(unsigned features, int n_seed)
{
    FOR_SEEDS(seed, n_seed)
    {
        struct draw d = draw_begin(seed);
        struct orders o;
        struct drawn x = drawn_make(&d, features);
        bool limits = !(x.features & DRAWN_TIES) || draw_chance(&d, 0.3);
        for (int32_t l = 0; !limits && l < x.n_branch; l++)
            x.branch[l].max = -(x.branch[l].min = -HUGE_VAL);
        draw_order(&d, x.n_bus, o.bus);
        draw_order(&d, x.n_branch, o.branch);
        draw_order(&d, x.n_injection, o.injection);
        draw_order(&d, x.n_store, o.store);
        draw_order(&d, x.n_group, o.group);
        struct drawn y = permute(&x, &o);
        struct stated s, r;
        struct dispatch_answer a = drawn_solve(&x, &s), b = drawn_solve(&y, &r);
        LAW(fabs(a.objective_usd - b.objective_usd) <=
                1e-9 * (1 + fabs(a.objective_usd)),
            "cost %.12g and %.12g (features %u)", a.objective_usd, b.objective_usd,
            x.features);
        bool unique = !(x.features & DRAWN_TIES) || !limits;
        for (int32_t t = 0; unique && t < x.n_interval; t++) {
            for (int32_t n = 0; n < x.n_bus; n++) {
                double one = drawn_lmp(&s, &a, t, n);
                double two = drawn_lmp(&r, &b, t, o.bus[n]);
                LAW(fabs(one - two) <= 1e-7 * (1 + fabs(one)),
                    "price %.12g and %.12g (features %u)", one, two, x.features);
            }
            for (int32_t i = 0; i < x.n_injection; i++) {
                double one = a.injection_mw[t * x.n_injection + i];
                double two = b.injection_mw[t * x.n_injection + o.injection[i]];
                LAW(fabs(one - two) <= 1e-7,
                    "interval %d injection %d: %.12g and %.12g MW (features %u)", t, i,
                    one, two, x.features);
            }
        }
        int32_t island[DRAWN_BUS], n_island = drawn_islands(&x, island);
        if (x.n_interval * n_island == 1)
            LAW(fabs(a.lambda_usd_per_mwh[0] - b.lambda_usd_per_mwh[0]) <= 1e-7,
                "energy price %.12g and %.12g", a.lambda_usd_per_mwh[0],
                b.lambda_usd_per_mwh[0]);
        dispatch_answer_release(&a);
        dispatch_answer_release(&b);
        stated_release(&s);
        stated_release(&r);
    }
}

Test(prop_order, offers_that_differ)
{
    compare(DRAWN_NORMAL & ~(DRAWN_TIES | DRAWN_STORES), 300);
}

Test(prop_order, equal_offers_share_pro_rata_in_any_order)
{
    compare(DRAWN_TIES | DRAWN_ISLANDS | DRAWN_NEGATIVE | DRAWN_SCARCE | DRAWN_TIGHT,
            200);
}

Test(prop_order, losses_do_not_mind_the_order)
{
    compare(DRAWN_ISLANDS | DRAWN_TIGHT | DRAWN_RAMPS | DRAWN_SPREAD | DRAWN_SHIFTERS |
                DRAWN_LOSSES,
            150);
    compare(DRAWN_TIES | DRAWN_ISLANDS | DRAWN_LOSSES, 100);
}
