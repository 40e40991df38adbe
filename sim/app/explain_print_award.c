/* explain_print_award.c - why somebody got the MW that it has. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/app/amount.h"
#include "sim/app/explain_plant.h"
#include "sim/app/explain_print.h"
#include "sim/app/json_out.h"

static struct amount usd(double value)
{
    return amount_from_number(value, 2);
}

static struct amount mw_text(double value)
{
    return amount_from_number(value, 2);
}

static const char *const reason_words[] = {
    [AWARD_NO_BID] = "no_bid",
    [AWARD_AT_MOST] = "at_most",
    [AWARD_AT_LEAST] = "at_least",
    [AWARD_SETS_PRICE] = "partly_taken",
    [AWARD_BETWEEN] = "between_pieces",
    [AWARD_HELD] = "held_by_own_limits",
    [AWARD_SELF_SCHEDULE] = "self_schedule",
    [AWARD_CUT] = "self_schedule_cut",
};

/* ---- what it offered ---- */

const char *explain_reason_word(enum award_reason reason)
{
    return reason_words[reason];
}

bool explain_is_demand(const struct award_story *s)
{
    return !s->is_store && s->n_piece && s->piece[s->n_piece - 1].to_mw <= 0;
}

bool explain_is_day_ahead(const struct explain_run *x)
{
    return strcmp(x->v.stage, "/day_ahead") == 0;
}

static void print_pieces(const struct award_story *s)
{
    bool demand = explain_is_demand(s);
    if (s->n_piece == 0)
        return;
    (void)printf("\n%22s %22s %12s\n", "MW", "USD/MWh", demand ? "served" : "taken");
    for (size_t k = 0; k < s->n_piece; k++) {
        const struct explain_piece *p = &s->piece[k];
        char range[2 * AMOUNT_SIZE + 8];
        double width = p->to_mw - p->from_mw;
        double taken = fmin(fmax(s->mw - p->from_mw, 0), width);
        if (p->to_mw <= 0) /* what is bought: the rest of the piece */
            taken = width - taken;
        (void)snprintf(range, sizeof range, "%s to %s", mw_text(p->from_mw).text,
                       mw_text(p->to_mw).text);
        (void)printf("%22s %22s %12s\n", range,
                     p->is_energy ? usd(p->usd_per_mwh).text : "self-schedule",
                     mw_text(taken).text);
    }
    (void)printf("MW are injection: what is taken from the network is negative.\n");
}

/* ---- why ---- */

static void say_limits(const struct explain_run *x, int32_t t,
                       const struct award_story *s)
{
    for (size_t k = 0; k < s->n_limit; k++) {
        const struct award_limit *l = &s->limit[k];
        char when[WHEN_SIZE];
        explain_when_text(&x->v, l->interval, when);
        (void)printf("  %s binds in %s: one more MW%s of it would be worth %s USD\n",
                     x->v.limit[l->limit], l->interval == t ? "this hour" : when,
                     x->v.limit_kind[l->limit] == VIEW_ENERGY ? "h" : "",
                     usd(l->shadow_usd_per_mwh).text);
    }
}

static void say_held(const struct explain_run *x, int32_t t,
                     const struct award_story *s)
{
    const struct explain_piece *next = s->next < 0 ? NULL : &s->piece[s->next];
    bool more = next && s->lmp > next->usd_per_mwh;
    const struct explain_piece *p = more ? next : &s->piece[s->below];
    (void)printf("At this price it would rather have %s: the piece at %s is %s. "
                 "What holds it:\n",
                 more ? "more" : "less", usd(p->usd_per_mwh).text,
                 more ? "not taken in full" : "taken all the same");
    if (s->service_up_mw > 0 || s->service_down_mw > 0)
        (void)printf(
            "  it holds %s MW upward and %s MW downward for ancillary services\n",
            mw_text(s->service_up_mw).text, mw_text(s->service_down_mw).text);
    say_limits(x, t, s);
    if (s->n_limit == 0 && s->service_up_mw <= 0 && s->service_down_mw <= 0)
        (void)printf("  nothing that has a price in the file; it may be as good at "
                     "another hour, or a limit may have been relaxed\n");
}

/* "- 1.50", "+ 27.00" where what is taken off is negative. */
static void say_term(double value, const char *before)
{
    (void)printf(" %c %s%s", value < 0 ? '-' : '+', before, usd(fabs(value)).text);
}

