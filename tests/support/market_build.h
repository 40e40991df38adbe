/*
 * market_build.h - makes a small struct market in memory, for tests.
 *
 *     struct market_build b;
 *     market_build_begin(&b, 1, 24);                      // one day of 24 hours
 *     int32_t bus = market_build_bus(&b, "A", 0);
 *     int32_t sc = market_build_sc(&b, "SC1", 1e6);
 *     int32_t g = market_build_resource(&b, "G1", RESOURCE_GENERATOR, sc, bus, 0, 100);
 *     b.m.resource[g].ramp_up_mw_per_min = 2;             // any field may be set directly
 *     market_build_bid(&b, g, MARKET_BUILD_ALL, 0, 100, 20);
 *     struct market m = market_build_end(&b);
 *     ...
 *     market_release(&m);
 *
 * Things keep the order in which they are added; a market's lists are sorted, so add
 * them by name, and buses before APNodes before ties. Functions return the index of what
 * they added (APNodes and ties: of the node). Dates start at MARKET_BUILD_DATE; hours
 * are in a fixed zone eight hours behind UTC. Rules are rules_default(); every SC is
 * certified and every resource active and registered from 1970 to 2199. More than
 * MARKET_BUILD_MOST of anything, or no memory, ends the test process with abort().
 */
#ifndef TESTS_SUPPORT_MARKET_BUILD_H
#define TESTS_SUPPORT_MARKET_BUILD_H

#include "sim/model/market.h"

enum {
    MARKET_BUILD_MOST = 2048,  /* of each: buses, branches, nodes, SCs, resources ... */
    MARKET_BUILD_DATE = 20558, /* 2026-04-15 */
    MARKET_BUILD_ALL = -1,     /* every interval */
};

struct market_build_row {
    int32_t owner, interval;
    struct bid_segment seg;
};

struct market_build_rows {
    struct market_build_row *row; /* [n] */
    size_t n, room;
};

/* A fact about services, until there is a place for it. */
struct market_build_service {
    enum market_build_fact {
        MARKET_BUILD_MEMBER,
        MARKET_BUILD_REQUIRED,
        MARKET_BUILD_OFFER,
        MARKET_BUILD_SELF,
    } fact;
    int32_t region, resource, interval;
    enum service service;
    double mw, price;
};

struct market_build {
    struct market m;
    int32_t n_factor;
    struct market_build_rows bids, virtual_bids, rt_bids;
    struct market_build_service *service; /* [n_service] */
    size_t n_service, room_service;
};

/* n_hours of each day may be anything from 1 to 25. */
void market_build_begin(struct market_build *b, int32_t n_day, int n_hours);
int32_t market_build_bus(struct market_build *b, const char *id, double load_mw);
/* rate_mw: INFINITY = no limit. */
int32_t market_build_branch(struct market_build *b, int32_t from, int32_t to,
                            double x_pu, double rate_mw);
/* factor NULL: equal shares. */
int32_t market_build_apnode(struct market_build *b, const char *id, enum node_kind kind,
                            int32_t n, const int32_t *bus, const double *factor);
/* A tie and its NODE_TIE; its index among ties is m.node[result].tie. */
int32_t market_build_tie(struct market_build *b, const char *id, int32_t bus,
                         double import_limit_mw, double export_limit_mw);
int32_t market_build_sc(struct market_build *b, const char *id,
                        double unsecured_limit_usd);
/*
 * Imports and exports at a NODE_TIE belong to its tie. Storage gets 4 h x pmax of energy,
 * empty at the start, efficiencies 1.
 */
int32_t market_build_resource(struct market_build *b, const char *id,
                              enum resource_type type, int32_t sc, int32_t node,
                              double pmin_mw, double pmax_mw);
int32_t market_build_position(struct market_build *b, int32_t sc, int32_t node,
                              enum virtual_side side);
/* One piece of an energy bid; interval may be MARKET_BUILD_ALL. */
void market_build_bid(struct market_build *b, int32_t resource, int32_t interval,
                      double from_mw, double to_mw, double price_usd_per_mwh);
void market_build_self(struct market_build *b, int32_t resource, int32_t interval,
                       enum bid_kind kind, double from_mw, double to_mw);
/* A piece of a bid for real time; price NaN: a self-schedule. */
void market_build_real_time_bid(struct market_build *b, int32_t resource,
                                int32_t interval, double from_mw, double to_mw,
                                double price_usd_per_mwh);
void market_build_virtual_bid(struct market_build *b, int32_t position,
                              int32_t interval, double from_mw, double to_mw,
                              double price_usd_per_mwh);
/*
 * Ancillary services. Region 0, SYSTEM, comes with the first call of any of these; others
 * are added by name. An offer and a self-provision may stand side by side.
 */
int32_t market_build_region(struct market_build *b, const char *id);
void market_build_member(struct market_build *b, int32_t region, int32_t resource);
void market_build_required(struct market_build *b, int32_t region, enum service service,
                           int32_t interval, double mw);
void market_build_offer(struct market_build *b, int32_t resource, enum service service,
                        int32_t interval, double mw, double price_usd_per_mw);
void market_build_self_provide(struct market_build *b, int32_t resource,
                               enum service service, int32_t interval, double mw);
/* Sorts the bids into books; the caller owns the market, *b is empty again. */
struct market market_build_end(struct market_build *b);

#endif
