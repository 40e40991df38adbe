/*
 * settle.h - awards and prices into statements whose every cent adds up to zero.
 *
 * Amounts: positive = the participant pays, negative = the participant is paid.
 * A statement line is the sum of its interval lines, rounded once, half away from zero;
 * charge code 4989 gives the ISO's rounding account what rounding left over.
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_SETTLE_H
#define SIM_SETTLE_SETTLE_H

#include <stdint.h>

#include "sim/admit/admit.h"
#include "sim/base/units.h"
#include "sim/clear/outcome.h"
#include "sim/clear/real_time.h"
#include "sim/settle/meter.h"

/*
 * X(code, name, group that adds up to zero, interval, who pays, formula, inputs): inputs are
 * tables of the run file, or other codes. The formulas are functions of charge_code.h.
 */
// clang-format off
#define CHARGE_CODE_MAP(X) \
    X(550, "FERC annual fee", "FERC fee", "hour", "measured demand pays", "measured MWh x rate", "/meter/energy") \
    X(1407, "Load-following subsystem deviation, excess", "real-time energy", "hour", "metered subsystems that follow their load pay", "max(0, uninstructed MWh of the subsystem - band) x rate x real-time price", "/meter/area_deviation /meter/area_demand") \
    X(2407, "Load-following subsystem deviation, deficit", "real-time energy", "hour", "metered subsystems that follow their load pay", "max(0, -uninstructed MWh of the subsystem - band) x rate x real-time price", "/meter/area_deviation /meter/area_demand") \
    X(4515, "Bid segment fee", "grid management", "hour", "everyone pays", "segments x fee", "/admission") \
    X(4560, "Market services charge", "grid management", "hour", "everyone pays", "|award MWh, services included| x rate", "/day_ahead/award /day_ahead/virtual_award /day_ahead/as_award") \
    X(4561, "System operations charge", "grid management", "5 min", "metered resources pay", "|metered MWh| x rate", "/meter/energy") \
    X(4575, "Scheduling coordinator id charge", "grid management", "day", "certified coordinators pay", "monthly fee / days of the month", "/input/sc/certified_from") \
    X(4989, "Daily rounding adjustment", "rounding", "day", "ISO", "-(sum of rounded lines)", "/settlement/statement") \
    X(6011, "Day-ahead energy, congestion, loss", "day-ahead energy", "hour", "demand pays, supply is paid", "-award MWh x LMP", "/day_ahead/award /day_ahead/lmp") \
    X(6013, "Virtual day-ahead settlement", "day-ahead energy", "hour", "virtual demand pays, virtual supply is paid", "-award MWh x LMP", "/day_ahead/virtual_award /day_ahead/lmp") \
    X(6090, "Ancillary services upward neutrality allocation", "upward services", "hour", "demand", "-(sum of these codes in the hour) x share of demand", "6100 6200 6500 6170 6270 6570 6124 6224 6524 6194 6294 6594") \
    X(6100, "Day-ahead spinning reserve capacity settlement", "upward services", "hour", "providers are paid", "-MW not self-provided x service price", "/day_ahead/as_award /day_ahead/as_self_provided /day_ahead/as_bid_price") \
    X(6124, "Spinning reserve no pay", "upward services", "5 min", "providers pay back", "MW that were not there x what was paid for them", "/meter/as_no_pay /day_ahead/as_award /day_ahead/as_self_provided /day_ahead/as_bid_price /fifteen_minute/as_award /fifteen_minute/as_bid_price") \
    X(6170, "Real-time spinning reserve capacity settlement", "upward services", "15 min", "providers are paid", "-(award - what of it was kept from the day-ahead market) x its service price", "/fifteen_minute/as_award /fifteen_minute/as_self_provided /fifteen_minute/as_bid_price") \
    X(6194, "Spinning reserve obligation settlement", "upward services", "hour", "demand pays", "(required x share of demand - self-provided) x user rate", "/day_ahead/as_self_provided /day_ahead/as_required /fifteen_minute/as_required /day_ahead/award /meter/energy 6100 6170 6124") \
    X(6200, "Day-ahead non-spinning reserve capacity settlement", "upward services", "hour", "providers are paid", "-MW not self-provided x service price", "/day_ahead/as_award /day_ahead/as_self_provided /day_ahead/as_bid_price") \
    X(6224, "Non-spinning reserve no pay", "upward services", "5 min", "providers pay back", "MW that were not there x what was paid for them", "/meter/as_no_pay /day_ahead/as_award /day_ahead/as_self_provided /day_ahead/as_bid_price /fifteen_minute/as_award /fifteen_minute/as_bid_price") \
    X(6270, "Real-time non-spinning reserve capacity settlement", "upward services", "15 min", "providers are paid", "-(award - what of it was kept from the day-ahead market) x its service price", "/fifteen_minute/as_award /fifteen_minute/as_self_provided /fifteen_minute/as_bid_price") \
    X(6294, "Non-spinning reserve obligation settlement", "upward services", "hour", "demand pays", "(required x share of demand - self-provided) x user rate", "/day_ahead/as_self_provided /day_ahead/as_required /fifteen_minute/as_required /day_ahead/award /meter/energy 6200 6270 6224") \
    X(6456, "Intertie deviation settlement", "intertie deviation", "15 min", "imports and exports that are not delivered as scheduled pay", "MWh beyond the tolerance x max(floor, share x max(fifteen-minute LMP, mean five-minute LMP))", "/fifteen_minute/award /real_time/award /meter/energy /fifteen_minute/lmp /real_time/lmp /hour_ahead/accepted") \
    X(6457, "Intertie deviation allocation", "intertie deviation", "hour", "measured demand is paid", "-(6456 of the hour) x share of measured demand", "6456 /meter/energy") \
    X(6460, "Fifteen-minute instructed energy", "real-time energy", "5 min", "who takes more pays", "-(fifteen-minute MWh - day-ahead MWh) x fifteen-minute LMP", "/fifteen_minute/award /day_ahead/award /fifteen_minute/lmp") \
    X(6470, "Real-time instructed energy", "real-time energy", "5 min", "who takes more pays", "-(dispatch MWh - fifteen-minute MWh) x five-minute LMP", "/real_time/award /fifteen_minute/award /real_time/lmp") \
    X(6473, "Virtual real-time settlement", "real-time energy", "hour", "virtual supply pays, virtual demand is paid", "award MWh x mean of the four fifteen-minute LMPs", "/day_ahead/virtual_award /fifteen_minute/lmp") \
    X(6474, "Unaccounted-for energy", "real-time energy", "hour", "measured demand of the utility", "UFE MWh of the utility's area x share of its measured demand x its real-time price", "/meter/unaccounted /meter/area_unaccounted /meter/energy /settlement/load_price") \
    X(6475, "Uninstructed energy", "real-time energy", "5 min", "who takes more pays", "-(meter MWh - dispatch MWh) x five-minute LMP; loads: -(meter MWh - day-ahead MWh) x hourly real-time price", "/meter/energy /real_time/award /real_time/lmp /day_ahead/award /settlement/load_price") \
    X(6477, "Real-time imbalance energy offset", "real-time energy", "hour", "measured demand", "-(energy part of the hour's real-time energy: what these codes leave) x share of measured demand", "6460 6470 6473 6474 6475 1407 2407 6774 6985 /meter/energy") \
    X(6500, "Day-ahead regulation up capacity settlement", "upward services", "hour", "providers are paid", "-MW not self-provided x service price", "/day_ahead/as_award /day_ahead/as_self_provided /day_ahead/as_bid_price") \
    X(6524, "Regulation up no pay", "upward services", "5 min", "providers pay back", "MW that were not there x what was paid for them", "/meter/as_no_pay /day_ahead/as_award /day_ahead/as_self_provided /day_ahead/as_bid_price /fifteen_minute/as_award /fifteen_minute/as_bid_price") \
    X(6570, "Real-time regulation up capacity settlement", "upward services", "15 min", "providers are paid", "-(award - what of it was kept from the day-ahead market) x its service price", "/fifteen_minute/as_award /fifteen_minute/as_self_provided /fifteen_minute/as_bid_price") \
    X(6594, "Regulation up obligation settlement", "upward services", "hour", "demand pays", "(required x share of demand - self-provided) x user rate", "/day_ahead/as_self_provided /day_ahead/as_required /fifteen_minute/as_required /day_ahead/award /meter/energy 6500 6570 6524") \
    X(6600, "Day-ahead regulation down capacity settlement", "regulation down", "hour", "providers are paid", "-MW not self-provided x service price", "/day_ahead/as_award /day_ahead/as_self_provided /day_ahead/as_bid_price") \
    X(6620, "Real-time bid cost recovery settlement", "bid cost recovery", "hour", "resources are paid", "-max(0, day's commitment + energy + service cost - revenue), shared by the hours that are short", "/settlement/recovery/real_time_commitment /settlement/recovery/real_time_energy /settlement/recovery/real_time_service /settlement/recovery/real_time_revenue /real_time/award /fifteen_minute/award /day_ahead/award /fifteen_minute/lmp /real_time/lmp") \
    X(6624, "Regulation down no pay", "regulation down", "5 min", "providers pay back", "MW that were not there x what was paid for them", "/meter/as_no_pay /day_ahead/as_award /day_ahead/as_self_provided /day_ahead/as_bid_price /fifteen_minute/as_award /fifteen_minute/as_bid_price") \
    X(6630, "Day-ahead bid cost recovery settlement", "bid cost recovery", "hour", "resources are paid", "-max(0, day's commitment + energy + service cost - revenue), shared by the hours that are short", "/settlement/recovery/day_ahead_commitment /settlement/recovery/day_ahead_energy /settlement/recovery/day_ahead_service /settlement/recovery/day_ahead_revenue /day_ahead/start_cost /day_ahead/transition_cost /day_ahead/min_load_cost /day_ahead/award /day_ahead/lmp") \
    X(6636, "Day-ahead bid cost recovery, tier 1", "bid cost recovery", "hour", "demand beyond self-scheduled supply pays", "min(uplift / obligations, uplift / committed MWh) x obligation", "6630 /settlement/recovery/committed") \
    X(6637, "Day-ahead bid cost recovery, tier 2", "bid cost recovery", "hour", "measured demand pays", "(6630 - 6636 of the hour) x share of measured demand", "6630 6636 /meter/energy") \
    X(6670, "Real-time regulation down capacity settlement", "regulation down", "15 min", "providers are paid", "-(award - what of it was kept from the day-ahead market) x its service price", "/fifteen_minute/as_award /fifteen_minute/as_self_provided /fifteen_minute/as_bid_price") \
    X(6678, "Real-time bid cost recovery allocation", "bid cost recovery", "hour", "measured demand pays", "6620 of the hour x share of measured demand", "6620 /meter/energy") \
    X(6694, "Regulation down obligation settlement", "regulation down", "hour", "demand pays", "(required x share of demand - self-provided) x user rate", "/day_ahead/as_self_provided /day_ahead/as_required /fifteen_minute/as_required /day_ahead/award /meter/energy 6600 6670 6624") \
    X(6696, "Regulation down neutrality allocation", "regulation down", "hour", "demand", "-(sum of these codes in the hour) x share of demand", "6600 6670 6624 6694") \
    X(6774, "Real-time congestion offset", "real-time energy", "hour", "measured demand", "-(congestion part of the hour's real-time energy) x share of measured demand", "6460 6470 6473 6475 /meter/energy") \
    X(6790, "Day-ahead congestion revenue returned", "day-ahead energy", "hour", "scheduled demand", "-(6011 + 6013 + 6947 of the hour) x share of scheduled demand", "6011 6013 6947 /day_ahead/award") \
    X(6800, "Residual commitment availability settlement", "residual commitment", "hour", "resources are paid", "-capacity award MWh x residual commitment price", "/ruc/award /ruc/price") \
    X(6806, "Residual commitment, tier 1", "residual commitment", "hour", "demand beyond its schedule and virtual supply pay", "min(cost / need, cost / awards) x need", "6800 6824 /settlement/residual_award /meter/energy /day_ahead/award /day_ahead/virtual_award") \
    X(6807, "Residual commitment, tier 2", "residual commitment", "hour", "measured demand pays", "(cost - 6806 of the hour) x share of measured demand", "6800 6806 6824 /meter/energy") \
    X(6824, "Residual commitment no pay", "residual commitment", "hour", "capacity that was not there pays back", "award MWh that were not available x residual commitment price", "/ruc/award /day_ahead/award /meter/available /ruc/price") \
    X(6947, "Day-ahead marginal losses surplus credit", "day-ahead energy", "hour", "scheduled demand is paid", "-(hour's loss surplus) x share of scheduled demand", "/day_ahead/loss_surplus /day_ahead/award") \
    X(6985, "Real-time marginal losses offset", "real-time energy", "hour", "measured demand", "-(loss part of the hour's real-time energy) x share of measured demand", "6460 6470 6473 6475 /meter/energy") \
    X(7070, "Flexible ramping forecasted movement", "flexible ramping", "15 min", "who moves against the system pays", "-(next schedule - schedule) x (upward - downward ramping price)", "/fifteen_minute/flex_move /fifteen_minute/flex_up_price /fifteen_minute/flex_down_price") \
    X(7071, "Flexible ramping up uncertainty payment", "flexible ramping", "15 and 5 min", "resources are paid", "-award x price; the dispatch settles the difference", "/fifteen_minute/flex_up /fifteen_minute/flex_up_price /real_time/flex_up /real_time/flex_up_price") \
    X(7076, "Flexible ramping forecasted movement allocation", "flexible ramping", "hour", "measured demand", "-(7070 of the hour) x share of measured demand", "7070 /meter/energy") \
    X(7077, "Flexible ramping up uncertainty allocation", "flexible ramping", "hour", "measured demand pays", "-(7071 of the hour) x share of measured demand", "7071 /meter/energy") \
    X(7081, "Flexible ramping down uncertainty payment", "flexible ramping", "15 and 5 min", "resources are paid", "-award x price; the dispatch settles the difference", "/fifteen_minute/flex_down /fifteen_minute/flex_down_price /real_time/flex_down /real_time/flex_down_price") \
    X(7087, "Flexible ramping down uncertainty allocation", "flexible ramping", "hour", "measured demand pays", "-(7081 of the hour) x share of measured demand", "7081 /meter/energy")
