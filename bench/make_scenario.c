/*
 * make_scenario.c - a 24-hour market out of a network case, for measurements.
 *
 *     make_scenario CASE.m DIR [DAYS [services]]
 *
 * Every unit offers its cost in five rising segments all day and may ramp 60 % of its
 * range in an hour; buses with load fall into eight load aggregation points whose load
 * follows a daily shape; a bus of negative load has a unit that gives it for nothing; one
 * unit in twenty has a four-hour battery beside it; virtual bids stand at the aggregation
 * points. At the peak load and supply are the case's own, so that it is short of nothing
 * that the case has. With DAYS (1 to 31) the offers are stated date by date and
 * hour by hour for so many days, which makes a large table to read. With services every unit
 * and battery offers all four ancillary services, as much as it can ramp in ten minutes
 * but 30 % of its size at most; 1 % of all units' capacity is required of regulation either
 * way and 3 % of each reserve, 55 % of that among the first half of the units.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/input/matpower.h"
#include "sim/input/source.h"

enum {
    ZONES = 8,
    SEGMENTS = 5,
    FIRMS = 6
};

static const double shape[24] = {.62, .59, .57, .56, .58, .64, .73, .80,
                                 .83, .84, .85, .86, .86, .87, .89, .92,
                                 .97, 1.0, 1.0, .98, .93, .85, .75, .67};

static FILE *table(const char *dir, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        fprintf(stderr, "make_scenario: %s: %s\n", path, strerror(errno));
        exit(5);
    }
    return f;
}

static double cost_at(const struct grid_unit *u, double p)
{
    if (u->cost_kind == GRID_COST_POLYNOMIAL) {
        double sum = 0;
        for (int32_t k = u->n_cost; k-- > 0;)
            sum = sum * p + u->cost[k];
        return sum;
    }
    if (u->cost_kind == GRID_COST_NONE || u->n_cost < 2)
        return 0;
    int32_t k = 0;
    while (k + 2 < u->n_cost && p > u->cost[2 * k + 2])
        k++;
    double slope = (u->cost[2 * k + 3] - u->cost[2 * k + 1]) /
                   (u->cost[2 * k + 2] - u->cost[2 * k]);
    return u->cost[2 * k + 1] + slope * (p - u->cost[2 * k]);
}

static void write_settings(const char *dir, int days)
{
    FILE *f = table(dir, "scenario.yaml");
    fputs("name: measured\ntime_zone: America/Chicago\nnetwork: network.m\n"
          "trade_dates: [2026-07-01",
          f);
    for (int d = 2; d <= days; d++)
        fprintf(f, ", 2026-07-%02d", d);
    fputs("]\n", f);
    fclose(f);
    f = table(dir, "scheduling_coordinators.csv");
    fputs("sc_id,unsecured_limit_usd\n", f);
    for (int k = 0; k < FIRMS; k++)
        fprintf(f, "FIRM_%d,1000000000\n", k);
    fclose(f);
}

static int zone_of(const struct grid *g, int32_t bus)
{
    return (int)((int64_t)bus * ZONES / g->n_bus);
}

static void write_zones(const struct grid *g, const char *dir, double *zone_mw)
{
    FILE *f = table(dir, "aggregation_nodes.csv");
    fputs("apnode_id,kind,pnode_id,factor\n", f);
    for (int32_t n = 0; n < g->n_bus; n++)
        zone_mw[zone_of(g, n)] += fmax(0, g->bus[n].load_mw);
    for (int32_t n = 0; n < g->n_bus; n++)
        if (g->bus[n].load_mw > 0)
            fprintf(f, "LAP_%d,lap,%s,%.17g\n", zone_of(g, n), g->bus[n].id,
                    g->bus[n].load_mw / zone_mw[zone_of(g, n)]);
    fclose(f);
    f = table(dir, "load_forecast.csv");
    fputs("node_id,hour_ending,forecast_mw\n", f);
    for (int z = 0; z < ZONES; z++)
        for (int h = 0; zone_mw[z] > 0 && h < 24; h++)
            fprintf(f, "LAP_%d,%d,%.6f\n", z, h + 1, zone_mw[z] * shape[h]);
    fclose(f);
}

/* Units that can generate; what they could take in besides is not offered. */
static bool offers(const struct grid_unit *unit)
{
    return unit->pmax_mw > 0;
}

