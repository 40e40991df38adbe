/* explain_run.c - a run file as the market it was. */
#include "sim/explain/explain_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"

/* ---- tables ---- */

struct wanted {
    const char *path;
    void *pointer;
    size_t n; /* values that it must have */
};

static enum err_code load(struct explain_run *x, const struct wanted *w, size_t n,
                          struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < n && !code; i++) {
        size_t got;
        code = run_view_table(&x->v, w[i].path, w[i].pointer, &got, err);
        if (!code && got != w[i].n)
            code = err_set(err, ERR_INPUT, "%s: %s has %zu values; expected %zu",
                           x->v.file, w[i].path, got, w[i].n);
    }
    return code;
}

static enum err_code load_inputs(struct explain_run *x, struct err *err)
{
    size_t n_node = x->v.n_node, n = x->v.n_resource, n_branch = x->v.n_branch;
    enum err_code code = run_read_length(x->v.rd, "/input/tie/tie", &x->n_tie, err);
    // clang-format off
    const struct wanted w[] = {
        {"/input/node/kind", &x->node_kind, n_node},
        {"/input/tie/tie", &x->tie, x->n_tie},
        {"/input/tie/import_limit_mw", &x->tie_import_mw, x->n_tie},
        {"/input/tie/export_limit_mw", &x->tie_export_mw, x->n_tie},
        {"/input/resource/tie", &x->resource_tie, n},
        {"/input/resource/ramp_up_mw_per_min", &x->ramp_up_mw_per_min, n},
        {"/input/resource/ramp_down_mw_per_min", &x->ramp_down_mw_per_min, n},
        {"/input/resource/pmin_mw", &x->pmin_mw, n},
        {"/input/resource/pmax_mw", &x->pmax_mw, n},
        {"/input/resource/initial_mw", &x->initial_mw, n},
        {"/input/resource/energy_min_mwh", &x->energy_min_mwh, n},
        {"/input/resource/energy_max_mwh", &x->energy_max_mwh, n},
        {"/input/resource/end_energy_mwh", &x->end_energy_mwh, n},
        {"/input/resource/initial_energy_mwh", &x->initial_energy_mwh, n},
        {"/input/resource/charge_efficiency", &x->charge_efficiency, n},
        {"/input/resource/discharge_efficiency", &x->discharge_efficiency, n},
        {"/input/branch/rate_mw", &x->rate_mw, n_branch},
    };
    // clang-format on
    if (!code)
        code = load(x, w, sizeof w / sizeof *w, err);
    for (size_t r = 0; r < n && !code; r++)
        if (x->resource_tie[r] < -1 || x->resource_tie[r] >= (int32_t)x->n_tie)
            code = err_set(err, ERR_INPUT, "%s: a tie leads nowhere", x->v.file);
    if (!code && (!x->v.resource_type || (x->v.n_virtual && !x->v.position_node)))
        code = err_set(err, ERR_INPUT, "%s: the types of resources are missing",
                       x->v.file);
    return code;
}

/* ---- pieces ---- */

static int by_place(const void *pa, const void *pb)
{
    const struct explain_piece *a = pa, *b = pb;
    if (a->interval != b->interval)
        return a->interval < b->interval ? -1 : 1;
    if (a->owner != b->owner)
        return a->owner < b->owner ? -1 : 1;
    return a->from_mw < b->from_mw ? -1 : a->from_mw > b->from_mw;
}

struct columns {
    const int32_t *interval, *resource, *position;
    const double *from, *to, *price;
    const uint8_t *kind;
};

static const uint8_t kind_energy = 5; /* the last word of the schema */

static bool take_pieces(struct explain_run *x, const struct columns *c)
{
    int32_t n_r = (int32_t)x->v.n_resource, n_v = (int32_t)x->v.n_virtual;
    for (size_t k = 0; k < x->n_piece; k++) {
        int32_t r = c->resource[k], v = c->position[k], t = c->interval[k];
        if (t < 0 || (size_t)t >= x->v.n_t || r >= n_r || v >= n_v ||
            (r < 0) == (v < 0) || !(c->from[k] < c->to[k]))
            return false;
        x->piece[k] = (struct explain_piece){.interval = t,
                                             .owner = r >= 0 ? r : n_r + v,
                                             .from_mw = c->from[k],
                                             .to_mw = c->to[k],
                                             .usd_per_mwh = c->price[k],
                                             .is_energy = c->kind[k] == kind_energy};
    }
    return true;
}

