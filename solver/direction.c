/*
 * direction.c - a store charges or discharges in an interval, never both.
 *
 * While energy in the store is worth something the LP never does both. Where it is a
 * burden (negative prices, a full store) charging and discharging at once would burn it
 * in the losses, so the choice of a direction becomes a binary. Best-first branch and
 * bound over the intervals where the LP does both: the root is the LP itself, so fleets
 * that never see the problem pay nothing. The best bound of what was not searched is
 * proof of how far the answer can be from the optimum.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/work.h"

/* Deterministic limit of the search, in column-iterations: about a second. */
static const double MOST_WORK = 2e8;

static const double FLOW_MW = 1e-6;   /* less than this is no flow */
static const double SAME_COST = 1e-9; /* relative */

struct node {
    double bound_usd;
    int8_t *direction; /* [T * n_store] owned */
};

struct search {
    struct work *w;
    size_t n_choice; /* T * n_store */
    struct node *open;
    int32_t n_open, room_open;
    double work;     /* done so far */
    double best_usd; /* of the incumbent, INFINITY while there is none */
    int8_t *best;    /* [n_choice] its directions */
    double *x;       /* [columns] scratch */
};

static void set_direction(struct work *w, size_t choice, int8_t direction)
{
    int32_t t = (int32_t)(choice / (size_t)w->p->n_store);
    int32_t s = (int32_t)(choice % (size_t)w->p->n_store);
    int64_t at = (int64_t)t * w->p->n_injection + w->p->store[s].injection;
    if (w->direction[choice] == direction)
        return;
    w->direction[choice] = direction;
    for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next) {
        const struct piece *piece = &w->piece[k];
        bool charging = piece->from_mw < 0;
        /* A full charging piece takes in nothing; an empty other one gives nothing. */
        double lo = charging && direction > 0 ? piece->width_mw : 0;
        double up = !charging && direction < 0 ? 0 : piece->width_mw;
        lp_set_column_bounds(w->lp, piece->col, lo, up);
    }
}

static void apply(struct search *q, const int8_t *direction)
{
    for (size_t c = 0; c < q->n_choice; c++)
        set_direction(q->w, c, direction[c]);
}

/* The choice in which most flows both ways, or n_choice if there is none. */
static size_t worst_conflict(const struct search *q)
{
    size_t worst = q->n_choice;
    double most = FLOW_MW;
    for (size_t c = 0; c < q->n_choice; c++) {
        double charge, discharge;
        work_store_flows(q->w, (int32_t)(c / (size_t)q->w->p->n_store),
                         (int32_t)(c % (size_t)q->w->p->n_store), &charge, &discharge);
        if (fmin(charge, discharge) > most) {
            most = fmin(charge, discharge);
            worst = c;
        }
    }
    return worst;
}

/* Fills the pieces of store s in interval t from below, to the same net power. */
static void stack(struct work *w, int32_t t, int32_t s)
{
    int64_t at = (int64_t)t * w->p->n_injection + w->p->store[s].injection;
    double into = w->power_mw[at];
    for (int32_t k = w->head[at]; k >= 0; k = w->piece[k].next) {
        const struct piece *piece = &w->piece[k];
        w->x[piece->col] = fmin(piece->width_mw, fmax(0, into - piece->from_mw));
    }
}

static double cost_of(const struct work *w)
{
    double cost = 0;
    int32_t n = lp_n_columns(w->lp);
    for (int32_t j = 0; j < n; j++)
        cost += lp_cost(w->lp, j) * w->x[j];
    return cost;
}

/*
 * Often the LP goes both ways only because it costs nothing: the same net power in one
 * direction may be as good. Leaves such a point in w->x and returns true, else restores.
 */
static enum err_code try_net(struct search *q, bool *good, struct err *err)
{
    struct work *w = q->w;
    size_t n = (size_t)lp_n_columns(w->lp);
    double *x = mem_resize(q->x, n, sizeof *x);
    bool *touched = mem_alloc((size_t)w->p->n_interval, sizeof *touched);
    enum err_code code = ERR_OK;
    if (x)
        q->x = x;
    if (!x || !touched) {
        mem_free(touched);
        return err_set(err, ERR_NOMEM, "out of memory");
    }
    memcpy(x, w->x, n * sizeof *x);
    double before = cost_of(w);
    for (int32_t t = 0; t < w->p->n_interval; t++)
        for (int32_t s = 0; s < w->p->n_store; s++)
            if (w->head[t * w->p->n_injection + w->p->store[s].injection] >= 0)
                stack(w, t, s);
    code = work_evaluate(w, err);
    *good = !code && !separate_mark(w, touched) &&
            cost_of(w) <= before + SAME_COST * fmax(1, fabs(before));
    if (!code && !*good) {
        memcpy(w->x, x, n * sizeof *x);
        code = work_evaluate(w, err);
    }
    mem_free(touched);
    return code;
}

static enum err_code push(struct search *q, double bound_usd, const int8_t *direction,
                          size_t choice, int8_t forced, struct err *err)
{
    if (q->n_open == q->room_open) {
        int32_t room = q->room_open ? 2 * q->room_open : 64;
        struct node *grown = mem_resize(q->open, (size_t)room, sizeof *grown);
        if (!grown)
            return err_set(err, ERR_NOMEM, "out of memory");
        q->open = grown;
        q->room_open = room;
    }
    int8_t *copy = mem_alloc(q->n_choice, sizeof *copy);
    if (!copy)
        return err_set(err, ERR_NOMEM, "out of memory");
    memcpy(copy, direction, q->n_choice * sizeof *copy);
    copy[choice] = forced;
    q->open[q->n_open++] = (struct node){bound_usd, copy};
    return ERR_OK;
}