/* The sum that says whether a store goes through with a piece, USD/MWh of the network. */
static void say_store_piece(const struct award_story *s, const struct explain_piece *p,
                            double in, double out)
{
    bool charges = p->to_mw <= 0;
    double worth = s->worth_usd_per_mwh;
    double pays = charges ? p->usd_per_mwh - s->lmp + in * worth
                          : s->lmp - p->usd_per_mwh - worth / out;
    char factor[AMOUNT_SIZE + 4] = "";
    (void)printf("  %s at its bid of %s: ", charges ? "charging" : "discharging",
                 usd(p->usd_per_mwh).text);
    (void)printf("%s", usd(charges ? p->usd_per_mwh : s->lmp).text);
    say_term(charges ? -s->lmp : -p->usd_per_mwh, "");
    if (charges && in < 1)
        (void)snprintf(factor, sizeof factor, "%.6g x ", in);
    if (fabs(worth) > 0)
        say_term(charges ? worth : -worth, factor);
    if (!charges && out < 1 && fabs(worth) > 0)
        (void)printf(" / %.6g", out);
    (void)printf(" = %s USD/MWh: %s\n", usd(pays).text,
                 fabs(pays) < 5e-7 ? "neither here nor there"
                 : pays < 0        ? "a loss, so it does not"
                                   : "a gain, so it does all it can");
}

/* Storage: what a MWh is worth later decides, together with the bid. */
static void say_store(const struct explain_run *x, int32_t t, int32_t owner,
                      const struct award_story *s)
{
    double in = x->charge_efficiency[owner], out = x->discharge_efficiency[owner];
    in = isnan(in) ? 1 : in;
    out = isnan(out) ? 1 : out;
    (void)printf("\nStored energy: %s MWh before, %s MWh after; between %s and %s.\n",
                 mw_text(s->before_mwh).text, mw_text(s->after_mwh).text,
                 mw_text(x->energy_min_mwh[owner]).text,
                 mw_text(x->energy_max_mwh[owner]).text);
    say_limits(x, t, s);
    if (x->is_window) {
        (void)printf(
            "Runs of real time hold stored energy to the day-ahead plan at the end "
            "of their window; what that is worth is not in the file.\n");
        return;
    }
    (void)printf("Beside its bid, one more MWh in store at the end of this interval is "
                 "worth %s USD for the rest of the day.\n",
                 usd(s->worth_usd_per_mwh).text);
    (void)printf(
        "With its bids that makes (charging: bid - price + efficiency x worth; "
        "discharging: price - bid - worth / efficiency):\n");
    for (size_t k = 0; k < s->n_piece; k++)
        say_store_piece(s, &s->piece[k], in, out);
}

static const char *price_of(const struct explain_piece *p, struct amount *text)
{
    *text = usd(p ? p->usd_per_mwh : (double)NAN);
    return text->text;
}

/* The same reasons for one who buys: what is "taken" of a piece is not served. */
static void say_demand(const struct award_story *s)
{
    struct amount a, b, lmp = usd(s->lmp);
    const char *next = price_of(s->next < 0 ? NULL : &s->piece[s->next], &a);
    const char *below = price_of(s->below < 0 ? NULL : &s->piece[s->below], &b);
    switch (s->reason) {
    case AWARD_AT_MOST:
        (void)printf("Nothing is served: its best bid is %s and the price is %s.\n",
                     below, lmp.text);
        return;
    case AWARD_AT_LEAST:
        (void)printf("All of it is served: its lowest bid is %s and the price is %s.\n",
                     next, lmp.text);
        return;
    case AWARD_BETWEEN:
        (void)printf(
            "It is served where it bids %s or more, and not where it bids %s or "
            "less: the price is %s.\n",
            next, below, lmp.text);
        return;
    default:
        (void)printf(
            "Its piece at %s is served in part: it is marginal, and its bid is "
            "the price at its node.\n",
            next);
    }
}

static bool is_plain(enum award_reason reason)
{
    return reason == AWARD_AT_MOST || reason == AWARD_AT_LEAST ||
           reason == AWARD_BETWEEN || reason == AWARD_SETS_PRICE;
}

