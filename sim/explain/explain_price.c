/* explain_price.c - what a price is made of. */
#include "sim/explain/explain_price.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/mem.h"

static const double small = 5e-7; /* USD/MWh: less is no part of a price */
static const double same = 1e-4;  /* USD/MWh: prices as near as this are one */

static int largest_first(const void *pa, const void *pb)
{
    const struct price_part *a = pa, *b = pb;
    double x = fabs(a->usd_per_mwh), y = fabs(b->usd_per_mwh);
    if (x > y || x < y)
        return x > y ? -1 : 1;
    return a->limit < b->limit ? -1 : a->limit > b->limit;
}

/* What a limit adds at the node; 0 where it is of another kind. */
static enum err_code factor_at(const struct explain_run *x, int32_t c, int32_t node,
                               double *scratch, double *factor, struct err *err)
{
    int32_t tie = x->node_tie[node];
    *factor = 0;
    if (x->v.limit_kind[c] == VIEW_BRANCH) {
        enum err_code code = explain_factors(x, c, scratch, err);
        *factor = code ? 0 : explain_at_node(x, node, scratch);
        return code;
    }
    if (x->v.limit_kind[c] == VIEW_TIE && tie >= 0 &&
        run_view_find(x->tie, x->n_tie, x->v.limit_element[c]) == tie)
        *factor = x->v.limit_upper[c] ? 1 : -1;
    return ERR_OK;
}

static enum err_code find_parts(const struct explain_run *x, int32_t node, int32_t t,
                                struct price_story *s, struct err *err)
{
    double *scratch = MEM_ARRAY(double, x->n_bus);
    enum err_code code = ERR_OK;
    s->part = MEM_ARRAY(struct price_part, x->v.n_limit);
    s->rest = s->congestion;
    if (!scratch || !s->part)
        code = err_set(err, ERR_NOMEM, "cannot hold the parts of a price");
    for (int32_t c = 0; (size_t)c < x->v.n_limit && !code; c++) {
        double factor;
        double shadow = x->v.shadow[(size_t)t * x->v.n_limit + (size_t)c];
        if (!(shadow > 0))
            continue;
        code = factor_at(x, c, node, scratch, &factor, err);
        double by = -shadow * factor;
        s->rest -= by;
        if (!code && fabs(by) > small)
            s->part[s->n_part++] = (struct price_part){c, shadow, factor, by};
        else
            s->n_idle++;
    }
    if (!code && s->n_part)
        qsort(s->part, s->n_part, sizeof *s->part, largest_first);
    mem_free(scratch);
    return code;
}

enum err_code explain_price_parts(const struct explain_run *x, int32_t node, int32_t t,
                                  struct price_story *out, struct err *err)
{
    size_t at = (size_t)t * x->v.n_node + (size_t)node;
    *out = (struct price_story){.lmp = x->v.lmp[at],
                                .energy = x->v.lmp_energy[at],
                                .congestion = x->v.lmp_congestion[at],
                                .loss = x->v.lmp_loss[at]};
    return find_parts(x, node, t, out, err);
}

enum err_code explain_price(const struct explain_run *x, int32_t node, int32_t t,
                            double mw, struct price_story *out, struct err *err)
{
    double h = run_view_hours(&x->v, (size_t)t);
    enum err_code code = explain_price_parts(x, node, t, out, err);
    if (!code)
        code = explain_change_find(x, node, t, 1, EXPLAIN_RATE, &out->more, err);
    if (!code)
        code = explain_change_find(x, node, t, -1, EXPLAIN_RATE, &out->less, err);
    if (!code)
        code = explain_change_find(x, node, t, mw, EXPLAIN_MW, &out->one_mw, err);
    out->is_told =
        out->more.answer == EXPLAIN_FOUND && out->less.answer == EXPLAIN_FOUND;
    if (code || !out->is_told)
        return code;
    out->lower_usd_per_mwh = -out->less.cost_usd / h;
    out->upper_usd_per_mwh = out->more.cost_usd / h;
    out->is_later = x->is_window && (out->lmp < out->lower_usd_per_mwh - same ||
                                     out->lmp > out->upper_usd_per_mwh + same);
    out->is_told = !out->is_later;
    out->is_unique = out->upper_usd_per_mwh - out->lower_usd_per_mwh < same;
    return ERR_OK;
}

void price_story_release(struct price_story *s)
{
    mem_free(s->part);
    explain_change_release(&s->more);
    explain_change_release(&s->less);
    explain_change_release(&s->one_mw);
    *s = (struct price_story){.n_part = 0};
}
