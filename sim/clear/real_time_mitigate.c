/* real_time_mitigate.c - offers of a window against its own tests of competition. */
#include "sim/clear/real_time_mitigate.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/limit_factor.h"
#include "sim/clear/mitigate.h"
#include "sim/clear/record.h"

static const double least_shadow = 1e-6; /* USD/MWh: less does not bind */

/* Offers of a window as lowered; .n = 0: none are. */
struct lowered {
    struct arena arena;
    int32_t first, n;
    int64_t *start;         /* [n_resource * n + 1] */
    int32_t *configuration; /* [n_resource * n] of plants: whose offer it is, else -1 */
    struct bid_segment *seg;
};

struct rt_mitigating {
    struct limit_factor factor;
    int32_t *portfolio; /* [n_sc] */
    bool *may_be_pivotal;
    double *capacity_mw;       /* [n_sc] scratch */
    struct supplier *supplier; /* [n_resource] scratch */
    struct lowered hour_ahead, fmm, rtd;
};

static bool is_active(const struct market *m)
{
    return m->default_bids.start && m->rules.pivotal_suppliers >= 1 &&
           m->rules.rt_mitigation >= 1;
}

enum err_code rt_mitigate_begin(struct rt_windows *all, struct err *err)
{
    const struct market *m = all->m;
    if (!is_active(m))
        return ERR_OK;
    struct rt_mitigating *w = all->mitigating = MEM_ARRAY(struct rt_mitigating, 1);
    if (!w)
        return err_set(err, ERR_NOMEM, "out of memory");
    w->portfolio = MEM_ARRAY(int32_t, m->n_sc);
    w->may_be_pivotal = MEM_ARRAY(bool, m->n_sc);
    w->capacity_mw = MEM_ARRAY(double, m->n_sc);
    w->supplier = MEM_ARRAY(struct supplier, m->n_resource);
    if (!w->portfolio || !w->may_be_pivotal || !w->capacity_mw || !w->supplier)
        return err_set(err, ERR_NOMEM, "cannot hold the companies of a market");
    mitigate_portfolios(m, w->portfolio);
    for (int32_t s = 0; s < m->n_sc; s++)
        w->may_be_pivotal[s] = true;
    return limit_factor_create(m, all->net, &w->factor, err);
}

void rt_mitigate_end(struct rt_windows *all)
{
    struct rt_mitigating *w = all->mitigating;
    if (!w)
        return;
    limit_factor_release(&w->factor);
    mem_free(w->portfolio);
    mem_free(w->may_be_pivotal);
    mem_free(w->capacity_mw);
    mem_free(w->supplier);
    arena_release(&w->hour_ahead.arena);
    arena_release(&w->fmm.arena);
    arena_release(&w->rtd.arena);
    mem_free(w);
    all->mitigating = NULL;
}

bool rt_mitigate_wants(const struct rt_windows *all, enum rt_run run)
{
    return all->mitigating && (run != RT_DISPATCH || all->m->rules.rt_mitigation >= 2);
}

/* ---- offers ---- */

static struct lowered *lowered_of(const struct rt_windows *all, enum rt_run run)
{
    struct rt_mitigating *w = all->mitigating;
    return run == RT_HOUR_AHEAD ? &w->hour_ahead
           : run == RT_DISPATCH ? &w->rtd
                                : &w->fmm;
}

void rt_mitigate_forget(const struct rt_windows *all, enum rt_run run)
{
    if (!all->mitigating)
        return;
    struct lowered *l = lowered_of(all, run);
    arena_release(&l->arena);
    *l = (struct lowered){0};
}

/* c: the configuration that r is in, -1 = it has none. */
static const struct bid_segment *find(const struct lowered *l, int32_t r, int32_t c,
                                      int32_t t, int32_t *n)
{
    if (t < l->first || t >= l->first + l->n)
        return NULL;
    int64_t at = (int64_t)r * l->n + (t - l->first);
    if (l->configuration[at] != c)
        return NULL;
    *n = (int32_t)(l->start[at + 1] - l->start[at]);
    return l->seg + l->start[at];
}

