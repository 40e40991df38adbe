/* rts_gmlc.c - SourceData and day-ahead series of RTS-GMLC. */
#include "sim/input/rts_gmlc.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"

enum rts_file {
    BUS,
    BRANCH,
    GEN,
    STORE,
    LOAD,
    FIRST_SERIES, /* of units */
};

static const char *const path_of[RTS_FILES] = {
    "SourceData/bus.csv",
    "SourceData/branch.csv",
    "SourceData/gen.csv",
    "SourceData/storage.csv",
    "timeseries_data_files/Load/DAY_AHEAD_regional_Load.csv",
    "timeseries_data_files/WIND/DAY_AHEAD_wind.csv",
    "timeseries_data_files/PV/DAY_AHEAD_pv.csv",
    "timeseries_data_files/RTPV/DAY_AHEAD_rtpv.csv",
    "timeseries_data_files/Hydro/DAY_AHEAD_hydro.csv",
    "timeseries_data_files/CSP/DAY_AHEAD_Natural_Inflow.csv",
};

static const double most_mw = 1e9, most_usd = 1e9;

struct reading {
    struct rts_day *d;
    size_t hour_at[RTS_FILES][RTS_HOURS]; /* records of the day, of series */
    bool out_of_memory;
};

static const char *copy(struct reading *r, const char *text, size_t len)
{
    char *out = arena_copy_text(&r->d->arena, text, len);
    r->out_of_memory = r->out_of_memory || !out;
    return out ? out : "";
}

static const char *id_of(struct reading *r, enum rts_file f, size_t i, int column)
{
    struct wide_table *t = &r->d->file[f];
    size_t len = 0;
    const char *p = wide_text(t, i, column, &len);
    bool good = len >= 1 && len <= 64;
    for (size_t k = 0; k < len; k++)
        good = good && p[k] > ' ' && p[k] <= '~' && p[k] != ',' && p[k] != '"';
    if (!good)
        err_list_add(t->faults, source_at(&t->src, (size_t)(p - t->src.text)),
                     "not a name; expected 1 to 64 printable characters without space");
    return copy(r, p, good ? len : 0);
}

/* ---- network ---- */

static void read_buses(struct reading *r)
{
    struct rts_day *d = r->d;
    struct wide_table *t = &d->file[BUS];
    int id = wide_column(t, "Bus ID", true), area = wide_column(t, "Area", true);
    int load = wide_column(t, "MW Load", true);
    int lng = wide_column(t, "lng", false), lat = wide_column(t, "lat", false);
    d->bus = ARENA_ARRAY(&d->arena, struct rts_bus, t->n);
    r->out_of_memory = r->out_of_memory || !d->bus;
    for (size_t i = 0; d->bus && i < t->n; i++) {
        struct rts_bus *b = &d->bus[d->n_bus++];
        b->id = id_of(r, BUS, i, id);
        b->area = (int32_t)wide_number(t, i, area, 1, 99, 1);
        b->load_mw = wide_number(t, i, load, 0, most_mw, 0);
        b->longitude_deg = b->latitude_deg = (double)NAN;
        if (lng >= 0 && lat >= 0) {
            b->longitude_deg = wide_number(t, i, lng, -180, 180, (double)NAN);
            b->latitude_deg = wide_number(t, i, lat, -90, 90, (double)NAN);
        }
        d->n_area = b->area > d->n_area ? b->area : d->n_area;
    }
}

