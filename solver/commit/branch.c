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
#include "solver/commit/parts.h"

enum {
    COLUMNS_PER_UNIT = 60, /* of the master, then idle ones go */
    IDLE_SOLVES = 40,
    NEARBY = 4,           /* random prices in a round */
    KEPT_PER_UNIT = 3000, /* schedules of the tree, then it begins with fresh ones */
    OPEN_NODES = 20000,
    ROUNDS = 60,   /* of column generation in a node */
    DIVE_EVERY = 8 /* paths: what rounding finds from a node */
};

static const double FRACTIONAL = 1e-5;
static const double FIRST_WIDTH = 0.1, MOST_WIDTH = 100; /* of boxes, of usual prices */

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for branch and price");
}

struct node {
    double bound_usd;
    int64_t serial;
    struct interval_set *on, *off; /* [n_unit] one allocation */
    double *y;                     /* [n_row] the best prices of where it comes from */
    int32_t n_row;
};

struct tree {
    struct search *s;
    struct fleet *f;
    struct pool *pool; /* of the tree's own, above the root's */
    struct master *m;
    struct node **open; /* [n_open] heap, least bound first */
    int32_t n_open, room_open;
    double closed_usd; /* the least bound of nodes that were given up */
    int64_t serial, n_node, n_path, n_kept;
    int32_t *first; /* [n_unit + 1] facts of units before; see unit_facts */
    double *u;      /* [facts] of the master's point */
    double *y;      /* [n_row] */
};

/* ---- nodes ------------------------------------------------------------------------------- */

static void node_release(struct node *n)
{
    if (!n)
        return;
    mem_free(n->on);
    mem_free(n->y);
    mem_free(n);
}

static struct node *node_new(const struct fleet *f, const struct node *from)
{
    struct node *n = MEM_ARRAY(struct node, 1);
    if (!n)
        return NULL;
    const size_t n_unit = (size_t)f->n_unit;
    n->n_row = fleet_n_row(f);
    n->on = MEM_ARRAY(struct interval_set, 2 * n_unit);
    n->y = MEM_ARRAY(double, n->n_row);
    if (!n->on || !n->y) {
        node_release(n);
        return NULL;
    }
    n->off = n->on + n_unit;
    if (from) {
        memcpy(n->on, from->on, 2 * n_unit * sizeof *n->on);
        n->bound_usd = from->bound_usd;
    }
    return n;
}

static bool before(const struct node *a, const struct node *b)
{
    if (a->bound_usd != b->bound_usd)
        return a->bound_usd < b->bound_usd;
    return a->serial < b->serial;
}

/* Takes over n, also on failure. */
static enum err_code push(struct tree *b, struct node *n, struct err *err)
{
    if (b->n_open == b->room_open) {
        const int32_t room = 2 * b->room_open + 64;
        struct node **more = mem_resize(b->open, (size_t)room, sizeof *more);
        if (!more) {
            node_release(n);
            return no_memory(err);
        }
        b->open = more;
        b->room_open = room;
    }
    int32_t k = b->n_open++;
    for (; k > 0 && before(n, b->open[(k - 1) / 2]); k = (k - 1) / 2)
        b->open[k] = b->open[(k - 1) / 2];
    b->open[k] = n;
    return ERR_OK;
}

static struct node *pop(struct tree *b)
{
    struct node *least = b->open[0], *last = b->open[--b->n_open];
    int32_t k = 0;
    for (int32_t c = 1; c < b->n_open; c = 2 * k + 1) {
        if (c + 1 < b->n_open && before(b->open[c + 1], b->open[c]))
            c++;
        if (!before(b->open[c], last))
            break;
        b->open[k] = b->open[c];
        k = c;
    }
    if (b->n_open > 0)
        b->open[k] = last;
    return least;
}

/* Nothing dearer is worth looking at. */
static double cutoff(const struct tree *b)
{
    const struct search *s = b->s;
    if (!s->feasible)
        return (double)INFINITY;
    return s->cost_usd - 0.9 * s->f->o->gap * fabs(s->cost_usd);
}

static void close_node(struct tree *b, double bound_usd)
{
    b->closed_usd = fmin(b->closed_usd, bound_usd);
}

/* ---- the relaxation of a node -------------------------------------------------------------- */

