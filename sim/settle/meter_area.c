/* meter_area.c - energy that no meter saw, one utility area after the other. */
#include "sim/settle/meter_area.h"

#include <math.h>

#include "sim/base/mem.h"
#include "sim/base/units.h"

static int32_t area_of_node(const struct market *m, int32_t node)
{
    return m->node[node].area;
}

/* Weights of the load reference, those of an island adding up to 1. */
static enum err_code share_reference(const struct market *m, struct metering *out,
                                     struct err *err)
{
    const struct grid *g = &m->grid;
    double *sum = MEM_ARRAY(double, g->n_bus);
    int32_t *count = MEM_ARRAY(int32_t, g->n_bus);
    out->island = ARENA_ARRAY(&out->arena, int32_t, g->n_bus);
    out->reference = ARENA_ARRAY(&out->arena, double, g->n_bus);
    out->island_mwh = ARENA_ARRAY(&out->arena, double, g->n_bus);
    enum err_code code = ERR_OK;
    if (!sum || !count || !out->island || !out->reference || !out->island_mwh)
        code = err_set(err, ERR_NOMEM, "cannot hold the islands of %d buses", g->n_bus);
    if (!code)
        (void)grid_label_islands(g, out->island);
    for (int32_t n = 0; n < g->n_bus && !code; n++) {
        sum[out->island[n]] += m->reference_weight[n];
        count[out->island[n]]++;
    }
    for (int32_t n = 0; n < g->n_bus && !code; n++) {
        int32_t i = out->island[n];
        out->reference[n] =
            sum[i] > 0 ? m->reference_weight[n] / sum[i] : 1.0 / count[i];
    }
    mem_free(sum);
    mem_free(count);
    return code;
}

enum err_code meter_areas_begin(const struct market *m, struct metering *out,
                                struct err *err)
{
    const struct grid *g = &m->grid;
    size_t hours = (size_t)m->n_interval;
    out->n_area = m->n_area > 1 ? m->n_area : 1;
    out->area_unaccounted_mwh = out->unaccounted_mwh;
    if (out->n_area == 1)
        return ERR_OK;
    size_t n = hours * (size_t)out->n_area;
    out->area_unaccounted_mwh = ARENA_ARRAY(&out->arena, double, n);
    out->area_inflow_mwh = ARENA_ARRAY(&out->arena, double, n);
    out->area_loss_mwh = ARENA_ARRAY(&out->arena, double, n);
    out->area_deviation_mwh = ARENA_ARRAY(&out->arena, double, n);
    out->area_demand_mwh = ARENA_ARRAY(&out->arena, double, n);
    out->boundary = ARENA_ARRAY(&out->arena, int32_t, g->n_branch);
    out->boundary_of = ARENA_ARRAY(&out->arena, int32_t, g->n_branch);
    if (!out->area_unaccounted_mwh || !out->area_inflow_mwh || !out->area_loss_mwh ||
        !out->area_deviation_mwh || !out->area_demand_mwh || !out->boundary ||
        !out->boundary_of)
        return err_set(err, ERR_NOMEM, "cannot hold the meters of %d areas",
                       out->n_area);
    for (int32_t l = 0; l < g->n_branch; l++) {
        bool crosses =
            area_of_node(m, g->branch[l].from) != area_of_node(m, g->branch[l].to);
        out->boundary_of[l] = crosses ? out->n_boundary : -1;
        if (crosses)
            out->boundary[out->n_boundary++] = l;
    }
    out->boundary_mwh =
        ARENA_ARRAY(&out->arena, double, hours *RT_FIVES *(size_t)out->n_boundary);
    if (!out->boundary_mwh)
        return err_set(err, ERR_NOMEM, "cannot hold the meters between areas");
    return share_reference(m, out, err);
}

/* What the dispatch carried, then what meters say of it. */
static void measure_boundary(const struct market *m, const struct rt_outcome *rt,
                             int32_t day, int32_t recalculation, struct metering *out)
{
    size_t n = (size_t)out->n_boundary, n_branch = (size_t)m->grid.n_branch;
    size_t first = (size_t)m->first_interval[day] * RT_FIVES;
    size_t end = (size_t)m->first_interval[day + 1] * RT_FIVES;
    for (size_t five = first; five < end; five++)
        for (size_t b = 0; b < n; b++)
            out->boundary_mwh[five * n + b] =
                mwh_from_mw(rt->rtd.flow_mw[five * n_branch + (size_t)out->boundary[b]],
                            rt->rtd.interval_h);
    for (int64_t i = 0; i < m->n_branch_meter; i++) {
        const struct branch_meter_row *row = &m->branch_meter[i];
        if (row->recalculation > recalculation ||
            row->interval < m->first_interval[day] ||
            row->interval >= m->first_interval[day + 1])
            continue;
        size_t b = (size_t)out->boundary_of[row->branch];
        size_t hour = (size_t)row->interval * RT_FIVES;
        if (row->five >= 0)
            out->boundary_mwh[(hour + (size_t)row->five) * n + b] = row->energy_mwh;
        for (size_t k = 0; k < RT_FIVES && row->five < 0; k++)
            out->boundary_mwh[(hour + k) * n + b] = row->energy_mwh / RT_FIVES;
    }
}

