/* compare.c - what differs between two runs. */
#include "results/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/base/str_index.h"

/* Both runs, and which of b's things are a's. */
struct pair {
    const struct run_view *a, *b;
    double tolerance;
    struct comparison *out;
    int32_t *interval; /* [a->n_t] of b, -1 = none */
    double *traded;    /* [a->n_t][a->n_node] MW */
};

static bool differs(const struct pair *p, double x, double y)
{
    return fabs(x - y) > p->tolerance * fmax(1, fmax(fabs(x), fabs(y)));
}

/* ---- matching ---- */

/* Names of both, a's first: place in a and in b, -1 = none. */
struct match {
    struct str_index names;
    int32_t *at_a, *at_b; /* [names.n] */
};

static void match_release(struct match *m)
{
    str_index_release(&m->names);
    mem_free(m->at_a);
    mem_free(m->at_b);
    *m = (struct match){.at_a = NULL};
}

static enum err_code match_names(const char *const *a, size_t n_a, const char *const *b,
                                 size_t n_b, struct match *m, struct err *err)
{
    *m = (struct match){.at_a = MEM_ARRAY(int32_t, n_a + n_b),
                        .at_b = MEM_ARRAY(int32_t, n_a + n_b)};
    bool fits = m->at_a && m->at_b;
    for (size_t i = 0; fits && i < n_a + n_b; i++) {
        const char *name = i < n_a ? a[i] : b[i - n_a];
        int is_new;
        int32_t at = str_index_put(&m->names, name, strlen(name), &is_new);
        fits = at >= 0;
        if (!fits)
            break;
        if (is_new)
            m->at_a[at] = m->at_b[at] = -1;
        *(i < n_a ? &m->at_a[at] : &m->at_b[at]) = (int32_t)(i < n_a ? i : i - n_a);
    }
    return fits ? ERR_OK : err_set(err, ERR_NOMEM, "cannot match names of two runs");
}

/* Starts ascend in both. */
static void match_intervals(struct pair *p)
{
    size_t j = 0, n = 0;
    for (size_t i = 0; i < p->a->n_t; i++) {
        while (j < p->b->n_t && p->b->start_min[j] < p->a->start_min[i])
            j++;
        bool same = j < p->b->n_t && p->b->start_min[j] == p->a->start_min[i];
        p->interval[i] = same ? (int32_t)j : -1;
        n += same;
    }
    p->out->n_interval = n;
    p->out->n_only_a = p->a->n_t - n;
    p->out->n_only_b = p->b->n_t - n;
}

static void find_traded(struct pair *p)
{
    const struct run_view *a = p->a;
    for (size_t t = 0; t < a->n_t; t++) {
        double *at = p->traded + t * a->n_node;
        for (size_t r = 0; r < a->n_resource; r++)
            at[a->resource_node[r]] += fabs(a->award[t * a->n_resource + r]);
    }
}

/* ---- lists ---- */

static void put(struct pair *p, enum compare_section s, struct compare_change c)
{
    p->out->section[s].change[p->out->section[s].n++] = c;
}

static enum err_code open_list(struct pair *p, enum compare_section s, size_t n,
                               struct err *err)
{
    p->out->section[s].change = ARENA_ARRAY(&p->out->arena, struct compare_change, n);
    return p->out->section[s].change
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "cannot hold %zu differences", n);
}

static int by_money(const void *pa, const void *pb)
{
    const struct compare_change *a = pa, *b = pb;
    double x = fabs(a->money_usd), y = fabs(b->money_usd);
    if (x > y || x < y)
        return x > y ? -1 : 1;
    x = fabs(a->most), y = fabs(b->most);
    if (x > y || x < y)
        return x > y ? -1 : 1;
    int by_name = strcmp(a->name, b->name);
    return by_name ? by_name : a->code < b->code ? -1 : a->code > b->code;
}

/* One thing over the intervals that both runs have. */
struct series {
    double a, b, money, most;
    int32_t interval;
    bool differs;
};

static void look(const struct pair *p, struct series *s, size_t t, double x, double y)
{
    double h = run_view_hours(p->a, t);
    s->a += h * x;
    s->b += h * y;
    if (!differs(p, x, y))
        return;
    s->differs = true;
    if (!(fabs(y - x) <= fabs(s->most))) {
        s->most = y - x;
        s->interval = (int32_t)t;
    }
}

