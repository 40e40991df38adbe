/* solve.c - commit_solve: bound, cuts, a schedule, better ones, the answer. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"
#include "solver/commit/master.h"
#include "solver/commit/service.h"

enum {
    TREE_NODES = 20000,
    MORE_NODES = 400, /* of a second, that decides what is most in doubt */
    FEW_NODES = 120,  /* of a first tree of what is larger */
    FEW_FAILURES = 6, /* of neighbourhoods in a row */
    MOST_FAILURES = 60
};

static enum err_code search_create(struct fleet *f, struct root *root,
                                   struct sweep *sweep, struct search *s,
                                   struct err *err)
{
    *s = (struct search){.f = f,
                         .root = root,
                         .sweep = sweep,
                         .cost_usd = INFINITY,
                         .random = seeded_begin(4, 0)};
    s->held.on = MEM_ARRAY(struct interval_set, f->n_unit);
    s->held.off = MEM_ARRAY(struct interval_set, f->n_unit);
    s->room_y = fleet_n_row(f);
    s->y = MEM_ARRAY(double, s->room_y);
    if (!s->held.on || !s->held.off || !s->y)
        return err_set(err, ERR_NOMEM, "out of memory for the search of schedules");
    return ERR_OK;
}

static void search_release(struct search *s)
{
    mem_free(s->held.on);
    mem_free(s->held.off);
    mem_free(s->y);
    mem_free(s->incumbent);
}

/* Which requirement stands in the way. */
static enum err_code nothing_found(const struct search *s, struct err *err)
{
    const int32_t T = s->f->n_interval, t = s->worst_row % T;
    if (s->worst_mw <= 0)
        return err_set(err, ERR_NUMERIC,
                       "no schedule was found within the limits of work and time");
    if (s->worst_row < T)
        return err_set(err, ERR_NUMERIC,
                       "no schedule serves the load: interval %d lacks a balance by "
                       "%.6g MW",
                       t, s->worst_mw);
    return err_set(err, ERR_NUMERIC,
                   "no schedule meets requirement %d in interval %d: %.6g MW are "
                   "missing",
                   s->worst_row / T - 1, t, s->worst_mw);
}

/* First schedules, each way of diving being another chance. */
static enum err_code first_dive(struct search *s, struct err *err)
{
    static const struct dive_style STYLES[] = {
        {0.15, 10, 12, false}, {0.34, 6, 12, false}, {1, 1, 20, false}};
    enum err_code code = ERR_OK;
    for (size_t k = 0; k < sizeof STYLES / sizeof *STYLES && !code; k++) {
        bool better = false;
        if (k > 0) {
            master_release(s->root->master);
            s->root->master = NULL;
            code = root_again(s->f, s->root, s->sweep, err);
        }
        memset(s->held.on, 0, (size_t)s->f->n_unit * sizeof *s->held.on);
        memset(s->held.off, 0, (size_t)s->f->n_unit * sizeof *s->held.off);
        struct dive_style style = STYLES[k];
        style.gentle = fleet_is_middling(s->f);
        if (!code)
            code = dive(s, &s->root->master, s->root->pool, &style, &better, err);
        if (better && s->feasible)
            break;
    }
    master_release(s->root->master);
    s->root->master = NULL;
    return code;
}

bool search_is_proven(const struct search *s)
{
    const double gap = s->cost_usd - s->root->bound_usd;
    return s->feasible && gap <= s->f->o->gap * fabs(s->cost_usd);
}

bool search_is_closed(const struct search *s)
{
    return s->exhausted || fleet_spent(s->f) || search_is_proven(s);
}

/*
 * Middling fleets without a network: a tree closes the gap of a good schedule in a few hundred
 * nodes and that of a poor one never, since it ends where nothing is cheaper by more than the
 * gap. Windows of time make it good; long ones are dear and come when such a tree was not
 * enough.
 */
static enum err_code by_windows(struct search *s, struct err *err)
{
    enum err_code code = branch_windows(s, 2, 4, err);
    if (!code && !search_is_closed(s))
        code = branch_search(s, MORE_NODES, true, err);
    if (!code && !search_is_closed(s))
        code = branch_windows(s, 5, 6, err);
    if (!code && !search_is_closed(s))
        code = branch_search(s, TREE_NODES, true, err);
    return code;
}

/*
 * Small fleets have a gap that no neighbourhood closes: a few come first, as the tree
 * prunes by what they find. So do larger ones in a network, often in a small tree, which
 * decides how many units of a size are on; where that does not end, they gain more from
 * neighbourhoods, and trees get what these leave, one that decides what is most in doubt and
 * one as the first.
 */
