/*
 * branch.c - branch and price: what separates cost and bound of a small fleet is closed.
 *
 * A node of the tree holds units on or off in some intervals, which the dynamic program
 * takes as it is, so that a node's bound is an evaluated Lagrangian like the root's. Nodes
 * with the least bound come first, and from each of them one path is followed down; where
 * the master mixes no patterns, its point is a schedule. The bound of the whole is the
 * least of the nodes that are open and of those that were given up.
 *
 * Probing: a unit's best profit if it did the opposite in an interval, at the node's
 * prices, says what that would cost at least. Where it is more than is left, the node is
 * held to what it does (variable fixing by reduced cost, here exact for a whole unit).
 *
 * Identical units: of those that a node holds alike one may stand for all. Either it is
 * on, or none of them is (orbital branching; Ostrowski, Linderoth, Rossi and Smriglio,
 * Math. Program. 126, 2011).
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/branch_work.h"

enum {
    KEPT_PER_UNIT = 3000, /* schedules of the tree, then it begins with fresh ones */
    OPEN_NODES = 20000,
    DIVE_EVERY = 8, /* paths: what rounding finds from a node */
    /* Of windows of time: */
    STEP_H = 6,
    LONG_STEPS = 4, /* in a window, from which on it is worth more nodes */
    SHORT_NODES = 60,
    LONG_NODES = 120
};

static const double FRACTIONAL = 1e-5;
/* Of the cost: what exact dispatch may yet change of a gap that is closed. */
static const double MARGIN = 2e-5;
static const double WORTHY = 0.05;   /* of the gap asked for: what a window must save */
static const double MUCH_LEFT = 0.7; /* of the gap, after nodes that were worth it */

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for branch and price");
}

/* ---- branching ------------------------------------------------------------------------------- */

static void read_point(const struct tree *b)
{
    const struct master *m = b->m;
    memset(b->u, 0, (size_t)b->first[b->f->n_unit] * sizeof *b->u);
    for (int32_t k = 0; k < m->n_group + m->n_column; k++) {
        const bool base = k < m->n_group;
        const double w = base ? m->base_weight[k] : m->column[k - m->n_group].weight;
        const struct schedule *x =
            base ? m->base[k] : m->column[k - m->n_group].member[0];
        for (int32_t i = 0; i < unit_facts(b->f->p, x->unit) && w > 1e-12; i++)
            if (set_has(&x->on, i))
                b->u[b->first[x->unit] + i] += w;
    }
}

/* Power that is in doubt by a fact of unit g. */
static double doubt_mw(const struct tree *b, int32_t g, int32_t fact)
{
    const double u = b->u[b->first[g] + fact];
    return fmin(u, 1 - u) *
           (1 + unit_fact_mw(&b->f->p->unit[g], fact % b->f->n_interval));
}

/* The unit and fact whose decision says most. */
static bool choose(const struct tree *b, int32_t *unit, int32_t *fact)
{
    double best = 0;
    for (int32_t t = 0; t < b->f->n_interval; t++)
        for (int32_t g = 0; g < b->f->n_unit; g++)
            for (int32_t k = t; k < unit_facts(b->f->p, g); k += b->f->n_interval) {
                const double u = b->u[b->first[g] + k];
                const double doubt = fmin(u, 1 - u);
                const double score = doubt_mw(b, g, k);
                if (doubt > FRACTIONAL && score > best) {
                    best = score;
                    *unit = g;
                    *fact = k;
                }
            }
    return best > 0;
}

/*
 * Where nothing is in doubt and yet the bound of n is below the schedule found, or, with
 * limits (11), none is found, its
 * prices have not converged: what is decided narrows them. The fact of most power that n leaves open.
 */
