/*
 * schema_list.h - the rows of the schema; included by schema.c only.
 *
 * SCHEMA_STAGE is the set of tables of one clearing stage, so that every stage writes
 * the same variables. Its second parameter says whether a whole market is behind it
 * (participants, virtual bids, stored energy) or a bare network case.
 *
 * Layer: results.
 */
#ifndef RESULTS_SCHEMA_LIST_H
#define RESULTS_SCHEMA_LIST_H

// clang-format off

#define LABELS(p, name, text) \
    {.path = p, .role = TABLE_LABELS, .type = TABLE_TEXT, .rank = 1, .dim = {p}, \
     .unit = "1", .long_name = name, .meaning = text, .required = true},
#define ROWS(p, name) \
    {.path = p, .role = TABLE_SIZE, .type = TABLE_F64, .rank = 1, .dim = {p}, \
     .unit = "1", .long_name = name, .meaning = "", .required = true},
#define TIMES(p, name) \
    {.path = p, .role = TABLE_COORDINATE, .type = TABLE_I64, .rank = 1, .dim = {p}, \
     .unit = TIME_UNIT, .long_name = name, .meaning = "UTC", .required = true},
#define CODES(p, name, text) \
    {.path = p, .role = TABLE_COORDINATE, .type = TABLE_I32, .rank = 1, .dim = {p}, \
     .unit = "1", .long_name = name, .meaning = text, .required = true},
/* A variable along one or two scales; the tail adds designated fields. */
#define ALONG(p, t, d0, u, name, text, ...) \
    {.path = p, .type = t, .rank = 1, .dim = {d0}, .unit = u, .long_name = name, \
     .meaning = text, __VA_ARGS__},
#define OVER(p, t, d0, d1, u, name, text, ...) \
    {.path = p, .type = t, .rank = 2, .dim = {d0, d1}, .unit = u, .long_name = name, \
     .meaning = text, __VA_ARGS__},

#define REQ .required = true
#define MAYBE .required = false
#define AT(scale) .refers = scale, .required = true
#define AT_OR(scale, none) .refers = scale, .absent = none, .required = true
#define WORDS(list) .flags = list, .required = true

#define TIME_UNIT "minutes since 1970-01-01 00:00:00"
#define DATE_UNIT "days since 1970-01-01"
#define YES_NO "no yes"

#define SCHEMA_ROOT \
    LABELS("/node", "nodes with a price", "buses first, then aggregated nodes, then ties") \
    LABELS("/branch", "transmission branches", "FROM-TO, FROM-TO-2 for a second circuit") \
    LABELS("/resource", "resources", "") \
    LABELS("/sc", "scheduling coordinators", "") \
    LABELS("/virtual", "virtual positions", "SC:NODE:side")

#define SCHEMA_INTERVAL(G) \
    TIMES(G "/interval", "start of the interval") \
    ALONG(G "/duration", TABLE_F64, G "/interval", "min", "length of the interval", "", REQ) \
    ALONG(G "/trade_date", TABLE_I32, G "/interval", DATE_UNIT, "trade date", "local prevailing time", REQ) \
    ALONG(G "/hour_ending", TABLE_I32, G "/interval", "1", "hour ending", "1..25, local prevailing time", REQ)

#define SCHEMA_INPUT \
    ALONG("/input/sc/name", TABLE_TEXT, "/sc", "1", "name", "", REQ) \
    ALONG("/input/sc/certified_from", TABLE_I32, "/sc", DATE_UNIT, "first day certified", "", REQ) \
    ALONG("/input/sc/certified_to", TABLE_I32, "/sc", DATE_UNIT, "last day certified", "", REQ) \
    ALONG("/input/sc/unsecured_limit_usd", TABLE_F64, "/sc", "USD", "unsecured credit limit", "", REQ) \
    ALONG("/input/sc/posted_security_usd", TABLE_F64, "/sc", "USD", "security posted", "", REQ) \
    ALONG("/input/sc/invoiced_usd", TABLE_F64, "/sc", "USD", "invoiced, not yet paid", "carried in", REQ) \
    ALONG("/input/sc/published_usd", TABLE_F64, "/sc", "USD", "published, not yet invoiced", "carried in", REQ) \
    ALONG("/input/sc/estimated_usd", TABLE_F64, "/sc", "USD", "estimated, not yet published", "carried in", REQ) \
    ALONG("/input/sc/extrapolated_usd", TABLE_F64, "/sc", "USD", "extrapolated", "carried in", REQ) \
    ALONG("/input/sc/crr_usd", TABLE_F64, "/sc", "USD", "exposure of congestion revenue rights", "carried in", REQ) \
    ALONG("/input/sc/other_usd", TABLE_F64, "/sc", "USD", "other liabilities", "carried in", REQ) \
    ALONG("/input/resource/type", TABLE_U8, "/resource", "1", "type", "", WORDS("generator load storage pdr dera import export")) \
    ALONG("/input/resource/sc", TABLE_I32, "/resource", "1", "scheduling coordinator", "", AT("/sc")) \
    ALONG("/input/resource/node", TABLE_I32, "/resource", "1", "node", "", AT("/node")) \
    ALONG("/input/resource/tie", TABLE_I32, "/resource", "1", "tie", "", AT_OR("/input/tie/tie", "")) \
    ALONG("/input/resource/tie_option", TABLE_U8, "/resource", "1", "how imports and exports are scheduled in real time", "", .flags = "hourly self_hourly hourly_one_change fifteen_minute dynamic self_variable", MAYBE) \
    ALONG("/input/resource/pmin_mw", TABLE_F64, "/resource", "MW", "least MW, own direction", "", REQ) \
    ALONG("/input/resource/pmax_mw", TABLE_F64, "/resource", "MW", "most MW, own direction", "", REQ) \
    ALONG("/input/resource/ramp_up_mw_per_min", TABLE_F64, "/resource", "MW/min", "ramp rate up", "inf = no limit", REQ) \
    ALONG("/input/resource/ramp_down_mw_per_min", TABLE_F64, "/resource", "MW/min", "ramp rate down", "inf = no limit", REQ) \
    ALONG("/input/resource/initial_mw", TABLE_F64, "/resource", "MW", "output before the first interval", "", .nan_fill = true, REQ) \
    ALONG("/input/resource/energy_min_mwh", TABLE_F64, "/resource", "MWh", "least stored energy", "storage only", .nan_fill = true, REQ) \
    ALONG("/input/resource/energy_max_mwh", TABLE_F64, "/resource", "MWh", "most stored energy", "storage only", .nan_fill = true, REQ) \
    ALONG("/input/resource/charge_efficiency", TABLE_F64, "/resource", "1", "efficiency of charging", "storage only", .nan_fill = true, REQ) \
    ALONG("/input/resource/discharge_efficiency", TABLE_F64, "/resource", "1", "efficiency of discharging", "storage only", .nan_fill = true, REQ) \
    ALONG("/input/resource/initial_energy_mwh", TABLE_F64, "/resource", "MWh", "stored energy at the start", "storage only", .nan_fill = true, REQ) \
    ALONG("/input/resource/end_energy_mwh", TABLE_F64, "/resource", "MWh", "least stored energy at the end of each day", "", .nan_fill = true, REQ) \
    ALONG("/input/resource/forecast_share", TABLE_F64, "/resource", "1", "share of the forecast self-scheduled without a bid", "", REQ) \
    ALONG("/input/resource/ru_certified_mw", TABLE_F64, "/resource", "MW", "most regulation up", "0 = not certified", MAYBE) \
    ALONG("/input/resource/sr_certified_mw", TABLE_F64, "/resource", "MW", "most spinning reserve", "0 = not certified", MAYBE) \
    ALONG("/input/resource/nr_certified_mw", TABLE_F64, "/resource", "MW", "most non-spinning reserve", "0 = not certified", MAYBE) \
    ALONG("/input/resource/rd_certified_mw", TABLE_F64, "/resource", "MW", "most regulation down", "0 = not certified", MAYBE) \
    ALONG("/input/resource/active", TABLE_U8, "/resource", "1", "status is active", "", WORDS(YES_NO)) \
    ALONG("/input/resource/registered_from", TABLE_I32, "/resource", DATE_UNIT, "first day registered", "", REQ) \
    ALONG("/input/resource/registered_to", TABLE_I32, "/resource", DATE_UNIT, "last day registered", "", REQ) \
    ALONG("/input/resource/technology", TABLE_TEXT, "/resource", "1", "technology", "", REQ) \
    ALONG("/input/node/kind", TABLE_U8, "/node", "1", "kind of node", "", WORDS("pnode lap sub_lap hub aggregate tie")) \
    ALONG("/input/node/sub_lap", TABLE_TEXT, "/node", "1", "sub-LAP", "empty where none", REQ) \
    ALONG("/input/node/virtual_eligible", TABLE_U8, "/node", "1", "virtual bids allowed", "", WORDS(YES_NO)) \
    ALONG("/input/node/virtual_limit_mw", TABLE_F64, "/node", "MW", "limit of virtual bids per SC, side and hour", "inf = no limit", REQ) \
    ALONG("/input/node/reference_supply_usd_per_mwh", TABLE_F64, "/node", "USD/MWh", "credit exposure of virtual supply", "", REQ) \
    ALONG("/input/node/reference_demand_usd_per_mwh", TABLE_F64, "/node", "USD/MWh", "credit exposure of virtual demand", "", REQ) \
    ALONG("/input/node/longitude", TABLE_F64, "/node", "degree", "longitude", "", .nan_fill = true, MAYBE) \
    ALONG("/input/node/latitude", TABLE_F64, "/node", "degree", "latitude", "", .nan_fill = true, MAYBE) \
    ROWS("/input/factor/row", "distribution factors, one row each") \
    ALONG("/input/factor/node", TABLE_I32, "/input/factor/row", "1", "aggregated node", "", AT("/node")) \
    ALONG("/input/factor/bus", TABLE_I32, "/input/factor/row", "1", "its bus", "", AT("/node")) \
    ALONG("/input/factor/factor", TABLE_F64, "/input/factor/row", "1", "distribution factor", "each node's sum is 1", REQ) \
    ALONG("/input/branch/from", TABLE_I32, "/branch", "1", "bus it leaves", "", AT("/node")) \
    ALONG("/input/branch/to", TABLE_I32, "/branch", "1", "bus it reaches", "", AT("/node")) \
    ALONG("/input/branch/r_pu", TABLE_F64, "/branch", "1", "series resistance, per unit", "", REQ) \
    ALONG("/input/branch/x_pu", TABLE_F64, "/branch", "1", "series reactance, per unit", "", REQ) \
    ALONG("/input/branch/tap", TABLE_F64, "/branch", "1", "turns ratio", "1 for a line", REQ) \
    ALONG("/input/branch/shift_deg", TABLE_F64, "/branch", "degree", "phase shift", "", REQ) \
    ALONG("/input/branch/rate_mw", TABLE_F64, "/branch", "MW", "limit both ways", "inf = no limit", REQ) \
    LABELS("/input/tie/tie", "ties", "") \
    ALONG("/input/tie/bus", TABLE_I32, "/input/tie/tie", "1", "scheduling point", "", AT("/node")) \
    ALONG("/input/tie/import_limit_mw", TABLE_F64, "/input/tie/tie", "MW", "import limit", "inf = no limit", REQ) \
    ALONG("/input/tie/export_limit_mw", TABLE_F64, "/input/tie/tie", "MW", "export limit", "inf = no limit", REQ) \
    ALONG("/input/virtual/sc", TABLE_I32, "/virtual", "1", "scheduling coordinator", "", AT("/sc")) \
    ALONG("/input/virtual/node", TABLE_I32, "/virtual", "1", "node", "", AT("/node")) \
    ALONG("/input/virtual/side", TABLE_U8, "/virtual", "1", "side", "", WORDS("supply demand"))

