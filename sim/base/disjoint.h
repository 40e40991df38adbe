/*
 * disjoint.h - things that are joined two by two fall into sets (union-find).
 *
 * The array is the caller's: parent[i] is i or something nearer to the root of the set of i,
 * and never greater than i, so that the root of a set is its least member whatever the order
 * of joining. The way to the root is halved as it is gone.
 *
 * Layer: sim/base.
 */
#ifndef SIM_BASE_DISJOINT_H
#define SIM_BASE_DISJOINT_H

#include <stdbool.h>
#include <stdint.h>

/* Everything alone: parent [n]. */
static inline void disjoint_begin(int32_t *parent, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        parent[i] = i;
}

static inline int32_t disjoint_root(int32_t *parent, int32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

/* True, and joined, when the sets of a and b were apart. */
static inline bool disjoint_join(int32_t *parent, int32_t a, int32_t b)
{
    int32_t one = disjoint_root(parent, a), other = disjoint_root(parent, b);
    if (one == other)
        return false;
    parent[one > other ? one : other] = one < other ? one : other;
    return true;
}

#endif