static enum err_code load_pieces(struct explain_run *x, struct err *err)
{
    static const char *const part[] = {
        "piece/interval", "piece/resource", "piece/virtual",
        "piece/kind",     "piece/from_mw",  "piece/to_mw",
        "piece/price",    "ramp_free",      "piece/piece"};
    enum {
        N_PART = sizeof part / sizeof *part
    };
    char path[N_PART][96];
    struct columns c;
    for (size_t k = 0; k < N_PART; k++)
        (void)snprintf(path[k], sizeof path[k], "%s/%s", x->v.stage, part[k]);
    x->has_pieces = run_read_has(x->v.rd, path[6]);
    if (!x->has_pieces)
        return ERR_OK;
    enum err_code code = run_read_length(x->v.rd, path[8], &x->n_piece, err);
    size_t n = x->n_piece;
    const struct wanted w[] = {
        {path[0], &c.interval, n}, {path[1], &c.resource, n},
        {path[2], &c.position, n}, {path[3], &c.kind, n},
        {path[4], &c.from, n},     {path[5], &c.to, n},
        {path[6], &c.price, n},    {path[7], &x->ramp_free, x->v.n_t * x->v.n_resource},
    };
    if (!code)
        code = load(x, w, sizeof w / sizeof *w, err);
    if (code)
        return code;
    size_t n_place = x->v.n_t * x->n_owner;
    x->piece = ARENA_ARRAY(&x->arena, struct explain_piece, n);
    x->first_piece = ARENA_ARRAY(&x->arena, size_t, n_place + 1);
    if (!x->piece || !x->first_piece)
        return err_set(err, ERR_NOMEM, "cannot hold %zu pieces of bids", n);
    if (!take_pieces(x, &c))
        return err_set(err, ERR_INPUT, "%s: a piece of a bid leads nowhere", x->v.file);
    if (n)
        qsort(x->piece, n, sizeof *x->piece, by_place);
    for (size_t k = 0; k < n; k++)
        x->first_piece[(size_t)x->piece[k].interval * x->n_owner +
                       (size_t)x->piece[k].owner + 1]++;
    for (size_t i = 0; i < n_place; i++)
        x->first_piece[i + 1] += x->first_piece[i];
    return ERR_OK;
}

/* ---- nodes ---- */

enum {
    KIND_PNODE = 0,
    KIND_TIE = 5
};

static enum err_code place_nodes(struct explain_run *x, struct err *err)
{
    const struct run_view *v = &x->v;
    size_t n_row, n_bus_of_tie = 0;
    const int32_t *node, *bus, *tie_bus;
    const double *factor;
    enum err_code code =
        run_view_table(&x->v, "/input/factor/node", &node, &n_row, err);
    const struct wanted w[] = {{"/input/factor/bus", &bus, n_row},
                               {"/input/factor/factor", &factor, n_row},
                               {"/input/tie/bus", &tie_bus, x->n_tie}};
    if (!code)
        code = load(x, w, sizeof w / sizeof *w, err);
    if (code)
        return code;
    while (x->n_bus < v->n_node && x->node_kind[x->n_bus] == KIND_PNODE)
        x->n_bus++;
    size_t n = v->n_node + n_row;
    x->bus_start = ARENA_ARRAY(&x->arena, int32_t, v->n_node + 1);
    x->bus = ARENA_ARRAY(&x->arena, int32_t, n);
    x->bus_weight = ARENA_ARRAY(&x->arena, double, n);
    x->node_tie = ARENA_ARRAY(&x->arena, int32_t, v->n_node);
    if (!x->bus_start || !x->bus || !x->bus_weight || !x->node_tie)
        return err_set(err, ERR_NOMEM, "cannot hold the places of nodes");
    int32_t at = 0;
    for (size_t i = 0; i < v->n_node; i++) {
        x->bus_start[i] = at;
        x->node_tie[i] = -1;
        if (x->node_kind[i] == KIND_TIE && n_bus_of_tie < x->n_tie)
            x->node_tie[i] = (int32_t)n_bus_of_tie++;
        if (x->node_kind[i] == KIND_PNODE || x->node_tie[i] >= 0) {
            x->bus[at] = x->node_tie[i] >= 0 ? tie_bus[x->node_tie[i]] : (int32_t)i;
            x->bus_weight[at++] = 1;
        }
        for (size_t k = 0;
             k < n_row && x->node_kind[i] != KIND_TIE && x->node_kind[i] != KIND_PNODE;
             k++)
            if (node[k] == (int32_t)i) {
                x->bus[at] = bus[k];
                x->bus_weight[at++] = factor[k];
            }
    }
    x->bus_start[v->n_node] = at;
    for (int32_t k = 0; k < at; k++)
        if (x->bus[k] < 0 || (size_t)x->bus[k] >= x->n_bus)
            return err_set(err, ERR_INPUT, "%s: a node has no bus", v->file);
    return ERR_OK;
}

