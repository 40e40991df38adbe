/*
 * lift.c - intervals with many flow limits: angles instead of dense rows.
 *
 * A flow limit as a row over injections is dense, and a few hundred of them make every
 * step of the simplex method slow. Such an interval is lifted: the LP gets the angles
 * theta of the nodes that a Kron reduction keeps (kron.h) as free columns, and one
 * equation each,
 *
 *     K theta - (what arrives of injections and of the reference's share) = const  (1)
 *
 * All angles are basic, so the basis stays a basis and the point and all other duals
 * stay what they were; then every flow limit of the interval becomes
 *
 *     sum arrived_u theta_u + sum over eliminated nodes passed_e q_e / d_e - slack <= rhs  (2)
 *
 * with a handful of entries. Constants are found from the point at hand.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/kron.h"
#include "solver/work.h"

/*
 * Neighbours of nodes that go: of those where columns stand, and of the others. What is
 * left of a large network is a third as large when more of them go, denser, and still
 * factorised in half the time; in a smaller one longer rows would cost more than that.
 */
enum {
    MOST_NEIGHBOURS = 6,
    MOST_COSTLY = 2,
    LARGE = 20000, /* nodes */
};

/* What an eliminated node's q_e in (2) consists of: an injection, or an island's share
 * of the reference, numbered from n_injection on. */
struct passing {
    int32_t source;
    double weight;
};

struct lift {
    struct kron *kron;
    double unit_mw_per_rad; /* angles in the LP are in rad times this: entries near 1 */
    int32_t *angle;    /* [n_interval] first column of the angles, -1 = not lifted */
    int32_t *equation; /* [n_interval] first row of (1) */
    int64_t *arrive_start; /* [n_source + 1] into arrive: kept nodes, by source */
    struct kron_weight *arrive;
    int64_t *pass_start; /* [n_eliminated + 1] into pass, by eliminated node */
    struct passing *pass;
};

/* Injections and, after them, the islands' references. */
static int32_t n_source(const struct work *w)
{
    return w->p->n_injection + w->n_island;
}

/* A weight list of all sources as it is gathered. */
struct gathered {
    struct kron_weight *item; /* node, weight */
    int64_t n, room;
};

static bool gather(struct gathered *g, const struct kron_weight *at, int32_t n)
{
    if (g->n + n > g->room) {
        int64_t room = 2 * g->room + n + 1024;
        struct kron_weight *grown = mem_resize(g->item, (size_t)room, sizeof *grown);
        if (!grown)
            return false;
        g->item = grown;
        g->room = room;
    }
    for (int32_t k = 0; k < n; k++)
        if (at[k].weight != 0) /* exact: nothing came there after all */
            g->item[g->n++] = at[k];
    return true;
}

/* Buses of an island's reference with their weights; returns how many. */
static int32_t reference_of(const struct work *w, int32_t island, int32_t *bus,
                            double *weight)
{
    const double *reference = network_reference(w->p->net);
    int32_t n = 0, n_bus = network_data(w->p->net)->n_bus;
    for (int32_t b = 0; b < n_bus; b++) {
        if (network_island(w->p->net)[b] != island || reference[b] <= 0)
            continue;
        bus[n] = b;
        weight[n++] = reference[b];
    }
    return n;
}

/* Where every source's weight goes: g by source, start[n_source + 1]. */
static bool project_all(const struct work *w, struct kron *kron, struct gathered *g,
                        int64_t *start)
{
    const struct dispatch_problem *p = w->p;
    const struct kron_weight *at;
    size_t n_bus = (size_t)network_data(p->net)->n_bus;
    int32_t *bus = mem_alloc(n_bus, sizeof *bus);
    double *weight = mem_alloc(n_bus, sizeof *weight);
    bool ok = bus && weight;
    for (int32_t s = 0; ok && s < n_source(w); s++) {
        int32_t n;
        start[s] = g->n;
        if (s < p->n_injection) {
            int32_t first = p->bus_start[s];
            n = kron_project(kron, p->bus_start[s + 1] - first, p->bus + first,
                             p->bus_weight + first, &at);
        } else {
            n = reference_of(w, s - p->n_injection, bus, weight);
            n = kron_project(kron, n, bus, weight, &at);
        }
        ok = gather(g, at, n);
    }
    start[n_source(w)] = g->n;
    mem_free(bus);
    mem_free(weight);
    return ok;
}

