/* mitigate.c - the all-constraints run, its tests, and the offers that follow. */
#include "sim/clear/mitigate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/grid_network.h"
#include "sim/clear/limit_factor.h"
#include "sim/clear/record.h"
#include "sim/clear/state.h"

static const double least_shadow = 1e-6; /* USD/MWh: less does not bind */

enum {
    NAMES_SIZE = 4096
};

/* One day at work. */
struct day {
    const struct market *m;
    const struct admission *a;
    struct mitigation *mit;
    int32_t first, end; /* intervals */
    struct limit_factor factor;
    int32_t *portfolio;        /* [n_sc] least SC of the same company */
    bool *may_be_pivotal;      /* [n_sc] by portfolio */
    double *capacity_mw;       /* [n_sc] scratch of competition_test */
    struct supplier *supplier; /* [n_resource + n_virtual] scratch */
    double *noncompetitive;    /* [intervals of the day][n_node] mcc_nc */
};

enum err_code mitigate_begin(const struct market *m, struct mitigation *out,
                             struct err *err)
{
    *out = (struct mitigation){.active = m->default_bids.start != NULL &&
                                         m->rules.pivotal_suppliers >= 1};
    return out->active ? clear_begin(m, &out->trial, err) : ERR_OK;
}

/* ---- companies ---- */

static const char *company_of(const struct market *m, int32_t sc)
{
    return m->sc[sc].affiliate ? m->sc[sc].affiliate : m->sc[sc].id;
}

void mitigate_portfolios(const struct market *m, int32_t *portfolio)
{
    for (int32_t s = 0; s < m->n_sc; s++) {
        portfolio[s] = s;
        for (int32_t k = 0; k < s && portfolio[s] == s; k++)
            if (strcmp(company_of(m, k), company_of(m, s)) == 0)
                portfolio[s] = portfolio[k];
    }
}

/* Net buyers of the day are not ranked. */
static void find_companies(struct day *d)
{
    const struct market *m = d->m;
    const struct outcome *o = &d->mit->trial;
    mitigate_portfolios(m, d->portfolio);
    for (int32_t s = 0; s < m->n_sc; s++)
        d->capacity_mw[s] = 0;
    for (int32_t t = d->first; t < d->end; t++)
        for (int32_t r = 0; r < m->n_resource; r++)
            d->capacity_mw[d->portfolio[m->resource[r].sc]] +=
                o->award_mw[(size_t)t * (size_t)m->n_resource + (size_t)r];
    for (int32_t s = 0; s < m->n_sc; s++)
        d->may_be_pivotal[s] = d->capacity_mw[s] >= 0;
}

/* ---- suppliers of counterflow ---- */

/* What resource r gave in the interval before t; NaN if that is no limit. */
static double mw_before(const struct day *d, int32_t r, int32_t t)
{
    const struct market *m = d->m;
    int32_t n = 0;
    if (t == 0)
        return m->resource[r].initial_mw;
    (void)book_bid(&d->a->bids, r, t - 1, &n);
    bool follows = t > d->first;
    if (!follows) {
        int32_t day = market_day_of(m, t);
        follows = m->day[day].date == m->day[day - 1].date + 1;
    }
    if (!follows)
        return (double)NAN;
    if (t == d->first) /* where real time left it */
        return state_output_before(m, d->a, &d->mit->trial, r, t);
    return n > 0 ? d->mit->trial
                       .award_mw[(size_t)(t - 1) * (size_t)m->n_resource + (size_t)r]
                 : (double)NAN;
}

static void add_resource(struct day *d, int32_t r, int32_t t, double relief, int32_t *n)
{
    const struct market *m = d->m;
    const struct resource *is = &m->resource[r];
    int32_t n_piece;
    const struct bid_segment *bid = book_bid(&d->a->bids, r, t, &n_piece);
    if (n_piece == 0 || resource_type_withdraws(is->type))
        return;
    double most = bid[n_piece - 1].to_mw, least = fmax(is->pmin_mw, 0);
    double before = mw_before(d, r, t);
    if (!isnan(before)) {
        most = fmin(most, before + 60 * is->ramp_up_mw_per_min);
        least = fmax(least, before - 60 * is->ramp_down_mw_per_min);
    }
    double award =
        d->mit->trial.award_mw[(size_t)t * (size_t)m->n_resource + (size_t)r];
    d->supplier[(*n)++] =
        (struct supplier){d->portfolio[is->sc], relief * fmax(most, least),
                          relief * least, relief * award};
}

