/* real_time_start_try.c - plans of fast units, one after the other. */
#include <math.h>

#include "sim/clear/real_time_start_parts.h"

enum {
    MOST_TOGETHER = 64, /* plans of all units that are tried together */
    MOST_PLANS = 64,    /* of one unit */
    PASSES = 4
};

/* What one unit may do; bit k of a plan: on in quarter k of the window. */
struct unit_plans {
    int32_t resource, n;
    uint32_t plan[MOST_PLANS];
    uint32_t at_hand;
};

struct trying {
    struct rt_starting *s;
    int32_t n_unit;
    struct unit_plans *unit; /* [n_unit] */
    double best_usd;
};

static bool can_stop(const struct rt_starting *s, int32_t r)
{
    const struct resource *is = &s->all->m->resource[r];
    double least_mw = is->pmin_mw + QUARTER_MIN * is->ramp_down_mw_per_min;
    return s->all->out->now.output_mw[r] <= least_mw + 1e-9 &&
           !rt_start_stops_too_late(s, r);
}

/* All ways to go on from quarter k, having been on or off for age quarters. */
static void list_plans(const struct rt_starting *s, struct unit_plans *u, int32_t k,
                       uint32_t plan, bool on, int32_t age, int32_t n_start)
{
    int32_t r = u->resource;
    const struct commitment_terms *c = &s->v.w.resource[r].commit; /* in quarters */
    if (k == s->n) {
        if (u->n < MOST_PLANS)
            u->plan[u->n++] = plan;
        return;
    }
    for (int next = 0; next < 2; next++) {
        bool changes = (next != 0) != on;
        if ((next && !rt_window_has(&s->v, r, k)) ||
            (!next && s->must[rt_start_cell(s, r, k)]) ||
            (changes && age < (on ? c->min_up_h : c->min_down_h)) ||
            (changes && on && k == 0 && !can_stop(s, r)) ||
            (changes && !on && c->max_starts > 0 && n_start >= c->max_starts))
            continue;
        list_plans(s, u, k + 1, plan | (uint32_t)next << k, next != 0,
                   changes ? 1 : age + 1, n_start + (changes && !on));
    }
}

static double beside_usd(const struct rt_starting *s, const struct unit_plans *u)
{
    const struct commitment_terms *c = &s->all->m->resource[u->resource].commit;
    const struct rt_state *now = &s->all->out->now;
    bool on = now->on[u->resource] != 0;
    int32_t off_min = on ? 0 : now->since_min[u->resource];
    double usd = 0;
    for (int32_t k = 0; k < s->n; k++) {
        bool next = u->at_hand >> k & 1;
        if (next && !on)
            usd += rt_start_usd(c, off_min);
        off_min = next ? 0 : off_min + QUARTER_MIN;
        usd += next ? c->min_load_usd_per_h / RT_QUARTERS : 0;
        on = next;
    }
    return usd;
}

static void write_plan(const struct rt_starting *s, const struct unit_plans *u)
{
    for (int32_t k = 0; k < s->n; k++)
        *rt_start_plan(s->all, u->resource, s->quarter + k) = u->at_hand >> k & 1;
}

/* The cost of what is at hand. */
static enum err_code evaluate(const struct trying *t, double *usd, struct err *err)
{
    struct rt_window v;
    *usd = 0;
    for (int32_t i = 0; i < t->n_unit; i++) {
        write_plan(t->s, &t->unit[i]);
        *usd += beside_usd(t->s, &t->unit[i]);
    }
    enum err_code code =
        rt_window_solve(t->s->all, RT_FIFTEEN_MINUTE, t->s->quarter, t->s->n, &v, err);
    *usd += v.answer.objective_usd;
    rt_window_release(&v);
    return code;
}

static bool is_better(double usd, double than)
{
    return usd < than - 1e-9 * fmax(1, fabs(than));
}

/* Every combination of plans, as digits of a number. */
static enum err_code try_together(struct trying *t, struct err *err)
{
    uint32_t best[MOST_TOGETHER];
    enum err_code code = ERR_OK;
    int32_t n = 1;
    for (int32_t i = 0; i < t->n_unit; i++) {
        best[i] = t->unit[i].at_hand;
        n *= t->unit[i].n;
    }
    for (int32_t k = 0; k < n && !code; k++) {
        double usd;
        for (int32_t i = 0, rest = k; i < t->n_unit; rest /= t->unit[i++].n)
            t->unit[i].at_hand = t->unit[i].plan[rest % t->unit[i].n];
        code = evaluate(t, &usd, err);
        if (code || !is_better(usd, t->best_usd))
            continue;
        t->best_usd = usd;
        for (int32_t i = 0; i < t->n_unit; i++)
            best[i] = t->unit[i].at_hand;
    }
    for (int32_t i = 0; i < t->n_unit; i++)
        t->unit[i].at_hand = best[i];
    return code;
}

/* The plans of one unit, the others as they are. */
static enum err_code try_unit(struct trying *t, struct unit_plans *u, bool *moved,
                              struct err *err)
{
    uint32_t best = u->at_hand;
    enum err_code code = ERR_OK;
    for (int32_t k = 0; k < u->n && !code; k++) {
        double usd;
        u->at_hand = u->plan[k];
        if (u->at_hand == best)
            continue;
        code = evaluate(t, &usd, err);
        if (code || !is_better(usd, t->best_usd))
            continue;
        t->best_usd = usd;
        best = u->at_hand;
        *moved = true;
    }
    u->at_hand = best;
    return code;
}

/* A unit that has a plan to choose, with the plan at hand. */
static void take_unit(struct trying *t, int32_t r)
{
    const struct rt_starting *s = t->s;
    const struct commitment_terms *c = &s->v.w.resource[r].commit;
    struct unit_plans *u = &t->unit[t->n_unit];
    *u = (struct unit_plans){.resource = r};
    for (int32_t k = 0; k < s->n; k++)
        u->at_hand |= (uint32_t)*rt_start_plan(s->all, r, s->quarter + k) << k;
    list_plans(s, u, 0, 0, c->initial_h > 0,
               c->initial_h > 0 ? c->initial_h : -c->initial_h, 0);
    if (u->n > 1)
        t->n_unit++;
}

enum err_code rt_start_try(struct rt_starting *s, struct err *err)
{
    int32_t n_r = s->all->m->n_resource;
    struct trying t = {.s = s,
                       .unit = ARENA_ARRAY(&s->v.arena, struct unit_plans, n_r)};
    double together = 1;
    if (!t.unit)
        return err_set(err, ERR_NOMEM, "cannot hold the plans of units");
    for (int32_t r = 0; r < n_r; r++)
        if (s->is_free[r])
            take_unit(&t, r);
    for (int32_t i = 0; i < t.n_unit; i++)
        together *= t.unit[i].n;
    if (t.n_unit == 0)
        return ERR_OK;
    enum err_code code = evaluate(&t, &t.best_usd, err);
    bool moved = true;
    if (!code && together <= MOST_TOGETHER)
        code = try_together(&t, err);
    else
        for (int pass = 0; pass < PASSES && moved && !code; pass++) {
            moved = false;
            for (int32_t i = 0; i < t.n_unit && !code; i++)
                code = try_unit(&t, &t.unit[i], &moved, err);
        }
    for (int32_t i = 0; i < t.n_unit; i++)
        write_plan(s, &t.unit[i]);
    return code;
}
