/* explain_print_run.c - bids that were refused, limits that gave way, and the whole run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/admit/admit.h"
#include "sim/app/amount.h"
#include "sim/app/explain_print.h"
#include "sim/app/json_out.h"
#include "sim/base/mem.h"

enum {
    MOST_ROWS = 20,
    MOST_EARNERS = 5
};

static struct amount usd(double value)
{
    return amount_from_number(value, 2);
}

struct wanted {
    const char *path;
    void *pointer;
};

static enum err_code load(struct explain_run *x, const struct wanted *w, size_t n_table,
                          size_t *n, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < n_table && !code; i++) {
        size_t before = *n;
        code = run_view_table(&x->v, w[i].path, w[i].pointer, n, err);
        if (!code && i && *n != before)
            code = err_set(err, ERR_INPUT, "%s: tables of one list differ in length",
                           x->v.file);
    }
    return code;
}

/* ---- bids ---- */

struct decisions {
    size_t n_hour; /* bids are of hours, whatever the stage */
    const date_t *date;
    const int32_t *hour;
    size_t n;
    const int32_t *resource, *position, *interval;
    const uint8_t *status;
    const uint8_t *real_time; /* NULL: none is of a bid for real time */
    const char **rule, **reason;
    const double *before_mw, *after_mw;
};

static enum err_code load_decisions(struct explain_run *x, struct decisions *d,
                                    struct err *err)
{
    const struct wanted w[] = {
        {"/admission/decision/resource", &d->resource},
        {"/admission/decision/virtual", &d->position},
        {"/admission/decision/interval", &d->interval},
        {"/admission/decision/status", &d->status},
        {"/admission/decision/rule", &d->rule},
        {"/admission/decision/reason", &d->reason},
        {"/admission/decision/before_mw", &d->before_mw},
        {"/admission/decision/after_mw", &d->after_mw},
    };
    const struct wanted hours[] = {{"/admission/trade_date", &d->date},
                                   {"/admission/hour_ending", &d->hour}};
    enum err_code code = load(x, w, sizeof w / sizeof *w, &d->n, err);
    if (!code && run_read_has(x->v.rd, "/admission/decision/real_time"))
        code = run_view_table(&x->v, "/admission/decision/real_time", &d->real_time,
                              &d->n, err);
    if (!code)
        code = load(x, hours, 2, &d->n_hour, err);
    for (size_t k = 0; k < d->n && !code; k++)
        if (d->interval[k] < 0 || (size_t)d->interval[k] >= d->n_hour ||
            d->status[k] > BID_REJECTED)
            code = err_set(err, ERR_INPUT, "%s: a decision leads nowhere", x->v.file);
    return code;
}

static const char *rule_text(const char *id)
{
    for (int rule = 1; *admit_rule_id((enum admit_rule)rule); rule++)
        if (strcmp(admit_rule_id((enum admit_rule)rule), id) == 0)
            return admit_rule_text((enum admit_rule)rule);
    return "";
}

static bool is_of(const struct explain_run *x, const struct decisions *d, size_t k,
                  int32_t owner, int32_t t)
{
    int32_t n_r = (int32_t)x->v.n_resource;
    int32_t of = owner < n_r ? d->resource[k] : d->position[k];
    return of == (owner < n_r ? owner : owner - n_r) &&
           (t < 0 || (d->hour[d->interval[k]] == x->v.hour_ending[t] &&
                      d->date[d->interval[k]] == x->v.trade_date[t]));
}

/* "HE 20", with the date where there are several. */
static void hour_text(const struct decisions *d, size_t k, char text[WHEN_SIZE])
{
    char date[11];
    int n = snprintf(text, WHEN_SIZE, "HE %d", (int)d->hour[d->interval[k]]);
    date_format(d->date[d->interval[k]], date);
    if (d->date[0] != d->date[d->n_hour - 1])
        (void)snprintf(text + n, WHEN_SIZE - (size_t)n, " of %s", date);
}

static bool is_real_time(const struct decisions *d, size_t k)
{
    return d->real_time && d->real_time[k];
}

static bool say_again(const struct decisions *d, size_t k, size_t before)
{
    return strcmp(d->rule[k], d->rule[before]) != 0 ||
           strcmp(d->reason[k], d->reason[before]) != 0;
}

