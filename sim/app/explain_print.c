/* explain_print.c - why a price is what it is. */
#include "sim/app/explain_print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/app/amount.h"
#include "sim/app/json_out.h"

enum {
    MOST_MOVES = 12
};

static struct amount usd(double value)
{
    return amount_from_number(value, 2);
}

/* "+0.62", "-1.00": with its sign. */
static struct amount change(double mw)
{
    struct amount a = amount_from_number(mw, 3), with = a;
    if (mw > 0)
        (void)snprintf(with.text, sizeof with.text, "+%.38s", a.text);
    return with;
}

/* ---- moves ---- */

static const char *means(const struct explain_run *x, const struct explain_move *m)
{
    size_t r = (size_t)m->owner;
    bool more = m->mw > 0;
    if (r >= x->v.n_resource)
        return more ? "sells more" : "sells less";
    switch (x->v.resource_type[r]) {
    case VIEW_LOAD:
        return more ? "takes less" : "takes more";
    case VIEW_STORAGE:
        if (explain_award_mw(x, m->interval, m->owner) + m->mw / 2 < 0)
            return more ? "charges less" : "charges more";
        return more ? "discharges more" : "discharges less";
    case VIEW_EXPORT:
        return more ? "exports less" : "exports more";
    case VIEW_IMPORT:
        return more ? "imports more" : "imports less";
    default:
        return more ? "gives more" : "gives less";
    }
}

static void print_moves(const struct explain_run *x, int32_t t,
                        const struct explain_change *c)
{
    size_t width = 8;
    for (size_t k = 0; k < c->n_move; k++) {
        size_t n = strlen(explain_owner_name(x, c->move[k].owner));
        width = n > width ? n : width;
    }
    for (size_t k = 0; k < c->n_move && k < MOST_MOVES; k++) {
        const struct explain_move *m = &c->move[k];
        char when[WHEN_SIZE];
        explain_when_text(&x->v, m->interval, when);
        (void)printf("  %-*s %10s MW  %s%s%s, at %s USD/MWh%s\n", (int)width,
                     explain_owner_name(x, m->owner), change(m->mw).text, means(x, m),
                     m->interval == t ? "" : " in ", m->interval == t ? "" : when,
                     usd(m->usd_per_mwh).text,
                     m->is_energy ? "" : " (a self-schedule that gives way)");
    }
    if (c->n_move > MOST_MOVES)
        (void)printf("  ... and %zu more changes\n", c->n_move - MOST_MOVES);
    if (fabs(c->shortage_mw) > 1e-6)
        (void)printf("  %s MW of load would not be served, at the penalty price\n",
                     change(c->shortage_mw).text);
    if (fabs(c->surplus_mw) > 1e-6)
        (void)printf("  %s MW that nobody could use would be used\n",
                     change(c->surplus_mw).text);
}

/* ---- marginal ---- */

/* A piece that is taken in part: more or less of it costs its price. */
static const struct explain_piece *split_piece(const struct explain_run *x, int32_t t,
                                               int32_t owner)
{
    size_t n;
    const struct explain_piece *p = explain_pieces(x, t, owner, &n);
    double mw = explain_award_mw(x, t, owner);
    for (size_t k = 0; k < n; k++)
        if (mw > p[k].from_mw + 1e-6 && mw < p[k].to_mw - 1e-6)
            return &p[k];
    return NULL;
}

static double price_at(const struct explain_run *x, int32_t t, int32_t owner)
{
    return x->v.lmp[(size_t)t * x->v.n_node + (size_t)explain_owner_node(x, owner)];
}

static const char *why_marginal(const struct explain_run *x, int32_t t, int32_t owner,
                                const struct explain_piece *p)
{
    bool store =
        (size_t)owner < x->v.n_resource && x->v.resource_type[owner] == VIEW_STORAGE;
    if (!p->is_energy)
        return "its self-schedule is met in part";
    if (fabs(price_at(x, t, owner) - p->usd_per_mwh) < 1e-4)
        return "its offer is the price at its node";
    return store ? "what it does now it does not do in another hour"
                 : "a limit of its own makes up the difference";
}

static void print_marginal(const struct explain_run *x, int32_t t)
{
    int n = 0;
    for (int32_t i = 0; (size_t)i < x->n_owner; i++) {
        const struct explain_piece *p = split_piece(x, t, i);
        if (!p)
            continue;
        if (n++ == 0)
            (void)printf("\nMarginal in this interval, taken in part:\n");
        (void)printf("  %s: %s of %s to %s MW, offered at %s, price there %s: %s\n",
                     explain_owner_name(x, i),
                     amount_from_number(explain_award_mw(x, t, i), 2).text,
                     amount_from_number(p->from_mw, 2).text,
                     amount_from_number(p->to_mw, 2).text, usd(p->usd_per_mwh).text,
                     usd(price_at(x, t, i)).text, why_marginal(x, t, i, p));
    }
    if (n == 0)
        (void)printf("\nNo offer is taken in part in this interval.\n");
}

