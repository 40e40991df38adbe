/*
 * egret_period.c - limits of power and costs of Egret that differ by period.
 *
 * The unit's range is that of all periods together, above whose least every curve begins:
 * what lies outside the limits of a period has the slope of the nearest part, or none
 * where the limits leave one point.
 */
#include <math.h>
#include <string.h>

#include "sim/input/egret.h"

static const struct json_range any_mw = {0, COMMIT_MOST_MW};
static const struct json_range any_usd = {-COMMIT_MOST_USD, COMMIT_MOST_USD};

bool egret_has_periods(const struct json_value *v, const char *key)
{
    static const char series[] = "time_series";
    const struct json_value *of = want_find(v, key);
    const struct json_value *type =
        of && of->kind == JSON_OBJECT ? want_find(of, "data_type") : NULL;
    return type && type->kind == JSON_TEXT && type->n == strlen(series) &&
           memcmp(type->as.text, series, type->n) == 0;
}

int32_t egret_most_curves(const struct egret *e, const struct json_value *v)
{
    const bool any = egret_has_periods(v, "p_min") || egret_has_periods(v, "p_max") ||
                     egret_has_periods(v, "p_cost");
    return any ? e->n_interval : 0;
}

/* ---- limits ---- */

void egret_period_limits(const struct egret *e, const struct json_value *v,
                         struct commit_unit *u)
{
    const struct json_reader *rd = &e->r->json;
    const struct json_value *at[2] = {want_find(v, "p_min"), want_find(v, "p_max")};
    if (!at[0] || !at[1]) {
        JSON_FAULT(rd, v, "no 'p_min' or 'p_max'; expected both");
        return;
    }
    if (fabs(e->interval_h - 1) > 1e-9)
        JSON_FAULT(rd, at[0],
                   "limits by period in periods of %.12g minutes are not supported; "
                   "expected 60",
                   60 * e->interval_h);
    if (want_find(v, "p_fuel"))
        JSON_FAULT(rd, at[0],
                   "limits by period beside 'p_fuel' are not supported; expected "
                   "numbers");
    const size_t n_fault = rd->faults->total;
    double *least = egret_series(e, at[0], "p_min", any_mw);
    double *most = egret_series(e, at[1], "p_max", any_mw);
    if (!least || !most || rd->faults->total > n_fault)
        return;
    u->min_mw = least[0];
    u->max_mw = most[0];
    for (int32_t t = 0; t < e->n_interval; t++) {
        if (least[t] > most[t])
            JSON_FAULT(rd, v,
                       "at least %.12g and at most %.12g MW in period %d; expected the "
                       "least first",
                       least[t], most[t], t + 1);
        u->min_mw = fmin(u->min_mw, least[t]);
        u->max_mw = fmax(u->max_mw, most[t]);
    }
    u->least_mw = least;
    u->most_mw = most;
}

void egret_period_before(const struct egret *e, const struct json_value *v, double mw,
                         struct commit_unit *u)
{
    const double least = fmax(u->least_mw[0] - u->ramp_up_mw, 0);
    const double most = u->most_mw[0] + u->ramp_down_mw;
    if (isnan(u->min_mw)) /* a fault has been told */
        return;
    if (mw < least - 1e-6 || mw > most + 1e-6)
        JSON_FAULT(&e->r->json, v,
                   "'initial_p_output' is %.12g; expected within a ramp of the limits "
                   "of the first period, from %.12g to %.12g",
                   mw, least, most);
    u->mw_before = fmin(fmax(mw, least), most);
    u->min_mw = fmin(u->min_mw, u->mw_before);
    u->max_mw = fmax(u->max_mw, u->mw_before);
}

/* ---- costs ---- */

/* Of ascending points at mw: below them the first part goes on. */
static double cost_at(const struct commit_point *p, int32_t n, double mw)
{
    int32_t i = 0;
    if (n == 1)
        return p->cost_usd_per_h;
    while (i + 2 < n && p[i + 1].mw < mw)
        i++;
    const double slope =
        (p[i + 1].cost_usd_per_h - p[i].cost_usd_per_h) / (p[i + 1].mw - p[i].mw);
    return p[i].cost_usd_per_h + slope * (mw - p[i].mw);
}

/* What points are between the limits, these included; 0 after a fault. */
static int32_t cut(const struct egret *e, const struct json_value *at,
                   const struct commit_point *p, int32_t n, double least, double most,
                   struct commit_point *out)
{
    int32_t kept = 0;
    if (!commit_points_ascend(e->r, at, p, n))
        return 0;
    if (n == 0 || p[n - 1].mw < most - 1e-6 * fmax(1, most) ||
        (n == 1 && least < most)) {
        JSON_FAULT(&e->r->json, at,
                   "a cost curve that ends at %.12g MW; expected points up to the most "
                   "power, %.12g MW",
                   n > 0 ? p[n - 1].mw : 0, most);
        return 0;
    }
    out[kept++] = (struct commit_point){least, cost_at(p, n, least)};
    for (int32_t i = 0; i < n; i++)
        if (p[i].mw > least && p[i].mw < most)
            out[kept++] = p[i];
    if (most > least)
        out[kept++] = (struct commit_point){most, cost_at(p, n, most)};
    return kept;
}

