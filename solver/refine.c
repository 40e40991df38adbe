/*
 * refine.c - polynomial costs by pieces that get finer where the solution sits.
 *
 * A convex cost starts as a few chords. After each solve the true cost of the dispatch,
 * f(P) - price P, is compared with its least value over the range, at the argument P*.
 * The sum of these differences bounds the distance to the true optimum (weak duality), so
 * refinement stops when it is small; until then the pieces around P and P* are split. A
 * split keeps the basis: a piece that was full or empty leaves parts that are full or
 * empty, and of a basic piece the part that holds P stays basic.
 */
#include <math.h>

#include "sim/base/mem.h"
#include "solver/work.h"

/* Pieces whose ends differ less than this in marginal cost are fine enough. */
static const double FINEST_USD_PER_MWH = 1e-7;

enum {
    FIRST_PIECES = 8, /* chords to begin with */
    SPLIT_PARTS = 16, /* a split makes this many parts */
    MAX_SPLITS = 12,  /* rounds */
};

double refine_cost(const struct dispatch_polynomial *f, double p_mw)
{
    double sum = 0;
    for (int32_t k = f->n_coef; k-- > 0;)
        sum = sum * p_mw + f->coef[k];
    return sum;
}

double refine_marginal(const struct dispatch_polynomial *f, double p_mw)
{
    double sum = 0;
    for (int32_t k = f->n_coef; k-- > 1;)
        sum = sum * p_mw + (double)k * f->coef[k];
    return sum;
}

double refine_curvature(const struct dispatch_polynomial *f, double p_mw)
{
    double sum = 0;
    for (int32_t k = f->n_coef; k-- > 2;)
        sum = sum * p_mw + (double)k * (double)(k - 1) * f->coef[k];
    return sum;
}

static double chord(const struct dispatch_polynomial *f, double from, double to)
{
    double width = to - from;
    if (width < 1e-6) /* the difference quotient would be all rounding */
        return refine_marginal(f, 0.5 * (from + to));
    return (refine_cost(f, to) - refine_cost(f, from)) / width;
}

static void set_part(struct piece *piece, const struct dispatch_polynomial *f,
                     double from, double to)
{
    piece->from_mw = from;
    piece->width_mw = to - from;
    piece->cost = piece->price_cost = chord(f, from, to);
}

enum err_code refine_begin(struct work *w, struct err *err)
{
    for (int32_t k = 0; k < w->p->n_polynomial; k++) {
        const struct dispatch_polynomial *f = &w->p->polynomial[k];
        for (int32_t t = 0; t < w->p->n_interval; t++) {
            int32_t whole = w->head[t * w->p->n_injection + f->injection];
            if (whole < 0 || w->piece[whole].width_mw <= 0)
                continue;
            struct piece part = w->piece[whole];
            double from = part.from_mw, width = part.width_mw;
            for (int j = 1; j < FIRST_PIECES; j++) {
                set_part(&part, f, from + width * j / FIRST_PIECES,
                         from + width * (j + 1) / FIRST_PIECES);
                if (work_add_piece(w, part) < 0)
                    return err_set(err, ERR_NOMEM, "out of memory");
            }
            set_part(&w->piece[whole], f, from, from + width / FIRST_PIECES);
        }
    }
    return ERR_OK;
}

/* The power in [lo, hi] whose marginal cost is the price. */
static double best_response(const struct dispatch_polynomial *f, double lo, double hi,
                            double price)
{
    if (refine_marginal(f, lo) >= price)
        return lo;
    if (refine_marginal(f, hi) <= price)
        return hi;
    for (int k = 0; k < 100; k++) {
        double middle = 0.5 * (lo + hi);
        if (refine_marginal(f, middle) < price)
            lo = middle;
        else
            hi = middle;
    }
    return 0.5 * (lo + hi);
}

/* Adds the LP column of a new piece: its entries are those of its sister. */
static enum err_code add_column(struct work *w, int32_t k, const int32_t *row,
                                const double *value, int32_t n, struct err *err)
{
    struct piece *piece = &w->piece[k];
    double cost = piece->cost * w->p->duration_h[piece->interval], zero = 0;
    int64_t start[] = {0, n};
    piece->col = lp_n_columns(w->lp);
    return lp_add_columns(w->lp, 1, &cost, &zero, &piece->width_mw, start, row, value,
                          err);
}

/*
 * Splits piece k into parts. The first part keeps the column; the part that holds the
 * piece's output gets the basic column, which is arranged by swapping ranges.
 */
static enum err_code split(struct work *w, int32_t k,
                           const struct dispatch_polynomial *f, int32_t *row,
                           double *value, struct err *err)
{
    struct piece old = w->piece[k];
    double step = old.width_mw / SPLIT_PARTS, x = w->x[old.col];
    enum lp_state state = lp_column_state(w->lp, old.col);
    int32_t n = lp_column(w->lp, old.col, row, value);
    int holds =
        state == LP_BASIC ? (int)fmin(SPLIT_PARTS - 1, fmax(0, floor(x / step))) : 0;
    for (int j = 0; j < SPLIT_PARTS; j++) {
        struct piece part = old;
        double to = j + 1 == SPLIT_PARTS ? old.from_mw + old.width_mw
                                         : old.from_mw + (j + 1) * step;
        set_part(&part, f, old.from_mw + j * step, to);
        if (j == holds) {
            part.next = w->piece[k].next; /* the list may have grown meanwhile */
            w->piece[k] = part;
            lp_set_column_bounds(w->lp, part.col, 0, part.width_mw);
            work_set_piece_cost(w, &part);
            lp_set_column_state(w->lp, part.col, state);
            continue;
        }
        int32_t added = work_add_piece(w, part);
        if (added < 0)
            return err_set(err, ERR_NOMEM, "out of memory");
        enum err_code code = add_column(w, added, row, value, n, err);
        if (code)
            return code;
        bool full = state == LP_BASIC ? j < holds : state == LP_AT_UPPER;
        lp_set_column_state(w->lp, w->piece[added].col,
                            full ? LP_AT_UPPER : LP_AT_LOWER);
    }
    return ERR_OK;
}

