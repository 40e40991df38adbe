/*
 * meter.h - what every resource really gave or took, in five minutes.
 *
 * Where table meter has a row it is that; hourly rows are spread like the dispatch of the
 * hour, evenly where there was none. Else it is what the dispatch asked for, less what an
 * outage left out, and for training with an error:
 *
 *     metered = dispatched x (1 + meter_error x z),  z of mean 0 and variance 1      (1)
 *
 * drawn from meter_seed for resource and interval alone, so that no other row or resource
 * changes it.
 *
 * Demand response whose customers have rows of table dr_history is measured against their
 * baseline (baseline.h); its hours are those in which it was dispatched. Rows of table meter
 * hold against that too.
 *
 * Unaccounted-for energy of an hour: all that was metered, injection positive, less what
 * the network lost:
 *
 *     UFE = sum of metered energy - losses                                          (2)
 *
 * Utilities meter what flows into their distribution areas (column utility_area of table
 * nodes), so that each answers for its own. Of one area:
 *
 *     UFE = sum of energy metered in it + energy that flowed in - its losses         (3)
 *
 * What flowed in is what table branch_meter says of branches that lead in and out, else
 * what the dispatch had on them; losses are where the network model has them, half at
 * either end of a branch or by the weights of the load reference. Whatever the meters
 * between areas say, one area's inflow is the others' outflow: the sum of (3) over all areas
 * is (2).
 *
 * What an area made or took beyond what it was asked for, M metered, R dispatched, q scheduled
 * day-ahead:
 *
 *     deviation = sum of M - sum of R over what is dispatched - sum of q over loads   (4)
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_METER_H
#define SIM_SETTLE_METER_H

#include "sim/base/err.h"
#include "sim/clear/real_time.h"
#include "sim/model/market.h"

struct metering {
    struct arena arena;
    double *energy_mwh;      /* [RT_FIVES x hours][n_resource] injection positive */
    double *unaccounted_mwh; /* [hours] (2) */
    double *no_pay_mw; /* [RT_FIVES x hours][n_service_bidder] (1), (2) of no_pay.h */
    uint8_t *given;    /* [n_resource] measured: rows of table meter, or a baseline */
    int32_t n_area;    /* >= 1 */
    double
        *area_unaccounted_mwh; /* [hours][n_area] (3); unaccounted_mwh where n_area 1 */
    double *area_inflow_mwh, *area_loss_mwh; /* likewise; NULL where n_area is 1 */
    double *area_deviation_mwh,
        *area_demand_mwh; /* likewise: (4), and what was taken */
    /* Of more than one area, private to meter_area.c. */
    int32_t n_boundary, *boundary, *boundary_of; /* [n_boundary] branches; [n_branch] */
    double *boundary_mwh; /* [RT_FIVES x hours][n_boundary] along the branch */
    int32_t *island;      /* [n_bus] */
    double *reference, *island_mwh; /* [n_bus] weights in the island; scratch */
};

/* Room for all days. */
MUST_CHECK enum err_code metering_begin(const struct market *m, struct metering *out,
                                        struct err *err);
/* One day of rows up to a recalculation (0 = as first reported), after rt_day of it. */
void metering_day(const struct market *m, const struct outcome *day_ahead,
                  const struct rt_outcome *rt, int32_t day, int32_t recalculation,
                  struct metering *out);
void metering_release(struct metering *meter);

#endif