/* Sorts what was gathered into arrivals by source and passings by eliminated node. */
static bool sort_weights(const struct work *w, struct lift *lift,
                         const struct gathered *g, const int64_t *start)
{
    int32_t n_kept = kron_n_kept(lift->kron);
    int32_t n_gone = kron_n_node(lift->kron) - n_kept;
    lift->arrive_start = mem_alloc((size_t)n_source(w) + 1, sizeof *lift->arrive_start);
    lift->arrive = mem_alloc((size_t)g->n, sizeof *lift->arrive);
    lift->pass_start = mem_alloc((size_t)n_gone + 2, sizeof *lift->pass_start);
    lift->pass = mem_alloc((size_t)g->n, sizeof *lift->pass);
    if (!lift->arrive_start || !lift->arrive || !lift->pass_start || !lift->pass)
        return false;
    for (int64_t k = 0; k < g->n; k++)
        if (g->item[k].node >= n_kept)
            lift->pass_start[g->item[k].node - n_kept + 2]++;
    for (int32_t e = 0; e < n_gone; e++)
        lift->pass_start[e + 2] += lift->pass_start[e + 1];
    int64_t n = 0;
    for (int32_t s = 0; s < n_source(w); s++) {
        lift->arrive_start[s] = n;
        for (int64_t k = start[s]; k < start[s + 1]; k++) {
            if (g->item[k].node < n_kept)
                lift->arrive[n++] = g->item[k];
            else
                lift->pass[lift->pass_start[g->item[k].node - n_kept + 1]++] =
                    (struct passing){s, g->item[k].weight};
        }
    }
    lift->arrive_start[n_source(w)] = n;
    return true;
}

static void lift_destroy(struct lift *lift)
{
    if (!lift)
        return;
    kron_destroy(lift->kron);
    mem_free(lift->angle);
    mem_free(lift->equation);
    mem_free(lift->arrive_start);
    mem_free(lift->arrive);
    mem_free(lift->pass_start);
    mem_free(lift->pass);
    mem_free(lift);
}

void lift_release(struct work *w)
{
    lift_destroy(w->lift);
    w->lift = NULL;
}

void lift_renumber(struct work *w, const int32_t *col, const int32_t *row)
{
    for (int32_t t = 0; t < w->p->n_interval; t++) {
        if (!lift_has(w, t))
            continue;
        w->lift->angle[t] = col[w->lift->angle[t]];
        w->lift->equation[t] = row[w->lift->equation[t]];
    }
}

static double mean_diagonal(const struct kron *kron)
{
    int32_t n = kron_n_kept(kron);
    double sum = 0;
    for (int32_t u = 0; u < n; u++)
        sum += fabs(kron_pivot(kron, u));
    return sum > 0 ? sum / n : 1;
}