/* ---- the network ---- */

static enum err_code make_network(struct explain_run *x, struct err *err)
{
    size_t n = x->v.n_branch;
    const double *b, *weight;
    char path[96];
    size_t got;
    (void)snprintf(path, sizeof path, "%s/branch_susceptance", x->v.stage);
    enum err_code code = run_view_table(&x->v, path, &b, &got, err);
    (void)snprintf(path, sizeof path, "%s/reference_weight", x->v.stage);
    if (!code)
        code = run_view_table(&x->v, path, &weight, &got, err);
    double *zero = ARENA_ARRAY(&x->arena, double, n);
    double *lo = ARENA_ARRAY(&x->arena, double, n),
           *up = ARENA_ARRAY(&x->arena, double, n);
    if (!code && (!zero || !lo || !up))
        code = err_set(err, ERR_NOMEM, "cannot hold the network");
    for (size_t l = 0; l < n && !code; l++) {
        lo[l] = -HUGE_VAL;
        up[l] = HUGE_VAL;
        if ((size_t)x->v.branch_from[l] >= x->n_bus ||
            (size_t)x->v.branch_to[l] >= x->n_bus || isnan(b[l]))
            code = err_set(err, ERR_INPUT, "%s: a branch leads nowhere", x->v.file);
    }
    if (code)
        return code;
    x->data = (struct network_data){.n_bus = (int32_t)x->n_bus,
                                    .n_branch = (int32_t)n,
                                    .from = x->v.branch_from,
                                    .to = x->v.branch_to,
                                    .susceptance_mw_per_rad = b,
                                    .shift_rad = zero,
                                    .flow_min_mw = lo,
                                    .flow_max_mw = up,
                                    .reference_weight = weight};
    return network_create(&x->data, &x->net, err);
}

/* Terms come in the order of their limits. */
static enum err_code load_terms(struct explain_run *x, struct err *err)
{
    char path[3][96];
    const char *part[] = {"constraint", "branch", "weight"};
    const int32_t *limit;
    size_t n, got;
    for (int i = 0; i < 3; i++)
        (void)snprintf(path[i], sizeof path[i], "%s/flow_term/%s", x->v.stage, part[i]);
    enum err_code code = run_view_table(&x->v, path[0], &limit, &n, err);
    if (!code)
        code = run_view_table(&x->v, path[1], &x->term_branch, &got, err);
    if (!code)
        code = run_view_table(&x->v, path[2], &x->term_weight, &got, err);
    x->term_start = ARENA_ARRAY(&x->arena, int32_t, x->v.n_limit + 1);
    if (!code && !x->term_start)
        code = err_set(err, ERR_NOMEM, "cannot hold the terms of limits");
    for (size_t k = 0; k < n && !code; k++) {
        if (limit[k] < 0 || (size_t)limit[k] >= x->v.n_limit ||
            (k && limit[k] < limit[k - 1]) || x->term_branch[k] < 0 ||
            (size_t)x->term_branch[k] >= x->v.n_branch)
            return err_set(err, ERR_INPUT, "%s: a limit leads nowhere", x->v.file);
        x->term_start[limit[k] + 1]++;
    }
    for (size_t c = 0; c < x->v.n_limit && !code; c++)
        x->term_start[c + 1] += x->term_start[c];
    return code;
}

