/*
 * branch_count.c - how many units of one size are on, as something to branch on.
 *
 * Where units are much alike, to decide one of them decides nothing: another one does what
 * it was to do. How many of them are on is another matter, and a sum over commitments of
 * one interval, whose price is a bonus for being on: the dynamic program stays exact, as
 * with cuts (cuts.c).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/branch_work.h"

static const double DOUBT = 0.2; /* less is left to units one by one */

struct sized {
    double min_mw, max_mw;
    int32_t unit;
};

static int by_size(const void *x, const void *y)
{
    const struct sized *a = x, *b = y;
    if (a->max_mw != b->max_mw)
        return a->max_mw < b->max_mw ? -1 : 1;
    if (a->min_mw != b->min_mw)
        return a->min_mw < b->min_mw ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

static size_t place(const struct tree *b, int32_t k, int32_t t)
{
    return (size_t)k * (size_t)b->f->n_interval + (size_t)t;
}

/* Classes of at least two units of one size. */
static void classify(struct tree *b, const struct sized *s, int32_t n)
{
    struct counts *c = &b->counts;
    for (int32_t i = 0, to; i < n; i = to) {
        for (to = i + 1;
             to < n && s[to].max_mw == s[i].max_mw && s[to].min_mw == s[i].min_mw;)
            to++;
        for (int32_t j = i; j < to; j++)
            c->class_of[s[j].unit] = to - i > 1 ? c->n_class : -1;
        if (to - i < 2)
            continue;
        c->mw[c->n_class] = s[i].max_mw;
        c->n[c->n_class++] = to - i;
    }
}

enum err_code counts_create(struct tree *b, struct err *err)
{
    struct counts *c = &b->counts;
    const struct fleet *f = b->f;
    struct sized *s = MEM_ARRAY(struct sized, f->n_unit);
    int32_t n = 0;
    c->class_of = MEM_ARRAY(int32_t, f->n_unit);
    c->mw = MEM_ARRAY(double, f->n_unit);
    c->n = MEM_ARRAY(int32_t, f->n_unit);
    for (int32_t g = 0; s && c->class_of && c->mw && c->n && g < f->n_unit; g++) {
        c->class_of[g] = -1;
        if (!tree_is_few(b) && f->p->unit[g].n_config == 0 && f->p->unit[g].max_mw > 0)
            s[n++] = (struct sized){f->p->unit[g].min_mw, f->p->unit[g].max_mw, g};
    }
    if (s && c->class_of && c->mw && c->n) {
        qsort(s, (size_t)n, sizeof *s, by_size);
        classify(b, s, n);
        c->row = MEM_ARRAY(int32_t, 2 * place(b, c->n_class, 0) + 1);
    }
    mem_free(s);
    if (!c->row)
        return err_set(err, ERR_NOMEM, "out of memory for counts of units");
    for (size_t k = 0; k < 2 * place(b, c->n_class, 0); k++)
        c->row[k] = -1;
    return ERR_OK;
}

/* A row that comes where the last one was begins without a price. */
static void forget_price(const struct fleet *f, double *y, int32_t room)
{
    if (fleet_n_row(f) < room)
        y[fleet_n_row(f)] = 0;
}

void counts_release(struct tree *b)
{
    struct counts *c = &b->counts;
    struct fleet *f = b->f;
    for (int32_t e = 0; e < f->n_extra; e++)
        if (f->extra[e].kind == EXTRA_COUNT)
            f->extra[e].rhs = -(double)INFINITY;
    /* Those that no other row is behind are in nobody's way any more. */
    while (f->n_extra > 0 && f->extra[f->n_extra - 1].kind == EXTRA_COUNT) {
        fleet_drop_extra(f);
        forget_price(f, b->s->y, b->s->room_y);
        forget_price(f, b->s->root->y, b->s->root->room_y);
    }
    mem_free(c->class_of);
    mem_free(c->mw);
    mem_free(c->n);
    mem_free(c->row);
}

/* Stated in MW, so that its price is one of the usual size. */
static enum err_code add_row(struct tree *b, int32_t k, int32_t t, bool most,
                             struct err *err)
{
    struct fleet *f = b->f;
    struct extra row = {.kind = EXTRA_COUNT,
                        .interval = t,
                        .outage = -1,
                        .limit = -1,
                        .rhs = -(double)INFINITY,
                        .top_usd = (double)INFINITY,
                        .short_row = -1,
                        .of = -1,
                        .on = MEM_ARRAY(double, f->n_unit)};
    if (!row.on)
        return err_set(err, ERR_NOMEM, "out of memory for counts of units");
    for (int32_t g = 0; g < f->n_unit; g++)
        if (b->counts.class_of[g] == k)
            row.on[g] = most ? -b->counts.mw[k] : b->counts.mw[k];
    return fleet_add_extra(f, &row, err);
}

enum err_code counts_hold(struct tree *b, const struct node *n, struct err *err)
{
    struct counts *c = &b->counts;
    const size_t size = place(b, c->n_class, 0);
    enum err_code code = ERR_OK;
    for (int32_t k = 0; k < c->n_class && !code; k++)
        for (int32_t t = 0; t < b->f->n_interval && !code; t++)
            for (int most = 0; most < 2 && !code; most++) {
                const size_t at = place(b, k, t);
                const bool limits = most ? n->most[at] < c->n[k] : n->least[at] > 0;
                int32_t *e = &c->row[(size_t)most * size + at];
                if (*e < 0 && !limits)
                    continue;
                if (*e < 0) {
                    *e = b->f->n_extra;
                    code = add_row(b, k, t, most, err);
                    if (!code)
                        code = master_add_extra(b->m, err);
                    if (code)
                        return code;
                }
                const double mw = c->mw[k] * (most ? -n->most[at] : n->least[at]);
                const double rhs = limits ? mw : -(double)INFINITY;
                if (rhs ==
                    b->f->extra[*e].rhs) /* the same number, or none both times */
                    continue;
                b->f->extra[*e].rhs = rhs;
                master_move_side(b->m, *e);
            }
    return code;
}

bool counts_choose(const struct tree *b, const struct node *n, int32_t *class,
                   int32_t *interval, double *count, double *score)
{
    const struct counts *c = &b->counts;
    *score = 0;
    for (int32_t k = 0; k < c->n_class; k++)
        for (int32_t t = 0; t < b->f->n_interval; t++) {
            double sum = 0;
            for (int32_t g = 0; g < b->f->n_unit; g++)
                if (c->class_of[g] == k)
                    sum += b->u[b->first[g] + t];
            const double doubt = fmin(sum - floor(sum), ceil(sum) - sum);
            const size_t at = place(b, k, t);
            if (doubt < DOUBT || floor(sum) < n->least[at] || ceil(sum) > n->most[at] ||
                doubt * c->mw[k] <= *score)
                continue;
            *score = doubt * c->mw[k];
            *class = k;
            *interval = t;
            *count = sum;
        }
    return *score > 0;
}