static void json_bids(const struct explain_run *x, const struct decisions *d,
                      int32_t owner, int32_t t)
{
    struct json j = {.out = stdout};
    json_open(&j, NULL);
    json_text(&j, "who", explain_owner_name(x, owner));
    json_open_list(&j, "decisions");
    for (size_t k = 0; k < d->n; k++) {
        char when[WHEN_SIZE];
        if (!is_of(x, d, k, owner, t))
            continue;
        hour_text(d, k, when);
        json_open(&j, NULL);
        json_text(&j, "interval", when);
        json_text(&j, "market", is_real_time(d, k) ? "real_time" : "day_ahead");
        json_text(&j, "what", bid_status_name((enum bid_status)d->status[k]));
        json_text(&j, "rule", d->rule[k]);
        json_text(&j, "rule_text", rule_text(d->rule[k]));
        json_text(&j, "reason", d->reason[k]);
        json_number(&j, "before_mw", d->before_mw[k]);
        json_number(&j, "after_mw", d->after_mw[k]);
        json_close(&j);
    }
    json_close_list(&j);
    json_close(&j);
}

enum err_code explain_print_bids(struct explain_run *x, int32_t owner, int32_t t,
                                 bool alone, bool json, struct err *err)
{
    struct decisions d = {.n = 0};
    enum err_code code = load_decisions(x, &d, err);
    size_t n = 0, last = 0;
    if (code)
        return code;
    if (json) {
        json_bids(x, &d, owner, t);
        return ERR_OK;
    }
    if (alone)
        (void)printf("%s, bids of %s\n", x->v.scenario, explain_owner_name(x, owner));
    for (size_t k = 0; k < d.n; k++) {
        char when[WHEN_SIZE];
        if (!is_of(x, &d, k, owner, t))
            continue;
        hour_text(&d, k, when);
        (void)printf("%sIn %s its bid of %s MW%s was %s", n ? "" : "\n", when,
                     amount_from_number(d.before_mw[k], 2).text,
                     is_real_time(&d, k) ? " for real time" : "",
                     bid_status_name((enum bid_status)d.status[k]));
        if (d.status[k] == BID_MODIFIED)
            (void)printf(" to %s MW", amount_from_number(d.after_mw[k], 2).text);
        if (!n || say_again(&d, k, last))
            (void)printf(" by rule %s (%s): %s.\n", d.rule[k], rule_text(d.rule[k]),
                         d.reason[k]);
        else
            (void)printf(", for the same reason.\n");
        last = k;
        n++;
    }
    if (n == 0 && alone)
        (void)printf("\nNone was refused or modified%s.\n",
                     t < 0 ? "" : " in that hour");
    return ERR_OK;
}

/* ---- limits that gave way ---- */

enum err_code explain_print_relaxed(struct explain_run *x, bool json, struct err *err)
{
    char path[5][96];
    static const char *const part[] = {"interval", "mw", "cost_usd", "kind", "text"};
    const int32_t *interval;
    const double *mw, *cost;
    const uint8_t *kind;
    const char **text;
    size_t n = 0;
    struct json j = {.out = stdout};
    for (int i = 0; i < 5; i++)
        (void)snprintf(path[i], sizeof path[i], "%s/relaxation/%s", x->v.stage,
                       part[i]);
    const struct wanted w[] = {{path[0], &interval},
                               {path[1], &mw},
                               {path[2], &cost},
                               {path[3], &kind},
                               {path[4], &text}};
    enum err_code code = load(x, w, 5, &n, err);
    if (code)
        return code;
    if (json) {
        json_open(&j, NULL);
        json_open_list(&j, "relaxed");
    } else if (n == 0) {
        (void)printf("Nothing had to give way: every limit was kept and every "
                     "self-schedule met.\n");
    } else {
        (void)printf(
            "The market could not keep every limit. In order of what giving way "
            "cost, at the penalty prices that say which limit gives way first:\n");
    }
    for (size_t k = 0; k < n; k++) {
        char when[WHEN_SIZE];
        const char *unit = strstr(text[k], "stored energy") ? "MWh" : "MW";
        if ((size_t)interval[k] >= x->v.n_t)
            return err_set(err, ERR_INPUT, "%s: a limit leads nowhere", x->v.file);
        explain_when_text(&x->v, interval[k], when);
        if (json) {
            json_open(&j, NULL);
            json_text(&j, "what", text[k]);
            json_text(&j, "interval", when);
            json_number(&j, "mw", mw[k]);
            json_number(&j, "cost_usd", cost[k]);
            json_close(&j);
        } else {
            (void)printf(
                "%3zu. %s in %s: by %s %s, %s USD (%s USD/%s)\n", k + 1, text[k], when,
                amount_from_number(mw[k], 3).text, unit, usd(cost[k]).text,
                usd(cost[k] / (mw[k] * run_view_hours(&x->v, (size_t)interval[k])))
                    .text,
                "MWh");
        }
    }
    if (json) {
        json_close_list(&j);
        json_close(&j);
    }
    return ERR_OK;
}

