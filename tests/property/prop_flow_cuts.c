/*
 * prop_flow_cuts.c - cuts that limits of flows imply hold for every whole commitment: all
 * of them are listed, with many dispatches each.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"
#include "solver/network.h"
#include "tests/support/draw.h"

enum {
    T = 2,
    UNITS = 6, /* the last one near the load, the rest behind the line */
    TRIES = 60
};

static const struct commit_options OPTIONS = {.gap = 1e-6, .work_limit = 20000};

struct case_of_cuts {
    struct commit_problem p;
    struct commit_unit unit[UNITS];
    struct commit_curve curve[UNITS];
    struct commit_other sun;
    double width[UNITS], cost[UNITS], min_cost[UNITS][T], load[T];
    double sun_min[T], sun_max[T];
    int32_t which[UNITS][T];
    double susceptance, shift, min, max, reference[2], bus_load[2 * T], weight;
    int32_t from, to, bus[2];
    struct network_data data;
};

static void draw_case(struct case_of_cuts *s, struct draw *r)
{
    memset(s, 0, sizeof *s);
    s->bus[1] = 1;
    s->weight = 1;
    double most = 0;
    for (int32_t g = 0; g < UNITS; g++) {
        const bool far = g < UNITS - 1;
        const double max = far ? draw_real(r, 60, 140) : 1000;
        const double min = far ? max * draw_real(r, 0.2, 0.6) : 0;
        most += far ? max : 0;
        s->width[g] = max - min;
        s->cost[g] = far ? draw_real(r, 8, 12) : 60;
        s->curve[g] = (struct commit_curve){1, &s->width[g], &s->cost[g]};
        for (int32_t t = 0; t < T; t++) {
            s->which[g][t] = g;
            s->min_cost[g][t] = far ? min * s->cost[g] + 800 : 0;
        }
        s->unit[g] = (struct commit_unit){.min_mw = min,
                                          .max_mw = max,
                                          .ramp_up_mw = HUGE_VAL,
                                          .ramp_down_mw = HUGE_VAL,
                                          .start_max_mw = HUGE_VAL,
                                          .stop_max_mw = HUGE_VAL,
                                          .min_up = 1,
                                          .min_down = 1,
                                          .age_before = 1,
                                          .curve = s->which[g],
                                          .min_cost_usd_per_h = s->min_cost[g],
                                          .n_bus = 1,
                                          .bus = &s->bus[far ? 0 : 1],
                                          .bus_weight = &s->weight};
    }
    for (int32_t t = 0; t < T; t++) {
        s->sun_max[t] = draw_real(r, 0, 60);
        s->load[t] = s->bus_load[2 * t + 1] = 700;
    }
    s->sun = (struct commit_other){.min_mw = s->sun_min, .max_mw = s->sun_max};
    s->susceptance = 10;
    s->max = most * draw_real(r, 0.3, 0.8);
    s->min = -s->max;
    s->to = 1;
    s->reference[1] = 1;
    s->data = (struct network_data){.n_bus = 2,
                                    .n_branch = 1,
                                    .from = &s->from,
                                    .to = &s->to,
                                    .susceptance_mw_per_rad = &s->susceptance,
                                    .shift_rad = &s->shift,
                                    .flow_min_mw = &s->min,
                                    .flow_max_mw = &s->max,
                                    .reference_weight = s->reference};
    s->p = (struct commit_problem){.n_interval = T,
                                   .interval_h = 1,
                                   .n_unit = UNITS,
                                   .n_other = 1,
                                   .n_curve = UNITS,
                                   .unit = s->unit,
                                   .other = &s->sun,
                                   .curve = s->curve,
                                   .load_mw = s->load,
                                   .shortage_usd_per_mwh = 5000,
                                   .surplus_usd_per_mwh = HUGE_VAL,
                                   .bus_load_mw = s->bus_load,
                                   .branch_usd_per_mwh = 3000};
}

/* Commitments of the master's point, [T][UNITS]. */
static void read_commitments(const struct master *m, double *u)
{
    for (int32_t k = 0; k < m->n_group + m->n_column; k++) {
        const bool base = k < m->n_group;
        const struct schedule *x =
            base ? m->base[k] : m->column[k - m->n_group].member[0];
        for (int32_t t = 0; t < T; t++)
            if (set_has(&x->on, t))
                u[t * UNITS + x->unit] +=
                    base ? m->base_weight[k] : m->column[k - m->n_group].weight;
    }
}

/* An end of the range, often, or somewhere in it. */
static double somewhere(struct draw *r, double lo, double up)
{
    const double at = draw_real(r, -1, 2);
    return lo + fmin(1, fmax(0, at)) * (up - lo);
}

/* What the cut says of a commitment and a dispatch, which may need overload. */
static double slack_of(const struct fleet *f, const struct extra *cut, uint32_t on,
                       struct draw *r)
{
    const struct commit_problem *p = f->p;
    const struct extra *limit = &f->extra[cut->of];
    double sum = -cut->rhs, row = -limit->rhs;
    for (int32_t g = 0; g < UNITS; g++) {
        if (!(on >> g & 1))
            continue;
        const double mw = somewhere(r, p->unit[g].min_mw, p->unit[g].max_mw);
        sum += cut->on[g] + cut->power[g] * mw;
        row += limit->power[g] * mw;
    }
    const double sun = somewhere(r, 0, p->other[0].max_mw[cut->interval]);
    sum += cut->other[0] * sun;
    row += limit->other[0] * sun;
    return sum + cut->spread * fmax(0, -row);
}

static void check_cut(const struct fleet *f, const struct extra *cut, const double *u,
                      struct draw *r)
{
    double at_point = 0;
    for (uint32_t on = 0; on < 1u << UNITS; on++)
        for (int k = 0; k < TRIES; k++) {
            const double slack = slack_of(f, cut, on, r);
            LAW(slack > -1e-6, "commitment %x breaks a cut by %g", on, -slack);
        }
    for (int32_t g = 0; g < UNITS; g++)
        at_point += fabs(cut->on[g]) * u[cut->interval * UNITS + g];
    LAW(at_point > 0, "a cut of interval %d knows of no unit", cut->interval);
}

Test(flow_cuts, hold_for_every_commitment)
{
    static struct case_of_cuts s;
    int32_t n_cut = 0;
    FOR_SEEDS(seed, 150)
    {
        struct draw r = draw_begin(seed);
        struct err err = {0};
        struct fleet *f = NULL;
        struct sweep *sweep = NULL;
        struct root root = {0};
        double u[T * UNITS] = {0};
        bool added = false;
        draw_case(&s, &r);
        cr_assert_eq(network_create(&s.data, &s.p.net, &err), ERR_OK, "%s", err.msg);
        cr_assert_eq(fleet_create(&s.p, &OPTIONS, &f, &err), ERR_OK, "%s", err.msg);
        cr_assert_eq(sweep_create(f, &sweep, &err), ERR_OK);
        cr_assert_eq(root_solve(f, &root, sweep, &err), ERR_OK, "%s", err.msg);
        read_commitments(root.master, u);
        const int32_t n = f->n_extra;
        cr_assert_eq(flow_cuts_add(f, root.master, u, &added, &err), ERR_OK);
        cr_assert_eq(added, f->n_extra > n);
        for (int32_t e = n; e < f->n_extra; e++, n_cut++)
            check_cut(f, &f->extra[e], u, &r);
        root_release(f, &root);
        sweep_release(sweep);
        fleet_release(f);
        network_destroy(s.p.net);
    }
    cr_assert_gt(n_cut, 50, "only %d cuts were found", n_cut);
}
