/*
 * commitment_parts.h - a day being committed, private to commitment*.c.
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_COMMITMENT_PARTS_H
#define SIM_CLEAR_COMMITMENT_PARTS_H

#include "sim/clear/commitment.h"
#include "solver/commit/commit.h"

struct commitment {
    const struct market *m;
    const struct admission *a;
    struct formulation *f;
    struct outcome *o;
    struct arena arena; /* owns all that follows */
    struct commit_problem p;
    struct commit_unit *unit;    /* [p.n_unit] those that are committed, then stores */
    int32_t n_committed;         /* of them */
    int32_t *resource;           /* [p.n_unit] */
    int32_t *unit_of;            /* [n_resource], -1 = not committed on this day */
    struct commit_curve *curve;  /* [unit][interval], then [configuration][interval] */
    int32_t first_plant_curve;   /* of those of configurations */
    uint8_t *status;             /* [unit][interval] enum commit_status */
    double *held_mw;             /* [interval][injection] of step 1 */
    int32_t *required;           /* [p.n_requirement] region x SERVICES + service */
    struct commit_answer answer; /* of step 2, of the market itself only */
    /*
     * Residual commitment (ruc.h): hours in which resources are on already, and what such
     * an hour costs at Pmin; [interval][n_resource], NULL in the market itself. Generators
     * without terms that stand at several buses are units then, on as they bid.
     */
    const uint8_t *kept_on;
    const int32_t
        *kept_configuration; /* likewise, of plants: this one or a higher one */
    const double *kept_usd_per_h;
};

enum err_code commitment_no_memory(struct err *err);
/* Segments of injection i in hour t of the day. */
const struct dispatch_segment *commitment_pieces(const struct commitment *w, int32_t i,
                                                 int32_t t, int32_t *n);
/* Makes the lower range of services, (2) of services.h, begin where units now do. */
void commitment_move_range(struct commitment *w);

/* commitment_units.c: units, their status, offers, and what they have been doing. */
MUST_CHECK enum err_code commitment_list_units(struct commitment *w, struct err *err);
/*
 * The offer in the range of configuration c, in market.configuration, or where c < 0 of the
 * resource, in hour t. What is not offered costs more than any shortage.
 */
MUST_CHECK enum err_code commitment_curve(struct commitment *w, int32_t r, int32_t c,
                                          int32_t t, struct commit_curve *out,
                                          struct err *err);

/* commitment_plants.c: configurations of unit g, a plant, which is otherwise complete. */
MUST_CHECK enum err_code commitment_list_configurations(struct commitment *w, int32_t g,
                                                        struct err *err);

/* commitment_units.c: whether there is anything that the unit, or store, can do that day. */
MUST_CHECK enum err_code commitment_has_schedule(struct commitment *w,
                                                 const struct commit_unit *unit,
                                                 bool *has, struct err *err);

/*
 * commitment_stores.c: stores that are no part of what is held, behind the units. Held is a
 * store that offers services, must move in some hour, cannot keep its limits of energy, or has
 * ramps within which it may not be able to rest, or that hours without a bid lift; so are all in residual commitment and in
 * real time.
 */
MUST_CHECK enum err_code commitment_list_stores(struct commitment *w, struct err *err);

/* commitment_rest.c: everything else, after step 1, or as known_mw has it, unless NULL. */
MUST_CHECK enum err_code commitment_list_rest(struct commitment *w,
                                              const double *known_mw, struct err *err);
/* Network and penalties of the commitment problem: those of the formulated day. */
void commitment_place(struct commitment *w);
/* commitment.c: step 3, the formulated day follows. */
void commitment_follow(struct commitment *w, const struct commit_answer *answer);

#endif
