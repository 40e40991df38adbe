/*
 * network_rows.c - limits of flows enter the master when its point breaks them.
 *
 * A flow is f = f0 + sum_n c_n I_n with I the injections at buses, c a row of PTDF, after
 * an outage plus lodf times those of the branches lost; f0 is what phase shifters drive.
 * With the load moved to the right,
 *
 *     sum_n -c_n (I_n + load_n) + over >= f0 - max - sum_n c_n load_n               (1)
 *
 * and likewise for minima. Shortage and surplus lie where the reference of the network
 * does, to which c is relative: they are in no row.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"
#include "solver/commit/master.h"
#include "solver/network.h"
#include "solver/outage.h"

enum {
    MOST = 12,      /* new rows of one kind in an interval and a round */
    PER_BRANCH = 2, /* of them, after outages */
    ROUNDS = 30
};

struct broken {
    int32_t interval, branch, outage;
    bool minimum;
    double over_mw;
};

struct flows {
    struct dispatch_problem d; /* what the search for limits after outages reads */
    struct outage_screen *screen;
    double *injection_mw;         /* [n_interval][n_bus] */
    double *flow_mw;              /* [n_interval][n_branch] */
    double *still_mw;             /* [n_branch] f0 */
    int32_t *first;               /* [n_branch] extra row, -1 = none */
    struct outage_violation *out; /* [n_interval * MOST] */
    int32_t *n_out;               /* [n_interval] */
    struct broken *broken;        /* [2 * n_interval * MOST] */
    int32_t n_broken;
    double *row;   /* [n_row][n_bus] PTDF */
    double *coef;  /* [n_bus] c of one flow */
    double *lodf;  /* [most branches of an outage] */
    int32_t *need; /* [n_branch] row + 1 in this round */
    double nothing;
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for flows of the commitment");
}

/* ---- life ---------------------------------------------------------------------------- */

static enum err_code make(struct fleet *f, struct flows *x, struct err *err)
{
    const struct commit_problem *p = f->p;
    const struct network_data *d = network_data(p->net);
    const size_t T = (size_t)p->n_interval, L = (size_t)d->n_branch;
    const size_t N = (size_t)d->n_bus;
    int32_t lost = 1;
    for (int32_t k = 0; p->outages && k < p->outages->n_outage; k++)
        if (p->outages->branch_start[k + 1] - p->outages->branch_start[k] > lost)
            lost = p->outages->branch_start[k + 1] - p->outages->branch_start[k];
    x->injection_mw = MEM_ARRAY(double, T *N);
    x->flow_mw = MEM_ARRAY(double, T *L);
    x->still_mw = MEM_ARRAY(double, L);
    x->first = MEM_ARRAY(int32_t, L);
    x->need = MEM_ARRAY(int32_t, L);
    x->out = MEM_ARRAY(struct outage_violation, T * MOST);
    x->n_out = MEM_ARRAY(int32_t, T);
    x->broken = MEM_ARRAY(struct broken, 2 * T * MOST);
    x->coef = MEM_ARRAY(double, N);
    x->lodf = MEM_ARRAY(double, lost);
    if (!x->injection_mw || !x->flow_mw || !x->still_mw || !x->first || !x->need ||
        !x->out || !x->n_out || !x->broken || !x->coef || !x->lodf)
        return no_memory(err);
    for (size_t l = 0; l < L; l++)
        x->first[l] = -1;
    enum err_code code =
        network_flows(p->net, 1, x->injection_mw, NULL, x->still_mw, err);
    if (code || !p->outages)
        return code;
    x->d = (struct dispatch_problem){
        .net = p->net, .n_interval = p->n_interval, .outages = p->outages};
    return outage_screen_create(&x->d, &x->screen, err);
}

enum err_code flows_create(struct fleet *f, struct err *err)
{
    if (!f->p->net)
        return ERR_OK;
    if (network_n_island(f->p->net) != 1)
        return err_set(err, ERR_NUMERIC,
                       "a network of %d islands cannot be committed as one",
                       network_n_island(f->p->net));
    f->flows = MEM_ARRAY(struct flows, 1);
    return f->flows ? make(f, f->flows, err) : no_memory(err);
}

