/* outage.c - what an outage does to flows, and to whom. */
#include "solver/outage.h"

#include <math.h>
#include <string.h>

#include "sim/base/disjoint.h"
#include "sim/base/mem.h"
#include "solver/dense.h"
#include "solver/outage_parts.h"

/* Smaller |1 - PTDF_k(k)| of an outage that cuts nothing off means a singular network. */
static const double LEAST_OWN = 1e-9;

double outage_tolerance_mw(double limit_mw)
{
    return 1e-6 + 1e-8 * fabs(limit_mw);
}

enum outage_kind outage_kind(const struct outage_screen *s, int32_t outage)
{
    return (enum outage_kind)s->kind[outage];
}

int32_t outage_buses_cut_off(const struct outage_screen *s, int32_t outage)
{
    return s->n_cut_off[outage];
}

double outage_load_cut_off_mw(const struct outage_screen *s, int32_t outage)
{
    return s->load_cut_off[outage];
}

/* ---- who replaces what is lost ---- */

static enum err_code find_takers(struct outage_screen *s, struct err *err)
{
    const struct dispatch_problem *p = s->p;
    const int32_t *island = network_island(p->net);
    size_t n = (size_t)p->n_injection;
    struct takers *t = &s->takers;
    t->island = mem_alloc(n, sizeof *t->island);
    t->weight = mem_alloc(n, sizeof *t->weight);
    t->total = mem_alloc((size_t)network_n_island(p->net), sizeof *t->total);
    if (!t->island || !t->weight || !t->total)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t i = 0; i < p->n_injection; i++) {
        int32_t first = p->bus_start[i];
        bool one = first < p->bus_start[i + 1] && s->o->participation[i] > 0;
        for (int32_t k = first; one && k < p->bus_start[i + 1]; k++) {
            one = island[p->bus[k]] == island[p->bus[first]];
            t->weight[i] += p->bus_weight[k];
        }
        one = one && t->weight[i] > 1e-9;
        t->island[i] = one ? island[p->bus[first]] : -1;
        if (one)
            t->total[t->island[i]] += s->o->participation[i];
    }
    return ERR_OK;
}

/* Participation in an island, without those that the outage loses. */
static double participation_left(const struct outage_screen *s, int32_t k,
                                 int32_t island)
{
    double left = s->takers.total[island];
    for (int32_t e = s->o->injection_start[k]; e < s->o->injection_start[k + 1]; e++)
        if (s->takers.island[s->o->injection[e]] == island)
            left -= s->o->participation[s->o->injection[e]];
    return left > 1e-9 * s->takers.total[island] ? left : 0;
}

static bool is_covered(const struct outage_screen *s, int32_t k)
{
    const struct dispatch_problem *p = s->p;
    for (int32_t e = s->o->injection_start[k]; e < s->o->injection_start[k + 1]; e++) {
        int32_t g = s->o->injection[e];
        for (int32_t b = p->bus_start[g]; b < p->bus_start[g + 1]; b++)
            if (participation_left(s, k, network_island(p->net)[p->bus[b]]) <= 0)
                return false;
    }
    return true;
}

static bool is_lost(const struct outage_screen *s, int32_t k, int32_t injection)
{
    for (int32_t e = s->o->injection_start[k]; e < s->o->injection_start[k + 1]; e++)
        if (s->o->injection[e] == injection)
            return true;
    return false;
}

/*
 * MW that taker i gives, as a multiple of its own power, for 1 MW of g's weight in i's
 * island; see outage_replacement.
 */
static double share_of(const struct outage_screen *s, int32_t k, int32_t i)
{
    int32_t a = s->takers.island[i];
    if (a < 0 || is_lost(s, k, i))
        return 0;
    return s->o->participation[i] / (participation_left(s, k, a) * s->takers.weight[i]);
}

static double weight_in(const struct dispatch_problem *p, int32_t g, int32_t island)
{
    double sum = 0;
    for (int32_t b = p->bus_start[g]; b < p->bus_start[g + 1]; b++)
        if (network_island(p->net)[p->bus[b]] == island)
            sum += p->bus_weight[b];
    return sum;
}

