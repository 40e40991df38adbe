/* real_time_start_try.c - the cheapest plans of fast units, by the window's own program. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/clear/real_time_start_parts.h"

enum {
    MOST_TOGETHER = 64, /* plans of all units that are tried together */
    MOST_PROGRAMS = 200 /* of one decision, unit by unit */
};

struct trying {
    struct rt_starting *s;
    uint32_t *best; /* [n_unit] plans of best_usd */
    double best_usd;
    double enough_usd; /* so much less is not worth looking for */
    double left_usd;   /* (7) at the latest prices: what could yet be saved */
    double slack_usd;  /* its part of the plans at hand themselves */
    bool priced;       /* (7) holds there */
    int32_t n_program;
};

static void write_plans(const struct rt_starting *s)
{
    for (int32_t i = 0; i < s->n_unit; i++)
        for (int32_t k = 0; k < s->n; k++)
            *rt_start_plan(s->all, s->unit[i].resource, s->quarter + k) =
                s->unit[i].at_hand >> k & 1;
}

static bool is_better(double usd, double than)
{
    return isinf(than) || usd < than - 1e-9 * fmax(1, fabs(than));
}

static double could_usd(const struct rt_start_unit *u, uint32_t plan)
{
    for (int32_t p = 0; p < u->n; p++)
        if (u->plan[p] == plan)
            return u->could_usd[p];
    return 0;
}

/* ---- one program ---- */

/* Money of the bids that were taken: what a gap is a share of. */
static double money_usd(const struct rt_window *v)
{
    const struct dispatch_problem *p = &v->f.problem;
    double sum = 0;
    for (int32_t k = 0; k < p->n_interval; k++)
        for (int64_t g = p->seg_start[(int64_t)k * p->n_injection];
             g < p->seg_start[(int64_t)(k + 1) * p->n_injection]; g++)
            sum += p->duration_h[k] * fabs(p->seg[g].price_cost_usd_per_mwh) *
                   v->answer.segment_mw[g];
    return sum;
}

/* What the prices of the plans at hand rule out. */
static enum err_code rule_out(struct trying *t, const struct rt_window *v,
                              double at_hand_usd, struct err *err)
{
    double all = 0;
    enum err_code code = rt_start_price(t->s, v, &t->priced, err);
    t->left_usd = t->priced ? 0 : INFINITY;
    t->slack_usd = 0;
    for (int32_t i = 0; i < t->s->n_unit && !code; i++) {
        const struct rt_start_unit *u = &t->s->unit[i];
        double most = -INFINITY;
        for (int32_t p = 0; p < u->n; p++)
            most = fmax(most, u->could_usd[p]);
        all += most;
        t->slack_usd += could_usd(u, u->at_hand);
    }
    if (code || !t->priced)
        return code;
    t->left_usd = all - (at_hand_usd - t->best_usd);
    for (int32_t i = 0; i < t->s->n_unit; i++) {
        struct rt_start_unit *u = &t->s->unit[i];
        double most = -INFINITY;
        for (int32_t p = 0; p < u->n; p++)
            most = fmax(most, u->could_usd[p]);
        for (int32_t p = 0; p < u->n; p++)
            if (all - most + u->could_usd[p] <=
                at_hand_usd - t->best_usd + t->enough_usd)
                u->is_out[p] = true;
    }
    return ERR_OK;
}

/* The cost of the plans at hand: kept where it is the least. Prices them where asked to, or
 * where it is. */
static enum err_code evaluate(struct trying *t, bool price, bool *better,
                              struct err *err)
{
    struct rt_starting *s = t->s;
    struct rt_window v;
    double usd = 0;
    write_plans(s);
    for (int32_t i = 0; i < s->n_unit; i++)
        usd += rt_start_beside_usd(s, &s->unit[i], s->unit[i].at_hand);
    enum err_code code =
        rt_window_solve(s->all, RT_FIFTEEN_MINUTE, s->quarter, s->n, &v, err);
    usd += v.answer.objective_usd;
    t->n_program++;
    *better = !code && is_better(usd, t->best_usd);
    if (*better) {
        t->best_usd = usd;
        t->enough_usd = s->all->m->rules.commitment_gap * money_usd(&v);
        for (int32_t i = 0; i < s->n_unit; i++)
            t->best[i] = s->unit[i].at_hand;
    }
    if (!code && (price || *better))
        code = rule_out(t, &v, usd, err);
    rt_window_release(&v);
    return code;
}

static void take_best(struct trying *t)
{
    for (int32_t i = 0; i < t->s->n_unit; i++)
        t->s->unit[i].at_hand = t->best[i];
}

static bool is_proven(const struct trying *t)
{
    return t->priced && t->left_usd <= t->enough_usd;
}

/* ---- what is left ---- */

