/*
 * outage_search.h - one search for broken limits while it runs; shared by
 * outage_screen.c and outage_plain.c only.
 *
 * Layer: solver.
 */
#ifndef SOLVER_OUTAGE_SEARCH_H
#define SOLVER_OUTAGE_SEARCH_H

#include "solver/outage_parts.h"

/* A broken limit of a branch in an interval. */
struct broken {
    double over_mw; /* 0 = none */
    int32_t outage;
    bool minimum;
};

/* A branch or an outage with the number it is sorted by. */
struct ranked {
    double key;
    int32_t index;
};

struct search {
    struct outage_screen *s;
    const double *flow, *power;
    const struct outage_known *known;
    int32_t n_t;

    int32_t per_branch;
    int32_t *slot;         /* [n_t * n_branch] into broken, -1 = none */
    struct broken *broken; /* [n_slot * per_branch] worst first */
    int32_t n_slot, room_slot;
    bool out_of_memory;

    struct ranked *branch; /* [n_limited] room before the outage, least first */
    double *room;          /* [n_branch] of limited ones */
    double *line_room;     /* [n_line] the same in the order of s->line */
    int32_t *rank_of;      /* [n_branch] place of limited ones in branch */
    struct ranked
        *outage; /* [n_outage] plain ones that are due: reach x lost flow, most
                              first */
    int32_t n_outage;
    int32_t n_row; /* branches looked at by row: the first ones */

    /* Of plain outages, in the order of s->plain. */
    bool *due;
    double *lost;        /* largest flow that it loses; 0 where it is not due */
    double *plain_spare; /* room found so far */
};

static inline double search_flow(const struct search *x, int32_t t, int32_t l)
{
    return x->flow[(size_t)t * (size_t)x->s->d->n_branch + (size_t)l];
}

/*
 * Room that branch l has in interval t if its flow were `after` outage k, with the
 * tolerance; a broken limit that is not known is remembered.
 */
double search_look(struct search *x, int32_t t, int32_t k, int32_t l, double after);

/* outage_plain.c: all outages of one branch that are due. */
MUST_CHECK enum err_code search_plain(struct search *x, struct err *err);

#endif
