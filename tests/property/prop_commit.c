/* prop_commit.c - laws of the commitment of units. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/commit_certificate.h"
#include "solver/commit/unit_schedule.h"
#include "tests/oracle/commit_twin.h"
#include "tests/support/drawn_fleet.h"

static const struct commit_options OPTIONS = {.gap = 1e-6, .work_limit = 3000};

static struct drawn_fleet x; /* large, and it points into itself */

Test(prop_commit, bound_and_cost_enclose_the_best_of_all_combinations)
{
    int solved = 0, best = 0;
    FOR_SEEDS(seed, 250)
    {
        struct draw d = draw_begin(seed);
        const bool two = draw_chance(&d, 0.6);
        drawn_fleet_make(&d, two ? 2 : 3, draw_int(&d, 1, two ? 4 : 3), &x);
        struct commit_answer a;
        struct err err = {0};
        const double twin = commit_twin_cost(&x.p);
        const enum err_code code = commit_solve(&x.p, &OPTIONS, &a, &err);
        LAW(code == ERR_OK || code == ERR_NUMERIC, "%s", err.msg);
        LAW(code == ERR_OK || isinf(twin) || isinf(x.p.shortage_usd_per_mwh) ||
                strstr(err.msg, "requirement"),
            "%s although %g is possible", err.msg, twin);
        if (code)
            continue;
        const double size = 1e-6 * (1 + fabs(twin));
        struct commit_certificate c;
        cr_assert_eq(commit_certificate_check(&x.p, &a, &c, &err), ERR_OK);
        LAW(c.violation_mw <= 1e-5, "%s broken by %g", c.rule, c.violation_mw);
        LAW(fabs(c.cost_usd - a.cost_usd) <= size, "costs %.12g, says %.12g",
            c.cost_usd, a.cost_usd);
        LAW(a.bound_usd <= twin + size, "bound %.12g, best %.12g", a.bound_usd, twin);
        LAW(a.cost_usd >= twin - size, "cost %.12g, best %.12g", a.cost_usd, twin);
        LAW(a.hull_value_usd <= a.bound_usd + size, "hull %.12g, bound %.12g",
            a.hull_value_usd, a.bound_usd);
        solved++;
        best += a.cost_usd <= twin + 10 * size;
        commit_answer_release(&a);
    }

    cr_assert(best >= 0.8 * solved, "%d of %d are the best", best, solved);
}
