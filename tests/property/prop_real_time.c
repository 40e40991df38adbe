/* prop_real_time.c - any market through real time: the books, and whom they leave short. */
#include <math.h>

#include "sim/base/mem.h"
#include "sim/settle/recalculate.h"
#include "tests/support/cleared.h"
#include "tests/support/drawn_market.h"
#include "tests/support/drawn_real_time.h"

/* What there is of a variable import, known at once or later. */
static void draw_forecast(struct draw *d, struct market *m, int32_t r)
{
    for (int32_t f = 0; f < RT_FIVES * m->n_interval; f++) {
        size_t at = (size_t)f * (size_t)m->n_resource + (size_t)r;
        m->rt.available_mw[at] = m->resource[r].pmax_mw * draw_real(d, 0, 1.2);
        m->rt.known_from[at] = draw_int(d, 0, 2) ? 0 : f + draw_int(d, -6, 6);
    }
}

/* Imports and exports by all options, with all answers. */
static void draw_ties(struct draw *d, struct market *m)
{
    size_t n = (size_t)m->n_interval * (size_t)m->n_resource;
    m->tie_response = ARENA_ARRAY(&m->arena, struct tie_response, n);
    LAW(m->tie_response != NULL, "%s", "memory");
    for (int32_t r = 0; r < m->n_resource; r++) {
        if (!resource_type_is_tie(m->resource[r].type))
            continue;
        enum tie_option option = (enum tie_option)draw_int(d, 0, TIE_OPTIONS - 1);
        if (option == TIE_OPTION_VARIABLE && m->resource[r].type == RESOURCE_EXPORT)
            option = TIE_OPTION_FIFTEEN;
        m->resource[r].tie_option = option;
        if (option == TIE_OPTION_VARIABLE)
            draw_forecast(d, m, r);
        for (int32_t t = 0; t < m->n_interval && tie_option_is_block(option); t++) {
            struct tie_response *x = &m->tie_response[t * m->n_resource + r];
            x->answer = (enum tie_answer)draw_int(d, 0, TIE_ANSWERS - 1);
            x->accepted_mw = draw_real(d, 0, m->resource[r].pmax_mw);
            x->late = x->answer != TIE_ANSWER_ACCEPT && x->answer != TIE_ANSWER_NONE &&
                      draw_int(d, 0, 1);
        }
    }
}

/* Buses into areas, those of one resource into one. */
static void draw_areas(struct draw *d, struct market *m)
{
    static struct utility_area area[] = {{.id = "A1"}, {.id = "A2"}, {.id = "A3"}};
    m->area = area;
    for (int32_t a = 0; a < 3; a++) {
        area[a].follows_load = a < m->n_sc && draw_int(d, 0, 1) == 1;
        area[a].sc = a;
    }
    m->n_area = 3;
    for (int32_t i = 0; i < m->grid.n_bus; i++)
        m->node[i].area = draw_int(d, 0, 2);
    for (bool again = true; again;) {
        again = false;
        for (int32_t r = 0; r < m->n_resource; r++) {
            const struct node *node = &m->node[m->resource[r].node];
            const int32_t *bus = m->factor_bus + node->factor_start;
            int32_t least = 2;
            for (int32_t k = 0; k < node->n_factor; k++)
                least = m->node[bus[k]].area < least ? m->node[bus[k]].area : least;
            for (int32_t k = 0; k < node->n_factor; k++) {
                again = again || m->node[bus[k]].area != least;
                m->node[bus[k]].area = least;
            }
        }
    }
    for (int32_t i = m->grid.n_bus; i < m->n_node; i++)
        m->node[i].area = m->node[m->factor_bus[m->node[i].factor_start]].area;
}

/* Areas share what the system cannot account for; dispatched exactly, they answer for
 * nothing but what was short, and meters between them move energy, and make none. */