// clang-format on

enum charge_code {
#define CHARGE_ENUM(code, name, group, interval, who, formula, inputs) \
 CHARGE_##code = code,
    CHARGE_CODE_MAP(CHARGE_ENUM)
#undef CHARGE_ENUM
};

struct charge_code_row {
    int code;
    const char *name, *group, *interval, *who, *formula, *inputs;
};
const struct charge_code_row *charge_code_table(int *n);

/* Who a line belongs to: an SC index, or the ISO's own account. */
enum {
    SETTLE_ISO = -1
};

/* One interval of one charge; amount_usd is not rounded. */
struct settle_interval_line {
    int32_t sc; /* or SETTLE_ISO */
    int32_t code;
    int32_t resource;    /* resource index, or -1 */
    int32_t position;    /* virtual position index, or -1 */
    int32_t version;     /* 0, or the recalculation that changed it by this much */
    int32_t interval;    /* hour of the market */
    int32_t minute;      /* where in the hour it starts */
    int32_t length_min;  /* of the time that is charged for */
    double quantity_mwh; /* or count of segments */
    double price_usd;    /* per unit of quantity */
    double amount_usd;
};

/* One line of a statement. */
struct statement_line {
    int32_t sc; /* or SETTLE_ISO */
    int32_t code;
    int32_t day;
    int32_t
        version; /* 0 = initial, else the recalculation that it is a difference of */
    cents_t amount_cents;
};