/* As bid in an hour; in configuration c, if that leaves anything to choose. */
static const struct bid_segment *as_bid(const struct rt_windows *all, int32_t r,
                                        int32_t c, int32_t hour, int32_t *n)
{
    if (c >= 0) {
        const struct bid_segment *bid =
            admit_real_time_configuration(all->a, all->m, c, hour, n);
        if (*n > 0)
            return bid;
    }
    return admit_real_time_bid(all->a, r, hour, n);
}

const struct bid_segment *rt_mitigated_bid(const struct rt_windows *all,
                                           const struct rt_window *v, int32_t r,
                                           int32_t k, int32_t *n)
{
    int32_t five = (v->first + k) * v->fives;
    int32_t c = rt_window_configuration(all, v, r, k);
    const struct bid_segment *bid = NULL;
    if (all->mitigating && v->run == RT_HOUR_AHEAD)
        bid = find(&all->mitigating->hour_ahead, r, c, five / RT_FIVES, n);
    if (all->mitigating && v->run == RT_DISPATCH)
        bid = find(&all->mitigating->rtd, r, c, five, n);
    if (all->mitigating && !bid && v->run != RT_HOUR_AHEAD)
        bid = find(&all->mitigating->fmm, r, c, five / RT_FIVES_A_QUARTER, n);
    return bid ? bid : as_bid(all, r, c, five / RT_FIVES, n);
}

/* ---- suppliers ---- */

/* Whether real time could have it off without breaking its times. */
static bool can_be_off(const struct rt_windows *all, int32_t r)
{
    const struct resource *is = &all->m->resource[r];
    const struct rt_state *now = &all->out->now;
    return is->market_committed && is->commit.fast && !is->commit.must_run &&
           (!now->on[r] || now->since_min[r] >= 60 * is->commit.min_up_h);
}

static bool is_supplier(const struct market *m, int32_t r)
{
    enum resource_type type = m->resource[r].type;
    return !resource_type_withdraws(type) && type != RESOURCE_IMPORT;
}

/* Those that relieve the limit whose factors are at hand, in interval k. */
static int32_t list_suppliers(const struct rt_windows *all, const struct rt_window *v,
                              int32_t k)
{
    const struct market *m = all->m;
    struct rt_mitigating *w = all->mitigating;
    double minutes = v->w.interval_min;
    int32_t n = 0;
    for (int32_t r = 0; r < m->n_resource; r++) {
        const struct resource *is = &m->resource[r];
        double relief = -w->factor.node_factor[is->node];
        int32_t n_piece;
        const struct bid_segment *bid = book_bid(&v->a.bids, r, k, &n_piece);
        if (!(relief > 0) || relief < m->rules.counterflow_factor || n_piece == 0 ||
            resource_type_withdraws(is->type))
            continue;
        double award = rt_window_award(v, r, k), most = bid[n_piece - 1].to_mw;
        double least = fmax(is->pmin_mw, 0);
        double before =
            k > 0 ? rt_window_award(v, r, k - 1) : all->out->now.output_mw[r];
        if (k > 0 || all->out->now.on[r]) {
            most = fmin(most, before + minutes * is->ramp_up_mw_per_min);
            least = fmax(least, before - minutes * is->ramp_down_mw_per_min);
        }
        if (!is_supplier(m, r)) /* its block is given */
            least = most = award;
        else if (can_be_off(all, r))
            least = 0;
        w->supplier[n++] =
            (struct supplier){w->portfolio[is->sc], relief * fmax(most, least),
                              relief * least, relief * award};
    }
    return n;
}

/* ---- tests ---- */

static struct mitigation_tables *tables_of(const struct rt_windows *all,
                                           enum rt_run run)
{
    struct rt_outcome *out = all->out;
    return run == RT_HOUR_AHEAD ? &out->hour_ahead_mitigation
           : run == RT_DISPATCH ? &out->rtd_mitigation
                                : &out->fmm_mitigation;
}