static void add_virtual(struct day *d, int32_t v, int32_t t, double relief, int32_t *n)
{
    const struct market *m = d->m;
    int32_t n_piece;
    const struct bid_segment *bid = book_bid(&d->a->virtual_bids, v, t, &n_piece);
    if (n_piece == 0 || m->position[v].side == VIRTUAL_DEMAND)
        return;
    double award =
        d->mit->trial.virtual_award_mw[(size_t)t * (size_t)m->n_virtual + (size_t)v];
    d->supplier[(*n)++] =
        (struct supplier){-1, relief * bid[n_piece - 1].to_mw, 0, relief * award};
}

/* Those that relieve the limit whose factors are at hand. */
static int32_t list_suppliers(struct day *d, int32_t t)
{
    const struct market *m = d->m;
    int32_t n = 0;
    for (int32_t r = 0; r < m->n_resource; r++) {
        double relief = -d->factor.node_factor[m->resource[r].node];
        if (relief > 0 && relief >= m->rules.counterflow_factor)
            add_resource(d, r, t, relief, &n);
    }
    for (int32_t v = 0; v < m->n_virtual; v++) {
        double relief = -d->factor.node_factor[m->position[v].node];
        if (relief > 0 && relief >= m->rules.counterflow_factor)
            add_virtual(d, v, t, relief, &n);
    }
    return n;
}

/* ---- tests ---- */

/* Room for one more of n; false when out of memory. */
static bool grow(void **list, int32_t *room, int32_t n, size_t size)
{
    if (n < *room)
        return true;
    int32_t more = *room < 16 ? 16 : 2 * *room;
    void *p = mem_resize(*list, (size_t)more, size);
    if (!p)
        return false;
    *list = p;
    *room = more;
    return true;
}

static const char *pivotal_names(const struct market *m, const struct competition *c,
                                 struct arena *arena)
{
    char text[NAMES_SIZE] = "";
    size_t len = 0;
    for (int32_t k = 0; k < c->n_pivotal && len < sizeof text; k++) {
        int n = snprintf(text + len, sizeof text - len, "%s%s", k > 0 ? ", " : "",
                         company_of(m, c->pivotal[k]));
        len += (size_t)n;
    }
    return arena_copy_text(arena, text, strlen(text));
}

enum err_code mitigate_note_test(const struct market *m, const struct outcome_row *row,
                                 const struct competition *c, struct outcome *trial,
                                 struct mitigation_tables *to, struct err *err)
{
    if (!grow((void **)&to->test, &to->room_test, to->n_test, sizeof *to->test))
        return err_set(err, ERR_NOMEM, "cannot hold the tests of competitiveness");
    struct mitigation_test *test = &to->test[to->n_test++];
    *test = (struct mitigation_test){
        .constraint = record_constraint_name(m, trial, row),
        .interval = row->interval,
        .shadow_usd_per_mwh = record_tidy(row->shadow_usd_per_mwh),
        .needed_mw = record_tidy(c->needed_mw),
        .fringe_mw = record_tidy(c->fringe_mw),
        .withheld_mw = record_tidy(c->withheld_mw),
        .residual_index = c->residual_index,
        .competitive = c->competitive,
        .pivotal = pivotal_names(m, c, &trial->arena)};
    return test->constraint && test->pivotal ? ERR_OK
                                             : err_set(err, ERR_NOMEM, "out of memory");
}

