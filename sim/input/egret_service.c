/* egret_service.c - requirements of ancillary services, and what units may hold of them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/input/egret.h"
#include "sim/input/nearest.h"

static const struct json_range any_mw = {0, COMMIT_MOST_MW};
static const struct json_range cost_usd = {0, COMMIT_MOST_USD};

enum {
    SERVICES = 7,    /* products but reserve */
    MOST_PLACES = 9, /* the system and areas: 63 requirements and one of reserve */
    NAME_ROOM = 128
};

/* By enum commit_service_product. */
static const char *const service_key[SERVICES] = {
    "regulation_up_requirement",        "regulation_down_requirement",
    "spinning_reserve_requirement",     "non_spinning_reserve_requirement",
    "supplemental_reserve_requirement", "flexible_ramp_up_requirement",
    "flexible_ramp_down_requirement"};

/* Where requirements are stated, and by how much. */
struct place {
    const char *id; /* NULL = the system */
    const struct json_value *value;
    bool has[SERVICES];
    double *need_mw[SERVICES]; /* [n_interval] */
    int32_t row[SERVICES];     /* requirement, if it has it */
    int32_t n_unit, *unit;     /* of an area */
};

struct services {
    struct egret *e;
    struct place place[MOST_PLACES]; /* the system first */
    int32_t n_place;
    double price[SERVICES];
};

static bool has_services(const struct json_value *system,
                         const struct commit_member *area, int32_t n_area)
{
    bool any = false;
    for (int k = 0; k < SERVICES; k++) {
        any = any || want_find(system, service_key[k]);
        for (int32_t i = 0; i < n_area; i++)
            any = any || want_find(area[i].value, service_key[k]);
    }
    return any;
}

static bool area_has(const struct place *z, int k)
{
    return want_find(z->value, service_key[k]);
}

/* Regulation and flexible ramps come in pairs; the system has what any area has. */
static void find_needs(struct services *s)
{
    static const int pair[SERVICES] = {1, 0, 2, 3, 4, 6, 5};
    for (int32_t z = s->n_place - 1; z >= 0; z--)
        for (int k = 0; k < SERVICES; k++) {
            struct place *at = &s->place[z];
            at->has[k] = at->has[k] || area_has(at, k) || area_has(at, pair[k]);
            s->place[0].has[k] = s->place[0].has[k] || at->has[k];
        }
    for (int32_t z = 0; z < s->n_place; z++)
        for (int k = 0; k < SERVICES; k++) {
            const struct json_value *v = want_find(s->place[z].value, service_key[k]);
            s->place[z].need_mw[k] =
                v && v->kind != JSON_NULL
                    ? egret_series(s->e, v, service_key[k], any_mw)
                    : commit_constant(s->e->r, 0, s->e->n_interval);
        }
}

/* Each price stands between that of the better service and that of plain reserve. */
static void find_prices(struct services *s, const struct json_value *system)
{
    const struct json_reader *rd = &s->e->r->json;
    const double mismatch = want_number(rd, system, "load_mismatch_cost", cost_usd);
    const double reserve = want_number(rd, system, "reserve_shortfall_cost", cost_usd);
    const double regulation = want_number_or(rd, system, "regulation_penalty_price",
                                             cost_usd, (mismatch + reserve) / 2);
    const double spin = want_number_or(rd, system, "spinning_reserve_penalty_price",
                                       cost_usd, (regulation + reserve) / 2);
    const double off = want_number_or(rd, system, "non_spinning_reserve_penalty_price",
                                      cost_usd, (spin + reserve) / 2);
    const double slow = want_number_or(rd, system, "supplemental_reserve_penalty_price",
                                       cost_usd, (off + reserve) / 2);
    const double flex = want_number_or(rd, system, "flexible_ramp_penalty_price",
                                       cost_usd, (off + spin) / 2);
    const double price[SERVICES] = {regulation, regulation, spin, off,
                                    slow,       flex,       flex};
    memcpy(s->price, price, sizeof price);
}

