/* prop_shift.c - a dollar on every offer is a dollar on every price. */
#include <math.h>

#include "tests/support/drawn.h"

/* Costs follow what an injection gives in total; a surplus is energy given away. */
static void add_dollar(struct drawn *x)
{
    for (int32_t i = 0; i < x->n_injection; i++) {
        double gives = 0;
        for (int32_t k = 0; k < x->injection[i].n_place; k++)
            gives += x->injection[i].weight[k];
        for (int32_t t = 0; t < x->n_interval; t++)
            for (int32_t s = 0; s < x->injection[i].n_segment; s++) {
                x->injection[i].seg[t][s].cost_usd_per_mwh += gives;
                x->injection[i].seg[t][s].price_cost_usd_per_mwh += gives;
            }
    }
    x->schedule.shortage_usd_per_mwh += 1;
    x->schedule.surplus_usd_per_mwh -= 1;
    x->pricing.shortage_usd_per_mwh += 1;
    x->pricing.surplus_usd_per_mwh -= 1;
}

Test(prop_shift, a_dollar_on_every_offer_raises_every_price_by_one)
{
    FOR_SEEDS(seed, 200)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_ANY & ~DRAWN_STORES), y = x;
        struct stated s, r;
        add_dollar(&y);
        struct dispatch_answer a = drawn_solve(&x, &s), b = drawn_solve(&y, &r);
        for (int32_t t = 0; t < x.n_interval; t++)
            for (int32_t n = 0; n < x.n_bus; n++)
                LAW(fabs(drawn_lmp(&r, &b, t, n) - drawn_lmp(&s, &a, t, n) - 1) <= 1e-6,
                    "price %.9g became %.9g (features %u)", drawn_lmp(&s, &a, t, n),
                    drawn_lmp(&r, &b, t, n), x.features);
        dispatch_answer_release(&a);
        dispatch_answer_release(&b);
        stated_release(&s);
        stated_release(&r);
    }
}
