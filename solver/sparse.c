/* sparse.c - the only file that knows CHOLMOD. */
#include "solver/sparse.h"

#include <cholmod.h>
#include <stdbool.h>
#include <stdio.h>

#include "sim/base/mem.h"

#define ALWAYS_INLINE __attribute__((always_inline)) static inline

struct sparse_factor {
    cholmod_common common;
    cholmod_factor *l;
    double *w; /* [n_w] scratch of a solve */
    size_t n_w;
    int32_t n;
};

enum {
    SIDE_BY_SIDE = 4
}; /* right-hand sides that share one pass over the factor */

/* The triplets are lent to the library, which only reads them. */
static cholmod_sparse *matrix_from_triplets(cholmod_common *cm, int32_t n,
                                            int64_t n_entry, const int32_t *row,
                                            const int32_t *col, const double *value)
{
    cholmod_triplet t = {.nrow = (size_t)n,
                         .ncol = (size_t)n,
                         .nzmax = (size_t)n_entry,
                         .nnz = (size_t)n_entry,
                         .i = (void *)(uintptr_t)row,
                         .j = (void *)(uintptr_t)col,
                         .x = (void *)(uintptr_t)value,
                         .stype = 1,
                         .itype = CHOLMOD_INT,
                         .xtype = CHOLMOD_REAL,
                         .dtype = CHOLMOD_DOUBLE};
    return cholmod_triplet_to_sparse(&t, 0, cm);
}

static enum err_code factorise(struct sparse_factor *f, cholmod_sparse *a,
                               struct err *err)
{
    cholmod_common *cm = &f->common;
    f->l = cholmod_analyze(a, cm);
    if (!f->l)
        return err_set(err, ERR_NOMEM, "cannot order a matrix of %d rows", f->n);
    (void)cholmod_factorize(a, f->l, cm);
    if (cm->status == CHOLMOD_OUT_OF_MEMORY)
        return err_set(err, ERR_NOMEM, "cannot factorise a matrix of %d rows", f->n);
    if (cm->status != CHOLMOD_OK || f->l->minor < f->l->n)
        return err_set(err, ERR_NUMERIC,
                       "the network matrix is singular at pivot %zu of %d", f->l->minor,
                       f->n);
    return ERR_OK;
}

enum err_code sparse_factorise(int32_t n, int64_t n_entry, const int32_t *row,
                               const int32_t *col, const double *value,
                               struct sparse_factor **out, struct err *err)
{
    enum err_code code = ERR_OK;
    cholmod_sparse *a = NULL;
    struct sparse_factor *f = mem_alloc(1, sizeof *f);
    *out = NULL;
    if (!f)
        return err_set(err, ERR_NOMEM, "out of memory");
    cholmod_start(&f->common);
    f->common.print = 0;
    f->common.supernodal = CHOLMOD_SIMPLICIAL; /* LDL': the matrix may be indefinite */
    f->common.final_ll = 0;
    f->common.nmethods = 1;
    f->common.method[0].ordering = CHOLMOD_AMD;
    f->n = n;
    if (n > 0) {
        a = matrix_from_triplets(&f->common, n, n_entry, row, col, value);
        code = a ? factorise(f, a, err)
                 : err_set(err, ERR_NOMEM, "cannot hold a matrix of %d rows", n);
    }
    cholmod_free_sparse(&a, &f->common);
    if (code)
        sparse_factor_destroy(f);
    else
        *out = f;
    return code;
}

/* ---- solving ---- */

/*
 * A = P' L D L' P with L and D in one array: D where L has its unit diagonal, first in
 * each column. k right-hand sides lie side by side in w, so that every number of L is
 * loaded once for all of them; k is a constant where these are called. Columns of zeros
 * are passed over on the way down: a right-hand side with few entries needs few columns.
 */
ALWAYS_INLINE void solve_down(const cholmod_factor *l, double *restrict w,
                              const size_t k)
{
    const int32_t *start = l->p, *count = l->nz, *row = l->i;
    const double *value = l->x;
    for (size_t j = 0, n = l->n; j < n; j++) {
        double y[SIDE_BY_SIDE];
        bool zero = true;
        for (size_t r = 0; r < k; r++) {
            y[r] = w[j * k + r];
            zero = zero && y[r] == 0; /* exact: nothing reached this column */
        }
        if (zero)
            continue;
        for (int32_t e = start[j] + 1, end = start[j] + count[j]; e < end; e++) {
            double *at = w + (size_t)row[e] * k;
            for (size_t r = 0; r < k; r++)
                at[r] -= value[e] * y[r];
        }
    }
}

ALWAYS_INLINE void solve_up(const cholmod_factor *l, double *restrict w, const size_t k)
{
    const int32_t *start = l->p, *count = l->nz, *row = l->i;
    const double *value = l->x;
    for (size_t j = l->n; j-- > 0;) {
        double y[SIDE_BY_SIDE];
        for (size_t r = 0; r < k; r++)
            y[r] = w[j * k + r] / value[start[j]];
        for (int32_t e = start[j] + 1, end = start[j] + count[j]; e < end; e++) {
            const double *at = w + (size_t)row[e] * k;
            for (size_t r = 0; r < k; r++)
                y[r] -= value[e] * at[r];
        }
        for (size_t r = 0; r < k; r++)
            w[j * k + r] = y[r];
    }
}

ALWAYS_INLINE void solve_some(struct sparse_factor *f, double *x, const size_t k)
{
    const int32_t *order = f->l->Perm;
    size_t n = (size_t)f->n;
    double *w = f->w;
    for (size_t j = 0; j < n; j++)
        for (size_t r = 0; r < k; r++)
            w[j * k + r] = x[r * n + (size_t)order[j]];
    solve_down(f->l, w, k);
    solve_up(f->l, w, k);
    for (size_t j = 0; j < n; j++)
        for (size_t r = 0; r < k; r++)
            x[r * n + (size_t)order[j]] = w[j * k + r];
}

enum err_code sparse_solve(struct sparse_factor *f, int32_t n_rhs, double *x,
                           struct err *err)
{
    size_t n = (size_t)f->n, most = n_rhs < SIDE_BY_SIDE ? 1 : SIDE_BY_SIDE;
    if (n == 0 || n_rhs == 0)
        return ERR_OK;
    if (f->n_w < n * most) {
        double *w = mem_resize(f->w, n * most, sizeof *w);
        if (!w)
            return err_set(err, ERR_NOMEM, "cannot solve for %d right-hand sides",
                           n_rhs);
        f->w = w;
        f->n_w = n * most;
    }
    int32_t k = 0;
    for (; k + SIDE_BY_SIDE <= n_rhs; k += SIDE_BY_SIDE)
        solve_some(f, x + (size_t)k * n, SIDE_BY_SIDE);
    for (; k < n_rhs; k++)
        solve_some(f, x + (size_t)k * n, 1);
    return ERR_OK;
}

void sparse_factor_destroy(struct sparse_factor *f)
{
    if (!f)
        return;
    cholmod_free_factor(&f->l, &f->common);
    cholmod_finish(&f->common);
    mem_free(f->w);
    mem_free(f);
}

const char *sparse_library_version(void)
{
    static char text[32];
    int v[3];
    (void)cholmod_version(v);
    (void)snprintf(text, sizeof text, "CHOLMOD %d.%d.%d", v[0], v[1], v[2]);
    return text;
}