static const char *row_name(const struct services *s, const struct place *z, int k)
{
    char text[NAME_ROOM];
    const size_t bare = strlen(service_key[k]) - strlen("_requirement");
    (void)snprintf(text, sizeof text, "%s%s%.*s", z->id ? z->id : "", z->id ? ":" : "",
                   (int)bare, service_key[k]);
    char *name = arena_copy_text(&s->e->r->out->arena, text, strlen(text));
    s->e->r->out_of_memory = s->e->r->out_of_memory || !name;
    return name;
}

/* A better service stands in for a worse one, needs adding up. */
static const uint32_t counted[SERVICES] = {
    [SERVICE_REGULATION_UP] = 1u << SERVICE_REGULATION_UP,
    [SERVICE_REGULATION_DOWN] = 1u << SERVICE_REGULATION_DOWN,
    [SERVICE_SPIN] = 1u << SERVICE_REGULATION_UP | 1u << SERVICE_SPIN,
    [SERVICE_NON_SPIN] =
        1u << SERVICE_REGULATION_UP | 1u << SERVICE_SPIN | 1u << SERVICE_NON_SPIN,
    [SERVICE_SUPPLEMENTAL] = 1u << SERVICE_REGULATION_UP | 1u << SERVICE_SPIN |
                             1u << SERVICE_NON_SPIN | 1u << SERVICE_SUPPLEMENTAL,
    [SERVICE_FLEX_UP] = 1u << SERVICE_FLEX_UP,
    [SERVICE_FLEX_DOWN] = 1u << SERVICE_FLEX_DOWN};

/* What is short in an area is short in the system as well, and is paid for once. */
static uint64_t shortfalls(const struct services *s, int32_t z, uint32_t products)
{
    uint64_t also = 0;
    const int32_t last = z == 0 ? s->n_place : z + 1;
    for (int32_t i = z; i < last; i++)
        for (int j = 0; j < SERVICES; j++)
            if (products >> j & 1 && s->place[i].has[j])
                also |= (uint64_t)1 << s->place[i].row[j];
    return also;
}

static void write_requirement(const struct services *s, int32_t z, int k,
                              struct commit_requirement *q)
{
    const struct place *at = &s->place[z];
    uint32_t products = 0;
    double *need = commit_constant(s->e->r, 0, s->e->n_interval);
    for (int j = 0; j < SERVICES; j++)
        if (counted[k] >> j & 1 && at->has[j]) {
            products |= 1u << j;
            for (int32_t t = 0; need && at->need_mw[j] && t < s->e->n_interval; t++)
                need[t] += at->need_mw[j][t];
        }
    *q = (struct commit_requirement){
        .products = products,
        .n_unit = at->n_unit,
        .unit = at->unit,
        .need_mw = need,
        .n_step = 1,
        .step_mw = commit_constant(s->e->r, INFINITY, 1),
        .step_usd_per_mw = commit_constant(s->e->r, s->price[k], 1),
        .most_mw = at->need_mw[k],
        .also = shortfalls(s, z, products) & ~((uint64_t)1 << at->row[k])};
}

static void write_requirements(struct services *s)
{
    struct commit_case *c = s->e->r->out;
    struct commit_problem *p = &c->problem;
    const int32_t before = p->n_requirement; /* reserve, or none */
    int32_t n = before;
    for (int32_t z = 0; z < s->n_place; z++)
        for (int k = 0; k < SERVICES; k++)
            if (s->place[z].has[k])
                s->place[z].row[k] = n++;
    struct commit_requirement *q = COMMIT_ARRAY(s->e->r, struct commit_requirement, n);
    const char **id = COMMIT_ARRAY(s->e->r, const char *, n);
    if (!q || !id)
        return;
    if (before > 0) {
        q[0] = p->requirement[0];
        q[0].products = 1u << SERVICE_RESERVE;
        id[0] = c->requirement_id[0];
    }
    for (int32_t z = 0; z < s->n_place; z++)
        for (int k = 0; k < SERVICES; k++)
            if (s->place[z].has[k]) {
                write_requirement(s, z, k, &q[s->place[z].row[k]]);
                id[s->place[z].row[k]] = row_name(s, &s->place[z], k);
            }
    p->requirement = q;
    p->n_requirement = n;
    c->requirement_id = id;
}