/* Takes the open node with the lowest bound; the latest of equals, to go deep. */
static struct node pop(struct search *q)
{
    int32_t best = q->n_open - 1;
    for (int32_t k = q->n_open - 1; k >= 0; k--)
        if (q->open[k].bound_usd < q->open[best].bound_usd)
            best = k;
    struct node node = q->open[best];
    q->open[best] = q->open[--q->n_open];
    return node;
}

static bool can_improve(const struct search *q, double bound_usd)
{
    return isinf(q->best_usd) ||
           bound_usd < q->best_usd - SAME_COST * fmax(1, fabs(q->best_usd));
}

/* Judges the point just solved: incumbent, two children, or nothing more to find. */
static enum err_code judge(struct search *q, const int8_t *direction, struct err *err)
{
    double bound = lp_objective(q->w->lp);
    bool good = false;
    if (!can_improve(q, bound))
        return ERR_OK;
    enum err_code code = ERR_OK;
    size_t choice = worst_conflict(q);
    if (choice < q->n_choice)
        code = try_net(q, &good, err);
    if (code)
        return code;
    if (choice == q->n_choice || good) {
        q->best_usd = bound;
        memcpy(q->best, direction, q->n_choice * sizeof *q->best);
        return ERR_OK;
    }
    double charge, discharge;
    work_store_flows(q->w, (int32_t)(choice / (size_t)q->w->p->n_store),
                     (int32_t)(choice % (size_t)q->w->p->n_store), &charge, &discharge);
    int8_t likely = discharge >= charge ? 1 : -1;
    code = push(q, bound, direction, choice, (int8_t)-likely, err);
    return code ? code : push(q, bound, direction, choice, likely, err);
}

bool direction_force(struct work *w)
{
    bool any = false;
    size_t n_store = (size_t)w->p->n_store;
    for (size_t c = 0; c < (size_t)w->p->n_interval * n_store; c++) {
        double charge, discharge;
        work_store_flows(w, (int32_t)(c / n_store), (int32_t)(c % n_store), &charge,
                         &discharge);
        if (fmin(charge, discharge) <= FLOW_MW || w->direction[c])
            continue;
        set_direction(w, c, discharge >= charge ? 1 : -1);
        any = true;
    }
    return any;
}

/* A first answer: force the net direction wherever there is a conflict, until none is. */
static enum err_code dive(struct search *q, struct err *err)
{
    for (size_t step = 0; step <= q->n_choice; step++) {
        if (!direction_force(q->w))
            break;
        enum err_code code = work_converge(q->w, LP_DUAL, err);
        if (code)
            return code;
    }
    q->best_usd = lp_objective(q->w->lp);
    memcpy(q->best, q->w->direction, q->n_choice * sizeof *q->best);
    return ERR_OK;
}

static enum err_code search(struct search *q, struct err *err)
{
    enum err_code code = dive(q, err);
    while (!code && q->n_open > 0 && q->work < MOST_WORK) {
        struct node node = pop(q);
        if (can_improve(q, node.bound_usd)) {
            int64_t before = lp_iterations(q->w->lp);
            apply(q, node.direction);
            code = work_converge(q->w, LP_DUAL, err);
            q->work += (double)(10 + lp_iterations(q->w->lp) - before) *
                       lp_n_columns(q->w->lp);
            if (!code)
                code = judge(q, node.direction, err);
        }
        mem_free(node.direction);
    }
    return code;
}

/* Goes back to the best directions and says how far from the optimum they can be. */
static enum err_code finish(struct search *q, struct err *err)
{
    struct work *w = q->w;
    bool good;
    double bound = q->best_usd;
    for (int32_t k = 0; k < q->n_open; k++)
        bound = fmin(bound, q->open[k].bound_usd);
    apply(q, q->best);
    enum err_code code = work_converge(w, LP_DUAL, err);
    if (!code && worst_conflict(q) < q->n_choice) {
        code = try_net(q, &good, err);
        if (!code && !good) /* another vertex than the one that was judged */
            code = dive(q, err);
    }
    w->direction_gap_usd = fmax(0, q->best_usd - bound);
    return code;
}

enum err_code direction_settle(struct work *w, struct err *err)
{
    struct search q = {.w = w, .best_usd = HUGE_VAL};
    q.n_choice = (size_t)w->p->n_interval * (size_t)w->p->n_store;
    if (worst_conflict(&q) == q.n_choice)
        return ERR_OK;
    bool good = false;
    enum err_code code = try_net(&q, &good, err);
    if (code || good) {
        mem_free(q.x);
        return code;
    }
    int8_t *start = mem_alloc(q.n_choice, sizeof *start);
    q.best = mem_alloc(q.n_choice, sizeof *q.best);
    if (!start || !q.best) {
        code = err_set(err, ERR_NOMEM, "out of memory");
        goto done;
    }
    memcpy(start, w->direction, q.n_choice * sizeof *start);
    code = judge(&q, start, err); /* the root: two children to come back to */
    if (!code)
        code = search(&q, err);
    if (!code)
        code = finish(&q, err);
done:
    for (int32_t k = 0; k < q.n_open; k++)
        mem_free(q.open[k].direction);
    mem_free(q.open);
    mem_free(q.best);
    mem_free(q.x);
    mem_free(start);
    return code;
}