static enum err_code prepare(struct work *w, struct err *err)
{
    const struct dispatch_problem *p = w->p;
    size_t n_bus = (size_t)network_data(p->net)->n_bus;
    struct gathered g = {0};
    struct lift *lift = mem_alloc(1, sizeof *lift);
    int32_t *costly = mem_alloc(n_bus, sizeof *costly);
    int64_t *start = mem_alloc((size_t)n_source(w) + 1, sizeof *start);
    enum err_code code = ERR_OK;
    bool ok = lift && costly && start, large = network_n_node(p->net) > LARGE;
    if (ok) {
        lift->angle = mem_alloc((size_t)p->n_interval, sizeof *lift->angle);
        lift->equation = mem_alloc((size_t)p->n_interval, sizeof *lift->equation);
        ok = lift->angle && lift->equation;
    }
    for (int32_t k = 0; ok && k < p->bus_start[p->n_injection]; k++)
        costly[p->bus[k]]++;
    for (int32_t t = 0; ok && t < p->n_interval; t++)
        lift->angle[t] = -1;
    if (ok)
        code = kron_create(p->net, costly, large ? KRON_MOST : MOST_NEIGHBOURS,
                           large ? KRON_MOST : MOST_COSTLY, &lift->kron, err);
    if (ok && !code)
        ok = project_all(w, lift->kron, &g, start) && sort_weights(w, lift, &g, start);
    if (!ok)
        code = err_set(err, ERR_NOMEM, "cannot hold the angles of %zu buses", n_bus);
    if (!code)
        lift->unit_mw_per_rad = mean_diagonal(lift->kron);
    mem_free(g.item);
    mem_free(costly);
    mem_free(start);
    if (code)
        lift_destroy(lift);
    else
        w->lift = lift;
    return code;
}

bool lift_has(const struct work *w, int32_t t)
{
    return w->lift && w->lift->angle[t] >= 0;
}

/* ---- rows ---- */

/* Every column of a source in interval t: pieces, or what stands at the reference. */
static bool push_source(const struct work *w, int32_t t, int32_t source, double by,
                        struct entries *e)
{
    bool ok = true;
    if (source >= w->p->n_injection) {
        int32_t b = t * w->n_island + source - w->p->n_injection;
        return entries_push(e, w->shortage[b], by) &&
               entries_push(e, w->surplus[b], -by) &&
               entries_push(e, w->increment[b], -by);
    }
    for (int32_t k = w->head[(int64_t)t * w->p->n_injection + source]; ok && k >= 0;
         k = w->piece[k].next)
        ok = entries_push(e, w->piece[k].col, by);
    return ok;
}

/* Adds by x the flow on a branch, without constants. */
static bool push_branch(const struct work *w, int32_t t, int32_t branch, double by_mw,
                        struct entries *e)
{
    const struct lift *lift = w->lift;
    const struct network_data *d = network_data(w->p->net);
    double b = by_mw * d->susceptance_mw_per_rad[branch];
    const int32_t bus[] = {d->from[branch], d->to[branch]};
    const double weight[] = {b, -b};
    const struct kron_weight *at;
    int32_t n = kron_project(lift->kron, 2, bus, weight, &at);
    int32_t n_kept = kron_n_kept(lift->kron);
    bool ok = true;
    for (int32_t k = 0; ok && k < n; k++) {
        if (at[k].node < n_kept) {
            ok = entries_push(e, lift->angle[t] + at[k].node,
                              at[k].weight / lift->unit_mw_per_rad);
            continue;
        }
        double by = at[k].weight / kron_pivot(lift->kron, at[k].node);
        int32_t gone = at[k].node - n_kept;
        for (int64_t j = lift->pass_start[gone]; ok && j < lift->pass_start[gone + 1];
             j++)
            ok = push_source(w, t, lift->pass[j].source, by * lift->pass[j].weight, e);
    }
    return ok;
}

/* What an outage adds to a flow: that of what it takes out, and what replaces power. */
static bool push_terms(const struct work *w, const struct limit *limit, double sign,
                       struct entries *e)
{
    const struct dispatch_outages *o = w->p->outages;
    const double *term = factors_terms(w, limit);
    int32_t k = limit->outage, t = limit->interval;
    bool ok = true;
    for (int32_t i = o->branch_start[k]; ok && i < o->branch_start[k + 1]; i++)
        ok = push_branch(w, t, o->branch[i], sign * *term++, e);
    for (int32_t i = o->injection_start[k]; ok && i < o->injection_start[k + 1]; i++)
        ok = push_source(w, t, o->injection[i], sign * *term++, e);
    return ok;
}

