/*
 * rounding.c - the most violated cut that mixed-integer rounding makes of a row.
 *
 * Binaries u that exceed a threshold at the point are complemented, the row is divided by
 * d, the size of a coefficient of a fractional one or half of it, and rounded (Marchand
 * and Wolsey, Oper. Res. 49, 2001): from sum a_j x_j + s >= b over binaries and s >= 0,
 *
 *     sum_j F(a_j / d) x_j + s / (d f) >= ceil(b / d),
 *     F(v) = floor(v) + min(1, frac(v) / f),  f = frac(b / d).
 *
 * A thorough search divides by more parts, and complements one by one what is better so.
 *
 * Ends: u is y + sum v_k with binaries of which one is 1 at most, rounded as such where u is
 * not complemented; where it is, what is left are 1 - u and v_k with what they lose.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/parts.h"

/* Of a quick search, and of a thorough one. */
enum {
    QUICK_THRESHOLDS = 3,
    QUICK_PARTS = 2,
    PARTS = 9
};
static const double THRESHOLD[] = {0.5, 0.02, 0.98, 0.25, 0.75, 0.1, 0.9};
static const double LEAST_VIOLATION = 1e-3; /* distance of the point from the cut */
static const double LEAST_THOROUGH = 1e-5;

static double rounded(double v, double f)
{
    const double whole = floor(v + 1e-9);
    return whole + fmin(1, fmax(0, v - whole) / f);
}

/* Rounds the ends of j, whose u got `by`; returns what they add to the activity. */
static double round_ends(const struct rounding *r, int32_t j, bool complemented,
                         double by, double d, double f)
{
    double sum = 0;
    for (int k = 0; k < EXTRA_ENDS && r->of[k]; k++) {
        const double of = r->of[k][j];
        const double coef = of == r->a[j]  ? 0
                            : complemented ? rounded((of - r->a[j]) / d, f)
                                           : rounded(of / d, f) - by;
        r->trial_end[k][j] = coef;
        sum += coef * r->v[k][j];
    }
    return sum;
}

static bool is_flipped(const struct rounding *r, int32_t j, double threshold)
{
    return threshold < 0 ? r->flip[j] : r->u[j] >= threshold;
}

/*
 * One cut with divisor d; kept if it is the most violated. threshold < 0: what is
 * complemented is what flip says.
 */
static bool try_cut(struct rounding *r, double threshold, double d)
{
    double b = r->b;
    for (int32_t j = 0; j < r->n; j++)
        if (is_flipped(r, j, threshold))
            b -= r->a[j];
    const double beta = b / d, f = beta - floor(beta);
    if (f < 0.01 || f > 0.999)
        return false;
    double rhs = ceil(beta), activity = 0, norm = 0;
    for (int32_t j = 0; j < r->n; j++) {
        const bool flipped = is_flipped(r, j, threshold);
        double by = 0;
        if (r->a[j] != 0 && flipped) {
            by = -rounded(-r->a[j] / d, f);
            rhs += by;
        } else if (r->a[j] != 0) {
            by = rounded(r->a[j] / d, f);
        }
        r->trial[j] = by;
        activity += by * r->u[j] + round_ends(r, j, flipped, by, d, f);
        norm += by * by;
    }
    activity += r->s / (d * f);
    const double violation = norm > 0 ? (rhs - activity) / sqrt(norm) : 0;
    if (violation <= r->violation)
        return false;
    r->violation = violation;
    r->rhs = rhs * d;
    r->spread = 1 / f;
    r->divisor = d;
    r->threshold = threshold;
    for (int32_t j = 0; j < r->n; j++) {
        r->coef[j] = r->trial[j] * d;
        for (int k = 0; k < EXTRA_ENDS && r->of[k]; k++)
            r->coef_end[k][j] = r->trial_end[k][j] * d;
    }
    return true;
}

static bool is_mixed(const struct rounding *r, int32_t j)
{
    return r->u[j] >= 0.01 && r->u[j] <= 0.99;
}

/* From the best so far: one by one complemented the other way, where that is better. */
static void turn_over(struct rounding *r)
{
    const double d = r->divisor, threshold = r->threshold;
    for (int32_t j = 0; j < r->n; j++)
        r->flip[j] = r->u[j] >= threshold;
    for (int32_t j = 0; j < r->n; j++) {
        if (r->a[j] == 0)
            continue;
        r->flip[j] = !r->flip[j];
        if (!try_cut(r, -1, d))
            r->flip[j] = !r->flip[j];
    }
}

bool rounding_find(struct rounding *r)
{
    const size_t n_threshold =
        r->flip ? sizeof THRESHOLD / sizeof *THRESHOLD : QUICK_THRESHOLDS;
    const int32_t parts = r->flip ? PARTS : QUICK_PARTS;
    const double least = r->flip ? LEAST_THOROUGH : LEAST_VIOLATION;
    double last = 0;
    r->violation = least;
    for (int32_t j = 0; j < r->n; j++) {
        const double d = fabs(r->a[j]);
        if (!is_mixed(r, j) || d <= r->least || d == last)
            continue;
        last = d;
        for (size_t k = 0; k < n_threshold; k++)
            for (int32_t part = 1; part <= parts; part++)
                (void)try_cut(r, THRESHOLD[k], d / part);
    }
    if (r->flip && r->violation > least)
        turn_over(r);
    return r->violation > least;
}

/* ---- scratch, and the cut as a row ------------------------------------------------------- */

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for cuts");
}

enum err_code rounding_create(const struct fleet *f, bool thorough, struct rounding *r,
                              struct err *err)
{
    const size_t n = (size_t)f->n_unit;
    *r = (struct rounding){
        .n = f->n_unit, .room = mem_alloc((1 + EXTRA_ENDS) * 2 * n, sizeof *r->room)};
    if (!r->room || (thorough && !(r->flip = MEM_ARRAY(bool, n))))
        return no_memory(err);
    r->trial = r->room;
    r->coef = r->room + n;
    for (size_t k = 0; k < EXTRA_ENDS; k++) {
        r->trial_end[k] = r->room + (2 + 2 * k) * n;
        r->coef_end[k] = r->room + (3 + 2 * k) * n;
    }
    return ERR_OK;
}

void rounding_release(struct rounding *r)
{
    mem_free(r->room);
    mem_free(r->flip);
}

enum err_code rounding_keep(const struct rounding *r, struct fleet *f, int32_t t,
                            bool soft, int32_t short_row, struct err *err)
{
    const size_t n = (size_t)r->n;
    struct extra cut = {.kind = EXTRA_CUT,
                        .interval = t,
                        .outage = -1,
                        .rhs = r->rhs,
                        .spread = soft ? r->spread : 0,
                        .short_row = short_row,
                        .top_usd = (double)INFINITY,
                        .of = -1,
                        .on = MEM_ARRAY(double, n)};
    bool full = cut.on != NULL;
    for (int k = 0; k < EXTRA_ENDS && full && r->of[k]; k++)
        full = (cut.end[k] = MEM_ARRAY(double, n)) != NULL;
    if (!full) {
        mem_free(cut.on);
        for (int k = 0; k < EXTRA_ENDS; k++)
            mem_free(cut.end[k]);
        return no_memory(err);
    }
    memcpy(cut.on, r->coef, n * sizeof *cut.on);
    for (int k = 0; k < EXTRA_ENDS && r->of[k]; k++)
        memcpy(cut.end[k], r->coef_end[k], n * sizeof *cut.on);
    f->stats.n_cut++;
    return fleet_add_extra(f, &cut, err);
}
