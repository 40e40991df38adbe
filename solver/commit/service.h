/*
 * service.h - units whose services share ramps over two intervals: the published rows of
 * Egret as one integer program.
 *
 * x is power above minimum, X = max - min, u on, v starts, w stops, q regulates, r reserve,
 * ru rd sp nn su fu fd the services in the order of enum commit_service_product; su is held
 * while on, sn while off, both being the supplemental product. m_k are minutes of an
 * interval over minutes in which the service must be there (5 for regulation, 10 for spin,
 * 30 for supplemental, 20 for flexible ramps):
 *
 *     band         x + r + fu + ru + sp + su <= X u - (max - high) q              (1)
 *                  x - fd - rd >= d u + (low - min - d) q                         (2)
 *     regulation   ru <= regulation_up q, rd <= regulation_down q, q <= u         (3)
 *     together     ru + sp <= spin u; ru + sp + su <= supplemental u              (4)
 *     flexible     fu <= flex_up u, fd <= flex_down u                             (5)
 *     off          nn <= non_spin_off (1 - u), sn + nn <= supplemental_off (1 - u) (6)
 *     ramp up      x_t + r_t - x_{t-1} + m_f fu_t                                 (7)
 *                  + sum over k = ru, sp, su of m_k (k_t + k_{t-1}) / 2
 *                  <= ramp_up u_t + (start_max - min - ramp_up) v_t - d_{t-1} w_t
 *     ramp down    x_{t-1} - x_t + m_r (rd_t + rd_{t-1}) / 2 + m_f fd_t           (8)
 *                  <= ramp_down u_{t-1} + (stop_max - min - ramp_down) w_t - d_t v_t
 *
 * Where limits are by interval, max is most, and d = least - min, else 0.
 *
 * In the first interval services of the one before are not known: those of the first count
 * in full. (1), (7) and (8) hold as well when the unit is off, and bar what would be left of
 * services in the last interval of a run. Beside them stand (2)-(5), (9) and (11) of commit.h, r
 * being the only reserve of (5).
 *
 * What does not fit a dynamic program over the power of one unit - ramps that depend on the
 * services of the interval before - is left to branch and cut in GLPK. Its bound is that of
 * floating-point linear programs, not an evaluated Lagrangian. The dispatch is solved again
 * with u and q fixed, which gives the prices, and certified.
 *
 * Layer: solver/commit.
 */
#ifndef SOLVER_COMMIT_SERVICE_H
#define SOLVER_COMMIT_SERVICE_H

#include "solver/commit/commit.h"
#include "solver/commit/commit_certificate.h"
#include "solver/lp.h"

/* Minutes in which a product must be there; 0 = its ramps are those of power. */
extern const double service_minutes[SERVICE_PRODUCTS];

/* Columns of a unit in an interval; categories of starts and segments follow. */
enum service_column {
    UNIT_ON,
    UNIT_START,
    UNIT_STOP,
    UNIT_REGULATES,
    UNIT_POWER, /* above minimum */
    UNIT_HELD,  /* SERVICE_PRODUCTS of them; supplemental is that while on */
    UNIT_OFF_SUPPLEMENTAL = UNIT_HELD + SERVICE_PRODUCTS,
    UNIT_COLUMNS
};

/* A program that is being written. Release it. */
struct service_program {
    const struct commit_problem *p;
    struct lp *lp;
    int32_t *width, *first; /* [n_unit] columns of the unit in an interval; its first */
    int32_t other, shortage, surplus, shortfall, overload, over; /* first columns */
    int32_t n_column;
    double *cost, *lo, *up;      /* [n_column] */
    int32_t n_integer, *integer; /* [n_integer] columns */

    int32_t n_row, room_row;
    int64_t n_entry, room_entry;
    int64_t *start; /* [n_row + 1] */
    double *row_lo, *row_up;
    int32_t *col;
    double *value;
    bool out_of_memory;

    /* First rows: [n_interval], then [n_interval][n_requirement], [n_interval][n_flow], and
       [n_interval][n_limit][least, most] of (11). */
    int32_t balance, requirement, flow, sum;
    int32_t n_flow, *limited; /* [n_flow] branches that have a limit */
    double
        *factor; /* [n_flow + n_limit][n_bus] of the flow, or of the weighted flows of
                       (11), for 1 MW at a bus */
    double *still_mw; /* [n_flow + n_limit] of phase shifts alone */
};

static inline int32_t service_at(const struct service_program *s, int32_t t, int32_t g,
                                 int32_t column)
{
    return s->first[g] + t * s->width[g] + column;
}

MUST_CHECK enum err_code service_program_create(const struct commit_problem *p,
                                                struct service_program *out,
                                                struct err *err);
void service_program_release(struct service_program *s);
/* One entry of the row under way, and the end of it. */
void service_entry(struct service_program *s, int32_t col, double value);
void service_row(struct service_program *s, double lo, double up);

/* As commit_solve, of a problem with services. */
MUST_CHECK enum err_code service_solve(const struct commit_problem *p,
                                       const struct commit_options *o,
                                       struct commit_answer *out, struct err *err);

/* service_certificate.c: by how much (1)-(8) of unit g are broken in interval t, and which. */
double service_violation(const struct commit_problem *p, const struct commit_answer *a,
                         int32_t t, int32_t g, const char **rule);

#endif
