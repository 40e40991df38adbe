/* read_commitment.c - the terms on which the market starts and stops generators. */
#include <math.h>

#include "sim/base/mem.h"
#include "sim/input/scenario_parts.h"

enum {
    LONG_H = 9999 /* a state that has lasted longer than anything asks for */
};

/* The generator a row speaks of, NULL after a fault or where it is unknown. */
static struct resource *owner_of(struct loading *l, struct commitment_row *row)
{
    struct csv_table *t = &l->table[TABLE_COMMITMENT];
    int32_t r = l->meaning[row->id].resource;
    if (r < 0) {
        if (!l->table[TABLE_RESOURCES].broken)
            ROW_FAULT(
                l->faults, t, row, id,
                "unknown resource '%s'; expected a resource_id of table resources",
                id_text(l, row->id));
        return NULL;
    }
    struct resource *is = &l->m->resource[r];
    if (l->resource_row[r]->head.bad || l->resource_row[r]->head.askew)
        return NULL;
    if (is->type != RESOURCE_GENERATOR) {
        ROW_FAULT(l->faults, t, row, id, "'%s' is of type %s; expected a generator",
                  is->id, resource_type_name(is->type));
        return NULL;
    }
    return is;
}

static void add_start(struct commitment_terms *c, int32_t after_h, double cost_usd)
{
    c->start_after_h[c->n_start] = after_h;
    c->start_cost_usd[c->n_start++] = cost_usd;
}

static void check_starts(struct loading *l, struct commitment_row *row,
                         struct commitment_terms *c)
{
    struct csv_table *t = &l->table[TABLE_COMMITMENT];
    bool warm = !isnan(row->warm_start_cost_usd),
         cold = !isnan(row->cold_start_cost_usd);
    if (warm && row->warm_after_h == 0 && ROW_EMPTY(t, row, warm_after_h))
        ROW_FAULT(
            l->faults, t, row, warm_after_h,
            "warm_after_h is empty; expected the hours off that make a start warm");
    if (cold && row->cold_after_h == 0 && ROW_EMPTY(t, row, cold_after_h))
        ROW_FAULT(
            l->faults, t, row, cold_after_h,
            "cold_after_h is empty; expected the hours off that make a start cold");
    if (warm && cold && row->cold_after_h > 0 && row->cold_after_h <= row->warm_after_h)
        ROW_FAULT(l->faults, t, row, cold_after_h,
                  "cold_after_h is %d and warm_after_h %d; expected it above",
                  row->cold_after_h, row->warm_after_h);
    if (warm && row->warm_start_cost_usd < row->start_cost_usd)
        ROW_FAULT(l->faults, t, row, warm_start_cost_usd,
                  "a warm start costs %g and a hot one %g; expected it not below",
                  row->warm_start_cost_usd, row->start_cost_usd);
    double before = warm ? row->warm_start_cost_usd : row->start_cost_usd;
    if (cold && row->cold_start_cost_usd < before)
        ROW_FAULT(l->faults, t, row, cold_start_cost_usd,
                  "a cold start costs %g and a warmer one %g; expected it not below",
                  row->cold_start_cost_usd, before);
    add_start(c, 1, row->start_cost_usd);
    if (warm)
        add_start(c, row->warm_after_h, row->warm_start_cost_usd);
    if (cold)
        add_start(c, row->cold_after_h, row->cold_start_cost_usd);
}

static void check_limits(struct loading *l, struct commitment_row *row,
                         const struct resource *r)
{
    struct csv_table *t = &l->table[TABLE_COMMITMENT];
    if (row->start_mw < r->pmin_mw)
        ROW_FAULT(l->faults, t, row, start_mw,
                  "start_mw is %g; expected at least the %g MW of pmin_mw",
                  row->start_mw, r->pmin_mw);
    if (row->stop_mw < r->pmin_mw)
        ROW_FAULT(l->faults, t, row, stop_mw,
                  "stop_mw is %g; expected at least the %g MW of pmin_mw", row->stop_mw,
                  r->pmin_mw);
    int32_t ahead_min = 15 * ((int32_t)l->m->rules.rt_fmm_intervals - 1);
    if (l->m->rules.real_time && row->start_up_min > ahead_min)
        ROW_FAULT(l->faults, t, row, start_up_min,
                  "start_up_min is %d and a fifteen-minute run looks %d minutes ahead; "
                  "expected at most that, or more rt_fmm_intervals",
                  row->start_up_min, ahead_min);
    bool says_off = row->initial_h < 0;
    bool says_on = row->initial_h > 0;
    if (says_on && isnan(r->initial_mw))
        ROW_FAULT(l->faults, t, row, initial_h,
                  "initial_h is %d and '%s' has no initial_mw; expected its output in "
                  "table resources",
                  row->initial_h, r->id);
    if ((says_off && r->initial_mw > 0) ||
        (says_on && (r->initial_mw < r->pmin_mw || r->initial_mw > r->pmax_mw)))
        ROW_FAULT(l->faults, t, row, initial_h,
                  "initial_h is %d and initial_mw %g; expected output from pmin_mw to "
                  "pmax_mw where it is on, none where it is off",
                  row->initial_h, r->initial_mw);
}

static void take_terms(struct loading *l, struct commitment_row *row,
                       struct resource *r)
{
    struct commitment_terms *c = &r->commit;
    r->market_committed = true;
    *c = (struct commitment_terms){.min_up_h = row->min_up_h,
                                   .min_down_h = row->min_down_h,
                                   .min_load_usd_per_h = row->min_load_usd_per_h,
                                   .start_mw = row->start_mw,
                                   .stop_mw = row->stop_mw,
                                   .initial_h = row->initial_h,
                                   .max_starts = row->max_starts,
                                   .fast = row->start_up_min >= 0,
                                   .start_up_min =
                                       row->start_up_min > 0 ? row->start_up_min : 0,
                                   .must_run = row->must_run == 1};
    check_starts(l, row, c);
    check_limits(l, row, r);
    if (c->initial_h == 0)
        c->initial_h = r->initial_mw > 0 ? LONG_H : -LONG_H;
}

enum err_code read_commitment(struct loading *l, struct err *err)
{
    uint32_t *order = NULL;
    int32_t n = 0;
    struct commitment_row *row = l->table[TABLE_COMMITMENT].row;
    enum err_code code = rows_by_id(
        l, TABLE_COMMITMENT, offsetof(struct commitment_row, id), &order, &n, err);
    for (int32_t i = 0; !code && i < n; i++) {
        struct commitment_row *is = &row[order[i]];
        struct resource *r = is->head.askew ? NULL : owner_of(l, is);
        if (r)
            take_terms(l, is, r);
    }
    mem_free(order);
    return code;
}
