/*
 * explain_change_parts.h - the small LP behind "one more MW": its columns are steps of
 * what is sold and bought, its rows what those steps may not break. explain_change_rows.c
 * lists both; explain_change.c solves. Nobody else includes it.
 *
 * Layer: sim/explain.
 */
#ifndef SIM_EXPLAIN_EXPLAIN_CHANGE_PARTS_H
#define SIM_EXPLAIN_EXPLAIN_CHANGE_PARTS_H

#include "sim/explain/explain_change.h"
#include "solver/lp.h"

/* MW of room, or of a step, that counts as none. */
#define EXPLAIN_TIGHT_MW 1e-6

/* A piece that may be taken further (+1) or given back (-1), or a column of another kind. */
struct explain_step {
    int32_t interval, owner; /* owner -1: see kind */
    enum step_kind {
        STEP_PIECE,
        STEP_SHORTAGE,
        STEP_SURPLUS,
        STEP_RELAX,
        STEP_ENERGY
    } kind;
    int sign;
    double width, usd_per_mwh; /* usd of a MW for an hour */
    bool charges, is_energy;
};

struct explain_rows {
    size_t n, room, n_entry, room_entry;
    double *lo, *up;
    int64_t *start; /* [n + 1] */
    int32_t *col;
    double *value;
};

struct explain_problem {
    const struct explain_run *x;
    enum explain_mode mode;
    int32_t t, first, end; /* the interval asked about; the day */
    int32_t node;
    double mw;
    struct explain_step *step;
    size_t n_step, room_step;
    size_t *first_step; /* [(end - first) * n_owner + 1] of owner's pieces */
    struct explain_rows rows;
    double *factor; /* [n_bus] scratch */
    double *change; /* [n_bus] scratch */
    bool *has_row;  /* [(end - first) * n_branch] of flows as they are */
    bool no_memory;
    size_t n_sent; /* rows that the LP has */
    struct lp *lp;
    double *value; /* [n_step] the answer */
};

/* The pieces of an owner in interval s: steps from begin to before end. */
size_t explain_steps_begin(const struct explain_problem *p, int32_t s, int32_t owner);
size_t explain_steps_end(const struct explain_problem *p, int32_t s, int32_t owner);

/*
 * A row that keeps sign x flow within room, MW. p->factor holds the flow's factors by bus;
 * the load asked about acts on it as the owners do. shadow > 0, USD/MWh: the price of a
 * limit that may be broken further at that price.
 */
void explain_flow_row(struct explain_problem *p, int32_t s, double sign, double room,
                      double shadow);

/* All steps, and the rows of everything that is tight before the step is taken. */
enum err_code explain_change_rows(struct explain_problem *p, struct err *err);

#endif
