/*
 * prop_known_answer.c - problems built around their answer: choose powers, prices and
 * binding branches, then offers that make exactly these optimal.
 */
#include <math.h>

#include "tests/support/drawn.h"

struct known {
    struct drawn x;
    double power[DRAWN_INJECTION], price[DRAWN_BUS], shadow[DRAWN_BRANCH];
};

/* Powers: the first n_margin injections stand inside their range, the others at an end. */
static void choose_powers(struct draw *d, struct known *k, int32_t n_margin)
{
    double sum = 0;
    for (int32_t i = 0; i < k->x.n_injection; i++) {
        struct drawn_injection *j = &k->x.injection[i];
        double width = draw_real(d, 10, 50);
        *j = (struct drawn_injection){
            .n_place = 1,
            .bus = {i < k->x.n_bus ? i : draw_int(d, 0, k->x.n_bus - 1)},
            .weight = {1},
            .n_segment = 1,
            .seg = {{{width, 0, 0}}},
            .ramp_up = HUGE_VAL,
            .ramp_down = HUGE_VAL,
            .initial = (double)NAN};
        k->power[i] = i < n_margin          ? width * draw_real(d, 0.2, 0.8)
                      : draw_chance(d, 0.5) ? width
                                            : 0;
        sum += k->power[i];
    }
    for (int32_t n = 0; n < k->x.n_bus; n++) {
        double here = n + 1 == k->x.n_bus ? sum : draw_real(d, 0, 20);
        k->x.fixed[0][n] = -here;
        k->x.reference[n] = draw_real(d, 0.1, 1);
        sum -= here;
    }
}

/* Limits at the flow of the first n_binding branches, with room on all others. */
static void choose_prices(struct draw *d, struct known *k, int32_t n_binding)
{
    struct drawn *x = &k->x;
    struct stated s;
    struct err err = {0};
    double bus[DRAWN_BUS], flow[DRAWN_BRANCH], factor[DRAWN_BUS];
    for (int32_t n = 0; n < x->n_bus; n++)
        bus[n] = x->fixed[0][n];
    for (int32_t i = 0; i < x->n_injection; i++)
        bus[x->injection[i].bus[0]] += k->power[i];
    for (int32_t l = 0; l < x->n_branch; l++)
        x->branch[l].max = -(x->branch[l].min = -HUGE_VAL);
    stated_make(x, &s);
    cr_assert_eq(network_flows(s.p.net, 1, bus, NULL, flow, &err), ERR_OK);
    double lambda = draw_real(d, 10, 60);
    for (int32_t n = 0; n < x->n_bus; n++)
        k->price[n] = lambda;
    for (int32_t l = 0; l < x->n_branch; l++) {
        double sign = flow[l] >= 0 ? 1 : -1;
        k->shadow[l] = l < n_binding ? draw_real(d, 5, 60) : 0;
        x->branch[l].max = fabs(flow[l]) + (l < n_binding ? 0 : draw_real(d, 1, 50));
        x->branch[l].min = -x->branch[l].max;
        cr_assert_eq(network_ptdf_rows(s.p.net, 1, &l, factor, &err), ERR_OK);
        for (int32_t n = 0; n < x->n_bus; n++)
            k->price[n] -= sign * k->shadow[l] * factor[n];
    }
    stated_release(&s);
}

static struct known build(struct draw *d)
{
    struct known k = {.x = drawn_make(d, 0)};
    struct drawn *x = &k.x;
    x->n_interval = 1;
    x->n_injection = draw_int(d, x->n_bus, DRAWN_INJECTION);
    int32_t most = x->n_bus - 1 < 4 ? x->n_bus - 1 : 4;
    int32_t n_binding = draw_int(d, 0, most);
    choose_powers(d, &k, n_binding + 1);
    choose_prices(d, &k, n_binding);
    for (int32_t i = 0; i < x->n_injection; i++) {
        double width = x->injection[i].seg[0][0].width_mw;
        double cost = k.price[x->injection[i].bus[0]];
        if (k.power[i] >= width)
            cost -= draw_real(d, 1, 20);
        else if (k.power[i] <= 0)
            cost += draw_real(d, 1, 20);
        x->injection[i].seg[0][0].cost_usd_per_mwh = cost;
        x->injection[i].seg[0][0].price_cost_usd_per_mwh = cost;
    }
    return k;
}

Test(prop_known_answer, the_answer_that_was_built_in_is_found)
{
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct known k = build(&d);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&k.x, &s);
        for (int32_t i = 0; i < k.x.n_injection; i++)
            LAW(fabs(a.injection_mw[i] - k.power[i]) < 1e-5,
                "injection %d: %.9g, built %.9g", i, a.injection_mw[i], k.power[i]);
        for (int32_t n = 0; n < k.x.n_bus; n++)
            LAW(fabs(drawn_lmp(&s, &a, 0, n) - k.price[n]) < 1e-5,
                "bus %d: price %.9g, built %.9g", n, drawn_lmp(&s, &a, 0, n),
                k.price[n]);
        for (int32_t r = 0; r < a.n_row; r++)
            LAW(fabs(a.row[r].shadow_usd_per_mwh - k.shadow[a.row[r].index]) < 1e-5,
                "branch %d: %.9g, built %.9g", a.row[r].index,
                a.row[r].shadow_usd_per_mwh, k.shadow[a.row[r].index]);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
}
