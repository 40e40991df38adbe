/*
 * commit_case.h - an instance of unit commitment as somebody published it: the problem as
 * the solver takes it, and the names of everything in it.
 *
 * Lists are sorted by name as people read names (natural.h), so that the order of a file
 * never shows in an answer. Money is in the file's own unit, taken as USD.
 *
 * Layer: sim/model.
 */
#ifndef SIM_MODEL_COMMIT_CASE_H
#define SIM_MODEL_COMMIT_CASE_H

#include "sim/base/arena.h"
#include "sim/base/err.h"
#include "solver/commit/commit.h"

enum commit_format {
    COMMIT_PGLIB_UC,
    COMMIT_UNITCOMMITMENT_JL,
    COMMIT_EGRET,
};

struct commit_case {
    struct arena arena; /* owns everything but the factorised network */
    enum commit_format format;
    struct commit_problem problem; /* .net is NULL until commit_case_connect() */
    const char **unit_id;          /* [n_unit] */
    const char **other_id;         /* [n_other] */
    const char **requirement_id;   /* [n_requirement] */
    const char **limit_id;         /* [n_limit] */
    int32_t n_product;
    const char **product_id; /* [n_product] */

    bool has_network; /* some branch has a limit; what follows may be there without */
    struct network_data network;
    const char **bus_id;    /* [network.n_bus] */
    const char **branch_id; /* [network.n_branch] */
    const char **outage_id; /* [problem.outages->n_outage] */
};

/* How many of its units are stores. */
int32_t commit_case_stores(const struct commit_case *c);
const char *commit_format_name(enum commit_format format);

/* Factorises the network, if there is one. May be called once. ERR_NUMERIC, ERR_NOMEM. */
MUST_CHECK enum err_code commit_case_connect(struct commit_case *c, struct err *err);
void commit_case_release(struct commit_case *c);

#endif
