/* prop_commit.c - laws of the commitment of units. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/commit_certificate.h"
#include "solver/commit/unit_schedule.h"
#include "tests/oracle/commit_twin.h"
#include "tests/oracle/unit_mip.h"
#include "tests/support/drawn_fleet.h"

static const struct commit_options OPTIONS = {.gap = 1e-5, .work_limit = 20000};

static struct drawn_fleet x; /* large, and it points into itself */

Test(prop_commit, bound_and_cost_enclose_the_best_of_all_combinations)
{
    int solved = 0;
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
        LAW(a.gap <= 1e-4, "gap %g: bound %.12g, cost %.12g", a.gap, a.bound_usd,
            a.cost_usd);
        LAW(a.cost_usd <= twin + 1e-4 * fabs(twin) + size, "cost %.12g, best %.12g",
            a.cost_usd, twin);
        commit_answer_release(&a);
    }
    cr_assert_gt(solved, 100);
}

Test(prop_commit, small_fleets_reach_what_the_integer_program_reaches)
{
    int compared = 0;
    FOR_SEEDS(seed, 120)
    {
        struct draw d = draw_begin(seed);
        const int n_unit = draw_int(&d, 2, 6);
        drawn_fleet_make(&d, n_unit, draw_int(&d, 6, n_unit < 5 ? 12 : 8), &x);
        struct commit_answer a;
        struct err err = {0};
        double best;
        const bool known = fleet_mip_best(&x.p, 1e-6, &best);
        const enum err_code code = commit_solve(&x.p, &OPTIONS, &a, &err);
        LAW(code == ERR_OK || code == ERR_NUMERIC, "%s", err.msg);
        LAW(!known || code == ERR_OK || isinf(best), "%s although %g is possible",
            err.msg, best);
        if (code)
            continue;
        const double size = 1e-4 * (1 + fabs(a.cost_usd));
        LAW(a.gap <= 1e-4, "gap %g: bound %.12g, cost %.12g", a.gap, a.bound_usd,
            a.cost_usd);
        LAW(!known || fabs(a.cost_usd - best) <= size, "cost %.12g, best %.12g",
            a.cost_usd, best);
        LAW(!known || a.bound_usd <= best + 1e-6 * fabs(best) + 1e-6,
            "bound %.12g, best %.12g", a.bound_usd, best);
        compared += known;
        commit_answer_release(&a);
    }
    cr_assert_gt(compared, 60);
}