/* ---- the price ---- */

static void print_parts(const struct explain_run *x, const struct price_story *s)
{
    size_t width = 24;
    for (size_t k = 0; k < s->n_part; k++) {
        size_t n = strlen(x->v.limit[s->part[k].limit]);
        width = n > width ? n : width;
    }
    (void)printf("\n%-*s %12s %10s %12s\n", (int)width, "made of", "shadow price",
                 "factor", "USD/MWh");
    (void)printf("%-*s %12s %10s %12s\n", (int)width, "energy", "", "",
                 usd(s->energy).text);
    if (fabs(s->loss) > 0)
        (void)printf("%-*s %12s %10s %12s\n", (int)width, "loss", "", "",
                     usd(s->loss).text);
    for (size_t k = 0; k < s->n_part; k++) {
        const struct price_part *p = &s->part[k];
        (void)printf("%-*s %12s %10.4f %12s\n", (int)width, x->v.limit[p->limit],
                     usd(p->shadow_usd_per_mwh).text, p->factor,
                     usd(p->usd_per_mwh).text);
    }
    if (fabs(s->rest) > 1e-6)
        (void)printf("%-*s %12s %10s %12s\n", (int)width, "not explained", "", "",
                     amount_from_number(s->rest, 6).text);
    (void)printf("%-*s %12s %10s %12s\n", (int)width, "price", "", "",
                 usd(s->lmp).text);
    if (s->n_idle)
        (void)printf("%zu other limit%s bind%s in this interval and do%s not matter "
                     "here.\n",
                     s->n_idle, s->n_idle == 1 ? "" : "s", s->n_idle == 1 ? "s" : "",
                     s->n_idle == 1 ? "es" : "");
}

static void print_untold(const struct explain_change *c)
{
    switch (c->answer) {
    case EXPLAIN_NO_BIDS:
        (void)printf("\nThe file holds no bids of this stage: what one more MW changes "
                     "cannot be told.\n");
        return;
    case EXPLAIN_IMPOSSIBLE:
        (void)printf("\nNobody could serve one more MW here.\n");
        return;
    default:
        (void)printf(
            "\nBy the bids in the file and the price caps the awards could be improved "
            "(a "
            "limit was kept at a penalty above the cap, or services hold what energy "
            "would use): what one more MW changes cannot be told.\n");
    }
}

static void print_change(const struct explain_run *x, int32_t node, int32_t t,
                         double mw, const struct price_story *s)
{
    const struct explain_change *c = &s->one_mw;
    if (s->is_later) {
        (void)printf(
            "\nThe price is not what one more MW costs in this interval alone: "
            "later intervals of the window that it was cleared with have a part in "
            "it, and they are not in the file.\n");
        return;
    }
    if (!s->is_told || c->answer != EXPLAIN_FOUND) {
        print_untold(s->more.answer != EXPLAIN_FOUND   ? &s->more
                     : s->less.answer != EXPLAIN_FOUND ? &s->less
                                                       : c);
        return;
    }
    double hours = run_view_hours(&x->v, (size_t)t);
    char during[32] = "";
    if (hours < 1)
        (void)snprintf(during, sizeof during, " for %.0f minutes", 60 * hours);
    (void)printf("\n%s%s MW %s of load at %s%s would %s %s USD%s\n",
                 x->is_window ? "Taken alone, with later intervals as they are: " : "",
                 amount_from_number(fabs(mw), 3).text, mw > 0 ? "more" : "less",
                 x->v.node[node], during, c->cost_usd < 0 ? "save" : "cost",
                 usd(fabs(c->cost_usd)).text, c->n_move ? ":" : ".");
    print_moves(x, t, c);
    double mean = c->cost_usd / (hours * mw);
    bool is_past = fabs(mean - s->lmp) > 0.005 && fabs(mw - 1) > 0;
    if (is_past)
        (void)printf("That is %s USD/MWh on average: so many MW take the market past "
                     "where the price of %s holds.\n",
                     usd(mean).text, usd(s->lmp).text);
    if (s->is_unique && is_past)
        (void)printf("The price itself is that of a small step, and is unique: the "
                     "last MW saved what the next one costs.\n");
    else if (s->is_unique)
        (void)printf(
            "The price is unique: the last MW saved what the next one costs.\n");
    else
        (void)printf(
            "The price is not unique: one MW less would save %s, one more would "
            "cost %s USD/MWh; every price from the one to the other is right. "
            "It is stated for the next increment of load.\n",
            usd(s->lower_usd_per_mwh).text, usd(s->upper_usd_per_mwh).text);
    if (x->is_window)
        (void)printf(
            "The rest of the window that this interval was cleared with is not in the "
            "file: with it, one more MW might be served otherwise.\n");
}