static void read_branches(struct reading *r)
{
    struct rts_day *d = r->d;
    struct wide_table *t = &d->file[BRANCH];
    int from = wide_column(t, "From Bus", true), to = wide_column(t, "To Bus", true);
    int r_pu = wide_column(t, "R", true), x_pu = wide_column(t, "X", true);
    int rate = wide_column(t, "Cont Rating", true),
        lte = wide_column(t, "LTE Rating", true);
    int tap = wide_column(t, "Tr Ratio", true);
    d->branch = ARENA_ARRAY(&d->arena, struct rts_branch, t->n);
    r->out_of_memory = r->out_of_memory || !d->branch;
    for (size_t i = 0; d->branch && i < t->n; i++) {
        struct rts_branch *b = &d->branch[d->n_branch++];
        *b =
            (struct rts_branch){.from = id_of(r, BRANCH, i, from),
                                .to = id_of(r, BRANCH, i, to),
                                .circuit = 1,
                                .r_pu = wide_number(t, i, r_pu, 0, 1e6, 0),
                                .x_pu = wide_number(t, i, x_pu, -1e6, 1e6, 0),
                                .tap = wide_number(t, i, tap, 0, 1e3, 0),
                                .rate_mw = wide_number(t, i, rate, 0, most_mw, 0),
                                .rate_after_mw = wide_number(t, i, lte, 0, most_mw, 0)};
        b->tap = b->tap > 0 ? b->tap : 1;
        for (const struct rts_branch *o = d->branch; o < b; o++)
            b->circuit +=
                (strcmp(o->from, b->from) == 0 && strcmp(o->to, b->to) == 0) ||
                (strcmp(o->from, b->to) == 0 && strcmp(o->to, b->from) == 0);
    }
}

/* ---- series ---- */

/* The 24 records of the day in a file of series. */
static void find_day(struct reading *r, int f, int month, int day)
{
    struct wide_table *t = &r->d->file[f];
    int column[3] = {wide_column(t, "Month", true), wide_column(t, "Day", true),
                     wide_column(t, "Period", true)};
    int n_found = 0;
    for (size_t i = 0; i < t->n && column[0] >= 0; i++) {
        if ((int)wide_number(t, i, column[0], 1, 12, 0) != month ||
            (int)wide_number(t, i, column[1], 1, 31, 0) != day)
            continue;
        int period = (int)wide_number(t, i, column[2], 1, RTS_HOURS, 1);
        r->hour_at[f][period - 1] = i;
        n_found++;
    }
    if (n_found != RTS_HOURS)
        err_list_add(t->faults, source_at(&t->src, 0),
                     "%d records of day %02d-%02d; expected %d", n_found, month, day,
                     RTS_HOURS);
}

static void read_series(struct reading *r, int f, int column, double most,
                        double out[RTS_HOURS])
{
    for (int h = 0; h < RTS_HOURS; h++)
        out[h] = fmin(
            most, wide_number(&r->d->file[f], r->hour_at[f][h], column, 0, most_mw, 0));
}

static void read_load(struct reading *r)
{
    struct rts_day *d = r->d;
    d->load_mw = ARENA_ARRAY(&d->arena, double, (size_t)d->n_area *RTS_HOURS);
    r->out_of_memory = r->out_of_memory || !d->load_mw;
    for (int32_t a = 0; d->load_mw && a < d->n_area; a++) {
        char name[12];
        (void)snprintf(name, sizeof name, "%d", a + 1);
        int column = wide_column(&d->file[LOAD], name, true);
        if (column >= 0)
            read_series(r, LOAD, column, most_mw, d->load_mw + a * RTS_HOURS);
    }
}

/* ---- units ---- */

// clang-format off
/* Columns of gen.csv; those of blocks stand one after the other. */
enum gen_column {
    UID, AT_BUS, TYPE, CATEGORY, PMAX, PMIN, RAMP, MIN_DOWN, MIN_UP, COLD_H, WARM_H,
    COLD_MBTU, WARM_MBTU, HOT_MBTU, START_USD, FUEL_USD, VOM, PCT_0, HR_0,
    ROUND_TRIP, GEN_COLUMNS
};

static const char *const gen_name[GEN_COLUMNS] = {
    "GEN UID", "Bus ID", "Unit Type", "Category", "PMax MW", "PMin MW",
    "Ramp Rate MW/Min", "Min Down Time Hr", "Min Up Time Hr", "Start Time Cold Hr",
    "Start Time Warm Hr", "Start Heat Cold MBTU", "Start Heat Warm MBTU",
    "Start Heat Hot MBTU", "Non Fuel Start Cost $", "Fuel Price $/MMBTU", "VOM",
    "Output_pct_0", "HR_avg_0", "Storage Roundtrip Efficiency"};