static int check_areas(struct cleared *c)
{
    const struct market *m = &c->m;
    int n = 0;
    for (int32_t t = 0; t < m->n_interval; t++) {
        double sum = 0, short_mw = 0, most = 0;
        for (int32_t k = 0; k < RT_FIVES; k++)
            short_mw += c->rt.rtd.shortage_mw[RT_FIVES * t + k] +
                        c->rt.rtd.surplus_mw[RT_FIVES * t + k];
        for (int32_t a = 0; a < 3; a++) {
            sum += c->meter.area_unaccounted_mwh[3 * t + a];
            most = fmax(most, fabs(c->meter.area_unaccounted_mwh[3 * t + a]));
            n += fabs(c->meter.area_inflow_mwh[3 * t + a]) > 1;
        }
        LAW(fabs(sum - c->meter.unaccounted_mwh[t]) < 1e-6,
            "areas cannot account for %.9g MWh, the system for %.9g", sum,
            c->meter.unaccounted_mwh[t]);
        bool all_there = true;
        for (int32_t k = 0; k < RT_FIVES * m->n_resource; k++)
            all_there = all_there &&
                        isinf(m->rt.available_mw[RT_FIVES * t * m->n_resource + k]);
        LAW(short_mw > 0 || !all_there || most < 1e-6,
            "hour %d: %.9g MWh of an area where meters say what was dispatched", t,
            most);
    }
    return n;
}

static double sum_of(const struct settlement *s, int32_t r, int code, int version)
{
    double sum = 0;
    for (int64_t k = 0; k < s->n_interval_line; k++)
        if (s->interval_line[k].resource == r && s->interval_line[k].code == code &&
            s->interval_line[k].version == version)
            sum += s->interval_line[k].amount_usd;
    return sum;
}

static void check_books(const struct cleared *c)
{
    cents_t sum = 0;
    for (int32_t k = 0; k < c->s.n_line; k++)
        sum += c->s.line[k].amount_cents;
    LAW(sum == 0, "%lld cents are left", (long long)sum);
}

/* 6460 + 6470 + 6475 = -[(F - D) p_F + (M - F) p_R], five minutes by five minutes. */
static void check_two_settlements(const struct cleared *c)
{
    const struct market *m = &c->m;
    for (int32_t r = 0; r < m->n_resource; r++) {
        if (m->resource[r].type == RESOURCE_LOAD)
            continue;
        double owed = 0, moved = 1;
        for (int32_t f = 0; f < RT_FIVES * m->n_interval; f++) {
            int32_t q = f / RT_FIVES_A_QUARTER, t = f / RT_FIVES;
            int32_t n = m->resource[r].node;
            double day = c->o.award_mw[t * m->n_resource + r] / RT_FIVES;
            double fmm = c->rt.fmm.award_mw[q * m->n_resource + r] / RT_FIVES;
            double met = c->meter.energy_mwh[f * m->n_resource + r];
            double p_f = c->rt.fmm.lmp[q * m->n_node + n];
            double p_r = c->rt.rtd.lmp[f * m->n_node + n];
            double usd = -((fmm - day) * p_f + (met - fmm) * p_r);
            owed += usd;
            moved += fabs(usd);
        }
        double said = sum_of(&c->s, r, CHARGE_6460, 0) +
                      sum_of(&c->s, r, CHARGE_6470, 0) +
                      sum_of(&c->s, r, CHARGE_6475, 0);
        LAW(fabs(owed - said) < 1e-5 * moved, "%s: %.9g USD, not %.9g",
            m->resource[r].id, said, owed);
    }
}

/* A variable import is scheduled at what is known of its forecast in each quarter, less what a
 * limit of its tie takes away. */
static int check_variable(const struct cleared *c)
{
    const struct market *m = &c->m;
    int n = 0;
    for (int32_t r = 0; r < m->n_resource; r++)
        for (int32_t q = 0; q < RT_QUARTERS * m->n_interval; q++) {
            double want = 0, got = c->rt.fmm.award_mw[q * m->n_resource + r];
            int32_t hour = q / RT_QUARTERS, first = RT_FIVES_A_QUARTER * q, n_bid;
            if (!resource_type_is_tie(m->resource[r].type) ||
                m->resource[r].tie_option != TIE_OPTION_VARIABLE)
                continue;
            (void)book_bid(&c->a.bids, r, hour, &n_bid);
            for (int32_t f = first; f < first + RT_FIVES_A_QUARTER && n_bid > 0; f++)
                want += (m->rt.known_from[f * m->n_resource + r] <= first
                             ? fmin(m->resource[r].pmax_mw,
                                    m->rt.available_mw[f * m->n_resource + r])
                             : cleared_award(c, hour, r)) /
                        RT_FIVES_A_QUARTER;
            LAW(got < want + 1e-6 && got > -1e-6, "%s: %g MW of a forecast of %g",
                m->resource[r].id, got, want);
            n += got > want - 1e-6 && got > 1;
        }
    return n;
}

