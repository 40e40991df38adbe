/* record_real_time.c - the runs of the day itself. */
#include "sim/app/record_real_time.h"

#include <math.h>

#include "sim/app/record_stage.h"

/* Load of every node as a run saw it: the table's, 0 where it has none. */
static double *load_of(struct recorder *r, const struct market *m, int32_t per_hour,
                       const double *table)
{
    int32_t fives = RT_FIVES / per_hour;
    size_t n_node = (size_t)m->n_node;
    size_t n_t = (size_t)per_hour * (size_t)m->n_interval;
    double *load = RECORD_SCRATCH(r, double, n_t *n_node);
    for (size_t t = 0; load && t < n_t; t++)
        for (size_t k = 0; k < (size_t)fives * n_node; k++) {
            double mw = table[t * (size_t)fives * n_node + k];
            load[t * n_node + k % n_node] += isnan(mw) ? 0 : mw / fives;
        }
    return load;
}

static void record_stage(struct recorder *r, const char *group, const struct market *m,
                         const double *load, const struct outcome *o)
{
    record_outcome(r, group, m, &m->grid, &m->outages, load, o);
    record_pieces(r, group, o);
}

static void record_flex(struct recorder *r, const char *group, const struct market *m,
                        const struct flex_outcome *f, int32_t per_hour)
{
    size_t n_t = (size_t)per_hour * (size_t)m->n_interval, n_r = (size_t)m->n_resource;
    const struct {
        const char *name;
        const double *value;
        size_t n;
    } table[] = {
        {"/flex_up", f->up_mw, n_r},
        {"/flex_down", f->down_mw, n_r},
        {"/flex_move", f->move_mw, n_r},
        {"/flex_up_price", f->up_usd_per_mw, 1},
        {"/flex_down_price", f->down_usd_per_mw, 1},
        {"/flex_up_required", f->up_required_mw, 1},
        {"/flex_down_required", f->down_required_mw, 1},
        {"/flex_up_short", f->up_short_mw, 1},
        {"/flex_down_short", f->down_short_mw, 1},
    };
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
        record_array(r, group, table[k].name, TABLE_F64, table[k].value,
                     n_t * table[k].n);
}

/* Hourly values into the first interval of each hour. */
static void record_hourly(struct recorder *r, const char *name, const struct market *m,
                          const double *hourly, size_t n_each)
{
    size_t n_hour = (size_t)m->n_interval;
    double *first = RECORD_SCRATCH(r, double, n_hour *RT_FIVES *n_each);
    for (size_t t = 0; first && t < n_hour; t++)
        for (size_t k = 0; k < n_each; k++)
            first[t * RT_FIVES * n_each + k] = hourly[t * n_each + k];
    record_array(r, "/meter", name, TABLE_F64, first, n_hour * RT_FIVES * n_each);
}

static void record_areas(struct recorder *r, const struct market *m,
                         const struct metering *meter)
{
    size_t n = (size_t)meter->n_area;
    int32_t *area = RECORD_SCRATCH(r, int32_t, m->n_node);
    for (int32_t i = 0; area && i < m->n_node; i++)
        area[i] = m->node[i].area;
    int32_t *sc = RECORD_SCRATCH(r, int32_t, n);
    for (size_t a = 0; sc && a < n; a++)
        sc[a] = m->area[a].follows_load ? m->area[a].sc : -1;
    RECORD_IDS(r, "/meter/utility_area", struct utility_area, m->area, n);
    record_array(r, "/meter", "/area_sc", TABLE_I32, sc, n);
    record_array(r, "/input/node", "/utility_area", TABLE_I32, area, (size_t)m->n_node);
    record_hourly(r, "/area_unaccounted", m, meter->area_unaccounted_mwh, n);
    record_hourly(r, "/area_deviation", m, meter->area_deviation_mwh, n);
    record_hourly(r, "/area_demand", m, meter->area_demand_mwh, n);
    record_hourly(r, "/area_inflow", m, meter->area_inflow_mwh, n);
    record_hourly(r, "/area_loss", m, meter->area_loss_mwh, n);
}

