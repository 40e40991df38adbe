/* run_view.c - one stage of a run file in memory. */
#include "results/run_view.h"

#include <stdio.h>
#include <string.h>

enum {
    PATH_SIZE = 96
};

enum err_code run_view_table(struct run_view *v, const char *path, void *pointer,
                             size_t *n, struct err *err)
{
    void *array = NULL;
    enum err_code code = run_read_table(v->rd, path, &v->arena, &array, n, err);
    memcpy(pointer, &array, sizeof array);
    return code;
}

/* A table and how many values it must have; NULL: any, which *length then tells. */
struct wanted {
    const char *path; /* within the stage where it begins with '+' */
    void *pointer;
    size_t *length; /* first of two lengths, or NULL */
    const size_t *other;
    bool maybe;
};

static enum err_code load(struct run_view *v, const struct wanted *w, size_t n,
                          struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < n && !code; i++) {
        char path[PATH_SIZE];
        size_t got, before = w[i].length ? *w[i].length : 0;
        bool in_stage = w[i].path[0] == '+';
        (void)snprintf(path, sizeof path, "%s%s", in_stage ? v->stage : "",
                       w[i].path + in_stage);
        if (w[i].maybe && !run_read_has(v->rd, path))
            continue;
        code = run_view_table(v, path, w[i].pointer, &got, err);
        if (code || !w[i].length)
            continue;
        if (!w[i].other && before == 0)
            *w[i].length = got;
        size_t want = *w[i].length * (w[i].other ? *w[i].other : 1);
        if (got != want)
            code = err_set(err, ERR_INPUT, "%s: %s has %zu values; expected %zu",
                           v->file, path, got, want);
    }
    return code;
}

static enum err_code load_stage(struct run_view *v, struct err *err)
{
    bool is_case = strcmp(v->stage, "/dispatch") == 0;
    // clang-format off
    const struct wanted w[] = {
        {"/node", &v->node, &v->n_node, NULL, false},
        {"/branch", &v->branch, &v->n_branch, NULL, false},
        {"/resource", &v->resource, &v->n_resource, NULL, false},
        {"/virtual", &v->position, &v->n_virtual, NULL, false},
        {"+/interval", &v->start_min, &v->n_t, NULL, false},
        {"+/duration", &v->duration_min, &v->n_t, NULL, false},
        {"+/trade_date", &v->trade_date, &v->n_t, NULL, false},
        {"+/hour_ending", &v->hour_ending, &v->n_t, NULL, false},
        {"+/lmp", &v->lmp, &v->n_t, &v->n_node, false},
        {"+/lmp_energy", &v->lmp_energy, &v->n_t, &v->n_node, false},
        {"+/lmp_congestion", &v->lmp_congestion, &v->n_t, &v->n_node, false},
        {"+/lmp_loss", &v->lmp_loss, &v->n_t, &v->n_node, false},
        {"+/award", &v->award, &v->n_t, &v->n_resource, false},
        {"+/virtual_award", &v->virtual_award, &v->n_t, &v->n_virtual, true},
        {"+/energy", &v->energy_mwh, &v->n_t, &v->n_resource, true},
        {"+/flow", &v->flow, &v->n_t, &v->n_branch, false},
        {"+/rent", &v->rent_usd, &v->n_t, NULL, false},
        {"+/constraint", &v->limit, &v->n_limit, NULL, false},
        {"+/constraint_kind", &v->limit_kind, &v->n_limit, NULL, false},
        {"+/constraint_side", &v->limit_upper, &v->n_limit, NULL, false},
        {"+/constraint_element", &v->limit_element, &v->n_limit, NULL, false},
        {"+/constraint_outage", &v->limit_outage, &v->n_limit, NULL, false},
        {"+/constraint_limit", &v->limit_mw, &v->n_limit, NULL, false},
        {"+/shadow_price", &v->shadow, &v->n_t, &v->n_limit, false},
        {is_case ? "/dispatch/branch_from" : "/input/branch/from", &v->branch_from, &v->n_branch, NULL, false},
        {is_case ? "/dispatch/branch_to" : "/input/branch/to", &v->branch_to, &v->n_branch, NULL, false},
        {is_case ? "/dispatch/unit_bus" : "/input/resource/node", &v->resource_node, &v->n_resource, NULL, false},
        {"/input/resource/type", &v->resource_type, &v->n_resource, NULL, true},
        {"/input/virtual/node", &v->position_node, &v->n_virtual, NULL, true},
    };
    // clang-format on
    return load(v, w, sizeof w / sizeof *w, err);
}

static enum err_code load_settlement(struct run_view *v, struct err *err)
{
    // clang-format off
    const struct wanted w[] = {
        {"/settlement/charge_code", &v->code, &v->n_code, NULL, false},
        {"/settlement/charge_code_name", &v->code_name, &v->n_code, NULL, false},
        {"/settlement/statement/sc", &v->line_sc, &v->n_line, NULL, false},
        {"/settlement/statement/charge_code", &v->line_code, &v->n_line, NULL, false},
        {"/settlement/statement/amount_cents", &v->line_cents, &v->n_line, NULL, false},
    };
    // clang-format on
    return load(v, w, sizeof w / sizeof *w, err);
}

static bool all_within(const int32_t *at, size_t n, size_t limit)
{
    for (size_t i = 0; at && i < n; i++)
        if (at[i] < 0 || (size_t)at[i] >= limit)
            return false;
    return true;
}

static enum err_code choose_stage(struct run_view *v, const char *stage,
                                  struct err *err)
{
    static const char *const known[] = {"/day_ahead", "/fifteen_minute", "/real_time",
                                        "/dispatch"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if ((!stage || strcmp(stage, known[i] + 1) == 0) &&
            run_read_has_stage(v->rd, known[i])) {
            v->stage = known[i];
            return ERR_OK;
        }
    return err_set(err, stage ? ERR_USAGE : ERR_INPUT,
                   "%s holds no %s; expected a file of 'run' or 'dispatch'%s", v->file,
                   stage ? stage : "prices", stage ? " with that stage" : "");
}

enum err_code run_view_load(const struct run_read *rd, const char *file,
                            const char *stage, struct run_view *out, struct err *err)
{
    *out = (struct run_view){.rd = rd, .file = file};
    enum err_code code = choose_stage(out, stage, err);
    if (!code)
        code = run_read_meta_text(rd, "scenario", &out->arena, &out->scenario, err);
    if (!code)
        code = run_read_meta_f64(rd, "objective_usd", &out->cost_usd, err);
    if (!code)
        code = load_stage(out, err);
    if (!code && run_read_has_stage(rd, "/settlement"))
        code = load_settlement(out, err);
    if (!code && (!all_within(out->branch_from, out->n_branch, out->n_node) ||
                  !all_within(out->branch_to, out->n_branch, out->n_node) ||
                  !all_within(out->resource_node, out->n_resource, out->n_node) ||
                  !all_within(out->position_node, out->n_virtual, out->n_node)))
        code = err_set(err, ERR_INPUT, "%s: a position leads nowhere", file);
    return code;
}

void run_view_release(struct run_view *v)
{
    arena_release(&v->arena);
    *v = (struct run_view){0};
}

int32_t run_view_find(const char *const *name, size_t n, const char *wanted)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name[i], wanted) == 0)
            return (int32_t)i;
    return -1;
}

double run_view_hours(const struct run_view *v, size_t t)
{
    return v->duration_min[t] / 60;
}
