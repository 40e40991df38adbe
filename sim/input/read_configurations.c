/*
 * read_configurations.c - configurations of plants and the moves between them: tables
 * configurations and transitions.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/natural.h"
#include "sim/input/scenario_parts.h"

enum {
    MOST_OF_A_PLANT = 10 /* x 25 hours: facts of a schedule, see solver/commit */
};

static const double same_mw = 1e-9;

struct entry {
    struct configuration_row *row;
    int32_t resource;
    const char *id;
};

/* ---- whose row it is ---- */

/* The generator that a row speaks of, -1 after a fault or where it is unknown. */
static int32_t plant_of(struct loading *l, struct csv_table *t, struct row_head *head,
                        int32_t id, size_t member)
{
    int32_t r = resource_named(l, t, head, member, id);
    if (r < 0 || l->resource_row[r]->head.bad || l->resource_row[r]->head.askew ||
        l->table[TABLE_COMMITMENT].broken)
        return -1;
    const struct resource *is = &l->m->resource[r];
    if (is->market_committed)
        return r;
    csv_table_fault(t, head, member, l->faults,
                    "'%s' is not in table commitment; expected a generator that the "
                    "market starts and stops",
                    is->id);
    return -1;
}

/* The row of table commitment; there is one. */
static struct commitment_row *terms_row(struct loading *l, int32_t r)
{
    struct csv_table *t = &l->table[TABLE_COMMITMENT];
    struct commitment_row *row = t->row;
    for (size_t i = 0; i < t->n; i++)
        if (row[i].id >= 0 && l->meaning[row[i].id].resource == r)
            return &row[i];
    return NULL;
}

/* ---- one configuration ---- */

static void check_range(struct loading *l, struct configuration_row *row,
                        const struct resource *plant)
{
    struct csv_table *t = &l->table[TABLE_CONFIGURATIONS];
    if (row->pmax_mw < row->pmin_mw)
        ROW_FAULT(l->faults, t, row, pmax_mw,
                  "pmax_mw is %g and pmin_mw %g; expected it not below", row->pmax_mw,
                  row->pmin_mw);
    if (row->pmin_mw < plant->pmin_mw - same_mw)
        ROW_FAULT(l->faults, t, row, pmin_mw,
                  "pmin_mw is %g and that of '%s' %g; expected it not below",
                  row->pmin_mw, plant->id, plant->pmin_mw);
    if (row->pmax_mw > plant->pmax_mw + same_mw)
        ROW_FAULT(l->faults, t, row, pmax_mw,
                  "pmax_mw is %g and that of '%s' %g; expected it not above",
                  row->pmax_mw, plant->id, plant->pmax_mw);
    if (row->start_mw < row->pmin_mw)
        ROW_FAULT(l->faults, t, row, start_mw,
                  "start_mw is %g; expected at least the %g MW of pmin_mw",
                  row->start_mw, row->pmin_mw);
    if (row->stop_mw < row->pmin_mw)
        ROW_FAULT(l->faults, t, row, stop_mw,
                  "stop_mw is %g; expected at least the %g MW of pmin_mw", row->stop_mw,
                  row->pmin_mw);
    for (int s = 0; s < SERVICES; s++)
        if (row->certified_mw[s] > plant->certified_mw[s])
            ROW_FAULT(l->faults, t, row, certified_mw[s],
                      "%g MW of %s and '%s' has %g; expected it not above",
                      row->certified_mw[s], service_text((enum service)s), plant->id,
                      plant->certified_mw[s]);
}