#define STATUS_WORDS WORDS("none accepted modified rejected")

#define SCHEMA_ADMISSION \
    SCHEMA_INTERVAL("/admission") \
    OVER("/admission/status", TABLE_U8, "/admission/interval", "/resource", "1", "what became of the bid", "", STATUS_WORDS) \
    OVER("/admission/virtual_status", TABLE_U8, "/admission/interval", "/virtual", "1", "what became of the virtual bid", "", STATUS_WORDS) \
    OVER("/admission/real_time_status", TABLE_U8, "/admission/interval", "/resource", "1", "what became of the bid for real time", "rejected: the day-ahead bid stays; written where there are any", .flags = "none accepted modified rejected", MAYBE) \
    ROWS("/admission/decision/decision", "bids modified or rejected, one row each") \
    ALONG("/admission/decision/sc", TABLE_I32, "/admission/decision/decision", "1", "scheduling coordinator", "", AT("/sc")) \
    ALONG("/admission/decision/resource", TABLE_I32, "/admission/decision/decision", "1", "resource", "", AT_OR("/resource", "")) \
    ALONG("/admission/decision/virtual", TABLE_I32, "/admission/decision/decision", "1", "virtual position", "", AT_OR("/virtual", "")) \
    ALONG("/admission/decision/interval", TABLE_I32, "/admission/decision/decision", "1", "interval", "", AT("/admission/interval")) \
    ALONG("/admission/decision/rule", TABLE_TEXT, "/admission/decision/decision", "1", "rule that decided", "", REQ) \
    ALONG("/admission/decision/status", TABLE_U8, "/admission/decision/decision", "1", "outcome", "", STATUS_WORDS) \
    ALONG("/admission/decision/real_time", TABLE_U8, "/admission/decision/decision", "1", "it is a bid for real time", "written where there are any", .flags = YES_NO, MAYBE) \
    ALONG("/admission/decision/before_mw", TABLE_F64, "/admission/decision/decision", "MW", "extent of the bid as submitted", "", REQ) \
    ALONG("/admission/decision/after_mw", TABLE_F64, "/admission/decision/decision", "MW", "extent of the bid as admitted", "", REQ) \
    ALONG("/admission/decision/reason", TABLE_TEXT, "/admission/decision/decision", "1", "reason", "", REQ) \
    ROWS("/admission/credit/check", "credit checks, one row per trade date and SC") \
    ALONG("/admission/credit/trade_date", TABLE_I32, "/admission/credit/check", DATE_UNIT, "trade date", "", REQ) \
    ALONG("/admission/credit/sc", TABLE_I32, "/admission/credit/check", "1", "scheduling coordinator", "", AT("/sc")) \
    ALONG("/admission/credit/limit_usd", TABLE_F64, "/admission/credit/check", "USD", "unsecured limit and security", "", REQ) \
    ALONG("/admission/credit/carried_usd", TABLE_F64, "/admission/credit/check", "USD", "liability when the day starts", "", REQ) \
    ALONG("/admission/credit/demand_usd", TABLE_F64, "/admission/credit/check", "USD", "exposure of demand bids as submitted", "", REQ) \
    ALONG("/admission/credit/virtual_usd", TABLE_F64, "/admission/credit/check", "USD", "exposure of virtual bids as submitted", "", REQ) \
    ALONG("/admission/credit/demand_admitted_usd", TABLE_F64, "/admission/credit/check", "USD", "exposure of demand bids as admitted", "", REQ) \
    ALONG("/admission/credit/virtual_admitted_usd", TABLE_F64, "/admission/credit/check", "USD", "exposure of virtual bids as admitted", "", REQ) \
    ALONG("/admission/credit/n_demand_rejected", TABLE_I32, "/admission/credit/check", "1", "demand bids rejected", "", REQ) \
    ALONG("/admission/credit/n_virtual_rejected", TABLE_I32, "/admission/credit/check", "1", "virtual bids rejected", "", REQ) \
    ALONG("/admission/credit/arithmetic", TABLE_TEXT, "/admission/credit/check", "1", "the sum in words and numbers", "", REQ)

#define PRICE(G, name, text, more) \
    OVER(G name, TABLE_F64, G "/interval", "/node", "USD/MWh", text, more, REQ)

