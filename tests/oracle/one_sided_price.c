/* one_sided_price.c - difference quotients of the full twin. */
#include "tests/oracle/one_sided_price.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/full_dispatch.h"

double one_sided_price(const struct dispatch_problem *p, const double *share,
                       double step_mw)
{
    size_t n = (size_t)p->n_interval * (size_t)network_data(p->net)->n_bus;
    struct dispatch_problem more = *p;
    double *fixed = calloc(n ? n : 1, sizeof *fixed);
    cr_assert_not_null(fixed);
    if (p->fixed_mw)
        memcpy(fixed, p->fixed_mw, n * sizeof *fixed);
    for (size_t k = 0; k < n; k++)
        fixed[k] -= step_mw * share[k];
    more.fixed_mw = fixed;
    double price = (full_dispatch_cost(&more) - full_dispatch_cost(p)) / step_mw;
    free(fixed);
    return price;
}
