/* facts.c - what a person wants to know about an outcome. */
#include "sim/app/facts.h"

#include <math.h>
#include <stdio.h>

#include "sim/base/units.h"

/* Prices and shadow prices closer than this are the same. */
static const double same_price = 1e-7;

static void find_extremes(const struct outcome *o, struct price_facts *f)
{
    bool found = false;
    for (int32_t t = 0; t < o->n_interval; t++)
        for (int32_t n = 0; n < o->n_node; n++) {
            double lmp = o->lmp[(int64_t)t * o->n_node + n];
            struct price_fact here = {lmp, n, t};
            if (!found || lmp < f->lowest.usd_per_mwh - same_price)
                f->lowest = here;
            if (!found || lmp > f->highest.usd_per_mwh + same_price)
                f->highest = here;
            found = true;
        }
}

static void find_binding(const struct outcome *o, struct price_facts *f)
{
    f->dearest = -1;
    for (int32_t c = 0; c < o->n_constraint; c++) {
        bool binds = false;
        for (int32_t t = 0; t < o->n_interval; t++) {
            double shadow = o->shadow_price[(int64_t)t * o->n_constraint + c];
            binds = binds || shadow > same_price;
            if (shadow > f->dearest_usd_per_mwh + same_price) {
                f->dearest = c;
                f->dearest_interval = t;
                f->dearest_usd_per_mwh = shadow;
            }
        }
        f->n_binding += binds;
    }
}

struct price_facts facts_of_prices(const struct outcome *o)
{
    struct price_facts f = {0};
    find_extremes(o, &f);
    find_binding(o, &f);
    for (int32_t t = 0; t < o->n_interval; t++)
        f.rent_usd += o->rent_usd[t];
    return f;
}

/* Where the bid of a load ends, MW, and where its self-schedules do. */
static double bid_end_mw(const struct book *book, int32_t r, int32_t t, double *self_mw)
{
    int32_t n;
    const struct bid_segment *seg = book_bid(book, r, t, &n);
    *self_mw = 0;
    for (int32_t i = 0; i < n; i++)
        if (bid_kind_is_self(seg[i].kind))
            *self_mw = seg[i].to_mw;
    return n ? seg[n - 1].to_mw : 0;
}

/* What became of the bid of a load in one hour. */
static void add_load_hour(const struct run *run, int32_t r, int32_t t, double served_mw,
                          struct run_facts *f)
{
    double self_mw, hours = market_duration_h(&run->market);
    double asked_mw = bid_end_mw(&run->market.bids, r, t, &self_mw);
    double admitted_mw = bid_end_mw(&run->admission.bids, r, t, &self_mw);
    double cut_mw = fmax(self_mw - served_mw, 0);
    f->load_asked_mwh += mwh_from_mw(asked_mw, hours);
    f->load_served_mwh += mwh_from_mw(served_mw, hours);
    f->load_cut_mwh += mwh_from_mw(cut_mw, hours);
    f->load_refused_mwh += mwh_from_mw(asked_mw - admitted_mw, hours);
    f->load_declined_mwh += mwh_from_mw(admitted_mw - served_mw - cut_mw, hours);
}

static void add_load(const struct run *run, struct run_facts *f)
{
    const struct market *m = &run->market;
    const struct outcome *o = &run->outcome;
    double cost_usd = 0, hours = market_duration_h(&run->market);
    for (int32_t r = 0; r < m->n_resource; r++)
        for (int32_t t = 0; t < m->n_interval && m->resource[r].type == RESOURCE_LOAD;
             t++) {
            double served_mw = -o->award_mw[(int64_t)t * m->n_resource + r];
            double lmp = o->lmp[(int64_t)t * m->n_node + m->resource[r].node];
            add_load_hour(run, r, t, served_mw, f);
            cost_usd += mwh_from_mw(served_mw, hours) * lmp;
        }
    f->average_usd_per_mwh =
        f->load_served_mwh > 0 ? cost_usd / f->load_served_mwh : (double)NAN;
}

struct run_facts facts_of_run(const struct run *run)
{
    struct run_facts f = {.price = facts_of_prices(&run->outcome)};
    add_load(run, &f);
    for (int32_t i = 0; i < run->admission.n_decision; i++) {
        const struct admit_decision *d = &run->admission.decision[i];
        bool rejected = d->status == BID_REJECTED;
        (rejected ? f.n_rejected : f.n_modified)[d->rule]++;
        *(rejected ? &f.rejected : &f.modified) += 1;
    }
    const struct credit_account *account = run_account(run, run->market.n_day);
    for (int32_t i = 0; i < run->market.n_sc; i++) {
        f.n_call += account[i].status >= CREDIT_CALL;
        f.n_default += account[i].status == CREDIT_DEFAULT;
        f.call_usd += account[i].call_usd;
    }
    return f;
}

void facts_hour(const struct market *m, int32_t interval, char text[HOUR_TEXT_SIZE])
{
    char date[11] = "";
    int32_t day = market_day_of(m, interval);
    if (m->n_day > 1)
        date_format(m->day[day].date, date);
    (void)snprintf(text, HOUR_TEXT_SIZE, "%s%sHE %d", date, *date ? " " : "",
                   m->day[day].hour_ending[interval - m->first_interval[day]]);
}