/* Tests of competition and offers lowered before runs whose intervals are T. */
#define SCHEMA_MITIGATED(G, T) \
    ROWS(G "/test/test", "tests of competitiveness, one row per limit and interval in which it bound") \
    ALONG(G "/test/constraint", TABLE_TEXT, G "/test/test", "1", "limit", "", REQ) \
    ALONG(G "/test/interval", TABLE_I32, G "/test/test", "1", "interval", "", AT(T)) \
    ALONG(G "/test/shadow_price", TABLE_F64, G "/test/test", "USD/MWh", "shadow price in the all-constraints run", "", REQ) \
    ALONG(G "/test/needed", TABLE_F64, G "/test/test", "MW", "counterflow of the awards", "", REQ) \
    ALONG(G "/test/fringe", TABLE_F64, G "/test/test", "MW", "most counterflow of all others", "", REQ) \
    ALONG(G "/test/withheld", TABLE_F64, G "/test/test", "MW", "least counterflow of the pivotal companies", "", REQ) \
    ALONG(G "/test/residual_index", TABLE_F64, G "/test/test", "1", "(fringe + withheld) / needed", "inf where nothing is needed; competitive from 1 on", REQ) \
    ALONG(G "/test/competitive", TABLE_U8, G "/test/test", "1", "whether the limit is competitive", "", WORDS(YES_NO)) \
    ALONG(G "/test/pivotal", TABLE_TEXT, G "/test/test", "1", "companies tested, largest first", "", REQ) \
    ROWS(G "/offer/piece", "pieces of offers that were mitigated") \
    ALONG(G "/offer/resource", TABLE_I32, G "/offer/piece", "1", "resource", "", AT("/resource")) \
    ALONG(G "/offer/interval", TABLE_I32, G "/offer/piece", "1", "interval", "", AT(T)) \
    ALONG(G "/offer/configuration", TABLE_I32, G "/offer/piece", "1", "configuration of a plant whose offer in it this is", "written where there are plants; none: the plant's own offer, or anybody else's", .refers = "/input/configuration/configuration", .absent = "", MAYBE) \
    ALONG(G "/offer/from_mw", TABLE_F64, G "/offer/piece", "MW", "where the piece starts", "", REQ) \
    ALONG(G "/offer/to_mw", TABLE_F64, G "/offer/piece", "MW", "where the piece ends", "", REQ) \
    ALONG(G "/offer/price", TABLE_F64, G "/offer/piece", "USD/MWh", "price of its node in the all-constraints run", "", REQ) \
    ALONG(G "/offer/noncompetitive", TABLE_F64, G "/offer/piece", "USD/MWh", "congestion in it from limits that are not competitive", "price less this is the competitive price", REQ) \
    ALONG(G "/offer/offered", TABLE_F64, G "/offer/piece", "USD/MWh", "as offered", "", REQ) \
    ALONG(G "/offer/default", TABLE_F64, G "/offer/piece", "USD/MWh", "default energy bid", "", REQ) \
    ALONG(G "/offer/mitigated", TABLE_F64, G "/offer/piece", "USD/MWh", "as cleared", "min(offered, max(default, competitive price))", REQ)

#define SCHEMA_MITIGATION \
    SCHEMA_INTERVAL("/mitigation") \
    PRICE("/mitigation", "/lmp", "price in the all-constraints run", "offers as admitted") \
    PRICE("/mitigation", "/lmp_energy", "energy component of it", "") \
    PRICE("/mitigation", "/lmp_congestion", "congestion component of it", "") \
    PRICE("/mitigation", "/lmp_loss", "loss component of it", "") \
    OVER("/mitigation/award", TABLE_F64, "/mitigation/interval", "/resource", "MW", "award in the all-constraints run", "injection positive", REQ) \
    SCHEMA_MITIGATED("/mitigation", "/mitigation/interval")

#define SCHEMA_STAGE(G, market) \
    SCHEMA_INTERVAL(G) \
    PRICE(G, "/lmp", "locational marginal price", "lmp_energy + lmp_congestion + lmp_loss") \
    PRICE(G, "/lmp_energy", "energy component of the price", "") \
    PRICE(G, "/lmp_congestion", "congestion component of the price", "") \
    PRICE(G, "/lmp_loss", "loss component of the price", "") \
    OVER(G "/award", TABLE_F64, G "/interval", "/resource", "MW", "award", "injection positive", REQ) \
    OVER(G "/virtual_award", TABLE_F64, G "/interval", "/virtual", "MW", "award of the virtual position", "injection positive", .required = market) \
    OVER(G "/energy", TABLE_F64, G "/interval", "/resource", "MWh", "stored energy at the end of the interval", "", .nan_fill = true, .required = market) \
    OVER(G "/on", TABLE_U8, G "/interval", "/resource", "1", "whether the market has it on", "written where the market commits units; others: no", .flags = YES_NO, MAYBE) \
    OVER(G "/start_cost", TABLE_F64, G "/interval", "/resource", "USD", "cost of a start in the interval", "written where the market commits units", MAYBE) \
    OVER(G "/min_load_cost", TABLE_F64, G "/interval", "/resource", "USD", "cost of running at Pmin", "written where the market commits units", MAYBE) \
    OVER(G "/flow", TABLE_F64, G "/interval", "/branch", "MW", "flow", "positive from -> to", REQ) \
    OVER(G "/load_forecast", TABLE_F64, G "/interval", "/node", "MW", "load forecast", "0 where none", MAYBE) \
    ALONG(G "/shortage", TABLE_F64, G "/interval", "MW", "demand that could not be served", "", REQ) \
    ALONG(G "/surplus", TABLE_F64, G "/interval", "MW", "supply that could not be used", "", REQ) \
    ALONG(G "/rent", TABLE_F64, G "/interval", "USD", "congestion rent", "sum of shadow price x limit x hours", REQ) \
    OVER(G "/branch_loss", TABLE_F64, G "/interval", "/branch", "MW", "MW lost on the branch", "written where losses are on", MAYBE) \
    ALONG(G "/loss", TABLE_F64, G "/interval", "MW", "MW lost on all branches", "written where losses are on", MAYBE) \
    ALONG(G "/loss_surplus", TABLE_F64, G "/interval", "USD", "loss surplus", "paid for losses and received by nobody, returned as charge 6947", MAYBE) \
    LABELS(G "/constraint", "limits that bound or were relaxed", "") \
    ALONG(G "/constraint_kind", TABLE_U8, G "/constraint", "1", "kind of limit", "", WORDS("branch tie ramp energy service range service_ramp service_energy")) \
    ALONG(G "/constraint_element", TABLE_TEXT, G "/constraint", "1", "branch, tie, resource or region it limits", "", REQ) \
    ALONG(G "/constraint_outage", TABLE_TEXT, G "/constraint", "1", "outage after which it limits", "empty: the network as it is", REQ) \
    ALONG(G "/constraint_side", TABLE_U8, G "/constraint", "1", "side of the limit", "", WORDS("lower upper")) \
    ALONG(G "/constraint_limit", TABLE_F64, G "/constraint", "MW", "the limit itself", "MWh for stored energy", .nan_fill = true, REQ) \
    OVER(G "/shadow_price", TABLE_F64, G "/interval", G "/constraint", "USD/MWh", "shadow price", "worth of one more MW of limit, >= 0", REQ) \
    ALONG(G "/branch_susceptance", TABLE_F64, "/branch", "MW/rad", "flow per radian of angle across the branch", "of the DC convention; inf = its buses have one angle", REQ) \
    ALONG(G "/reference_weight", TABLE_F64, "/node", "1", "part of the reference, which takes what is injected", "adds up to 1 over the buses of an island", REQ) \
    ROWS(G "/flow_term/flow_term", "limits on branches as sums of flows, one row each term") \
    ALONG(G "/flow_term/constraint", TABLE_I32, G "/flow_term/flow_term", "1", "limit", "", AT(G "/constraint")) \
    ALONG(G "/flow_term/branch", TABLE_I32, G "/flow_term/flow_term", "1", "branch", "", AT("/branch")) \
    ALONG(G "/flow_term/weight", TABLE_F64, G "/flow_term/flow_term", "1", "weight of its flow", "-1: a lower limit; after an outage also what shifts here from the branches lost", REQ) \
    ROWS(G "/shift_factor/shift_factor", "shift factors, one row each; none where /meta says so") \
    ALONG(G "/shift_factor/constraint", TABLE_I32, G "/shift_factor/shift_factor", "1", "limit", "", AT(G "/constraint")) \
    ALONG(G "/shift_factor/node", TABLE_I32, G "/shift_factor/shift_factor", "1", "node", "", AT("/node")) \
    ALONG(G "/shift_factor/factor", TABLE_F64, G "/shift_factor/shift_factor", "1", "MW on the limit per MW injected at the node", "against the distributed load reference", REQ) \
    {.path = G "/unscreened/unscreened", .role = TABLE_SIZE, .type = TABLE_F64, .rank = 1, .dim = {G "/unscreened/unscreened"}, \
     .unit = "1", .long_name = "outages without limits afterwards", .meaning = "written where outages are asked for", MAYBE}, \
    ALONG(G "/unscreened/outage", TABLE_TEXT, G "/unscreened/unscreened", "1", "outage", "", MAYBE) \
    ALONG(G "/unscreened/buses_cut_off", TABLE_I32, G "/unscreened/unscreened", "1", "buses it cuts off", "0: nobody is left to replace what it loses", MAYBE) \
    ALONG(G "/unscreened/load_cut_off", TABLE_F64, G "/unscreened/unscreened", "MW", "load at these buses", "as the network states it", MAYBE) \
    ROWS(G "/relaxation/relaxation", "limits that could not be kept, dearest first") \
    ALONG(G "/relaxation/kind", TABLE_U8, G "/relaxation/relaxation", "1", "kind", "", WORDS("shortage surplus limit self_schedule service")) \
    ALONG(G "/relaxation/interval", TABLE_I32, G "/relaxation/relaxation", "1", "interval", "", AT(G "/interval")) \
    ALONG(G "/relaxation/resource", TABLE_I32, G "/relaxation/relaxation", "1", "resource", "", AT_OR("/resource", "")) \
    ALONG(G "/relaxation/mw", TABLE_F64, G "/relaxation/relaxation", "MW", "by how much", "MWh for stored energy", REQ) \
    ALONG(G "/relaxation/cost_usd", TABLE_F64, G "/relaxation/relaxation", "USD", "what it cost", "penalty price of the scheduling run", REQ) \
    ALONG(G "/relaxation/text", TABLE_TEXT, G "/relaxation/relaxation", "1", "in words", "", REQ)