/* Costs of starts, a kind for each that the plant has. */
static void take_starts(struct loading *l, struct configuration_row *row, int32_t r,
                        struct configuration *c)
{
    struct csv_table *t = &l->table[TABLE_CONFIGURATIONS];
    const struct resource *plant = &l->m->resource[r];
    const struct commitment_row *of = terms_row(l, r);
    const bool has_warm = of && !isnan(of->warm_start_cost_usd);
    const bool has_cold = of && !isnan(of->cold_start_cost_usd);
    const bool warm = !isnan(row->warm_start_cost_usd);
    const bool cold = !isnan(row->cold_start_cost_usd);
    const char *id = id_text(l, row->id);
    c->may_start = !isnan(row->start_cost_usd);
    if ((warm && !has_warm) || (warm && !c->may_start))
        ROW_FAULT(l->faults, t, row, warm_start_cost_usd,
                  "a warm start of '%s', which has none %s; expected no cost", id,
                  has_warm ? "without start_cost_usd" : "in table commitment");
    if ((cold && !has_cold) || (cold && !c->may_start))
        ROW_FAULT(l->faults, t, row, cold_start_cost_usd,
                  "a cold start of '%s', which has none %s; expected no cost", id,
                  has_cold ? "without start_cost_usd" : "in table commitment");
    double cost = c->may_start ? row->start_cost_usd : 0;
    c->start_cost_usd[0] = cost;
    for (int32_t k = 1; k < plant->commit.n_start; k++) {
        const bool is_warm = k == 1 && has_warm;
        const double own =
            is_warm ? row->warm_start_cost_usd : row->cold_start_cost_usd;
        if (own < cost && is_warm)
            ROW_FAULT(
                l->faults, t, row, warm_start_cost_usd,
                "a warm start costs %g and a warmer one %g; expected it not below", own,
                cost);
        else if (own < cost)
            ROW_FAULT(
                l->faults, t, row, cold_start_cost_usd,
                "a cold start costs %g and a warmer one %g; expected it not below", own,
                cost);
        cost = isnan(own) ? cost : own;
        c->start_cost_usd[k] = cost;
    }
}

static void take_configuration(struct loading *l, const struct entry *e,
                               struct configuration *c)
{
    struct csv_table *t = &l->table[TABLE_CONFIGURATIONS];
    struct configuration_row *row = e->row;
    const struct resource *plant = &l->m->resource[e->resource];
    *c = (struct configuration){.id = keep_text(l, row->id),
                                .resource = e->resource,
                                .pmin_mw = row->pmin_mw,
                                .pmax_mw = row->pmax_mw,
                                .min_load_usd_per_h = row->min_load_usd_per_h,
                                .energy_adder_usd_per_mwh =
                                    row->energy_adder_usd_per_mwh,
                                .min_up_h = row->min_up_h,
                                .start_mw = row->start_mw,
                                .stop_mw = row->stop_mw};
    check_range(l, row, plant);
    take_starts(l, row, e->resource, c);
    c->may_stop = row->may_stop == CHOICE_UNSET ? c->may_start : row->may_stop == 1;
    for (int s = 0; s < SERVICES; s++)
        c->certified_mw[s] =
            isnan(row->certified_mw[s]) ? plant->certified_mw[s] : row->certified_mw[s];
    if (row->initial_h > 0 && plant->commit.initial_h < 0)
        ROW_FAULT(l->faults, t, row, initial_h,
                  "initial_h is %d and '%s' is off before the first day; expected none",
                  row->initial_h, plant->id);
    else if (row->initial_h > plant->commit.initial_h && plant->commit.initial_h > 0)
        ROW_FAULT(l->faults, t, row, initial_h,
                  "initial_h is %d and that of '%s' %d; expected it not above",
                  row->initial_h, plant->id, plant->commit.initial_h);
    else if (row->initial_h > 0 && (plant->initial_mw < row->pmin_mw - same_mw ||
                                    plant->initial_mw > row->pmax_mw + same_mw))
        ROW_FAULT(l->faults, t, row, initial_h,
                  "'%s' is in it before the first day, at %g MW; expected output from "
                  "%g to %g",
                  plant->id, plant->initial_mw, row->pmin_mw, row->pmax_mw);
}

/* ---- a plant ---- */

static int by_plant(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->resource != b->resource)
        return a->resource < b->resource ? -1 : 1;
    if (a->row->pmax_mw < b->row->pmax_mw || a->row->pmax_mw > b->row->pmax_mw)
        return a->row->pmax_mw < b->row->pmax_mw ? -1 : 1;
    if (a->row->pmin_mw < b->row->pmin_mw || a->row->pmin_mw > b->row->pmin_mw)
        return a->row->pmin_mw < b->row->pmin_mw ? -1 : 1;
    const int order = natural_compare(a->id, b->id);
    return order ? order : a->row->head.at < b->row->head.at ? -1 : 1;
}

static void refuse_twice(struct loading *l, const struct entry *e, int32_t n)
{
    struct csv_table *t = &l->table[TABLE_CONFIGURATIONS];
    for (int32_t i = 0; i < n; i++)
        for (int32_t k = 0; k < n; k++)
            if (e[k].row->id == e[i].row->id && e[k].row->head.at < e[i].row->head.at) {
                ROW_FAULT(l->faults, t, e[i].row, id,
                          "'%s' is already on line %u; expected it once for a plant",
                          e[i].id, (unsigned)csv_table_line(t, &e[k].row->head));
                break;
            }
}