static void put_series(struct pair *p, enum compare_section section, const char *name,
                       const struct series *s, bool in_a, bool in_b)
{
    if (!s->differs && in_a == in_b)
        return;
    put(p, section,
        (struct compare_change){.name = name,
                                .a = in_a ? s->a : (double)NAN,
                                .b = in_b ? s->b : (double)NAN,
                                .money_usd = s->money,
                                .most = s->most,
                                .interval = s->interval});
}

static double at(const double *table, size_t t, size_t n, int32_t i)
{
    return table && i >= 0 ? table[t * n + (size_t)i] : 0;
}

/* ---- sections ---- */

static enum err_code compare_prices(struct pair *p, struct err *err)
{
    const struct run_view *a = p->a, *b = p->b;
    struct match m;
    enum err_code code = match_names(a->node, a->n_node, b->node, b->n_node, &m, err);
    if (!code)
        code = open_list(p, COMPARE_PRICES, m.names.n, err);
    for (uint32_t k = 0; !code && k < m.names.n; k++) {
        struct series s = {.interval = -1};
        int32_t i = m.at_a[k], j = m.at_b[k];
        double hours = 0;
        for (size_t t = 0; t < a->n_t; t++) {
            if (p->interval[t] < 0)
                continue;
            size_t u = (size_t)p->interval[t];
            double x = at(a->lmp, t, a->n_node, i), y = at(b->lmp, u, b->n_node, j);
            hours += run_view_hours(a, t);
            if (i >= 0 && j >= 0) {
                look(p, &s, t, x, y);
                s.money += run_view_hours(a, t) * (y - x) *
                           p->traded[t * a->n_node + (size_t)i];
            } else {
                s.a += run_view_hours(a, t) * x;
                s.b += run_view_hours(a, t) * y;
            }
        }
        s.a /= hours > 0 ? hours : 1;
        s.b /= hours > 0 ? hours : 1;
        put_series(p, COMPARE_PRICES, i >= 0 ? a->node[i] : b->node[j], &s, i >= 0,
                   j >= 0);
    }
    match_release(&m);
    return code;
}

/* Things of one kind in one run, and what a number of theirs is worth, USD per hour. */
struct list {
    const struct run_view *v;
    const char *const *name;
    size_t n;
    const double *table; /* [n_t][n] */
    const int32_t *node; /* [n] where they stand; NULL = nowhere */
    double (*usd)(const struct list *l, size_t t, size_t i, double x);
};

/* MW of awards at the price of their nodes. */
static double award_usd(const struct list *l, size_t t, size_t i, double mw)
{
    return mw * l->v->lmp[t * l->v->n_node + (size_t)l->node[i]];
}

/* What a limit earns at its shadow price. */
static double limit_usd(const struct list *l, size_t t, size_t i, double shadow)
{
    (void)t;
    return isfinite(l->v->limit_mw[i]) ? shadow * l->v->limit_mw[i] : 0;
}

/* What a flow earns across its branch. */
static double flow_usd(const struct list *l, size_t t, size_t i, double mw)
{
    const double *lmp = l->v->lmp + t * l->v->n_node;
    return mw * (lmp[l->v->branch_to[i]] - lmp[l->v->branch_from[i]]);
}

/* The differences of a against b, of the same kind, into a list that is open. */
static enum err_code compare_lists(struct pair *p, enum compare_section section,
                                   const struct list *a, const struct list *b,
                                   struct err *err)
{
    struct match m;
    /* A limit that is not named did not bind: that is 0, not unknown. */
    bool always = section == COMPARE_LIMITS;
    enum err_code code = match_names(a->name, a->n, b->name, b->n, &m, err);
    for (uint32_t k = 0; !code && k < m.names.n; k++) {
        struct series s = {.interval = -1};
        int32_t i = m.at_a[k], j = m.at_b[k];
        for (size_t t = 0; t < p->a->n_t; t++) {
            if (p->interval[t] < 0)
                continue;
            size_t u = (size_t)p->interval[t];
            double x = at(a->table, t, a->n, i), y = at(b->table, u, b->n, j);
            double was = i >= 0 ? a->usd(a, t, (size_t)i, x) : 0;
            double is = j >= 0 ? b->usd(b, u, (size_t)j, y) : 0;
            look(p, &s, t, x, y);
            s.money += run_view_hours(p->a, t) * (is - was);
        }
        put_series(p, section, i >= 0 ? a->name[i] : b->name[j], &s, always || i >= 0,
                   always || j >= 0);
    }
    match_release(&m);
    return code;
}