/* The curve from the least of the unit's range to the most. */
static void widen(const struct egret *e, double below, double above,
                  struct commit_curve *c, double *min_cost_usd_per_h)
{
    const int32_t n = c->n_segment > 0 ? c->n_segment : 1;
    double *width = COMMIT_ARRAY(e->r, double, n),
           *cost = COMMIT_ARRAY(e->r, double, n);
    if (!width || !cost || !(below > 0 || above > 0))
        return;
    for (int32_t k = 0; k < c->n_segment; k++) {
        width[k] = c->width_mw[k];
        cost[k] = c->cost_usd_per_mwh[k];
    }
    width[0] += below;
    width[n - 1] = nextafter(width[n - 1] + above, INFINITY);
    *min_cost_usd_per_h -= cost[0] * below;
    *c = (struct commit_curve){n, width, cost};
}

/* "p_cost" of every period, [n_interval]; NULL after a fault. */
static const struct json_value **costs(const struct egret *e,
                                       const struct json_value *v)
{
    const struct json_reader *rd = &e->r->json;
    const struct json_value *one = want_maybe(rd, v, "p_cost", JSON_OBJECT);
    const struct json_value **of =
        COMMIT_ARRAY(e->r, const struct json_value *, e->n_interval);
    int32_t n = 0;
    for (int32_t t = 0; of && t < e->n_interval; t++)
        of[t] = one;
    if (!of || !egret_has_periods(v, "p_cost"))
        return of;
    const struct json_value *list = want_member(rd, one, "values", JSON_ARRAY);
    if (!list)
        return NULL;
    if (list->n != (uint32_t)e->n_interval) {
        JSON_FAULT(rd, list, "%u cost curves; expected %d", list->n, e->n_interval);
        return NULL;
    }
    for
        JSON_EACH(item, list)
        {
            if (item->kind != JSON_OBJECT) {
                JSON_FAULT(rd, item, "%s; expected a cost curve",
                           json_kind_name(item->kind));
                return NULL;
            }
            of[n++] = item;
        }
    return of;
}

/* The curve of period t, and what the least of the range costs with it. */
static void read_curve(const struct egret *e, const struct json_value *at,
                       const struct json_value *cost, const struct commit_unit *u,
                       int32_t t, struct commit_curve *curve, double *usd_per_h)
{
    const double least = commit_least_mw(u, t), most = commit_most_mw(u, t);
    struct commit_point *point;
    const int32_t n = egret_cost_points(e, cost, least, most, &point);
    struct commit_point *inside = COMMIT_ARRAY(e->r, struct commit_point, n + 2);
    if (!point || !inside)
        return;
    const int32_t kept = cut(e, at, point, n, least, most, inside);
    if (kept == 0)
        return;
    commit_hull(e->r, at, inside, kept, least, most, curve, usd_per_h);
    widen(e, least - u->min_mw, u->max_mw - most, curve, usd_per_h);
}

void egret_period_costs(struct egret *e, const struct json_value *v,
                        struct commit_unit *u)
{
    const struct json_value **cost = costs(e, v);
    const double extra_usd =
        want_number_or(&e->r->json, v, "non_fuel_no_load_cost", any_usd, 0);
    int32_t *which = commit_same(e->r, 0, e->n_interval);
    double *usd_per_h = commit_constant(e->r, 0, e->n_interval);
    u->curve = which;
    u->min_cost_usd_per_h = usd_per_h;
    if (!cost || !which || !usd_per_h || isnan(u->min_mw))
        return;
    for (int32_t t = 0; t < e->n_interval; t++) {
        int32_t like = 0; /* the first period with this curve between these limits */
        while (cost[like] != cost[t] ||
               commit_least_mw(u, like) < commit_least_mw(u, t) ||
               commit_least_mw(u, like) > commit_least_mw(u, t) ||
               commit_most_mw(u, like) < commit_most_mw(u, t) ||
               commit_most_mw(u, like) > commit_most_mw(u, t))
            like++;
        if (like < t) {
            which[t] = which[like];
            usd_per_h[t] = usd_per_h[like];
            continue;
        }
        which[t] = e->n_curve++;
        read_curve(e, cost[t] ? cost[t] : v, cost[t], u, t, &e->curve[which[t]],
                   &usd_per_h[t]);
        usd_per_h[t] += extra_usd;
    }
}