static enum err_code improve(struct search *s, struct err *err)
{
    const int32_t n = s->f->n_unit;
    const bool middling = fleet_is_middling(s->f);
    enum err_code code = ERR_OK;
    if (s->feasible && fleet_is_sifted(s->f))
        code = finish_moves(s, err);
    if (!code && s->incumbent)
        code = neighbourhood_search(s, n <= SMALL_FLEET ? FEW_FAILURES : MOST_FAILURES,
                                    err);
    if (!code && s->feasible && middling && !s->f->flows)
        return search_is_closed(s) ? ERR_OK : by_windows(s, err);
    if (!code && n <= SMALL_FLEET && !search_is_closed(s))
        code = branch_search(s, middling ? FEW_NODES : TREE_NODES, true, err);
    if (!code && n <= SMALL_FLEET && s->incumbent && !search_is_closed(s))
        code = neighbourhood_search(s, MOST_FAILURES, err);
    if (!code && middling && !search_is_closed(s))
        code = branch_search(s, MORE_NODES, false, err);
    if (!code && middling && !search_is_closed(s))
        code = branch_search(s, TREE_NODES, true, err);
    return code;
}

/* ---- stores that may not charge and discharge at once -------------------------------------- */

static bool can_decide(const struct commit_problem *p)
{
    return !p->ways_decided && STORE_FACTS * p->n_interval <= COMMIT_FACTS;
}

static double first_usd(const struct commit_problem *p, const int32_t *curve, int32_t t)
{
    return curve ? p->curve[curve[t]].cost_usd_per_mwh[0] : 0;
}

/* Whether to do both at once pays by itself: then to net them is no answer. */
static bool both_pay(const struct commit_problem *p, const struct commit_store *s)
{
    bool pay = false;
    for (int32_t t = 0; t < p->n_interval && s->one_way && !pay; t++)
        pay = s->one_way[t] &&
              (s->worth_usd_per_mwh < 0 ||
               first_usd(p, s->charge_curve, t) + first_usd(p, s->discharge_curve, t) <
                   0);
    return pay;
}

static bool any_both_pay(const struct commit_problem *p)
{
    for (int32_t g = 0; g < p->n_unit; g++)
        if (p->unit[g].store && both_pay(p, p->unit[g].store))
            return true;
    return false;
}

/* Whether a store of the answer does both all the same. */
static bool any_goes_both_ways(const struct commit_problem *p,
                               const struct commit_answer *a)
{
    const double little = 1e-9;
    for (int32_t g = 0; g < p->n_unit && a->charge_mw && a->power_mw; g++) {
        const struct commit_store *s = p->unit[g].store;
        for (int32_t t = 0; s && s->one_way && t < p->n_interval; t++) {
            const size_t at = (size_t)t * (size_t)p->n_unit + (size_t)g;
            const double charge = a->charge_mw[at];
            if (s->one_way[t] && fmin(charge, a->power_mw[at] + charge) > little)
                return true;
        }
    }
    return false;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* *both: a store does in the answer what it may not. */
static enum err_code solve_once(const struct commit_problem *p,
                                const struct commit_options *o, bool *both,
                                struct commit_answer *out, struct err *err)
{
    struct fleet *f = NULL;
    struct sweep *sweep = NULL;
    struct root root = {0};
    struct search search = {0};
    *out = (struct commit_answer){.ways_decided = p->ways_decided};
    const double start = stopwatch_s();
    enum err_code code = fleet_create(p, o, &f, err);
    if (!code)
        code = sweep_create(f, &sweep, err);
    if (!code)
        code = root_solve(f, &root, sweep, err);
    const double bound = stopwatch_s();
    if (!code)
        code = cuts_add(f, &root, sweep, err);
    const double cut = stopwatch_s();
    if (!code)
        code = search_create(f, &root, sweep, &search, err);
    if (!code)
        code = first_dive(&search, err);
    if (!code)
        code = improve(&search, err);
    if (!code && !search.feasible)
        code = nothing_found(&search, err);
    if (!code)
        code = final_answer(&search, out, err);
    if (!code) {
        out->stats = f->stats;
        out->stats.work = fleet_work(f);
        out->stats.seconds_bound = bound - start;
        out->stats.seconds_cut = cut - bound;
        out->stats.seconds_primal = stopwatch_s() - cut;
        out->stats.seconds_total = stopwatch_s() - start;
    }
    *both = any_goes_both_ways(p, out);
    if (code)
        commit_answer_release(out);
    search_release(&search);
    if (f)
        root_release(f, &root);
    sweep_release(sweep);
    fleet_release(f);
    return code;
}

enum err_code commit_solve(const struct commit_problem *p,
                           const struct commit_options *o, struct commit_answer *out,
                           struct err *err)
{
    struct commit_problem is = *p;
    bool both = false;
    if (p->service)
        return service_solve(p, o, out, err);
    if (can_decide(p) && any_both_pay(p))
        is.ways_decided = true;
    enum err_code code = solve_once(&is, o, &both, out, err);
    if (code != ERR_NUMERIC || !both || !can_decide(&is))
        return code;
    *err = (struct err){0};
    is.ways_decided = true;
    return solve_once(&is, o, &both, out, err);
}