static enum err_code test_row(const struct rt_windows *all, const struct rt_window *v,
                              const struct dispatch_row *row, double *noncompetitive,
                              struct err *err)
{
    const struct market *m = all->m;
    struct rt_mitigating *w = all->mitigating;
    struct competition c;
    int32_t n = list_suppliers(all, v, row->interval);
    competition_test(w->supplier, n, m->n_sc, w->may_be_pivotal,
                     (int32_t)m->rules.pivotal_suppliers, w->capacity_mw, &c);
    double *nc = noncompetitive + (size_t)row->interval * (size_t)m->n_node;
    for (int32_t node = 0; !c.competitive && node < m->n_node; node++)
        nc[node] -= row->shadow_usd_per_mwh * w->factor.node_factor[node];
    const struct outcome_row like = {.kind = CONSTRAINT_BRANCH,
                                     .upper = row->kind == DISPATCH_BRANCH_MAX,
                                     .index = row->index,
                                     .outage = row->outage,
                                     .interval = v->first,
                                     .shadow_usd_per_mwh = row->shadow_usd_per_mwh};
    struct outcome *stage = v->run == RT_DISPATCH ? &all->out->rtd : &all->out->fmm;
    return row->interval > 0
               ? ERR_OK
               : mitigate_note_test(m, &like, &c, stage, tables_of(all, v->run), err);
}

static enum err_code test_limits(const struct rt_windows *all,
                                 const struct rt_window *v, double *noncompetitive,
                                 struct err *err)
{
    const struct dispatch_row *at_hand = NULL;
    enum err_code code = ERR_OK;
    for (int32_t i = 0; i < v->answer.n_row && !code; i++) {
        const struct dispatch_row *row = &v->answer.row[i];
        bool upper = row->kind == DISPATCH_BRANCH_MAX;
        if ((!upper && row->kind != DISPATCH_BRANCH_MIN) ||
            row->shadow_usd_per_mwh <= least_shadow)
            continue;
        if (!at_hand || at_hand->kind != row->kind || at_hand->index != row->index ||
            at_hand->outage != row->outage)
            code = limit_factor_find(&all->mitigating->factor, row->index, row->outage,
                                     upper, err);
        at_hand = row;
        if (!code)
            code = test_row(all, v, row, noncompetitive, err);
    }
    return code;
}

/* ---- lower ---- */

static double price_at(const struct rt_windows *all, const struct rt_window *v,
                       int32_t node, int32_t k)
{
    const struct market *m = all->m;
    const struct node *is = &m->node[node];
    const int32_t *island = network_island(all->net);
    size_t n_bus = (size_t)m->grid.n_bus;
    size_t n_island = (size_t)network_n_island(all->net);
    double sum = 0;
    for (int32_t i = is->factor_start; i < is->factor_start + is->n_factor; i++) {
        size_t bus = (size_t)m->factor_bus[i], at = (size_t)k * n_bus + bus;
        sum +=
            m->factor[i] *
            (v->answer.lambda_usd_per_mwh[(size_t)k * n_island + (size_t)island[bus]] +
             v->answer.congestion_usd_per_mwh[at] + v->answer.loss_usd_per_mwh[at]);
    }
    return record_tidy(sum);
}

static const struct bid_segment *default_bid(const struct rt_windows *all, int32_t r,
                                             int32_t c, int32_t hour, int32_t *n)
{
    return c < 0 ? book_bid(&all->m->default_bids, r, hour, n)
                 : book_bid(&all->a->configuration_default_bids, c, hour, n);
}

