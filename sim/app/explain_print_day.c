/* explain_print_day.c - a node or an owner of bids through the run, a line an interval. */
#include <math.h>
#include <stdio.h>

#include "sim/app/amount.h"
#include "sim/app/explain_print.h"
#include "sim/app/json_out.h"

static struct amount number(double value)
{
    return amount_from_number(value, 2);
}

static void print_how_to_ask(const struct explain_run *x, const char *option,
                             const char *name, int32_t t)
{
    char when[WHEN_SIZE];
    explain_when_text(&x->v, t, when);
    (void)printf("\nWhy, of one of them: add --at, as in\n  explain %s%s%s %s %s "
                 "--at '%s'\n",
                 x->v.file, explain_is_day_ahead(x) ? "" : " --stage ",
                 explain_is_day_ahead(x) ? "" : x->v.stage + 1, option, name, when);
}

/* ---- nodes ---- */

/* The limit with the largest effect on the price, NULL = none. */
static const char *largest_limit(const struct explain_run *x,
                                 const struct price_story *s)
{
    return s->n_part ? x->v.limit[s->part[0].limit] : NULL;
}

static void print_node_row(const struct explain_run *x, int32_t t,
                           const struct price_story *s, bool has_loss)
{
    char when[WHEN_SIZE];
    explain_when_text(&x->v, t, when);
    (void)printf("%-20s %12s %12s %12s", when, number(s->lmp).text,
                 number(s->energy).text, number(s->congestion).text);
    if (has_loss)
        (void)printf(" %12s", number(s->loss).text);
    if (s->n_part)
        (void)printf("   %s", largest_limit(x, s));
    if (s->n_part > 1)
        (void)printf(", and %zu more", s->n_part - 1);
    (void)printf("\n");
}

static void json_node_row(struct json *j, const struct explain_run *x, int32_t t,
                          const struct price_story *s)
{
    char when[WHEN_SIZE];
    explain_when_text(&x->v, t, when);
    json_open(j, NULL);
    json_text(j, "interval", when);
    json_number(j, "lmp", s->lmp);
    json_number(j, "energy", s->energy);
    json_number(j, "congestion", s->congestion);
    json_number(j, "loss", s->loss);
    json_integer(j, "limits", (int64_t)s->n_part);
    json_text(j, "largest_limit", largest_limit(x, s));
    json_close(j);
}

static bool any_loss(const struct explain_run *x, int32_t node)
{
    for (size_t t = 0; t < x->v.n_t; t++)
        if (fabs(x->v.lmp_loss[t * x->v.n_node + (size_t)node]) > 0)
            return true;
    return false;
}

enum err_code explain_print_node_day(const struct explain_run *x, int32_t node,
                                     bool json, struct err *err)
{
    struct json j = {.out = stdout};
    bool has_loss = any_loss(x, node);
    int32_t dearest = 0;
    enum err_code code = ERR_OK;
    if (json) {
        json_open(&j, NULL);
        json_text(&j, "scenario", x->v.scenario);
        json_text(&j, "node", x->v.node[node]);
        json_open_list(&j, "intervals");
    } else {
        (void)printf("%s, price of %s, USD/MWh\n\n%-20s %12s %12s %12s%s   %s\n",
                     x->v.scenario, x->v.node[node], "interval", "price", "energy",
                     "congestion", has_loss ? "         loss" : "", "limit");
    }
    for (int32_t t = 0; (size_t)t < x->v.n_t && !code; t++) {
        struct price_story s = {.n_part = 0};
        code = explain_price_parts(x, node, t, &s, err);
        if (!code && json)
            json_node_row(&j, x, t, &s);
        else if (!code)
            print_node_row(x, t, &s, has_loss);
        if (s.lmp > x->v.lmp[(size_t)dearest * x->v.n_node + (size_t)node] + 1e-9)
            dearest = t;
        price_story_release(&s);
    }
    if (code)
        return code;
    if (json) {
        json_close_list(&j);
        json_close(&j);
    } else {
        print_how_to_ask(x, "--node", x->v.node[node], dearest);
    }
    return ERR_OK;
}

/* ---- owners of bids ---- */