double outage_replacement(const struct outage_screen *s, int32_t outage,
                          int32_t injection, const double *value)
{
    double sum = 0;
    for (int32_t i = 0; i < s->p->n_injection; i++) {
        if (s->takers.island[i] < 0 || value[i] == 0) /* exact: most have no factor */
            continue;
        sum += weight_in(s->p, injection, s->takers.island[i]) *
               share_of(s, outage, i) * value[i];
    }
    return sum;
}

/* Bus MW when 1 MW of injection g is lost and replaced. */
static void replace(const struct outage_screen *s, int32_t k, int32_t g, double *bus)
{
    const struct dispatch_problem *p = s->p;
    for (int32_t b = p->bus_start[g]; b < p->bus_start[g + 1]; b++)
        bus[p->bus[b]] -= p->bus_weight[b];
    for (int32_t i = 0; i < p->n_injection; i++) {
        if (s->takers.island[i] < 0)
            continue;
        double by = weight_in(p, g, s->takers.island[i]) * share_of(s, k, i);
        for (int32_t b = p->bus_start[i]; b < p->bus_start[i + 1]; b++)
            bus[p->bus[b]] += by * p->bus_weight[b];
    }
}

/* ---- effects on all branches ---- */

/* Flows in a network of what the elements of outage k send, without what shifters do. */
static enum err_code respond(struct outage_screen *s, struct network *net, int32_t k,
                             double *flow, struct err *err)
{
    const struct dispatch_outages *o = s->o;
    size_t n_bus = (size_t)s->d->n_bus, n_branch = (size_t)s->d->n_branch;
    int32_t n_line = outage_n_branch(s, k), n = n_line + outage_n_injection(s, k);
    double *bus = mem_alloc((size_t)(n + 1) * n_bus, sizeof *bus);
    double *still = mem_alloc((size_t)(n + 1) * n_branch, sizeof *still);
    enum err_code code = ERR_OK;
    if (!bus || !still)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t e = 0; !code && e < n_line; e++) {
        int32_t m = o->branch[o->branch_start[k] + e];
        bus[(size_t)e * n_bus + (size_t)s->d->from[m]] += 1;
        bus[(size_t)e * n_bus + (size_t)s->d->to[m]] -= 1;
    }
    for (int32_t e = n_line; !code && e < n; e++)
        replace(s, k, o->injection[o->injection_start[k] + e - n_line],
                bus + (size_t)e * n_bus);
    if (!code) /* the last case is without any injection: shifters alone */
        code = network_flows(net, n + 1, bus, NULL, still, err);
    for (size_t e = 0; !code && e < (size_t)n; e++)
        for (size_t l = 0; l < n_branch; l++)
            flow[e * n_branch + l] =
                still[e * n_branch + l] - still[(size_t)n * n_branch + l];
    mem_free(bus);
    mem_free(still);
    return code;
}

/* Outage k cuts nothing off, and yet what is left determines no flows. */
static enum err_code no_flows_after(const struct outage_screen *s, int32_t k,
                                    struct err *err)
{
    if (!s->o->name)
        return err_set(err, ERR_NUMERIC, "outage %d leaves a singular network", k + 1);
    return err_set(err, ERR_NUMERIC, "the outage of %s leaves a singular network",
                   s->o->name[k]);
}

/* Effects by (2), from those of the whole network: flow becomes the effect. */
static enum err_code close_loops(struct outage_screen *s, int32_t k, double *flow,
                                 struct err *err)
{
    const int32_t *lost = s->o->branch + s->o->branch_start[k];
    size_t n_branch = (size_t)s->d->n_branch;
    size_t m = (size_t)outage_n_branch(s, k), n = m + (size_t)outage_n_injection(s, k);
    double *a = mem_alloc(m * m, sizeof *a), *inverse = mem_alloc(m * m, sizeof *a);
    double *lodf = mem_alloc(m * n_branch, sizeof *lodf);
    enum err_code code = ERR_OK;
    if (!a || !inverse || !lodf)
        code = err_set(err, ERR_NOMEM, "out of memory");
    /* Column c of (1 - PTDF_K(K))^-1, which is row c of its transpose. */
    for (size_t c = 0; !code && c < m; c++) {
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < m; j++)
                a[j * m + i] = (i == j) - flow[j * n_branch + (size_t)lost[i]];
        inverse[c * m + c] = 1;
        code = dense_solve((int32_t)m, a, inverse + c * m, err);
        if (code == ERR_NUMERIC)
            code = no_flows_after(s, k, err);
    }
    if (!code)
        dense_multiply((int32_t)m, (int32_t)n_branch, (int32_t)m, 1, inverse, flow,
                       lodf);
    for (size_t e = m; !code && e < n; e++) {
        double *of = flow + e * n_branch;
        for (size_t i = 0; i < m; i++)
            a[i] = of[lost[i]]; /* gifts, before they change */
        for (size_t i = 0; i < m; i++)
            for (size_t l = 0; l < n_branch; l++)
                of[l] += a[i] * lodf[i * n_branch + l];
    }
    if (!code)
        memcpy(flow, lodf, m * n_branch * sizeof *flow);
    mem_free(a);
    mem_free(inverse);
    mem_free(lodf);
    return code;
}

