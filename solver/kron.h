/*
 * kron.h - a network with its simple nodes eliminated (Kron reduction).
 *
 * Of B' theta = q (network.h) some nodes e are eliminated one after another:
 *
 *     theta_e = q_e / d_e + sum_u m_eu theta_u,    m_eu = -b_eu / d_e            (1)
 *     b_uv   += m_eu b_ev,    q_u += m_eu q_e      u, v neighbours of e          (2)
 *
 * with d_e = b_ee. What is left is a smaller network of the same kind: K theta = q over
 * the kept nodes. Nodes with few neighbours go, cheapest first, so that what is left is
 * about as sparse as before; leaves and nodes in a chain cost nothing at all.
 *
 * By (1) and (2) both an injection and a difference of angles over any nodes become one
 * over kept nodes by the same steps: a weight w at an eliminated node moves to its
 * neighbours as m_eu w, and w is what the node itself has to do with it, see below.
 *
 * Layer: solver.
 */
#ifndef SOLVER_KRON_H
#define SOLVER_KRON_H

#include <stdint.h>

#include "sim/base/err.h"
#include "solver/network.h"

struct kron;

/* A weight at a node: kept nodes count from 0, eliminated ones from kron_n_kept on. */
struct kron_weight {
    int32_t node;
    double weight;
};

enum {
    KRON_MOST =
        14 /* neighbours; from 20 on hardly a node is left, and they all touch */
};

/*
 * A node goes if it has at most so many neighbours by then: most, or most_costly where
 * costly[n] of its bus n (n_bus of them) says that many columns stand there; neither is
 * more than KRON_MOST. net must outlive the reduction.
 */
MUST_CHECK enum err_code kron_create(const struct network *net, const int32_t *costly,
                                     int32_t most, int32_t most_costly,
                                     struct kron **out, struct err *err);
void kron_destroy(struct kron *k);

int32_t kron_n_kept(const struct kron *k);
int32_t kron_n_node(const struct kron *k);            /* kept and eliminated */
int32_t kron_bus(const struct kron *k, int32_t kept); /* one of its buses */
/* d_e of an eliminated node, the diagonal of K of a kept one. */
double kron_pivot(const struct kron *k, int32_t node);
/* Row of K: returns how many entries; *node and *value are the reduction's own. */
int32_t kron_row(const struct kron *k, int32_t kept, const int32_t **node,
                 const double **value);
/*
 * Moves n weights at buses to kept nodes. *out, the reduction's own until the next call,
 * holds every node that a weight came to: eliminated ones with the weight that passed
 * through, kept ones with what arrived. Returns how many.
 *
 * For two vectors p, w over buses, p' B'^-1 w is sum over eliminated nodes of
 * passed(p) passed(w) / d + arrived(p)' K^-1 arrived(w).
 */
int32_t kron_project(struct kron *k, int32_t n, const int32_t *bus,
                     const double *weight, const struct kron_weight **out);

#endif