/* MW of any service of a unit, or of the battery beside it: no ramp, 10 % of the size. */
static double service_mw(const struct grid_unit *u, bool battery)
{
    return battery ? 0.03 * u->pmax_mw
                   : fmin(0.3 * u->pmax_mw, 10 * fmax(0.01, 0.01 * u->pmax_mw));
}

static void write_service_bids(FILE *f, const struct grid_unit *u, int32_t number,
                               bool battery)
{
    static const char *const product[] = {"RU", "SR", "NR", "RD"};
    static const double price[] = {4, 2, 1, 3};
    double mw = service_mw(u, battery);
    for (int k = 0; mw >= 0.5 && k < 4; k++)
        fprintf(f, "%s%s,%s,%.6f,%.2f\n", battery ? "B_" : "", u->id, product[k], mw,
                price[k] * (0.2 + 0.01 * ((number * 37 + k * 11) % 230)));
}

static void write_services(const struct grid *g, const char *dir)
{
    static const char *const product[] = {"RU", "SR", "NR", "RD"};
    static const double share[] = {0.01, 0.03, 0.03, 0.01};
    FILE *bids = table(dir, "as_bids.csv"), *regions = table(dir, "as_regions.csv");
    FILE *required = table(dir, "as_requirements.csv");
    double capacity = 0;
    fputs("resource_id,product,mw,price_usd_per_mw\n", bids);
    fputs("region_id,resource_id\n", regions);
    fputs("region_id,product,required_mw\n", required);
    for (int32_t u = 0; u < g->n_unit; u++) {
        if (!offers(&g->unit[u]))
            continue;
        capacity += g->unit[u].pmax_mw;
        for (int battery = 0; battery <= (u % 20 == 0); battery++) {
            write_service_bids(bids, &g->unit[u], u, battery);
            if (u < g->n_unit / 2)
                fprintf(regions, "NORTH,%s%s\n", battery ? "B_" : "", g->unit[u].id);
        }
    }
    for (int k = 0; k < 4; k++)
        fprintf(required, "SYSTEM,%s,%.3f\nNORTH,%s,%.3f\n", product[k],
                share[k] * capacity, product[k], 0.55 * share[k] * capacity);
    fclose(bids);
    fclose(regions);
    fclose(required);
}

/* Closes a resource's row; the last MW are certified, a little more than is offered. */
static void write_certificate(FILE *f, double mw)
{
    fprintf(f, ",%.6f,%.6f,%.6f,%.6f\n", mw + 1e-6, mw + 1e-6, mw + 1e-6, mw + 1e-6);
}

static void write_resources(const struct grid *g, const char *dir,
                            const double *zone_mw)
{
    FILE *f = table(dir, "resources.csv");
    fputs(
        "resource_id,type,sc_id,node_id,pmin_mw,pmax_mw,ramp_mw_per_min,energy_max_mwh,"
        "charge_efficiency,forecast_share,ru_certified_mw,sr_certified_mw,"
        "nr_certified_mw,rd_certified_mw\n",
        f);
    for (int32_t u = 0; u < g->n_unit; u++) {
        const struct grid_unit *unit = &g->unit[u];
        const char *bus = g->bus[unit->bus].id;
        if (!offers(unit))
            continue;
        fprintf(f, "%s,generator,FIRM_%d,%s,0,%.6g,%.6f,,,", unit->id, u % FIRMS, bus,
                unit->pmax_mw, fmax(0.01, 0.01 * unit->pmax_mw));
        write_certificate(f, service_mw(unit, false));
        if (u % 20 == 0)
            fprintf(f, "B_%s,storage,FIRM_%d,%s,%.17g,%.17g,,%.17g,0.85,", unit->id,
                    u % FIRMS, bus, -0.1 * unit->pmax_mw, 0.1 * unit->pmax_mw,
                    0.4 * unit->pmax_mw);
        if (u % 20 == 0)
            write_certificate(f, service_mw(unit, true));
    }
    for (int32_t n = 0; n < g->n_bus; n++)
        if (g->bus[n].load_mw < 0)
            fprintf(f, "D_%s,generator,FIRM_%d,%s,0,%.17g,,,,,,,,\n", g->bus[n].id,
                    n % FIRMS, g->bus[n].id, -g->bus[n].load_mw);
    for (int z = 0; z < ZONES; z++)
        if (zone_mw[z] > 0)
            fprintf(f, "LOAD_%d,load,FIRM_%d,LAP_%d,0,%.17g,,,,1,,,,\n", z, z % FIRMS,
                    z, 2 * zone_mw[z]);
    fclose(f);
}

