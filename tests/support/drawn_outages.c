/* drawn_outages.c - random contingencies, and what they do, the obvious way. */
#include "tests/support/drawn_outages.h"

#include <math.h>
#include <string.h>

static bool lost(const int32_t *list, int32_t from, int32_t to, int32_t what)
{
    for (int32_t e = from; e < to; e++)
        if (list[e] == what)
            return true;
    return false;
}

static bool branch_is_lost(const struct dispatch_outages *o, int32_t k, int32_t l)
{
    return lost(o->branch, o->branch_start[k], o->branch_start[k + 1], l);
}

static bool injection_is_lost(const struct dispatch_outages *o, int32_t k, int32_t i)
{
    return lost(o->injection, o->injection_start[k], o->injection_start[k + 1], i);
}

/* n of 0 .. of-1, ascending, appended to list. */
static int32_t draw_some(struct draw *d, int32_t n, int32_t of, int32_t *list)
{
    int32_t at = 0;
    for (int32_t i = 0; i < of && at < n; i++)
        if (draw_chance(d, (double)(n - at) / (of - i)))
            list[at++] = i;
    return at;
}

void drawn_outages_make(struct draw *d, const struct drawn *x, unsigned features,
                        double slack, struct drawn_outages *out)
{
    int32_t n = 0, nb = 0, ni = 0;
    memset(out, 0, sizeof *out);
    for (int32_t l = 0; l < x->n_branch; l++) {
        out->branch_start[n] = nb;
        out->injection_start[n++] = ni;
        out->branch[nb++] = l;
    }
    for (int32_t k = 0; k < 12; k++) {
        bool several = (features & OUTAGES_SEVERAL) && draw_chance(d, 0.6);
        bool some = (features & OUTAGES_INJECTIONS) && draw_chance(d, 0.6);
        if (!several && !some)
            continue;
        out->branch_start[n] = nb;
        out->injection_start[n++] = ni;
        if (several)
            nb +=
                draw_some(d, draw_int(d, 1, DRAWN_LOST), x->n_branch, out->branch + nb);
        if (some)
            ni += draw_some(d, draw_int(d, 1, 2), x->n_injection, out->injection + ni);
    }
    out->branch_start[n] = nb;
    out->injection_start[n] = ni;
    for (int32_t i = 0; i < x->n_injection; i++)
        out->participation[i] = draw_chance(d, 0.8) ? draw_real(d, 1, 100) : 0;
    for (int32_t l = 0; l < x->n_branch; l++) {
        bool limited = draw_chance(d, 0.7);
        out->max[l] = isfinite(x->branch[l].max) ? slack * x->branch[l].max
                      : limited                  ? slack * draw_real(d, 20, 120)
                                                 : HUGE_VAL;
        out->min[l] = draw_chance(d, 0.9) ? -out->max[l] : -HUGE_VAL;
    }
    for (int32_t b = 0; b < x->n_bus; b++)
        out->load[b] = draw_real(d, 0, 50);
    out->o = (struct dispatch_outages){.n_outage = n,
                                       .branch_start = out->branch_start,
                                       .branch = out->branch,
                                       .injection_start = out->injection_start,
                                       .injection = out->injection,
                                       .participation = out->participation,
                                       .min_mw = out->min,
                                       .max_mw = out->max,
                                       .load_mw = out->load};
}

int32_t drawn_outage_cut_off(const struct stated *s, const struct dispatch_outages *o,
                             int32_t k)
{
    const struct network_data *d = &s->data;
    const int32_t *island = network_island(s->p.net);
    int32_t part[DRAWN_BUS], count[DRAWN_BUS] = {0}, largest[DRAWN_BUS] = {0};
    for (int32_t n = 0; n < d->n_bus; n++)
        part[n] = n;
    for (bool moved = true; moved;) {
        moved = false;
        for (int32_t l = 0; l < d->n_branch; l++) {
            int32_t *a = &part[d->from[l]], *b = &part[d->to[l]];
            if (branch_is_lost(o, k, l) || *a == *b)
                continue;
            *a = *b = *a < *b ? *a : *b;
            moved = true;
        }
    }
    int32_t n_off = d->n_bus;
    for (int32_t n = 0; n < d->n_bus; n++)
        count[part[n]]++;
    for (int32_t n = 0; n < d->n_bus; n++)
        if (count[n] > largest[island[n]])
            largest[island[n]] = count[n];
    for (int32_t a = 0; a < network_n_island(s->p.net); a++)
        n_off -= largest[a];
    return n_off;
}

