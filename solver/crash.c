/*
 * crash.c - the merit order as a starting basis.
 *
 * Per interval and island: fill the pieces from the cheapest until the balance is met.
 * The marginal piece is basic, cheaper ones stand at their upper bounds, dearer ones at
 * zero. Shortage is one more offer, without end, at its penalty; a surplus takes whatever is
 * offered below its own, with a minus, and what may be lost costs nothing. Without other rows
 * this basis is optimal, so the first solve takes no pivot.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/base/mem.h"
#include "solver/work.h"

struct offer {
    double unit_cost;
    int32_t island, piece;
};

static int by_island_cheapest_first(const void *pa, const void *pb)
{
    const struct offer *a = pa, *b = pb;
    if (a->island != b->island)
        return a->island < b->island ? -1 : 1;
    if (a->unit_cost < b->unit_cost || a->unit_cost > b->unit_cost)
        return a->unit_cost < b->unit_cost ? -1 : 1;
    return a->piece < b->piece ? -1 : a->piece > b->piece;
}

/* Offers of an interval: pieces wholly in one island with a positive weight there. */
static int32_t gather(const struct work *w, int32_t t, struct offer *offer)
{
    int32_t n = 0;
    for (int32_t i = 0; i < w->p->n_injection; i++) {
        int32_t a = w->island_start[i];
        if (w->island_start[i + 1] - a != 1 || w->island_weight[a] <= 0)
            continue;
        for (int32_t k = w->head[t * w->p->n_injection + i]; k >= 0;
             k = w->piece[k].next)
            offer[n++] =
                (struct offer){w->piece[k].cost / w->island_weight[a], w->island[a], k};
    }
    qsort(offer, (size_t)n, sizeof *offer, by_island_cheapest_first);
    return n;
}

/* The column at the margin; those of offers before it stand at their upper bounds. */
static int32_t fill(struct work *w, int32_t balance, const struct offer *offer,
                    int32_t n)
{
    const struct dispatch_penalty *q = &w->p->schedule;
    int32_t surplus = w->lossy ? w->lossy->column[balance] : w->surplus[balance];
    double left = w->balance_rhs[balance];
    double least_cost = w->lossy ? 0 : -q->surplus_usd_per_mwh;
    for (int32_t k = 0; k < n; k++) {
        const struct piece *piece = &w->piece[offer[k].piece];
        if (offer[k].unit_cost > q->shortage_usd_per_mwh)
            break;
        if (left < 0 && offer[k].unit_cost >= least_cost)
            return surplus;
        double gives =
            piece->width_mw * w->island_weight[w->island_start[piece->injection]];
        if (left >= 0 && left <= gives && offer[k].unit_cost >= least_cost)
            return piece->col;
        lp_set_column_state(w->lp, piece->col, LP_AT_UPPER);
        left -= gives;
    }
    return left < 0 ? surplus : w->shortage[balance];
}

enum err_code crash_basis(struct work *w, struct err *err)
{
    struct offer *offer = mem_alloc((size_t)w->n_piece, sizeof *offer);
    if (!offer)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t t = 0; t < w->p->n_interval; t++) {
        int32_t n = gather(w, t, offer), first = 0, end = 0;
        for (int32_t a = 0; a < w->n_island; a++, first = end) {
            while (end < n && offer[end].island == a)
                end++;
            int32_t balance = t * w->n_island + a;
            int32_t basic = fill(w, balance, offer + first, end - first);
            lp_set_column_state(w->lp, basic, LP_BASIC);
            lp_set_row_state(w->lp, balance, LP_AT_LOWER);
        }
    }
    mem_free(offer);
    return ERR_OK;
}
