/*
 * charging.h - one interval on its way through the charge codes: its lines, and who has a
 * share in what is divided among demand.
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_CHARGING_H
#define SIM_SETTLE_CHARGING_H

#include "sim/settle/settle.h"
#include "sim/settle/statement.h"

enum {
    CHARGING_NODE_LOADS = 1 + RT_QUARTERS + RT_FIVES
};

struct charging {
    const struct market *m;
    const struct admission *a;
    const struct outcome *o;
    const struct ruc_outcome *ruc;             /* NULL = no residual commitment */
    double *by_sc;                             /* [n_sc] scratch */
    const struct rt_outcome *rt;               /* NULL = no real time */
    const struct metering *meter;              /* where there is */
    const struct mitigation_tables *mitigated; /* day-ahead; NULL = none */
    int32_t interval;
    const double *award_mw, *virtual_award_mw, *lmp; /* of the interval */
    double total_share_mwh; /* (4) of README.md; 0 = nobody has one */
    bool demand_shares;     /* shares are scheduled demand, else awards */
    double *measured_mwh;   /* [n_resource] measured demand of the hour, by meters */
    double total_measured_mwh;
    double
        *node_load_mwh; /* [n_node][CHARGING_NODE_LOADS] scratch of charge_real_time */
    struct settlement *s;
    struct err *err;
};

/* Points *w at an interval and finds the shares (4) of README.md. */
void charging_begin(struct charging *w, int32_t interval);
/* Appends a line; zero amounts make none. */
MUST_CHECK enum err_code charging_add(struct charging *w,
                                      struct settle_interval_line line);

struct settle_interval_line charging_of_resource(const struct charging *w, int code,
                                                 int32_t r);
struct settle_interval_line charging_of_position(const struct charging *w, int code,
                                                 int32_t p);

/* Whose demand pays for services: measured where there are meters, else (4). */
double charging_demand_mwh(const struct charging *w, int32_t r, double *total_mwh);
double charging_award_mwh(const struct charging *w, int32_t r);

/* A fee on its way to the ISO's account: {.code = CHARGE_4560} to begin with. */
struct fee {
    int code;
    double quantity, price_usd;
    struct money_sum sum;
};
/* Appends a line of a fee; with the last one close it: the ISO gets what others pay. */
MUST_CHECK enum err_code
charging_fee(struct charging *w, struct settle_interval_line line, struct fee *fee);
MUST_CHECK enum err_code charging_fee_close(struct charging *w, const struct fee *fee);

/*
 * Divides usd by shares under a code; to the ISO where nobody has one. amount_usd is the
 * formula of the code: of usd, a share and all shares.
 */
MUST_CHECK enum err_code
charging_divide(struct charging *w, int code, double usd,
                double (*amount_usd)(double usd, double share_mwh, double total_mwh));

/* The same by measured demand. */
MUST_CHECK enum err_code charging_divide_measured(
    struct charging *w, int code, double usd,
    double (*amount_usd)(double usd, double share_mwh, double total_mwh));

/* charge_real_time.c: (18) to (26). Nothing where there is no real time. */
MUST_CHECK enum err_code charge_real_time(struct charging *w);
/* charge_ties.c: (39), (40). Nothing where there is no real time. */
MUST_CHECK enum err_code charge_ties(struct charging *w);
/* charge_fees.c: (41) for a day, (42) for an hour. */
MUST_CHECK enum err_code charge_coordinators(struct charging *w, int32_t day);
MUST_CHECK enum err_code charge_regulator(struct charging *w);
/* charge_recovery.c: (28) to (31), for a day whose hours are charged. */
MUST_CHECK enum err_code charge_recovery(struct charging *w, int32_t day);
/* charge_flex.c: (32), (33). Nothing where there is no real time. */
MUST_CHECK enum err_code charge_flex(struct charging *w);
/* What a resource is paid by 7070, 7071 and 7081 in the hour. */
double charging_flex_usd(const struct charging *w, int32_t r);
/* charge_ruc.c: (34) to (36). Nothing where there is no residual commitment. */
MUST_CHECK enum err_code charge_ruc(struct charging *w);
/* What residual commitment cost a resource in the hour less what it was paid for it: of its start
 * and of its minimum load these shares. */
double charging_ruc_short_usd(const struct charging *w, int32_t r, double of_start,
                              double of_min_load);
/* charge_services.c: (12) to (17) of README.md. */
MUST_CHECK enum err_code charge_services(struct charging *w);
/* What a resource's offers of services to the fifteen-minute market came to in the hour
 * beyond what it was paid for them; what was not there aside. */
double charging_services_short_usd(const struct charging *w, int32_t r);
/* MWh of services that a resource was awarded in the interval. *bidder is where its
 * bidders may begin, and moves behind them: resources are asked in order. */
double charging_service_mwh(const struct charging *w, int32_t r, int32_t *bidder);

#endif