void flows_release(struct flows *x)
{
    if (!x)
        return;
    outage_screen_destroy(x->screen);
    mem_free(x->injection_mw);
    mem_free(x->flow_mw);
    mem_free(x->still_mw);
    mem_free(x->first);
    mem_free(x->need);
    mem_free(x->out);
    mem_free(x->n_out);
    mem_free(x->broken);
    mem_free(x->row);
    mem_free(x->coef);
    mem_free(x->lodf);
    mem_free(x);
}

/* ---- the point ------------------------------------------------------------------------- */

static void inject(const struct fleet *f, struct flows *x, const struct schedule *s,
                   double weight)
{
    const struct commit_unit *u = &f->p->unit[s->unit];
    const size_t N = (size_t)network_data(f->p->net)->n_bus;
    for (int32_t t = 0; t < f->n_interval; t++)
        for (int32_t k = 0; k < u->n_bus && s->mw[t] != 0; k++)
            x->injection_mw[(size_t)t * N + (size_t)u->bus[k]] +=
                weight * u->bus_weight[k] * s->mw[t];
}

/* Load at buses, less what is short of it in the whole. */
static void inject_load(const struct fleet *f, struct flows *x, int32_t t,
                        double short_mw)
{
    const struct commit_problem *p = f->p;
    const size_t N = (size_t)network_data(p->net)->n_bus, at = (size_t)t * N;
    const double part = p->load_mw[t] > 0 ? 1 - short_mw / p->load_mw[t] : 1;
    for (size_t n = 0; n < N; n++)
        x->injection_mw[at + n] = -part * p->bus_load_mw[at + n];
}

static void inject_blocks(const struct fleet *f, struct flows *x,
                          const double *block_mw)
{
    const size_t N = (size_t)network_data(f->p->net)->n_bus;
    for (int32_t k = 0; k < f->n_block; k++) {
        const struct other_block *b = &f->block[k];
        x->injection_mw[(size_t)b->interval * N + (size_t)b->bus] += block_mw[k];
    }
}

static void read_point(const struct fleet *f, struct flows *x, const struct master *m)
{
    for (int32_t t = 0; t < f->n_interval; t++) {
        const int32_t real = m->first_real + 2 * t;
        inject_load(f, x, t, m->z[real] - m->z[real + 1]);
    }
    for (int32_t k = 0; k < m->n_group; k++)
        if (m->base_weight[k] != 0)
            for (int32_t i = m->group_start[k]; i < m->group_start[k + 1]; i++)
                inject(f, x, m->base[m->group_unit[i]], m->base_weight[k]);
    for (int32_t k = 0; k < m->n_column; k++) {
        const struct master_column *c = &m->column[k];
        const int32_t n = m->group_start[c->group + 1] - m->group_start[c->group];
        for (int32_t i = 0; i < n && c->weight != 0; i++)
            inject(f, x, c->member[i], c->weight);
    }
    inject_blocks(f, x, m->z + m->first_block);
}

/* Powers of units, [n_unit][n_interval], and of blocks. */
static void read_average(const struct fleet *f, struct flows *x, const double *unit_mw,
                         const double *block_mw)
{
    const struct commit_problem *p = f->p;
    const int32_t T = f->n_interval;
    const size_t N = (size_t)network_data(p->net)->n_bus;
    for (int32_t t = 0; t < T; t++) {
        double missing = p->load_mw[t];
        for (int32_t g = 0; g < f->n_unit; g++)
            missing -= unit_mw[g * T + t];
        for (int32_t k = 0; k < f->n_block; k++)
            missing -= f->block[k].interval == t ? block_mw[k] : 0;
        inject_load(f, x, t, missing);
    }
    for (int32_t g = 0; g < f->n_unit; g++)
        for (int32_t t = 0; t < T; t++)
            for (int32_t k = 0; k < p->unit[g].n_bus; k++)
                x->injection_mw[(size_t)t * N + (size_t)p->unit[g].bus[k]] +=
                    p->unit[g].bus_weight[k] * unit_mw[g * T + t];
    inject_blocks(f, x, block_mw);
}

