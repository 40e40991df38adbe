/* commit_scenario.c - one function per file of the scenario. */
#include "sim/app/commit_scenario.h"

#include <math.h>
#include <stdio.h>

#include "sim/app/commit_scenario_store.h"
#include "sim/app/output_file.h"

enum {
    HOURS = 24,
    MOST_STARTS = 3,
    ID_ROOM = 128
};

static const double base_mva = 100, min_per_h = 60, least_range_mw = 0.001;
static const double usual_cap = 1000, usual_floor = -150;

struct writing {
    const struct commit_case *c;
    const struct commit_problem *p;
    const char *name;
    date_t date;
    int32_t n_day;
    FILE *out;
};

static size_t cell(int32_t t, int32_t i, int32_t n)
{
    return (size_t)t * (size_t)n + (size_t)i;
}

/* ---- names and cells ---- */

/* As an id of a scenario: without blanks, commas and quotes. */
static const char *id_of(const char *name, char id[ID_ROOM])
{
    int n = 0;
    for (; name[n] && n + 1 < ID_ROOM; n++)
        id[n] = name[n] <= ' ' || name[n] > '~' || name[n] == ',' || name[n] == '"'
                    ? '_'
                    : name[n];
    id[n] = '\0';
    return id;
}

static const char *bus_id(const struct writing *w, int32_t bus, char id[ID_ROOM])
{
    return w->c->has_network ? id_of(w->c->bus_id[bus], id) : "SYSTEM_BUS";
}

static int32_t n_bus(const struct writing *w)
{
    return w->c->has_network ? w->c->network.n_bus : 1;
}

static double load_mw(const struct writing *w, int32_t t, int32_t bus)
{
    return w->c->has_network ? w->p->bus_load_mw[cell(t, bus, w->c->network.n_bus)]
                             : w->p->load_mw[t];
}

static double most_load_mw(const struct writing *w, int32_t bus)
{
    double most = 0;
    for (int32_t t = 0; t < w->p->n_interval; t++)
        most = fmax(most, load_mw(w, t, bus));
    return most;
}

/* Empty where there is no limit. */
static void put_limit(FILE *out, double value, double none)
{
    if (value < none)
        (void)fprintf(out, ",%.12g", value);
    else
        (void)fprintf(out, ",");
}

/* ---- the network ---- */

/* Parallel branches are circuits: how many of them come up to l. */
static int32_t circuit_of(const struct network_data *d, int32_t l)
{
    int32_t n = 1;
    for (int32_t k = 0; k < l; k++)
        n += (d->from[k] == d->from[l] && d->to[k] == d->to[l]) ||
             (d->from[k] == d->to[l] && d->to[k] == d->from[l]);
    return n;
}

static void write_buses(const struct writing *w)
{
    char id[ID_ROOM];
    (void)fprintf(w->out, "bus_id,load_mw\n");
    for (int32_t b = 0; b < n_bus(w); b++)
        (void)fprintf(w->out, "%s,%.12g\n", bus_id(w, b, id), most_load_mw(w, b));
}

static void write_branches(const struct writing *w)
{
    const struct network_data *d = &w->c->network;
    const struct dispatch_outages *o = w->p->outages;
    char from[ID_ROOM], to[ID_ROOM];
    (void)fprintf(w->out,
                  "from_bus,to_bus,circuit,x_pu,shift_deg,rate_mw,rate_after_mw\n");
    for (int32_t l = 0; w->c->has_network && l < d->n_branch; l++) {
        double b = d->susceptance_mw_per_rad[l];
        (void)fprintf(w->out, "%s,%s,%d,%.12g,%.12g", bus_id(w, d->from[l], from),
                      bus_id(w, d->to[l], to), circuit_of(d, l),
                      isinf(b) ? 0 : base_mva / b,
                      d->shift_rad ? d->shift_rad[l] * 180 / acos(-1) : 0);
        put_limit(w->out, d->flow_max_mw[l], HUGE_VAL);
        put_limit(w->out, o ? o->max_mw[l] : HUGE_VAL, HUGE_VAL);
        (void)fputc('\n', w->out);
    }
}

static void write_outages(const struct writing *w)
{
    const struct network_data *d = &w->c->network;
    const struct dispatch_outages *o = w->p->outages;
    char outage[ID_ROOM], from[ID_ROOM], to[ID_ROOM];
    (void)fprintf(w->out, "outage_id,element_id\n");
    for (int32_t k = 0; o && k < o->n_outage; k++)
        for (int32_t e = o->branch_start[k]; e < o->branch_start[k + 1]; e++) {
            int32_t l = o->branch[e], circuit = circuit_of(d, l);
            (void)fprintf(w->out, "%s,%s-%s", id_of(w->c->outage_id[k], outage),
                          bus_id(w, d->from[l], from), bus_id(w, d->to[l], to));
            if (circuit > 1)
                (void)fprintf(w->out, "-%d", circuit);
            (void)fputc('\n', w->out);
        }
}

