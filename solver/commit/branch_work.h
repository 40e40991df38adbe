/*
 * branch_work.h - what the files of branch and price share. Nobody else includes it.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_BRANCH_WORK_H
#define SOLVER_COMMIT_BRANCH_WORK_H

#include <math.h>

#include "solver/commit/master.h"

/* Units held on or off in some intervals. */
struct node {
    double bound_usd;
    int64_t serial;
    struct interval_set *on, *off; /* [n_unit] one allocation */
    int16_t *least,
        *most; /* [n_class][n_interval] units on of a class; one allocation */
    double *y; /* [n_row] the best prices of where it comes from */
    int32_t n_row;
};

/* Units of one size, of which so many are on in an interval. */
struct counts {
    int32_t n_class;
    int32_t *class_of; /* [n_unit] -1 = none */
    double *mw;        /* [n_class] what one of them is, at most */
    int32_t *n;        /* [n_class] how many there are */
    int32_t
        *row; /* [2][n_class][n_interval] extra row of at least, at most; -1 = none */
};

struct tree {
    struct search *s;
    struct fleet *f;
    struct pool *pool; /* of the tree's own, above the root's */
    struct master *m;
    struct counts counts;
    double share;       /* of its cost, that a schedule must save to be worth a node */
    int32_t from, to;   /* intervals outside of which units do as in the incumbent */
    bool counts_first;  /* a count in doubt goes before a unit of which more power is */
    struct node **open; /* [n_open] heap, least bound first */
    int32_t n_open, room_open;
    double closed_usd; /* the least bound of what was given up */
    int64_t serial, n_node, n_path;
    int32_t *first; /* [n_unit + 1] facts of units before; see unit_facts */
    double *u;      /* [facts] of the master's point */
};

static inline bool tree_is_few(const struct tree *b)
{
    return b->f->n_unit <= FEW_IN_FLEET;
}

/* Whether the tree leaves this fact of a unit open. */
static inline bool tree_decides(const struct tree *b, int32_t fact)
{
    const int32_t t = fact % b->f->n_interval;
    return t >= b->from && t < b->to;
}

/* Nothing dearer is worth looking at. */
static inline double tree_cutoff(const struct tree *b)
{
    const struct search *s = b->s;
    if (!s->feasible)
        return (double)INFINITY;
    return s->cost_usd - b->share * fabs(s->cost_usd);
}

/* Schedules that are looked at no further cost no less than that, though less than the best perhaps. */
static inline void tree_close(struct tree *b, double bound_usd)
{
    b->closed_usd = fmin(b->closed_usd, bound_usd);
}

/* ---- branch_node.c ------------------------------------------------------------------ */

/* A node that holds what `from` does; NULL where memory is out. */
struct node *node_new(const struct tree *b, const struct node *from);
void node_release(struct node *n);
/* Takes over n, also on failure. */
MUST_CHECK enum err_code nodes_push(struct tree *b, struct node *n, struct err *err);
/* The open node with the least bound, which is the caller's from now on. */
struct node *nodes_pop(struct tree *b);

/* ---- branch_count.c ----------------------------------------------------------------- */

MUST_CHECK enum err_code counts_create(struct tree *b, struct err *err);
/* No row of a count is a limit any more. The tree's master has been released. */
void counts_release(struct tree *b);
/* Rows hold n's counts; those that are new or differ are changed in the master. */
MUST_CHECK enum err_code counts_hold(struct tree *b, const struct node *n,
                                     struct err *err);
/* The class and interval whose count of units, in the master's point, is most in doubt. */
bool counts_choose(const struct tree *b, const struct node *n, int32_t *class,
                   int32_t *interval, double *count, double *score);

/* ---- branch_relax.c ----------------------------------------------------------------- */

/* A master of schedules that are good at the root's prices. */
MUST_CHECK enum err_code tree_refresh(struct tree *b, struct err *err);
/*
 * Lifts n's bound as far as the master does, or, if it is to be branched anyway, near that;
 * *dead: a unit can do nothing.
 */
MUST_CHECK enum err_code tree_relax(struct tree *b, struct node *n, bool near,
                                    bool *dead, struct err *err);

/* ---- branch_probe.c ----------------------------------------------------------------- */

/* Holds n, just relaxed, to what every schedule below the cutoff does. */
MUST_CHECK enum err_code tree_probe(struct tree *b, struct node *n, struct err *err);

#endif
