/* Tests of solver/loss.c, against finite differences and sums by hand. */
#include "solver/loss.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/drawn.h"

/* Two buses and one branch of 1e-4 per MW; what is missing is taken at bus 1. */
static const struct network_data two_bus = {
    .n_bus = 2,
    .n_branch = 1,
    .from = (const int32_t[]){0},
    .to = (const int32_t[]){1},
    .susceptance_mw_per_rad = (const double[]){1000},
    .shift_rad = (const double[]){0},
    .flow_min_mw = (const double[]){-HUGE_VAL},
    .flow_max_mw = (const double[]){HUGE_VAL},
    .reference_weight = (const double[]){0, 1},
    .loss_per_mw = (const double[]){1e-4},
};

static struct network *network_of(const struct network_data *data)
{
    struct network *net = NULL;
    struct err err = {0};
    cr_assert_eq(network_create(data, &net, &err), ERR_OK, "%s", err.msg);
    return net;
}

/* A drawn network with some injections. */
struct sample {
    struct drawn x;
    struct stated s;
    struct network *net;
    const struct network_data *d;
    const int32_t *island;
    double injection[DRAWN_BUS], flow[DRAWN_BRANCH], lambda[DRAWN_BUS];
};

static struct sample sample_make(struct draw *d)
{
    static struct sample s;
    s = (struct sample){.x = drawn_make(d, DRAWN_LOSSES | DRAWN_ISLANDS |
                                               DRAWN_SHIFTERS | DRAWN_BUS_TIES)};
    stated_make(&s.x, &s.s);
    s.net = s.s.p.net;
    s.d = network_data(s.net);
    s.island = network_island(s.net);
    for (int32_t n = 0; n < s.d->n_bus; n++) {
        s.injection[n] = draw_real(d, -60, 60);
        s.lambda[n] = draw_real(d, 10, 50);
    }
    return s;
}

static void flows(const struct sample *s, enum loss_placement placement,
                  const double *injection, double *flow)
{
    struct err err = {0};
    LAW(loss_flows(s->net, placement, 1, injection, NULL, flow, &err) == ERR_OK, "%s",
        err.msg);
}

/* MW lost in the island of a bus when these are injected. */
static double lost_near(const struct sample *s, enum loss_placement placement,
                        const double *injection, int32_t bus)
{
    double flow[DRAWN_BRANCH] = {0}, island[DRAWN_BUS];
    flows(s, placement, injection, flow);
    loss_total(s->net, placement, flow, island, NULL);
    return island[s->island[bus]];
}

Test(loss, of_the_worked_example_is_its)
{
    struct network *net = network_of(&two_bus);
    struct err err = {0};
    double injection[] = {204.168477, -200}, flow[1] = {0}, island[1], bus[2];
    double factor[2], lambda = 20.851441, loss[2];
    cr_assert_eq(loss_flows(net, LOSS_REFERENCE, 1, injection, NULL, flow, &err),
                 ERR_OK);
    loss_total(net, LOSS_REFERENCE, flow, island, bus);
    cr_assert_float_eq(island[0], 4.168477, 1e-6);
    cr_assert_float_eq(bus[0], 0, 1e-12);
    cr_assert_float_eq(bus[1], 4.168477, 1e-6);
    cr_assert_eq(loss_factors(net, LOSS_REFERENCE, 1, flow, factor, &err), ERR_OK);
    cr_assert_float_eq(factor[0], 0.0408337, 1e-7);
    cr_assert_float_eq(factor[1], 0, 1e-12);
    cr_assert_eq(loss_prices(net, LOSS_REFERENCE, 1, flow, &lambda, NULL, loss, &err),
                 ERR_OK);
    cr_assert_float_eq(loss[0], -0.851441, 1e-6);
    double lmp[] = {lambda + loss[0], lambda + loss[1]};
    cr_assert_float_eq(loss_surplus(net, LOSS_REFERENCE, flow, NULL, &lambda, lmp),
                       86.9187, 1e-4);
    network_destroy(net);
}

Test(loss, at_the_ends_is_half_at_either)
{
    struct network *net = network_of(&two_bus);
    struct err err = {0};
    double injection[] = {0, -200}, flow[1] = {0}, island[1], bus[2];
    cr_assert_eq(loss_flows(net, LOSS_ENDS, 1, injection, NULL, flow, &err), ERR_OK);
    /* What leaves bus 0 is made good at the reference, bus 1: nothing flows. */
    cr_assert_float_eq(flow[0], 0, 1e-9);
    injection[0] = 100;
    cr_assert_eq(loss_flows(net, LOSS_ENDS, 1, injection, NULL, flow, &err), ERR_OK);
    loss_total(net, LOSS_ENDS, flow, island, bus);
    cr_assert_float_eq(flow[0], 100 - 0.5 * 1e-4 * flow[0] * flow[0], 1e-9);
    cr_assert_float_eq(bus[0], 0.5 * island[0], 1e-12);
    cr_assert_float_eq(bus[1], 0.5 * island[0], 1e-12);
    network_destroy(net);
}