/* What belongs to configurations may not stand in the plant's own row. */
static void check_terms(struct loading *l, int32_t r)
{
    struct csv_table *t = &l->table[TABLE_COMMITMENT];
    struct commitment_row *row = terms_row(l, r);
    const char *id = l->m->resource[r].id;
    static const char form[] =
        "'%s' has configurations; expected this in table configurations";
    if (!row || row->head.askew)
        return;
    if (row->start_cost_usd > 0)
        ROW_FAULT(l->faults, t, row, start_cost_usd, form, id);
    if (fabs(row->min_load_usd_per_h) > 0)
        ROW_FAULT(l->faults, t, row, min_load_usd_per_h, form, id);
    if (isfinite(row->start_mw))
        ROW_FAULT(l->faults, t, row, start_mw, form, id);
    if (isfinite(row->stop_mw))
        ROW_FAULT(l->faults, t, row, stop_mw, form, id);
    if (row->start_up_min >= 0)
        ROW_FAULT(l->faults, t, row, start_up_min,
                  "'%s' has configurations, and real time moves no plant; expected no "
                  "start_up_min",
                  id);
}

/* Together the configurations have the range of the plant, and it begins in one of them. */
static void check_plant(struct loading *l, const struct entry *e, int32_t n)
{
    struct csv_table *t = &l->table[TABLE_CONFIGURATIONS];
    struct resource *plant = &l->m->resource[e[0].resource];
    double least = e[0].row->pmin_mw, most = e[n - 1].row->pmax_mw;
    int32_t n_initial = 0;
    refuse_twice(l, e, n);
    check_terms(l, e[0].resource);
    if (n > MOST_OF_A_PLANT)
        ROW_FAULT(l->faults, t, e[n - 1].row, id,
                  "'%s' has %d configurations; expected at most %d", plant->id, (int)n,
                  (int)MOST_OF_A_PLANT);
    for (int32_t k = 0; k < n; k++) {
        least = fmin(least, e[k].row->pmin_mw);
        if (e[k].row->initial_h <= 0)
            continue;
        if (n_initial++ > 0)
            ROW_FAULT(l->faults, t, e[k].row, initial_h,
                      "'%s' is in two configurations before the first day; expected "
                      "initial_h in one",
                      plant->id);
        plant->initial_configuration = plant->first_configuration + k;
        plant->initial_configuration_h = e[k].row->initial_h;
    }
    if (fabs(least - plant->pmin_mw) > same_mw)
        ROW_FAULT(l->faults, t, e[0].row, pmin_mw,
                  "the least pmin_mw of '%s' is %g and that of table resources %g; "
                  "expected the same",
                  plant->id, least, plant->pmin_mw);
    if (fabs(most - plant->pmax_mw) > same_mw)
        ROW_FAULT(l->faults, t, e[n - 1].row, pmax_mw,
                  "the greatest pmax_mw of '%s' is %g and that of table resources %g; "
                  "expected the same",
                  plant->id, most, plant->pmax_mw);
    if (plant->commit.initial_h > 0 && n_initial == 0)
        ROW_FAULT(l->faults, t, e[0].row, initial_h,
                  "'%s' is on before the first day; expected initial_h in the "
                  "configuration that it is in",
                  plant->id);
}

static enum err_code take_configurations(struct loading *l, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_CONFIGURATIONS];
    struct market *m = l->m;
    struct configuration_row *row = t->row;
    struct entry *entry = MEM_ARRAY(struct entry, t->n);
    int32_t n = 0;
    bool no_room = false;
    m->configuration = ARENA_ARRAY(&m->arena, struct configuration, t->n);
    if (!entry || !m->configuration) {
        mem_free(entry);
        return err_set(err, ERR_NOMEM, "cannot hold the configurations of plants");
    }
    for (size_t i = 0; i < t->n; i++) {
        if (row[i].head.askew)
            continue;
        int32_t r = plant_of(l, t, &row[i].head, row[i].resource,
                             offsetof(struct configuration_row, resource));
        if (r >= 0 && row[i].id >= 0 && !row[i].head.bad)
            entry[n++] = (struct entry){&row[i], r, id_text(l, row[i].id)};
    }
    if (n > 1)
        qsort(entry, (size_t)n, sizeof *entry, by_plant);
    for (int32_t first = 0, end; first < n; first = end) {
        struct resource *plant = &m->resource[entry[first].resource];
        for (end = first; end < n && entry[end].resource == entry[first].resource;
             end++) {
            take_configuration(l, &entry[end], &m->configuration[end]);
            no_room = no_room || !m->configuration[end].id;
        }
        plant->first_configuration = first;
        plant->n_configuration = end - first;
        check_plant(l, entry + first, end - first);
    }
    m->n_configuration = n;
    mem_free(entry);
    return no_room ? err_set(err, ERR_NOMEM, "cannot hold the names of configurations")
                   : ERR_OK;
}