/* What bid cost recovery counted in a market, [n_interval][n_resource] USD; NULL before it did.
 * N of (28) = commitment + energy + service - revenue. */
struct settle_recovery {
    double *
        commitment; /* starts and minimum load; in real time those of residual commitment,
                           too, with its capacity as bid less what that was paid */
    double *energy;  /* as bid; in real time: beyond the day-ahead award */
    double *service; /* ancillary services as offered, less what they were paid */
    double *revenue; /* of energy; in real time with ramping capability */
};

enum settle_market {
    SETTLE_DAY_AHEAD,
    SETTLE_REAL_TIME,
    SETTLE_MARKETS
};

struct settlement {
    struct arena
        arena; /* of the arrays below; they are those of the first statements */
    struct settle_recovery recovery[SETTLE_MARKETS];
    /* [n_interval][n_node] (22), NaN where no load is; NULL = no real time. */
    double *load_price_usd, *load_congestion_usd, *load_loss_usd;
    /* [n_interval] what tier 1 divides by beside the obligations: energy and upward services of
     * units that the market committed (30); awards of residual commitment (36). */
    double *committed_mwh, *residual_mwh;
    struct settle_interval_line
        *interval_line; /* sorted version, sc, code, interval, minute,
                                                    resource, position; SETTLE_ISO last */
    int64_t n_interval_line, room_interval_line;
    struct statement_line *line; /* sorted by version, day, sc (ISO last), code */
    int32_t n_line, room_line;
    double worst_neutrality_usd; /* largest |sum| over intervals of a charge group */
    cents_t sum_cents;           /* over everyone: always 0 after settle_day */
};

/* What a settlement reads. */
struct settle_inputs {
    const struct market *m;
    const struct admission *a;
    const struct outcome *o;       /* day-ahead */
    const struct ruc_outcome *ruc; /* NULL, or not active: no residual commitment */
    const struct rt_outcome *rt;   /* NULL, or not active: no real time */
    const struct metering *meter;  /* where real time is */
    const struct mitigation_tables
        *mitigated; /* day-ahead offers lowered, NULL: none */
};

/*
 * Settles one trade day and appends its lines. ERR_NUMERIC, naming the charge group, the
 * interval and the amount, when a group's interval does not balance.
 */
MUST_CHECK enum err_code settle_day(const struct settle_inputs *in, int32_t day,
                                    struct settlement *s, struct err *err);
/* Net of one SC on one day, from its statement lines. */
cents_t settlement_net_cents(const struct settlement *s, int32_t sc, int32_t day);
void settlement_release(struct settlement *s);

#endif