/* Convex hull prices and what prices leave units short of, where the market commits. */
#define SCHEMA_HULL(G) \
    OVER(G "/hull_lmp", TABLE_F64, G "/interval", "/node", "USD/MWh", "convex hull price", "beside lmp: nobody is paid it; without losses", MAYBE) \
    OVER(G "/hull_as_price", TABLE_F64, G "/interval", G "/as_requirement", "USD/MW", "convex hull price of the service in the region", "beside as_price", MAYBE) \
    {.path = G "/uplift/row", .role = TABLE_SIZE, .type = TABLE_F64, .rank = 1, .dim = {G "/uplift/row"}, \
     .unit = "1", .long_name = "units that the market commits, one row per trade date", .meaning = "", MAYBE}, \
    UPLIFT(G, "/trade_date", TABLE_I32, DATE_UNIT, "trade date", "local prevailing time", MAYBE) \
    UPLIFT(G, "/resource", TABLE_I32, "1", "unit", "", .refers = "/resource", MAYBE) \
    UPLIFT(G, "/cost", TABLE_F64, "USD", "cost of its awards", "energy and services as bid, starts, transitions, minimum load; self-scheduled MW: 0", MAYBE) \
    UPLIFT(G, "/revenue", TABLE_F64, "USD", "what they earn at the prices paid", "energy and services", MAYBE) \
    UPLIFT(G, "/make_whole", TABLE_F64, "USD", "cost less revenue, where above 0", "", MAYBE) \
    UPLIFT(G, "/lost_opportunity", TABLE_F64, "USD", "most profit of any schedule of its own at these prices, less its profit", "", MAYBE) \
    UPLIFT(G, "/hull_revenue", TABLE_F64, "USD", "what they would earn at convex hull prices", "", MAYBE) \
    UPLIFT(G, "/hull_make_whole", TABLE_F64, "USD", "cost less that, where above 0", "", MAYBE) \
    UPLIFT(G, "/hull_lost_opportunity", TABLE_F64, "USD", "most profit at convex hull prices, less its profit there", "", MAYBE)

#define UPLIFT(G, name, type, unit, text, more, ...) \
    ALONG(G "/uplift" name, type, G "/uplift/row", unit, text, more, __VA_ARGS__)

/* Bids as they were cleared, in injection. */
#define SCHEMA_PIECES(G) \
    {.path = G "/piece/piece", .role = TABLE_SIZE, .type = TABLE_F64, .rank = 1, .dim = {G "/piece/piece"}, \
     .unit = "1", .long_name = "pieces of bids as cleared, after admission, mitigation and commitment", .meaning = "left out where there are over four million", MAYBE}, \
    ALONG(G "/piece/interval", TABLE_I32, G "/piece/piece", "1", "interval", "", .refers = G "/interval", MAYBE) \
    ALONG(G "/piece/resource", TABLE_I32, G "/piece/piece", "1", "resource", "", .refers = "/resource", .absent = "", MAYBE) \
    ALONG(G "/piece/virtual", TABLE_I32, G "/piece/piece", "1", "virtual position", "", .refers = "/virtual", .absent = "", MAYBE) \
    ALONG(G "/piece/kind", TABLE_U8, G "/piece/piece", "1", "kind", "", .flags = "self_tor self_etc self_rmt self_pt self_lpt energy", MAYBE) \
    ALONG(G "/piece/from_mw", TABLE_F64, G "/piece/piece", "MW", "where it starts", "injection positive: load is negative", MAYBE) \
    ALONG(G "/piece/to_mw", TABLE_F64, G "/piece/piece", "MW", "where it ends", "", MAYBE) \
    ALONG(G "/piece/price", TABLE_F64, G "/piece/piece", "USD/MWh", "price", "self-schedules: the cap or floor at which they give way", MAYBE) \
    OVER(G "/ramp_free", TABLE_U8, G "/interval", "/resource", "1", "whether no ramp limit leads into the interval", "", .flags = YES_NO, MAYBE)

/* Plants of configurations, written where there are any. */
#define SCHEMA_PLANTS \
    {.path = "/input/configuration/configuration", .role = TABLE_LABELS, .type = TABLE_TEXT, .rank = 1, .dim = {"/input/configuration/configuration"}, \
     .unit = "1", .long_name = "configurations of plants", .meaning = "PLANT:NAME, ascending pmax_mw; written where there are any", MAYBE}, \
    CONFIGURATION("/resource", TABLE_I32, "1", "plant", "", .refers = "/resource", MAYBE) \
    CONFIGURATION("/pmin_mw", TABLE_F64, "MW", "least output in it", "", MAYBE) \
    CONFIGURATION("/pmax_mw", TABLE_F64, "MW", "most output in it", "", MAYBE) \
    CONFIGURATION("/min_load_usd_per_h", TABLE_F64, "USD/h", "cost of running in it at pmin_mw", "", MAYBE) \
    CONFIGURATION("/energy_adder_usd_per_mwh", TABLE_F64, "USD/MWh", "added to the prices of the plant's bid", "", MAYBE) \
    CONFIGURATION("/start_cost_usd", TABLE_F64, "USD", "cost of a hot start into it", "NaN: it is not started into", .nan_fill = true, MAYBE) \
    CONFIGURATION("/may_stop", TABLE_U8, "1", "whether the plant may go off from it", "", .flags = YES_NO, MAYBE) \
    CONFIGURATION("/min_up_h", TABLE_I32, "h", "least time in it", "", MAYBE) \
    {.path = "/input/transition/row", .role = TABLE_SIZE, .type = TABLE_F64, .rank = 1, .dim = {"/input/transition/row"}, \
     .unit = "1", .long_name = "moves that plants may make, one row each", .meaning = "", MAYBE}, \
    ALONG("/input/transition/from", TABLE_I32, "/input/transition/row", "1", "configuration it leaves", "", .refers = "/input/configuration/configuration", MAYBE) \
    ALONG("/input/transition/to", TABLE_I32, "/input/transition/row", "1", "configuration it reaches", "", .refers = "/input/configuration/configuration", MAYBE) \
    ALONG("/input/transition/cost_usd", TABLE_F64, "/input/transition/row", "USD", "cost of the move", "", MAYBE) \
    ALONG("/input/transition/time_min", TABLE_I32, "/input/transition/row", "min", "time it takes", "", MAYBE)