/* ---- units ---- */

static void read_regulation(const struct services *s, const struct json_value *v,
                            const struct commit_unit *u, struct commit_service *out)
{
    static const double minutes = 5, min_per_h = 60;
    const struct json_reader *rd = &s->e->r->json;
    double lo_mw = 0, hi_mw = INFINITY; /* what every period allows */
    for (int32_t t = 0; t < s->e->n_interval; t++) {
        lo_mw = fmax(lo_mw, commit_least_mw(u, t));
        hi_mw = fmin(hi_mw, commit_most_mw(u, t));
    }
    out->low_mw = u->min_mw;
    out->high_mw = u->max_mw;
    if (!want_flag_or(rd, v, "agc_capable", false))
        return;
    out->low_mw = want_number(rd, v, "p_min_agc", any_mw);
    out->high_mw = want_number(rd, v, "p_max_agc", any_mw);
    if (!(lo_mw <= out->low_mw && out->low_mw <= out->high_mw && out->high_mw <= hi_mw))
        JSON_FAULT(rd, v,
                   "regulation between %.12g and %.12g MW; expected 'p_min_agc' before "
                   "'p_max_agc' and both within the limits of power",
                   out->low_mw, out->high_mw);
    const double most = fmin(minutes * want_number(rd, v, "ramp_agc", any_mw),
                             fmax(out->high_mw - out->low_mw, 0) / 2);
    out->regulation_up_mw = fmin(most, u->ramp_up_mw * minutes / min_per_h);
    out->regulation_down_mw = fmin(most, u->ramp_down_mw * minutes / min_per_h);
}

/* Ramps of the unit are those of an hour, an interval being one. */
static void read_service(const struct services *s, const struct json_value *v,
                         const struct commit_unit *u, struct commit_service *out)
{
    const struct json_reader *rd = &s->e->r->json;
    if (isinf(u->ramp_up_mw) || isinf(u->ramp_down_mw))
        JSON_FAULT(rd, v, "no ramps; expected both, as services are limited by them");
    read_regulation(s, v, u, out);
    out->spin_mw = fmin(want_number_or(rd, v, "spinning_capacity", any_mw, INFINITY),
                        u->ramp_up_mw / 6);
    out->supplemental_mw =
        fmin(want_number_or(rd, v, "supplemental_spinning_capacity", any_mw, INFINITY),
             u->ramp_up_mw / 2);
    out->flex_up_mw = u->ramp_up_mw / 3;
    out->flex_down_mw = u->ramp_down_mw / 3;
    if (want_flag_or(rd, v, "fast_start", false))
        out->non_spin_off_mw =
            want_number_or(rd, v, "non_spinning_capacity", any_mw, 0);
    if (want_flag_or(rd, v, "supplemental_start", false)) {
        out->supplemental_off_mw =
            want_number_or(rd, v, "supplemental_non_spinning_capacity", any_mw, 0);
        out->non_spin_off_mw = fmin(out->non_spin_off_mw, out->supplemental_off_mw);
    }
}

static bool is_in(const struct json_value *v, const char *area)
{
    const struct json_value *of = want_find(v, "area");
    return of && of->kind == JSON_TEXT && of->n == strlen(area) &&
           memcmp(of->as.text, area, of->n) == 0;
}

