/*
 * charge_inputs.h - what a charge is made of: values of tables of the run file at its interval
 * and resource, position, node, utility area or service, and what other codes come to in its
 * hour.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_CHARGE_INPUTS_H
#define SIM_APP_CHARGE_INPUTS_H

#include <stdio.h>

#include "results/run_read.h"
#include "sim/app/statement_read.h"

enum {
    CHARGE_INPUTS = 16,
    CHARGE_INPUT_PATH = 96
};

/* What the values of a table are counted by, beside the interval. */
enum charge_of {
    OF_INTERVAL,
    OF_RESOURCE,
    OF_POSITION,
    OF_NODE,
    OF_AREA,
    OF_OFFER,      /* of a service: the resource's, of the code's product */
    OF_REQUIREMENT /* the system's, of the code's product */
};

/* A table that a code is made of, and what its dimensions are; or another code. */
struct charge_input {
    char path[CHARGE_INPUT_PATH];
    const char *unit;
    const double *value; /* NULL: a code, or a table that has no value per interval */
    size_t n_t, n_other;
    const int64_t *start_min; /* [n_t] */
    enum charge_of of;
    int32_t code;      /* 0 = a table */
    const double *usd; /* [n_interval] of a code, over everybody */
};

/* Everything is in the arena, or borrowed. */
struct charge_inputs {
    const struct run_read *rd;
    const struct statements *s;
    struct arena *arena;
    int32_t code, version;
    const int64_t *hour_start_min; /* [n_interval] */
    const int32_t *resource_node, *position_node;
    const uint8_t *resource_type;
    const int32_t *node_area; /* [n_node] utility areas; NULL = the system is one */
    size_t n_node;
    const int32_t *area_sc; /* [n_area] who answers for a subsystem, -1 = nobody */
    size_t n_area;
    const int32_t *offer_resource; /* [n_offer] */
    const uint8_t *offer_product;
    size_t n_offer;
    const uint8_t *need_product; /* [n_need] requirements of services */
    const char **need_region;
    size_t n_need;
    struct charge_input input[CHARGE_INPUTS];
    int n_input;
    double
        *all_mwh; /* [n_interval] the code's quantities of everybody, NULL: not told */
};

/* *in begins as {.rd, .s, .arena, .code, .version}, s with its detail. names: tables and codes
 * apart by blanks; by_shares: the code is divided, so that the whole is told beside a share. */
MUST_CHECK enum err_code charge_inputs_read(struct charge_inputs *in, const char *names,
                                            bool by_shares, struct err *err);
/* What interval line i is made of, on a line of its own; nothing if of nothing that is told.
 * Of a recalculation, what codes come to is its difference, and meters are not told: tables
 * are those of the first statements. */
void charge_inputs_print(const struct charge_inputs *in, size_t i, FILE *out);

#endif
