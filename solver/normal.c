/* normal.c - the matrix A D A' of the dual function, kept up to date. */
#include "solver/normal.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/dense.h"

enum {
    FEW_ROWS = 32 /* that join a matrix rather than have it made anew */
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory");
}

enum err_code normal_create(struct normal *q, struct dual *f, struct err *err)
{
    size_t n = (size_t)f->w->p->n_injection;
    *q = (struct normal){.f = f,
                         .at = mem_alloc(n, sizeof *q->at),
                         .power = mem_alloc(n, sizeof *q->power),
                         .curve = mem_alloc(n, sizeof *q->curve)};
    return q->at && q->power && q->curve ? ERR_OK : no_memory(err);
}

void normal_release(struct normal *q)
{
    mem_free(q->at);
    mem_free(q->column);
    mem_free(q->power);
    mem_free(q->curve);
    mem_free(q->matrix);
    mem_free(q->row_of);
    mem_free(q->dual);
    *q = (struct normal){0};
}

enum err_code normal_begin(struct normal *q, struct err *err)
{
    struct dual *f = q->f;
    size_t n = (size_t)f->w->p->n_injection, m = (size_t)dual_n(f);
    q->n_row = 0;
    if (q->n_dual == dual_n(f))
        return normal_gradient(q, err);
    dual_gradient(f);
    memcpy(q->power, f->power, n * sizeof *q->power);
    memset(q->at, 0, n * sizeof *q->at);
    q->n_column = q->room = 0;
    mem_free(q->column);
    mem_free(q->row_of);
    mem_free(q->dual);
    q->column = NULL;
    q->row_of = mem_alloc(m, sizeof *q->row_of);
    q->dual = mem_alloc(m, sizeof *q->dual);
    q->n_dual = (int32_t)m;
    return q->row_of && q->dual ? ERR_OK : no_memory(err);
}

/* Entries of a row of factors that stand in the columns from first on: both ascend. */
static void fill_row(struct normal *q, int32_t k, const int32_t *injection, int32_t n,
                     double *column)
{
    const struct work *w = q->f->w;
    const struct factor_row *row = &w->factor[q->f->row[k].factor];
    double sign = dual_sign(&q->f->row[k]);
    size_t m = (size_t)q->n_dual, to = (size_t)(q->f->n_balance + k);
    int64_t from = row->start;
    for (int32_t c = 0; c < n; c++) {
        int64_t step = 1, lo = from, hi = from;
        while (hi < row->end && w->entry_injection[hi] < injection[c]) {
            lo = hi + 1;
            hi += step;
            step *= 2;
        }
        hi = hi < row->end ? hi : row->end;
        while (lo < hi) {
            int64_t middle = lo + (hi - lo) / 2;
            if (w->entry_injection[middle] < injection[c])
                lo = middle + 1;
            else
                hi = middle;
        }
        from = lo;
        if (from < row->end && w->entry_injection[from] == injection[c])
            column[(size_t)c * m + to] = sign * w->entry_value[from];
    }
}

/* Makes the columns of n injections, ascending, that are not there. */
static enum err_code make_columns(struct normal *q, const int32_t *injection, int32_t n,
                                  struct err *err)
{
    const struct work *w = q->f->w;
    size_t m = (size_t)q->n_dual;
    if (n == 0)
        return ERR_OK;
    if (q->n_column + n > q->room) {
        int32_t room = q->n_column + n + (q->n_column + n) / 2;
        double *grown = mem_resize(q->column, (size_t)room * m, sizeof *grown);
        if (!grown)
            return err_set(err, ERR_NOMEM, "cannot hold %d columns", room);
        q->column = grown;
        q->room = room;
    }
    double *column = q->column + (size_t)q->n_column * m;
    memset(column, 0, (size_t)n * m * sizeof *column);
    for (int32_t c = 0; c < n; c++) {
        int32_t i = injection[c];
        q->at[i] = ++q->n_column;
        for (int32_t a = w->island_start[i]; a < w->island_start[i + 1]; a++)
            column[(size_t)c * m + (size_t)w->island[a]] = w->island_weight[a];
    }
    for (int32_t k = 0; k < q->f->n_row; k++)
        fill_row(q, k, injection, n, column);
    return ERR_OK;
}

