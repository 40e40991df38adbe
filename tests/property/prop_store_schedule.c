/* prop_store_schedule.c - no ways of a store are better than those that were found. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/unit_schedule.h"
#include "tests/support/draw.h"

enum {
    T = 24, /* most */
    FEW = 5 /* intervals, in which every pattern is tried */
};

static struct {
    struct commit_problem p;
    struct commit_unit unit;
    struct commit_store store;
    struct commit_curve curve[2];
    double width[2][2], cost[2][2], price[T];
    int32_t which[2][T];
    double charge_min[T], charge_max[T], discharge_min[T], discharge_max[T];
    double least[T], most[T], stays[T], lasts[T], loss[T];
    bool one_way[T];
} x; /* points into itself */

static void draw_interval(struct draw *d, int32_t t, double size, double often)
{
    x.price[t] = draw_chance(d, 0.15) ? draw_real(d, -40, 0) : draw_real(d, 0, 60);
    x.charge_max[t] = draw_chance(d, 0.1) ? 0 : draw_real(d, 1, 30);
    x.discharge_max[t] = draw_chance(d, 0.1) ? 0 : draw_real(d, 1, 30);
    x.charge_min[t] =
        draw_chance(d, often) ? draw_real(d, 0, 1.1) * x.charge_max[t] : 0;
    x.discharge_min[t] =
        draw_chance(d, often) ? draw_real(d, 0, 1.1) * x.discharge_max[t] : 0;
    x.least[t] = draw_chance(d, 0.9) ? 0 : draw_real(d, 0, 0.3) * size;
    x.most[t] = draw_chance(d, 0.9) ? size : draw_real(d, 0.4, 1) * size;
    x.stays[t] = draw_chance(d, 0.3) ? 1 : draw_real(d, 0.6, 1);
    x.lasts[t] = draw_chance(d, 0.3) ? 1 : draw_real(d, 0.6, 1);
    x.loss[t] = draw_chance(d, 0.7) ? 0 : draw_real(d, 0, 0.2);
    x.one_way[t] = draw_chance(d, 0.7);
    x.which[0][t] = 0;
    x.which[1][t] = 1;
}

static void draw_store(struct draw *d, int32_t n)
{
    const double size = draw_real(d, 10, 120), often = draw_real(d, 0.2, 1);
    for (int32_t t = 0; t < n; t++)
        draw_interval(d, t, size, often);
    if (draw_chance(d, 0.3)) /* the same always, with what is whole */
        for (int32_t t = 0; t < n; t++) {
            x.charge_max[t] = 20;
            x.charge_min[t] = 5;
            x.discharge_max[t] = 15;
            x.discharge_min[t] = 10;
            x.price[t] = draw_int(d, -1, 5) * 10;
        }
    for (int side = 0; side < 2; side++) {
        x.width[side][0] = draw_real(d, 1, 20);
        x.width[side][1] = 50;
        x.cost[side][0] = draw_real(d, -2, 5);
        x.cost[side][1] = x.cost[side][0] + draw_real(d, 0, 10);
        x.curve[side] = (struct commit_curve){2, x.width[side], x.cost[side]};
    }
    x.store = (struct commit_store){
        .charge_efficiency = x.stays,
        .discharge_efficiency = x.lasts,
        .loss = x.loss,
        .charge_max_mw = x.charge_max,
        .discharge_max_mw = x.discharge_max,
        .charge_min_mw = x.charge_min,
        .discharge_min_mw = x.discharge_min,
        .charge_curve = draw_chance(d, 0.5) ? x.which[0] : NULL,
        .discharge_curve = draw_chance(d, 0.5) ? x.which[1] : NULL,
        .first_mwh = draw_real(d, 0, 1) * size,
        .least_mwh = x.least,
        .most_mwh = x.most,
        .worth_usd_per_mwh = draw_chance(d, 0.5) ? 0 : draw_real(d, -5, 40),
        .one_way = draw_chance(d, 0.6) ? x.one_way : NULL};
    x.unit = (struct commit_unit){.store = &x.store};
    x.p = (struct commit_problem){.n_interval = n,
                                  .interval_h = draw_chance(d, 0.7) ? 1 : 0.25,
                                  .n_unit = 1,
                                  .unit = &x.unit,
                                  .n_curve = 2,
                                  .curve = x.curve,
                                  .ways_decided = draw_chance(d, 0.7)};
}