/* Losses of five minutes where the network model has them: (3) of meter.h. */
static void add_losses(const struct market *m, const struct outcome *o, size_t five,
                       struct metering *out, double *area_mwh)
{
    const struct grid *g = &m->grid;
    const double *lost_mw = o->branch_loss_mw + five * (size_t)g->n_branch;
    bool at_ends = o->losses == LOSS_ENDS;
    if (o->losses == LOSS_OFF)
        return;
    for (int32_t n = 0; n < g->n_bus; n++)
        out->island_mwh[n] = 0;
    for (int32_t l = 0; l < g->n_branch; l++) {
        double mwh = mwh_from_mw(lost_mw[l], o->interval_h);
        if (at_ends) {
            area_mwh[area_of_node(m, g->branch[l].from)] += mwh / 2;
            area_mwh[area_of_node(m, g->branch[l].to)] += mwh / 2;
        } else {
            out->island_mwh[out->island[g->branch[l].from]] += mwh;
        }
    }
    for (int32_t n = 0; n < g->n_bus && !at_ends; n++)
        area_mwh[area_of_node(m, n)] +=
            out->reference[n] * out->island_mwh[out->island[n]];
}

/* (4), and what loads and exports took. */
static void measure_deviation(const struct market *m, const struct outcome *day_ahead,
                              const struct rt_outcome *rt, int32_t hour,
                              struct metering *out)
{
    size_t at = (size_t)hour * (size_t)out->n_area, n_r = (size_t)m->n_resource;
    for (int32_t a = 0; a < out->n_area; a++)
        out->area_deviation_mwh[at + (size_t)a] = out->area_demand_mwh[at + (size_t)a] =
            0;
    for (size_t r = 0; r < n_r; r++) {
        size_t a = at + (size_t)area_of_node(m, m->resource[r].node);
        double asked_mwh = 0, metered_mwh = 0;
        for (size_t k = 0; k < RT_FIVES; k++) {
            size_t five = (size_t)hour * RT_FIVES + k;
            asked_mwh +=
                mwh_from_mw(rt->rtd.award_mw[five * n_r + r], rt->rtd.interval_h);
            metered_mwh += out->energy_mwh[five * n_r + r];
        }
        if (m->resource[r].type == RESOURCE_LOAD)
            asked_mwh = mwh_from_mw(day_ahead->award_mw[(size_t)hour * n_r + r],
                                    market_duration_h(m));
        out->area_deviation_mwh[a] += metered_mwh - asked_mwh;
        if (resource_type_withdraws(m->resource[r].type))
            out->area_demand_mwh[a] += fmax(0, -metered_mwh);
    }
}

static void measure_hour(const struct market *m, const struct rt_outcome *rt,
                         int32_t hour, struct metering *out)
{
    const struct grid *g = &m->grid;
    size_t at = (size_t)hour * (size_t)out->n_area, n_r = (size_t)m->n_resource;
    double *loss_mwh = out->area_loss_mwh + at, *inflow = out->area_inflow_mwh + at;
    double *ufe = out->area_unaccounted_mwh + at;
    for (int32_t a = 0; a < out->n_area; a++)
        loss_mwh[a] = inflow[a] = ufe[a] = 0;
    for (size_t k = 0; k < RT_FIVES; k++) {
        size_t five = (size_t)hour * RT_FIVES + k;
        add_losses(m, &rt->rtd, five, out, loss_mwh);
        for (int32_t b = 0; b < out->n_boundary; b++) {
            const struct grid_branch *branch = &g->branch[out->boundary[b]];
            double mwh = out->boundary_mwh[five * (size_t)out->n_boundary + (size_t)b];
            inflow[area_of_node(m, branch->from)] -= mwh;
            inflow[area_of_node(m, branch->to)] += mwh;
        }
        for (size_t r = 0; r < n_r; r++)
            ufe[m->node[m->resource[r].node].area] += out->energy_mwh[five * n_r + r];
    }
    for (int32_t a = 0; a < out->n_area; a++)
        ufe[a] += inflow[a] - loss_mwh[a];
}

void meter_areas(const struct market *m, const struct outcome *day_ahead,
                 const struct rt_outcome *rt, int32_t day, int32_t recalculation,
                 struct metering *out)
{
    if (out->n_area == 1)
        return;
    measure_boundary(m, rt, day, recalculation, out);
    for (int32_t t = m->first_interval[day]; t < m->first_interval[day + 1]; t++) {
        measure_hour(m, rt, t, out);
        measure_deviation(m, day_ahead, rt, t, out);
    }
}