static struct list resources_of(const struct run_view *v)
{
    return (struct list){v,        v->resource,      v->n_resource,
                         v->award, v->resource_node, award_usd};
}

static struct list positions_of(const struct run_view *v)
{
    return (struct list){v,
                         v->position,
                         v->position_node ? v->n_virtual : 0,
                         v->virtual_award,
                         v->position_node,
                         award_usd};
}

static enum err_code compare_dispatch(struct pair *p, struct err *err)
{
    const struct list units[2] = {resources_of(p->a), resources_of(p->b)};
    const struct list positions[2] = {positions_of(p->a), positions_of(p->b)};
    enum err_code code =
        open_list(p, COMPARE_DISPATCH,
                  units[0].n + units[1].n + positions[0].n + positions[1].n, err);
    if (!code)
        code = compare_lists(p, COMPARE_DISPATCH, &units[0], &units[1], err);
    if (!code)
        code = compare_lists(p, COMPARE_DISPATCH, &positions[0], &positions[1], err);
    return code;
}

static enum err_code compare_limits(struct pair *p, struct err *err)
{
    const struct run_view *a = p->a, *b = p->b;
    const struct list of_a = {a, a->limit, a->n_limit, a->shadow, NULL, limit_usd};
    const struct list of_b = {b, b->limit, b->n_limit, b->shadow, NULL, limit_usd};
    enum err_code code = open_list(p, COMPARE_LIMITS, of_a.n + of_b.n, err);
    return code ? code : compare_lists(p, COMPARE_LIMITS, &of_a, &of_b, err);
}

static enum err_code compare_flows(struct pair *p, struct err *err)
{
    const struct run_view *a = p->a, *b = p->b;
    const struct list of_a = {a, a->branch, a->n_branch, a->flow, NULL, flow_usd};
    const struct list of_b = {b, b->branch, b->n_branch, b->flow, NULL, flow_usd};
    enum err_code code = open_list(p, COMPARE_FLOWS, of_a.n + of_b.n, err);
    return code ? code : compare_lists(p, COMPARE_FLOWS, &of_a, &of_b, err);
}

/* ---- money ---- */

struct charge {
    const char *sc;
    int32_t code;
    int64_t cents;
};

static int by_charge(const void *pa, const void *pb)
{
    const struct charge *a = pa, *b = pb;
    int by_sc = strcmp(a->sc, b->sc);
    return by_sc ? by_sc : a->code < b->code ? -1 : a->code > b->code;
}

/* Lines of one SC and code added up, sorted. */
static struct charge *list_charges(const struct run_view *v, size_t *n)
{
    struct charge *list = MEM_ARRAY(struct charge, v->n_line);
    size_t kept = 0;
    for (size_t i = 0; list && i < v->n_line; i++)
        list[i] = (struct charge){v->line_sc[i], v->line_code[i], v->line_cents[i]};
    if (list && v->n_line)
        qsort(list, v->n_line, sizeof *list, by_charge);
    for (size_t i = 0; list && i < v->n_line; i++) {
        if (kept && by_charge(&list[kept - 1], &list[i]) == 0)
            list[kept - 1].cents += list[i].cents;
        else
            list[kept++] = list[i];
    }
    *n = kept;
    return list;
}

static const char *name_of_code(const struct run_view *v, int32_t code)
{
    for (size_t i = 0; i < v->n_code; i++)
        if (v->code[i] == code)
            return v->code_name[i];
    return "";
}

static void put_charge(struct pair *p, const struct charge *x, const struct charge *y)
{
    const struct charge *any = x ? x : y;
    double a = x ? (double)x->cents / 100 : 0, b = y ? (double)y->cents / 100 : 0;
    if (differs(p, a, b))
        put(p, COMPARE_CHARGES,
            (struct compare_change){.name = any->sc,
                                    .detail = name_of_code(x ? p->a : p->b, any->code),
                                    .code = any->code,
                                    .a = a,
                                    .b = b,
                                    .money_usd = b - a,
                                    .most = (double)NAN,
                                    .interval = -1});
}

