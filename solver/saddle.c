/* saddle.c - rows of one unknown first, the rest as a dense system. */
#include "solver/saddle.h"

#include <string.h>

#include "sim/base/mem.h"
#include "solver/dense.h"

struct peeling {
    const struct saddle *s;
    int64_t *start;    /* [n_row + 1] into unknown: A by row */
    int32_t *unknown;  /* [entries] */
    int32_t *left;     /* [n_row] unknowns of a row that are not known yet */
    int32_t *of_row;   /* [n_row] the unknown that a row gave; -1 = none */
    int32_t *order;    /* [n_known] rows, as they gave theirs */
    int32_t *place;    /* [n_free] among those that are left; -1 = known */
    int32_t *row_rest; /* [n_row] likewise, of rows */
    double *moved;     /* [n_free] H d */
    int32_t n_known, n_rest, n_rest_row;
    bool singular;
};

static enum err_code allocate(struct peeling *p, struct err *err)
{
    size_t n_free = (size_t)p->s->n_free, n_row = (size_t)p->s->n_row;
    p->start = mem_alloc(n_row + 2, sizeof *p->start);
    p->unknown = mem_alloc((size_t)p->s->start[n_free], sizeof *p->unknown);
    p->left = mem_alloc(n_row, sizeof *p->left);
    p->of_row = mem_alloc(n_row, sizeof *p->of_row);
    p->order = mem_alloc(n_row, sizeof *p->order);
    p->place = mem_alloc(n_free, sizeof *p->place);
    p->row_rest = mem_alloc(n_row, sizeof *p->row_rest);
    p->moved = mem_alloc(n_free, sizeof *p->moved);
    return p->start && p->unknown && p->left && p->of_row && p->order && p->place &&
                   p->row_rest && p->moved
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "out of memory");
}

static void peeling_release(struct peeling *p)
{
    mem_free(p->start);
    mem_free(p->unknown);
    mem_free(p->left);
    mem_free(p->of_row);
    mem_free(p->order);
    mem_free(p->place);
    mem_free(p->row_rest);
    mem_free(p->moved);
}

static void transpose(struct peeling *p)
{
    const struct saddle *s = p->s;
    for (int64_t e = 0; e < s->start[s->n_free]; e++)
        p->start[s->row[e] + 2]++;
    for (int32_t r = 0; r < s->n_row; r++) {
        p->left[r] = (int32_t)p->start[r + 2];
        p->start[r + 2] += p->start[r + 1];
    }
    for (int32_t j = 0; j < s->n_free; j++)
        for (int64_t e = s->start[j]; e < s->start[j + 1]; e++)
            p->unknown[p->start[s->row[e] + 1]++] = j;
}

static double entry(const struct saddle *s, int32_t row, int32_t j)
{
    for (int64_t e = s->start[j]; e < s->start[j + 1]; e++)
        if (s->row[e] == row)
            return s->value[e];
    return 0;
}

/* The row's only unknown; what it does to other rows goes into their lack. */
static void take(struct peeling *p, int32_t row, double *lack, double *d)
{
    const struct saddle *s = p->s;
    int64_t at = p->start[row];
    while (p->place[p->unknown[at]] < 0)
        at++;
    int32_t j = p->unknown[at];
    d[j] = lack[row] / entry(s, row, j);
    p->place[j] = -1;
    p->of_row[row] = j;
    p->order[p->n_known++] = row;
    for (int64_t e = s->start[j]; e < s->start[j + 1]; e++) {
        p->left[s->row[e]]--;
        lack[s->row[e]] -= s->value[e] * d[j];
    }
}

/* Rows of one unknown, in rounds; a row of none at all has no answer. */
static void peel(struct peeling *p, double *lack, double *d)
{
    const struct saddle *s = p->s;
    for (int32_t r = 0; r < s->n_row; r++)
        p->of_row[r] = -1;
    for (bool again = true; again && !p->singular;) {
        again = false;
        for (int32_t r = 0; r < s->n_row; r++) {
            if (p->of_row[r] >= 0)
                continue;
            p->singular = p->singular || p->left[r] == 0;
            if (p->left[r] != 1)
                continue;
            take(p, r, lack, d);
            again = true;
        }
    }
    for (int32_t j = 0; j < s->n_free; j++)
        if (p->place[j] >= 0)
            p->place[j] = p->n_rest++;
    for (int32_t r = 0; r < s->n_row; r++)
        p->row_rest[r] = p->of_row[r] >= 0 ? -1 : p->n_rest_row++;
}

