/* real_time_start_price.c - what plans could earn at the prices of one of them. */
#include <math.h>

#include "sim/base/mem.h"
#include "sim/clear/real_time_start_parts.h"

static const double some_mw = 1e-7;

/* Prices of a solved window. */
struct pricing {
    const struct rt_starting *s;
    const struct rt_window *v;
    const struct dispatch_problem *p; /* of v */
    double *award_price;              /* [n][n_service_bidder of v] */
    double *margin;                   /* [n] of the unit at hand, USD */
    struct gain *gain;                /* scratch of one unit and quarter */
};

/* MW that may be had, and what one earns. */
struct gain {
    double usd_per_mw, mw;
};

/* ---- prices ---- */

/* Whether a penalty decides in the scheduling run what the pricing run prices otherwise. */
static bool is_penalised(const struct dispatch_problem *p,
                         const struct dispatch_answer *a)
{
    int64_t n_seg = p->seg_start[(int64_t)p->n_interval * p->n_injection];
    if (a->relaxed)
        return true;
    for (int32_t k = 0; k < p->n_interval * network_n_island(p->net); k++)
        if (a->shortage_mw[k] + a->surplus_mw[k] > some_mw)
            return true;
    for (int64_t k = 0; k < n_seg; k++) {
        double more = p->seg[k].price_cost_usd_per_mwh - p->seg[k].cost_usd_per_mwh;
        if ((more > 0 && a->segment_mw[k] < p->seg[k].width_mw - some_mw) ||
            (more < 0 && a->segment_mw[k] > some_mw))
            return true;
    }
    return false;
}

static void price_awards(struct pricing *x)
{
    const struct services *of = &x->v->f.services;
    int32_t n = x->v->w.n_service_bidder;
    for (int32_t k = 0; k < x->v->answer.n_row; k++) {
        const struct dispatch_row *row = &x->v->answer.row[k];
        if (row->kind != DISPATCH_GROUP || row->index < of->first_group ||
            of->limit[row->index - of->first_group].kind != SERVICE_REQUIRED)
            continue;
        for (int32_t i = x->p->group_start[row->index];
             i < x->p->group_start[row->index + 1]; i++) {
            int32_t b = x->p->group_injection[i] - of->first_award;
            if (b >= 0 && b < n)
                x->award_price[(size_t)row->interval * (size_t)n + (size_t)b] -=
                    x->p->group_coef[i] * row->shadow_usd_per_mwh;
        }
    }
}

static double price_at(const struct pricing *x, int32_t r, int32_t k)
{
    const struct dispatch_answer *a = &x->v->answer;
    size_t n_bus = (size_t)x->v->w.grid.n_bus;
    size_t n_island = (size_t)network_n_island(x->p->net);
    double sum = 0;
    for (int32_t i = x->p->bus_start[r]; i < x->p->bus_start[r + 1]; i++) {
        size_t bus = (size_t)x->p->bus[i], at = (size_t)k * n_bus + bus;
        size_t island = (size_t)network_island(x->p->net)[bus];
        sum += x->p->bus_weight[i] *
               (a->lambda_usd_per_mwh[(size_t)k * n_island + island] +
                a->congestion_usd_per_mwh[at] + a->loss_usd_per_mwh[at]);
    }
    return sum;
}

/* ---- one unit, one quarter: USD an hour ---- */

/* The price of injection i, of a unit or of one of its awards. */
static double price_of(const struct pricing *x, int32_t i, int32_t k)
{
    int32_t b = i - x->v->f.services.first_award;
    return b < 0 ? price_at(x, i, k)
                 : x->award_price[(size_t)k * (size_t)x->v->w.n_service_bidder +
                                  (size_t)b];
}

/* What it earns as it is dispatched. */
static double earned(const struct pricing *x, int32_t i, int32_t k)
{
    int64_t at = (int64_t)k * x->p->n_injection + i;
    double price = price_of(x, i, k), sum = price * x->p->base_mw[at];
    for (int64_t g = x->p->seg_start[at]; g < x->p->seg_start[at + 1]; g++)
        sum += (price - x->p->seg[g].cost_usd_per_mwh) * x->v->answer.segment_mw[g];
    return sum;
}

