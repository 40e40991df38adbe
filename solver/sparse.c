/* sparse.c - the only file that knows CHOLMOD. */
#include "solver/sparse.h"

#include <cholmod.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"

struct sparse_factor {
    cholmod_common common;
    cholmod_factor *l;
    cholmod_dense *y, *e; /* workspace kept between solves */
    int32_t n;
};

static cholmod_sparse *matrix_from_triplets(cholmod_common *cm, int32_t n,
                                            int64_t n_entry, const int32_t *row,
                                            const int32_t *col, const double *value)
{
    cholmod_triplet *t = cholmod_allocate_triplet((size_t)n, (size_t)n, (size_t)n_entry,
                                                  1, CHOLMOD_REAL, cm);
    if (!t)
        return NULL;
    memcpy(t->i, row, (size_t)n_entry * sizeof *row);
    memcpy(t->j, col, (size_t)n_entry * sizeof *col);
    memcpy(t->x, value, (size_t)n_entry * sizeof *value);
    t->nnz = (size_t)n_entry;
    cholmod_sparse *a = cholmod_triplet_to_sparse(t, 0, cm);
    cholmod_free_triplet(&t, cm);
    return a;
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

enum err_code sparse_solve(struct sparse_factor *f, int32_t n_rhs, double *x,
                           struct err *err)
{
    if (f->n == 0 || n_rhs == 0)
        return ERR_OK;
    size_t n = (size_t)f->n;
    cholmod_dense b = {.nrow = n,
                       .ncol = (size_t)n_rhs,
                       .nzmax = n * (size_t)n_rhs,
                       .d = n,
                       .x = x,
                       .xtype = CHOLMOD_REAL,
                       .dtype = CHOLMOD_DOUBLE};
    cholmod_dense *solution = NULL;
    int ok = cholmod_solve2(CHOLMOD_A, f->l, &b, NULL, &solution, NULL, &f->y, &f->e,
                            &f->common);
    if (ok)
        memcpy(x, solution->x, n * (size_t)n_rhs * sizeof *x);
    cholmod_free_dense(&solution, &f->common);
    return ok ? ERR_OK
              : err_set(err, ERR_NOMEM, "cannot solve for %d right-hand sides", n_rhs);
}

void sparse_factor_destroy(struct sparse_factor *f)
{
    if (!f)
        return;
    cholmod_free_dense(&f->y, &f->common);
    cholmod_free_dense(&f->e, &f->common);
    cholmod_free_factor(&f->l, &f->common);
    cholmod_finish(&f->common);
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