/* (1) and (2) of what is left, column-major. */
static void fill(const struct peeling *p, const double *lack, double *matrix,
                 double *rhs)
{
    const struct saddle *s = p->s;
    size_t n_rest = (size_t)p->n_rest, n = n_rest + (size_t)p->n_rest_row;
    for (int32_t j = 0; j < s->n_free; j++) {
        if (p->place[j] < 0)
            continue;
        size_t at = (size_t)p->place[j];
        rhs[at] = -s->gradient[j] - p->moved[j];
        for (int32_t k = 0; k <= j; k++)
            if (p->place[k] >= 0) {
                size_t other = (size_t)p->place[k];
                matrix[at * n + other] = matrix[other * n + at] =
                    s->curvature(s->of, j, k);
            }
        for (int64_t e = s->start[j]; e < s->start[j + 1]; e++) {
            size_t row = n_rest + (size_t)p->row_rest[s->row[e]];
            matrix[at * n + row] = s->value[e];
            matrix[row * n + at] = -s->value[e];
        }
    }
    for (int32_t r = 0; r < s->n_row; r++)
        if (p->row_rest[r] >= 0)
            rhs[n_rest + (size_t)p->row_rest[r]] = lack[r];
}

static enum err_code solve_rest(const struct peeling *p, const double *lack, double *d,
                                double *y, bool *ok, struct err *err)
{
    const struct saddle *s = p->s;
    size_t n = (size_t)p->n_rest + (size_t)p->n_rest_row;
    struct err ignored = {0}; /* singular only means that there is no step */
    enum err_code code = ERR_OK;
    double *matrix = mem_alloc(n * n, sizeof *matrix);
    double *rhs = mem_alloc(n, sizeof *rhs);
    if (!matrix || !rhs) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    fill(p, lack, matrix, rhs);
    *ok = n == 0 || dense_solve((int32_t)n, matrix, rhs, &ignored) == ERR_OK;
    for (int32_t j = 0; *ok && j < s->n_free; j++)
        if (p->place[j] >= 0)
            d[j] = rhs[p->place[j]];
    for (int32_t r = 0; *ok && r < s->n_row; r++)
        if (p->row_rest[r] >= 0)
            y[r] = rhs[p->n_rest + p->row_rest[r]];
done:
    mem_free(matrix);
    mem_free(rhs);
    return code;
}

/* (1) of each unknown that its row gave, the last one first: y of that row. */
static void price_rows(const struct peeling *p, double *y)
{
    const struct saddle *s = p->s;
    for (int32_t k = p->n_known; k-- > 0;) {
        int32_t row = p->order[k], j = p->of_row[row];
        double sum = s->gradient[j] + p->moved[j], own = 0;
        for (int64_t e = s->start[j]; e < s->start[j + 1]; e++) {
            if (s->row[e] == row)
                own = s->value[e];
            else
                sum -= s->value[e] * y[s->row[e]];
        }
        y[row] = sum / own;
    }
}

enum err_code saddle_solve(const struct saddle *s, int32_t most, double *d, double *y,
                           bool *ok, struct err *err)
{
    struct peeling p = {.s = s};
    double *lack = mem_alloc((size_t)s->n_row, sizeof *lack);
    enum err_code code = allocate(&p, err);
    *ok = false;
    if (!code && !lack)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (code)
        goto done;
    memset(d, 0, (size_t)s->n_free * sizeof *d);
    memset(y, 0, (size_t)s->n_row * sizeof *y);
    if (s->n_row > 0)
        memcpy(lack, s->lack, (size_t)s->n_row * sizeof *lack);
    transpose(&p);
    peel(&p, lack, d);
    if (p.singular || p.n_rest + p.n_rest_row > most)
        goto done;
    if (p.n_known > 0)
        code = s->product(s->of, d, p.moved, err);
    if (!code)
        code = solve_rest(&p, lack, d, y, ok, err);
    if (!code && *ok && p.n_known > 0) {
        code = s->product(s->of, d, p.moved, err);
        price_rows(&p, y);
    }
done:
    peeling_release(&p);
    mem_free(lack);
    return code;
}
