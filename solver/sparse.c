/* sparse.c - the only file that knows CHOLMOD. */
#include "solver/sparse.h"

#include <cholmod.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"

#define ALWAYS_INLINE __attribute__((always_inline)) static inline

struct sparse_factor {
    cholmod_common common;
    cholmod_factor *l;
    double *w; /* [n_w] scratch of a solve */
    size_t n_w;
    int32_t n;
    double *lanes;   /* [(n + 1) * SPARSE_LANES] rows in the order of L, then zeros */
    bool *reached;   /* [n] scratch, all false between calls */
    double *path;    /* [n] scratch, all zero between calls */
    int32_t *parent; /* [n] in the elimination tree, n at a root */
    int32_t *place;  /* [n] where a row stands in L */
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
    f->lanes = mem_alloc((n + 1) * SPARSE_LANES, sizeof *f->lanes);
    f->reached = mem_alloc(n, sizeof *f->reached);
    f->path = mem_alloc(n, sizeof *f->path);
    f->parent = mem_alloc(n, sizeof *f->parent);
    int32_t *place = mem_alloc(n, sizeof *place);
    if (!f->lanes || !f->reached || !f->path || !f->parent || !place) {
        mem_free(f->lanes);
        mem_free(f->reached);
        mem_free(f->path);
        mem_free(f->parent);
        mem_free(place);
        f->lanes = f->path = NULL;
        f->reached = NULL;
        f->parent = NULL;
        return err_set(err, ERR_NOMEM, "out of memory");
    }
    for (int32_t j = 0; j < f->n; j++) {
        struct columns l = columns_of(f);
        place[l.order[j]] = j;
        f->parent[j] = l.count[j] > 1 ? l.row[l.start[j] + 1] : f->n;
    }
    f->place = place;
    return ERR_OK;
}

/*
 * Half of the lanes as one value, so that compilers keep them in registers while they go
 * down a column.
 */
enum {
    HALF = SPARSE_LANES / 2
};
typedef double half
    __attribute__((vector_size(HALF * sizeof(double)), aligned(8), may_alias));

/* Adds by at row i; all columns that it reaches are marked, and zero until then. */
static void drop(struct sparse_factor *f, int32_t i, int c, double by)
{
    if (i < 0)
        return;
    for (int32_t j = f->place[i]; j < f->n && !f->reached[j]; j = f->parent[j]) {
        f->reached[j] = true;
        memset(f->lanes + (size_t)j * SPARSE_LANES, 0, SPARSE_LANES * sizeof(double));
    }
    f->lanes[(size_t)f->place[i] * SPARSE_LANES + (size_t)c] += by;
}

static void solve_lower(struct columns l, int32_t n, const bool *reached, double *x)
{
    for (int32_t j = 0; j < n; j++) {
        int first = l.start[j], end = first + l.count[j];
        for (int c = 0; reached[j] && c < SPARSE_LANES; c += HALF) {
            half *at = (half *)(x + (size_t)j * SPARSE_LANES + c), from = *at;
            for (int k = first + 1; k < end; k++)
                *(half *)(x + (size_t)l.row[k] * SPARSE_LANES + c) -= l.value[k] * from;
            *at = from / l.value[first];
        }
    }
}

static void solve_upper(struct columns l, int32_t n, bool *reached, double *x)
{
    for (int32_t j = n; j-- > 0;) {
        int first = l.start[j], end = first + l.count[j];
        for (int c = 0; c < SPARSE_LANES; c += HALF) {
            half *at = (half *)(x + (size_t)j * SPARSE_LANES + c), to = {0};
            if (reached[j])
                to = *at;
            for (int k = first + 1; k < end; k++)
                to -= l.value[k] * *(half *)(x + (size_t)l.row[k] * SPARSE_LANES + c);
            *at = to;
        }
        reached[j] = false;
    }
}

enum err_code sparse_differences(struct sparse_factor *f,
                                 const int32_t first[SPARSE_LANES],
                                 const int32_t second[SPARSE_LANES], const double **x,
                                 struct err *err)
{
    enum err_code code = prepare(f, err);
    if (code)
        return code;
    for (int c = 0; c < SPARSE_LANES; c++) {
        if (first[c] == second[c])
            continue;
        drop(f, first[c], c, 1);
        drop(f, second[c], c, -1);
    }
    if (f->n > 0) {
        struct columns l = columns_of(f);
        solve_lower(l, f->n, f->reached, f->lanes);
        solve_upper(l, f->n, f->reached, f->lanes);
    }
    *x = f->lanes;
    return ERR_OK;
}

enum err_code sparse_places(struct sparse_factor *f, const int32_t **place,
                            struct err *err)
{
    enum err_code code = prepare(f, err);
    *place = f->place;
    return code;
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
    mem_free(f->reached);
    mem_free(f->path);
    mem_free(f->parent);
    mem_free(f->place);
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