// clang-format on

static void read_blocks(struct reading *r, size_t i, const int *column,
                        struct rts_unit *u)
{
    struct wide_table *t = &r->d->file[GEN];
    double fuel = wide_number(t, i, column[FUEL_USD], 0, most_usd, 0);
    double vom = wide_number(t, i, column[VOM], 0, most_usd, 0);
    double heat = wide_number(t, i, column[HR_0], 0, most_usd, 0);
    u->min_load_usd_per_h = u->min_mw * (heat / 1000 * fuel + vom);
    double last_usd = 0;
    for (int k = 1; k <= RTS_BLOCKS; k++) {
        double pct = wide_number(t, i, column[PCT_0] + k, 0, 1, NAN);
        double rate = wide_number(t, i, column[HR_0] + k, 0, most_usd, NAN);
        if (isnan(pct) || isnan(rate) || pct * u->max_mw <= u->min_mw)
            continue;
        /* where heat rates fall, the offer stays level: offers never fall */
        last_usd = fmax(last_usd, rate / 1000 * fuel + vom);
        u->block_mw[u->n_block] = fmin(pct * u->max_mw, u->max_mw);
        u->block_usd_per_mwh[u->n_block++] = last_usd;
    }
    if (u->n_block == 0) {
        u->block_mw[0] = u->max_mw;
        u->block_usd_per_mwh[0] = heat / 1000 * fuel + vom;
        u->n_block = 1;
    }
}

static void read_thermal(struct reading *r, size_t i, const int *column,
                         struct rts_unit *u)
{
    struct wide_table *t = &r->d->file[GEN];
    double fuel = wide_number(t, i, column[FUEL_USD], 0, most_usd, 0);
    double other = wide_number(t, i, column[START_USD], 0, most_usd, 0);
    u->kind = RTS_THERMAL;
    u->min_up_h = (int32_t)ceil(wide_number(t, i, column[MIN_UP], 0, 9999, 0));
    u->min_down_h = (int32_t)ceil(wide_number(t, i, column[MIN_DOWN], 0, 9999, 0));
    u->warm_after_h = (int32_t)ceil(wide_number(t, i, column[WARM_H], 0, 9999, 0));
    u->cold_after_h = (int32_t)ceil(wide_number(t, i, column[COLD_H], 0, 9999, 0));
    u->start_hot_usd =
        other + fuel * wide_number(t, i, column[HOT_MBTU], 0, most_usd, 0);
    u->start_warm_usd =
        other + fuel * wide_number(t, i, column[WARM_MBTU], 0, most_usd, 0);
    u->start_cold_usd =
        other + fuel * wide_number(t, i, column[COLD_MBTU], 0, most_usd, 0);
    read_blocks(r, i, column, u);
}

/* Largest volume of its stores, and the one at the start; in GWh. */
static void read_storage(struct reading *r, struct rts_unit *u)
{
    struct wide_table *t = &r->d->file[STORE];
    int id = wide_column(t, "GEN UID", true);
    int volume = wide_column(t, "Max Volume GWh", true);
    int initial = wide_column(t, "Initial Volume GWh", true);
    const double mwh_per_gwh = 1000;
    u->kind = RTS_STORAGE;
    u->min_mw = -u->max_mw;
    for (size_t i = 0; i < t->n; i++) {
        size_t len = 0;
        const char *p = wide_text(t, i, id, &len);
        if (len != strlen(u->id) || memcmp(p, u->id, len) != 0)
            continue;
        u->energy_mwh = mwh_per_gwh * wide_number(t, i, volume, 0, 1e6, 0);
        u->initial_mwh = mwh_per_gwh * wide_number(t, i, initial, 0, 1e6, 0);
        return;
    }
    err_list_add(t->faults, source_at(&t->src, 0), "no record of %s; expected one",
                 u->id);
}