/* ---- the whole run ---- */

struct earner {
    int32_t owner;
    double usd;
};

static int most_first(const void *pa, const void *pb)
{
    const struct earner *a = pa, *b = pb;
    if (a->usd > b->usd || a->usd < b->usd)
        return a->usd > b->usd ? -1 : 1;
    return a->owner < b->owner ? -1 : a->owner > b->owner;
}

/* The intervals that are asked about. */
struct span {
    size_t first, end;
};

/* What everybody's awards bring at the prices, most first. */
static struct earner *list_earners(const struct explain_run *x, struct span s)
{
    struct earner *list = MEM_ARRAY(struct earner, x->n_owner);
    for (size_t i = 0; list && i < x->n_owner; i++) {
        size_t node = (size_t)explain_owner_node(x, (int32_t)i);
        list[i].owner = (int32_t)i;
        for (size_t t = s.first; t < s.end; t++)
            list[i].usd += run_view_hours(&x->v, t) *
                           explain_award_mw(x, (int32_t)t, (int32_t)i) *
                           x->v.lmp[t * x->v.n_node + node];
    }
    if (list && x->n_owner)
        qsort(list, x->n_owner, sizeof *list, most_first);
    return list;
}

struct extremes {
    size_t dear_t, dear_node, cheap_t, cheap_node;
};

static struct extremes find_extremes(const struct explain_run *x, struct span s)
{
    struct extremes e = {s.first, 0, s.first, 0};
    for (size_t t = s.first; t < s.end; t++)
        for (size_t n = 0; n < x->v.n_node; n++) {
            const double *lmp = x->v.lmp;
            double now = lmp[t * x->v.n_node + n];
            if (now > lmp[e.dear_t * x->v.n_node + e.dear_node] + 1e-9)
                e.dear_t = t, e.dear_node = n;
            if (now < lmp[e.cheap_t * x->v.n_node + e.cheap_node] - 1e-9)
                e.cheap_t = t, e.cheap_node = n;
        }
    return e;
}

/* What an SC pays in all, in cents; names from the statements. */
struct account {
    const char *sc;
    int64_t cents;
};

static int by_cents(const void *pa, const void *pb)
{
    const struct account *a = pa, *b = pb;
    if (a->cents != b->cents)
        return a->cents < b->cents ? -1 : 1;
    return strcmp(a->sc, b->sc);
}

static struct account *list_accounts(const struct explain_run *x, size_t *n)
{
    struct account *list = MEM_ARRAY(struct account, x->v.n_line);
    *n = 0;
    for (size_t k = 0; list && k < x->v.n_line; k++) {
        size_t i = 0;
        while (i < *n && strcmp(list[i].sc, x->v.line_sc[k]) != 0)
            i++;
        if (i == *n)
            list[(*n)++] = (struct account){x->v.line_sc[k], 0};
        list[i].cents += x->v.line_cents[k];
    }
    if (list && *n)
        qsort(list, *n, sizeof *list, by_cents);
    return list;
}

static void json_extreme(struct json *j, const struct explain_run *x, const char *name,
                         size_t t, size_t node)
{
    char when[WHEN_SIZE];
    explain_when_text(&x->v, (int32_t)t, when);
    json_open(j, name);
    json_text(j, "node", x->v.node[node]);
    json_text(j, "interval", when);
    json_number(j, "lmp", x->v.lmp[t * x->v.n_node + node]);
    json_close(j);
}