void explain_print_price(const struct explain_run *x, int32_t node, int32_t t,
                         double mw, const struct price_story *s)
{
    char when[WHEN_SIZE];
    explain_when_text(&x->v, t, when);
    (void)printf("%s, %s in %s: %s USD/MWh\n", x->v.scenario, x->v.node[node], when,
                 usd(s->lmp).text);
    print_parts(x, s);
    if (x->hour_of && x->hour_of[t] >= 0)
        (void)printf(
            "The day-ahead price of this hour was %s.\n",
            usd(x->hour_lmp[(size_t)x->hour_of[t] * x->v.n_node + (size_t)node]).text);
    print_change(x, node, t, mw, s);
    if (x->has_pieces)
        print_marginal(x, t);
    if (x->service_up_mw)
        (void)printf(
            "\nAncillary services are held as awarded; energy and services may "
            "change places more cheaply.\n");
}

/* ---- JSON ---- */

static void json_moves(struct json *j, const struct explain_run *x,
                       const struct explain_change *c)
{
    json_open_list(j, "moves");
    for (size_t k = 0; k < c->n_move; k++) {
        const struct explain_move *m = &c->move[k];
        char when[WHEN_SIZE];
        explain_when_text(&x->v, m->interval, when);
        json_open(j, NULL);
        json_text(j, "who", explain_owner_name(x, m->owner));
        json_text(j, "when", when);
        json_number(j, "mw", m->mw);
        json_number(j, "price", m->usd_per_mwh);
        json_text(j, "what", means(x, m));
        json_close(j);
    }
    json_close_list(j);
}

static void json_marginal(struct json *j, const struct explain_run *x, int32_t t)
{
    json_open_list(j, "marginal");
    for (int32_t i = 0; (size_t)i < x->n_owner; i++) {
        const struct explain_piece *p = split_piece(x, t, i);
        if (!p)
            continue;
        json_open(j, NULL);
        json_text(j, "who", explain_owner_name(x, i));
        json_number(j, "mw", explain_award_mw(x, t, i));
        json_number(j, "from_mw", p->from_mw);
        json_number(j, "to_mw", p->to_mw);
        json_number(j, "offered", p->usd_per_mwh);
        json_number(j, "price", price_at(x, t, i));
        json_text(j, "why", why_marginal(x, t, i, p));
        json_close(j);
    }
    json_close_list(j);
}

void explain_json_price(const struct explain_run *x, int32_t node, int32_t t, double mw,
                        const struct price_story *s)
{
    struct json j = {.out = stdout};
    char when[WHEN_SIZE];
    explain_when_text(&x->v, t, when);
    json_open(&j, NULL);
    json_text(&j, "scenario", x->v.scenario);
    json_text(&j, "node", x->v.node[node]);
    json_text(&j, "interval", when);
    json_number(&j, "lmp", s->lmp);
    if (x->hour_of && x->hour_of[t] >= 0)
        json_number(&j, "day_ahead_lmp",
                    x->hour_lmp[(size_t)x->hour_of[t] * x->v.n_node + (size_t)node]);
    json_number(&j, "energy", s->energy);
    json_number(&j, "congestion", s->congestion);
    json_number(&j, "loss", s->loss);
    json_open_list(&j, "limits");
    for (size_t k = 0; k < s->n_part; k++) {
        const struct price_part *p = &s->part[k];
        json_open(&j, NULL);
        json_text(&j, "limit", x->v.limit[p->limit]);
        json_text(&j, "outage", x->v.limit_outage[p->limit]);
        json_number(&j, "shadow_price", p->shadow_usd_per_mwh);
        json_number(&j, "factor", p->factor);
        json_number(&j, "usd_per_mwh", p->usd_per_mwh);
        json_close(&j);
    }
    json_close_list(&j);
    json_number(&j, "not_explained", s->rest);
    json_bool(&j, "told", s->is_told);
    if (s->is_told) {
        json_bool(&j, "unique", s->is_unique);
        json_number(&j, "lowest_valid_price", s->lower_usd_per_mwh);
        json_number(&j, "highest_valid_price", s->upper_usd_per_mwh);
    }
    json_open(&j, "more_load");
    json_number(&j, "mw", mw);
    if (s->is_told && s->one_mw.answer == EXPLAIN_FOUND) {
        json_number(&j, "cost_usd", s->one_mw.cost_usd);
        json_moves(&j, x, &s->one_mw);
    }
    json_close(&j);
    json_marginal(&j, x, t);
    json_close(&j);
}