bool lift_push_flow(const struct work *w, const struct limit *limit, struct entries *e)
{
    int64_t from = e->n;
    double sign = rows_is_minimum(limit->kind) ? -1 : 1;
    return push_branch(w, limit->interval, limit->index, sign, e) &&
           (limit->outage < 0 || push_terms(w, limit, sign, e)) &&
           entries_merge(e, from);
}

/* Value of a column at the point at hand; of an angle, as the network has it. */
static double lift_value(const struct work *w, int32_t t, int32_t col)
{
    int32_t node = col - w->lift->angle[t];
    if (node < 0 || node >= kron_n_kept(w->lift->kron))
        return w->x[col];
    return w->lift->unit_mw_per_rad *
           w->angle_rad[(size_t)t * (size_t)network_data(w->p->net)->n_bus +
                        (size_t)kron_bus(w->lift->kron, node)];
}

/* ---- lifting ---- */

/* Columns of the angles of interval t: free, without cost, not yet in any row. */
static enum err_code add_angles(struct work *w, int32_t t, struct err *err)
{
    int32_t n = kron_n_kept(w->lift->kron);
    double *lo = mem_alloc((size_t)n, sizeof *lo),
           *up = mem_alloc((size_t)n, sizeof *up);
    double *cost = mem_alloc((size_t)n, sizeof *cost);
    enum err_code code = ERR_OK;
    if (!lo || !up || !cost)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; !code && k < n; k++) {
        lo[k] = -INFINITY;
        up[k] = INFINITY;
    }
    w->lift->angle[t] = lp_n_columns(w->lp);
    if (!code)
        code = lp_add_columns(w->lp, n, cost, lo, up, NULL, NULL, NULL, err);
    for (int32_t k = 0; !code && k < n; k++)
        lp_set_column_state(w->lp, w->lift->angle[t] + k, LP_BASIC);
    mem_free(lo);
    mem_free(up);
    mem_free(cost);
    return code;
}

/* Sources by kept node: the transpose of arrive. */
struct arrivals {
    int64_t *start; /* [n_kept + 1] */
    struct passing *item;
};

static bool transpose(const struct work *w, struct arrivals *a)
{
    const struct lift *lift = w->lift;
    int32_t n_kept = kron_n_kept(lift->kron), n = n_source(w);
    a->start = mem_alloc((size_t)n_kept + 2, sizeof *a->start);
    a->item = mem_alloc((size_t)lift->arrive_start[n], sizeof *a->item);
    if (!a->start || !a->item)
        return false;
    for (int64_t k = 0; k < lift->arrive_start[n]; k++)
        a->start[lift->arrive[k].node + 2]++;
    for (int32_t u = 0; u < n_kept; u++)
        a->start[u + 2] += a->start[u + 1];
    for (int32_t s = 0; s < n; s++)
        for (int64_t k = lift->arrive_start[s]; k < lift->arrive_start[s + 1]; k++)
            a->item[a->start[lift->arrive[k].node + 1]++] =
                (struct passing){s, lift->arrive[k].weight};
    return true;
}