static enum err_code test_row(struct day *d, const struct outcome_row *row,
                              struct err *err)
{
    struct mitigation *mit = d->mit;
    struct competition c;
    int32_t n = list_suppliers(d, row->interval);
    competition_test(d->supplier, n, d->m->n_sc, d->may_be_pivotal,
                     (int32_t)d->m->rules.pivotal_suppliers, d->capacity_mw, &c);
    enum err_code code =
        mitigate_note_test(d->m, row, &c, &mit->trial, &mit->made, err);
    if (code)
        return code;
    double *nc =
        d->noncompetitive + (size_t)(row->interval - d->first) * (size_t)d->m->n_node;
    for (int32_t node = 0; !c.competitive && node < d->m->n_node; node++)
        nc[node] -= row->shadow_usd_per_mwh * d->factor.node_factor[node];
    return ERR_OK;
}

static bool same_limit(const struct outcome_row *a, const struct outcome_row *b)
{
    return a->index == b->index && a->outage == b->outage && a->upper == b->upper;
}

static enum err_code test_limits(struct day *d, int32_t first_row, struct err *err)
{
    const struct outcome *o = &d->mit->trial;
    const struct outcome_row *at_hand = NULL;
    enum err_code code = ERR_OK;
    for (int32_t k = first_row; !code && k < o->n_row; k++) {
        const struct outcome_row *row = &o->row[k];
        if (row->kind != CONSTRAINT_BRANCH || row->shadow_usd_per_mwh <= least_shadow)
            continue;
        if (!at_hand || !same_limit(at_hand, row))
            code =
                limit_factor_find(&d->factor, row->index, row->outage, row->upper, err);
        at_hand = row;
        if (!code)
            code = test_row(d, row, err);
    }
    return code;
}

/* ---- offers ---- */

enum err_code mitigate_note_offer(const struct mitigation_piece *like,
                                  const struct bid_segment *bid,
                                  const struct bid_segment *deb, int32_t n_deb,
                                  const struct bid_segment *now, int32_t n_now,
                                  struct mitigation_tables *to, struct err *err)
{
    int32_t k = 0, e = 0;
    for (int32_t i = 0; i < n_now; i++) {
        while (bid[k].to_mw <= now[i].from_mw)
            k++;
        while (e + 1 < n_deb && deb[e].to_mw <= now[i].from_mw)
            e++;
        if (bid_kind_is_self(now[i].kind) ||
            now[i].price_usd_per_mwh >= bid[k].price_usd_per_mwh)
            continue;
        if (!grow((void **)&to->piece, &to->room_piece, to->n_piece, sizeof *to->piece))
            return err_set(err, ERR_NOMEM, "cannot hold the mitigated offers");
        struct mitigation_piece *piece = &to->piece[to->n_piece++];
        *piece = *like;
        piece->from_mw = now[i].from_mw;
        piece->to_mw = now[i].to_mw;
        piece->offer_usd_per_mwh = bid[k].price_usd_per_mwh;
        piece->default_usd_per_mwh = deb[e].price_usd_per_mwh;
        piece->mitigated_usd_per_mwh = now[i].price_usd_per_mwh;
    }
    return ERR_OK;
}

/* Price of r in interval t of the day, and what of it is not competitive; whether that is
 * enough to lower what it offers. */
static bool is_mitigated(const struct day *d, int32_t r, int32_t t, double *lmp,
                         double *nc)
{
    const struct market *m = d->m;
    size_t node = (size_t)m->resource[r].node;
    if (t < d->first || t >= d->end || resource_type_withdraws(m->resource[r].type))
        return false;
    *nc = record_tidy(
        d->noncompetitive[(size_t)(t - d->first) * (size_t)m->n_node + node]);
    *lmp = d->mit->trial.lmp[(size_t)t * (size_t)m->n_node + node];
    return *nc > fmax(m->rules.mitigation_threshold, least_shadow);
}

/* An offer against its default bid. */
struct offer {
    const struct bid_segment *bid, *deb;
    int32_t n_bid, n_deb;
};

/* Of resource r, or of its configuration c >= 0. */
static struct offer offer_of(const struct day *d, int32_t r, int32_t c, int32_t t)
{
    struct offer o;
    if (c < 0) {
        o.bid = book_bid(&d->a->bids, r, t, &o.n_bid);
        o.deb = book_bid(&d->m->default_bids, r, t, &o.n_deb);
    } else {
        o.bid = book_bid(&d->a->configuration_bids, c, t, &o.n_bid);
        o.deb = book_bid(&d->a->configuration_default_bids, c, t, &o.n_deb);
    }
    return o;
}