/* The network without the branches of outage k, its branches keeping their numbers. */
static enum err_code remaining_effect(struct outage_screen *s, int32_t k, double *flow,
                                      struct err *err)
{
    const struct network_data *d = s->d;
    size_t n = (size_t)d->n_branch;
    struct network_data left = *d;
    struct network *net = NULL;
    enum err_code code = ERR_OK;
    int32_t *from = mem_alloc(n, sizeof *from), *to = mem_alloc(n, sizeof *to);
    double *b = mem_alloc(n, sizeof *b);
    if (!from || !to || !b)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (size_t l = 0; !code && l < n; l++) {
        from[l] = d->from[l];
        to[l] = d->to[l];
        b[l] = d->susceptance_mw_per_rad[l];
    }
    for (int32_t e = s->o->branch_start[k]; !code && e < s->o->branch_start[k + 1];
         e++) {
        int32_t lost = s->o->branch[e];
        to[lost] = from[lost]; /* from a bus to itself: no flow, no connection */
        b[lost] = 1;
    }
    left.from = from;
    left.to = to;
    left.susceptance_mw_per_rad = b;
    if (!code)
        code = network_create(&left, &net, err);
    if (!code)
        code = respond(s, net, k, flow, err);
    network_destroy(net);
    mem_free(from);
    mem_free(to);
    mem_free(b);
    return code;
}

static bool loses_tie(const struct outage_screen *s, int32_t k)
{
    for (int32_t e = s->o->branch_start[k]; e < s->o->branch_start[k + 1]; e++)
        if (network_is_bus_tie(s->d, s->o->branch[e]))
            return true;
    return false;
}

enum err_code outage_effect(struct outage_screen *s, int32_t outage, double *effect,
                            struct err *err)
{
    if (loses_tie(s, outage))
        return remaining_effect(s, outage, effect, err);
    enum err_code code = respond(s, s->p->net, outage, effect, err);
    return code ? code : close_loops(s, outage, effect, err);
}

enum err_code outage_lodf(struct outage_screen *s, int32_t outage, int32_t branch,
                          double *lodf, struct err *err)
{
    if (outage_kept_lodf(s, outage, branch, lodf))
        return ERR_OK;
    size_t n_branch = (size_t)s->d->n_branch;
    size_t n = (size_t)(outage_n_branch(s, outage) + outage_n_injection(s, outage));
    double *effect = mem_alloc(n * n_branch, sizeof *effect);
    if (!effect)
        return err_set(err, ERR_NOMEM, "out of memory");
    enum err_code code = outage_effect(s, outage, effect, err);
    for (int32_t e = 0; !code && e < outage_n_branch(s, outage); e++)
        lodf[e] = effect[(size_t)e * n_branch + (size_t)branch];
    mem_free(effect);
    return code;
}

/* ---- set-up ---- */

