/* drawn_real_time.c - random real time. */
#include "tests/support/drawn_real_time.h"

#include <math.h>

#include "tests/support/drawn_market.h"

void drawn_real_time(struct draw *d, struct market *m)
{
    size_t n_five = (size_t)m->n_interval * RT_FIVES;
    size_t n_load = n_five * (size_t)m->n_node, n = n_five * (size_t)m->n_resource;
    m->rules.real_time = true;
    if (draw_int(d, 0, 1)) {
        m->rules.flex_up_mw = draw_real(d, 0, 20);
        m->rules.flex_down_mw = draw_real(d, 0, 20);
        m->rules.flex_rtd_up_mw = draw_real(d, 0, 10);
    }
    m->rules.rt_fmm_intervals = draw_int(d, 1, 4);
    m->rules.sc_id_fee = draw_real(d, 0, 2000);
    m->rules.ferc_fee_rate = draw_real(d, 0, 0.1);
    m->rules.rt_rtd_intervals = draw_int(d, 1, 4);
    m->rt.load_mw = ARENA_ARRAY(&m->arena, double, n_load);
    m->rt.fmm_load_mw = ARENA_ARRAY(&m->arena, double, n_load);
    m->rt.available_mw = ARENA_ARRAY(&m->arena, double, n);
    m->rt.known_from = ARENA_ARRAY(&m->arena, int32_t, n);
    LAW(m->rt.load_mw && m->rt.fmm_load_mw && m->rt.available_mw && m->rt.known_from,
        "%s", "memory");
    for (size_t k = 0; k < n_load; k++)
        m->rt.load_mw[k] = m->rt.fmm_load_mw[k] = (double)NAN;
    for (size_t k = 0; k < n; k++)
        m->rt.available_mw[k] = HUGE_VAL;
    for (int32_t r = 0; r < m->n_resource; r++) {
        const struct resource *is = &m->resource[r];
        size_t from = (size_t)draw_int(d, 0, (int)n_five - 1);
        if (is->type == RESOURCE_LOAD && draw_int(d, 0, 1)) {
            double mw = is->pmax_mw * draw_real(d, 0.3, 0.7);
            for (size_t f = 0; f < n_five; f++) {
                size_t at = f * (size_t)m->n_node + (size_t)is->node;
                m->rt.load_mw[at] = mw * draw_real(d, 0.9, 1.1);
                m->rt.fmm_load_mw[at] = mw * draw_real(d, 0.9, 1.1);
            }
        } else if (!resource_type_withdraws(is->type) && is->type != RESOURCE_IMPORT &&
                   draw_int(d, 0, 3) == 0) {
            for (size_t f = from; f < n_five && f < from + 8; f++) {
                size_t at = f * (size_t)m->n_resource + (size_t)r;
                m->rt.available_mw[at] = is->pmax_mw * draw_real(d, 0, 1);
                m->rt.known_from[at] = (int32_t)from + draw_int(d, -2, 2);
            }
        }
    }
}

struct market drawn_service_day(struct draw *d)
{
    struct market_build b;
    drawn_market(d, DRAWN_MARKET_ANY, &b);
    drawn_services(d, &b);
    struct market m = market_build_end(&b);
    drawn_real_time(d, &m);
    for (int32_t k = 0; k < m.n_interval * m.n_service_region * SERVICES; k++)
        m.rt_required_mw[k] = m.required_mw[k] * draw_real(d, 0.8, 1.3);
    return m;
}
