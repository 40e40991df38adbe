/*
 * commit_law.c - laws of the commitment solver's answers.
 *
 * Layer: tests/support.
 */
#include "tests/support/commit_law.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "solver/commit/commit_certificate.h"
#include "tests/support/draw.h"

void commit_law_ends(const struct commit_problem *p, enum err_code code,
                     const struct err *err, double twin)
{
    LAW(code == ERR_OK || code == ERR_NUMERIC, "%s", err->msg);
    LAW(code == ERR_OK || isinf(twin) || isinf(p->shortage_usd_per_mwh) ||
            strstr(err->msg, "requirement"),
        "%s although %g is possible", err->msg, twin);
}

void commit_law_encloses(const struct commit_problem *p, const struct commit_answer *a,
                         double twin)
{
    const double size = 1e-6 * (1 + fabs(twin));
    struct commit_certificate c;
    struct err err = {0};
    cr_assert_eq(commit_certificate_check(p, a, &c, &err), ERR_OK);
    LAW(c.violation_mw <= 1e-5, "%s broken by %g", c.rule, c.violation_mw);
    LAW(fabs(c.cost_usd - a->cost_usd) <= size, "costs %.12g, says %.12g", c.cost_usd,
        a->cost_usd);
    LAW(a->bound_usd <= twin + size, "bound %.12g, best %.12g", a->bound_usd, twin);
    LAW(a->cost_usd >= twin - size, "cost %.12g, best %.12g", a->cost_usd, twin);
    LAW(a->hull_value_usd <= a->bound_usd + size, "hull %.12g, bound %.12g",
        a->hull_value_usd, a->bound_usd);
}

void commit_law_reaches(const struct commit_answer *a, double twin, double closed_usd)
{
    const double size = 1e-6 * (1 + fabs(twin));
    LAW(a->gap <= 1e-4 || a->cost_usd - a->bound_usd < closed_usd,
        "gap %g: bound %.12g, cost %.12g", a->gap, a->bound_usd, a->cost_usd);
    LAW(a->cost_usd <= twin + 1e-4 * fabs(twin) + size, "cost %.12g, best %.12g",
        a->cost_usd, twin);
}