#define CONFIGURATION(name, type, unit, text, more, ...) \
    ALONG("/input/configuration" name, type, "/input/configuration/configuration", unit, text, more, __VA_ARGS__)

/* What plants do in a stage. */
#define SCHEMA_PLANT_STAGE(G, more) \
    OVER(G "/configuration", TABLE_I32, G "/interval", "/resource", "1", "configuration that a plant is in", "written where there are plants; none: off, or no plant", .refers = "/input/configuration/configuration", .absent = "", MAYBE) \
    OVER(G "/transition_cost", TABLE_F64, G "/interval", "/resource", "USD", "cost of a move between configurations", more, MAYBE)

/* Branches out of service as planned. */
#define SCHEMA_BRANCH_OUT \
    {.path = "/input/branch_out/row", .role = TABLE_SIZE, .type = TABLE_F64, .rank = 1, .dim = {"/input/branch_out/row"}, \
     .unit = "1", .long_name = "branches out of service as planned, one row per interval and branch", .meaning = "written where there are any", MAYBE}, \
    ALONG("/input/branch_out/interval", TABLE_I32, "/input/branch_out/row", "1", "interval", "", .refers = "/day_ahead/interval", MAYBE) \
    ALONG("/input/branch_out/branch", TABLE_I32, "/input/branch_out/row", "1", "branch", "", .refers = "/branch", MAYBE)

#define PRODUCTS "RU SR NR RD"

/* A market's ancillary services, written where it has any. */
#define SCHEMA_SERVICES(G) \
    {.path = G "/as_bid", .role = TABLE_LABELS, .type = TABLE_TEXT, .rank = 1, .dim = {G "/as_bid"}, \
     .unit = "1", .long_name = "ancillary services that resources offer", .meaning = "resource and product", MAYBE}, \
    ALONG(G "/as_bid_resource", TABLE_I32, G "/as_bid", "1", "resource", "", .refers = "/resource", MAYBE) \
    ALONG(G "/as_bid_product", TABLE_U8, G "/as_bid", "1", "product", "", .flags = PRODUCTS, MAYBE) \
    OVER(G "/as_award", TABLE_F64, G "/interval", G "/as_bid", "MW", "award of the service", "self-provision included", MAYBE) \
    OVER(G "/as_self_provided", TABLE_F64, G "/interval", G "/as_bid", "MW", "part of the award that was not bought", "self-provided; of the fifteen-minute market: kept from the day-ahead market", MAYBE) \
    OVER(G "/as_bid_price", TABLE_F64, G "/interval", G "/as_bid", "USD/MW", "what the resource is paid for it", "sum over the regions it is in", MAYBE) \
    OVER(G "/as_bid_status", TABLE_U8, G "/interval", G "/as_bid", "1", "what became of the offer", "", .flags = "none accepted modified rejected", MAYBE) \
    {.path = G "/as_requirement", .role = TABLE_LABELS, .type = TABLE_TEXT, .rank = 1, .dim = {G "/as_requirement"}, \
     .unit = "1", .long_name = "ancillary services by region", .meaning = "region and product", MAYBE}, \
    ALONG(G "/as_region", TABLE_TEXT, G "/as_requirement", "1", "region", "SYSTEM: every resource", MAYBE) \
    ALONG(G "/as_product", TABLE_U8, G "/as_requirement", "1", "product", "", .flags = PRODUCTS, MAYBE) \
    OVER(G "/as_required", TABLE_F64, G "/interval", G "/as_requirement", "MW", "what is required", "better products may serve for it", MAYBE) \
    OVER(G "/as_procured", TABLE_F64, G "/interval", G "/as_requirement", "MW", "awards in the region", "", MAYBE) \
    OVER(G "/as_short", TABLE_F64, G "/interval", G "/as_requirement", "MW", "what is short", "of the product and the better ones together", MAYBE) \
    OVER(G "/as_price", TABLE_F64, G "/interval", G "/as_requirement", "USD/MW", "price of the service in the region", "sum of shadow prices: of this and wider regions, of this and lower products", MAYBE)

/* Flexible ramping, written where a run asks for it. */
#define SCHEMA_FLEX(G) \
    OVER(G "/flex_up", TABLE_F64, G "/interval", "/resource", "MW", "upward ramping capability awarded", "", MAYBE) \
    OVER(G "/flex_down", TABLE_F64, G "/interval", "/resource", "MW", "downward ramping capability awarded", "", MAYBE) \
    OVER(G "/flex_move", TABLE_F64, G "/interval", "/resource", "MW", "forecast movement", "advisory award of the next interval less that of this one", MAYBE) \
    ALONG(G "/flex_up_price", TABLE_F64, G "/interval", "USD/MW", "price of upward ramping capability", "for an hour", MAYBE) \
    ALONG(G "/flex_down_price", TABLE_F64, G "/interval", "USD/MW", "price of downward ramping capability", "for an hour", MAYBE) \
    ALONG(G "/flex_up_required", TABLE_F64, G "/interval", "MW", "upward ramping capability required", "forecast move and uncertainty", MAYBE) \
    ALONG(G "/flex_down_required", TABLE_F64, G "/interval", "MW", "downward ramping capability required", "forecast move and uncertainty", MAYBE) \
    ALONG(G "/flex_up_short", TABLE_F64, G "/interval", "MW", "upward ramping capability that is short", "", MAYBE) \
    ALONG(G "/flex_down_short", TABLE_F64, G "/interval", "MW", "downward ramping capability that is short", "", MAYBE)

/* What real time has beside the tables of a stage. */
#define SCHEMA_REAL_TIME \
    SCHEMA_INTERVAL("/hour_ahead") \
    OVER("/hour_ahead/accepted", TABLE_F64, "/hour_ahead/interval", "/resource", "MW", "what of a block was accepted", "injection positive", .nan_fill = true, MAYBE) \
    OVER("/hour_ahead/response", TABLE_U8, "/hour_ahead/interval", "/resource", "1", "answer to a block", "", .flags = "accept partial decline none", MAYBE) \
    OVER("/hour_ahead/late", TABLE_U8, "/hour_ahead/interval", "/resource", "1", "the answer came too late for the fifteen-minute market", "", .flags = YES_NO, MAYBE) \
    OVER("/hour_ahead/block", TABLE_F64, "/hour_ahead/interval", "/resource", "MW", "hourly block of an import or export", "injection positive", .nan_fill = true, REQ) \
    OVER("/hour_ahead/output", TABLE_F64, "/hour_ahead/interval", "/resource", "MW", "output when the hour ends", "injection positive", REQ) \
    OVER("/hour_ahead/energy", TABLE_F64, "/hour_ahead/interval", "/resource", "MWh", "stored energy when the hour ends", "", .nan_fill = true, REQ) \
    SCHEMA_FLEX("/fifteen_minute") \
    SCHEMA_FLEX("/real_time") \
    OVER("/real_time/energy_bound", TABLE_U8, "/real_time/interval", "/resource", "1", "stored energy limited the dispatch", "", .flags = YES_NO, MAYBE)