/* An hour's block is whole, and nobody pays for what it declined in time. */
static int check_ties(const struct cleared *c)
{
    const struct market *m = &c->m;
    int n_late = 0;
    for (int32_t r = 0; r < m->n_resource; r++) {
        const struct resource *is = &m->resource[r];
        double paid = sum_of(&c->s, r, CHARGE_6456, 0);
        bool late = false;
        if (!resource_type_is_tie(is->type))
            continue;
        for (int32_t t = 0; t < m->n_interval; t++) {
            const struct tie_response *x = &m->tie_response[t * m->n_resource + r];
            double block = c->rt.block_mw[t * m->n_resource + r];
            double accepted = c->rt.accepted_mw[t * m->n_resource + r];
            late = late || x->late;
            LAW(isnan(block) == !tie_option_is_block(is->tie_option), "block of %s",
                is->id);
            if (isnan(block))
                continue;
            LAW(fabs(accepted) < fabs(block) + 1e-6 && accepted * block >= 0,
                "%s accepts %g of %g MW", is->id, accepted, block);
            for (int32_t q = 0; q < RT_QUARTERS; q++) {
                double mw =
                    c->rt.fmm.award_mw[(RT_QUARTERS * t + q) * m->n_resource + r];
                double want = x->late ? block : accepted;
                bool may_change = is->tie_option == TIE_OPTION_CHANGE && q > 0;
                LAW(may_change || fabs(mw) < fabs(want) + 1e-6,
                    "%s: %g MW of a block of %g", is->id, mw, want);
            }
        }
        LAW(paid == 0 || late || is->tie_option == TIE_OPTION_VARIABLE,
            "%s delivered and pays %g USD", is->id, paid);
        n_late += paid > 0;
    }
    return n_late;
}

/* Virtual positions earn MW x (day-ahead price - mean fifteen-minute price). */
static void check_virtual(const struct cleared *c)
{
    const struct market *m = &c->m;
    for (int32_t p = 0; p < m->n_virtual; p++) {
        double profit = 0, said = 0, moved = 1;
        for (int32_t t = 0; t < m->n_interval; t++) {
            double mean = 0;
            for (int32_t q = 0; q < RT_QUARTERS; q++)
                mean +=
                    c->rt.fmm
                        .lmp[(RT_QUARTERS * t + q) * m->n_node + m->position[p].node] /
                    RT_QUARTERS;
            double usd = c->o.virtual_award_mw[t * m->n_virtual + p] *
                         (cleared_lmp(c, t, m->position[p].node) - mean);
            profit += usd;
            moved += fabs(usd);
        }
        for (int64_t k = 0; k < c->s.n_interval_line; k++)
            if (c->s.interval_line[k].position == p &&
                (c->s.interval_line[k].code == CHARGE_6013 ||
                 c->s.interval_line[k].code == CHARGE_6473))
                said -= c->s.interval_line[k].amount_usd;
        LAW(fabs(profit - said) < 1e-6 * moved, "%s earns %.9g, not %.9g",
            m->position[p].id, said, profit);
    }
}

/* Cost of an hour at that output as bid; its own words for charge_recovery.c. */
static double cost_usd(const struct cleared *c, int32_t r, int32_t t, double mw)
{
    int32_t n;
    const struct bid_segment *bid = book_bid(&c->a.bids, r, t, &n);
    double pmin = fmax(0, c->m.resource[r].pmin_mw), sum = 0;
    for (int32_t k = 0; k < n; k++)
        if (!bid_kind_is_self(bid[k].kind))
            sum += fmax(0, fmin(mw, bid[k].to_mw) - fmax(pmin, bid[k].from_mw)) *
                   bid[k].price_usd_per_mwh;
    return sum;
}

/* Whether a resource takes the price in some hour, whatever that is. */
static bool schedules_itself(const struct cleared *c, int32_t r)
{
    bool any = false;
    for (int32_t t = 0; t < c->m.n_interval; t++) {
        int32_t n;
        const struct bid_segment *bid = book_bid(&c->a.bids, r, t, &n);
        any = any || (n > 0 && bid_kind_is_self(bid[0].kind));
    }
    return any;
}

/* A generator without outages that was metered at its dispatch is not left short of what it
 * bid. */