Test(loss, factors_are_differences_of_the_loss)
{
    FOR_SEEDS(seed, 60)
    {
        struct draw d = draw_begin(seed);
        struct sample s = sample_make(&d);
        struct err err = {0};
        for (int placement = LOSS_REFERENCE; placement < LOSS_PLACEMENTS; placement++) {
            enum loss_placement at = (enum loss_placement)placement;
            double factor[DRAWN_BUS], injection[DRAWN_BUS];
            memset(s.flow, 0, sizeof s.flow);
            flows(&s, at, s.injection, s.flow);
            LAW(loss_factors(s.net, at, 1, s.flow, factor, &err) == ERR_OK, "%s",
                err.msg);
            for (int32_t n = 0; n < s.d->n_bus; n++) {
                double step = 1e-3;
                memcpy(injection, s.injection, sizeof injection);
                injection[n] += step;
                double more = lost_near(&s, at, injection, n);
                injection[n] -= 2 * step;
                double less = lost_near(&s, at, injection, n);
                LAW(fabs((more - less) / (2 * step) - factor[n]) < 1e-7,
                    "bus %d: factor %.9g, difference %.9g (placement %d)", n, factor[n],
                    (more - less) / (2 * step), placement);
            }
        }
        stated_release(&s.s);
    }
}

/* What is missing in each island is injected over its reference. */
static void close_balance(const struct sample *s, const double *flow,
                          enum loss_placement at, double *injection)
{
    double island[DRAWN_BUS];
    loss_total(s->net, at, flow, island, NULL);
    for (int32_t n = 0; n < s->d->n_bus; n++)
        island[s->island[n]] -= injection[n];
    for (int32_t n = 0; n < s->d->n_bus; n++)
        injection[n] += network_reference(s->net)[n] * island[s->island[n]];
}

Test(loss, surplus_is_what_is_paid_for_them_and_not_received)
{
    FOR_SEEDS(seed, 60)
    {
        struct draw d = draw_begin(seed);
        struct sample s = sample_make(&d);
        struct err err = {0};
        for (int placement = LOSS_REFERENCE; placement < LOSS_PLACEMENTS; placement++) {
            enum loss_placement at = (enum loss_placement)placement;
            double loss[DRAWN_BUS], lmp[DRAWN_BUS], nothing[DRAWN_BUS] = {0};
            double phi[DRAWN_BRANCH], injection[DRAWN_BUS], paid = 0;
            memcpy(injection, s.injection, sizeof injection);
            memset(s.flow, 0, sizeof s.flow);
            flows(&s, at, injection, s.flow);
            close_balance(&s, s.flow, at, injection); /* moves no flow */
            LAW(network_flows(s.net, 1, nothing, NULL, phi, &err) == ERR_OK, "%s",
                err.msg);
            LAW(loss_prices(s.net, at, 1, s.flow, s.lambda, NULL, loss, &err) == ERR_OK,
                "%s", err.msg);
            for (int32_t n = 0; n < s.d->n_bus; n++) {
                lmp[n] = s.lambda[s.island[n]] + loss[n];
                paid -= lmp[n] * injection[n];
            }
            double surplus = loss_surplus(s.net, at, s.flow, phi, s.lambda, lmp);
            LAW(fabs(paid - surplus) < 1e-7 * (1 + fabs(paid)),
                "paid %.9g, surplus %.9g (placement %d)", paid, surplus, placement);
        }
        stated_release(&s.s);
    }
}

Test(loss, off_is_nothing)
{
    struct network *net = network_of(&two_bus);
    struct err err = {0};
    double flow = 100, island, bus[2], lambda = 30, lmp[2] = {30, 30}, loss[2];
    loss_total(net, LOSS_OFF, &flow, &island, bus);
    cr_assert(island == 0 && bus[0] == 0 && bus[1] == 0);
    cr_assert_eq(loss_prices(net, LOSS_OFF, 1, &flow, &lambda, NULL, loss, &err),
                 ERR_OK);
    cr_assert(loss[0] == 0 && loss[1] == 0);
    cr_assert(loss_surplus(net, LOSS_OFF, &flow, NULL, &lambda, lmp) == 0);
    network_destroy(net);
}

Test(loss, of_everything_that_is_injected_is_refused)
{
    struct network *net = network_of(&two_bus);
    struct err err = {0};
    double flow = 5000, factor[2];
    cr_assert_eq(loss_factors(net, LOSS_REFERENCE, 1, &flow, factor, &err),
                 ERR_NUMERIC);
    cr_assert_not_null(strstr(err.msg, "loss factor of bus 0 is 1"), "%s", err.msg);
    network_destroy(net);
}

Test(loss, that_cannot_be_carried_is_refused)
{
    struct network *net = network_of(&two_bus);
    struct err err = {0};
    double injection[] = {-20000, 20000}, flow = 0;
    cr_assert_eq(loss_flows(net, LOSS_ENDS, 1, injection, NULL, &flow, &err),
                 ERR_NUMERIC);
    cr_assert_not_null(strstr(err.msg, "do not settle"), "%s", err.msg);
    network_destroy(net);
}

Test(loss, survives_running_out_of_memory)
{
    struct network *net = network_of(&two_bus);
    double injection[] = {100, -100}, flow, factor[2];
    for (long k = 0;; k++) {
        struct err err = {0};
        flow = 0;
        mem_fail_after(k);
        enum err_code code =
            loss_flows(net, LOSS_ENDS, 1, injection, NULL, &flow, &err);
        if (!code)
            code = loss_factors(net, LOSS_ENDS, 1, &flow, factor, &err);
        mem_fail_after(-1);
        if (!code)
            break;
        cr_assert_eq(code, ERR_NOMEM);
    }
    network_destroy(net);
}
