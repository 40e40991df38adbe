/* synth_equip.c - load, units and what they cost. */
#include <math.h>

#include "sim/base/seeded.h"
#include "sim/synth/synth_parts.h"

enum {
    POINTS = 4,    /* of a piecewise cost */
    MOST_UNITS = 3 /* at a bus */
};

#define LOAD_MEDIAN_MW 13.0
#define LOAD_SIGMA     0.9
#define LOAD_MOST_MW   400.0

static const double load_chance[SYNTH_LEVELS] = {0.78, 0.35, 0};
static const double load_scale[SYNTH_LEVELS] = {1, 2, 0};
static const double unit_chance[SYNTH_LEVELS] = {0.085, 0.22, 0.30};

/* What one technology looks like, before sizes are scaled to the margin. */
struct plant_rules {
    double weight[SYNTH_LEVELS]; /* how often at a voltage */
    double size_mw[SYNTH_LEVELS], sigma;
    double several;             /* chance of a second unit, and then of a third */
    double pmin;                /* of pmax */
    double cheap, dear, rise;   /* marginal cost at Pmin in USD/MWh; more at Pmax */
    int32_t cost_model, n_cost; /* as in gencost */
};

// clang-format off
static const struct plant_rules rules_of[SYNTH_TECHNOLOGIES] = {
    [SYNTH_NUCLEAR] = {{0, 0, .12},     {0, 0, 1000},     .1, .5, .60,  7,  11, .05, 2, 3},
    [SYNTH_COAL]    = {{.06, .18, .28}, {80, 250, 450},   .3, .5, .35, 18,  30, .20, 2, 3},
    [SYNTH_GAS_CC]  = {{.12, .30, .35}, {70, 220, 400},   .3, .4, .30, 24,  42, .15, 1, POINTS},
    [SYNTH_GAS_CT]  = {{.32, .12, .05}, {35, 90, 150},    .5, .4,   0, 45, 110, .12, 1, POINTS},
    [SYNTH_HYDRO]   = {{.14, .10, .05}, {20, 100, 250},   .9, .4, .10,  4,  30, .50, 2, 3},
    [SYNTH_WIND]    = {{.16, .16, .10}, {60, 120, 200},   .4,  0,   0,  0,   2,   0, 2, 2},
    [SYNTH_SOLAR]   = {{.20, .14, .05}, {40, 100, 150},   .5,  0,   0,  0,   1,   0, 2, 2},
};
// clang-format on

static double rounded(double x, double per_unit)
{
    return floor(x * per_unit + 0.5) / per_unit;
}

static double add_loads(struct seeded *r, struct synth *s)
{
    double sum = 0;
    for (int32_t n = 0; n < s->n_bus; n++) {
        struct synth_bus *b = &s->bus[n];
        double mw = seeded_log_normal(r, LOAD_MEDIAN_MW, LOAD_SIGMA);
        double mvar = seeded_real(r, 0.15, 0.35);
        bool has = seeded_chance(r, load_chance[b->level]);
        mw = rounded(fmin(mw * load_scale[b->level], LOAD_MOST_MW), 10);
        if (!has && n > 0)
            continue;
        b->load_mw = fmax(mw, 0.5);
        b->load_mvar = rounded(b->load_mw * mvar, 10);
        sum += b->load_mw;
    }
    return sum;
}

static enum synth_technology some_technology(struct seeded *r, int32_t level)
{
    double sum = 0;
    for (int t = 0; t < SYNTH_TECHNOLOGIES; t++)
        sum += rules_of[t].weight[level];
    double at = seeded_real(r, 0, sum);
    for (int t = 0; t < SYNTH_TECHNOLOGIES; t++) {
        at -= rules_of[t].weight[level];
        if (at < 0)
            return (enum synth_technology)t;
    }
    return SYNTH_GAS_CC; /* rounding of the sum */
}

/* At least one plant; no more than there is room for. */
static double add_plants(struct seeded *r, struct synth *s, int32_t room)
{
    double sum = 0;
    for (int32_t n = 0; n < s->n_bus; n++) {
        int32_t level = s->bus[n].level, n_unit = 1;
        bool has = seeded_chance(r, unit_chance[level]);
        if ((!has && n > 0) || s->n_unit + MOST_UNITS > room)
            continue;
        enum synth_technology t = some_technology(r, level);
        const struct plant_rules *rule = &rules_of[t];
        n_unit += seeded_chance(r, rule->several);
        n_unit += n_unit == 2 && seeded_chance(r, rule->several);
        double mw = seeded_log_normal(r, rule->size_mw[level], rule->sigma);
        for (int32_t k = 0; k < n_unit; k++)
            s->unit[s->n_unit++] =
                (struct synth_unit){.bus = n, .technology = t, .pmax_mw = mw};
        sum += n_unit * mw;
    }
    return sum;
}

static void set_points(struct synth_unit *u, double marginal, double rise)
{
    double usd = rounded(u->pmin_mw * marginal * 1.1, 100);
    double from = u->pmin_mw;
    for (int32_t k = 0; k < POINTS; k++) {
        double step = (u->pmax_mw - u->pmin_mw) * k / (POINTS - 1);
        double to = k == POINTS - 1 ? u->pmax_mw : rounded(u->pmin_mw + step, 10);
        double slope = marginal * (1 + rise * (k - 1) / (POINTS - 2));
        usd = rounded(usd + (k ? slope : 0) * (to - from), 100);
        u->cost[2 * k] = from = to;
        u->cost[2 * k + 1] = usd;
    }
}

static void set_costs(struct seeded *r, struct synth_unit *u)
{
    const struct plant_rules *rule = &rules_of[u->technology];
    double marginal = rounded(seeded_real(r, rule->cheap, rule->dear), 100);
    double rise = rule->rise * seeded_real(r, 0.6, 1.4);
    double no_load = rounded(u->pmin_mw * marginal * 0.2, 100);
    u->cost_model = rule->cost_model;
    u->n_cost = rule->n_cost;
    if (rule->cost_model == 1) {
        set_points(u, marginal, rise);
    } else if (rule->n_cost == 3) {
        u->cost[0] = rounded(rise * marginal / (2 * u->pmax_mw), 1e6);
        u->cost[1] = marginal;
        u->cost[2] = no_load;
    } else {
        u->cost[0] = marginal;
    }
}

enum err_code synth_equip(const struct synth_options *opt, struct synth *s,
                          struct err *err)
{
    struct seeded load = seeded_begin(opt->seed, SYNTH_STREAM_LOAD);
    struct seeded unit = seeded_begin(opt->seed, SYNTH_STREAM_UNIT);
    double load_mw = add_loads(&load, s), plant_mw = 0;
    int32_t room = s->n_bus / 2 + MOST_UNITS;
    s->unit = ARENA_ARRAY(&s->arena, struct synth_unit, room);
    if (!s->unit)
        return err_set(err, ERR_NOMEM, "cannot hold the units of %d buses", s->n_bus);
    plant_mw = add_plants(&unit, s, room);
    double scale = load_mw * seeded_real(&unit, 1.28, 1.37) / plant_mw;
    for (int32_t k = 0; k < s->n_unit; k++) {
        struct synth_unit *u = &s->unit[k];
        u->pmax_mw = rounded(fmax(u->pmax_mw * scale, 2) + 0.05, 10);
        u->pmin_mw = rounded(u->pmax_mw * rules_of[u->technology].pmin, 10);
        set_costs(&unit, u);
    }
    return ERR_OK;
}