/* The offer of r in interval k into l; whether any of it became cheaper. */
static enum err_code lower(const struct rt_windows *all, const struct rt_window *v,
                           int32_t r, int32_t k, double noncompetitive,
                           struct bid_segment *seg, int32_t *n, bool *lowered,
                           struct err *err)
{
    const struct market *m = all->m;
    int32_t n_bid, n_deb, hour = (v->first + k) * v->fives / RT_FIVES;
    const struct bid_segment *bid = rt_mitigated_bid(all, v, r, k, &n_bid);
    int32_t c = rt_window_configuration(all, v, r, k);
    const struct bid_segment *deb = default_bid(all, r, c, hour, &n_deb);
    struct mitigation_tables *to = tables_of(all, v->run), none = {0};
    double nc = record_tidy(noncompetitive);
    *n = n_bid;
    if (n_bid > 0)
        memcpy(seg, bid, (size_t)n_bid * sizeof *seg);
    if (n_bid == 0 || n_deb == 0 || !is_supplier(m, r) ||
        nc <= fmax(m->rules.mitigation_threshold, least_shadow))
        return ERR_OK;
    double lmp = price_at(all, v, m->resource[r].node, k);
    *n = mitigate_offer(bid, n_bid, deb, n_deb, lmp - nc, seg);
    const struct mitigation_piece like = {.resource = r,
                                          .configuration = c,
                                          .interval = v->first,
                                          .lmp_usd_per_mwh = lmp,
                                          .noncompetitive_usd_per_mwh = nc};
    struct mitigation_tables *here = k == 0 ? to : &none;
    int32_t before = here->n_piece;
    enum err_code code =
        mitigate_note_offer(&like, bid, deb, n_deb, seg, *n, here, err);
    *lowered = *lowered || here->n_piece > before;
    mitigation_tables_release(&none);
    return code;
}

static enum err_code lower_all(const struct rt_windows *all, const struct rt_window *v,
                               const double *noncompetitive, struct lowered *to,
                               bool *lowered, struct err *err)
{
    const struct market *m = all->m;
    int64_t room = 0, at = 0;
    for (int32_t r = 0; r < m->n_resource; r++)
        for (int32_t k = 0; k < v->n; k++) {
            int32_t n, n_deb;
            (void)rt_mitigated_bid(all, v, r, k, &n);
            (void)default_bid(all, r, rt_window_configuration(all, v, r, k),
                              (v->first + k) * v->fives / RT_FIVES, &n_deb);
            room += n + n_deb;
        }
    to->start = ARENA_ARRAY(&to->arena, int64_t, (int64_t)m->n_resource * v->n + 1);
    to->configuration = ARENA_ARRAY(&to->arena, int32_t, (int64_t)m->n_resource * v->n);
    to->seg = ARENA_ARRAY(&to->arena, struct bid_segment, room);
    if (!to->start || !to->seg || !to->configuration)
        return err_set(err, ERR_NOMEM, "cannot hold the lowered offers of a run");
    for (int32_t r = 0; r < m->n_resource; r++)
        for (int32_t k = 0; k < v->n; k++) {
            int32_t n;
            double nc = noncompetitive[(size_t)k * (size_t)m->n_node +
                                       (size_t)m->resource[r].node];
            enum err_code code =
                lower(all, v, r, k, nc, to->seg + at, &n, lowered, err);
            if (code)
                return code;
            to->start[(int64_t)r * v->n + k] = at;
            to->configuration[(int64_t)r * v->n + k] =
                rt_window_configuration(all, v, r, k);
            at += n;
        }
    to->start[(int64_t)m->n_resource * v->n] = at;
    to->first = v->first;
    to->n = v->n;
    return ERR_OK;
}

enum err_code rt_mitigate(const struct rt_windows *all, const struct rt_window *v,
                          bool *lowered, struct err *err)
{
    double *noncompetitive = MEM_ARRAY(double, v->n * all->m->n_node);
    struct lowered to = {.n = 0};
    *lowered = false;
    enum err_code code = noncompetitive ? test_limits(all, v, noncompetitive, err)
                                        : err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = lower_all(all, v, noncompetitive, &to, lowered, err);
    mem_free(noncompetitive);
    if (code || !*lowered) {
        arena_release(&to.arena);
        return code;
    }
    *lowered_of(all, v->run) = to;
    return ERR_OK;
}
