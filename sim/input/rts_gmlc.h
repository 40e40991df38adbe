/*
 * rts_gmlc.h - a day of the RTS-GMLC test system (github.com/GridMod/RTS-GMLC, folder
 * RTS_Data: SourceData and timeseries_data_files) as it is: day-ahead series, data of
 * units, branches and buses.
 *
 * Left out: synchronous condensers (no MW), the DC line between areas 1 and 3 (scheduled at
 * 0), and the thermal store of the concentrating solar plant, which gives what the
 * sun gives.
 *
 * Costs: output levels and heat rates make blocks; $/MWh = heat rate (BTU/kWh) / 1000 x
 * fuel price ($/MMBTU) + VOM. The first, average, heat rate is that of the least output.
 *
 * Reserves, of reserves.csv and its day-ahead series:
 *
 *     Reg_Up      regulation up of the system
 *     Spin_Up_Rn  spinning reserve of area n, and of the system, their sum
 *     Flex_Up     (20 min) non-spinning reserve of the system: the same MW, sooner (10 min)
 *     Reg_Down    regulation down of the system
 *     Flex_Down   (20 min) the same, added: no market has another product downwards
 *
 * Units of the categories listed may serve, with what they can ramp within the time of the
 * product: no hydro, nuclear or storage.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_RTS_GMLC_H
#define SIM_INPUT_RTS_GMLC_H

#include "sim/base/arena.h"
#include "sim/base/calendar.h"
#include "sim/base/err.h"
#include "sim/input/wide_table.h"
#include "sim/model/market.h"

enum {
    RTS_FILES = 10,
    RTS_HOURS = 24,
    RTS_BLOCKS = 4,
};

struct rts_bus {
    const char *id;                     /* its number */
    int32_t area;                       /* from 1 */
    double load_mw;                     /* share of the area's load */
    double longitude_deg, latitude_deg; /* NaN where the file has none */
};

struct rts_branch {
    const char *from, *to;
    int32_t circuit; /* 1, and 2.. for parallel ones in the order of the file */
    double r_pu, x_pu, tap, rate_mw, rate_after_mw;
};

enum rts_kind {
    RTS_THERMAL,
    RTS_PROFILE, /* gives what its series says, at no cost */
    RTS_STORAGE,
};

struct rts_unit {
    const char *id, *bus, *category;
    enum rts_kind kind;
    double min_mw, max_mw, ramp_mw_per_min;
    /* thermal */
    int32_t n_block;
    double block_mw[RTS_BLOCKS]; /* upper end of each block */
    double block_usd_per_mwh[RTS_BLOCKS];
    double min_load_usd_per_h;
    int32_t min_up_h, min_down_h; /* rounded up to whole hours */
    double start_hot_usd, start_warm_usd, start_cold_usd;
    int32_t warm_after_h, cold_after_h;
    double series_mw[RTS_HOURS];                /* profile */
    double energy_mwh, initial_mwh, round_trip; /* storage */
    double serves_mw[SERVICES]; /* most of each service; 0 = may not serve */
};

struct rts_day {
    struct arena arena; /* owns everything below */
    date_t date;
    int32_t n_bus, n_branch, n_unit, n_area;
    struct rts_bus *bus;
    struct rts_branch *branch;
    struct rts_unit *unit;             /* in the order of the file */
    double *load_mw;                   /* [n_area][RTS_HOURS] */
    double *required_mw;               /* [1 + n_area][SERVICES][RTS_HOURS], 0 = all */
    struct wide_table file[RTS_FILES]; /* kept because positions borrow their paths */
    struct wide_table reserves, *series; /* [n_series], of reserves; owned */
    int32_t n_series;
};

/*
 * Month and day of date choose the records; the year is that of the series, 2020.
 * ERR_OK, or ERR_INPUT where faults were added to *faults or err says why, ERR_NOMEM,
 * ERR_IO. In any case the caller calls rts_day_release(), after it has used positions.
 */
MUST_CHECK enum err_code rts_gmlc_read(const char *folder, date_t date,
                                       struct rts_day *out, struct err_list *faults,
                                       struct err *err);
void rts_day_release(struct rts_day *d);

/* Its last part, after buses and units: required_mw and serves_mw. Errors as above. */
MUST_CHECK enum err_code rts_reserves_read(const char *folder, int month, int day,
                                           struct rts_day *d, struct err_list *faults,
                                           struct err *err);

#endif
