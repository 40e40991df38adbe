/* Tests of solver/leave.c: limits that no longer matter leave the LP, answers stay. */
#include <math.h>

#include "solver/dispatch.h"
#include "tests/oracle/full_dispatch.h"
#include "tests/support/drawn.h"

static void same_as_twin(const struct dispatch_problem *p,
                         const struct dispatch_answer *a)
{
    struct full_dispatch twin = {.exclusive = p->n_store > 0, .chords = 1};
    full_dispatch(p, &twin);
    double most = 1e-6 * fmax(1, fabs(twin.objective_usd));
    LAW(a->objective_usd >= twin.objective_usd - most &&
            a->objective_usd <= twin.objective_usd + most + a->direction_gap_usd,
        "%.9g where the twin has %.9g, %d rows left", a->objective_usd,
        twin.objective_usd, a->stats.rows_left);
}

Test(leave, problems_whose_limits_leave_cost_what_the_twin_says)
{
    int32_t n_left = 0;
    FOR_SEEDS(seed, 300)
    {
        struct draw d = draw_begin(seed);
        struct drawn x = drawn_make(&d, DRAWN_TIGHT | DRAWN_RAMPS | DRAWN_STORES |
                                            DRAWN_GROUPS | DRAWN_ISLANDS);
        struct stated s;
        struct dispatch_answer a = drawn_solve(&x, &s);
        n_left += a.stats.rows_left;
        if (a.stats.rows_left > 0)
            same_as_twin(&s.p, &a);
        LAW(a.stats.rows_left <= a.stats.rows_added, "%d of %d left", a.stats.rows_left,
            a.stats.rows_added);
        dispatch_answer_release(&a);
        stated_release(&s);
    }
    cr_assert_gt(n_left, 10, "%d rows left: the problems test nothing", n_left);
}