/* Residual unit commitment, written where the market has it. */
#define SCHEMA_RUC \
    SCHEMA_INTERVAL("/ruc") \
    OVER("/ruc/on", TABLE_U8, "/ruc/interval", "/resource", "1", "whether it is on after residual commitment", "units that the market commits; others: no", WORDS(YES_NO)) \
    OVER("/ruc/start_cost", TABLE_F64, "/ruc/interval", "/resource", "USD", "start cost beside that of the day-ahead market", "below 0 where a start is brought forward or saved", REQ) \
    OVER("/ruc/min_load_cost", TABLE_F64, "/ruc/interval", "/resource", "USD", "cost of running at Pmin in hours that the day-ahead market left off", "", REQ) \
    OVER("/ruc/schedule", TABLE_F64, "/ruc/interval", "/resource", "MW", "schedule against the forecast", "injection positive; loads that the forecast replaces: 0", REQ) \
    OVER("/ruc/award", TABLE_F64, "/ruc/interval", "/resource", "MW", "capacity awarded", "schedule less the day-ahead award, or less Pmin if that is more", REQ) \
    OVER("/ruc/bid", TABLE_F64, "/ruc/interval", "/resource", "USD/MW", "price of its capacity as bid", "0 where no bid was made", REQ) \
    OVER("/ruc/price", TABLE_F64, "/ruc/interval", "/node", "USD/MW", "price of capacity", "cost of one more MW of forecast", REQ) \
    ALONG("/ruc/required", TABLE_F64, "/ruc/interval", "MW", "load to be covered", "forecast, and day-ahead awards of loads without one", REQ) \
    ALONG("/ruc/cleared", TABLE_F64, "/ruc/interval", "MW", "what the day-ahead awards cover of it", "physical supply less exports and losses", REQ) \
    ALONG("/ruc/shortage", TABLE_F64, "/ruc/interval", "MW", "forecast that no capacity covers", "", REQ) \
    ALONG("/ruc/surplus", TABLE_F64, "/ruc/interval", "MW", "awards that the forecast does not need", "", REQ)

/* Where a case's names stand in its file's own terms. */
#define SCHEMA_CASE \
    ALONG("/dispatch/bus_number", TABLE_I64, "/node", "1", "number of the bus in the case", "", REQ) \
    ALONG("/dispatch/unit_bus", TABLE_I32, "/resource", "1", "bus of the unit", "", AT("/node")) \
    ALONG("/dispatch/branch_from", TABLE_I32, "/branch", "1", "bus it leaves", "", AT("/node")) \
    ALONG("/dispatch/branch_to", TABLE_I32, "/branch", "1", "bus it reaches", "", AT("/node")) \
    ALONG("/dispatch/branch_rate", TABLE_F64, "/branch", "MW", "limit both ways", "inf = no limit", MAYBE) \
    ALONG("/dispatch/bus_load", TABLE_F64, "/node", "MW", "load", "", MAYBE) \
    ALONG("/dispatch/bus_shunt", TABLE_F64, "/node", "MW", "drawn by shunts", "", MAYBE) \
    {.path = "/dispatch/dc_line", .role = TABLE_LABELS, .type = TABLE_TEXT, .rank = 1, .dim = {"/dispatch/dc_line"}, \
     .unit = "1", .long_name = "DC lines", .meaning = "written where they are turned on", MAYBE}, \
    ALONG("/dispatch/dc_line_from", TABLE_I32, "/dispatch/dc_line", "1", "bus it leaves", "", .refers = "/node", MAYBE) \
    ALONG("/dispatch/dc_line_to", TABLE_I32, "/dispatch/dc_line", "1", "bus it reaches", "", .refers = "/node", MAYBE) \
    OVER("/dispatch/dc_line_flow", TABLE_F64, "/dispatch/interval", "/dispatch/dc_line", "MW", "taken from the network at its from bus", "", MAYBE) \
    OVER("/dispatch/dc_line_received", TABLE_F64, "/dispatch/interval", "/dispatch/dc_line", "MW", "given to the network at its to bus", "the flow less losses", MAYBE)

/* An instance of unit commitment; its units are /resource. */
#define SCHEMA_COMMITMENT \
    SCHEMA_INTERVAL("/commitment") \
    LABELS("/commitment/other", "power without commitment", "renewables, and loads that answer the price") \
    LABELS("/commitment/product", "reserve products", "") \
    LABELS("/commitment/requirement", "reserve requirements", "") \
    LABELS("/commitment/offer", "products that units may hold", "UNIT:PRODUCT") \
    ALONG("/commitment/offer_unit", TABLE_I32, "/commitment/offer", "1", "unit", "", AT("/resource")) \
    ALONG("/commitment/offer_product", TABLE_I32, "/commitment/offer", "1", "product", "", AT("/commitment/product")) \
    OVER("/commitment/on", TABLE_U8, "/commitment/interval", "/resource", "1", "unit runs", "", WORDS(YES_NO)) \
    OVER("/commitment/power", TABLE_F64, "/commitment/interval", "/resource", "MW", "power of the unit", "", REQ) \
    OVER("/commitment/charge", TABLE_F64, "/commitment/interval", "/resource", "MW", "what stores charge", "power is what they discharge less this; 0 of other units; written with stores", MAYBE) \
    OVER("/commitment/energy", TABLE_F64, "/commitment/interval", "/resource", "MWh", "what stores keep at the end of the interval", "written with stores", MAYBE) \
    OVER("/commitment/start_cost", TABLE_F64, "/commitment/interval", "/resource", "USD", "cost of starting", "", REQ) \
    OVER("/commitment/reserve", TABLE_F64, "/commitment/interval", "/commitment/offer", "MW", "reserve held", "", REQ) \
    OVER("/commitment/other_power", TABLE_F64, "/commitment/interval", "/commitment/other", "MW", "power, injection positive", "", REQ) \
    ALONG("/commitment/load", TABLE_F64, "/commitment/interval", "MW", "load of the system", "", REQ) \
    ALONG("/commitment/shortage", TABLE_F64, "/commitment/interval", "MW", "load not served", "", REQ) \
    ALONG("/commitment/surplus", TABLE_F64, "/commitment/interval", "MW", "power that nobody takes", "", REQ) \
    OVER("/commitment/shortfall", TABLE_F64, "/commitment/interval", "/commitment/requirement", "MW", "reserve missing", "", REQ) \
    ALONG("/commitment/energy_price", TABLE_F64, "/commitment/interval", "USD/MWh", "price of energy, commitment fixed", "at the reference of a network", REQ) \
    OVER("/commitment/reserve_price", TABLE_F64, "/commitment/interval", "/commitment/requirement", "USD/MWh", "price of a requirement, commitment fixed", "a product earns the sum over those it counts for", REQ) \
    OVER("/commitment/lmp", TABLE_F64, "/commitment/interval", "/node", "USD/MWh", "price at the bus, commitment fixed", "written with a network", MAYBE) \
    ALONG("/commitment/hull_energy_price", TABLE_F64, "/commitment/interval", "USD/MWh", "convex hull price of energy", "", REQ) \
    OVER("/commitment/hull_reserve_price", TABLE_F64, "/commitment/interval", "/commitment/requirement", "USD/MWh", "convex hull price of a requirement", "", REQ) \
    OVER("/commitment/hull_lmp", TABLE_F64, "/commitment/interval", "/node", "USD/MWh", "convex hull price at the bus", "written with a network", MAYBE) \
    ALONG("/commitment/cost", TABLE_F64, "/resource", "USD", "cost of the unit's schedule", "energy, starts, stops, reserve offers", REQ) \
    SCHEMA_UPLIFT("", "commitment fixed") \
    SCHEMA_UPLIFT("hull_", "convex hull prices")

#define SCHEMA_UPLIFT(prefix, which) \
    ALONG("/commitment/" prefix "revenue", TABLE_F64, "/resource", "USD", "revenue of the unit, " which, "", REQ) \
    ALONG("/commitment/" prefix "make_whole", TABLE_F64, "/resource", "USD", "cost that revenue leaves open, " which, "", REQ) \
    ALONG("/commitment/" prefix "lost_opportunity", TABLE_F64, "/resource", "USD", "what its best schedule at these prices would earn more, " which, "", REQ)