struct refinement {
    const double *price; /* [T * n_injection] */
    int32_t *row;        /* [LP rows] scratch */
    double *value;
    int32_t n_split;
};

struct response {
    double p_mw;    /* dispatched */
    double best_mw; /* best at the price: f'(best) = price */
    double gap_usd; /* between the two, over the interval */
};

static struct response respond(const struct work *w,
                               const struct dispatch_polynomial *f, int32_t t,
                               const double *price)
{
    int64_t at = (int64_t)t * w->p->n_injection + f->injection;
    double lo = w->p->base_mw[at];
    double hi = lo + w->p->seg[w->p->seg_start[at]].width_mw;
    struct response r = {.p_mw = w->power_mw[at]};
    r.best_mw = best_response(f, lo, hi, price[at]);
    r.gap_usd = w->p->duration_h[t] *
                fmax(0, refine_cost(f, r.p_mw) - price[at] * r.p_mw -
                            (refine_cost(f, r.best_mw) - price[at] * r.best_mw));
    return r;
}

/* Splits the pieces that hold P or P*, if they are not yet fine. */
static enum err_code refine_one(struct work *w, const struct dispatch_polynomial *f,
                                int32_t t, struct refinement *r, struct err *err)
{
    struct response at = respond(w, f, t, r->price);
    for (int32_t k = w->head[t * w->p->n_injection + f->injection], next; k >= 0;
         k = next) {
        struct piece piece = w->piece[k];
        double to = piece.from_mw + piece.width_mw;
        next = piece.next;
        bool holds = (piece.from_mw <= at.p_mw && at.p_mw <= to) ||
                     (piece.from_mw <= at.best_mw && at.best_mw <= to);
        double spread = refine_marginal(f, to) - refine_marginal(f, piece.from_mw);
        if (!holds || spread <= FINEST_USD_PER_MWH || piece.width_mw < 1e-5)
            continue;
        enum err_code code = split(w, k, f, r->row, r->value, err);
        if (code)
            return code;
        r->n_split++;
    }
    return ERR_OK;
}

/* Price that each injection sees: cost less reduced cost of any of its pieces. */
static enum err_code find_prices(struct work *w, double *price, struct err *err)
{
    double *d = mem_alloc((size_t)lp_n_columns(w->lp), sizeof *d);
    if (!d)
        return err_set(err, ERR_NOMEM, "out of memory");
    lp_reduced_costs(w->lp, d);
    for (int32_t k = 0; k < w->n_piece; k++) {
        const struct piece *piece = &w->piece[k];
        price[piece->interval * w->p->n_injection + piece->injection] =
            piece->cost - d[piece->col] / w->p->duration_h[piece->interval];
    }
    mem_free(d);
    return ERR_OK;
}

static enum err_code refine_round(struct work *w, double tolerance, bool *done,
                                  struct err *err)
{
    size_t n_rows = (size_t)lp_n_rows(w->lp);
    size_t n = (size_t)w->p->n_interval * (size_t)w->p->n_injection;
    double *price = mem_alloc(n, sizeof *price);
    struct refinement r = {.price = price,
                           .row = mem_alloc(n_rows, sizeof *r.row),
                           .value = mem_alloc(n_rows, sizeof *r.value)};
    enum err_code code = ERR_OK;
    if (!price || !r.row || !r.value)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = find_prices(w, price, err);
    double gap_usd = 0;
    for (int32_t k = 0; !code && k < w->p->n_polynomial; k++)
        for (int32_t t = 0; t < w->p->n_interval; t++)
            gap_usd += respond(w, &w->p->polynomial[k], t, price).gap_usd;
    *done = gap_usd <= tolerance * fmax(1, fabs(lp_objective(w->lp)));
    for (int32_t k = 0; !code && !*done && k < w->p->n_polynomial; k++)
        for (int32_t t = 0; !code && t < w->p->n_interval; t++)
            code = refine_one(w, &w->p->polynomial[k], t, &r, err);
    if (r.n_split == 0)
        *done = true;
    mem_free(price);
    mem_free(r.row);
    mem_free(r.value);
    return code;
}

/* The exact optimum from where the LP is. With losses that is lossy_settle's business. */
static enum err_code jump(struct work *w, bool *exact, struct err *err)
{
    *exact = false;
    if (w->lossy)
        return ERR_OK;
    enum err_code code = newton_settle(w, exact, err);
    return code || *exact ? code : polish(w, exact, err);
}

enum err_code refine_converge(struct work *w, double tolerance, bool *exact,
                              struct err *err)
{
    bool done = w->p->n_polynomial == 0;
    *exact = false;
    for (int round = 0; !done && round < MAX_SPLITS; round++) {
        enum err_code code = jump(w, exact, err);
        done = *exact;
        if (!code && !done)
            code = refine_round(w, tolerance, &done, err);
        if (!code && !done)
            code = work_converge(w, LP_PRIMAL, err);
        if (code)
            return code;
    }
    return ERR_OK;
}
