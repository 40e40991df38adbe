/* test_commit_rows.c - who checks the checker: an answer by hand, then each number spoiled. */
#include "tests/oracle/commit_rows.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "tests/support/commit_text.h"

/*
 * Two units, three hours. A runs throughout, on before at 20 MW. B is off before for five
 * hours, starts in hour 2 (category of lag 4: 80) and stops in hour 3.
 */
#define UNIT(name, state, ramps)                                                   \
 "\"" name "\": {\"must_run\": 0, \"power_output_minimum\": 10,"                   \
 "\"power_output_maximum\": 50, \"time_up_minimum\": 1, \"time_down_minimum\": 2," \
 "\"startup\": [{\"lag\": 2, \"cost\": 50}, {\"lag\": 4, \"cost\": 80}],"          \
 "\"piecewise_production\": [{\"mw\": 10, \"cost\": 100},"                         \
 "{\"mw\": 30, \"cost\": 300}, {\"mw\": 50, \"cost\": 600}]," state "," ramps "}"
#define ON \
 "\"unit_on_t0\": 1, \"time_up_t0\": 4, \"time_down_t0\": 0, \"power_output_t0\": 20"
#define OFF \
 "\"unit_on_t0\": 0, \"time_up_t0\": 0, \"time_down_t0\": 5, \"power_output_t0\": 0"
#define RAMPS(up, down, start, stop)                       \
 "\"ramp_up_limit\": " #up ", \"ramp_down_limit\": " #down \
 ", \"ramp_startup_limit\": " #start ", \"ramp_shutdown_limit\": " #stop
#define INSTANCE                                                               \
 "{\"time_periods\": 3, \"demand\": [30, 50, 35], \"reserves\": [4, 4, 4],"    \
 "\"thermal_generators\": {" UNIT("A", ON, RAMPS(15, 10, 50, 50)) "," UNIT(    \
     "B", OFF, RAMPS(40, 40, 20, 20)) "}, \"renewable_generators\": {\"W\": "  \
                                      "{\"power_output_minimum\": [0, 0, 0], " \
                                      "\"power_output_maximum\": [5, 0, 5]}}}"

struct answer {
    struct commit_answer a;
    uint8_t on[6];
    double power[6], reserve[6 * COMMIT_PRODUCTS], other[3];
};

static struct answer by_hand(void)
{
    static const double reserve[6] = {4, 0, 4, 0, 4, 0};
    struct answer x = {
        .on = {1, 0, 1, 1, 1, 0}, .power = {30, 0, 35, 15, 35, 0}, .other = {0, 0, 0}};
    for (int i = 0; i < 6; i++)
        x.reserve[i * COMMIT_PRODUCTS] = reserve[i];
    return x;
}

static struct commit_rows rows_of(struct answer *x)
{
    struct commit_case c = commit_text_case(INSTANCE);
    x->a.on = x->on;
    x->a.power_mw = x->power;
    x->a.reserve_mw = x->reserve;
    x->a.other_mw = x->other;
    struct commit_rows out = commit_rows_check(&c, &x->a);
    commit_case_release(&c);
    return out;
}

Test(commit_rows, an_answer_by_hand_keeps_every_row_and_costs_what_it_should)
{
    struct answer x = by_hand();
    struct commit_rows r = rows_of(&x);
    cr_expect_leq(r.worst_mw, 0, "%s: %g", r.row, r.worst_mw);
    /* A: 300 + (300 + 5 x 15) x 2; B: 100 + 5 x 10, and a start of 80 */
    cr_expect_float_eq(r.cost_usd, 300 + 2 * 375 + 150 + 80, 1e-9);
    cr_expect_gt(r.n_row, 60);
}

/* The worst row after one change is the one that was meant. */
static void expect_broken(struct answer *x, const char *row, double by_mw)
{
    struct commit_rows r = rows_of(x);
    cr_expect_str_eq(r.row, row, "expected %s, got %s off by %g", row, r.row,
                     r.worst_mw);
    if (isfinite(by_mw))
        cr_expect_float_eq(r.worst_mw, by_mw, 1e-9, "%s: %g", row, r.worst_mw);
    else
        cr_expect(isinf(r.worst_mw));
}

Test(commit_rows, every_spoiled_number_breaks_its_row)
{
    struct answer x = by_hand();
    x.power[0] = 31;
    expect_broken(&x, "UCDemand", 1);
    x = by_hand();
    x.reserve[2 * COMMIT_PRODUCTS] = 1;
    expect_broken(&x, "UCReserves", 3);
    x = by_hand();
    x.other[1] = 2;
    x.power[3] = 13;
    expect_broken(&x, "WindLimit", 2);
    x = by_hand();
    x.power[2] = 47;
    x.power[3] = 3;
    expect_broken(&x, "p >= 0", 7);
    x = by_hand();
    x.reserve[0] = 10;
    expect_broken(&x, "RampUpInit", 5);
    x = by_hand();
    x.power[2] = 25;
    x.power[3] = 25;
    expect_broken(&x, "MaxOutput1", 5); /* a start above 20 MW */
    x = by_hand();
    x.power[3] = -4;
    x.on[3] = 0;
    x.power[2] = 54;
    expect_broken(&x, "RampUp", 13);
}

Test(commit_rows, rows_of_binaries_are_broken_or_not)
{
    struct answer x = by_hand();
    x.on[4] = 0; /* A stops in hour 3 */
    x.power[4] = 0;
    x.other[2] = 35;
    expect_broken(&x, "WindLimit", 30);
    x = by_hand();
    x.on[2] = 0; /* A is off for one hour of two */
    x.power[2] = 0;
    expect_broken(&x, "Shutdown", INFINITY);
}
