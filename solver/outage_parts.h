/*
 * outage_parts.h - what the files behind outage.h share.
 *
 * Layer: solver.
 */
#ifndef SOLVER_OUTAGE_PARTS_H
#define SOLVER_OUTAGE_PARTS_H

#include "solver/outage.h"
#include "solver/sparse.h"

/* Who replaces lost power in an island. */
struct takers {
    int32_t *island; /* [n_injection] where it takes part, -1 = nowhere */
    double *weight;  /* [n_injection] its MW in that island per MW of its power */
    double *total;   /* [n_island] sum of participation */
};

struct outage_screen {
    const struct dispatch_problem *p;
    const struct dispatch_outages *o;
    const struct network_data *d;

    /* The network matrix: one row per node, but for one in each island. */
    int32_t n_row;
    int32_t *row; /* [n_bus] -1 = the node without a row */
    struct sparse_factor *factor;
    size_t *place; /* [n_bus] where its row begins in what sparse_differences finds */

    uint8_t *kind;        /* [n_outage] enum outage_kind */
    int32_t *n_cut_off;   /* [n_outage] buses */
    double *load_cut_off; /* [n_outage] MW */
    struct takers takers;

    /*
     * Outages of one branch that is no tie are *plain*: own = 1 - PTDF_k(k). The others
     * have own = 0.
     */
    double *own;
    double *reach; /* [n_outage] no lodf or gift on a limited branch exceeds it */
    /* Looked at when flows had drifted by seen_at; room there was left, see outage_find. */
    double *seen_at, *spare; /* [n_outage] */
    double drift; /* sum over calls of the largest change of a flow or power */
    double *last_flow, *last_power; /* of the last call; NULL before it */

    /* Plain outages that are screened, limited branches that are no ties. */
    int32_t n_plain, n_line;
    int32_t *plain, *line;
    double **kept_row;    /* [n_branch] lodf [n_plain] of a branch, NULL = not kept */
    double **kept_column; /* [n_plain] lodf [n_line] of an outage, NULL = not kept */
    size_t n_kept;        /* numbers in them */

    int32_t n_limited;
    int32_t *limited; /* [n_limited] branches with a limit after outages */
};

/* The branches and injections that an outage takes out. */
static inline int32_t outage_n_branch(const struct outage_screen *s, int32_t k)
{
    return s->o->branch_start[k + 1] - s->o->branch_start[k];
}

static inline int32_t outage_n_injection(const struct outage_screen *s, int32_t k)
{
    return s->o->injection_start[k + 1] - s->o->injection_start[k];
}

static inline bool outage_is_plain(const struct outage_screen *s, int32_t k)
{
    return outage_n_branch(s, k) == 1 && outage_n_injection(s, k) == 0 &&
           !network_is_bus_tie(s->d, s->o->branch[s->o->branch_start[k]]);
}

/* outage_graph.c: kind, n_cut_off, load_cut_off of every outage. */
MUST_CHECK enum err_code outage_find_islanding(struct outage_screen *s,
                                               struct err *err);

/* outage_reach.c: reach of every outage of one branch; infinite for others. */
MUST_CHECK enum err_code outage_find_reach(struct outage_screen *s, struct err *err);

/* outage_plain.c: a lodf that searches have kept; false where they have not. */
bool outage_kept_lodf(const struct outage_screen *s, int32_t outage, int32_t branch,
                      double *lodf);

/*
 * Flows on all branches per MW of what the outage loses: effect[e * n_branch + l] is
 * lodf_lm for its branches e, then sum over m of lodf_lm gift_mg + gift_lg for its
 * injections.
 */
MUST_CHECK enum err_code outage_effect(struct outage_screen *s, int32_t outage,
                                       double *effect, struct err *err);

#endif
