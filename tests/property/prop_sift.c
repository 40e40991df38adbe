/*
 * prop_sift.c - the sifted dispatch of given patterns costs what the whole program does,
 * and what the held units' Lagrangian says at its prices.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"
#include "tests/support/drawn_fleet.h"

static const struct commit_options OPTIONS = {.gap = 1e-4, .work_limit = 20000};

static struct drawn_fleet x; /* large, and it points into itself */

/* Patterns that are best at prices somewhere near y; which y is from then on. */
static void draw_patterns(struct draw *d, struct fleet *f, struct pool *pool, double *y,
                          struct sweep *sweep, struct interval_set *on,
                          struct interval_set *off)
{
    struct err err = {0};
    for (int32_t r = 0; r < fleet_n_row(f); r++)
        y[r] *= draw_real(d, 0.7, 1.3);
    fleet_clamp(f, y);
    cr_assert_eq(sweep_run(f, pool, NULL, y, sweep, &err), ERR_OK);
    for (int32_t g = 0; g < f->n_unit; g++) {
        on[g] = sweep->best[g]->on;
        off[g] = (struct interval_set){{0}};
        for (int32_t t = 0; t < f->n_interval; t++)
            if (!set_has(&on[g], t))
                set_add(&off[g], t);
    }
}

/* The same patterns with every interval of every unit in the program. */
static double whole_usd(struct fleet *f, struct pool *pool, const struct sweep *like)
{
    struct err err = {0};
    const struct schedule *found[DRAWN_FLEET_UNITS];
    double *y = MEM_ARRAY(double, fleet_n_row(f));
    struct master *m = NULL;
    bool solved = false;
    cr_assert_eq(direct_dispatch(f, pool, like->best, NULL, y, found, &solved, &err),
                 ERR_OK);
    cr_assert(solved);
    cr_assert_eq(master_create(f, NULL, 0, found, y, &m, &err), ERR_OK);
    master_box(m, y, (double)INFINITY);
    cr_assert_eq(master_exact(m, &err), ERR_OK);
    const double usd = m->objective_usd;
    master_release(m);
    mem_free(y);
    return usd;
}

Test(sift, costs_what_the_whole_program_does)
{
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct err err = {0};
        struct fleet *f = NULL;
        struct sweep *sweep = NULL;
        struct root root = {0};
        struct master *m = NULL;
        bool is_whole = false;
        struct interval_set on[DRAWN_FLEET_UNITS], off[DRAWN_FLEET_UNITS];
        const struct held held = {on, off};
        drawn_fleet_make(&d, draw_int(&d, 2, 6), draw_int(&d, 2, 12), &x);
        cr_assert_eq(fleet_create(&x.p, &OPTIONS, &f, &err), ERR_OK, "%s", err.msg);
        cr_assert_eq(sweep_create(f, &sweep, &err), ERR_OK);
        const enum err_code code = root_solve(f, &root, sweep, &err);
        if (!code) {
            master_release(root.master);
            root.master = NULL;
            draw_patterns(&d, f, root.pool, root.y, sweep, on, off);
            const double whole = whole_usd(f, root.pool, sweep);
            cr_assert_eq(sift_dispatch(f, root.pool, &held, root.y, (double)INFINITY,
                                       sweep, &m, &is_whole, &err),
                         ERR_OK, "%s", err.msg);
            LAW(is_whole, "of %d units", (int)f->n_unit);
            const double small = 1e-6 * (1 + fabs(whole));
            LAW(fabs(m->objective_usd - whole) < small, "sifted %.9g, whole %.9g",
                m->objective_usd, whole);
            LAW(fabs(m->objective_usd - m->bound_usd) < small, "costs %.9g, bound %.9g",
                m->objective_usd, m->bound_usd);
        }
        master_release(m);
        root_release(f, &root);
        sweep_release(sweep);
        fleet_release(f);
    }
}