static void say_why(const struct explain_run *x, int32_t t, int32_t owner,
                    const struct award_story *s)
{
    const struct explain_piece *next = s->next < 0 ? NULL : &s->piece[s->next];
    const struct explain_piece *below = s->below < 0 ? NULL : &s->piece[s->below];
    (void)printf("\n");
    if (s->is_store && s->n_piece) {
        (void)printf("%s.\n", fabs(s->mw) < 1e-6 ? "It does nothing"
                              : s->mw < 0        ? "It charges"
                                                 : "It discharges");
        say_store(x, t, owner, s);
        return;
    }
    if (explain_is_demand(s) && is_plain(s->reason)) {
        say_demand(s);
        return;
    }
    switch (s->reason) {
    case AWARD_NO_BID:
        (void)printf("It has no bid that was cleared in this interval.\n");
        return;
    case AWARD_SELF_SCHEDULE:
        (void)printf("It asked for these MW whatever the price.\n");
        return;
    case AWARD_CUT:
        (void)printf(
            "It asked for MW whatever the price, and the market could not give "
            "them all: see --infeasible.\n");
        return;
    case AWARD_AT_MOST:
        (void)printf(
            "Everything it bid is taken: the dearest piece asks %s and the price "
            "is %s.\n",
            usd(s->piece[s->n_piece - 1].usd_per_mwh).text, usd(s->lmp).text);
        return;
    case AWARD_AT_LEAST:
        (void)printf(
            "%sIts next piece asks %s and the price is %s: out of the money.\n",
            s->mw > 1e-6 ? "It runs at its least. " : "",
            next ? usd(next->usd_per_mwh).text : "-", usd(s->lmp).text);
        return;
    case AWARD_BETWEEN:
        (void)printf(
            "It is taken up to its piece at %s; the next asks %s and the price is "
            "%s.\n",
            below ? usd(below->usd_per_mwh).text : "-",
            next ? usd(next->usd_per_mwh).text : "-", usd(s->lmp).text);
        return;
    case AWARD_SETS_PRICE:
        (void)printf(
            "Its piece at %s is taken in part: it is marginal, and its bid is the "
            "price at its node.\n",
            next ? usd(next->usd_per_mwh).text : "-");
        return;
    case AWARD_HELD:
        say_held(x, t, s);
    }
}

/* One cell of a table over intervals and resources, as a number; 0 where there is none. */
static enum err_code cell_of(struct explain_run *x, const char *stage, const char *name,
                             int32_t t, int32_t owner, double *out, struct err *err)
{
    const uint8_t *flag;
    const double *number;
    size_t n, at = (size_t)t * x->v.n_resource + (size_t)owner;
    char path[96];
    bool is_flag = strcmp(name, "/on") == 0;
    (void)snprintf(path, sizeof path, "%s%s", stage, name);
    *out = 0;
    if (!run_read_has(x->v.rd, path))
        return ERR_OK;
    enum err_code code = is_flag ? run_view_table(&x->v, path, &flag, &n, err)
                                 : run_view_table(&x->v, path, &number, &n, err);
    if (!code && at < n)
        *out = is_flag ? flag[at] : number[at];
    return code;
}

/* A unit that real time does not have on, in an hour for which it was committed or not. */
static enum err_code say_stopped(struct explain_run *x, int32_t owner, int32_t t,
                                 bool *scheduled, struct err *err)
{
    double day = 0, residual = 0, spared = 0;
    int32_t hour = x->hour_of[t];
    int32_t quarter = strcmp(x->v.stage, "/real_time") == 0 ? t / 3 : t;
    enum err_code code = cell_of(x, "/day_ahead", "/on", hour, owner, &day, err);
    if (!code)
        code = cell_of(x, "/ruc", "/on", hour, owner, &residual, err);
    if (!code)
        code = cell_of(x, "/fifteen_minute", "/min_load_cost", quarter, owner, &spared,
                       err);
    *scheduled = day + residual > 0;
    if (code || !*scheduled)
        return code;
    if (spared < 0)
        (void)printf("%s had it on in this hour, and the fifteen-minute market has it "
                     "off: over its window that is cheaper. What it sold is bought "
                     "back, and a minimum load of %s USD is spared in the quarter.\n",
                     day > 0 ? "The day-ahead market" : "Residual commitment",
                     usd(-spared).text);
    else
        (void)printf("It was to be on in this hour and is not there: an outage has it, "
                     "or keeps it off until it may start again. Its start and minimum "
                     "load are not recovered.\n");
    return ERR_OK;
}

static enum err_code say_commitment(struct explain_run *x, int32_t owner, int32_t t,
                                    const struct award_story *s, struct err *err)
{
    const uint8_t *on;
    char path[96];
    bool scheduled = false;
    size_t n;
    (void)snprintf(path, sizeof path, "%s/on", x->v.stage);
    if ((size_t)owner >= x->v.n_resource || s->n_piece || !run_read_has(x->v.rd, path))
        return ERR_OK;
    enum err_code code = run_view_table(&x->v, path, &on, &n, err);
    size_t at = (size_t)t * x->v.n_resource + (size_t)owner;
    if (code || at >= n || on[at])
        return code;
    if (x->hour_lmp)
        code = say_stopped(x, owner, t, &scheduled, err);
    if (!code && !scheduled)
        (void)printf(
            "If it bid, the market did not start it: its start, its minimum load "
            "and its minimum times would have cost more than it saves.\n");
    return code;
}