static bool choose_open(const struct tree *b, const struct node *n, int32_t *unit,
                        int32_t *fact)
{
    double best = -1;
    for (int32_t g = 0; g < b->f->n_unit; g++)
        for (int32_t k = 0; k < unit_facts(b->f->p, g); k++)
            if (!set_has(&n->on[g], k) && !set_has(&n->off[g], k) &&
                !(b->f->p->unit[g].store && k < b->f->n_interval) &&
                b->f->p->unit[g].max_mw > best) {
                best = b->f->p->unit[g].max_mw;
                *unit = g;
                *fact = k;
            }
    return best >= 0;
}

static bool held_alike(const struct node *n, int32_t g, int32_t h)
{
    return set_equal(&n->on[g], &n->on[h]) && set_equal(&n->off[g], &n->off[h]);
}

/* Two nodes like n, which begin with what is known there. */
static enum err_code make_children(struct tree *b, const struct node *n,
                                   struct node *child[2], struct err *err)
{
    child[0] = node_new(b, n);
    child[1] = node_new(b, n);
    if (!child[0] || !child[1]) {
        node_release(child[0]);
        node_release(child[1]);
        child[0] = child[1] = NULL;
        return no_memory(err);
    }
    for (int k = 0; k < 2; k++) {
        memcpy(child[k]->y, b->m->y_best, (size_t)child[k]->n_row * sizeof *n->y);
        child[k]->serial = b->serial++;
    }
    return ERR_OK;
}

/*
 * Two nodes below n, by fact t. Of identical units held alike, u of unit g is set one way, or that of
 * all the other way. *down is the one to follow.
 */
static enum err_code split(struct tree *b, const struct node *n, int32_t g, int32_t t,
                           struct node **down, struct err *err)
{
    const struct fleet *f = b->f;
    struct node *child[2];
    enum err_code code = make_children(b, n, child, err);
    *down = child[0];
    if (code)
        return code;
    const double u = b->u[b->first[g] + t];
    const bool one = u >= 0.3; /* on is what serves load */
    set_add(one ? &child[0]->on[g] : &child[0]->off[g], t);
    for (int32_t h = 0; h < f->n_unit; h++)
        if (h == g || (f->twin[h] == f->twin[g] && held_alike(n, g, h)))
            set_add(one ? &child[1]->off[h] : &child[1]->on[h], t);
    return nodes_push(b, child[1], err);
}

/* Likewise by how many of a class are on in interval t. */
static enum err_code split_count(struct tree *b, const struct node *n, int32_t k,
                                 int32_t t, double count, struct node **down,
                                 struct err *err)
{
    struct node *child[2];
    enum err_code code = make_children(b, n, child, err);
    *down = child[0];
    if (code)
        return code;
    const size_t at = (size_t)k * (size_t)b->f->n_interval + (size_t)t;
    const bool up = count - floor(count) >= 0.3;
    child[up ? 0 : 1]->least[at] = (int16_t)ceil(count);
    child[up ? 1 : 0]->most[at] = (int16_t)floor(count);
    return nodes_push(b, child[1], err);
}

/* ---- the search ------------------------------------------------------------------------------- */

/* A schedule from where the master is; what it holds is changed. */
static enum err_code round_up(struct tree *b, struct err *err)
{
    static const struct dive_style style = {
        .share = 0.34, .most_steps = 8, .rounds = 8};
    bool better = false;
    if (!b->s->feasible)
        b->s->cost_usd = (double)INFINITY; /* of penalties: it bounds nothing */
    return dive(b->s, &b->m, b->pool, &style, &better, err);
}

/*
 * Relaxes n; *over: there is nothing below it. Where nothing is mixed, unit and fact are not
 * set, and its prices are as good as they become.
 */
static enum err_code look(struct tree *b, struct node *n, bool *mixed, bool *over,
                          int32_t *unit, int32_t *fact, struct err *err)
{
    enum err_code code = ERR_OK;
    *mixed = *over = false;
    for (int k = 0; k < 2 && !*mixed && !*over && !code; k++) {
        bool dead = false;
        code = tree_relax(b, n, k == 0, &dead, err);
        if (code)
            break;
        if (!dead && n->bound_usd >= tree_cutoff(b))
            tree_close(b, n->bound_usd);
        *over = dead || n->bound_usd >= tree_cutoff(b);
        if (!*over) {
            read_point(b);
            *mixed = choose(b, unit, fact);
            memcpy(n->y, b->m->y_best, (size_t)n->n_row * sizeof *n->y);
        }
    }
    return code;
}

