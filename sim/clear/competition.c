/* competition.c - the pivotal supplier test. */
#include "sim/clear/competition.h"

#include <math.h>

static bool is_pivotal(const struct competition *c, int32_t portfolio)
{
    for (int32_t k = 0; k < c->n_pivotal; k++)
        if (c->pivotal[k] == portfolio)
            return true;
    return false;
}

/* The largest withholdable capacity that is not in *c yet; -1 = none. */
static int32_t next_pivotal(const struct competition *c, int32_t n_portfolio,
                            const bool *may_be_pivotal, const double *capacity_mw)
{
    int32_t best = -1;
    for (int32_t p = 0; p < n_portfolio; p++)
        if (may_be_pivotal[p] && capacity_mw[p] > 0 && !is_pivotal(c, p) &&
            (best < 0 || capacity_mw[p] > capacity_mw[best]))
            best = p;
    return best;
}

void competition_test(const struct supplier *s, int32_t n, int32_t n_portfolio,
                      const bool *may_be_pivotal, int32_t n_pivotal,
                      double *capacity_mw, struct competition *out)
{
    *out = (struct competition){0};
    for (int32_t p = 0; p < n_portfolio; p++)
        capacity_mw[p] = 0;
    for (int32_t i = 0; i < n; i++) {
        out->needed_mw += s[i].given_mw;
        if (s[i].portfolio >= 0)
            capacity_mw[s[i].portfolio] += s[i].most_mw - s[i].least_mw;
    }
    while (out->n_pivotal < n_pivotal) {
        int32_t next = next_pivotal(out, n_portfolio, may_be_pivotal, capacity_mw);
        if (next < 0)
            break;
        out->pivotal[out->n_pivotal++] = next;
    }
    for (int32_t i = 0; i < n; i++)
        if (s[i].portfolio >= 0 && is_pivotal(out, s[i].portfolio))
            out->withheld_mw += s[i].least_mw;
        else
            out->fringe_mw += s[i].most_mw;
    bool needed = out->needed_mw > 1e-6;
    out->residual_index =
        needed ? (out->fringe_mw + out->withheld_mw) / out->needed_mw : HUGE_VAL;
    out->competitive = out->residual_index >= 1 - 1e-9;
}