/* A master of schedules that are good at the root's prices, without perturbation. */
static enum err_code refresh(struct tree *b, struct err *err)
{
    struct search *s = b->s;
    struct fleet *f = b->f;
    master_release(b->m);
    b->m = NULL;
    pool_release(f, b->pool);
    b->pool = NULL;
    b->n_kept = 0;
    enum err_code code = pool_create(f, &b->pool, err);
    if (!code) {
        b->pool->parent = s->root->pool;
        code = sweep_run(f, b->pool, NULL, s->root->y, s->sweep, err);
    }
    if (!code)
        code = master_create(f, NULL, 0, s->incumbent ? s->incumbent : s->sweep->best,
                             s->root->y, &b->m, err);
    if (code)
        return code;
    b->m->perturbed = false;
    const double near = 2e-3 * fabs(s->root->bound_usd);
    for (int32_t g = 0; g < f->n_unit; g++) {
        int32_t n = 0;
        for (const struct schedule *x = s->root->pool->first[g]; x && !code;
             x = x->next)
            if (x != b->m->base[g] && n < COLUMNS_PER_UNIT &&
                schedule_profit(f, x, s->root->y) > s->sweep->value[g] - near) {
                code = master_add(b->m, g, &x, err);
                n++;
            }
    }
    return code;
}

static bool has_column(const struct master *m, const struct schedule *x)
{
    if (m->base[x->unit] == x)
        return true;
    for (int32_t k = 0; k < m->n_column; k++)
        if (m->column[k].group == x->unit && m->column[k].member[0] == x)
            return true;
    return false;
}

/* Holds the master to n and prices it as it begins; *dead: a unit can do nothing. */
static enum err_code begin(struct tree *b, const struct node *n, bool *dead,
                           struct err *err)
{
    struct search *s = b->s;
    struct master *m = b->m;
    const size_t n_unit = (size_t)b->f->n_unit;
    memcpy(s->held.on, n->on, n_unit * sizeof *n->on);
    memcpy(s->held.off, n->off, n_unit * sizeof *n->off);
    master_unbar(m);
    memset(m->y, 0, (size_t)fleet_n_row(b->f) * sizeof *m->y);
    memcpy(m->y, n->y, (size_t)n->n_row * sizeof *m->y);
    fleet_clamp(b->f, m->y);
    enum err_code code = sweep_run(b->f, b->pool, &s->held, m->y, s->sweep, err);
    *dead = !code && s->sweep->infeasible >= 0;
    if (code || *dead)
        return code;
    m->bound_usd = s->sweep->bound_usd;
    memcpy(m->y_best, m->y, (size_t)fleet_n_row(b->f) * sizeof *m->y);
    code = master_bar(m, &s->held, err);
    for (int32_t g = 0; g < b->f->n_unit && !code; g++)
        if (!has_column(m, s->sweep->best[g]))
            code = master_add(m, g, &s->sweep->best[g], err);
    return code;
}

/* Columns of the sweep that the master's duals ask for; returns how many by *n. */
static enum err_code add_columns(struct tree *b, double tolerance_usd, int32_t *n,
                                 struct err *err)
{
    enum err_code code = ERR_OK;
    for (int32_t g = 0; g < b->f->n_unit && !code; g++) {
        const struct schedule *x = b->s->sweep->best[g];
        if (master_reduced_cost(b->m, g, &x) >= -tolerance_usd || has_column(b->m, x))
            continue;
        code = master_add(b->m, g, &x, err);
        ++*n;
    }
    b->f->stats.n_column += *n;
    return code;
}

/* Prices y, keeps them if they are the best, and takes the columns. */
static enum err_code price(struct tree *b, double *y, double tolerance_usd, int32_t *n,
                           struct err *err)
{
    fleet_clamp(b->f, y);
    enum err_code code = sweep_run(b->f, b->pool, &b->s->held, y, b->s->sweep, err);
    b->n_kept++;
    if (code)
        return code;
    if (b->s->sweep->bound_usd > b->m->bound_usd) {
        b->m->bound_usd = b->s->sweep->bound_usd;
        memcpy(b->m->y_best, y, (size_t)fleet_n_row(b->f) * sizeof *y);
    }
    return add_columns(b, tolerance_usd, n, err);
}

/*
 * One round after a solve: prices at the master's, half way there, and at random ones
 * nearby, as in few dimensions a kink of every interval has to be known.
 */
static enum err_code round_of(struct tree *b, double width_usd, double tolerance_usd,
                              int32_t *n, struct err *err)
{
    struct master *m = b->m;
    const int32_t n_row = fleet_n_row(b->f);
    enum err_code code = ERR_OK;
    const double *from = m->y_best;
    for (int32_t k = 0; k < 2 + NEARBY && !code; k++) {
        for (int32_t r = 0; r < n_row; r++)
            b->y[r] = k == 0   ? m->y[r]
                      : k == 1 ? 0.5 * (from[r] + m->y[r])
                      : r < b->f->n_interval
                          ? from[r] + seeded_real(&b->s->random, -width_usd, width_usd)
                          : from[r];
        code = price(b, b->y, tolerance_usd, n, err);
    }
    return code;
}