/* The offer as the binding run takes it, at seg; its pieces. */
static int32_t take_offer(const struct day *d, int32_t r, int32_t c, int32_t t,
                          struct bid_segment *seg)
{
    struct offer o = offer_of(d, r, c, t);
    double lmp, nc;
    if (o.n_bid > 0 && o.n_deb > 0 && is_mitigated(d, r, t, &lmp, &nc))
        return mitigate_offer(o.bid, o.n_bid, o.deb, o.n_deb, lmp - nc, seg);
    if (o.n_bid > 0)
        memcpy(seg, o.bid, (size_t)o.n_bid * sizeof *seg);
    return o.n_bid;
}

/* Notes what was lowered of the offer, which is now at seg. */
static enum err_code note_offer(struct day *d, int32_t r, int32_t c, int32_t t,
                                const struct bid_segment *seg, int32_t n,
                                struct err *err)
{
    struct offer o = offer_of(d, r, c, t);
    struct mitigation_piece like = {.resource = r, .interval = t, .configuration = c};
    struct mitigation_tables *to = &d->mit->made;
    int32_t before = to->n_piece;
    if (o.n_bid == 0 || o.n_deb == 0 ||
        !is_mitigated(d, r, t, &like.lmp_usd_per_mwh, &like.noncompetitive_usd_per_mwh))
        return ERR_OK;
    enum err_code code =
        mitigate_note_offer(&like, o.bid, o.deb, o.n_deb, seg, n, to, err);
    d->mit->lowered = d->mit->lowered || to->n_piece > before;
    return code;
}

/* The book of resources, or of configurations, with the offers of the day lowered. */
static enum err_code mitigate_book(const struct day *d, bool of_configurations,
                                   struct book *out, struct err *err)
{
    const struct admission *a = d->a;
    const struct book *from = of_configurations ? &a->configuration_bids : &a->bids;
    const struct book *deb =
        of_configurations ? &a->configuration_default_bids : &d->m->default_bids;
    int64_t n_seg = 0, cells = (int64_t)from->n_owner * from->n_interval;
    book_release(out);
    if (!from->start)
        return ERR_OK;
    out->n_owner = from->n_owner;
    out->n_interval = from->n_interval;
    out->start = MEM_ARRAY(int64_t, cells + 1);
    out->seg = MEM_ARRAY(struct bid_segment, from->start[cells] + deb->start[cells]);
    if (!out->start || !out->seg)
        return err_set(err, ERR_NOMEM, "cannot hold the mitigated offers");
    for (int64_t at = 0; at < cells; at++) {
        int32_t owner = (int32_t)(at / from->n_interval);
        int32_t t = (int32_t)(at % from->n_interval);
        int32_t r = of_configurations ? d->m->configuration[owner].resource : owner;
        out->start[at] = n_seg;
        n_seg += take_offer(d, r, of_configurations ? owner : -1, t, out->seg + n_seg);
    }
    out->start[cells] = n_seg;
    return ERR_OK;
}

/* Rows of the day, by resource and interval: of a plant its own offer, then those in its
 * configurations. */
static enum err_code note_offers(struct day *d, struct err *err)
{
    const struct market *m = d->m;
    enum err_code code = ERR_OK;
    d->mit->lowered = false;
    for (int32_t r = 0; r < m->n_resource; r++)
        for (int32_t t = d->first; t < d->end && !code; t++) {
            const struct resource *is = &m->resource[r];
            int32_t n;
            const struct bid_segment *seg = book_bid(&d->mit->bids, r, t, &n);
            code = note_offer(d, r, -1, t, seg, n, err);
            for (int32_t k = 0; k < is->n_configuration && !code; k++) {
                int32_t c = is->first_configuration + k;
                seg = book_bid(&d->mit->configuration_bids, c, t, &n);
                code = note_offer(d, r, c, t, seg, n, err);
            }
        }
    return code;
}

