/* small_run.c - a small market for tests of what follows clearing. */
#include "tests/support/small_run.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/support/market_build.h"

struct run small_run_market(void)
{
    struct market_build b;
    market_build_begin(&b, 2, 24);
    int32_t bus_a = market_build_bus(&b, "A", 0);
    int32_t bus_b = market_build_bus(&b, "B", 100);
    (void)market_build_branch(&b, bus_a, bus_b, 0.1, 60);
    int32_t buyer = market_build_sc(&b, "BUYER", 1e8);
    int32_t poor = market_build_sc(&b, "POOR", 100);
    int32_t seller = market_build_sc(&b, "SELLER", 0);
    int32_t gen_a =
        market_build_resource(&b, "GEN_A", RESOURCE_GENERATOR, seller, bus_a, 0, 200);
    int32_t gen_b =
        market_build_resource(&b, "GEN_B", RESOURCE_GENERATOR, seller, bus_b, 0, 200);
    int32_t gen_c =
        market_build_resource(&b, "GEN_C", RESOURCE_GENERATOR, seller, bus_b, 0, 50);
    int32_t load =
        market_build_resource(&b, "LOAD", RESOURCE_LOAD, buyer, bus_b, 0, 100);
    int32_t store =
        market_build_resource(&b, "STORE", RESOURCE_STORAGE, seller, bus_b, -5, 5);
    int32_t position = market_build_position(&b, poor, bus_b, VIRTUAL_DEMAND);
    market_build_bid(&b, gen_a, MARKET_BUILD_ALL, 0, 200, 10);
    market_build_bid(&b, gen_b, MARKET_BUILD_ALL, 0, 200, 50);
    market_build_bid(&b, gen_c, 3, 0, 50, 5000);
    market_build_self(&b, load, MARKET_BUILD_ALL, BID_SELF_PT, 0, 100);
    market_build_bid(&b, store, MARKET_BUILD_ALL, -5, 0, 1);
    market_build_bid(&b, store, MARKET_BUILD_ALL, 0, 5, 500);
    b.m.node[bus_b].virtual_eligible = true;
    for (int32_t t = 8; t < 11; t++)
        market_build_virtual_bid(&b, position, t, 0, 30, 200);
    return (struct run){.market = market_build_end(&b)};
}

enum err_code small_run_days(struct run *run, struct err *err)
{
    struct progress progress = progress_begin(PROGRESS_NEVER, false);
    enum err_code code = run_days(run, &progress, err);
    progress_end(&progress, code);
    return code;
}

struct run small_run_done(void)
{
    struct err err = {0};
    struct run run = small_run_market();
    if (small_run_days(&run, &err)) {
        (void)fprintf(stderr, "small_run: %s\n", err.msg);
        abort();
    }
    return run;
}
