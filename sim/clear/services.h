/*
 * services.h - ancillary services as part of a day's dispatch problem, and back.
 *
 * In hour t, region r, of required MW Q, awards a_gp of resource g for product p in the
 * order RU, SR, NR, and P_g its energy award:
 *
 *     required   sum_{g in r} sum_{q <= p} a_gq + short_rp >= sum_{q <= p} Q_rq      (1)
 *                sum_{g in r} a_g,RD + short_r,RD          >= Q_r,RD
 *                only where Q_rp > 0
 *     range      P_g + a_g,RU + a_g,SR + a_g,NR <= top of its energy bid             (2)
 *                P_g - a_g,RD                   >= bottom of what it runs at
 *     ramp       a_g,RU + a_g,SR + a_g,NR <= ramp rate x as_deployment              (3)
 *     stored     e_gt >= min + (reg_h a_RU + res_h (a_SR + a_NR)) / eta_d           (4)
 *                e_gt <= max - reg_h eta_c a_RD
 *
 * (3) is in the width of each award too (rule E08). The hourly ramp of energy and (3) are
 * separate limits. What is short costs the penalty of the scheduling run there, and the
 * steps of the scarcity curve in the pricing run. With rho_rp >= 0 the shadow price of (1),
 *
 *     price_gp = sum over regions r of g, products q >= p, of rho_rq                (5)
 *     price_g,RD = sum over regions r of g of rho_r,RD
 *
 * so that RU >= SR >= NR. A resource is paid (5), which covers its offer and what it
 * forgoes in energy: the optimum has P_g and a_gp in one problem.
 *
 * | here                          | in solver/dispatch.h                          |
 * |-------------------------------|-----------------------------------------------|
 * | award of a bidder             | injection without buses                       |
 * | Q_rp                          | base of an injection that grows               |
 * | short_rp                      | injection, segments: steps of the curve       |
 * | (1) - (4)                     | groups; (2) - (4) at a penalty that never pays |
 *
 * Layer: sim/clear.
 */
#ifndef SIM_CLEAR_SERVICES_H
#define SIM_CLEAR_SERVICES_H

#include "sim/admit/admit.h"
#include "sim/clear/outcome.h"
#include "solver/dispatch.h"

enum service_limit_kind {
    SERVICE_REQUIRED, /* index = region x SERVICES + service */
    SERVICE_RANGE,    /* index = resource, upper or lower */
    SERVICE_RAMP,     /* index = resource */
    SERVICE_STORED,   /* index = resource, upper or lower */
};

struct service_limit {
    enum service_limit_kind kind;
    int32_t index;
    bool upper;
};

/* Where services stand in a problem: first injections, and what its groups mean. */
struct services {
    int32_t first_award;    /* [n_service_bidder] */
    int32_t first_required; /* [n_service_region][SERVICES] */
    int32_t first_short;    /* likewise */
    int32_t first_group, n_group;
    struct service_limit *limit; /* [n_group] */
};

/* Groups of a problem being written; arrays have room for what was asked for. */
struct group_list {
    int32_t n, n_member, room, n_interval;
    int32_t *start, *member, *store;
    double *coef, *energy_coef, *penalty;
    double *most; /* [n_interval][room] until group_list_close */
};
/* Room for so many groups and members, in the arena. */
MUST_CHECK enum err_code group_list_open(struct group_list *g, struct arena *arena,
                                         int32_t room, int64_t room_member,
                                         int32_t n_interval, struct err *err);
/* Begins a group without members or limits. */
int32_t group_list_add(struct group_list *g);
void group_list_join(struct group_list *g, int32_t injection, double coef);
void group_list_close(struct group_list *g, struct dispatch_problem *p);

/* How many injections come after those of energy; sets their places in *s. */
int32_t services_place(const struct market *m, int32_t n_energy, struct services *s);
/* Most segments of an interval. */
int64_t services_segments(const struct market *m);
/* Most groups, and members in them. */
int32_t services_groups(const struct market *m);
int64_t services_members(const struct market *m);

/* Base and segments of injection i in an interval of the market; returns how many. */
int32_t services_fill(const struct market *m, const struct admission *a,
                      const struct services *s, int32_t interval, int32_t i,
                      double *base_mw, struct dispatch_segment *seg);
/*
 * Adds (1) to (4). base_mw [n_interval][n_injection] of the problem; store_of [n_resource]
 * its store, -1 = none.
 */
MUST_CHECK enum err_code
services_limit(const struct market *m, const struct admission *a,
               int32_t first_interval, const struct dispatch_problem *p,
               const int32_t *store_of, struct arena *arena, struct services *s,
               struct group_list *g, struct err *err);

/* service_awards.c: a day's answer into the outcome. */

/* Awards, prices (5), what is short, and what cannot be had as relaxations. */
MUST_CHECK enum err_code
services_record(const struct market *m, const struct services *s,
                const struct dispatch_problem *p, const struct dispatch_answer *a,
                int32_t first_interval, struct outcome *o, struct err *err);
/*
 * (5): what a shadow price of a requirement adds in one hour to price, by region and
 * service, and to bidder_price, by bidder.
 */
void services_add_price(const struct market *m, int32_t region, enum service required,
                        double shadow, double *price, double *bidder_price);
/* A group row of the solver as a limit of the market. */
struct outcome_row services_row(const struct services *s,
                                const struct dispatch_problem *p,
                                const struct dispatch_row *row);
/* Cost of the awards as offered, penalties included, over the day. */
double services_cost_usd(const struct services *s, const struct dispatch_problem *p,
                         const struct dispatch_answer *a);
/* What a requirement counts, in words and in letters: "RU+SR". */
const char *services_counted(enum service service);
const char *services_sum(enum service service);

#endif