/* Injections where now is not before, into list; columns of all of them are there. */
static enum err_code changed(struct normal *q, const double *now, const double *before,
                             int32_t *list, int32_t *n, struct err *err)
{
    int32_t n_injection = q->f->w->p->n_injection, n_new = 0;
    *n = 0;
    for (int32_t i = 0; i < n_injection; i++)
        if ((now[i] < before[i] || now[i] > before[i]) && !q->at[i])
            list[n_new++] = i;
    enum err_code code = make_columns(q, list, n_new, err);
    for (int32_t i = 0; i < n_injection; i++)
        if (now[i] < before[i] || now[i] > before[i])
            list[(*n)++] = i;
    return code;
}

enum err_code normal_gradient(struct normal *q, struct err *err)
{
    size_t m = (size_t)q->n_dual, n_injection = (size_t)q->f->w->p->n_injection;
    const struct dual *f = q->f;
    int32_t n = 0, *list = mem_alloc(n_injection, sizeof *list);
    enum err_code code =
        list ? changed(q, f->power, q->power, list, &n, err) : no_memory(err);
    for (int32_t c = 0; !code && c < n; c++) {
        const double *a = q->column + (size_t)(q->at[list[c]] - 1) * m;
        double by = f->power[list[c]] - q->power[list[c]];
        for (size_t k = 0; k < m; k++)
            f->gradient[k] -= by * a[k];
        q->power[list[c]] = f->power[list[c]];
    }
    mem_free(list);
    return code;
}

/* The matrix changes by those of n injections whose curves become larger, or smaller. */
static enum err_code add_outer(struct normal *q, const int32_t *list, int32_t n,
                               bool larger, struct err *err)
{
    size_t m = (size_t)q->n_dual, n_row = (size_t)q->n_row;
    double *part = mem_alloc((size_t)n * n_row, sizeof *part), *out = part;
    if (!part)
        return no_memory(err);
    for (int32_t c = 0; c < n; c++) {
        const double *a = q->column + (size_t)(q->at[list[c]] - 1) * m;
        double by = q->f->curve[list[c]] - q->curve[list[c]];
        if ((by > 0) != larger)
            continue;
        double root = sqrt(fabs(by));
        for (size_t k = 0; k < n_row; k++)
            *out++ = root * a[q->dual[k]];
    }
    int32_t n_out = n_row ? (int32_t)((size_t)(out - part) / n_row) : 0;
    dense_add_gram(q->n_row, n_out, larger ? 1 : -1, part, q->matrix);
    mem_free(part);
    return ERR_OK;
}

/* An empty matrix over the duals listed. */
static enum err_code restart(struct normal *q, int32_t n, const int32_t *dual,
                             struct err *err)
{
    mem_free(q->matrix);
    q->matrix = mem_alloc((size_t)n * (size_t)n, sizeof *q->matrix);
    if (!q->matrix)
        return err_set(err, ERR_NOMEM, "cannot hold a matrix of %d rows", n);
    memset(q->row_of, 0, (size_t)q->n_dual * sizeof *q->row_of);
    memset(q->curve, 0, (size_t)q->f->w->p->n_injection * sizeof *q->curve);
    for (int32_t k = 0; k < n; k++) {
        q->row_of[dual[k]] = k + 1;
        q->dual[k] = dual[k];
    }
    q->n_row = n;
    return ERR_OK;
}

/* Rows listed that the matrix does not have. */
static int32_t count_missing(const struct normal *q, int32_t n, const int32_t *dual)
{
    int32_t n_missing = 0;
    for (int32_t k = 0; k < n; k++)
        n_missing += !q->row_of[dual[k]];
    return n_missing;
}