/* ---- what is broken ---------------------------------------------------------------------- */

static bool is_known(const void *context, int32_t interval, int32_t outage,
                     int32_t branch, bool minimum)
{
    const struct fleet *f = context;
    for (int32_t e = f->flows->first[branch]; e >= 0; e = f->extra[e].next_of_branch)
        if (f->extra[e].interval == interval && f->extra[e].outage == outage &&
            f->extra[e].minimum == minimum)
            return true;
    return false;
}

static int by_over(const void *a, const void *b)
{
    const struct broken *x = a, *y = b;
    if (x->over_mw != y->over_mw)
        return x->over_mw > y->over_mw ? -1 : 1;
    return x->branch < y->branch ? -1 : x->branch > y->branch;
}

/* The worst of the network as it is, in one interval. */
static enum err_code find_plain(struct fleet *f, int32_t t, struct broken *all,
                                struct err *err)
{
    struct flows *x = f->flows;
    const struct network_data *d = network_data(f->p->net);
    const double *flow = x->flow_mw + (size_t)t * (size_t)d->n_branch;
    int32_t n = 0;
    bool whole = dispatch_outage_counts(f->p->outages, t, -1);
    for (int32_t l = 0; l < d->n_branch && whole; l++) {
        const bool minimum = flow[l] < d->flow_min_mw[l];
        const double limit = minimum ? d->flow_min_mw[l] : d->flow_max_mw[l];
        const double over = minimum ? limit - flow[l] : flow[l] - limit;
        if (over > outage_tolerance_mw(limit) && !is_known(f, t, -1, l, minimum))
            all[n++] = (struct broken){t, l, -1, minimum, over};
    }
    qsort(all, (size_t)n, sizeof *all, by_over);
    for (int32_t k = 0; k < n && k < MOST; k++)
        x->broken[x->n_broken++] = all[k];
    (void)err;
    return ERR_OK;
}