/* Equations (1) of interval t; their constants are those of the present point. */
static enum err_code add_equations(struct work *w, int32_t t, struct err *err)
{
    struct lift *lift = w->lift;
    int32_t n_kept = kron_n_kept(lift->kron);
    struct entries e = {0};
    struct arrivals a = {0};
    double *rhs = mem_alloc((size_t)n_kept, sizeof *rhs);
    int64_t *start = mem_alloc((size_t)n_kept + 1, sizeof *start);
    bool ok = rhs && start && transpose(w, &a);
    for (int32_t u = 0; ok && u < n_kept; u++) {
        const int32_t *node;
        const double *value;
        int32_t n = kron_row(lift->kron, u, &node, &value);
        start[u] = e.n;
        for (int32_t k = 0; ok && k < n; k++)
            ok = entries_push(&e, lift->angle[t] + node[k],
                              value[k] / lift->unit_mw_per_rad);
        for (int64_t k = a.start[u]; ok && k < a.start[u + 1]; k++)
            ok = push_source(w, t, a.item[k].source, -a.item[k].weight, &e);
        for (int64_t k = start[u]; ok && k < e.n; k++)
            rhs[u] += e.value[k] * lift_value(w, t, e.col[k]);
    }
    enum err_code code = ERR_OK;
    if (!ok)
        code = err_set(err, ERR_NOMEM, "cannot hold the equations of %d nodes", n_kept);
    if (!code) {
        start[n_kept] = e.n;
        lift->equation[t] = lp_n_rows(w->lp);
        code = lp_add_rows(w->lp, n_kept, rhs, rhs, start, e.col, e.value, err);
    }
    for (int32_t u = 0; !code && u < n_kept; u++)
        lp_set_row_state(w->lp, lift->equation[t] + u, LP_AT_LOWER);
    entries_release(&e);
    mem_free(a.start);
    mem_free(a.item);
    mem_free(rhs);
    mem_free(start);
    return code;
}

double lift_side(const struct work *w, const struct limit *limit,
                 const struct entries *e, int64_t from)
{
    double over = rows_activity(w, limit) - limit->stated, sum = 0;
    for (int64_t k = from; k < e->n; k++)
        sum += e->value[k] * lift_value(w, limit->interval, e->col[k]);
    return sum - (rows_is_minimum(limit->kind) ? -over : over);
}

/* Rows of flow limits that are there already, in their sparse form. */
static enum err_code rewrite_flows(struct work *w, int32_t t, struct err *err)
{
    struct entries e = {0};
    enum err_code code = ERR_OK;
    for (int32_t k = 0; !code && k < w->n_limit; k++) {
        struct limit *limit = &w->limit[k];
        if (limit->interval != t || !lift_applies(w, limit))
            continue;
        e.n = 0;
        bool ok = lift_push_flow(w, limit, &e);
        limit->rhs = ok ? lift_side(w, limit, &e, 0) : 0;
        ok = ok && entries_push(&e, limit->slack, -1);
        lp_set_row_bounds(w->lp, limit->row, -INFINITY, limit->rhs);
        code = ok ? lp_set_row(w->lp, limit->row, e.n, e.col, e.value, err)
                  : err_set(err, ERR_NOMEM, "out of memory");
    }
    entries_release(&e);
    return code;
}

void lift_set_basic(struct work *w, int32_t t)
{
    for (int32_t u = 0; lift_has(w, t) && u < kron_n_kept(w->lift->kron); u++) {
        lp_set_column_state(w->lp, w->lift->angle[t] + u, LP_BASIC);
        lp_set_row_state(w->lp, w->lift->equation[t] + u, LP_AT_LOWER);
    }
}

/* Flows on ties are no differences of angles. */
static bool has_tie(const struct work *w, const struct limit *limit)
{
    const struct network_data *d = network_data(w->p->net);
    const struct dispatch_outages *o = w->p->outages;
    bool tie = network_is_bus_tie(d, limit->index);
    for (int32_t i = limit->outage < 0 ? 0 : o->branch_start[limit->outage];
         limit->outage >= 0 && i < o->branch_start[limit->outage + 1]; i++)
        tie = tie || network_is_bus_tie(d, o->branch[i]);
    return tie;
}

bool lift_applies(const struct work *w, const struct limit *limit)
{
    return rows_is_flow(limit->kind) && lift_has(w, limit->interval) &&
           !has_tie(w, limit);
}

enum err_code lift_interval(struct work *w, int32_t t, struct err *err)
{
    enum err_code code = w->lift ? ERR_OK : prepare(w, err);
    if (!code)
        code = add_angles(w, t, err);
    if (!code)
        code = add_equations(w, t, err);
    if (!code)
        code = rewrite_flows(w, t, err);
    return code;
}