static void read_unit(struct reading *r, size_t i, const int *column,
                      struct rts_unit *u)
{
    struct wide_table *t = &r->d->file[GEN];
    size_t len = 0;
    const char *type = wide_text(t, i, column[TYPE], &len);
    bool storage = len == 7 && memcmp(type, "STORAGE", len) == 0;
    const char *category = wide_text(t, i, column[CATEGORY], &len);
    *u = (struct rts_unit){.id = id_of(r, GEN, i, column[UID]),
                           .bus = id_of(r, GEN, i, column[AT_BUS]),
                           .category = copy(r, category, len),
                           .max_mw = wide_number(t, i, column[PMAX], 0, most_mw, 0),
                           .min_mw = wide_number(t, i, column[PMIN], 0, most_mw, 0),
                           .ramp_mw_per_min =
                               wide_number(t, i, column[RAMP], 0, most_mw, 0)};
    for (int f = FIRST_SERIES; f < RTS_FILES; f++) {
        int at = wide_column(&r->d->file[f], u->id, false);
        if (at < 0)
            continue;
        u->kind = RTS_PROFILE;
        u->min_mw = 0;
        read_series(r, f, at, u->max_mw, u->series_mw);
        return;
    }
    u->round_trip = wide_number(t, i, column[ROUND_TRIP], 0, 100, 0) / 100;
    if (storage)
        read_storage(r, u);
    else
        read_thermal(r, i, column, u);
}

static void read_units(struct reading *r)
{
    struct rts_day *d = r->d;
    struct wide_table *t = &d->file[GEN];
    int column[GEN_COLUMNS];
    for (int k = 0; k < GEN_COLUMNS; k++)
        column[k] = wide_column(t, gen_name[k], true);
    d->unit = ARENA_ARRAY(&d->arena, struct rts_unit, t->n);
    r->out_of_memory = r->out_of_memory || !d->unit;
    for (size_t i = 0; d->unit && t->faults->total == 0 && i < t->n; i++)
        if (wide_number(t, i, column[PMAX], 0, most_mw, 0) > 0)
            read_unit(r, i, column, &d->unit[d->n_unit++]);
}

enum err_code rts_gmlc_read(const char *folder, date_t date, struct rts_day *out,
                            struct err_list *faults, struct err *err)
{
    char text[11], path[1024];
    struct reading *r = MEM_ARRAY(struct reading, 1);
    enum err_code code = ERR_OK;
    *out = (struct rts_day){.date = date};
    if (!r)
        return err_set(err, ERR_NOMEM, "out of memory");
    r->d = out;
    for (int f = 0; f < RTS_FILES && !code; f++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, path_of[f]);
        code = wide_table_read(path, faults, &out->file[f], err);
    }
    date_format(date, text);
    int month = (text[5] - '0') * 10 + text[6] - '0';
    int day = (text[8] - '0') * 10 + text[9] - '0';
    for (int f = LOAD; f < RTS_FILES && !code; f++)
        find_day(r, f, month, day);
    if (!code && faults->total == 0) {
        read_buses(r);
        read_branches(r);
        read_load(r);
        read_units(r);
        if (!r->out_of_memory)
            code = rts_reserves_read(folder, month, day, out, faults, err);
    }
    if (!code && r->out_of_memory)
        code = err_set(err, ERR_NOMEM, "out of memory for %s", folder);
    if (!code && faults->total > 0)
        code = err_set(err, ERR_INPUT, "%zu fault%s in %s", faults->total,
                       faults->total == 1 ? "" : "s", folder);
    mem_free(r);
    return code;
}

void rts_day_release(struct rts_day *d)
{
    for (int f = 0; f < RTS_FILES; f++)
        wide_table_release(&d->file[f]);
    wide_table_release(&d->reserves);
    for (int32_t f = 0; f < d->n_series; f++)
        wide_table_release(&d->series[f]);
    mem_free(d->series);
    arena_release(&d->arena);
    *d = (struct rts_day){0};
}
