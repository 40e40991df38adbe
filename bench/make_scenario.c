/*
 * make_scenario.c - a 24-hour market out of a network case, for measurements.
 *
 *     make_scenario CASE.m DIR [DAYS]
 *
 * Every unit offers its cost in five rising segments all day and may ramp 60 % of its
 * range in an hour; buses with load fall into eight load aggregation points whose load
 * follows a daily shape; a bus of negative load has a unit that gives it for nothing; one
 * unit in twenty has a four-hour battery beside it; virtual bids stand at the aggregation
 * points. At the peak load and supply are the case's own, so that it is short of nothing
 * that the case has. With DAYS (1 to 31) the offers are stated date by date and
 * hour by hour for so many days, which makes a large table to read.
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

static void write_resources(const struct grid *g, const char *dir,
                            const double *zone_mw)
{
    FILE *f = table(dir, "resources.csv");
    fputs(
        "resource_id,type,sc_id,node_id,pmin_mw,pmax_mw,ramp_mw_per_min,energy_max_mwh,"
        "charge_efficiency,forecast_share\n",
        f);
    for (int32_t u = 0; u < g->n_unit; u++) {
        const struct grid_unit *unit = &g->unit[u];
        const char *bus = g->bus[unit->bus].id;
        if (!offers(unit))
            continue;
        fprintf(f, "%s,generator,FIRM_%d,%s,0,%.6g,%.6f,,,\n", unit->id, u % FIRMS, bus,
                unit->pmax_mw, fmax(0.01, 0.01 * unit->pmax_mw));
        if (u % 20 == 0)
            fprintf(f, "B_%s,storage,FIRM_%d,%s,%.17g,%.17g,,%.17g,0.85,\n", unit->id,
                    u % FIRMS, bus, -0.1 * unit->pmax_mw, 0.1 * unit->pmax_mw,
                    0.4 * unit->pmax_mw);
    }
    for (int32_t n = 0; n < g->n_bus; n++)
        if (g->bus[n].load_mw < 0)
            fprintf(f, "D_%s,generator,FIRM_%d,%s,0,%.17g,,,,\n", g->bus[n].id,
                    n % FIRMS, g->bus[n].id, -g->bus[n].load_mw);
    for (int z = 0; z < ZONES; z++)
        if (zone_mw[z] > 0)
            fprintf(f, "LOAD_%d,load,FIRM_%d,LAP_%d,0,%.17g,,,,1\n", z, z % FIRMS, z,
                    2 * zone_mw[z]);
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
        fputs("usage: make_scenario CASE.m DIR [DAYS]\n", stderr);
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
    err_list_release(&faults);
    grid_release(&g);
    source_release(&src);
    return 0;
}
