/* rts_scenario.c - one function per file of the scenario. */
#include "sim/app/rts_scenario.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/app/output_file.h"

static void write_settings(const struct rts_day *d, FILE *out)
{
    char date[11];
    date_format(d->date, date);
    (void)fprintf(
        out,
        "name: rts-gmlc-%s\n"
        "description: RTS-GMLC, day-ahead series of the day, energy and four services\n"
        "trade_dates: [%s]\n"
        "time_zone: America/Phoenix\n"
        "network: {buses: buses.csv, branches: branches.csv, base_mva: 100}\n",
        date, date);
}

static void write_buses(const struct rts_day *d, FILE *out)
{
    (void)fprintf(out, "bus_id,load_mw\n");
    for (int32_t b = 0; b < d->n_bus; b++)
        (void)fprintf(out, "%s,%.12g\n", d->bus[b].id, d->bus[b].load_mw);
}

static void write_branches(const struct rts_day *d, FILE *out)
{
    (void)fprintf(out, "from_bus,to_bus,circuit,r_pu,x_pu,tap,rate_mw,rate_after_mw\n");
    for (int32_t l = 0; l < d->n_branch; l++) {
        const struct rts_branch *b = &d->branch[l];
        (void)fprintf(out, "%s,%s,%d,%.12g,%.12g,%.12g,%.12g,%.12g\n", b->from, b->to,
                      b->circuit, b->r_pu, b->x_pu, b->tap, b->rate_mw,
                      b->rate_after_mw);
    }
}

static bool is_placed(const struct rts_bus *b)
{
    return !isnan(b->longitude_deg) && !isnan(b->latitude_deg);
}

static void write_nodes(const struct rts_day *d, FILE *out)
{
    (void)fprintf(out, "node_id,longitude,latitude\n");
    for (int32_t b = 0; b < d->n_bus; b++)
        if (is_placed(&d->bus[b]))
            (void)fprintf(out, "%s,%.9g,%.9g\n", d->bus[b].id, d->bus[b].longitude_deg,
                          d->bus[b].latitude_deg);
}

static void write_aggregation(const struct rts_day *d, FILE *out)
{
    (void)fprintf(out, "apnode_id,kind,pnode_id,factor\n");
    for (int32_t b = 0; b < d->n_bus; b++)
        if (d->bus[b].load_mw > 0)
            (void)fprintf(out, "AREA%d,lap,%s,\n", d->bus[b].area, d->bus[b].id);
}

static void write_coordinators(const struct rts_day *d, FILE *out)
{
    (void)fprintf(out, "sc_id,name,unsecured_limit_usd\n");
    for (int32_t a = 1; a <= d->n_area; a++)
        (void)fprintf(out, "SC_AREA%d,Area %d,1000000000\n", a, a);
}

static int32_t area_of(const struct rts_day *d, const char *bus)
{
    for (int32_t b = 0; b < d->n_bus; b++)
        if (strcmp(d->bus[b].id, bus) == 0)
            return d->bus[b].area;
    return 1;
}

/* Base load runs before the day, at its least; peakers do not. */
static bool runs_before(const struct rts_unit *u)
{
    return strcmp(u->category, "Coal") == 0 || strcmp(u->category, "Gas CC") == 0 ||
           strcmp(u->category, "Nuclear") == 0;
}