/* The greatest Lagrangian, in a box that shrinks where it does not grow. */
static enum err_code converge(struct tree *b, struct err *err)
{
    struct master *m = b->m;
    const double tolerance = fmin(1e-5, 0.2 * b->f->o->gap);
    double width = FIRST_WIDTH * b->f->scale;
    enum err_code code = ERR_OK;
    for (int32_t k = 0; k < ROUNDS && !code; k++) {
        int32_t n = 0;
        if (m->bound_usd >= cutoff(b) || fleet_spent(b->f))
            return ERR_OK;
        master_box(m, m->y_best, width);
        code = master_solve(m, err);
        const double size = fabs(m->bound_usd), left = m->objective_usd - m->bound_usd;
        const double was = m->bound_usd;
        if (code || left <= tolerance * size) {
            if (code || m->artificial <= 1e-9 * b->f->rhs_sum ||
                width >= MOST_WIDTH * b->f->scale)
                return code;
            width *= 4;
            continue;
        }
        code = round_of(b, width, 0.1 * tolerance * size / b->f->n_unit, &n, err);
        if (n == 0 && !(m->bound_usd > was))
            return code;
        width *= m->bound_usd - was > 0.3 * left ? 2 : 0.6;
        width = fmax(width, 1e-4 * b->f->scale);
    }
    return code;
}

static enum err_code relax(struct tree *b, struct node *n, bool *dead, struct err *err)
{
    enum err_code code = ERR_OK;
    if (b->m->n_column > COLUMNS_PER_UNIT * b->f->n_unit)
        code = master_purge(b->m, IDLE_SOLVES, err);
    if (!code)
        code = begin(b, n, dead, err);
    if (code || *dead)
        return code;
    code = converge(b, err);
    n->bound_usd = fmax(n->bound_usd, b->m->bound_usd);
    b->n_node++;
    return code;
}

/* ---- probing --------------------------------------------------------------------------------- */

static bool may_do(const struct node *n, const struct schedule *x)
{
    return set_within(&n->on[x->unit], &x->on) && !set_meets(&n->off[x->unit], &x->on);
}

/* Intervals in which known schedules that cost little are on, and off. */
static void known(const struct tree *b, const struct node *n, int32_t g, double least,
                  struct interval_set *on, struct interval_set *off)
{
    const struct pool *pools[2] = {b->pool, b->s->root->pool};
    for (int k = 0; k < 2; k++)
        for (const struct schedule *x = pools[k]->first[g]; x; x = x->next) {
            bool news = false;
            for (int w = 0; w < SET_WORDS; w++)
                news = news || (x->on.word[w] & ~on->word[w]) ||
                       (~x->on.word[w] & ~off->word[w]);
            if (!news || !may_do(n, x) ||
                schedule_profit(b->f, x, b->m->y_best) < least)
                continue;
            for (int w = 0; w < SET_WORDS; w++) {
                on->word[w] |= x->on.word[w];
                off->word[w] |= ~x->on.word[w];
            }
        }
}

static enum err_code probe_unit(struct tree *b, struct node *n, int32_t g,
                                double slack_usd, struct err *err)
{
    struct interval_set on = {{0}}, off = {{0}};
    struct unit_schedule best;
    const double *y = b->m->y_best;
    enum err_code code = sweep_value(b->f, g, &n->on[g], &n->off[g], y, &best, err);
    const double least = best.value_usd - slack_usd;
    if (!code)
        known(b, n, g, least, &on, &off);
    for (int32_t t = 0; t < unit_facts(b->f->p, g) && !code; t++) {
        if (set_has(&n->on[g], t) || set_has(&n->off[g], t) ||
            (set_has(&on, t) && set_has(&off, t)))
            continue;
        const bool does = set_has(&on, t);
        struct interval_set *opposite = does ? &n->off[g] : &n->on[g];
        const struct interval_set was = *opposite;
        set_add(opposite, t);
        code = sweep_value(b->f, g, &n->on[g], &n->off[g], y, &best, err);
        *opposite = was;
        if (code)
            break;
        if (best.value_usd < least) {
            set_add(does ? &n->on[g] : &n->off[g], t);
            continue;
        }
        for (int w = 0; w < SET_WORDS; w++) {
            on.word[w] |= best.on.word[w];
            off.word[w] |= ~best.on.word[w];
        }
    }
    return code;
}