/* ---- who is there ---- */

static void write_coordinators(const struct writing *w)
{
    (void)fprintf(w->out,
                  "sc_id,name,unsecured_limit_usd\nSC,All of it,1000000000000\n");
}

static bool takes(const struct writing *w, int32_t o)
{
    for (int32_t t = 0; t < w->p->n_interval; t++)
        if (w->p->other[o].min_mw[t] < 0)
            return true;
    return false;
}

static double top_mw(const struct commit_unit *u)
{
    return fmax(u->max_mw, u->min_mw + least_range_mw);
}

static double offered_mw(const struct commit_unit *u, double requirement_mw)
{
    double mw = u->n_offer > 0 ? u->offer[0].max_mw : 0;
    mw = fmin(mw, fmin(u->max_mw - u->min_mw, u->ramp_up_mw));
    return fmin(mw, requirement_mw);
}

static double most_required_mw(const struct writing *w)
{
    double most = 0;
    for (int32_t t = 0; w->p->n_requirement > 0 && t < w->p->n_interval; t++)
        most = fmax(most, w->p->requirement[0].need_mw[t]);
    return most;
}

static void write_store(const struct writing *w, int32_t g)
{
    const struct commit_store *s = w->p->unit[g].store;
    const int32_t n_t = w->n_day * HOURS;
    char id[ID_ROOM], at[ID_ROOM];
    (void)fprintf(w->out, "%s,storage,SC,%s,%.12g,%.12g,,,,,battery",
                  id_of(w->c->unit_id[g], id), bus_id(w, w->p->unit[g].bus[0], at),
                  0 - commit_store_most_mw(s->charge_max_mw, n_t),
                  commit_store_most_mw(s->discharge_max_mw, n_t));
    commit_store_cells(s, n_t, w->out);
    (void)fputc('\n', w->out);
}

static void write_resources(const struct writing *w)
{
    const bool stores = commit_case_stores(w->c) > 0;
    const char *end = stores ? COMMIT_STORE_NOTHING : "";
    char id[ID_ROOM], at[ID_ROOM];
    (void)fprintf(w->out,
                  "resource_id,type,sc_id,node_id,pmin_mw,pmax_mw,"
                  "ramp_mw_per_min,ramp_down_mw_per_min,initial_mw,"
                  "sr_certified_mw,technology%s\n",
                  stores ? COMMIT_STORE_COLUMNS : "");
    for (int32_t b = 0; b < n_bus(w); b++)
        if (most_load_mw(w, b) > 0)
            (void)fprintf(w->out, "LOAD_%s,load,SC,%s,,%.12g,,,,,load%s\n",
                          bus_id(w, b, id), bus_id(w, b, at), most_load_mw(w, b), end);
    for (int32_t o = 0; o < w->p->n_other; o++) {
        const struct commit_other *x = &w->p->other[o];
        double most = 0;
        for (int32_t t = 0; t < w->p->n_interval; t++)
            most = fmax(most, fmax(x->max_mw[t], -x->min_mw[t]));
        (void)fprintf(w->out, "%s,%s,SC,%s,,%.12g,,,,,%s%s\n",
                      id_of(w->c->other_id[o], id), takes(w, o) ? "load" : "generator",
                      bus_id(w, x->bus, at), most, takes(w, o) ? "load" : "other", end);
    }
    for (int32_t g = 0; g < w->p->n_unit; g++) {
        const struct commit_unit *u = &w->p->unit[g];
        if (u->store) {
            write_store(w, g);
            continue;
        }
        double offered = offered_mw(u, most_required_mw(w));
        (void)fprintf(
            w->out, "%s,generator,SC,%s,%.12g,%.12g", id_of(w->c->unit_id[g], id),
            bus_id(w, u->n_bus > 0 ? u->bus[0] : 0, at), u->min_mw, top_mw(u));
        put_limit(w->out, u->ramp_up_mw / min_per_h, HUGE_VAL);
        put_limit(w->out, u->ramp_down_mw / min_per_h, HUGE_VAL);
        (void)fprintf(w->out, ",%.12g",
                      u->on_before ? fmin(fmax(u->mw_before, u->min_mw), top_mw(u))
                                   : 0);
        put_limit(w->out, offered, offered > 0 ? HUGE_VAL : 0);
        (void)fprintf(w->out, ",thermal%s\n", end);
    }
}