static enum err_code find_broken(struct fleet *f, struct err *err)
{
    struct flows *x = f->flows;
    const int32_t T = f->n_interval;
    struct broken *all = MEM_ARRAY(struct broken, network_data(f->p->net)->n_branch);
    enum err_code code = all ? ERR_OK : no_memory(err);
    x->n_broken = 0;
    if (!code)
        code = network_flows(f->p->net, T, x->injection_mw, NULL, x->flow_mw, err);
    for (int32_t t = 0; t < T && !code; t++)
        code = find_plain(f, t, all, err);
    mem_free(all);
    if (code || !x->screen)
        return code;
    const struct outage_known known = {f, is_known};
    code = outage_find(x->screen, x->flow_mw, &x->nothing, &known, PER_BRANCH, MOST,
                       x->out, x->n_out, err);
    for (int32_t t = 0; t < T && !code; t++)
        for (int32_t k = 0; k < x->n_out[t]; k++) {
            const struct outage_violation *v = &x->out[t * MOST + k];
            x->broken[x->n_broken++] = (struct broken){
                v->interval, v->branch, v->outage, v->minimum, v->over_mw};
        }
    return code;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static const int32_t *lost(const struct fleet *f, int32_t outage, int32_t *n)
{
    const struct dispatch_outages *o = f->p->outages;
    *n = outage < 0 ? 0 : o->branch_start[outage + 1] - o->branch_start[outage];
    return outage < 0 ? NULL : o->branch + o->branch_start[outage];
}

/* Rows of PTDF of all branches that this round's limits depend on. */
static enum err_code need_rows(struct fleet *f, struct err *err)
{
    struct flows *x = f->flows;
    const struct network_data *d = network_data(f->p->net);
    int32_t *branch = MEM_ARRAY(int32_t, d->n_branch), n = 0;
    if (!branch)
        return no_memory(err);
    memset(x->need, 0, (size_t)d->n_branch * sizeof *x->need);
    for (int32_t k = 0; k < x->n_broken; k++) {
        int32_t n_lost;
        const int32_t *list = lost(f, x->broken[k].outage, &n_lost);
        for (int32_t i = -1; i < n_lost; i++) {
            const int32_t l = i < 0 ? x->broken[k].branch : list[i];
            if (x->need[l] == 0) {
                branch[n++] = l;
                x->need[l] = n;
            }
        }
    }
    mem_free(x->row);
    x->row = mem_alloc((size_t)n * (size_t)d->n_bus, sizeof *x->row);
    enum err_code code =
        x->row ? network_ptdf_rows(f->p->net, n, branch, x->row, err) : no_memory(err);
    mem_free(branch);
    return code;
}

static void add_row(struct flows *x, int32_t branch, double by, size_t n_bus,
                    double *still)
{
    const double *row = x->row + (size_t)(x->need[branch] - 1) * n_bus;
    for (size_t n = 0; n < n_bus; n++)
        x->coef[n] += by * row[n];
    *still += by * x->still_mw[branch];
}

/* c and f0 of a flow. */
static enum err_code coefficients(struct fleet *f, const struct broken *b,
                                  double *still, struct err *err)
{
    struct flows *x = f->flows;
    const size_t n_bus = (size_t)network_data(f->p->net)->n_bus;
    int32_t n_lost;
    const int32_t *list = lost(f, b->outage, &n_lost);
    enum err_code code = ERR_OK;
    memset(x->coef, 0, n_bus * sizeof *x->coef);
    *still = 0;
    if (n_lost > 0)
        code = outage_lodf(x->screen, b->outage, b->branch, x->lodf, err);
    if (code)
        return code;
    add_row(x, b->branch, 1, n_bus, still);
    for (int32_t i = 0; i < n_lost; i++)
        add_row(x, list[i], x->lodf[i], n_bus, still);
    return ERR_OK;
}

static enum err_code add_limit(struct fleet *f, const struct broken *b, struct err *err)
{
    struct flows *x = f->flows;
    const struct commit_problem *p = f->p;
    const struct network_data *d = network_data(p->net);
    double still;
    enum err_code code = coefficients(f, b, &still, err);
    if (code)
        return code;
    const double sign = b->minimum ? 1 : -1;
    const double limit = b->outage >= 0 ? outage_limit_mw(p->outages, d, b->outage,
                                                          b->branch, b->minimum)
                         : b->minimum   ? d->flow_min_mw[b->branch]
                                        : d->flow_max_mw[b->branch];
    const double *load = p->bus_load_mw + (size_t)b->interval * (size_t)d->n_bus;
    struct extra e = {.kind = EXTRA_FLOW,
                      .interval = b->interval,
                      .branch = b->branch,
                      .outage = b->outage,
                      .minimum = b->minimum,
                      .next_of_branch = x->first[b->branch],
                      .limit = -1,
                      .top_usd = p->branch_usd_per_mwh * p->interval_h,
                      .power = MEM_ARRAY(double, f->n_unit),
                      .other = MEM_ARRAY(double, p->n_other)};
    if (!e.power || !e.other) {
        mem_free(e.power);
        mem_free(e.other);
        return no_memory(err);
    }
    double on_load = 0;
    for (int32_t n = 0; n < d->n_bus; n++)
        on_load += x->coef[n] * load[n];
    e.rhs = sign * (limit - still + on_load);
    for (int32_t g = 0; g < f->n_unit; g++)
        for (int32_t k = 0; k < p->unit[g].n_bus; k++)
            e.power[g] += sign * p->unit[g].bus_weight[k] * x->coef[p->unit[g].bus[k]];
    for (int32_t o = 0; o < p->n_other; o++)
        e.other[o] = sign * x->coef[p->other[o].bus];
    code = fleet_add_extra(f, &e, err);
    if (!code)
        x->first[b->branch] = f->n_extra - 1;
    f->stats.n_network_row += !code;
    return code;
}

/* Adds the worst limits that the injections break. */
static enum err_code separate(struct fleet *f, int32_t *n_added, struct err *err)
{
    const double start = stopwatch_s();
    enum err_code code = find_broken(f, err);
    if (!code && f->flows->n_broken > 0)
        code = need_rows(f, err);
    for (int32_t k = 0; k < f->flows->n_broken && !code; k++)
        code = add_limit(f, &f->flows->broken[k], err);
    *n_added = f->flows->n_broken;
    f->stats.seconds_screen += stopwatch_s() - start;
    return code;
}

enum err_code flows_separate(struct fleet *f, const struct master *m, int32_t *n_added,
                             struct err *err)
{
    *n_added = 0;
    if (!f->flows)
        return ERR_OK;
    read_point(f, f->flows, m);
    enum err_code code = separate(f, n_added, err);
    return code;
}

enum err_code flows_separate_average(struct fleet *f, const double *unit_mw,
                                     const double *block_mw, int32_t *n_added,
                                     struct err *err)
{
    *n_added = 0;
    if (!f->flows)
        return ERR_OK;
    read_average(f, f->flows, unit_mw, block_mw);
    enum err_code code = separate(f, n_added, err);
    return code;
}

void flows_keep(struct fleet *f, const bool *keep, double *y)
{
    struct flows *x = f->flows;
    int32_t n = 0;
    for (int32_t l = 0; l < network_data(f->p->net)->n_branch; l++)
        x->first[l] = -1;
    for (int32_t e = 0; e < f->n_extra; e++) {
        struct extra row = f->extra[e];
        if (!keep[e]) {
            mem_free(row.on);
            mem_free(row.power);
            for (int k = 0; k < EXTRA_ENDS; k++)
                mem_free(row.end[k]);
            mem_free(row.other);
            continue;
        }
        if (row.kind == EXTRA_FLOW && row.limit < 0) {
            row.next_of_branch = x->first[row.branch];
            x->first[row.branch] = n;
        }
        y[f->n_base + n] = y[f->n_base + e];
        f->extra[n++] = row;
    }
    f->n_extra = n;
}

enum err_code flows_generate(struct master *m, struct pool *pool,
                             const struct held *held, const struct generation *g,
                             struct sweep *sweep, struct err *err)
{
    enum err_code code = generate(m, pool, held, g, sweep, err);
    for (int32_t k = 0; k < ROUNDS && !code && !m->stalled; k++) {
        int32_t n_added;
        if (m->bound_usd >= g->cutoff_usd)
            break;
        code = flows_separate(m->f, m, &n_added, err);
        if (code || n_added == 0)
            break;
        code = generate(m, pool, held, g, sweep, err);
    }
    return code;
}

enum err_code flows_prices(struct fleet *f, const double *y, int32_t n_row, double *out,
                           struct err *err)
{
    struct flows *x = f->flows;
    const struct network_data *d = network_data(f->p->net);
    const size_t L = (size_t)d->n_branch;
    double *mu = MEM_ARRAY(double, (size_t)f->n_interval *L);
    enum err_code code = mu ? ERR_OK : no_memory(err);
    for (int32_t k = f->n_base; k < n_row && !code; k++) {
        const struct extra *e = &f->extra[k - f->n_base];
        if (e->kind != EXTRA_FLOW || y[k] == 0)
            continue;
        double *at = mu + (size_t)e->interval * L;
        const double by = (e->minimum ? 1 : -1) * y[k] / f->p->interval_h;
        int32_t n_lost;
        if (e->limit >= 0) {
            const struct commit_limit *c = &f->p->limit[e->limit];
            for (int32_t i = 0; i < c->n_branch; i++)
                at[c->branch[i]] += by * c->branch_weight[i];
            continue;
        }
        const int32_t *list = lost(f, e->outage, &n_lost);
        if (n_lost > 0)
            code = outage_lodf(x->screen, e->outage, e->branch, x->lodf, err);
        at[e->branch] += by;
        for (int32_t i = 0; i < n_lost && !code; i++)
            at[list[i]] += by * x->lodf[i];
    }
    if (!code)
        code = network_prices(f->p->net, f->n_interval, mu, out, err);
    mem_free(mu);
    return code;
}