/* Follows one path down from n, which it takes over. */
static enum err_code follow(struct tree *b, struct node *n, struct err *err)
{
    enum err_code code = ERR_OK;
    const bool limits = b->f->p->n_limit > 0;
    const bool round = b->n_path++ % DIVE_EVERY == 0;
    for (int32_t depth = 0; n && !code; depth++) {
        struct node *down = NULL;
        int32_t g = 0, t = 0;
        if (fleet_spent(b->f)) {
            tree_close(b, n->bound_usd);
            break;
        }
        b->m->jumps = depth == 0 && !tree_is_few(b);
        bool mixed = false, over = false;
        code = look(b, n, &mixed, &over, &g, &t, err);
        if (code || over)
            break;
        int32_t k = 0, at = 0;
        double count = 0, score = 0;
        const bool counts = mixed && counts_choose(b, n, &k, &at, &count, &score) &&
                            (b->counts_first || score > doubt_mw(b, g, t));
        if (mixed)
            code = tree_probe(b, n, err);
        if (!code && counts)
            code = split_count(b, n, k, at, count, &down, err);
        else if (!code &&
                 (mixed || ((b->s->feasible || limits) && choose_open(b, n, &g, &t))))
            code = split(b, n, g, t, &down, err);
        else if (!code)
            tree_close(b, n->bound_usd);
        if (!code && (!mixed || (round && depth == 0)))
            code = round_up(b, err);
        node_release(n);
        n = down;
    }
    node_release(n);
    return code;
}

static enum err_code tree_begin(struct tree *b, struct err *err)
{
    struct fleet *f = b->f;
    b->first = MEM_ARRAY(int32_t, f->n_unit + 1);
    for (int32_t g = 0; b->first && g < f->n_unit; g++)
        b->first[g + 1] = b->first[g] + unit_facts(f->p, g);
    b->u = b->first ? MEM_ARRAY(double, b->first[f->n_unit]) : NULL;
    enum err_code code = counts_create(b, err);
    struct node *n = b->u && !code ? node_new(b, NULL) : NULL;
    if (!n)
        return no_memory(err);
    n->bound_usd = b->s->root->bound_usd;
    memcpy(n->y, b->s->root->y, (size_t)n->n_row * sizeof *n->y);
    return nodes_push(b, n, err);
}

/* Whether a unit has more schedules than are worth keeping. */
static bool is_full(const struct tree *b)
{
    for (int32_t g = 0; g < b->f->n_unit; g++)
        if (b->pool->index[g].n > KEPT_PER_UNIT)
            return true;
    return false;
}

static void note_bound(struct search *s, double bound)
{
    s->root->bound_usd = fmax(s->root->bound_usd, bound);
    fleet_note_gap(s->f, s->cost_usd, s->root->bound_usd);
}

static bool is_over(const struct tree *b, int64_t most_nodes)
{
    return b->n_open == 0 || b->n_open >= OPEN_NODES || b->n_node >= most_nodes ||
           fleet_spent(b->f) || b->open[0]->bound_usd >= tree_cutoff(b);
}

static enum err_code grow(struct tree *b, int64_t most_nodes, struct err *err)
{
    enum err_code code = ERR_OK;
    while (!code && !is_over(b, most_nodes)) {
        if (!b->m || is_full(b))
            code = tree_refresh(b, err);
        if (!code)
            code = follow(b, nodes_pop(b), err);
    }
    return code;
}

static void tree_release(struct tree *b)
{
    for (int32_t k = 0; k < b->n_open; k++)
        node_release(b->open[k]);
    master_release(b->m);
    counts_release(b);
    mem_free(b->open);
    mem_free(b->first);
    mem_free(b->u);
    pool_release(b->f, b->pool);
}