static void write_resources(const struct rts_day *d, FILE *out)
{
    (void)fprintf(
        out,
        "resource_id,type,sc_id,node_id,pmin_mw,pmax_mw,ramp_mw_per_min,initial_mw,"
        "energy_max_mwh,charge_efficiency,discharge_efficiency,"
        "initial_energy_mwh,end_energy_mwh,forecast_share,"
        "ru_certified_mw,sr_certified_mw,nr_certified_mw,rd_certified_mw,technology\n");
    for (int32_t a = 1; a <= d->n_area; a++) {
        double most = 0;
        for (int h = 0; h < RTS_HOURS; h++)
            most = fmax(most, d->load_mw[(a - 1) * RTS_HOURS + h]);
        (void)fprintf(out, "LOAD%d,load,SC_AREA%d,AREA%d,,%.12g,,,,,,,,1,,,,,\n", a, a,
                      a, most);
    }
    for (int32_t g = 0; g < d->n_unit; g++) {
        const struct rts_unit *u = &d->unit[g];
        (void)fprintf(out, "%s,%s,SC_AREA%d,%s,%.12g,%.12g,", u->id,
                      u->kind == RTS_STORAGE ? "storage" : "generator",
                      area_of(d, u->bus), u->bus, u->min_mw, u->max_mw);
        if (u->kind == RTS_THERMAL)
            (void)fprintf(out, "%.12g,%.12g", u->ramp_mw_per_min,
                          runs_before(u) ? u->min_mw : 0);
        else
            (void)fprintf(out, ",");
        if (u->kind == RTS_STORAGE)
            (void)fprintf(out, ",%.12g,%.12g,1,%.12g,%.12g", u->energy_mwh,
                          u->round_trip, u->initial_mwh, u->initial_mwh);
        else
            (void)fprintf(out, ",,,,,");
        (void)fprintf(out, ",");
        for (int k = 0; k < SERVICES; k++)
            if (u->serves_mw[k] > 0)
                (void)fprintf(out, ",%.12g", u->serves_mw[k]);
            else
                (void)fprintf(out, ",");
        (void)fprintf(out, ",%s\n", u->category);
    }
}

/* A category that begins before the unit may start again takes the place of those warmer. */
static void write_commitment(const struct rts_day *d, FILE *out)
{
    (void)fprintf(out, "resource_id,min_up_h,min_down_h,start_cost_usd,warm_after_h,"
                       "warm_start_cost_usd,cold_after_h,cold_start_cost_usd,"
                       "min_load_usd_per_h,initial_h,must_run\n");
    for (int32_t g = 0; g < d->n_unit; g++) {
        const struct rts_unit *u = &d->unit[g];
        if (u->kind != RTS_THERMAL)
            continue;
        int32_t up = u->min_up_h > 1 ? u->min_up_h : 1;
        int32_t down = u->min_down_h > 1 ? u->min_down_h : 1;
        bool falls = u->start_warm_usd < u->start_hot_usd ||
                     u->start_cold_usd < u->start_warm_usd;
        bool cold_only = falls || u->cold_after_h <= down;
        bool warm_first = !cold_only && u->warm_after_h <= down;
        (void)fprintf(out, "%s,%d,%d,%.12g,", u->id, up, down,
                      cold_only    ? u->start_cold_usd
                      : warm_first ? u->start_warm_usd
                                   : u->start_hot_usd);
        if (!cold_only && !warm_first && u->warm_after_h < u->cold_after_h)
            (void)fprintf(out, "%d,%.12g,", u->warm_after_h, u->start_warm_usd);
        else
            (void)fprintf(out, ",,");
        if (!cold_only)
            (void)fprintf(out, "%d,%.12g,", u->cold_after_h, u->start_cold_usd);
        else
            (void)fprintf(out, ",,");
        (void)fprintf(out, "%.6f,%d,%s\n", u->min_load_usd_per_h,
                      runs_before(u) ? 168 : -168,
                      strcmp(u->category, "Nuclear") == 0 ? "yes" : "no");
    }
}

static void write_forecast(const struct rts_day *d, FILE *out)
{
    (void)fprintf(out, "node_id,hour_ending,forecast_mw\n");
    for (int32_t a = 0; a < d->n_area; a++)
        for (int h = 0; h < RTS_HOURS; h++)
            (void)fprintf(out, "AREA%d,%d,%.12g\n", a + 1, h + 1,
                          d->load_mw[a * RTS_HOURS + h]);
}

static void write_offers(const struct rts_day *d, FILE *out)
{
    (void)fprintf(out,
                  "resource_id,hour_ending,kind,from_mw,to_mw,price_usd_per_mwh\n");
    for (int32_t g = 0; g < d->n_unit; g++) {
        const struct rts_unit *u = &d->unit[g];
        double from = u->min_mw;
        for (int k = 0; u->kind == RTS_THERMAL && k < u->n_block; k++) {
            (void)fprintf(out, "%s,,energy,%.12g,%.12g,%.6f\n", u->id, from,
                          u->block_mw[k], u->block_usd_per_mwh[k]);
            from = u->block_mw[k];
        }
        for (int h = 0; u->kind == RTS_PROFILE && h < RTS_HOURS; h++)
            if (u->series_mw[h] > 0)
                (void)fprintf(out, "%s,%d,energy,0,%.12g,0\n", u->id, h + 1,
                              u->series_mw[h]);
        if (u->kind == RTS_STORAGE)
            (void)fprintf(out, "%s,,energy,%.12g,%.12g,0\n", u->id, u->min_mw,
                          u->max_mw);
    }
}

