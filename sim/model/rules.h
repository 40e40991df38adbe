/*
 * rules.h - the parameters of a market: caps, penalty prices, credit, fees.
 *
 * One table says everything about each parameter: field, key in scenario.yaml, unit,
 * default, bounds, meaning. Reader, documentation and run file come from it. Defaults of
 * penalty prices follow market-rules practice of a Californian integrated forward
 * market: 6500 / 1000 for the energy balance and the priority order of self-schedules
 * below it; all of them are parameters, none is a constant in the code. Penalties of
 * balances and self-schedules are at least the bid cap, or the size of the bid floor on
 * the side of supply: the reader refuses others. Services that are short are priced at
 * shares of the bid cap, one curve for the whole system and one for regions within it.
 *
 * Layer: sim/model.
 */
#ifndef SIM_MODEL_RULES_H
#define SIM_MODEL_RULES_H

#include <stdbool.h>

#include "sim/model/grid.h"
#include "solver/loss.h"

/* X(field = key in scenario.yaml under "market:", unit, default, min, max, meaning) */
// clang-format off
#define RULES_MAP(X) \
    X(energy_bid_cap, "USD/MWh", 1000, 0, 1e5, "highest energy bid price that is admitted") \
    X(energy_bid_floor, "USD/MWh", -150, -1e5, 0, "lowest energy bid price that is admitted") \
    X(max_segments, "1", 10, 1, 1000, "most segments of one energy bid") \
    X(min_segment, "MW", 0.01, 0, 1e3, "smallest segment of an energy bid") \
    X(pdr_min_size, "MW", 0.1, 0, 1e3, "smallest proxy demand resource") \
    X(net_benefits_price, "USD/MWh", 0, -1e5, 1e5, "demand response below this price is not admitted") \
    X(dera_min_size, "MW", 0.5, 0, 1e3, "smallest DER aggregation") \
    X(dera_multi_pnode_max, "MW", 20, 0, 1e4, "largest DER aggregation over several PNodes") \
    X(virtual_min_size, "MW", 1, 0, 1e3, "smallest virtual bid") \
    X(demand_reference_price, "USD/MWh", -1, -1, 1e5, "price at which credit values demand bids; -1 = the bid cap") \
    X(virtual_reference_supply, "USD/MWh", 6.5, 0, 1e5, "exposure of virtual supply where the node states none") \
    X(virtual_reference_demand, "USD/MWh", 6.5, 0, 1e5, "exposure of virtual demand where the node states none") \
    X(balance_schedule, "USD/MWh", 6500, 1, 1e7, "penalty of an energy shortage, scheduling run") \
    X(balance_pricing, "USD/MWh", 1000, 1, 1e7, "penalty of an energy shortage, pricing run") \
    X(surplus_schedule, "USD/MWh", 6500, 1, 1e7, "penalty of an energy surplus, scheduling run") \
    X(surplus_pricing, "USD/MWh", 150, 1, 1e7, "penalty of an energy surplus, pricing run") \
    X(tie_schedule, "USD/MWh", 7000, 1, 1e7, "penalty of a tie scheduling limit, scheduling run") \
    X(tie_pricing, "USD/MWh", 1000, 1, 1e7, "penalty of a tie scheduling limit, pricing run") \
    X(branch_schedule, "USD/MWh", 5000, 1, 1e7, "penalty of a branch limit, scheduling run") \
    X(branch_pricing, "USD/MWh", 1000, 1, 1e7, "penalty of a branch limit, pricing run") \
    X(ramp_schedule, "USD/MWh", 6000, 1, 1e7, "penalty of a ramp limit, scheduling run") \
    X(ramp_pricing, "USD/MWh", 1000, 1, 1e7, "penalty of a ramp limit, pricing run") \
    X(energy_limit_schedule, "USD/MWh", 6000, 1, 1e7, "penalty of a storage energy limit, scheduling run") \
    X(energy_limit_pricing, "USD/MWh", 1000, 1, 1e7, "penalty of a storage energy limit, pricing run") \
    X(self_tor, "USD/MWh", 5900, 1, 1e7, "penalty of cutting a TOR self-schedule, scheduling run") \
    X(self_etc, "USD/MWh", 5100, 1, 1e7, "penalty of cutting an ETC self-schedule, scheduling run") \
    X(self_rmt, "USD/MWh", 1350, 1, 1e7, "penalty of cutting must-take supply, scheduling run") \
    X(self_pt_demand, "USD/MWh", 1150, 1, 1e7, "penalty of cutting price-taking demand, scheduling run") \
    X(self_pt_supply, "USD/MWh", 950, 1, 1e7, "penalty of cutting price-taking supply, scheduling run") \
    X(self_lpt_demand, "USD/MWh", 1050, 1, 1e7, "penalty of cutting a low-priority export, scheduling run") \
    X(self_lpt_supply, "USD/MWh", 900, 1, 1e7, "penalty of cutting low-priority supply, scheduling run") \
    X(commitment_gap, "1", 1e-4, 0, 1, "relative gap at which commitment is good enough") \
    X(commitment_work, "1", 1e5, 1, 1e12, "most work on the commitment of a day, in the units of solver/commit/commit.h") \
    X(as_bid_cap, "USD/MW", 250, 0, 1e5, "highest price of an offer of an ancillary service") \
    X(as_min_size, "MW", 0.5, 0, 1e3, "smallest offer of an ancillary service") \
    X(as_deployment, "min", 10, 0.1, 60, "time within which a service must be delivered: ramp rate x this is a limit") \
    X(as_regulation_energy, "h", 1, 0, 24, "storage holds energy, or room, for this long at full regulation") \
    X(as_rt_regulation_energy, "h", 0.5, 0, 24, "the same in the fifteen-minute market") \
    X(as_reserve_energy, "h", 0.5, 0, 24, "storage holds energy for this long at full reserve") \
    X(as_ru_schedule, "USD/MW", 2500, 1, 1e7, "penalty of regulation up short, scheduling run") \
    X(as_sr_schedule, "USD/MW", 2250, 1, 1e7, "penalty of regulation up and spinning reserve short, scheduling run") \
    X(as_nr_schedule, "USD/MW", 2000, 1, 1e7, "penalty of all upward services short, scheduling run") \
    X(as_rd_schedule, "USD/MW", 2500, 1, 1e7, "penalty of regulation down short, scheduling run") \
    X(as_self_schedule, "USD/MW", 800, 1, 1e7, "penalty of cutting a self-provided service, scheduling run") \
    X(as_scarcity_ru, "1", 0.2, 0, 10, "price of regulation up short, in energy bid caps") \
    X(as_scarcity_sr, "1", 0.1, 0, 10, "the same of regulation up and spinning reserve together") \
    X(as_scarcity_nr_1, "1", 0.5, 0, 10, "the same of all upward services together, first step") \
    X(as_scarcity_nr_2, "1", 0.6, 0, 10, "second step") \
    X(as_scarcity_nr_3, "1", 0.7, 0, 10, "third step") \
    X(as_scarcity_nr_mw_1, "MW", 70, 0, 1e6, "where the first step ends") \
    X(as_scarcity_nr_mw_2, "MW", 210, 0, 1e6, "where the second step ends") \
    X(as_scarcity_rd_1, "1", 0.5, 0, 10, "price of regulation down short, in energy bid caps, first step") \
    X(as_scarcity_rd_2, "1", 0.6, 0, 10, "second step") \
    X(as_scarcity_rd_3, "1", 0.7, 0, 10, "third step") \
    X(as_scarcity_rd_mw_1, "MW", 32, 0, 1e6, "where the first step ends") \
    X(as_scarcity_rd_mw_2, "MW", 84, 0, 1e6, "where the second step ends") \
    X(as_region_ru, "1", 0.2, 0, 10, "price of regulation up short in a region, in energy bid caps") \
    X(as_region_sr, "1", 0.1, 0, 10, "the same of regulation up and spinning reserve together") \
    X(as_region_nr, "1", 0.25, 0, 10, "the same of all upward services together") \
    X(as_region_rd, "1", 0.25, 0, 10, "price of regulation down short in a region, in energy bid caps") \
    X(rt_fmm_intervals, "1", 5, 1, 16, "quarters of an hour that a fifteen-minute run looks at, its own included") \
    X(rt_rtd_intervals, "1", 13, 1, 36, "five minutes that a dispatch looks at, its own included") \
    X(flex_up_mw, "MW", 0, 0, 1e6, "uncertainty that upward ramping capability covers in fifteen-minute runs; 0 = none") \
    X(flex_down_mw, "MW", 0, 0, 1e6, "the same downward") \
    X(flex_rtd_up_mw, "MW", 0, 0, 1e6, "the same upward in five-minute runs") \
    X(flex_rtd_down_mw, "MW", 0, 0, 1e6, "the same downward in five-minute runs") \
    X(flex_usd_1, "USD/MW", 50, 0, 1e5, "what the first MW of ramping capability that are short cost") \
    X(flex_usd_2, "USD/MW", 150, 0, 1e5, "the next") \
    X(flex_usd_3, "USD/MW", 247, 0, 1e5, "all others") \
    X(flex_short_mw_1, "MW", 50, 0, 1e6, "where the first step ends") \
    X(flex_short_mw_2, "MW", 150, 0, 1e6, "where the second step ends") \
    X(flex_down_share, "1", 0.6154, 0, 1, "downward steps in upward ones") \
    X(pivotal_suppliers, "1", 3, 0, 100, "largest suppliers withheld in the test of competitiveness; 0 = offers are not mitigated") \
    X(rt_mitigation, "1", 1, 0, 2, "with default energy bids, offers are mitigated before: 0 no run of real time, 1 each hour-ahead and fifteen-minute run, 2 each dispatch as well") \
    X(counterflow_factor, "1", 0.02, 0, 1, "least relief of a constraint per MW that counts in the test") \
    X(mitigation_threshold, "USD/MWh", 0, 0, 1e5, "non-competitive congestion above which an offer is mitigated") \
    X(ruc_bid_cap, "USD/MW", 250, 0, 1e5, "highest bid for capacity in residual commitment, and the price of capacity short there") \
    X(statement_days, "1", 9, 0, 60, "business days from a trade date to its statement") \
    X(recalculation_days, "1", 70, 1, 1000, "business days from a trade date to its first recalculation; the second is as far again") \
    X(invoice_weekday, "1", 3, 1, 7, "weekday of invoices, 1 = Monday") \
    X(payment_days, "1", 4, 0, 60, "business days from an invoice to its payment") \
    X(call_days, "1", 2, 0, 60, "business days within which a call for collateral is to be met") \
    X(extrapolated_days, "1", 0, 0, 400, "days of average net that liability adds for what is not yet estimated") \
    X(meter_error, "1", 0, 0, 1, "training: meters without a row differ from the dispatch by this share, standard deviation") \
    X(meter_seed, "1", 0, 0, 1e9, "seed of these differences") \
    X(mss_band, "1", 0.03, 0, 1, "charges 1407 and 2407: share of its metered demand by which a subsystem that follows its load may deviate") \
    X(mss_excess_rate, "1", 1, 0, 10, "charge 1407: share of the real-time price for energy beyond that") \
    X(mss_deficit_rate, "1", 2, 0, 10, "charge 2407: the same for energy that is missing") \
    X(delivery_accepted, "1", 0.5, 0, 10, "charge 6456: share of the real-time price for what an import or export accepted and did not deliver") \
    X(delivery_declined, "1", 0.75, 0, 10, "the same for what it declined late, or did not answer") \
    X(delivery_floor, "USD/MWh", 10, 0, 1e5, "least price of what was not delivered") \
    X(delivery_tolerance, "1", 0.03, 0, 1, "share of a schedule by which a delivery may miss it") \
    X(system_operations_rate, "USD/MWh", 0.1, 0, 1e3, "charge 4561 per MWh metered") \
    X(sc_id_fee, "USD", 0, 0, 1e6, "charge 4575 per scheduling coordinator and month, spread over its days") \
    X(ferc_fee_rate, "USD/MWh", 0, 0, 1e3, "charge 550 per MWh of measured demand") \
    X(market_services_rate, "USD/MWh", 0.1, 0, 1e3, "charge 4560 per MWh awarded, of energy and of services") \
    X(bid_segment_fee, "USD", 0.005, 0, 1e3, "charge 4515 per bid segment or offer of a service, submitted and admitted")
// clang-format on

struct rules {
    enum dc_model dc_model;     /* key dc_model: matpower (default) or pglib */
    enum loss_placement losses; /* key losses: off (default), reference or ends */
    bool real_time; /* key real_time: off (default) or on, the runs of the day itself */
    bool
        ruc; /* key ruc: off (default) or on, residual unit commitment after each day */
#define RULES_FIELD(name, unit, def, lo, hi, text) double name;
    RULES_MAP(RULES_FIELD)
#undef RULES_FIELD
};

struct rules_row {
    const char *name, *unit;
    double value_default, min, max;
    const char *meaning;
    unsigned long offset; /* of the double in struct rules */
};

/* The table above as data; *n rows. */
const struct rules_row *rules_table(int *n);
/* All defaults. */
struct rules rules_default(void);

#endif