/*
 * Five chords of the cost, tilted by 4 % from one to the next, as heat rates are: a
 * linear cost would be five equal offers. Prices never fall because the cost is convex.
 */
static void write_unit_bids(FILE *f, const struct grid_unit *u, const char *when)
{
    double step = u->pmax_mw / SEGMENTS, last = -1e9;
    for (int k = 0; k < SEGMENTS; k++) {
        double from = k * step, to = (k + 1) * step;
        double tilt = 1 + 0.04 * (k - SEGMENTS / 2);
        double price = tilt * (cost_at(u, to) - cost_at(u, from)) / (to - from);
        last = fmax(last, fmin(900, price));
        fprintf(f, "%s,%s,%.6g,%.6g,%.4f\n", u->id, when, from, to, last);
    }
}

static void write_bids(const struct grid *g, const char *dir, const double *zone_mw,
                       int days)
{
    FILE *f = table(dir, "energy_bids.csv");
    fputs("resource_id,trade_date,hour_ending,from_mw,to_mw,price_usd_per_mwh\n", f);
    for (int32_t u = 0; u < g->n_unit; u++) {
        const struct grid_unit *unit = &g->unit[u];
        if (!offers(unit))
            continue;
        if (days == 0)
            write_unit_bids(f, unit, ",");
        for (int h = 0; h < 24 * days; h++) {
            char when[32];
            (void)snprintf(when, sizeof when, "2026-07-%02d,%d", h / 24 + 1,
                           h % 24 + 1);
            write_unit_bids(f, unit, when);
        }
        if (u % 20 == 0)
            fprintf(f, "B_%s,,,%.17g,%.17g,0\n", unit->id, -0.1 * unit->pmax_mw,
                    0.1 * unit->pmax_mw);
    }
    for (int32_t n = 0; n < g->n_bus; n++)
        if (g->bus[n].load_mw < 0)
            fprintf(f, "D_%s,,,0,%.17g,0\n", g->bus[n].id, -g->bus[n].load_mw);
    fclose(f);
    f = table(dir, "virtual_bids.csv");
    fputs("sc_id,node_id,side,from_mw,to_mw,price_usd_per_mwh\n", f);
    for (int k = 0; k < FIRMS; k++)
        if (zone_mw[k] > 0)
            fprintf(f, "FIRM_%d,LAP_%d,supply,0,50,%d\nFIRM_%d,LAP_%d,demand,0,50,%d\n",
                    k, k, 20 + k, k, k, 15 - k);
    fclose(f);
}

static void copy_case(const struct source *src, const char *dir)
{
    FILE *f = table(dir, "network.m");
    fwrite(src->text, 1, src->len, f);
    fclose(f);
}

int main(int argc, char **argv)
{
    struct source src = {0};
    struct grid g = {0};
    struct err_list faults = {0};
    struct err err = {0};
    double zone_mw[ZONES] = {0};
    if (argc < 3) {
        fputs("usage: make_scenario CASE.m DIR [DAYS [services]]\n", stderr);
        return 2;
    }
    if (source_read(argv[1], &src, &err) || matpower_read(&src, &g, &faults, &err)) {
        fprintf(stderr, "%s: %s\n", argv[1], err.msg);
        return 3;
    }
    if (mkdir(argv[2], 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "make_scenario: %s: %s\n", argv[2], strerror(errno));
        return 5;
    }
    int days = argc > 3 ? (int)fmin(31, (double)strtol(argv[3], NULL, 10)) : 0;
    write_settings(argv[2], days);
    copy_case(&src, argv[2]);
    write_zones(&g, argv[2], zone_mw);
    write_resources(&g, argv[2], zone_mw);
    write_bids(&g, argv[2], zone_mw, days);
    if (argc > 4)
        write_services(&g, argv[2]);
    err_list_release(&faults);
    grid_release(&g);
    source_release(&src);
    return 0;
}