static double required_mw(const struct rts_day *d, int32_t area, int service, int h)
{
    return d->required_mw[(area * SERVICES + service) * RTS_HOURS + h];
}

static void write_regions(const struct rts_day *d, FILE *out)
{
    (void)fprintf(out, "region_id,node_id\n");
    for (int32_t b = 0; b < d->n_bus; b++)
        (void)fprintf(out, "AREA%d,%s\n", d->bus[b].area, d->bus[b].id);
}

static void write_requirements(const struct rts_day *d, FILE *out)
{
    (void)fprintf(out, "region_id,product,hour_ending,required_mw\n");
    for (int32_t a = 0; a <= d->n_area; a++)
        for (int k = 0; k < SERVICES; k++)
            for (int h = 0; h < RTS_HOURS; h++) {
                char region[16] = "SYSTEM";
                if (a > 0)
                    (void)snprintf(region, sizeof region, "AREA%d", a);
                if (required_mw(d, a, k, h) > 0)
                    (void)fprintf(out, "%s,%s,%d,%.12g\n", region,
                                  service_name((enum service)k), h + 1,
                                  required_mw(d, a, k, h));
            }
}

/* Nothing is asked for a service beyond the energy that it forgoes, as in the data. Less
   than the smallest offer of a market is none; what gives what the sun gives serves then. */
static void write_service_offers(const struct rts_day *d, FILE *out)
{
    const double least_mw = 0.5, deployment_min = 10;
    (void)fprintf(out, "resource_id,product,hour_ending,mw,price_usd_per_mw\n");
    for (int32_t g = 0; g < d->n_unit; g++) {
        const struct rts_unit *u = &d->unit[g];
        for (int k = 0; k < SERVICES; k++) {
            double mw = u->serves_mw[k];
            if (u->kind == RTS_THERMAL)
                mw = fmin(mw, u->ramp_mw_per_min * deployment_min);
            if (mw < least_mw)
                continue;
            if (u->kind == RTS_THERMAL)
                (void)fprintf(out, "%s,%s,,%.12g,0\n", u->id,
                              service_name((enum service)k), mw);
            for (int h = 0; u->kind == RTS_PROFILE && h < RTS_HOURS; h++)
                if (u->series_mw[h] >= least_mw)
                    (void)fprintf(out, "%s,%s,%d,%.12g,0\n", u->id,
                                  service_name((enum service)k), h + 1,
                                  fmin(mw, u->series_mw[h]));
        }
    }
}

enum err_code rts_scenario_write(const struct rts_day *d, const char *folder,
                                 struct err *err)
{
    static const struct {
        const char *name;
        void (*write)(const struct rts_day *d, FILE *out);
    } file[] = {{"scenario.yaml", write_settings},
                {"buses.csv", write_buses},
                {"branches.csv", write_branches},
                {"nodes.csv", write_nodes},
                {"aggregation_nodes.csv", write_aggregation},
                {"scheduling_coordinators.csv", write_coordinators},
                {"resources.csv", write_resources},
                {"commitment.csv", write_commitment},
                {"load_forecast.csv", write_forecast},
                {"energy_bids.csv", write_offers},
                {"as_regions.csv", write_regions},
                {"as_requirements.csv", write_requirements},
                {"as_bids.csv", write_service_offers}};
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < sizeof file / sizeof *file && !code; i++) {
        char path[1024];
        struct output_file f = {0};
        (void)snprintf(path, sizeof path, "%s/%s", folder, file[i].name);
        code = output_open(path, &f, err);
        if (code)
            return code;
        file[i].write(d, f.out);
        code = output_close(&f, code, err);
    }
    return code;
}