static enum err_code factorise(struct outage_screen *s, struct err *err)
{
    const struct network_data *d = s->d;
    size_t room = 3 * (size_t)d->n_branch;
    int32_t *r = mem_alloc(room, sizeof *r), *c = mem_alloc(room, sizeof *c);
    double *v = mem_alloc(room, sizeof *v);
    enum err_code code = ERR_OK;
    int64_t n = 0;
    if (!r || !c || !v)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t l = 0; !code && l < d->n_branch; l++) {
        int32_t f = s->row[d->from[l]], t = s->row[d->to[l]];
        double b = d->susceptance_mw_per_rad[l];
        if (f == t || network_is_bus_tie(d, l))
            continue;
        if (f >= 0)
            r[n] = c[n] = f, v[n++] = b;
        if (t >= 0)
            r[n] = c[n] = t, v[n++] = b;
        if (f >= 0 && t >= 0)
            r[n] = f < t ? f : t, c[n] = f < t ? t : f, v[n++] = -b;
    }
    if (!code)
        code = sparse_factorise(s->n_row, n, r, c, v, &s->factor, err);
    mem_free(r);
    mem_free(c);
    mem_free(v);
    return code;
}

/* Rows of nodes: buses joined by ties share one, and the first of an island has none. */
static void number_rows(struct outage_screen *s, int32_t *parent, bool *grounded)
{
    const struct network_data *d = s->d;
    disjoint_begin(parent, d->n_bus);
    for (int32_t l = 0; l < d->n_branch; l++)
        if (network_is_bus_tie(d, l))
            (void)disjoint_join(parent, d->from[l], d->to[l]);
    for (int32_t n = 0; n < d->n_bus; n++) {
        int32_t root = disjoint_root(parent, n), a = network_island(s->p->net)[n];
        if (root != n)
            s->row[n] = s->row[root];
        else
            s->row[n] = grounded[a] ? s->n_row++ : -1;
        grounded[a] = true;
    }
}

static enum err_code build_matrix(struct outage_screen *s, struct err *err)
{
    int32_t *parent = mem_alloc((size_t)s->d->n_bus, sizeof *parent);
    bool *grounded = mem_alloc((size_t)network_n_island(s->p->net), sizeof *grounded);
    enum err_code code = ERR_OK;
    if (!parent || !grounded)
        code = err_set(err, ERR_NOMEM, "out of memory");
    else
        number_rows(s, parent, grounded);
    if (!code)
        code = factorise(s, err);
    const int32_t *place = NULL;
    if (!code)
        code = sparse_places(s->factor, &place, err);
    for (int32_t n = 0; !code && n < s->d->n_bus; n++)
        s->place[n] =
            (size_t)(s->row[n] < 0 ? s->n_row : place[s->row[n]]) * SPARSE_LANES;
    mem_free(parent);
    mem_free(grounded);
    return code;
}

/* own of every outage, once kinds are known. */
static enum err_code measure(struct outage_screen *s, struct err *err)
{
    const struct network_data *d = s->d;
    for (int32_t k = 0; k < s->o->n_outage; k++) {
        if (s->kind[k] == OUTAGE_SCREENED && !is_covered(s, k))
            s->kind[k] = OUTAGE_UNCOVERED;
        if (s->kind[k] != OUTAGE_SCREENED || !outage_is_plain(s, k))
            continue;
        int32_t m = s->o->branch[s->o->branch_start[k]];
        double between = 0;
        enum err_code code = sparse_between(s->factor, s->row[d->from[m]],
                                            s->row[d->to[m]], &between, err);
        if (code)
            return code;
        s->own[k] = 1 - d->susceptance_mw_per_rad[m] * between;
        if (fabs(s->own[k]) < LEAST_OWN)
            return no_flows_after(s, k, err);
    }
    return ERR_OK;
}

/* Plain outages and the branches that they are screened for. */
static enum err_code list_plain(struct outage_screen *s, struct err *err)
{
    s->plain = mem_alloc((size_t)s->o->n_outage, sizeof *s->plain);
    s->line = mem_alloc((size_t)s->n_limited, sizeof *s->line);
    s->kept_row = mem_alloc((size_t)s->d->n_branch, sizeof *s->kept_row);
    s->kept_column = mem_alloc((size_t)s->o->n_outage, sizeof *s->kept_column);
    if (!s->plain || !s->line || !s->kept_row || !s->kept_column)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < s->o->n_outage; k++)
        if (s->kind[k] == OUTAGE_SCREENED && outage_is_plain(s, k))
            s->plain[s->n_plain++] = k;
    for (int32_t i = 0; i < s->n_limited; i++)
        if (!network_is_bus_tie(s->d, s->limited[i]))
            s->line[s->n_line++] = s->limited[i];
    return ERR_OK;
}

