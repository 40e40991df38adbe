/* commit_parts.c - names in order, constant series, convex curves. */
#include "sim/input/commit_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/natural.h"
#include "sim/base/units.h"
#include "sim/input/nearest.h"

enum {
    ID_MOST = 64
};

void *commit_array(struct commit_reading *r, size_t count, size_t size)
{
    void *p = arena_alloc(&r->out->arena, count, size);
    if (!p)
        r->out_of_memory = true;
    return p;
}

static int by_id(const void *pa, const void *pb)
{
    const struct commit_member *a = pa, *b = pb;
    return natural_compare(a->id, b->id);
}

/* Names are printed, and are columns of tables. */
static bool good_id(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] < ' ' || text[i] > '~' || strchr(",\"'", text[i]))
            return false;
    return n >= 1 && n <= ID_MOST;
}

struct commit_member *commit_members(struct commit_reading *r,
                                     const struct json_value *object, int32_t *n)
{
    struct commit_member *member = COMMIT_ARRAY(r, struct commit_member, object->n);
    char shown[QUOTED_SIZE];
    *n = 0;
    if (!member)
        return NULL;
    for
        JSON_EACH(v, object)
        {
            if (v->kind != JSON_OBJECT)
                JSON_FAULT(&r->json, v, "'%s' is %s; expected an object",
                           quoted(v->key, v->key_len, shown), json_kind_name(v->kind));
            if (!good_id(v->key, v->key_len))
                err_list_add(r->json.faults, source_at(r->json.src, v->key_at),
                             "'%s' cannot be a name; expected 1 to %d printable ASCII "
                             "characters without comma and quotes",
                             quoted(v->key, v->key_len, shown), ID_MOST);
            char *id = arena_copy_text(&r->out->arena, v->key, v->key_len);
            if (!id) {
                r->out_of_memory = true;
                return NULL;
            }
            if (v->kind == JSON_OBJECT)
                member[(*n)++] = (struct commit_member){id, v};
        }
    if (*n > 0)
        qsort(member, (size_t)*n, sizeof *member, by_id);
    return member;
}

const char **commit_ids(struct commit_reading *r, const struct commit_member *member,
                        int32_t n)
{
    const char **id = COMMIT_ARRAY(r, const char *, n);
    for (int32_t i = 0; id && i < n; i++)
        id[i] = member[i].id;
    return id;
}

double *commit_constant(struct commit_reading *r, double value, int32_t n)
{
    double *x = COMMIT_ARRAY(r, double, n);
    for (int32_t t = 0; x && t < n; t++)
        x[t] = value;
    return x;
}

int32_t *commit_same(struct commit_reading *r, int32_t value, int32_t n)
{
    int32_t *x = COMMIT_ARRAY(r, int32_t, n);
    for (int32_t t = 0; x && t < n; t++)
        x[t] = value;
    return x;
}

uint8_t *commit_always(struct commit_reading *r, enum commit_status status, int32_t n)
{
    uint8_t *x = COMMIT_ARRAY(r, uint8_t, n);
    if (x)
        memset(x, (int)status, (size_t)n);
    return x;
}

int32_t commit_count_parts(struct commit_reading *r, int32_t n_bus, int32_t n_branch,
                           const int32_t *from, const int32_t *to)
{
    int32_t *parent = commit_same(r, 0, n_bus), n_part = n_bus;
    for (int32_t b = 0; parent && b < n_bus; b++)
        parent[b] = b;
    for (int32_t l = 0; parent && n_bus > 0 && l < n_branch; l++) {
        int32_t end[2] = {from[l], to[l]};
        for (int k = 0; k < 2; k++)
            while (parent[end[k]] != end[k])
                end[k] = parent[end[k]] = parent[parent[end[k]]];
        n_part -= end[0] != end[1];
        parent[end[0]] = end[1];
    }
    return n_part;
}

bool commit_index_names(struct commit_reading *r, struct str_index *names,
                        const char *const *id, int32_t n)
{
    for (int32_t i = 0; id && i < n; i++)
        if (str_index_put(names, id[i], strlen(id[i]), NULL) < 0)
            r->out_of_memory = true;
    return id && !r->out_of_memory;
}

/* ---- curves ---- */

static double slope(const struct commit_point *a, const struct commit_point *b)
{
    return (b->cost_usd_per_h - a->cost_usd_per_h) / (b->mw - a->mw);
}

bool commit_points_ascend(struct commit_reading *r, const struct json_value *at,
                          const struct commit_point *point, int32_t n)
{
    for (int32_t i = 1; i < n; i++) {
        if (point[i].mw > point[i - 1].mw)
            continue;
        JSON_FAULT(&r->json, at,
                   "points of a cost curve at %.12g and then %.12g MW; expected "
                   "ascending MW",
                   point[i - 1].mw, point[i].mw);
        return false;
    }
    return true;
}

/*
 * Ascending from min to max, ends moved onto them within rounding; false after a fault, also
 * one of min or max, which are NAN then.
 */
static bool span_limits(struct commit_reading *r, const struct json_value *at,
                        struct commit_point *point, int32_t n, double min_mw,
                        double max_mw)
{
    if (n == 0) {
        JSON_FAULT(&r->json, at, "a cost curve without points; expected at least one");
        return false;
    }
    double last_mw = point[n - 1].mw;
    if (isnan(min_mw) || isnan(max_mw))
        return false;
    if (!num_close(point[0].mw, min_mw, 1e-6, 1e-6) ||
        !num_close(last_mw, max_mw, 1e-6, 1e-6)) {
        JSON_FAULT(
            &r->json, at,
            "a cost curve from %.12g to %.12g MW; expected from the least power, "
            "%.12g MW, to the most, %.12g MW",
            point[0].mw, last_mw, min_mw, max_mw);
        return false;
    }
    point[0].mw = min_mw;
    if (n > 1)
        point[n - 1].mw = max_mw;
    return commit_points_ascend(r, at, point, n);
}

void commit_hull(struct commit_reading *r, const struct json_value *at,
                 struct commit_point *point, int32_t n, double min_mw, double max_mw,
                 struct commit_curve *curve, double *min_cost_usd_per_h)
{
    *curve = (struct commit_curve){0};
    *min_cost_usd_per_h = 0;
    if (!span_limits(r, at, point, n, min_mw, max_mw))
        return;
    int32_t kept = 1;
    for (int32_t i = 1; i < n; i++) {
        while (kept > 1 && slope(&point[kept - 2], &point[kept - 1]) >=
                               slope(&point[kept - 1], &point[i]))
            kept--;
        point[kept++] = point[i];
    }
    double *width = COMMIT_ARRAY(r, double, kept),
           *cost = COMMIT_ARRAY(r, double, kept);
    if (!width || !cost)
        return;
    double covered = 0;
    for (int32_t i = 1; i < kept; i++) {
        width[i - 1] = point[i].mw - point[i - 1].mw;
        cost[i - 1] = slope(&point[i - 1], &point[i]);
        covered += i < kept - 1 ? width[i - 1] : 0;
    }
    if (kept > 1) {
        double *last = &width[kept - 2]; /* rounding must not leave the top uncovered */
        while (covered + *last < max_mw - min_mw)
            *last = nextafter(*last, INFINITY);
    }
    *curve = (struct commit_curve){kept - 1, width, cost};
    *min_cost_usd_per_h = point[0].cost_usd_per_h;
}