/* Island of an injection that takes part in replacing, -1 = it does not. */
static int32_t taker_island(const struct stated *s, const struct dispatch_outages *o,
                            int32_t k, int32_t i)
{
    double weight = 0;
    int32_t first = s->bus_start[i], a;
    if (injection_is_lost(o, k, i) || o->participation[i] <= 0)
        return -1;
    a = network_island(s->p.net)[s->bus[first]];
    for (int32_t e = first; e < s->bus_start[i + 1]; e++) {
        if (network_island(s->p.net)[s->bus[e]] != a)
            return -1;
        weight += s->weight[e];
    }
    return weight > 1e-9 ? a : -1;
}

static double weight_of(const struct stated *s, int32_t i, int32_t island)
{
    double weight = 0;
    for (int32_t e = s->bus_start[i]; e < s->bus_start[i + 1]; e++)
        if (network_island(s->p.net)[s->bus[e]] == island)
            weight += s->weight[e];
    return weight;
}

static double takers_of(const struct stated *s, const struct dispatch_outages *o,
                        int32_t k, int32_t island)
{
    double sum = 0;
    for (int32_t i = 0; i < s->p.n_injection; i++)
        if (taker_island(s, o, k, i) == island)
            sum += o->participation[i];
    return sum;
}

bool drawn_outage_is_covered(const struct stated *s, const struct dispatch_outages *o,
                             int32_t k)
{
    for (int32_t e = o->injection_start[k]; e < o->injection_start[k + 1]; e++) {
        int32_t g = o->injection[e];
        for (int32_t b = s->bus_start[g]; b < s->bus_start[g + 1]; b++)
            if (takers_of(s, o, k, network_island(s->p.net)[s->bus[b]]) <= 0)
                return false;
    }
    return true;
}

void drawn_outage_power(const struct stated *s, const struct dispatch_outages *o,
                        int32_t k, const double *before, double *after)
{
    cr_assert(drawn_outage_is_covered(s, o, k));
    for (int32_t i = 0; i < s->p.n_injection; i++)
        after[i] = injection_is_lost(o, k, i) ? 0 : before[i];
    for (int32_t a = 0; a < network_n_island(s->p.net); a++) {
        double missing = 0, total = takers_of(s, o, k, a);
        for (int32_t i = 0; i < s->p.n_injection; i++)
            if (injection_is_lost(o, k, i))
                missing += weight_of(s, i, a) * before[i];
        for (int32_t i = 0; total > 0 && i < s->p.n_injection; i++)
            if (taker_island(s, o, k, i) == a)
                after[i] += missing * o->participation[i] / total / weight_of(s, i, a);
    }
}

/* Flows that bus MW cause in the network without what outage k takes out, -1 = none. */
static void flows_left(const struct stated *s, const struct dispatch_outages *o,
                       int32_t k, const double *bus, double *flow)
{
    int32_t from[DRAWN_BRANCH], to[DRAWN_BRANCH], number[DRAWN_BRANCH], n = 0;
    double b[DRAWN_BRANCH], shift[DRAWN_BRANCH], left[DRAWN_BRANCH];
    struct network_data d = s->data;
    struct network *net;
    struct err err = {0};
    for (int32_t l = 0; l < s->data.n_branch; l++) {
        flow[l] = (double)NAN;
        if (k >= 0 && branch_is_lost(o, k, l))
            continue;
        number[n] = l;
        from[n] = s->from[l];
        to[n] = s->to[l];
        b[n] = s->susceptance[l];
        shift[n++] = s->shift[l];
    }
    d.n_branch = n;
    d.from = from;
    d.to = to;
    d.susceptance_mw_per_rad = b;
    d.shift_rad = shift;
    LAW(network_create(&d, &net, &err) == ERR_OK, "%s", err.msg);
    LAW(network_flows(net, 1, bus, NULL, left, &err) == ERR_OK, "%s", err.msg);
    for (int32_t l = 0; l < n; l++)
        flow[number[l]] = left[l];
    network_destroy(net);
}

double drawn_outage_factor(const struct stated *s, const struct dispatch_outages *o,
                           int32_t k, int32_t l, int32_t n)
{
    double bus[DRAWN_BUS] = {0}, still[DRAWN_BRANCH], moved[DRAWN_BRANCH];
    flows_left(s, o, k, bus, still);
    bus[n] = 1; /* the network takes it over the reference */
    flows_left(s, o, k, bus, moved);
    return moved[l] - still[l];
}

void drawn_outage_flow(const struct stated *s, const struct dispatch_outages *o,
                       int32_t k, int32_t t, const double *before, double *flow)
{
    double power[DRAWN_INJECTION], bus[DRAWN_BUS];
    drawn_outage_power(s, o, k, before, power);
    for (int32_t i = 0; i < s->data.n_bus; i++)
        bus[i] = s->fixed[t * s->data.n_bus + i];
    for (int32_t i = 0; i < s->p.n_injection; i++)
        for (int32_t e = s->bus_start[i]; e < s->bus_start[i + 1]; e++)
            bus[s->bus[e]] += s->weight[e] * power[i];
    flows_left(s, o, k, bus, flow);
}