/* "1x1" of "CC:1x1", whose plant is known. */
static const char *short_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

/* The configuration of a plant, and what the move into it cost. */
static void say_configuration(const struct explain_plant *p)
{
    if (!p->name)
        return;
    (void)printf("\nIt runs as %s, from %s to %s MW; %s USD an hour at the least.\n",
                 short_name(p->name), mw_text(p->pmin_mw).text,
                 mw_text(p->pmax_mw).text, usd(p->min_load_usd_per_h).text);
    if (p->from && p->transition_usd > 0)
        (void)printf("It comes from %s: %s USD.\n", short_name(p->from),
                     usd(p->transition_usd).text);
    else if (p->from)
        (void)printf("It comes from %s.\n", short_name(p->from));
}

/* What the day's prices leave a unit short of. */
static enum err_code say_uplift(struct explain_run *x, int32_t owner, int32_t t,
                                struct err *err)
{
    static const char *const name[] = {"/make_whole", "/lost_opportunity",
                                       "/hull_make_whole", "/hull_lost_opportunity"};
    const int32_t *resource, *date, *today;
    const double *usd_of[4];
    size_t n = 0, got;
    if (!run_read_has(x->v.rd, "/day_ahead/uplift/resource"))
        return ERR_OK;
    enum err_code code =
        run_view_table(&x->v, "/day_ahead/uplift/resource", &resource, &n, err);
    if (!code)
        code = run_view_table(&x->v, "/day_ahead/uplift/trade_date", &date, &got, err);
    if (!code)
        code = run_view_table(&x->v, "/day_ahead/trade_date", &today, &got, err);
    for (int k = 0; k < 4 && !code; k++) {
        char path[64];
        (void)snprintf(path, sizeof path, "/day_ahead/uplift%s", name[k]);
        code = run_view_table(&x->v, path, &usd_of[k], &got, err);
    }
    for (size_t k = 0; k < n && !code; k++) {
        if (resource[k] != owner || date[k] != today[t] ||
            usd_of[0][k] + usd_of[1][k] + usd_of[2][k] + usd_of[3][k] < 0.005)
            continue;
        (void)printf(
            "\nOver the day its awards earn %s USD less than they cost, and %s "
            "USD less than what it would rather do at these prices;\n",
            usd(usd_of[0][k]).text, usd(usd_of[1][k]).text);
        (void)printf("at convex hull prices it would be %s and %s USD.\n",
                     usd(usd_of[2][k]).text, usd(usd_of[3][k]).text);
    }
    return code;
}

/* Offers lowered for want of competition; of a plant in configuration c, -1 = none. */
static enum err_code say_mitigation(struct explain_run *x, int32_t owner, int32_t t,
                                    int32_t c, struct err *err)
{
    const int32_t *resource, *interval, *in = NULL;
    const double *offered, *mitigated;
    const struct {
        const char *name;
        void *pointer;
    } table[] = {{"resource", &resource},
                 {"interval", &interval},
                 {"offered", &offered},
                 {"mitigated", &mitigated},
                 {"configuration", &in}};
    bool is_day_ahead = explain_is_day_ahead(x);
    enum err_code code = ERR_OK;
    size_t n = 0;
    for (size_t k = 0; k < sizeof table / sizeof *table && !code; k++) {
        char path[96];
        (void)snprintf(path, sizeof path, "%s%s/offer/%s",
                       is_day_ahead ? "" : x->v.stage,
                       is_day_ahead ? "/mitigation" : "_mitigation", table[k].name);
        if (!run_read_has(x->v.rd, path)) {
            if (table[k].pointer == &in) /* there are no plants */
                continue;
            return ERR_OK;
        }
        code = run_view_table(&x->v, path, table[k].pointer, &n, err);
    }
    for (size_t k = 0; k < n && !code; k++)
        if (resource[k] == owner && interval[k] == t && (!in || in[k] == c))
            (void)printf("Its offer of %s was lowered to %s: a limit that binds here "
                         "lacked competition (see export ... %s%s).\n",
                         usd(offered[k]).text, usd(mitigated[k]).text,
                         is_day_ahead ? "" : x->v.stage + 1,
                         is_day_ahead ? "mitigation_test" : "_mitigation/test");
    return code;
}

/* ---- money ---- */

