/* synth_rate.c - limits from the flows of two dispatches. */
#include <math.h>

#include "sim/base/seeded.h"
#include "sim/synth/synth_parts.h"
#include "solver/network.h"

enum {
    FAIR,  /* all units at the same share of their range */
    MERIT, /* cheapest first */
    CASES
};

/* What a branch of the level is built for at least, MW. */
static const double line_class_mw[SYNTH_LEVELS] = {90, 300, 1200};
static const double transformer_class_mw[SYNTH_LEVELS] = {0, 150, 600};

#define FAIR_ROOM 1.1 /* a limit is at least this much of the fair flow */
#define TIGHT_RATIO \
 1.25                   /* of merit to fair flow, from where a limit may be tight ... */
#define TIGHT_CLASS 0.2 /* ... if the flow is at least this much of the class */

struct rating {
    struct synth *s;
    double *injection_mw; /* [CASES][n_bus] */
    double *flow_mw;      /* [CASES][n_branch] */
    int32_t *degree;      /* [n_bus] */
};

/* Output of a unit that is paid price. */
static double output_at(const struct synth_unit *u, double price)
{
    double p = u->pmin_mw;
    if (u->cost_model == 1) {
        for (int32_t k = 1; k < u->n_cost; k++) {
            const double *c = &u->cost[2 * k];
            if (c[1] - c[-1] <= price * (c[0] - c[-2]))
                p = c[0];
        }
    } else if (u->n_cost == 3 && u->cost[0] > 0) {
        p = (price - u->cost[1]) / (2 * u->cost[0]);
    } else {
        p = price >= u->cost[u->n_cost - 2] ? u->pmax_mw : u->pmin_mw;
    }
    return fmin(fmax(p, u->pmin_mw), u->pmax_mw);
}

/* The lowest price, by bisection, at which the units together give the load. */
static double clearing_price(const struct synth *s, double load_mw)
{
    double lo = -1, hi = 1000;
    for (int k = 0; k < 50; k++) {
        double mid = (lo + hi) / 2, sum = 0;
        for (int32_t i = 0; i < s->n_unit; i++)
            sum += output_at(&s->unit[i], mid);
        if (sum < load_mw)
            lo = mid;
        else
            hi = mid;
    }
    return hi;
}

/* What little the merit order gives too much is taken over the reference, the load. */
static void dispatch(struct rating *r, double *weight)
{
    struct synth *s = r->s;
    double load = 0, pmin = 0, pmax = 0;
    double *fair = r->injection_mw, *merit = r->injection_mw + s->n_bus;
    for (int32_t n = 0; n < s->n_bus; n++) {
        weight[n] = s->bus[n].load_mw;
        load += weight[n];
        fair[n] = merit[n] = -weight[n];
    }
    for (int32_t i = 0; i < s->n_unit; i++) {
        pmin += s->unit[i].pmin_mw;
        pmax += s->unit[i].pmax_mw;
    }
    double price = clearing_price(s, load), share = (load - pmin) / (pmax - pmin);
    for (int32_t i = 0; i < s->n_unit; i++) {
        const struct synth_unit *u = &s->unit[i];
        fair[u->bus] += u->pmin_mw + share * (u->pmax_mw - u->pmin_mw);
        merit[u->bus] += output_at(u, price);
    }
}

static enum err_code find_flows(struct rating *r, struct err *err)
{
    struct synth *s = r->s;
    struct arena a = {0};
    struct network *net = NULL;
    int32_t n = s->n_branch;
    int32_t *from = ARENA_ARRAY(&a, int32_t, n), *to = ARENA_ARRAY(&a, int32_t, n);
    double *b = ARENA_ARRAY(&a, double, n), *none = ARENA_ARRAY(&a, double, n);
    double *weight = ARENA_ARRAY(&a, double, s->n_bus);
    enum err_code code = ERR_OK;
    if (!from || !to || !b || !none || !weight) {
        code = err_set(err, ERR_NOMEM, "cannot hold a network of %d branches", n);
        goto done;
    }
    for (int32_t l = 0; l < n; l++) {
        from[l] = s->branch[l].from;
        to[l] = s->branch[l].to;
        b[l] = SYNTH_BASE_MVA / (s->branch[l].x_pu * s->branch[l].tap);
        r->degree[from[l]]++;
        r->degree[to[l]]++;
    }
    dispatch(r, weight);
    const struct network_data data = {.n_bus = s->n_bus,
                                      .n_branch = n,
                                      .from = from,
                                      .to = to,
                                      .susceptance_mw_per_rad = b,
                                      .shift_rad = none,
                                      .flow_min_mw = none, /* not used by flows */
                                      .flow_max_mw = none,
                                      .reference_weight = weight};
    code = network_create(&data, &net, err);
    if (!code)
        code = network_flows(net, CASES, r->injection_mw, NULL, r->flow_mw, err);
done:
    network_destroy(net);
    arena_release(&a);
    return code;
}

