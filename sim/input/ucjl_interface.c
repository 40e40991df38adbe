/* ucjl_interface.c - limits on what several lines carry together. */
#include <math.h>

#include "sim/input/nearest.h"
#include "sim/input/ucjl.h"

static const struct json_range signed_mw = {-COMMIT_MOST_MW, COMMIT_MOST_MW};
static const struct json_range any_weight = {-1e6, 1e6};
static const struct json_range penalties = {-1, COMMIT_MOST_USD};

/* The position of a line by name; a fault at `at` where there is none. */
static int32_t find_line(const struct ucjl *u, const struct json_value *at,
                         const char *name, uint32_t len)
{
    char shown[QUOTED_SIZE];
    int32_t l = str_index_find(&u->line, name, len);
    if (l < 0)
        JSON_FAULT(&u->r->json, at, "unknown line '%s'; expected one of the file",
                   quoted(name, len, shown));
    return l;
}

static void add(struct commit_limit *c, int32_t *branch, double *weight, int32_t line,
                double by)
{
    if (line < 0)
        return;
    branch[c->n_branch] = line;
    weight[c->n_branch++] = by;
}

/* Lines with their weights: since 0.5. */
static void add_weighted(const struct ucjl *u, const struct json_value *object,
                         struct commit_limit *c, int32_t *branch, double *weight)
{
    for
        JSON_EACH(item, object)
    add(c, branch, weight, find_line(u, item, item->key, item->key_len),
        want_value(&u->r->json, item, "weight", any_weight));
}

/* Lines that all count once in one direction. */
static void add_listed(const struct ucjl *u, const struct json_value *list, double by,
                       struct commit_limit *c, int32_t *branch, double *weight)
{
    for
        JSON_EACH(item, list)
        {
            if (item->kind != JSON_TEXT)
                JSON_FAULT(&u->r->json, item, "%s; expected the name of a line",
                           json_kind_name(item->kind));
            else
                add(c, branch, weight, find_line(u, item, item->as.text, item->n), by);
        }
}

static void read_lines(const struct ucjl *u, const struct json_value *v,
                       struct commit_limit *c)
{
    const struct json_reader *rd = &u->r->json;
    const struct json_value *weighted = want_maybe(rd, v, "Lines", JSON_OBJECT);
    const struct json_value *out = want_maybe(rd, v, "Outbound lines", JSON_ARRAY);
    const struct json_value *in = want_maybe(rd, v, "Inbound lines", JSON_ARRAY);
    const size_t n =
        (weighted ? weighted->n : 0) + (out ? out->n : 0) + (in ? in->n : 0);
    int32_t *branch = COMMIT_ARRAY(u->r, int32_t, n);
    double *weight = COMMIT_ARRAY(u->r, double, n);
    if (!branch || !weight)
        return;
    if (n == 0)
        JSON_FAULT(rd, v,
                   "no lines; expected 'Lines', 'Outbound lines' or 'Inbound lines'");
    if (weighted)
        add_weighted(u, weighted, c, branch, weight);
    if (out)
        add_listed(u, out, 1, c, branch, weight);
    if (in)
        add_listed(u, in, -1, c, branch, weight);
    c->branch = branch;
    c->branch_weight = weight;
}

static void read_interface(const struct ucjl *u, const struct json_value *v,
                           struct commit_limit *c)
{
    static const char *const keys[] = {"Lines",
                                       "Outbound lines",
                                       "Inbound lines",
                                       "Net flow lower limit (MW)",
                                       "Net flow upper limit (MW)",
                                       "Flow limit penalty ($/MW)"};
    want_only(&u->r->json, v, keys, sizeof keys / sizeof *keys);
    read_lines(u, v, c);
    c->min_mw = ucjl_series(u, v, keys[3], signed_mw, -(double)INFINITY);
    c->max_mw = ucjl_series(u, v, keys[4], signed_mw, (double)INFINITY);
    const double penalty = ucjl_constant(u, v, keys[5], penalties, 5000);
    c->usd_per_mwh = penalty < 0 ? (double)INFINITY : penalty / u->interval_h;
    for (int32_t t = 0; c->min_mw && c->max_mw && t < u->n_interval; t++)
        if (c->min_mw[t] > c->max_mw[t]) {
            JSON_FAULT(&u->r->json, v,
                       "at least %.12g and at most %.12g MW in interval %d; expected "
                       "the least first",
                       c->min_mw[t], c->max_mw[t], t + 1);
            return;
        }
}

bool ucjl_read_interfaces(struct ucjl *u, const struct json_value *root)
{
    struct commit_case *c = u->r->out;
    const struct json_value *object =
        want_maybe(&u->r->json, root, "Interfaces", JSON_OBJECT);
    int32_t n = 0;
    struct commit_member *member = object ? commit_members(u->r, object, &n) : NULL;
    struct commit_limit *limit = COMMIT_ARRAY(u->r, struct commit_limit, n);
    if (!member || !limit)
        return false;
    c->limit_id = commit_ids(u->r, member, n);
    for (int32_t i = 0; i < n; i++)
        read_interface(u, member[i].value, &limit[i]);
    c->problem.limit = limit;
    c->problem.n_limit = n;
    return n > 0;
}