/* Combinations of plans that are not ruled out. */
static double n_together(const struct trying *t)
{
    double n = 1;
    for (int32_t i = 0; i < t->s->n_unit; i++) {
        int32_t left = 0;
        for (int32_t p = 0; p < t->s->unit[i].n; p++)
            left += !t->s->unit[i].is_out[p] || t->s->unit[i].plan[p] == t->best[i];
        n *= left;
    }
    return n;
}

/* Every combination of what is left when this begins, as digits of a number. */
static enum err_code try_together(struct trying *t, struct err *err)
{
    struct rt_starting *s = t->s;
    int32_t n = (int32_t)n_together(t);
    enum err_code code = ERR_OK;
    for (int32_t i = 0; i < s->n_unit; i++) {
        struct rt_start_unit *u = &s->unit[i];
        int32_t to = 0;
        for (int32_t p = 0; p < u->n; p++)
            if (!u->is_out[p] || u->plan[p] == t->best[i])
                u->plan[to++] = u->plan[p];
        u->n = to;
        memset(u->is_out, 0, sizeof u->is_out);
    }
    for (int32_t k = 0; k < n && !code && !is_proven(t); k++) {
        bool better, is_out = false, is_best = true;
        for (int32_t i = 0, rest = k; i < s->n_unit; rest /= s->unit[i++].n) {
            s->unit[i].at_hand = s->unit[i].plan[rest % s->unit[i].n];
            is_out = is_out || s->unit[i].is_out[rest % s->unit[i].n];
            is_best = is_best && s->unit[i].at_hand == t->best[i];
        }
        if (!is_out && !is_best)
            code = evaluate(t, false, &better, err);
    }
    return code;
}

/* The plan of u, not tried since the last change, that promises most; -1: none that can be
 * cheaper, the others as they are. */
static int32_t next_plan(const struct trying *t, const struct rt_start_unit *u,
                         const bool *tried)
{
    int32_t best = -1;
    double others = t->slack_usd - could_usd(u, u->at_hand);
    for (int32_t p = 0; p < u->n; p++) {
        if (tried[p] || u->is_out[p] || u->plan[p] == u->at_hand ||
            (t->priced && u->could_usd[p] + others <= t->enough_usd))
            continue;
        if (best < 0 || u->could_usd[p] > u->could_usd[best])
            best = p;
    }
    return best;
}

/* One unit's plans, the others as they are, until none is cheaper. */
static enum err_code try_unit(struct trying *t, struct rt_start_unit *u, bool *moved,
                              struct err *err)
{
    bool tried[RT_START_MOST_PLANS] = {false};
    enum err_code code = ERR_OK;
    int32_t p = 0;
    while (!code && t->n_program < MOST_PROGRAMS && !is_proven(t)) {
        uint32_t before = u->at_hand;
        bool better;
        p = next_plan(t, u, tried);
        if (p < 0)
            return ERR_OK;
        tried[p] = true;
        u->at_hand = u->plan[p];
        code = evaluate(t, false, &better, err);
        *moved = *moved || better;
        if (!better)
            u->at_hand = before;
    }
    return code;
}

static enum err_code try_one_by_one(struct trying *t, struct err *err)
{
    enum err_code code = ERR_OK;
    bool moved = true;
    take_best(t);
    while (moved && !code && !is_proven(t) && t->n_program < MOST_PROGRAMS) {
        moved = false;
        for (int32_t i = 0; i < t->s->n_unit && !code; i++)
            code = try_unit(t, &t->s->unit[i], &moved, err);
    }
    return code;
}

/* Another plan to begin from, where the commitment solver has one. */
static enum err_code try_proposal(struct trying *t, struct err *err)
{
    bool better = true, same = true;
    enum err_code code = rt_start_propose(t->s, err);
    for (int32_t i = 0; i < t->s->n_unit; i++)
        same = same && t->s->unit[i].at_hand == t->best[i];
    if (code || same)
        return code;
    code = evaluate(t, true, &better, err);
    if (code || better)
        return code;
    take_best(t);
    return evaluate(t, true, &better, err); /* (7) at the best plans */
}

enum err_code rt_start_try(struct rt_starting *s, struct err *err)
{
    struct trying t = {.s = s, .best_usd = INFINITY};
    bool better = false;
    if (s->n_unit == 0)
        return ERR_OK;
    t.best = MEM_ARRAY(uint32_t, s->n_unit);
    if (!t.best)
        return err_set(err, ERR_NOMEM, "cannot hold the plans of units");
    enum err_code code = evaluate(&t, true, &better, err);
    if (!code && !is_proven(&t))
        code = try_proposal(&t, err);
    if (!code && !is_proven(&t) && n_together(&t) > MOST_TOGETHER)
        code = try_one_by_one(&t, err);
    if (!code && !is_proven(&t) && n_together(&t) <= MOST_TOGETHER)
        code = try_together(&t, err);
    take_best(&t);
    write_plans(s);
    mem_free(t.best);
    return code;
}