static enum err_code load_states(struct explain_run *x, struct err *err)
{
    const int32_t *interval = NULL;
    size_t n = 0;
    enum err_code code = ERR_OK;
    bool is_day_ahead = strcmp(x->v.stage, "/day_ahead") == 0;
    x->is_whole = ARENA_ARRAY(&x->arena, bool, x->v.n_t);
    if (!x->is_whole)
        return err_set(err, ERR_NOMEM, "cannot hold the hours");
    for (size_t t = 0; t < x->v.n_t; t++)
        x->is_whole[t] =
            is_day_ahead || !run_read_has(x->v.rd, "/input/branch_out/interval");
    if (is_day_ahead && run_read_has(x->v.rd, "/input/branch_out/interval"))
        code = run_view_table(&x->v, "/input/branch_out/interval", &interval, &n, err);
    for (size_t k = 0; k < n && !code; k++)
        if (interval[k] >= 0 && (size_t)interval[k] < x->v.n_t)
            x->is_whole[interval[k]] = false;
    return code;
}

/* MW that services hold, upward and downward. */
static enum err_code load_services(struct explain_run *x, struct err *err)
{
    const int32_t *resource;
    const uint8_t *product;
    const double *award;
    size_t n, got, n_r = x->v.n_resource;
    if (strcmp(x->v.stage, "/day_ahead") != 0 ||
        !run_read_has(x->v.rd, "/day_ahead/as_award"))
        return ERR_OK;
    enum err_code code =
        run_view_table(&x->v, "/day_ahead/as_bid_resource", &resource, &n, err);
    const struct wanted w[] = {{"/day_ahead/as_bid_product", &product, n},
                               {"/day_ahead/as_award", &award, n * x->v.n_t}};
    if (!code)
        code = load(x, w, sizeof w / sizeof *w, err);
    x->service_up_mw = ARENA_ARRAY(&x->arena, double, x->v.n_t *n_r);
    x->service_down_mw = ARENA_ARRAY(&x->arena, double, x->v.n_t *n_r);
    if (!code && (!x->service_up_mw || !x->service_down_mw))
        code = err_set(err, ERR_NOMEM, "cannot hold the services");
    for (size_t k = 0; k < n && !code; k++) {
        if (resource[k] < 0 || (size_t)resource[k] >= n_r)
            return err_set(err, ERR_INPUT, "%s: a service leads nowhere", x->v.file);
        for (got = 0; got < x->v.n_t; got++)
            (product[k] == 3 ? x->service_down_mw
                             : x->service_up_mw)[got * n_r + (size_t)resource[k]] +=
                award[got * n + k];
    }
    return code;
}

static enum err_code load_settings(struct explain_run *x, struct err *err)
{
    const struct {
        const char *name;
        double *to;
    } want[] = {
        {"balance_pricing", &x->shortage_usd_per_mwh},
        {"surplus_pricing", &x->surplus_usd_per_mwh},
        {"branch_pricing", &x->branch_usd_per_mwh},
        {"tie_pricing", &x->tie_usd_per_mwh},
        {"ramp_pricing", &x->ramp_usd_per_mwh},
        {"energy_limit_pricing", &x->store_usd_per_mwh},
    };
    const char *name = "";
    double value;
    enum err_code code = ERR_OK;
    for (size_t i = 0; name && !code; i++) {
        code = run_read_setting(x->v.rd, i, &x->arena, &name, &value, err);
        for (size_t k = 0; !code && name && k < sizeof want / sizeof *want; k++)
            if (strcmp(name, want[k].name) == 0)
                *want[k].to = value;
    }
    return code;
}

/* What the day ahead said of the hours of a later stage. */
static enum err_code load_hours(struct explain_run *x, struct err *err)
{
    const date_t *date;
    const int32_t *hour;
    size_t n;
    if (strcmp(x->v.stage, "/day_ahead") == 0 ||
        !run_read_has_stage(x->v.rd, "/day_ahead"))
        return ERR_OK;
    enum err_code code = run_view_table(&x->v, "/day_ahead/trade_date", &date, &n, err);
    const struct wanted w[] = {{"/day_ahead/hour_ending", &hour, n},
                               {"/day_ahead/lmp", &x->hour_lmp, n * x->v.n_node}};
    if (!code)
        code = load(x, w, sizeof w / sizeof *w, err);
    x->hour_of = ARENA_ARRAY(&x->arena, int32_t, x->v.n_t);
    if (!code && !x->hour_of)
        code = err_set(err, ERR_NOMEM, "cannot hold the hours");
    for (size_t t = 0, at = 0; t < x->v.n_t && !code; t++) {
        while (at < n &&
               (date[at] < x->v.trade_date[t] ||
                (date[at] == x->v.trade_date[t] && hour[at] < x->v.hour_ending[t])))
            at++;
        bool same =
            at < n && date[at] == x->v.trade_date[t] && hour[at] == x->v.hour_ending[t];
        x->hour_of[t] = same ? (int32_t)at : -1;
    }
    return code;
}