static int check_nobody_loses(const struct cleared *c)
{
    const struct market *m = &c->m;
    int n = 0;
    for (int32_t r = 0; r < m->n_resource; r++) {
        double cost = 0, paid = 0;
        bool all_there =
            m->resource[r].type == RESOURCE_GENERATOR && !schedules_itself(c, r);
        for (int32_t f = 0; f < RT_FIVES * m->n_interval && all_there; f++) {
            all_there = isinf(m->rt.available_mw[f * m->n_resource + r]);
            cost += cost_usd(c, r, f / RT_FIVES,
                             c->rt.rtd.award_mw[f * m->n_resource + r]) /
                    RT_FIVES;
        }
        if (!all_there)
            continue;
        static const int codes[] = {CHARGE_6011, CHARGE_6460, CHARGE_6470,
                                    CHARGE_6475, CHARGE_6620, CHARGE_6630,
                                    CHARGE_7070, CHARGE_7071, CHARGE_7081};
        for (size_t k = 0; k < sizeof codes / sizeof *codes; k++)
            paid -= sum_of(&c->s, r, codes[k], 0);
        LAW(paid > cost - 1e-6 * (1 + fabs(cost)), "%s is paid %.9g for %.9g USD",
            m->resource[r].id, paid, cost);
        LAW(sum_of(&c->s, r, CHARGE_6475, 0) == 0, "%s followed and is charged",
            m->resource[r].id);
        n++;
    }
    return n;
}

/* An import that fifteen-minute runs or the dispatch schedule is not left short of what real
 * time asked it for; with an hourly block it may be. */
static int check_imports(const struct cleared *c)
{
    const struct market *m = &c->m;
    int n = 0;
    for (int32_t r = 0; r < m->n_resource; r++) {
        double cost = 0, paid = 0;
        if (m->resource[r].type != RESOURCE_IMPORT)
            continue;
        if (!tie_option_is_priced(m->resource[r].tie_option)) {
            LAW(sum_of(&c->s, r, CHARGE_6620, 0) == 0, "%s, not bought, is made whole",
                m->resource[r].id);
            continue;
        }
        for (int32_t f = 0; f < RT_FIVES * m->n_interval; f++) {
            int32_t t = f / RT_FIVES;
            cost += (cost_usd(c, r, t, c->rt.rtd.award_mw[f * m->n_resource + r]) -
                     cost_usd(c, r, t, cleared_award(c, t, r))) /
                    RT_FIVES;
        }
        static const int codes[] = {CHARGE_6460, CHARGE_6470, CHARGE_6475, CHARGE_6620};
        for (size_t k = 0; k < sizeof codes / sizeof *codes; k++)
            paid -= sum_of(&c->s, r, codes[k], 0);
        LAW(paid > cost - 1e-6 * (1 + fabs(cost)), "%s is paid %.9g for %.9g USD",
            m->resource[r].id, paid, cost);
        n++;
    }
    return n;
}

/* Settled again with the same meters nothing changes; with others, zero still. */
static void check_recalculation(struct cleared *c)
{
    int32_t n_line = c->s.n_line;
    struct meter_row row = {.recalculation = 1,
                            .resource = 0,
                            .interval = 0,
                            .five = 0,
                            .energy_mwh = c->meter.energy_mwh[0]};
    const struct settle_inputs in = {
        .m = &c->m, .a = &c->a, .o = &c->o, .rt = &c->rt, .meter = &c->meter};
    c->m.meter_row = &row;
    c->m.n_meter_row = 1;
    LAW(recalculate_all(&in, &c->s, NULL) == ERR_OK, "%s", "recalculation");
    LAW(c->s.n_line == n_line, "%d lines out of nothing", c->s.n_line - n_line);
    row.energy_mwh += 1;
    LAW(recalculate_all(&in, &c->s, NULL) == ERR_OK, "%s", "recalculation");
    LAW(c->s.n_line > n_line, "%s", "a MWh more changes nothing");
    c->m.n_meter_row = 0;
    check_books(c);
}

Test(prop_real_time, the_books_of_any_market_close_through_real_time)
{
    int n_whole = 0, n_area = 0, n_late = 0, n_import = 0, n_variable = 0;
    FOR_SEEDS(seed, 12)
    {
        struct draw d = draw_begin(seed);
        struct market_build b;
        struct cleared c;
        drawn_market(&d, DRAWN_MARKET_ANY, &b);
        struct market m = market_build_end(&b);
        drawn_real_time(&d, &m);
        draw_areas(&d, &m);
        draw_ties(&d, &m);
        cleared_make(m, &c);
        n_area += check_areas(&c);
        check_books(&c);
        check_two_settlements(&c);
        check_virtual(&c);
        n_late += check_ties(&c);
        n_variable += check_variable(&c);
        n_import += check_imports(&c);
        n_whole += check_nobody_loses(&c);
        check_recalculation(&c);
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n_whole, 10);
    cr_assert_gt(n_area, 3);
    cr_assert_gt(n_late, 0);
    cr_assert_gt(n_import, 3);
    cr_assert_gt(n_variable, 20);
}

