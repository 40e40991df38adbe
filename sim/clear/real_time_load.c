/* real_time_load.c - a node's load in real time, shared by its loads. */
#include "sim/clear/real_time_load.h"

#include <math.h>

#include "sim/base/mem.h"
#include "sim/clear/real_time.h"

enum {
    KINDS = 3 /* of weights: forecast_share, what was scheduled, 1 */
};

static double weight_of(const struct rt_loads *l, int32_t load, int32_t hour, int kind)
{
    const struct market *m = l->m;
    size_t at = (size_t)hour * (size_t)m->n_resource + (size_t)load;
    if (kind == 0)
        return m->resource[load].forecast_share;
    return kind == 1 ? fmax(0, -l->day_ahead->award_mw[at]) : 1;
}

/* Where the weights of all loads of a node stand. */
static double *sum_of(const struct rt_loads *l, int32_t node, int32_t hour, int kind)
{
    size_t row = (size_t)(hour - l->first_hour) * KINDS + (size_t)kind;
    return l->weight + row * (size_t)l->m->n_node + node;
}

enum err_code rt_loads_begin(const struct market *m, const struct outcome *day_ahead,
                             int32_t day, struct rt_loads *out, struct err *err)
{
    int32_t end = m->first_interval[day + 1];
    *out = (struct rt_loads){
        .m = m, .day_ahead = day_ahead, .first_hour = m->first_interval[day]};
    size_t n_hour = (size_t)(end - out->first_hour);
    out->weight = MEM_ARRAY(double, n_hour *KINDS *(size_t)m->n_node);
    if (!out->weight)
        return err_set(err, ERR_NOMEM, "cannot hold the shares of loads of a day");
    for (int32_t hour = out->first_hour; hour < end; hour++)
        for (int kind = 0; kind < KINDS; kind++)
            for (int32_t r = 0; r < m->n_resource; r++)
                if (m->resource[r].type == RESOURCE_LOAD)
                    *sum_of(out, m->resource[r].node, hour, kind) +=
                        weight_of(out, r, hour, kind);
    return ERR_OK;
}

void rt_loads_release(struct rt_loads *loads)
{
    mem_free(loads->weight);
    *loads = (struct rt_loads){0};
}

double rt_load_mw(const struct rt_loads *loads, int32_t load, int32_t five, bool fmm)
{
    const struct market *m = loads->m;
    int32_t node = m->resource[load].node, hour = five / RT_FIVES;
    const double *table = fmm ? m->rt.fmm_load_mw : m->rt.load_mw;
    double total = table[(size_t)five * (size_t)m->n_node + (size_t)node];
    if (isnan(total))
        return weight_of(loads, load, hour, 1);
    for (int kind = 0; kind < KINDS; kind++) {
        double sum = *sum_of(loads, node, hour, kind);
        double own = weight_of(loads, load, hour, kind);
        if (kind == 0 && sum > 0 && own == 0) /* not in the forecast */
            return weight_of(loads, load, hour, 1);
        if (sum > 0)
            return total * own / sum;
    }
    return 0; /* not reached: the load itself weighs 1 */
}
