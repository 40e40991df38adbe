/*
 * store_value.h - piecewise linear functions of the energy that a store keeps.
 *
 * A function is a row of lines by energy. They may leave energies out, and need not be
 * concave: a least rate leaves gaps and dents. Where two lines meet the function is the
 * greater; a line without length is a value at one energy.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_STORE_VALUE_H
#define SOLVER_COMMIT_STORE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

struct store_line {
    double at_mwh, usd; /* where it begins, and its value there */
    double slope, mwh;  /* per MWh; length */
};

struct store_lines {
    struct store_line *at; /* [room] owned, [n] valid */
    int32_t n, room;
    double little_mwh; /* lines no longer are left out beside others */
};

void store_lines_release(struct store_lines *x);
/* Room for so many more; false = there is no memory. */
bool store_lines_room(struct store_lines *x, int32_t more);
/* Puts a line that begins where the last one ends, or later, behind it. There is room. */
void store_lines_put(struct store_lines *x, struct store_line line);

/*
 * What x is between least and most, or at its end where it misses them by no more than
 * `missed`; nothing is left where it misses them by more.
 */
void store_lines_cut(struct store_lines *x, double least, double most, double missed);

/*
 * The greater of two functions, behind what there is in out; false = there is no memory. Neither
 * is in out.
 */
bool store_lines_greater(const struct store_lines *x, const struct store_lines *y,
                         struct store_lines *out);

/* How many lines from the first one on are one concave function without a gap. */
int32_t store_lines_concave(const struct store_line *line, int32_t n,
                            double little_mwh);

#endif