/* ---- services ---- */

/* What the fifteen-minute market holds and what it dispatches is to be had at once, and the
 * better service is worth no less. */
static int check_services(const struct cleared *c)
{
    const struct market *m = &c->m;
    const struct outcome *o = &c->rt.fmm;
    int n_bought = 0;
    for (int32_t q = 0; q < o->n_interval; q++)
        for (int32_t b = 0; b < m->n_service_bidder; b++) {
            const struct service_bidder *is = &m->service_bidder[b];
            size_t at = (size_t)q * (size_t)m->n_service_bidder + (size_t)b;
            double mw = o->award_mw[q * m->n_resource + is->resource], up = 0, down = 0;
            for (int32_t k = 0; k < m->n_service_bidder; k++)
                if (m->service_bidder[k].resource == is->resource)
                    *(m->service_bidder[k].service == SERVICE_RD ? &down : &up) +=
                        o->service_mw[at - (size_t)b + (size_t)k];
            const struct resource *r = &m->resource[is->resource];
            LAW(mw + up < r->pmax_mw + 1e-5, "%s: %g MW and %g of services", r->id, mw,
                up);
            LAW(down == 0 || mw - down > r->pmin_mw - 1e-5, "%s: %g MW less %g", r->id,
                mw, down);
            LAW(o->service_self_mw[at] <= o->service_mw[at] + 1e-6, "%s keeps %g of %g",
                is->id, o->service_self_mw[at], o->service_mw[at]);
            LAW(o->service_self_mw[at] <=
                    c->o.service_mw[(size_t)(q / RT_QUARTERS) *
                                        (size_t)m->n_service_bidder +
                                    (size_t)b] +
                        1e-6,
                "%s keeps more than it was awarded", is->id);
            n_bought += o->service_mw[at] > o->service_self_mw[at] + 1e-3;
        }
    for (int32_t k = 0; k < o->n_interval * m->n_service_region; k++) {
        const double *price = o->service_usd_per_mw + (size_t)k * SERVICES;
        LAW(price[SERVICE_RU] >= price[SERVICE_SR] - 1e-6 &&
                price[SERVICE_SR] >= price[SERVICE_NR] - 1e-6,
            "prices %g %g %g", price[SERVICE_RU], price[SERVICE_SR], price[SERVICE_NR]);
    }
    return n_bought;
}

/* Services of both markets: what providers get less what they give back is what demand
 * pays, product by product and hour by hour, neutrality included. */
static void check_services_paid(const struct cleared *c)
{
    double up = 0, down = 0, moved = 1;
    for (int64_t k = 0; k < c->s.n_interval_line; k++) {
        const struct settle_interval_line *line = &c->s.interval_line[k];
        switch (line->code) {
        case CHARGE_6600:
        case CHARGE_6670:
        case CHARGE_6624:
        case CHARGE_6694:
        case CHARGE_6696:
            down += line->amount_usd;
            break;
        case CHARGE_6100:
        case CHARGE_6170:
        case CHARGE_6124:
        case CHARGE_6194:
        case CHARGE_6200:
        case CHARGE_6270:
        case CHARGE_6224:
        case CHARGE_6294:
        case CHARGE_6500:
        case CHARGE_6570:
        case CHARGE_6524:
        case CHARGE_6594:
        case CHARGE_6090:
            up += line->amount_usd;
            break;
        default:
            continue;
        }
        moved += fabs(line->amount_usd);
    }
    LAW(fabs(up) < 1e-9 * moved && fabs(down) < 1e-9 * moved, "%g and %g USD are left",
        up, down);
}

Test(prop_real_time, services_of_any_market_are_there_and_are_paid_for)
{
    int n_bought = 0;
    FOR_SEEDS(seed, 10)
    {
        struct draw d = draw_begin(seed);
        struct cleared c;
        struct market m = drawn_service_day(&d);
        m.rules.meter_error = draw_real(&d, 0, 0.05);
        cleared_make(m, &c);
        check_books(&c);
        n_bought += check_services(&c);
        check_services_paid(&c);
        cleared_release(&c);
        LAW(mem_live() == 0, "%ld blocks leaked", mem_live());
    }
    cr_assert_gt(n_bought, 20);
}