/* Row r of the matrix, by the curves it is of. */
static void find_row(struct normal *q, size_t r)
{
    double *row = q->matrix + r * (size_t)q->n_row;
    for (int32_t i = 0; i < q->f->w->p->n_injection; i++) {
        if (!(q->curve[i] > 0))
            continue;
        const double *a = q->column + (size_t)(q->at[i] - 1) * (size_t)q->n_dual;
        double by = q->curve[i] * a[q->dual[r]];
        for (size_t k = 0; k <= r; k++)
            row[k] += by * a[q->dual[k]];
    }
}

/* The matrix gets the rows listed that it does not have. */
static enum err_code extend(struct normal *q, int32_t n, const int32_t *dual,
                            int32_t n_missing, struct err *err)
{
    size_t before = (size_t)q->n_row, after = before + (size_t)n_missing;
    double *grown = mem_alloc(after * after, sizeof *grown);
    if (!grown)
        return err_set(err, ERR_NOMEM, "cannot hold a matrix of %zu rows", after);
    for (size_t r = 0; r < before; r++)
        memcpy(grown + r * after, q->matrix + r * before, (r + 1) * sizeof *grown);
    mem_free(q->matrix);
    q->matrix = grown;
    for (int32_t k = 0; k < n; k++)
        if (!q->row_of[dual[k]]) {
            q->dual[q->n_row++] = dual[k];
            q->row_of[dual[k]] = q->n_row;
        }
    for (size_t r = before; r < after; r++)
        find_row(q, r);
    return ERR_OK;
}

/* Whether most of the curves that the matrix is of still stand. */
static bool is_near(const struct normal *q)
{
    int32_t n_changed = 0, n_curve = 0;
    for (int32_t i = 0; i < q->f->w->p->n_injection; i++) {
        double now = q->f->curve[i], before = q->curve[i];
        n_changed += now < before || now > before;
        n_curve += now > 0;
    }
    return q->n_row > 0 && 2 * n_changed < n_curve;
}

/* Rows for all duals listed. */
static enum err_code have_rows(struct normal *q, int32_t n, const int32_t *dual,
                               struct err *err)
{
    int32_t n_missing = count_missing(q, n, dual);
    if (!is_near(q) || n_missing > FEW_ROWS)
        return restart(q, n, dual, err);
    return n_missing > 0 ? extend(q, n, dual, n_missing, err) : ERR_OK;
}

static double entry(const struct normal *q, int32_t a, int32_t b)
{
    int32_t r = q->row_of[a] - 1, c = q->row_of[b] - 1;
    return r >= c ? q->matrix[(size_t)r * (size_t)q->n_row + (size_t)c]
                  : q->matrix[(size_t)c * (size_t)q->n_row + (size_t)r];
}

enum err_code normal_matrix(struct normal *q, int32_t n, const int32_t *dual,
                            const double *damping, double *out, struct err *err)
{
    size_t n_injection = (size_t)q->f->w->p->n_injection;
    int32_t n_changed = 0, *list = mem_alloc(n_injection, sizeof *list);
    enum err_code code = list ? have_rows(q, n, dual, err) : no_memory(err);
    if (!code)
        code = changed(q, q->f->curve, q->curve, list, &n_changed, err);
    if (!code)
        code = add_outer(q, list, n_changed, true, err);
    if (!code)
        code = add_outer(q, list, n_changed, false, err);
    if (!code)
        memcpy(q->curve, q->f->curve, n_injection * sizeof *q->curve);
    for (size_t k = 0; !code && k < (size_t)n; k++) {
        for (size_t j = 0; j <= k; j++)
            out[k * (size_t)n + j] = out[j * (size_t)n + k] =
                entry(q, dual[k], dual[j]);
        out[k * (size_t)n + k] += damping[dual[k]];
    }
    mem_free(list);
    return code;
}