static enum err_code mitigate_books(struct day *d, struct err *err)
{
    struct mitigation *mit = d->mit;
    enum err_code code = mitigate_book(d, false, &mit->bids, err);
    if (!code)
        code = mitigate_book(d, true, &mit->configuration_bids, err);
    return code ? code : note_offers(d, err);
}

struct admission mitigate_admitted(const struct admission *a,
                                   const struct mitigation *mit)
{
    struct admission cleared = *a;
    cleared.bids = mit->bids;
    cleared.configuration_bids = mit->configuration_bids;
    return cleared;
}

/* ---- a day ---- */

/* The all-constraints run starts where the binding runs before it ended. */
static void copy_state(const struct day *d, const struct outcome *before)
{
    struct outcome *trial = &d->mit->trial;
    size_t n = (size_t)d->m->n_resource, at = (size_t)(d->first - 1) * n;
    if (d->first == 0)
        return;
    trial->state_on = before->state_on ? before->state_on : before->on;
    trial->state_configuration = before->state_configuration
                                     ? before->state_configuration
                                     : before->configuration;
    trial->state_mw = before->state_mw;
    trial->state_energy_mwh = before->state_energy_mwh;
    memcpy(trial->award_mw + at, before->award_mw + at, n * sizeof(double));
    memcpy(trial->energy_mwh + at, before->energy_mwh + at, n * sizeof(double));
}

static enum err_code day_create(struct day *d, struct err *err)
{
    const struct market *m = d->m;
    d->portfolio = MEM_ARRAY(int32_t, m->n_sc);
    d->may_be_pivotal = MEM_ARRAY(bool, m->n_sc);
    d->capacity_mw = MEM_ARRAY(double, m->n_sc);
    d->supplier = MEM_ARRAY(struct supplier, m->n_resource + m->n_virtual);
    d->noncompetitive = MEM_ARRAY(double, (d->end - d->first) * m->n_node);
    return d->portfolio && d->may_be_pivotal && d->capacity_mw && d->supplier &&
                   d->noncompetitive
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "out of memory");
}

static void day_release(struct day *d)
{
    limit_factor_release(&d->factor);
    mem_free(d->portfolio);
    mem_free(d->may_be_pivotal);
    mem_free(d->capacity_mw);
    mem_free(d->supplier);
    mem_free(d->noncompetitive);
}

enum err_code mitigate_day(const struct market *m, const struct admission *a,
                           int32_t day, const struct outcome *before,
                           struct mitigation *mit, struct err *err)
{
    struct day d = {.m = m,
                    .a = a,
                    .mit = mit,
                    .first = m->first_interval[day],
                    .end = m->first_interval[day + 1]};
    struct grid_network gn = {0};
    int32_t first_row = mit->trial.n_row;
    copy_state(&d, before);
    mit->trial.watch = before->watch;
    clear_solution_release(&mit->solution);
    enum err_code code = clear_day_shared(m, a, day, &mit->solution, &mit->trial, err);
    if (!code)
        code = day_create(&d, err);
    if (!code)
        code = grid_network_create(&m->grid, m->rules.dc_model, m->reference_weight,
                                   &gn, err);
    if (!code)
        code = limit_factor_create(m, gn.net, &d.factor, err);
    if (!code) {
        find_companies(&d);
        code = test_limits(&d, first_row, err);
    }
    if (!code)
        code = mitigate_books(&d, err);
    if (mit->lowered) /* a day of its own */
        clear_solution_release(&mit->solution);
    day_release(&d);
    grid_network_release(&gn);
    return code;
}

void mitigation_tables_release(struct mitigation_tables *t)
{
    mem_free(t->test);
    mem_free(t->piece);
    *t = (struct mitigation_tables){0};
}

void mitigation_release(struct mitigation *mit)
{
    outcome_release(&mit->trial);
    mitigation_tables_release(&mit->made);
    book_release(&mit->bids);
    book_release(&mit->configuration_bids);
    clear_solution_release(&mit->solution);
    *mit = (struct mitigation){0};
}