/* How far the incumbent may be from the best by the open nodes. */
static double open_gap_usd(const struct tree *b)
{
    return b->n_open > 0 ? b->s->cost_usd - b->open[0]->bound_usd : 0;
}

/* So many nodes, and as many again as long as they close much of the gap. */
static enum err_code grow_while_worth_it(struct tree *b, int64_t nodes, struct err *err)
{
    enum err_code code = ERR_OK;
    double gap = open_gap_usd(b);
    for (int64_t most = nodes; !code; most += nodes) {
        const double before = gap;
        code = grow(b, most, err);
        gap = open_gap_usd(b);
        if (code || b->n_node < most || !(gap < MUCH_LEFT * before))
            break;
    }
    return code;
}

enum err_code branch_search(struct search *s, int64_t most_nodes, bool counts_first,
                            struct err *err)
{
    struct tree b = {.s = s,
                     .f = s->f,
                     .share = s->f->o->gap - fmin(0.1 * s->f->o->gap, MARGIN),
                     .to = s->f->n_interval,
                     .counts_first = counts_first,
                     .closed_usd = (double)INFINITY};
    enum err_code code = tree_begin(&b, err);
    if (!code)
        code = grow_while_worth_it(&b, most_nodes, err);
    if (!code) {
        double bound = b.closed_usd;
        if (b.n_open > 0)
            bound = fmin(bound, b.open[0]->bound_usd);
        if (s->feasible)
            bound = fmin(bound, s->cost_usd);
        if (!isinf(bound))
            note_bound(s, bound);
        s->f->stats.n_node = b.n_node;
        s->exhausted = b.n_open == 0 && !fleet_spent(s->f);
    }
    tree_release(&b);
    return code;
}

/* ---- windows of time -------------------------------------------------------------------------- */

static void hold_outside(const struct tree *b, struct node *n)
{
    for (int32_t g = 0; g < b->f->n_unit; g++)
        for (int32_t k = 0; k < unit_facts(b->f->p, g); k++)
            if (!tree_decides(b, k))
                set_add(set_has(&b->s->incumbent[g]->on, k) ? &n->on[g] : &n->off[g],
                        k);
}

static enum err_code search_window(struct search *s, int32_t from, int32_t to,
                                   int64_t most_nodes, struct err *err)
{
    struct tree b = {.s = s,
                     .f = s->f,
                     .share = WORTHY * s->f->o->gap,
                     .from = from,
                     .to = to,
                     .counts_first = true,
                     .closed_usd = (double)INFINITY};
    enum err_code code = tree_begin(&b, err);
    if (!code) {
        hold_outside(&b, b.open[0]);
        code = grow(&b, most_nodes, err);
    }
    tree_release(&b);
    return code;
}

/* A length is done with when nothing is better in any window of it. */
enum err_code branch_windows(struct search *s, int32_t least, int32_t most,
                             struct err *err)
{
    const int32_t T = s->f->n_interval;
    const double h = s->f->p->interval_h;
    const int32_t step = (int32_t)fmax(1, STEP_H / h);
    enum err_code code = ERR_OK;
    for (int32_t size = least; size <= most && !code; size++) {
        const int32_t length = size * step < T ? size * step : T;
        const int64_t nodes = size < LONG_STEPS ? SHORT_NODES : LONG_NODES;
        const int32_t n = 1 + (T - length + step - 1) / step;
        for (int32_t k = 0, still = 0; still < n && !code; k++) {
            const int32_t from = (k % n) * step, to = from + length;
            const double was = s->cost_usd;
            if (fleet_spent(s->f) || search_is_proven(s))
                return ERR_OK;
            code = search_window(s, to < T ? from : T - length, to < T ? to : T, nodes,
                                 err);
            still = s->cost_usd < was ? 0 : still + 1;
        }
        if (length == T)
            break;
    }
    return code;
}