static bool must_run(const struct commit_unit *u, int32_t n_interval)
{
    for (int32_t t = 0; t < n_interval; t++)
        if (!u->status || u->status[t] != COMMIT_ON)
            return false;
    return true;
}

/* Categories that begin before the unit may start again take the place of those warmer. */
static void write_starts(const struct commit_unit *u, FILE *out)
{
    int32_t first = 0;
    while (first + 1 < u->n_start && u->start[first + 1].lag <= u->min_down)
        first++;
    int32_t n = u->n_start - first;
    (void)fprintf(out, ",%.12g", u->n_start > 0 ? u->start[first].cost_usd : 0);
    if (n == MOST_STARTS)
        (void)fprintf(out, ",%.12g,%d", u->start[first + 1].cost_usd,
                      u->start[first + 1].lag);
    else
        (void)fprintf(out, ",,");
    if (n > 1)
        (void)fprintf(out, ",%.12g,%d", u->start[u->n_start - 1].cost_usd,
                      u->start[u->n_start - 1].lag);
    else
        (void)fprintf(out, ",,");
}

static void write_commitment(const struct writing *w)
{
    char id[ID_ROOM];
    (void)fprintf(w->out, "resource_id,min_up_h,min_down_h,start_cost_usd,"
                          "warm_start_cost_usd,warm_after_h,cold_start_cost_usd,"
                          "cold_after_h,min_load_usd_per_h,start_mw,stop_mw,initial_h,"
                          "max_starts,must_run\n");
    for (int32_t g = 0; g < w->p->n_unit; g++) {
        const struct commit_unit *u = &w->p->unit[g];
        if (u->store)
            continue;
        (void)fprintf(w->out, "%s,%d,%d", id_of(w->c->unit_id[g], id), u->min_up,
                      u->min_down);
        write_starts(u, w->out);
        (void)fprintf(w->out, ",%.12g", u->min_cost_usd_per_h[0]);
        put_limit(w->out, fmax(u->start_max_mw, u->min_mw), u->max_mw);
        put_limit(w->out, fmax(u->stop_max_mw, u->min_mw), u->max_mw);
        (void)fprintf(w->out, ",%d", u->on_before ? u->age_before : -u->age_before);
        put_limit(w->out, u->max_starts, u->max_starts > 0 ? HUGE_VAL : 0);
        (void)fprintf(w->out, ",%s\n", must_run(u, w->p->n_interval) ? "yes" : "no");
    }
}

/* ---- bids ---- */

/* The beginning of a row of a table by day and hour; t < 0: always. */
static void begin_row(const struct writing *w, const char *id, int32_t t)
{
    char date[11];
    if (t < 0) {
        (void)fprintf(w->out, "%s,,", id);
        return;
    }
    date_format(w->date + t / HOURS, date);
    (void)fprintf(w->out, "%s,%s,%d", id, date, t % HOURS + 1);
}

/* A piece of a bid; self: at any price. */
static void put_piece(const struct writing *w, const char *id, int32_t t, bool self,
                      double from_mw, double to_mw, double usd_per_mwh)
{
    begin_row(w, id, t);
    (void)fprintf(w->out, ",%s,%.12g,%.12g,", self ? "self_pt" : "energy", from_mw,
                  to_mw);
    if (!self)
        (void)fprintf(w->out, "%.12g", usd_per_mwh);
    (void)fputc('\n', w->out);
}

/* Segments of one slope are one piece. */
static void put_curve(const struct writing *w, const char *id, int32_t t,
                      const struct commit_unit *u, const struct commit_curve *curve)
{
    double from = u->min_mw, to = from;
    for (int32_t s = 0; s < curve->n_segment && to < u->max_mw; s++) {
        double slope = curve->cost_usd_per_mwh[s];
        to = fmin(to + curve->width_mw[s], u->max_mw);
        if (s + 1 < curve->n_segment && to < u->max_mw &&
            curve->cost_usd_per_mwh[s + 1] - slope < 1e-9)
            continue;
        if (to > from)
            put_piece(w, id, t, false, from, to, slope);
        from = to;
    }
    if (top_mw(u) > u->max_mw)
        put_piece(w, id, t, false, u->min_mw, top_mw(u),
                  u->min_mw > 0 ? fmin(u->min_cost_usd_per_h[0] / u->min_mw, usual_cap)
                                : 0);
}