static enum err_code compare_charges(struct pair *p, struct err *err)
{
    size_t n_a, n_b, i = 0, j = 0;
    struct charge *a = list_charges(p->a, &n_a), *b = list_charges(p->b, &n_b);
    enum err_code code = a && b ? open_list(p, COMPARE_CHARGES, n_a + n_b, err)
                                : err_set(err, ERR_NOMEM, "cannot hold the charges");
    while (!code && (i < n_a || j < n_b)) {
        int order = i == n_a ? 1 : j == n_b ? -1 : by_charge(&a[i], &b[j]);
        put_charge(p, order <= 0 ? &a[i] : NULL, order >= 0 ? &b[j] : NULL);
        i += order <= 0;
        j += order >= 0;
    }
    mem_free(a);
    mem_free(b);
    return code;
}

/* ---- totals ---- */

struct totals {
    double cost_usd, load_mwh, load_usd, rent_usd;
};

static struct totals find_totals(const struct run_view *v)
{
    struct totals x = {.cost_usd = v->cost_usd};
    for (size_t t = 0; t < v->n_t; t++) {
        double h = run_view_hours(v, t);
        x.rent_usd += v->rent_usd[t];
        for (size_t r = 0; r < v->n_resource; r++) {
            double mw = v->award[t * v->n_resource + r];
            if (!v->resource_type || v->resource_type[r] != VIEW_LOAD)
                continue;
            x.load_mwh -= h * mw;
            x.load_usd -= h * mw * v->lmp[t * v->n_node + (size_t)v->resource_node[r]];
        }
    }
    return x;
}

static enum err_code compare_totals(struct pair *p, struct err *err)
{
    const struct totals a = find_totals(p->a), b = find_totals(p->b);
    enum err_code code = open_list(p, COMPARE_TOTALS, 4, err);
    if (code)
        return code;
    const struct {
        const char *name;
        double a, b;
    } total[] = {
        {"cost as bid, USD", a.cost_usd, b.cost_usd},
        {"load served, MWh", a.load_mwh, b.load_mwh},
        {"price paid by load, USD/MWh", a.load_usd / fmax(a.load_mwh, 1e-9),
         b.load_usd / fmax(b.load_mwh, 1e-9)},
        {"congestion rent, USD", a.rent_usd, b.rent_usd},
    };
    for (size_t i = 0; i < sizeof total / sizeof *total; i++)
        if (differs(p, total[i].a, total[i].b))
            put(p, COMPARE_TOTALS,
                (struct compare_change){.name = total[i].name,
                                        .a = total[i].a,
                                        .b = total[i].b,
                                        .money_usd = (double)NAN,
                                        .most = (double)NAN,
                                        .interval = -1});
    return ERR_OK;
}

enum err_code compare_runs(const struct run_view *a, const struct run_view *b,
                           double tolerance, struct comparison *out, struct err *err)
{
    static enum err_code (*const step[])(struct pair *, struct err *) = {
        compare_totals,   compare_charges, compare_prices,
        compare_dispatch, compare_limits,  compare_flows};
    struct pair p = {.a = a, .b = b, .tolerance = tolerance, .out = out};
    *out = (struct comparison){.n_interval = 0};
    p.interval = MEM_ARRAY(int32_t, a->n_t);
    p.traded = MEM_ARRAY(double, a->n_t * a->n_node);
    enum err_code code = ERR_OK;
    if (!p.interval || !p.traded) {
        code = err_set(err, ERR_NOMEM, "cannot compare the runs");
    } else {
        match_intervals(&p);
        find_traded(&p);
    }
    for (size_t i = 0; i < sizeof step / sizeof *step && !code; i++)
        code = step[i](&p, err);
    for (int s = COMPARE_CHARGES; s < COMPARE_SECTIONS && !code; s++)
        if (out->section[s].n)
            qsort(out->section[s].change, out->section[s].n,
                  sizeof *out->section[s].change, by_money);
    mem_free(p.interval);
    mem_free(p.traded);
    return code;
}

void comparison_release(struct comparison *c)
{
    arena_release(&c->arena);
    *c = (struct comparison){0};
}

bool comparison_is_empty(const struct comparison *c)
{
    size_t n = c->n_only_a + c->n_only_b;
    for (int s = 0; s < COMPARE_SECTIONS; s++)
        n += c->section[s].n;
    return n == 0;
}

static const char *const names[COMPARE_SECTIONS][2] = {
    {"totals", ""},      {"charges", "USD"},         {"prices", "USD/MWh, mean"},
    {"dispatch", "MWh"}, {"limits", "USD/MWh, sum"}, {"flows", "MWh"},
};

const char *compare_section_name(enum compare_section section)
{
    return names[section][0];
}

const char *compare_section_unit(enum compare_section section)
{
    return names[section][1];
}