static struct unit_schedule best(struct unit_scheduler *s,
                                 const struct interval_set *on,
                                 const struct interval_set *off)
{
    const struct unit_prices prices = {.energy_usd_per_mw = x.price};
    struct unit_schedule out;
    struct err err = {0};
    LAW(unit_schedule_best(s, 0, &prices, on, off, &out, &err) == ERR_OK, "%s",
        err.msg);
    return out;
}

/* What it says of itself is so: its worth, and what it is held to. */
static void check(const struct unit_schedule *a)
{
    double worth = -a->cost_usd;
    for (int32_t t = 0; t < x.p.n_interval; t++) {
        const double charge = a->reserve_mw[t], discharge = a->above_mw[t] + charge;
        const double left =
            store_energy_mwh(&x.p, &x.store, a->above_mw, a->reserve_mw, t);
        worth += x.price[t] * a->above_mw[t];
        LAW(left > x.least[t] - 1e-6 && left < x.most[t] + 1e-6, "keeps %g", left);
        LAW(charge < 1e-9 ||
                (charge > x.charge_min[t] - 1e-9 && charge < x.charge_max[t] + 1e-9),
            "charges %g", charge);
        LAW(discharge < 1e-9 || (discharge > x.discharge_min[t] - 1e-9 &&
                                 discharge < x.discharge_max[t] + 1e-9),
            "discharges %g", discharge);
        LAW(!x.p.ways_decided || !x.store.one_way || !x.one_way[t] ||
                fmin(charge, discharge) < 1e-9,
            "%g in and %g out", charge, discharge);
    }
    LAW(fabs(worth - a->value_usd) < 1e-7 * (1 + fabs(worth)),
        "worth %.12g, says %.12g", worth, a->value_usd);
}

/* Held to a pattern, of two bits an interval, it goes one way always. */
static double held(struct unit_scheduler *s, unsigned pattern)
{
    struct interval_set on = {{0}}, off = {{0}};
    for (int32_t k = 1; k <= 2; k++)
        for (int32_t t = 0; t < x.p.n_interval; t++) {
            const int32_t fact = store_fact(&x.p, k, t);
            struct interval_set *set = pattern >> (2 * t + k - 1) & 1 ? &on : &off;
            set->word[fact / 64] |= UINT64_C(1) << (fact % 64);
        }
    return best(s, &on, &off).value_usd;
}

static struct unit_scheduler *scheduler(void)
{
    struct unit_scheduler *s;
    struct err err = {0};
    LAW(unit_scheduler_create(&x.p, &s, &err) == ERR_OK, "%s", err.msg);
    return s;
}

Test(prop_store_schedule, no_pattern_of_ways_beats_it)
{
    int found = 0;
    FOR_SEEDS(seed, 1500)
    {
        struct draw d = draw_begin(seed);
        draw_store(&d, draw_int(&d, 1, FEW));
        struct unit_scheduler *s = scheduler();
        double most = -INFINITY;
        for (unsigned k = 0; k < 1u << 2 * x.p.n_interval; k++)
            most = fmax(most, held(s, k));
        const struct unit_schedule a = best(s, NULL, NULL);
        LAW(isinf(most) == isinf(a.value_usd), "%g or %g", most, a.value_usd);
        if (!isinf(most)) {
            check(&a);
            LAW(fabs(most - a.value_usd) < 1e-8 * (1 + fabs(most)),
                "worth %.12g, could be %.12g", a.value_usd, most);
            found++;
        }
        unit_scheduler_release(s);
    }
    cr_assert_gt(found, 400);
    cr_assert_eq(mem_live(), 0);
}

/* Nor any that is near it, in a day: one interval another way. */
Test(prop_store_schedule, no_other_way_in_one_interval_is_better)
{
    int found = 0;
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        draw_store(&d, T);
        struct unit_scheduler *s = scheduler();
        const struct unit_schedule a = best(s, NULL, NULL);
        const double value = a.value_usd;
        const bool decides = store_decides(&x.p, &x.store);
        double most = -INFINITY;
        if (!isinf(value))
            check(&a);
        for (int32_t fact = T; fact < (decides && !isinf(value) ? 3 * T : 0); fact++) {
            struct interval_set on = {{0}}, off = {{0}};
            on.word[fact / 64] = UINT64_C(1) << (fact % 64);
            const double with = best(s, &on, NULL).value_usd;
            off.word[fact / 64] = on.word[fact / 64];
            const double without = best(s, NULL, &off).value_usd;
            most = fmax(with, without);
            LAW(fabs(most - value) < 1e-9 * (1 + fabs(value)),
                "worth %.12g, in parts %.12g and %.12g", value, with, without);
            found++;
        }
        unit_scheduler_release(s);
    }
    cr_assert_gt(found, 1000);
}