static bool is_steady(const struct writing *w, const struct commit_unit *u)
{
    bool run = must_run(u, w->p->n_interval);
    for (int32_t t = 0; t < w->p->n_interval; t++)
        if (u->curve[t] != u->curve[0] ||
            (u->status && !run && u->status[t] != COMMIT_FREE))
            return false;
    return true;
}

/* Charging saves what it costs: its price is minus that. */
static void write_store_bids(const struct writing *w, int32_t g)
{
    const struct commit_store *s = w->p->unit[g].store;
    char id[ID_ROOM];
    (void)id_of(w->c->unit_id[g], id);
    for (int32_t t = 0; t < w->n_day * HOURS; t++) {
        if (s->charge_max_mw[t] > 0)
            put_piece(w, id, t, false, -s->charge_max_mw[t], 0,
                      -commit_store_usd(w->p, s->charge_curve, t));
        if (s->discharge_max_mw[t] > 0)
            put_piece(w, id, t, false, 0, s->discharge_max_mw[t],
                      commit_store_usd(w->p, s->discharge_curve, t));
    }
}

static void write_unit_bids(const struct writing *w, int32_t g)
{
    const struct commit_unit *u = &w->p->unit[g];
    char id[ID_ROOM];
    if (u->store) {
        write_store_bids(w, g);
        return;
    }
    (void)id_of(w->c->unit_id[g], id);
    if (is_steady(w, u)) {
        put_curve(w, id, -1, u, &w->p->curve[u->curve[0]]);
        return;
    }
    for (int32_t t = 0; t < w->n_day * HOURS; t++) {
        enum commit_status status =
            u->status ? (enum commit_status)u->status[t] : COMMIT_FREE;
        if (status == COMMIT_OFF)
            continue;
        if (status == COMMIT_ON && u->min_mw > 0 && !must_run(u, w->p->n_interval))
            put_piece(w, id, t, true, 0, u->min_mw, 0);
        put_curve(w, id, t, u, &w->p->curve[u->curve[t]]);
    }
}

/* What is given or taken in any case, and what more may be. */
static void write_other_bids(const struct writing *w, int32_t o)
{
    const struct commit_other *x = &w->p->other[o];
    bool load = takes(w, o);
    char id[ID_ROOM];
    (void)id_of(w->c->other_id[o], id);
    for (int32_t t = 0; t < w->n_day * HOURS; t++) {
        double least = load ? -x->max_mw[t] : x->min_mw[t];
        double most = load ? -x->min_mw[t] : x->max_mw[t];
        double cost = x->cost_usd_per_mwh ? x->cost_usd_per_mwh[t] : 0;
        if (least > 0)
            put_piece(w, id, t, true, 0, least, 0);
        if (most > fmax(least, 0))
            put_piece(w, id, t, false, fmax(least, 0), most, cost);
    }
}

static void write_bids(const struct writing *w)
{
    char id[ID_ROOM], load_id[ID_ROOM + 8];
    (void)fprintf(w->out, "resource_id,trade_date,hour_ending,kind,from_mw,to_mw,"
                          "price_usd_per_mwh\n");
    for (int32_t b = 0; b < n_bus(w); b++) {
        (void)snprintf(load_id, sizeof load_id, "LOAD_%s", bus_id(w, b, id));
        for (int32_t t = 0; t < w->n_day * HOURS; t++)
            if (load_mw(w, t, b) > 0)
                put_piece(w, load_id, t, true, 0, load_mw(w, t, b), 0);
    }
    for (int32_t o = 0; o < w->p->n_other; o++)
        write_other_bids(w, o);
    for (int32_t g = 0; g < w->p->n_unit; g++)
        write_unit_bids(w, g);
}

/* ---- reserve ---- */

static void write_requirements(const struct writing *w)
{
    (void)fprintf(w->out, "product,trade_date,hour_ending,required_mw\n");
    for (int32_t t = 0; w->p->n_requirement > 0 && t < w->n_day * HOURS; t++) {
        begin_row(w, "SR", t);
        (void)fprintf(w->out, ",%.12g\n", w->p->requirement[0].need_mw[t]);
    }
}

static void write_service_offers(const struct writing *w)
{
    char id[ID_ROOM];
    (void)fprintf(w->out, "resource_id,product,mw,price_usd_per_mw\n");
    for (int32_t g = 0; w->p->n_requirement > 0 && g < w->p->n_unit; g++) {
        const struct commit_unit *u = &w->p->unit[g];
        double mw = offered_mw(u, most_required_mw(w));
        if (mw > 0)
            (void)fprintf(
                w->out, "%s,SR,%.12g,%.12g\n", id_of(w->c->unit_id[g], id), mw,
                u->offer[0].price_usd_per_mw ? u->offer[0].price_usd_per_mw[0] : 0);
    }
}

