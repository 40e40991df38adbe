/*
 * concave.h - concave piecewise-linear functions of one variable, and one step in time.
 *
 * f has the domain [lo, end[n-1]], or the point lo where n = 0. f(lo) = at_lo, and
 * segment i, from end[i-1] (or lo) to end[i], has slope[i]; slopes never rise.
 * A function that is only a term of others may reach further than it is used: the end of
 * its last segment may be INFINITY.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_CONCAVE_H
#define SOLVER_COMMIT_CONCAVE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"

struct concave {
    double lo, at_lo;
    double top, top_at; /* greatest value, and where, leftmost; see concave_find_top */
    int32_t n, room;
    double *end, *slope; /* [room] owned, [n] valid; strictly ascending ends */
};

/* Makes room for n segments. */
MUST_CHECK enum err_code concave_reserve(struct concave *f, int32_t n, struct err *err);
void concave_release(struct concave *f);

/* Sets top and top_at over the part of the domain up to hi. */
void concave_find_top(struct concave *f, double hi);

/* What happens between two intervals. */
struct concave_move {
    double up, down; /* >= 0, finite: how far a variable may rise or fall */
    double bonus;    /* >= 0: added is bonus x min(cap, x' + up) of the first x' */
    double cap;
    double hi;        /* of the second x: lo(gain) <= x <= hi, or else there is none */
    double tolerance; /* domains that miss that by no more are moved into it */
    double too_short; /* segments no longer than this are left out */
    double rise_usd, fall_usd; /* >= 0: a rise or fall costs this per unit */
};

/* The best x' of any x: x clamped to [lo, hi], and that to [x - up, x + down]. */
struct concave_best {
    double lo, hi;
};

/*
 * out(x) = gain(x) + max { v(x') + bonus min(cap, x' + up) - change(x - x')
 *                          : x - up <= x' <= x + down }
 * on as much of [lo, hi] as is reachable, with its top; change(d) is rise_usd d or, of
 * d < 0, -fall_usd d. gain is defined on [lo, hi], lo >= 0. window and out are other functions than
 * v and gain, with room for n(v) + 3 and n(v) + n(gain) + 3 segments. False: nothing in
 * [lo, hi] is reachable.
 */
bool concave_move(const struct concave *v, const struct concave *gain,
                  const struct concave_move *move, struct concave *window,
                  struct concave *out, struct concave_best *best);

/*
 * Whether b(x) + lead >= a(x) everywhere on the domain of a, b being taken to fall by no
 * more than `fall` per unit, from wherever that is better to beyond its domain.
 */
bool concave_covers(const struct concave *b, double lead, const struct concave *a,
                    double fall);

#endif