static void print_money(const struct award_story *s)
{
    bool pays = s->revenue_usd<0, gives = s->mw> 0;
    bool any_energy = false;
    for (size_t k = 0; k < s->n_piece; k++)
        any_energy |= s->piece[k].is_energy;
    if (fabs(s->mw) > 1e-6 && !any_energy)
        (void)printf("\nIt %s %s USD in this interval.\n", pays ? "pays" : "earns",
                     usd(fabs(s->revenue_usd)).text);
    else if (fabs(s->mw) > 1e-6)
        (void)printf("\nIt %s %s USD in this interval; by its bids what it %s %s "
                     "USD: it is %s USD better off.\n",
                     pays ? "pays" : "earns", usd(fabs(s->revenue_usd)).text,
                     gives ? "gives costs it" : "takes is worth",
                     usd(gives ? s->cost_usd : -s->cost_usd).text,
                     usd(s->revenue_usd - s->cost_usd).text);
    if (s->given_up_usd > 0.005)
        (void)printf("Free of all limits but its bid it would gain %s USD more in this "
                     "interval at this price.\n",
                     usd(s->given_up_usd).text);
}

static void json_award(const struct explain_run *x, int32_t owner, int32_t t,
                       const struct award_story *s, const struct explain_plant *plant)
{
    struct json j = {.out = stdout};
    char when[WHEN_SIZE];
    explain_when_text(&x->v, t, when);
    json_open(&j, NULL);
    json_text(&j, "who", explain_owner_name(x, owner));
    json_text(&j, "interval", when);
    json_text(&j, "node", x->v.node[explain_owner_node(x, owner)]);
    json_number(&j, "mw", s->mw);
    json_number(&j, "lmp", s->lmp);
    json_text(&j, "reason", explain_reason_word(s->reason));
    if (plant->name) {
        json_text(&j, "configuration", plant->name);
        json_number(&j, "min_load_usd_per_h", plant->min_load_usd_per_h);
        json_number(&j, "transition_usd", plant->transition_usd);
    }
    json_open_list(&j, "pieces");
    for (size_t k = 0; k < s->n_piece; k++) {
        json_open(&j, NULL);
        json_number(&j, "from_mw", s->piece[k].from_mw);
        json_number(&j, "to_mw", s->piece[k].to_mw);
        json_bool(&j, "self_schedule", !s->piece[k].is_energy);
        json_number(&j, "price", s->piece[k].usd_per_mwh);
        json_close(&j);
    }
    json_close_list(&j);
    json_open_list(&j, "own_limits");
    for (size_t k = 0; k < s->n_limit; k++) {
        explain_when_text(&x->v, s->limit[k].interval, when);
        json_open(&j, NULL);
        json_text(&j, "limit", x->v.limit[s->limit[k].limit]);
        json_text(&j, "interval", when);
        json_number(&j, "shadow_price", s->limit[k].shadow_usd_per_mwh);
        json_close(&j);
    }
    json_close_list(&j);
    if (s->is_store) {
        json_number(&j, "stored_before_mwh", s->before_mwh);
        json_number(&j, "stored_after_mwh", s->after_mwh);
        json_number(&j, "worth_of_stored_usd_per_mwh", s->worth_usd_per_mwh);
    }
    json_number(&j, "service_up_mw", s->service_up_mw);
    json_number(&j, "service_down_mw", s->service_down_mw);
    json_number(&j, "revenue_usd", s->revenue_usd);
    json_number(&j, "bid_cost_usd", s->cost_usd);
    json_number(&j, "given_up_usd", s->given_up_usd);
    json_close(&j);
}

enum err_code explain_print_award(struct explain_run *x, int32_t owner, int32_t t,
                                  const struct award_story *s, bool json,
                                  struct err *err)
{
    char when[WHEN_SIZE];
    struct explain_plant plant;
    enum err_code code = explain_plant(x, owner, t, &plant, err);
    if (json && !code)
        json_award(x, owner, t, s, &plant);
    if (json || code)
        return code;
    explain_when_text(&x->v, t, when);
    (void)printf("%s, %s in %s: %s MW at %s, where the price is %s USD/MWh\n",
                 x->v.scenario, explain_owner_name(x, owner), when, mw_text(s->mw).text,
                 x->v.node[explain_owner_node(x, owner)], usd(s->lmp).text);
    if (!x->has_pieces) {
        (void)printf("\nThe file holds no bids of this stage.\n");
    } else {
        print_pieces(s);
        say_why(x, t, owner, s);
    }
    say_configuration(&plant);
    code = say_commitment(x, owner, t, s, err);
    if (!code)
        code = say_mitigation(x, owner, t, plant.index, err);
    print_money(s);
    if (!code && !x->hour_lmp)
        code = say_uplift(x, owner, t, err);
    if (!code)
        code = explain_print_bids(x, owner, t, false, false, err);
    return code;
}