/* Meters, where the market has real time. */
#define SCHEMA_METER \
    SCHEMA_INTERVAL("/meter") \
    OVER("/meter/energy", TABLE_F64, "/meter/interval", "/resource", "MWh", "metered energy", "injection positive", REQ) \
    ALONG("/meter/unaccounted", TABLE_F64, "/meter/interval", "MWh", "unaccounted-for energy, in the first interval of each hour", "metered injection less losses", REQ) \
    {.path = "/meter/as_bid", .role = TABLE_LABELS, .type = TABLE_TEXT, .rank = 1, .dim = {"/meter/as_bid"}, \
     .unit = "1", .long_name = "ancillary services that resources offer", .meaning = "as in /day_ahead", MAYBE}, \
    OVER("/meter/as_no_pay", TABLE_F64, "/meter/interval", "/meter/as_bid", "MW", "capacity of ancillary services that was paid for and was not there", "", MAYBE) \
    {.path = "/meter/utility_area", .role = TABLE_LABELS, .type = TABLE_TEXT, .rank = 1, .dim = {"/meter/utility_area"}, \
     .unit = "1", .long_name = "utility distribution areas", .meaning = "where there are more than one"}, \
    ALONG("/input/node/utility_area", TABLE_I32, "/node", "1", "utility area", "-1 = more than one", .refers = "/meter/utility_area", .absent = "") \
    ALONG("/meter/area_sc", TABLE_I32, "/meter/utility_area", "1", "who answers for a metered subsystem that follows its load", "", .refers = "/sc", .absent = "") \
    OVER("/meter/area_unaccounted", TABLE_F64, "/meter/interval", "/meter/utility_area", "MWh", "unaccounted-for energy of an area, in the first interval of each hour", "metered in it and flowed in, less its losses", MAYBE) \
    OVER("/meter/area_deviation", TABLE_F64, "/meter/interval", "/meter/utility_area", "MWh", "energy of an area beyond dispatch and schedule, likewise", "metered less dispatched; of loads less scheduled day-ahead", MAYBE) \
    OVER("/meter/area_demand", TABLE_F64, "/meter/interval", "/meter/utility_area", "MWh", "measured demand of an area, likewise", "loads and exports", MAYBE) \
    OVER("/meter/area_inflow", TABLE_F64, "/meter/interval", "/meter/utility_area", "MWh", "energy that flowed into an area from others, likewise", "metered, else as dispatched", MAYBE) \
    OVER("/meter/area_loss", TABLE_F64, "/meter/interval", "/meter/utility_area", "MWh", "losses of an area, likewise", "", MAYBE) \
    OVER("/meter/available", TABLE_F64, "/meter/interval", "/resource", "MW", "most output that was there", "empty: as registered", .nan_fill = true, MAYBE) \
    ALONG("/meter/given", TABLE_U8, "/resource", "1", "table meter or dr_history measures it", "else it is the dispatch, with the error of training", .flags = YES_NO, MAYBE)

#define SCHEMA_SETTLEMENT \
    SCHEMA_INTERVAL("/settlement") \
    CODES("/settlement/charge_code", "charge codes", "") \
    ALONG("/settlement/charge_code_name", TABLE_TEXT, "/settlement/charge_code", "1", "name of the charge", "", REQ) \
    ALONG("/settlement/charge_code_group", TABLE_TEXT, "/settlement/charge_code", "1", "group that adds up to zero", "", REQ) \
    ALONG("/settlement/charge_code_interval", TABLE_TEXT, "/settlement/charge_code", "1", "what is charged for at a time", "", REQ) \
    ALONG("/settlement/charge_code_who", TABLE_TEXT, "/settlement/charge_code", "1", "who pays", "", REQ) \
    ALONG("/settlement/charge_code_inputs", TABLE_TEXT, "/settlement/charge_code", "1", "tables and codes it is made of", "", REQ) \
    ALONG("/settlement/charge_code_formula", TABLE_TEXT, "/settlement/charge_code", "1", "formula", "", REQ) \
    ROWS("/settlement/statement/line", "statement lines") \
    ALONG("/settlement/statement/sc", TABLE_TEXT, "/settlement/statement/line", "1", "scheduling coordinator", "ISO is the operator's own account", REQ) \
    ALONG("/settlement/statement/charge_code", TABLE_I32, "/settlement/statement/line", "1", "charge code", "", REQ) \
    ALONG("/settlement/statement/trade_date", TABLE_I32, "/settlement/statement/line", DATE_UNIT, "trade date", "", REQ) \
    ALONG("/settlement/statement/published", TABLE_I32, "/settlement/statement/line", DATE_UNIT, "day of publication", "", REQ) \
    ALONG("/settlement/statement/version", TABLE_I32, "/settlement/statement/line", "1", "recalculation", "0: the first statement; else the difference that the recalculation makes", REQ) \
    ALONG("/settlement/statement/amount_cents", TABLE_I64, "/settlement/statement/line", "cent", "amount", "positive: the SC pays; all lines of a run add up to zero", REQ) \
    ROWS("/settlement/invoice/invoice", "invoices, one row per date and account") \
    ALONG("/settlement/invoice/sc", TABLE_I32, "/settlement/invoice/invoice", "1", "scheduling coordinator", "", AT_OR("/sc", "ISO")) \
    ALONG("/settlement/invoice/date", TABLE_I32, "/settlement/invoice/invoice", DATE_UNIT, "date of the invoice", "", REQ) \
    ALONG("/settlement/invoice/due", TABLE_I32, "/settlement/invoice/invoice", DATE_UNIT, "day by whose end it is paid", "", REQ) \
    ALONG("/settlement/invoice/lines", TABLE_I32, "/settlement/invoice/invoice", "1", "statement lines on it", "", REQ) \
    ALONG("/settlement/invoice/amount_cents", TABLE_I64, "/settlement/invoice/invoice", "cent", "amount", "positive: the SC pays; those of a date add up to zero", REQ) \
    ROWS("/settlement/interval_line/line", "charges per resource and interval") \
    ALONG("/settlement/interval_line/sc", TABLE_I32, "/settlement/interval_line/line", "1", "scheduling coordinator", "", AT_OR("/sc", "ISO")) \
    ALONG("/settlement/interval_line/charge_code", TABLE_I32, "/settlement/interval_line/line", "1", "charge code", "", REQ) \
    ALONG("/settlement/interval_line/resource", TABLE_I32, "/settlement/interval_line/line", "1", "resource", "", AT_OR("/resource", "")) \
    ALONG("/settlement/interval_line/virtual", TABLE_I32, "/settlement/interval_line/line", "1", "virtual position", "", AT_OR("/virtual", "")) \
    ALONG("/settlement/interval_line/interval", TABLE_I32, "/settlement/interval_line/line", "1", "hour", "", AT("/day_ahead/interval")) \
    ALONG("/settlement/interval_line/version", TABLE_I32, "/settlement/interval_line/line", "1", "recalculation", "0: the first statement; else the difference that the recalculation makes", REQ) \
    ALONG("/settlement/interval_line/minute", TABLE_I32, "/settlement/interval_line/line", "min", "where in the hour it starts", "", REQ) \
    ALONG("/settlement/interval_line/length", TABLE_I32, "/settlement/interval_line/line", "min", "length of what is charged for", "60: the hour; more: the trade date", REQ) \
    ALONG("/settlement/interval_line/quantity", TABLE_F64, "/settlement/interval_line/line", "MWh", "quantity", "or a count of bid segments", REQ) \
    ALONG("/settlement/interval_line/price", TABLE_F64, "/settlement/interval_line/line", "USD/MWh", "price per unit of quantity", "", REQ) \
    ALONG("/settlement/interval_line/amount_usd", TABLE_F64, "/settlement/interval_line/line", "USD", "amount before rounding", "positive: the SC pays", REQ) \
    OVER("/settlement/load_price", TABLE_F64, "/settlement/interval", "/node", "USD/MWh", "hourly real-time price of load", "prices of the runs weighted with what each of them changed; their mean where none did; empty where no load is", .nan_fill = true, MAYBE) \
    OVER("/settlement/load_price_congestion", TABLE_F64, "/settlement/interval", "/node", "USD/MWh", "its congestion component", "likewise", .nan_fill = true, MAYBE) \
    OVER("/settlement/load_price_loss", TABLE_F64, "/settlement/interval", "/node", "USD/MWh", "its loss component", "likewise", .nan_fill = true, MAYBE) \
    ALONG("/settlement/recovery/committed", TABLE_F64, "/settlement/interval", "MWh", "energy and upward services of units that the market committed", "in hours with uplift: what tier 1 divides by", MAYBE) \
    ALONG("/settlement/residual_award", TABLE_F64, "/settlement/interval", "MWh", "awards of residual commitment", "what tier 1 divides by", MAYBE) \
    SCHEMA_RECOVERY("day_ahead", "start cost and minimum load", "", "as bid", "") \
    SCHEMA_RECOVERY("real_time", "start cost and minimum load", "those of residual commitment, too, with its capacity as bid less what that was paid", "as bid beyond the day-ahead award", "with ramping capability")

