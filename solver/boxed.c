/* boxed.c - a concave quadratic over a box, by block principal pivoting. */
#include "solver/boxed.h"

#include <math.h>

#include "sim/base/mem.h"
#include "solver/dense.h"

enum {
    MOST_STEPS =
        200,      /* the last of them is good enough for a step of Newton's method */
    PATIENCE = 5, /* steps that need not get better */
};

struct boxed {
    int32_t n;
    const double *h, *g, *lo, *up; /* h: all of it, row-major */
    double *d, *left;              /* [n] left = g - H d, of what is at a bound */
    double *part;                  /* [n * n] scratch */
    int32_t *free, n_free, *bound, n_bound;
    int8_t *side; /* [n] -1 at lo, +1 at up, 0 free */
};

/* The system of the free, for what the others, at their bounds, leave of g. */
static void set_system(struct boxed *m, double *rhs)
{
    size_t n = (size_t)m->n, n_free = (size_t)m->n_free;
    for (size_t a = 0; a < n_free; a++) {
        const double *h = m->h + (size_t)m->free[a] * n;
        rhs[a] = m->g[m->free[a]];
        for (int32_t b = 0; b < m->n_bound; b++)
            rhs[a] -= h[m->bound[b]] * m->d[m->bound[b]];
        for (size_t c = 0; c <= a; c++)
            m->part[a * n_free + c] = h[m->free[c]];
    }
}

static enum err_code solve_free(struct boxed *m, struct err *err)
{
    size_t n = (size_t)m->n;
    m->n_free = m->n_bound = 0;
    for (int32_t k = 0; k < m->n; k++)
        if (m->side[k] == 0) {
            m->free[m->n_free++] = k;
        } else {
            m->bound[m->n_bound++] = k;
            m->d[k] = m->side[k] < 0 ? m->lo[k] : m->up[k];
        }
    double *rhs = mem_alloc((size_t)m->n_free, sizeof *rhs);
    if (!rhs)
        return err_set(err, ERR_NOMEM, "out of memory");
    set_system(m, rhs);
    enum err_code code = dense_solve_positive(m->n_free, m->part, rhs, err);
    for (int32_t a = 0; !code && a < m->n_free; a++)
        m->d[m->free[a]] = rhs[a];
    mem_free(rhs);
    for (int32_t b = 0; !code && b < m->n_bound; b++) {
        size_t i = (size_t)m->bound[b];
        m->left[i] = m->g[i];
        for (size_t k = 0; k < n; k++)
            m->left[i] -= m->h[i * n + k] * m->d[k];
    }
    return code;
}

/* Where a variable should be instead, given d and left. */
static int8_t side_wanted(const struct boxed *m, int32_t k)
{
    if (m->side[k] == 0)
        return m->d[k] < m->lo[k] ? -1 : m->d[k] > m->up[k] ? 1 : 0;
    if (m->side[k] < 0)
        return m->left[k] > 1e-9 ? 0 : -1;
    return m->left[k] < -1e-9 ? 0 : 1;
}

static enum err_code pivot(struct boxed *m, struct err *err)
{
    int32_t fewest = INT32_MAX, patience = PATIENCE;
    enum err_code code = ERR_OK;
    for (int32_t step = 0; step < MOST_STEPS; step++) {
        code = solve_free(m, err);
        int32_t n_wrong = 0, last = -1;
        for (int32_t k = 0; !code && k < m->n; k++)
            if (side_wanted(m, k) != m->side[k]) {
                n_wrong++;
                last = k;
            }
        if (code || n_wrong == 0)
            break;
        patience = n_wrong < fewest ? PATIENCE : patience - 1;
        fewest = n_wrong < fewest ? n_wrong : fewest;
        for (int32_t k = patience > 0 ? 0 : last; k <= last; k++)
            m->side[k] = side_wanted(m, k);
    }
    for (int32_t k = 0; k < m->n; k++)
        m->d[k] = fmin(m->up[k], fmax(m->lo[k], m->d[k]));
    return code;
}

static void boxed_release(struct boxed *m)
{
    mem_free(m->left);
    mem_free(m->part);
    mem_free(m->free);
    mem_free(m->bound);
    mem_free(m->side);
}

enum err_code boxed_maximise(int32_t n, const double *h, const double *g,
                             const double *lo, const double *up, double *d,
                             struct err *err)
{
    size_t m = (size_t)n;
    struct boxed b = {.n = n,
                      .h = h,
                      .g = g,
                      .lo = lo,
                      .up = up,
                      .d = d,
                      .left = mem_alloc(m, sizeof *b.left),
                      .part = mem_alloc(m * m, sizeof *b.part),
                      .free = mem_alloc(m, sizeof *b.free),
                      .bound = mem_alloc(m, sizeof *b.bound),
                      .side = mem_alloc(m, sizeof *b.side)};
    enum err_code code = ERR_OK;
    if (!b.left || !b.part || !b.free || !b.bound || !b.side)
        code = err_set(err, ERR_NOMEM, "cannot hold a system of %d unknowns", n);
    if (!code)
        code = pivot(&b, err);
    boxed_release(&b);
    return code;
}