static void read_units(struct services *s, const struct json_value *elements)
{
    struct egret *e = s->e;
    struct commit_problem *p = &e->r->out->problem;
    int32_t n = 0, g = 0;
    const struct commit_member *gen = egret_members(e, elements, "generator", &n);
    struct commit_unit *unit = COMMIT_ARRAY(e->r, struct commit_unit, p->n_unit);
    struct commit_service *service =
        COMMIT_ARRAY(e->r, struct commit_service, p->n_unit);
    struct commit_offer *offer =
        COMMIT_ARRAY(e->r, struct commit_offer, SERVICE_PRODUCTS);
    for (int32_t z = 1; z < s->n_place; z++)
        s->place[z].unit = COMMIT_ARRAY(e->r, int32_t, p->n_unit);
    if (e->r->out_of_memory)
        return;
    for (int32_t k = 0; k < SERVICE_PRODUCTS; k++)
        offer[k] = (struct commit_offer){k, INFINITY, INFINITY, NULL};
    for (int32_t i = 0; i < n && g < p->n_unit; i++) {
        if (strcmp(gen[i].id, e->r->out->unit_id[g]) != 0)
            continue; /* not thermal */
        unit[g] = p->unit[g];
        read_service(s, gen[i].value, &unit[g], &service[g]);
        unit[g].offer = offer;
        unit[g].n_offer = p->n_requirement > 0 ? SERVICE_PRODUCTS : SERVICES;
        for (int32_t z = 1; z < s->n_place; z++)
            if (is_in(gen[i].value, s->place[z].id))
                s->place[z].unit[s->place[z].n_unit++] = g;
        g++;
    }
    p->unit = unit;
    p->service = service;
    p->down_products = 1u << SERVICE_REGULATION_DOWN | 1u << SERVICE_FLEX_DOWN;
}

static void refuse(const struct services *s, const struct json_value *elements)
{
    const struct json_reader *rd = &s->e->r->json;
    if (fabs(s->e->interval_h - 1) > 1e-9)
        JSON_FAULT(
            rd, elements,
            "services in periods of %.12g minutes are not supported; expected 60",
            60 * s->e->interval_h);
    if (s->e->r->out->problem.outages)
        JSON_FAULT(rd, want_find(elements, "contingency"),
                   "services beside contingencies are not supported; expected either");
    for (int32_t g = 0; g < s->e->r->out->problem.n_unit; g++) {
        const struct commit_unit *u = &s->e->r->out->problem.unit[g];
        if (u->n_config == 0)
            continue;
        JSON_FAULT(&s->e->r->json, elements,
                   "services beside fuel of two kinds, as of %s, are not supported; "
                   "expected either",
                   s->e->r->out->unit_id[g]);
        break;
    }
}

void egret_read_services(struct egret *e, const struct json_value *elements,
                         const struct json_value *system)
{
    static const char *const products[] = {
        "regulation_up", "regulation_down",  "spinning",           "non_spinning",
        "supplemental",  "flexible_ramp_up", "flexible_ramp_down", "reserve"};
    struct services s = {.e = e, .n_place = 1, .place[0].value = system};
    int32_t n_area = 0;
    const struct commit_member *area = egret_members(e, elements, "area", &n_area);
    const char **id = COMMIT_ARRAY(e->r, const char *, SERVICE_PRODUCTS);
    for (int32_t i = 0; i < n_area; i++)
        want_only(&e->r->json, area[i].value, service_key, SERVICES);
    if (!id || !has_services(system, area, n_area))
        return;
    if (n_area + 1 > MOST_PLACES)
        JSON_FAULT(&e->r->json, want_find(elements, "area"),
                   "%d areas; expected at most %d beside services", n_area,
                   MOST_PLACES - 1);
    for (int32_t i = 0; i < n_area && s.n_place < MOST_PLACES; i++)
        s.place[s.n_place++] = (struct place){.id = area[i].id, .value = area[i].value};
    refuse(&s, elements);
    find_needs(&s);
    find_prices(&s, system);
    read_units(&s, elements);
    write_requirements(&s);
    memcpy(id, products, sizeof products);
    e->r->out->product_id = id;
    e->r->out->n_product = SERVICE_PRODUCTS;
}