/* What bid cost recovery counted in a market whose recovery paid somebody. */
#define SCHEMA_RECOVERY(market, commitment, more, energy, revenue) \
    OVER("/settlement/recovery/" market "_commitment", TABLE_F64, "/settlement/interval", "/resource", "USD", commitment, more, MAYBE) \
    OVER("/settlement/recovery/" market "_energy", TABLE_F64, "/settlement/interval", "/resource", "USD", "cost of energy", energy, MAYBE) \
    OVER("/settlement/recovery/" market "_service", TABLE_F64, "/settlement/interval", "/resource", "USD", "ancillary services as offered, less what they were paid", "", MAYBE) \
    OVER("/settlement/recovery/" market "_revenue", TABLE_F64, "/settlement/interval", "/resource", "USD", "revenue of energy", revenue, MAYBE)

#define SCHEMA_CREDIT \
    ALONG("/credit/account/limit", TABLE_F64, "/sc", "USD", "credit limit", "unsecured limit and security", REQ) \
    ALONG("/credit/account/carried", TABLE_F64, "/sc", "USD", "liability carried in", "", REQ) \
    ALONG("/credit/account/statement", TABLE_F64, "/sc", "USD", "net of this run's statements that is not paid yet", "", REQ) \
    ALONG("/credit/account/extrapolated", TABLE_F64, "/sc", "USD", "for what is not yet estimated", "", REQ) \
    ALONG("/credit/account/virtual", TABLE_F64, "/sc", "USD", "exposure of awarded virtual bids", "", REQ) \
    ALONG("/credit/account/liability", TABLE_F64, "/sc", "USD", "liability", "carried + statement + extrapolated + virtual", REQ) \
    ALONG("/credit/account/utilisation", TABLE_F64, "/sc", "1", "liability / limit", "inf where something is owed without a limit", REQ) \
    ALONG("/credit/account/call", TABLE_F64, "/sc", "USD", "collateral asked for", "", REQ) \
    ALONG("/credit/account/status", TABLE_U8, "/sc", "1", "status", "default: a call is past due", WORDS("ok notice warning call default")) \
    ROWS("/credit/day/row", "accounts when a trade date ends, one row per date and SC") \
    CREDIT_DAY("trade_date", TABLE_I32, DATE_UNIT, "trade date", "", REQ) \
    CREDIT_DAY("sc", TABLE_I32, "1", "scheduling coordinator", "", AT("/sc")) \
    CREDIT_DAY("limit", TABLE_F64, "USD", "credit limit", "security posted until then included", REQ) \
    CREDIT_DAY("carried", TABLE_F64, "USD", "liability carried in", "", REQ) \
    CREDIT_DAY("estimated", TABLE_F64, "USD", "trade dates settled and not published", "", REQ) \
    CREDIT_DAY("published", TABLE_F64, "USD", "published and not invoiced", "", REQ) \
    CREDIT_DAY("invoiced", TABLE_F64, "USD", "invoiced and not paid", "", REQ) \
    CREDIT_DAY("extrapolated", TABLE_F64, "USD", "for what is not yet estimated", "days x mean net", REQ) \
    CREDIT_DAY("virtual", TABLE_F64, "USD", "exposure of awarded virtual bids not yet unwound", "", REQ) \
    CREDIT_DAY("liability", TABLE_F64, "USD", "liability", "sum of the six", REQ) \
    CREDIT_DAY("utilisation", TABLE_F64, "1", "liability / limit", "inf where something is owed without a limit", REQ) \
    CREDIT_DAY("call", TABLE_F64, "USD", "collateral asked for", "", REQ) \
    CREDIT_DAY("call_due", TABLE_I32, DATE_UNIT, "day by whose end the call is to be met", "2199-12-31: no call", REQ) \
    CREDIT_DAY("status", TABLE_U8, "1", "status", "", WORDS("ok notice warning call default"))

#define CREDIT_DAY(name, type, unit, text, more, ...) \
    ALONG("/credit/day/" name, type, "/credit/day/row", unit, text, more, __VA_ARGS__)

#define SCHEMA_TABLES \
    SCHEMA_ROOT \
    SCHEMA_INPUT \
    SCHEMA_BRANCH_OUT \
    SCHEMA_PLANTS \
    SCHEMA_ADMISSION \
    SCHEMA_MITIGATION \
    SCHEMA_STAGE("/day_ahead", true) \
    SCHEMA_SERVICES("/day_ahead") \
    SCHEMA_HULL("/day_ahead") \
    SCHEMA_PLANT_STAGE("/day_ahead", "in the first interval of the new one") \
    SCHEMA_PIECES("/day_ahead") \
    SCHEMA_PIECES("/fifteen_minute") \
    SCHEMA_PIECES("/real_time") \
    SCHEMA_STAGE("/fifteen_minute", true) \
    SCHEMA_SERVICES("/fifteen_minute") \
    SCHEMA_STAGE("/real_time", true) \
    SCHEMA_SERVICES("/real_time") \
    SCHEMA_REAL_TIME \
    SCHEMA_MITIGATED("/hour_ahead_mitigation", "/hour_ahead/interval") \
    SCHEMA_MITIGATED("/fifteen_minute_mitigation", "/fifteen_minute/interval") \
    SCHEMA_MITIGATED("/real_time_mitigation", "/real_time/interval") \
    SCHEMA_RUC \
    SCHEMA_PLANT_STAGE("/ruc", "beside those of the day-ahead market; below 0 where one is saved") \
    SCHEMA_STAGE("/dispatch", false) \
    SCHEMA_CASE \
    SCHEMA_COMMITMENT \
    SCHEMA_METER \
    SCHEMA_SETTLEMENT \
    SCHEMA_CREDIT

#define SCHEMA_META \
    {"format_version", TABLE_TEXT, false, "version of this format, written by the program"}, \
    {"program_version", TABLE_TEXT, true, "version and commit of the program"}, \
    {"scenario", TABLE_TEXT, true, "name of the scenario or case"}, \
    {"description", TABLE_TEXT, false, "its description"}, \
    {"base", TABLE_TEXT, false, "name of the scenario that this one changes"}, \
    {"changes", TABLE_TEXT, false, "what it changes there, one line each, as carried out"}, \
    {"time_zone", TABLE_TEXT, false, "IANA time zone of the trade dates"}, \
    {"fingerprint", TABLE_TEXT, true, "hash of all inputs, 16 hexadecimal digits"}, \
    {"dc_model", TABLE_TEXT, false, "DC convention: matpower or pglib"}, \
    {"losses", TABLE_TEXT, false, "where branches lose power: off, reference or ends"}, \
    {"shift_factors", TABLE_TEXT, false, "whether shift factors are stored: all or none; flow_term, branch_susceptance and reference_weight give them back"}, \
    {"solver", TABLE_TEXT, true, "names and versions of the solver libraries"}, \
    {"objective_usd", TABLE_F64, true, "cost of the awards as bid, penalties included"}, \
    {"bound_usd", TABLE_F64, false, "no commitment costs less"}, \
    {"hull_value_usd", TABLE_F64, false, "value of the Lagrangian at the convex hull prices"}, \
    {"primal_residual", TABLE_F64, true, "worst violation of a limit, MW"}, \
    {"dual_residual", TABLE_F64, false, "worst violation of a price condition, USD/MWh"}, \
    {"relative_gap", TABLE_F64, true, "(primal - dual objective) / primal objective; of a commitment: (objective - bound) / objective"}, \
    {"rent_residual", TABLE_F64, false, "worst hour: payments - credits - rent, USD"}, \
    {"neutrality_residual", TABLE_F64, false, "worst sum of a charge group's interval, USD"}, \
    {"sum_of_charges_cents", TABLE_I64, true, "sum of all statement lines: always 0"}

// clang-format on

#endif