/* In a few words; the long answer is that of one interval. */
static const char *in_short(const struct award_story *s)
{
    if (s->is_store && s->n_piece)
        return fabs(s->mw) < 1e-6 ? "does nothing"
               : s->mw < 0        ? "charges"
                                  : "discharges";
    switch (s->reason) {
    case AWARD_NO_BID:
        return "no bid";
    case AWARD_AT_MOST:
        return explain_is_demand(s) ? "bids too little: not served" : "all of it taken";
    case AWARD_AT_LEAST:
        return explain_is_demand(s) ? "all of it served"
               : s->mw > 1e-6       ? "at its least: the rest asks more"
                                    : "asks more than the price";
    case AWARD_SETS_PRICE:
        return "marginal: its bid is the price";
    case AWARD_BETWEEN:
        return explain_is_demand(s) ? "served where it bids enough"
                                    : "taken up to what asks more";
    case AWARD_HELD:
        return "held by limits of its own";
    case AWARD_SELF_SCHEDULE:
        return "self-schedule";
    case AWARD_CUT:
        return "self-schedule, cut";
    }
    return "";
}

static void print_owner_row(const struct explain_run *x, int32_t t,
                            const struct award_story *s)
{
    char when[WHEN_SIZE];
    explain_when_text(&x->v, t, when);
    (void)printf("%-20s %12s %12s %14s", when, number(s->mw).text, number(s->lmp).text,
                 number(s->revenue_usd).text);
    if (s->is_store)
        (void)printf(" %14s", number(s->after_mwh).text);
    (void)printf("   %s\n", x->has_pieces ? in_short(s) : "");
}

static void json_owner_row(struct json *j, const struct explain_run *x, int32_t t,
                           const struct award_story *s)
{
    char when[WHEN_SIZE];
    explain_when_text(&x->v, t, when);
    json_open(j, NULL);
    json_text(j, "interval", when);
    json_number(j, "mw", s->mw);
    json_number(j, "lmp", s->lmp);
    json_number(j, "revenue_usd", s->revenue_usd);
    if (s->is_store)
        json_number(j, "stored_after_mwh", s->after_mwh);
    json_text(j, "reason", explain_reason_word(s->reason));
    json_close(j);
}

enum err_code explain_print_owner_day(const struct explain_run *x, int32_t owner,
                                      bool json, struct err *err)
{
    struct json j = {.out = stdout};
    const char *name = explain_owner_name(x, owner);
    int32_t most = 0;
    double mwh = 0, usd = 0, most_usd = -1;
    enum err_code code = ERR_OK;
    if (json) {
        json_open(&j, NULL);
        json_text(&j, "scenario", x->v.scenario);
        json_text(&j, "who", name);
        json_text(&j, "node", x->v.node[explain_owner_node(x, owner)]);
        json_open_list(&j, "intervals");
    }
    for (int32_t t = 0; (size_t)t < x->v.n_t && !code; t++) {
        struct award_story s = {.n_piece = 0};
        code = explain_award(x, owner, t, &s, err);
        if (!code && !json && t == 0)
            (void)printf("%s, %s at %s; MW are injection, what is taken from the "
                         "network is negative\n\n%-20s %12s %12s %14s%s\n",
                         x->v.scenario, name, x->v.node[explain_owner_node(x, owner)],
                         "interval", "MW", "USD/MWh", "earns, USD",
                         s.is_store ? "    stored, MWh" : "");
        if (!code && json)
            json_owner_row(&j, x, t, &s);
        else if (!code)
            print_owner_row(x, t, &s);
        mwh += s.hours * s.mw;
        usd += s.revenue_usd;
        if (fabs(s.revenue_usd) > most_usd + 1e-9) {
            most = t;
            most_usd = fabs(s.revenue_usd);
        }
        award_story_release(&s);
    }
    if (code)
        return code;
    if (json) {
        json_close_list(&j);
        json_close(&j);
        return ERR_OK;
    }
    (void)printf("%-20s %12s %12s %14s\n", "together, MWh", number(mwh).text, "",
                 number(usd).text);
    print_how_to_ask(x, "--resource", name, most);
    return ERR_OK;
}