/* Written where something was not there. */
static void record_available(struct recorder *r, const struct market *m, size_t n)
{
    double *mw = RECORD_SCRATCH(r, double, n);
    bool any = false;
    for (size_t i = 0; mw && i < n; i++) {
        bool said = isfinite(m->rt.available_mw[i]);
        mw[i] = said ? m->rt.available_mw[i] : (double)NAN;
        any = any || said;
    }
    if (any)
        record_array(r, "/meter", "/available", TABLE_F64, mw, n);
}

static void record_meter(struct recorder *r, const struct market *m,
                         const struct metering *meter)
{
    size_t n_t = RT_FIVES * (size_t)m->n_interval;
    record_intervals(r, "/meter", m, RT_FIVES);
    record_array(r, "/meter", "/energy", TABLE_F64, meter->energy_mwh,
                 n_t * (size_t)m->n_resource);
    record_available(r, m, n_t * (size_t)m->n_resource);
    if (m->n_service_region > 0) {
        RECORD_IDS(r, "/meter/as_bid", struct service_bidder, m->service_bidder,
                   m->n_service_bidder);
        record_array(r, "/meter", "/as_no_pay", TABLE_F64, meter->no_pay_mw,
                     n_t * (size_t)m->n_service_bidder);
    }
    record_hourly(r, "/unaccounted", m, meter->unaccounted_mwh, 1);
    if (meter->n_area > 1)
        record_areas(r, m, meter);
    record_array(r, "/meter", "/given", TABLE_U8, meter->given, (size_t)m->n_resource);
}

/* What coordinators said to their blocks. */
static void record_responses(struct recorder *r, const struct market *m,
                             const struct rt_outcome *rt)
{
    size_t n = (size_t)m->n_interval * (size_t)m->n_resource;
    uint8_t *answer = RECORD_SCRATCH(r, uint8_t, n), *late = NULL;
    late = RECORD_SCRATCH(r, uint8_t, n);
    for (size_t i = 0; answer && late && i < n; i++) {
        answer[i] = (uint8_t)m->tie_response[i].answer;
        late[i] = m->tie_response[i].late;
    }
    record_array(r, "/hour_ahead", "/accepted", TABLE_F64, rt->accepted_mw, n);
    record_array(r, "/hour_ahead", "/response", TABLE_U8, answer, n);
    record_array(r, "/hour_ahead", "/late", TABLE_U8, late, n);
}

void record_real_time(struct recorder *r, const struct market *m,
                      const struct rt_outcome *rt, const struct metering *meter)
{
    size_t n = (size_t)m->n_interval * (size_t)m->n_resource;
    record_intervals(r, "/hour_ahead", m, 1);
    record_array(r, "/hour_ahead", "/block", TABLE_F64, rt->block_mw, n);
    if (m->tie_response)
        record_responses(r, m, rt);
    record_array(r, "/hour_ahead", "/output", TABLE_F64, rt->hour_mw, n);
    record_array(r, "/hour_ahead", "/energy", TABLE_F64, rt->hour_energy_mwh, n);
    record_stage(r, "/fifteen_minute", m, load_of(r, m, RT_QUARTERS, m->rt.fmm_load_mw),
                 &rt->fmm);
    record_stage(r, "/real_time", m, load_of(r, m, RT_FIVES, m->rt.load_mw), &rt->rtd);
    if (m->rules.flex_up_mw > 0 || m->rules.flex_down_mw > 0)
        record_flex(r, "/fifteen_minute", m, &rt->fmm_flex, RT_QUARTERS);
    if (m->rules.flex_rtd_up_mw > 0 || m->rules.flex_rtd_down_mw > 0)
        record_flex(r, "/real_time", m, &rt->rtd_flex, RT_FIVES);
    record_array(r, "/real_time", "/energy_bound", TABLE_U8, rt->energy_bound,
                 n * RT_FIVES);
    record_meter(r, m, meter);
}