/* The offers of injection i of the open window that earn something, behind n others. */
static int32_t list_gains(const struct pricing *x, int32_t i, int32_t k, int32_t n)
{
    const struct dispatch_problem *open = &x->s->v.f.problem;
    int64_t at = (int64_t)k * open->n_injection + i;
    double price = price_of(x, i, k);
    for (int64_t g = open->seg_start[at]; g < open->seg_start[at + 1]; g++) {
        struct gain is = {price - open->seg[g].cost_usd_per_mwh, open->seg[g].width_mw};
        int32_t to = n;
        if (is.usd_per_mw <= 0 || is.mw <= 0)
            continue;
        for (; to > 0 && x->gain[to - 1].usd_per_mw < is.usd_per_mw; to--)
            x->gain[to] = x->gain[to - 1];
        x->gain[to] = is;
        n++;
    }
    return n;
}

/* Of injection i, with nothing else in the way. */
static double alone(const struct pricing *x, int32_t i, int32_t k)
{
    const struct dispatch_problem *open = &x->s->v.f.problem;
    int64_t at = (int64_t)k * open->n_injection + i;
    double price = price_of(x, i, k), sum = 0;
    for (int64_t g = open->seg_start[at]; g < open->seg_start[at + 1]; g++)
        sum += fmax(0, price - open->seg[g].cost_usd_per_mwh) * open->seg[g].width_mw;
    return sum;
}

/* The most it could earn if it ran: energy and upward awards share its range, and that is all
 * that holds them. */
static double could_earn(const struct pricing *x, int32_t r, int32_t k)
{
    const struct dispatch_problem *open = &x->s->v.f.problem;
    int64_t at = (int64_t)k * open->n_injection + r;
    int32_t first = x->v->f.services.first_award, n = list_gains(x, r, k, 0);
    double sum = price_at(x, r, k) * open->base_mw[at], room = 0;
    for (int64_t g = open->seg_start[at]; g < open->seg_start[at + 1]; g++)
        room += open->seg[g].width_mw;
    for (int32_t b = 0; b < x->v->w.n_service_bidder; b++) {
        const struct service_bidder *is = &x->v->w.service_bidder[b];
        if (is->resource != r)
            continue;
        if (is->service == SERVICE_RD)
            sum += alone(x, first + b, k);
        else
            n = list_gains(x, first + b, k, n);
    }
    for (int32_t i = 0; i < n; i++) {
        double mw = fmin(room, x->gain[i].mw);
        sum += mw * x->gain[i].usd_per_mw;
        room -= mw;
    }
    return sum;
}

/* ---- plans ---- */

static void price_unit(struct pricing *x, struct rt_start_unit *u)
{
    const struct rt_starting *s = x->s;
    int32_t r = u->resource, n_bidder = x->v->w.n_service_bidder;
    double at_hand = -rt_start_beside_usd(s, u, u->at_hand);
    for (int32_t k = 0; k < s->n; k++) {
        double h = x->p->duration_h[k];
        x->margin[k] = rt_window_has(&s->v, r, k) ? h * could_earn(x, r, k) : 0;
        if (!(u->at_hand >> k & 1))
            continue;
        at_hand += h * earned(x, r, k);
        for (int32_t b = 0; b < n_bidder; b++)
            if (x->v->w.service_bidder[b].resource == r)
                at_hand += h * earned(x, x->v->f.services.first_award + b, k);
    }
    for (int32_t p = 0; p < u->n; p++) {
        double usd = -rt_start_beside_usd(s, u, u->plan[p]);
        for (int32_t k = 0; k < s->n; k++)
            usd += u->plan[p] >> k & 1 ? x->margin[k] : 0;
        u->could_usd[p] = usd - at_hand;
    }
}

enum err_code rt_start_price(struct rt_starting *s, const struct rt_window *solved,
                             bool *priced, struct err *err)
{
    struct pricing x = {.s = s, .v = solved, .p = &solved->f.problem};
    int64_t most = 1;
    for (int32_t r = 0; r < s->all->m->n_resource; r++)
        for (int32_t k = 0; k < s->n; k++) {
            int32_t n;
            (void)book_bid(&s->v.a.bids, r, k, &n);
            most = n + 1 > most ? n + 1 : most;
        }
    most += (int64_t)2 * 2 * SERVICES;
    x.award_price = MEM_ARRAY(double, s->n * solved->w.n_service_bidder);
    x.margin = MEM_ARRAY(double, s->n);
    x.gain = MEM_ARRAY(struct gain, most);
    enum err_code code = ERR_OK;
    if (!x.award_price || !x.margin || !x.gain)
        code = err_set(err, ERR_NOMEM, "cannot hold the prices of a window");
    if (!code) {
        price_awards(&x);
        for (int32_t i = 0; i < s->n_unit; i++)
            price_unit(&x, &s->unit[i]);
        *priced = !is_penalised(x.p, &solved->answer);
    }
    mem_free(x.award_price);
    mem_free(x.margin);
    mem_free(x.gain);
    return code;
}