static bool is_circuit_of(const struct synth_branch *b,
                          const struct synth_branch *other)
{
    return b->from == other->from && b->to == other->to;
}

static double class_mw(const struct synth *s, const struct synth_branch *b)
{
    int32_t level = s->bus[b->from].level;
    return b->length_km > 0 ? line_class_mw[level] : transformer_class_mw[level];
}

/* Merit would load it much more than fairness, and it is no end and no double circuit. */
static bool can_be_tight(const struct rating *r, int32_t l)
{
    const struct synth *s = r->s;
    const struct synth_branch *b = &s->branch[l];
    double fair = fabs(r->flow_mw[l]), merit = fabs(r->flow_mw[s->n_branch + l]);
    if (merit < TIGHT_RATIO * fair || merit < TIGHT_CLASS * class_mw(s, b))
        return false;
    if (r->degree[b->from] < 2 || r->degree[b->to] < 2)
        return false;
    return (l == 0 || !is_circuit_of(b, b - 1)) &&
           (l + 1 == s->n_branch || !is_circuit_of(b, b + 1));
}

/* Up to whole MW, coarser when large. */
static double rounded_up(double mw)
{
    double step = mw < 100 ? 1 : mw < 1000 ? 5 : 50;
    return fmax(1, ceil(mw / step) * step);
}

static void rate_branch(struct rating *r, struct seeded *random, int32_t l, bool tight)
{
    struct synth_branch *b = &r->s->branch[l];
    double fair = fabs(r->flow_mw[l]), merit = fabs(r->flow_mw[r->s->n_branch + l]);
    double low = FAIR_ROOM * fair, u = seeded_real(random, 0, 1), mw;
    if (tight) {
        double part = 0.2 + 0.5 * u;
        mw = fmax(floor(low + part * (merit - low)), ceil(fair));
    } else {
        mw = fmax(class_mw(r->s, b) * (1 + 0.8 * u), (1.3 + u * u) * fmax(fair, merit));
        mw = rounded_up(mw);
    }
    b->rate_mw = fmax(mw, 1);
    b->rate_b_mw = rounded_up(1.15 * b->rate_mw);
    b->rate_c_mw = rounded_up(1.3 * b->rate_mw);
}

static void rate_all(struct rating *r, const struct synth_options *opt)
{
    struct synth *s = r->s;
    struct seeded random = seeded_begin(opt->seed, SYNTH_STREAM_RATE);
    int32_t n_can = 0,
            left = opt->n_tight < 0 ? synth_usual_tight(s->n_bus) : opt->n_tight;
    for (int32_t l = 0; l < s->n_branch; l++)
        n_can += can_be_tight(r, l);
    for (int32_t l = 0; l < s->n_branch; l++) {
        struct synth_branch *b = &s->branch[l];
        /* selection sampling: left of those n_can that are still to come */
        bool tight = can_be_tight(r, l) && seeded_below(&random, n_can--) < left;
        rate_branch(r, &random, l, tight);
        left -= tight;
        s->n_tight += tight;
        if (l > 0 && is_circuit_of(b, b - 1)) {
            b->rate_mw = b[-1].rate_mw;
            b->rate_b_mw = b[-1].rate_b_mw;
            b->rate_c_mw = b[-1].rate_c_mw;
        }
    }
}

enum err_code synth_rate(const struct synth_options *opt, struct synth *s,
                         struct err *err)
{
    struct arena a = {0};
    struct rating r = {.s = s};
    enum err_code code = ERR_OK;
    r.injection_mw = ARENA_ARRAY(&a, double, (int64_t)CASES * s->n_bus);
    r.flow_mw = ARENA_ARRAY(&a, double, (int64_t)CASES * s->n_branch);
    r.degree = ARENA_ARRAY(&a, int32_t, s->n_bus);
    if (!r.injection_mw || !r.flow_mw || !r.degree)
        code = err_set(err, ERR_NOMEM, "cannot hold the flows of %d buses", s->n_bus);
    if (!code)
        code = find_flows(&r, err);
    if (!code)
        rate_all(&r, opt);
    arena_release(&a);
    return code;
}