/* ---- transitions ---- */

/* The configuration of that name, -1 after a fault. */
static int32_t find(struct loading *l, struct transition_row *row, int32_t r,
                    int32_t id, size_t member)
{
    const struct resource *plant = &l->m->resource[r];
    if (id < 0)
        return -1;
    for (int32_t k = 0; k < plant->n_configuration; k++) {
        int32_t c = plant->first_configuration + k;
        if (strcmp(l->m->configuration[c].id, id_text(l, id)) == 0)
            return c;
    }
    csv_table_fault(&l->table[TABLE_TRANSITIONS], &row->head, member, l->faults,
                    "unknown configuration '%s' of '%s'; expected one of table "
                    "configurations",
                    id_text(l, id), plant->id);
    return -1;
}

/* An hour's ramp reaches from one range into the other. */
static void check_ramp(struct loading *l, struct transition_row *row,
                       const struct resource *plant, const struct configuration *from,
                       const struct configuration *to)
{
    double up = to->pmin_mw - from->pmax_mw, down = from->pmin_mw - to->pmax_mw;
    double gap = fmax(up, down),
           rate = up > down ? plant->ramp_up_mw_per_min : plant->ramp_down_mw_per_min;
    if (gap > rate * 60 + same_mw)
        ROW_FAULT(l->faults, &l->table[TABLE_TRANSITIONS], row, to,
                  "%g MW lie between '%s' and '%s' and the plant ramps %g in an hour; "
                  "expected no more",
                  gap, from->id, to->id, rate * 60);
}

static int by_move(const void *pa, const void *pb)
{
    const struct transition *a = pa, *b = pb;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

static void take_transition(struct loading *l, struct transition_row *row, int32_t r)
{
    struct csv_table *t = &l->table[TABLE_TRANSITIONS];
    struct market *m = l->m;
    int32_t from = find(l, row, r, row->from, offsetof(struct transition_row, from));
    int32_t to = find(l, row, r, row->to, offsetof(struct transition_row, to));
    if (from < 0 || to < 0)
        return;
    if (from == to) {
        ROW_FAULT(l->faults, t, row, to, "from '%s' to itself; expected another one",
                  m->configuration[to].id);
        return;
    }
    for (int32_t k = 0; k < m->n_transition; k++)
        if (m->transition[k].from == from && m->transition[k].to == to) {
            ROW_FAULT(l->faults, t, row, from,
                      "'%s' to '%s' is there already; expected it once",
                      m->configuration[from].id, m->configuration[to].id);
            return;
        }
    check_ramp(l, row, &m->resource[r], &m->configuration[from], &m->configuration[to]);
    m->transition[m->n_transition++] =
        (struct transition){from, to, row->cost_usd, row->time_min};
}

static enum err_code take_transitions(struct loading *l, struct err *err)
{
    struct csv_table *t = &l->table[TABLE_TRANSITIONS];
    struct market *m = l->m;
    struct transition_row *row = t->row;
    m->transition = ARENA_ARRAY(&m->arena, struct transition, t->n);
    if (!m->transition)
        return err_set(err, ERR_NOMEM, "cannot hold the transitions of plants");
    for (size_t i = 0; i < t->n; i++) {
        if (row[i].head.askew)
            continue;
        int32_t r = plant_of(l, t, &row[i].head, row[i].resource,
                             offsetof(struct transition_row, resource));
        if (r >= 0 && !row[i].head.bad && !l->table[TABLE_CONFIGURATIONS].broken)
            take_transition(l, &row[i], r);
    }
    if (m->n_transition > 1)
        qsort(m->transition, (size_t)m->n_transition, sizeof *m->transition, by_move);
    for (int32_t k = m->n_transition; k-- > 0;) {
        struct resource *plant =
            &m->resource[m->configuration[m->transition[k].from].resource];
        plant->first_transition = k;
        plant->n_transition++;
    }
    return ERR_OK;
}

enum err_code read_configurations(struct loading *l, struct err *err)
{
    for (int32_t r = 0; r < l->m->n_resource; r++)
        l->m->resource[r].initial_configuration = -1;
    enum err_code code = take_configurations(l, err);
    return code ? code : take_transitions(l, err);
}