static bool allocate(struct outage_screen *s)
{
    size_t n = (size_t)s->o->n_outage;
    s->row = mem_alloc((size_t)s->d->n_bus, sizeof *s->row);
    s->place = mem_alloc((size_t)s->d->n_bus, sizeof *s->place);
    s->kind = mem_alloc(n, sizeof *s->kind);
    s->n_cut_off = mem_alloc(n, sizeof *s->n_cut_off);
    s->load_cut_off = mem_alloc(n, sizeof *s->load_cut_off);
    s->own = mem_alloc(n, sizeof *s->own);
    s->reach = mem_alloc(n, sizeof *s->reach);
    s->seen_at = mem_alloc(n, sizeof *s->seen_at);
    s->spare = mem_alloc(n, sizeof *s->spare);
    s->limited = mem_alloc((size_t)s->d->n_branch, sizeof *s->limited);
    return s->row && s->place && s->kind && s->n_cut_off && s->load_cut_off && s->own &&
           s->reach && s->seen_at && s->spare && s->limited;
}

double outage_limit_mw(const struct dispatch_outages *o, const struct network_data *d,
                       int32_t outage, int32_t branch, bool minimum)
{
    if (o->state && o->state_of[outage] == outage)
        return minimum ? d->flow_min_mw[branch] : d->flow_max_mw[branch];
    return minimum ? o->min_mw[branch] : o->max_mw[branch];
}

double outage_room_mw(const struct dispatch_outages *o, const struct network_data *d,
                      int32_t branch, double flow_mw)
{
    double room = fmin(o->max_mw[branch] - flow_mw, flow_mw - o->min_mw[branch]);
    if (o->state)
        room = fmin(room, fmin(d->flow_max_mw[branch] - flow_mw,
                               flow_mw - d->flow_min_mw[branch]));
    return room;
}

enum err_code outage_screen_create(const struct dispatch_problem *p,
                                   struct outage_screen **out, struct err *err)
{
    enum err_code code = ERR_OK;
    struct outage_screen *s = mem_alloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return err_set(err, ERR_NOMEM, "out of memory");
    s->p = p;
    s->o = p->outages;
    s->d = network_data(p->net);
    if (!allocate(s))
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t l = 0; !code && l < s->d->n_branch; l++)
        if (isfinite(outage_room_mw(s->o, s->d, l, 0)))
            s->limited[s->n_limited++] = l;
    if (!code)
        code = outage_find_islanding(s, err);
    if (!code)
        code = find_takers(s, err);
    if (!code)
        code = build_matrix(s, err);
    if (!code)
        code = measure(s, err);
    if (!code)
        code = outage_find_reach(s, err);
    if (!code)
        code = list_plain(s, err);
    if (!code)
        outage_forget(s);
    if (code)
        outage_screen_destroy(s);
    else
        *out = s;
    return code;
}

void outage_forget(struct outage_screen *s)
{
    for (int32_t k = 0; k < s->o->n_outage; k++) {
        s->spare[k] = -1;
        s->seen_at[k] = s->drift;
    }
}

void outage_screen_destroy(struct outage_screen *s)
{
    if (!s)
        return;
    sparse_factor_destroy(s->factor);
    for (int32_t l = 0; s->kept_row && l < s->d->n_branch; l++)
        mem_free(s->kept_row[l]);
    for (int32_t r = 0; s->kept_column && r < s->n_plain; r++)
        mem_free(s->kept_column[r]);
    mem_free(s->kept_row);
    mem_free(s->kept_column);
    mem_free(s->plain);
    mem_free(s->line);
    mem_free(s->row);
    mem_free(s->place);
    mem_free(s->kind);
    mem_free(s->n_cut_off);
    mem_free(s->load_cut_off);
    mem_free(s->takers.island);
    mem_free(s->takers.weight);
    mem_free(s->takers.total);
    mem_free(s->own);
    mem_free(s->reach);
    mem_free(s->seen_at);
    mem_free(s->spare);
    mem_free(s->last_flow);
    mem_free(s->last_power);
    mem_free(s->limited);
    mem_free(s);
}