/* Holds n to what every schedule below the cutoff does. */
static enum err_code probe(struct tree *b, struct node *n, struct err *err)
{
    const double slack = cutoff(b) - b->m->bound_usd;
    enum err_code code = ERR_OK;
    for (int32_t g = 0; g < b->f->n_unit && !code && !isinf(slack); g++)
        code = probe_unit(b, n, g, slack, err);
    return code;
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

/* The unit and fact whose decision says most: power that is in doubt. */
static bool choose(const struct tree *b, int32_t *unit, int32_t *fact)
{
    double best = 0;
    for (int32_t t = 0; t < b->f->n_interval; t++)
        for (int32_t g = 0; g < b->f->n_unit; g++)
            for (int32_t k = t; k < unit_facts(b->f->p, g); k += b->f->n_interval) {
                const double u = b->u[b->first[g] + k];
                const double doubt = fmin(u, 1 - u);
                const double score = doubt * (1 + b->f->p->unit[g].max_mw);
                if (doubt > FRACTIONAL && score > best) {
                    best = score;
                    *unit = g;
                    *fact = k;
                }
            }
    return best > 0;
}

static bool held_alike(const struct node *n, int32_t g, int32_t h)
{
    return set_equal(&n->on[g], &n->on[h]) && set_equal(&n->off[g], &n->off[h]);
}

/*
 * Two nodes below n, by fact t. Of identical units held alike, u of unit g is set one way, or that of
 * all the other way. *down is the one to follow.
 */
static enum err_code split(struct tree *b, const struct node *n, int32_t g, int32_t t,
                           struct node **down, struct err *err)
{
    const struct fleet *f = b->f;
    struct node *child[2] = {node_new(f, n), node_new(f, n)};
    *down = NULL;
    if (!child[0] || !child[1]) {
        node_release(child[0]);
        node_release(child[1]);
        return no_memory(err);
    }
    const double u = b->u[b->first[g] + t];
    const bool one = u >= 0.3; /* on is what serves load */
    set_add(one ? &child[0]->on[g] : &child[0]->off[g], t);
    for (int32_t h = 0; h < f->n_unit; h++)
        if (h == g || (f->twin[h] == f->twin[g] && held_alike(n, g, h)))
            set_add(one ? &child[1]->off[h] : &child[1]->on[h], t);
    for (int k = 0; k < 2; k++) {
        memcpy(child[k]->y, b->m->y_best, (size_t)n->n_row * sizeof *n->y);
        child[k]->serial = b->serial++;
        child[k]->bound_usd = n->bound_usd;
    }
    *down = child[0];
    return push(b, child[1], err);
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
    return dive(b->s, b->m, b->pool, &style, &better, err);
}

/* Follows one path down from n, which it takes over. */
static enum err_code follow(struct tree *b, struct node *n, struct err *err)
{
    enum err_code code = ERR_OK;
    const bool round = b->n_path++ % DIVE_EVERY == 0;
    for (int32_t depth = 0; n && !code; depth++) {
        struct node *down = NULL;
        bool dead = false;
        int32_t g = 0, t = 0;
        if (fleet_spent(b->f)) {
            close_node(b, n->bound_usd);
            break;
        }
        code = relax(b, n, &dead, err);
        if (code || dead)
            break;
        if (n->bound_usd >= cutoff(b)) {
            close_node(b, n->bound_usd);
            break;
        }
        read_point(b);
        const bool mixed = choose(b, &g, &t);
        if (mixed)
            code = probe(b, n, err);
        if (!code && mixed)
            code = split(b, n, g, t, &down, err);
        else if (!code)
            close_node(b, n->bound_usd);
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
    b->y = MEM_ARRAY(double, fleet_n_row(f));
    struct node *n = b->u && b->y ? node_new(f, NULL) : NULL;
    if (!n)
        return no_memory(err);
    n->bound_usd = b->s->root->bound_usd;
    memcpy(n->y, b->s->root->y, (size_t)n->n_row * sizeof *n->y);
    return push(b, n, err);
}

static void note_bound(struct search *s, double bound)
{
    s->root->bound_usd = fmax(s->root->bound_usd, bound);
    fleet_note_gap(s->f, s->cost_usd, s->root->bound_usd);
}

enum err_code branch_search(struct search *s, int64_t most_nodes, struct err *err)
{
    struct tree b = {.s = s, .f = s->f, .closed_usd = (double)INFINITY};
    enum err_code code = tree_begin(&b, err);
    while (!code && b.n_open > 0 && b.n_open < OPEN_NODES && b.n_node < most_nodes &&
           !fleet_spent(b.f) && b.open[0]->bound_usd < cutoff(&b)) {
        if (!b.m || b.n_kept > KEPT_PER_UNIT)
            code = refresh(&b, err);
        if (!code)
            code = follow(&b, pop(&b), err);
    }
    if (!code) {
        double bound = b.closed_usd;
        if (b.n_open > 0)
            bound = fmin(bound, b.open[0]->bound_usd);
        if (s->feasible)
            bound = fmin(bound, s->cost_usd);
        if (!isinf(bound))
            note_bound(s, bound);
        s->f->stats.n_node = b.n_node;
    }
    for (int32_t k = 0; k < b.n_open; k++)
        node_release(b.open[k]);
    mem_free(b.open);
    mem_free(b.first);
    mem_free(b.u);
    mem_free(b.y);
    master_release(b.m);
    pool_release(b.f, b.pool);
    return code;
}