static void json_run(const struct explain_run *x, const struct extremes *e,
                     const struct earner *earner, const struct account *account,
                     size_t n_account)
{
    struct json j = {.out = stdout};
    json_open(&j, NULL);
    json_text(&j, "scenario", x->v.scenario);
    json_extreme(&j, x, "dearest", e->dear_t, e->dear_node);
    json_extreme(&j, x, "cheapest", e->cheap_t, e->cheap_node);
    json_open_list(&j, "awards_usd");
    for (size_t i = 0; i < x->n_owner; i++) {
        json_open(&j, NULL);
        json_text(&j, "who", explain_owner_name(x, earner[i].owner));
        json_number(&j, "usd", earner[i].usd);
        json_close(&j);
    }
    json_close_list(&j);
    json_open_list(&j, "pays_cents");
    for (size_t i = 0; i < n_account; i++) {
        json_open(&j, NULL);
        json_text(&j, "sc", account[i].sc);
        json_integer(&j, "cents", account[i].cents);
        json_close(&j);
    }
    json_close_list(&j);
    json_close(&j);
}

static void print_overview(const struct explain_run *x, const struct extremes *e,
                           int32_t t, const struct earner *earner,
                           const struct account *account, size_t n_account)
{
    char dear[WHEN_SIZE], cheap[WHEN_SIZE];
    explain_when_text(&x->v, (int32_t)e->dear_t, dear);
    explain_when_text(&x->v, (int32_t)e->cheap_t, cheap);
    if (t < 0)
        (void)printf("%s, %s\n", x->v.scenario, x->v.stage + 1);
    else
        (void)printf("%s, %s, %s\n", x->v.scenario, x->v.stage + 1, dear);
    (void)printf("dearest         %s USD/MWh at %s in %s\n",
                 usd(x->v.lmp[e->dear_t * x->v.n_node + e->dear_node]).text,
                 x->v.node[e->dear_node], dear);
    (void)printf("cheapest        %s USD/MWh at %s in %s\n",
                 usd(x->v.lmp[e->cheap_t * x->v.n_node + e->cheap_node]).text,
                 x->v.node[e->cheap_node], cheap);
    for (size_t i = 0; i < x->n_owner && i < MOST_EARNERS && earner[i].usd > 0; i++)
        (void)printf("%-15s %s, %s USD\n", i ? "" : "earned most",
                     explain_owner_name(x, earner[i].owner), usd(earner[i].usd).text);
    for (size_t i = 0; i < n_account; i++)
        (void)printf("%-15s %s %s %s USD\n", i ? "" : "net of all", account[i].sc,
                     account[i].cents < 0 ? "is paid" : "pays",
                     amount_from_cents(account[i].cents < 0 ? -account[i].cents
                                                            : account[i].cents)
                         .text);
    char stage[64] = "";
    if (!explain_is_day_ahead(x))
        (void)snprintf(stage, sizeof stage, " --stage %s", x->v.stage + 1);
    (void)printf("\nAsk why:\n"
                 "  explain %s%s --node %s --at '%s'\n"
                 "  explain %s%s --resource %s --at '%s'\n"
                 "  explain %s%s --bid NAME        what became of a bid\n"
                 "  explain %s%s --infeasible      what could not be kept\n",
                 x->v.file, stage, x->v.node[e->dear_node], dear, x->v.file, stage,
                 x->n_owner ? explain_owner_name(x, earner[0].owner) : "NAME", dear,
                 x->v.file, stage, x->v.file, stage);
}

enum err_code explain_print_run(struct explain_run *x, int32_t t, bool json,
                                struct err *err)
{
    size_t n_account = 0;
    struct span s = {0, x->v.n_t};
    if (t >= 0)
        s = (struct span){(size_t)t, (size_t)t + 1};
    struct earner *earner = list_earners(x, s);
    struct account *account = list_accounts(x, &n_account);
    enum err_code code = ERR_OK;
    if (t >= 0) /* statements are of days */
        n_account = 0;
    if (!earner || !account) {
        code = err_set(err, ERR_NOMEM, "cannot hold what everybody earned");
    } else {
        struct extremes e = find_extremes(x, s);
        if (json)
            json_run(x, &e, earner, account, n_account);
        else
            print_overview(x, &e, t, earner, account, n_account);
    }
    mem_free(earner);
    mem_free(account);
    return code;
}
