/* sparse.c - the only file that knows CHOLMOD. */
#include "solver/sparse.h"

#include <cholmod.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"

struct sparse_factor {
    cholmod_common common;
    cholmod_factor *l;
    cholmod_dense *y, *e; /* workspace kept between solves */
    int32_t n;
    double *lanes;   /* [n * SPARSE_LANES] scratch, rows in the order of L */
    double *path;    /* [n] scratch, all zero between calls */
    int32_t *parent; /* [n] in the elimination tree, n at a root */
    int32_t *place;  /* [n] where a row stands in L */
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

/* ---- what the library does not offer: solves that look at L ---- */

/* L is simplicial, LDL': column j begins with its pivot, rows below it ascend. */
struct columns {
    const int *start, *count, *row, *order;
    const double *value;
};

static struct columns columns_of(const struct sparse_factor *f)
{
    return (struct columns){.start = f->l->p,
                            .count = f->l->nz,
                            .row = f->l->i,
                            .order = f->l->Perm,
                            .value = f->l->x};
}

static enum err_code prepare(struct sparse_factor *f, struct err *err)
{
    size_t n = (size_t)f->n;
    if (f->place)
        return ERR_OK;
    f->lanes = mem_alloc(n * SPARSE_LANES, sizeof *f->lanes);
    f->path = mem_alloc(n, sizeof *f->path);
    f->parent = mem_alloc(n, sizeof *f->parent);
    int32_t *place = mem_alloc(n, sizeof *place);
    if (!f->lanes || !f->path || !f->parent || !place) {
        mem_free(f->lanes);
        mem_free(f->path);
        mem_free(f->parent);
        mem_free(place);
        f->lanes = f->path = NULL;
        f->parent = NULL;
        return err_set(err, ERR_NOMEM, "out of memory");
    }
    struct columns l = columns_of(f);
    for (int32_t j = 0; j < f->n; j++) {
        place[l.order[j]] = j;
        f->parent[j] = l.count[j] > 1 ? l.row[l.start[j] + 1] : f->n;
    }
    f->place = place;
    return ERR_OK;
}

static bool all_zero(const double *x)
{
    double most = 0;
    for (int c = 0; c < SPARSE_LANES; c++)
        most = x[c] != 0 ? 1 : most; /* exact: nothing was ever added here */
    return most == 0;
}

static void solve_lower(struct columns l, int32_t n, double *x)
{
    for (int32_t j = 0; j < n; j++) {
        double *restrict from = x + (size_t)j * SPARSE_LANES;
        int first = l.start[j];
        if (all_zero(from))
            continue;
        for (int k = first + 1; k < first + l.count[j]; k++) {
            double *restrict to = x + (size_t)l.row[k] * SPARSE_LANES;
            for (int c = 0; c < SPARSE_LANES; c++)
                to[c] -= l.value[k] * from[c];
        }
        for (int c = 0; c < SPARSE_LANES; c++)
            from[c] /= l.value[first];
    }
}

static void solve_upper(struct columns l, int32_t n, double *x)
{
    for (int32_t j = n; j-- > 0;) {
        double *restrict to = x + (size_t)j * SPARSE_LANES;
        for (int k = l.start[j] + 1; k < l.start[j] + l.count[j]; k++) {
            const double *restrict from = x + (size_t)l.row[k] * SPARSE_LANES;
            for (int c = 0; c < SPARSE_LANES; c++)
                to[c] -= l.value[k] * from[c];
        }
    }
}

enum err_code sparse_solve_lanes(struct sparse_factor *f, double *x, struct err *err)
{
    const size_t one = SPARSE_LANES * sizeof *x;
    if (f->n == 0)
        return ERR_OK;
    enum err_code code = prepare(f, err);
    if (code)
        return code;
    struct columns l = columns_of(f);
    for (int32_t j = 0; j < f->n; j++)
        memcpy(f->lanes + (size_t)j * SPARSE_LANES,
               x + (size_t)l.order[j] * SPARSE_LANES, one);
    solve_lower(l, f->n, f->lanes);
    solve_upper(l, f->n, f->lanes);
    for (int32_t j = 0; j < f->n; j++)
        memcpy(x + (size_t)l.order[j] * SPARSE_LANES,
               f->lanes + (size_t)j * SPARSE_LANES, one);
    return ERR_OK;
}

enum err_code sparse_between(struct sparse_factor *f, int32_t i, int32_t j, double *out,
                             struct err *err)
{
    *out = 0;
    if (i == j)
        return ERR_OK;
    enum err_code code = prepare(f, err);
    if (code)
        return code;
    struct columns l = columns_of(f);
    int32_t a = i < 0 ? f->n : f->place[i], b = j < 0 ? f->n : f->place[j];
    if (i >= 0)
        f->path[a] = 1;
    if (j >= 0)
        f->path[b] = -1;
    while (a < f->n || b < f->n) {
        int32_t now = a < b ? a : b;
        double y = f->path[now];
        f->path[now] = 0;
        for (int k = l.start[now] + 1; k < l.start[now] + l.count[now]; k++)
            f->path[l.row[k]] -= l.value[k] * y;
        *out += y * y / l.value[l.start[now]];
        if (a == now)
            a = f->parent[now];
        if (b == now)
            b = f->parent[now];
    }
    return ERR_OK;
}

void sparse_factor_destroy(struct sparse_factor *f)
{
    if (!f)
        return;
    mem_free(f->lanes);
    mem_free(f->path);
    mem_free(f->parent);
    mem_free(f->place);
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