enum err_code explain_run_load(const struct run_read *rd, const char *file,
                               const char *stage, struct explain_run *out,
                               struct err *err)
{
    static enum err_code (*const step[])(struct explain_run *, struct err *) = {
        load_inputs, load_pieces,   place_nodes,   make_network, load_terms,
        load_states, load_services, load_settings, load_hours};
    *out = (struct explain_run){.n_bus = 0};
    enum err_code code = run_view_load(rd, file, stage, &out->v, err);
    if (!code && strcmp(out->v.stage, "/dispatch") == 0)
        code = err_set(err, ERR_INPUT,
                       "%s is of a network case; expected a file of 'gridclear run'",
                       file);
    out->n_owner = out->v.n_resource + out->v.n_virtual;
    out->is_window = !code && strcmp(out->v.stage, "/day_ahead") != 0;
    for (size_t i = 0; i < sizeof step / sizeof *step && !code; i++)
        code = step[i](out, err);
    return code;
}

void explain_run_release(struct explain_run *x)
{
    network_destroy(x->net);
    arena_release(&x->arena);
    run_view_release(&x->v);
    *x = (struct explain_run){.n_bus = 0};
}

/* ---- questions ---- */

const char *explain_owner_name(const struct explain_run *x, int32_t owner)
{
    size_t i = (size_t)owner;
    return i < x->v.n_resource ? x->v.resource[i] : x->v.position[i - x->v.n_resource];
}

int32_t explain_owner_node(const struct explain_run *x, int32_t owner)
{
    size_t i = (size_t)owner;
    return i < x->v.n_resource ? x->v.resource_node[i]
                               : x->v.position_node[i - x->v.n_resource];
}

double explain_award_mw(const struct explain_run *x, int32_t t, int32_t owner)
{
    size_t i = (size_t)owner, n_r = x->v.n_resource;
    if (i < n_r)
        return x->v.award[(size_t)t * n_r + i];
    return x->v.virtual_award ? x->v.virtual_award[(size_t)t * x->v.n_virtual + i - n_r]
                              : 0;
}

const struct explain_piece *explain_pieces(const struct explain_run *x, int32_t t,
                                           int32_t owner, size_t *n)
{
    size_t at = (size_t)t * x->n_owner + (size_t)owner;
    *n = x->has_pieces ? x->first_piece[at + 1] - x->first_piece[at] : 0;
    return x->has_pieces ? x->piece + x->first_piece[at] : NULL;
}

enum err_code explain_factors(const struct explain_run *x, int32_t limit,
                              double *factor, struct err *err)
{
    double *mu = MEM_ARRAY(double, x->v.n_branch);
    if (!mu)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = x->term_start[limit]; k < x->term_start[limit + 1]; k++)
        mu[x->term_branch[k]] += x->term_weight[k];
    enum err_code code = network_prices(x->net, 1, mu, factor, err);
    mem_free(mu);
    return code;
}

double explain_at_node(const struct explain_run *x, int32_t node, const double *of_bus)
{
    double sum = 0;
    for (int32_t k = x->bus_start[node]; k < x->bus_start[node + 1]; k++)
        sum += x->bus_weight[k] * of_bus[x->bus[k]];
    return sum;
}

int32_t explain_day_begin(const struct explain_run *x, int32_t t)
{
    while (t > 0 && x->v.trade_date[t - 1] == x->v.trade_date[t])
        t--;
    return t;
}

int32_t explain_day_end(const struct explain_run *x, int32_t t)
{
    do
        t++;
    while ((size_t)t < x->v.n_t && x->v.trade_date[t] == x->v.trade_date[t - 1]);
    return t;
}