/* ---- settings ---- */

/* A penalty as a parameter of the market. */
static void put_penalty(FILE *out, const char *key, double usd)
{
    (void)fprintf(out, "  %s: %.12g\n", key, fmin(fmax(usd, 1), 1e6));
}

static void write_settings(const struct writing *w)
{
    const struct commit_problem *p = w->p;
    double cap = usual_cap, floor = usual_floor;
    char date[11];
    for (int32_t c = 0; c < p->n_curve; c++)
        for (int32_t s = 0; s < p->curve[c].n_segment; s++) {
            cap = fmax(cap, p->curve[c].cost_usd_per_mwh[s]);
            floor = fmin(floor, p->curve[c].cost_usd_per_mwh[s]);
        }
    for (int32_t g = 0; g < p->n_unit; g++)
        for (int32_t t = 0; p->unit[g].store && t < p->n_interval; t++)
            floor =
                fmin(floor, -commit_store_usd(p, p->unit[g].store->charge_curve, t));
    (void)fprintf(w->out,
                  "name: %s\n"
                  "description: An instance of unit commitment (%s)\n"
                  "time_zone: America/Phoenix\n"
                  "network: {buses: buses.csv, branches: branches.csv, base_mva: %g}\n"
                  "trade_dates: [",
                  w->name, commit_format_name(w->c->format), base_mva);
    for (int32_t d = 0; d < w->n_day; d++) {
        date_format(w->date + d, date);
        (void)fprintf(w->out, "%s%s", d ? ", " : "", date);
    }
    (void)fprintf(w->out,
                  "]\nmarket:\n"
                  "  energy_bid_cap: %.12g\n  energy_bid_floor: %.12g\n"
                  "  max_segments: 1000\n  min_segment: 0\n"
                  "  as_deployment: 60\n  as_min_size: 0\n",
                  ceil(cap), -ceil(-floor));
    put_penalty(w->out, "self_pt_demand", p->shortage_usd_per_mwh);
    put_penalty(w->out, "balance_schedule", 2 * fmin(p->shortage_usd_per_mwh, 1e6));
    put_penalty(w->out, "balance_pricing", p->shortage_usd_per_mwh);
    put_penalty(w->out, "surplus_schedule", p->surplus_usd_per_mwh);
    put_penalty(w->out, "surplus_pricing", p->surplus_usd_per_mwh);
    if (w->c->has_network) {
        put_penalty(w->out, "branch_schedule", p->branch_usd_per_mwh);
        put_penalty(w->out, "branch_pricing", p->branch_usd_per_mwh);
    }
    if (p->n_requirement > 0)
        put_penalty(w->out, "as_sr_schedule",
                    p->requirement[0].n_step > 0 ? p->requirement[0].step_usd_per_mw[0]
                                                 : HUGE_VAL);
}

enum err_code commit_scenario_write(const struct commit_case *c, const char *name,
                                    date_t date, int32_t n_day, const char *folder,
                                    struct err *err)
{
    static const struct {
        const char *name;
        void (*write)(const struct writing *w);
        bool reserve, network; /* only where there is one */
    } file[] = {{"scenario.yaml", write_settings, false, false},
                {"buses.csv", write_buses, false, false},
                {"branches.csv", write_branches, false, false},
                {"outages.csv", write_outages, false, true},
                {"scheduling_coordinators.csv", write_coordinators, false, false},
                {"resources.csv", write_resources, false, false},
                {"commitment.csv", write_commitment, false, false},
                {"energy_bids.csv", write_bids, false, false},
                {"as_requirements.csv", write_requirements, true, false},
                {"as_bids.csv", write_service_offers, true, false}};
    enum err_code code = ERR_OK;
    struct writing w = {c, &c->problem, name, date, n_day, NULL};
    for (size_t i = 0; i < sizeof file / sizeof *file && !code; i++) {
        char path[1024];
        struct output_file f = {0};
        if ((file[i].reserve && c->problem.n_requirement == 0) ||
            (file[i].network && !(c->has_network && c->problem.outages)))
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, file[i].name);
        code = output_open(path, &f, err);
        if (code)
            return code;
        w.out = f.out;
        file[i].write(&w);
        code = output_close(&f, code, err);
    }
    return code;
}
