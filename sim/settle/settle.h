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

/* X(code, name, group, formula, inputs) - see charge_code.c for the functions. */
// clang-format off
#define CHARGE_CODE_MAP(X) \
    X(4515, "Bid segment fee", "grid management", "segments x fee", "admitted bids") \
    X(4560, "Market services charge", "grid management", "|award MWh| x rate", "awards") \
    X(4989, "Daily rounding adjustment", "rounding", "-(sum of rounded lines)", "statement lines") \
    X(6011, "Day-ahead energy, congestion, loss", "day-ahead energy", "-award MWh x LMP", "awards, LMP") \
    X(6013, "Virtual day-ahead settlement", "day-ahead energy", "-award MWh x LMP", "virtual awards, LMP") \
    X(6090, "Ancillary services upward neutrality allocation", "upward services", "(payments - obligations of the hour) x share of scheduled demand", "6100, 6200, 6500, 6194, 6294, 6594") \
    X(6100, "Day-ahead spinning reserve capacity settlement", "upward services", "-MW not self-provided x service price", "service awards and prices") \
    X(6194, "Spinning reserve obligation settlement", "upward services", "(required x share of scheduled demand - self-provided) x user rate", "6100, requirements, demand awards") \
    X(6200, "Day-ahead non-spinning reserve capacity settlement", "upward services", "-MW not self-provided x service price", "service awards and prices") \
    X(6294, "Non-spinning reserve obligation settlement", "upward services", "(required x share of scheduled demand - self-provided) x user rate", "6200, requirements, demand awards") \
    X(6500, "Day-ahead regulation up capacity settlement", "upward services", "-MW not self-provided x service price", "service awards and prices") \
    X(6594, "Regulation up obligation settlement", "upward services", "(required x share of scheduled demand - self-provided) x user rate", "6500, requirements, demand awards") \
    X(6600, "Day-ahead regulation down capacity settlement", "regulation down", "-MW not self-provided x service price", "service awards and prices") \
    X(6694, "Regulation down obligation settlement", "regulation down", "(required x share of scheduled demand - self-provided) x user rate", "6600, requirements, demand awards") \
    X(6696, "Regulation down neutrality allocation", "regulation down", "(payments - obligations of the hour) x share of scheduled demand", "6600, 6694") \
    X(6790, "Day-ahead congestion revenue returned", "day-ahead energy", "-(hour's 6011 + 6013 surplus) x share of scheduled demand", "6011, 6013, demand awards") \
    X(6947, "Day-ahead marginal losses surplus credit", "day-ahead energy", "-(hour's loss surplus) x share of scheduled demand", "loss prices, flows, demand awards")
// clang-format on

enum charge_code {
#define CHARGE_ENUM(code, name, group, formula, inputs) CHARGE_##code = code,
    CHARGE_CODE_MAP(CHARGE_ENUM)
#undef CHARGE_ENUM
};

struct charge_code_row {
    int code;
    const char *name, *group, *formula, *inputs;
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
    int32_t resource; /* resource index, or -1 */
    int32_t position; /* virtual position index, or -1 */
    int32_t interval;
    double quantity_mwh; /* or count of segments */
    double price_usd;    /* per unit of quantity */
    double amount_usd;
};

/* One line of a statement. */
struct statement_line {
    int32_t sc; /* or SETTLE_ISO */
    int32_t code;
    int32_t day;
    cents_t amount_cents;
};

struct settlement {
    struct settle_interval_line *interval_line; /* sorted sc, code, interval, resource,
                                                    position; SETTLE_ISO last */
    int64_t n_interval_line, room_interval_line;
    struct statement_line *line; /* sorted by day, sc (ISO last), code */
    int32_t n_line, room_line;
    double worst_neutrality_usd; /* largest |sum| over intervals of a charge group */
    cents_t sum_cents;           /* over everyone: always 0 after settle_day */
};

/*
 * Settles one trade day and appends its lines. ERR_NUMERIC, naming the charge group, the
 * interval and the amount, when a group's interval does not balance.
 */
MUST_CHECK enum err_code settle_day(const struct market *m, const struct admission *a,
                                    const struct outcome *o, int32_t day,
                                    struct settlement *s, struct err *err);
/* Net of one SC on one day, from its statement lines. */
cents_t settlement_net_cents(const struct settlement *s, int32_t sc, int32_t day);
void settlement_release(struct settlement *s);

#endif
