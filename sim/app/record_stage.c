/* record_stage.c - the tables of one clearing stage, and its intervals. */
#include "sim/app/record_stage.h"

#include <math.h>
#include <stdio.h>

#include "sim/base/units.h"
#include "sim/clear/commitment.h"

enum {
    PATH_SIZE = 96
};

/* ---- intervals ---- */

struct interval_row {
    double duration_min;
    int32_t trade_date, hour_ending;
};

// clang-format off
static const struct record_field interval_fields[] = {
    RECORD_FIELD("/duration", TABLE_F64, struct interval_row, duration_min),
    RECORD_FIELD("/trade_date", TABLE_I32, struct interval_row, trade_date),
    RECORD_FIELD("/hour_ending", TABLE_I32, struct interval_row, hour_ending),
};
// clang-format on

static const double hour_min = 60;

void record_intervals(struct recorder *r, const char *group, const struct market *m,
                      int32_t per_hour)
{
    char path[PATH_SIZE];
    int32_t n = m ? per_hour * m->n_interval : 1;
    int64_t *start_min = RECORD_SCRATCH(r, int64_t, n);
    struct interval_row *row = RECORD_SCRATCH(r, struct interval_row, n);
    if (!row)
        return;
    row[0] = (struct interval_row){hour_min, 0, 1};
    for (int32_t day = 0; m && day < m->n_day; day++)
        for (int k = 0; k < per_hour * m->day[day].n_hours; k++) {
            int32_t t = per_hour * m->first_interval[day] + k;
            int h = k / per_hour;
            start_min[t] =
                m->day[day].start_utc_s[h] / 60 + k % per_hour * (60 / per_hour);
            row[t] = (struct interval_row){hour_min / per_hour, m->day[day].date,
                                           m->day[day].hour_ending[h]};
        }
    (void)snprintf(path, sizeof path, "%s/interval", group);
    r->code = run_file_set_coordinates(r->rf, path, start_min, (size_t)n, r->err);
    RECORD_FIELDS(r, group, interval_fields, row, n);
}

/* ---- constraints ---- */

struct constraint_row {
    int32_t kind;
    const char *element, *outage;
    bool upper;
    double limit;
};

struct unscreened_row {
    const char *outage;
    int32_t n_bus_cut_off;
    double load_cut_off_mw;
};

// clang-format off
static const struct record_field constraint_fields[] = {
    RECORD_FIELD("/constraint_kind", TABLE_I32, struct constraint_row, kind),
    RECORD_FIELD("/constraint_element", TABLE_TEXT, struct constraint_row, element),
    RECORD_FIELD("/constraint_outage", TABLE_TEXT, struct constraint_row, outage),
    RECORD_FIELD("/constraint_side", TABLE_U8, struct constraint_row, upper),
    RECORD_FIELD("/constraint_limit", TABLE_F64, struct constraint_row, limit),
};

static const struct record_field unscreened_fields[] = {
    RECORD_FIELD("/outage", TABLE_TEXT, struct unscreened_row, outage),
    RECORD_FIELD("/buses_cut_off", TABLE_I32, struct unscreened_row, n_bus_cut_off),
    RECORD_FIELD("/load_cut_off", TABLE_F64, struct unscreened_row, load_cut_off_mw),
};

static const struct record_field term_fields[] = {
    RECORD_FIELD("/constraint", TABLE_I32, struct flow_term, constraint),
    RECORD_FIELD("/branch", TABLE_I32, struct flow_term, branch),
    RECORD_FIELD("/weight", TABLE_F64, struct flow_term, weight),
};

static const struct record_field shift_fields[] = {
    RECORD_FIELD("/constraint", TABLE_I32, struct shift_factor, constraint),
    RECORD_FIELD("/node", TABLE_I32, struct shift_factor, node),
    RECORD_FIELD("/factor", TABLE_F64, struct shift_factor, factor),
};

static const struct record_field relaxation_fields[] = {
    RECORD_FIELD("/kind", TABLE_I32, struct relaxation, kind),
    RECORD_FIELD("/interval", TABLE_I32, struct relaxation, interval),
    RECORD_FIELD("/resource", TABLE_I32, struct relaxation, owner),
    RECORD_FIELD("/mw", TABLE_F64, struct relaxation, mw),
    RECORD_FIELD("/cost_usd", TABLE_F64, struct relaxation, cost_usd),
    RECORD_FIELD("/text", TABLE_TEXT, struct relaxation, text),
};
// clang-format on

static const char *element_of(const struct market *m, const struct grid *grid,
                              const struct constraint *c)
{
    if (c->kind == CONSTRAINT_BRANCH)
        return grid->branch[c->index].id;
    if (c->kind == CONSTRAINT_TIE)
        return m ? m->tie[c->index].id : "";
    if (c->kind == CONSTRAINT_SERVICE)
        return m->service_region[c->index / SERVICES].id;
    return m ? m->resource[c->index].id : grid->unit[c->index].id;
}

/* The limit as the hours had it, NaN where they differ. Rows come in the order of the
 * constraints: those of c begin at *row, which moves behind them. */
static double limit_of(const struct outcome *o, const struct constraint *c,
                       int32_t *row)
{
    double limit = o->row[*row].limit;
    for (; *row < o->n_row; ++*row) {
        const struct outcome_row *of = &o->row[*row];
        if (of->kind != c->kind || of->index != c->index || of->outage != c->outage ||
            of->upper != c->upper)
            break;
        if (!num_close(of->limit, limit, 0, 1e-12))
            limit = (double)NAN;
    }
    return limit;
}

static void record_limits(struct recorder *r, const char *group, const struct market *m,
                          const struct grid *grid, const struct grid_outages *outages,
                          const struct outcome *o)
{
    char path[PATH_SIZE];
    struct constraint_row *row =
        RECORD_SCRATCH(r, struct constraint_row, o->n_constraint);
    for (int32_t c = 0, at = 0; row && c < o->n_constraint; c++)
        row[c] = (struct constraint_row){
            (int32_t)o->constraint[c].kind, element_of(m, grid, &o->constraint[c]),
            o->constraint[c].outage < 0 ? "" : outages->id[o->constraint[c].outage],
            o->constraint[c].upper, limit_of(o, &o->constraint[c], &at)};
    (void)snprintf(path, sizeof path, "%s/constraint", group);
    RECORD_IDS(r, path, struct constraint, o->constraint, o->n_constraint);
    RECORD_FIELDS(r, group, constraint_fields, row, o->n_constraint);
    record_array(r, group, "/shadow_price", TABLE_F64, o->shadow_price,
                 (size_t)o->n_interval * (size_t)o->n_constraint);

    record_array(r, group, "/branch_susceptance", TABLE_F64, o->susceptance_mw_per_rad,
                 (size_t)o->n_branch);
    record_array(r, group, "/reference_weight", TABLE_F64, o->reference_weight,
                 (size_t)o->n_node);
    (void)snprintf(path, sizeof path, "%s/flow_term", group);
    record_size(r, path, "/flow_term", (size_t)o->n_term);
    RECORD_FIELDS(r, path, term_fields, o->term, o->n_term);

    (void)snprintf(path, sizeof path, "%s/shift_factor", group);
    record_size(r, path, "/shift_factor", (size_t)o->n_shift);
    RECORD_FIELDS(r, path, shift_fields, o->shift, o->n_shift);

    (void)snprintf(path, sizeof path, "%s/relaxation", group);
    record_size(r, path, "/relaxation", (size_t)o->n_relaxation);
    RECORD_FIELDS(r, path, relaxation_fields, o->relaxation, o->n_relaxation);
}

static void record_unscreened(struct recorder *r, const char *group,
                              const struct grid_outages *outages,
                              const struct outcome *o)
{
    char path[PATH_SIZE];
    struct unscreened_row *row =
        RECORD_SCRATCH(r, struct unscreened_row, o->n_unscreened);
    for (int32_t k = 0; row && k < o->n_unscreened; k++)
        row[k] = (struct unscreened_row){outages->id[o->unscreened[k].outage],
                                         o->unscreened[k].n_bus_cut_off,
                                         o->unscreened[k].load_cut_off_mw};
    (void)snprintf(path, sizeof path, "%s/unscreened", group);
    record_size(r, path, "/unscreened", (size_t)o->n_unscreened);
    RECORD_FIELDS(r, path, unscreened_fields, row, o->n_unscreened);
}

void record_outcome(struct recorder *r, const char *group, const struct market *m,
                    const struct grid *grid, const struct grid_outages *outages,
                    const double *load_mw, const struct outcome *o)
{
    size_t n_t = (size_t)o->n_interval;
    bool commits = m && commitment_is_wanted(m);
    const struct {
        const char *name;
        const double *value; /* NULL: not of this stage */
        int32_t n;           /* along the second dimension */
    } table[] = {
        {"/lmp", o->lmp, o->n_node},
        {"/lmp_energy", o->lmp_energy, o->n_node},
        {"/lmp_congestion", o->lmp_congestion, o->n_node},
        {"/lmp_loss", o->lmp_loss, o->n_node},
        {"/award", o->award_mw, o->n_resource},
        {"/virtual_award", m ? o->virtual_award_mw : NULL, o->n_virtual},
        {"/energy", m ? o->energy_mwh : NULL, o->n_resource},
        {"/flow", o->flow_mw, o->n_branch},
        {"/load_forecast", load_mw, o->n_node},
        {"/shortage", o->shortage_mw, 1},
        {"/surplus", o->surplus_mw, 1},
        {"/rent", o->rent_usd, 1},
        {"/start_cost", commits ? o->start_cost_usd : NULL, o->n_resource},
        {"/min_load_cost", commits ? o->min_load_usd : NULL, o->n_resource},
        {"/branch_loss", o->losses ? o->branch_loss_mw : NULL, o->n_branch},
        {"/loss", o->losses ? o->loss_mw : NULL, 1},
        {"/loss_surplus", o->losses ? o->loss_surplus_usd : NULL, 1},
    };
    record_intervals(r, group, m, (int32_t)round(1 / o->interval_h));
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
        if (table[k].value)
            record_array(r, group, table[k].name, TABLE_F64, table[k].value,
                         n_t * (size_t)table[k].n);
    if (commits)
        record_array(r, group, "/on", TABLE_U8, o->on, n_t * (size_t)o->n_resource);
    record_limits(r, group, m, grid, outages, o);
    if (o->n_outage > 0)
        record_unscreened(r, group, outages, o);
}

/* ---- what the market could choose from ---- */

// clang-format off
static const struct record_field piece_fields[] = {
    RECORD_FIELD("/interval", TABLE_I32, struct cleared_piece, interval),
    RECORD_FIELD("/resource", TABLE_I32, struct cleared_piece, resource),
    RECORD_FIELD("/virtual", TABLE_I32, struct cleared_piece, position),
    RECORD_FIELD("/kind", TABLE_I32, struct cleared_piece, kind),
    RECORD_FIELD("/from_mw", TABLE_F64, struct cleared_piece, from_mw),
    RECORD_FIELD("/to_mw", TABLE_F64, struct cleared_piece, to_mw),
    RECORD_FIELD("/price", TABLE_F64, struct cleared_piece, usd_per_mwh),
};
// clang-format on

static const int64_t most_pieces = 4000000;

void record_pieces(struct recorder *r, const char *group, const struct outcome *o)
{
    char path[PATH_SIZE];
    if (!o->ramp_free || o->n_piece > most_pieces)
        return;
    (void)snprintf(path, sizeof path, "%s/piece", group);
    record_size(r, path, "/piece", (size_t)o->n_piece);
    RECORD_FIELDS(r, path, piece_fields, o->piece, o->n_piece);
    record_array(r, group, "/ramp_free", TABLE_U8, o->ramp_free,
                 (size_t)o->n_interval * (size_t)o->n_resource);
}

struct out_row {
    int32_t interval, branch;
};

// clang-format off
static const struct record_field out_fields[] = {
    RECORD_FIELD("/interval", TABLE_I32, struct out_row, interval),
    RECORD_FIELD("/branch", TABLE_I32, struct out_row, branch),
};
// clang-format on

void record_branch_out(struct recorder *r, const struct market *m)
{
    size_t n = 0;
    for (int pass = 0; m->network_state && pass < 2; pass++) {
        struct out_row *row = pass ? RECORD_SCRATCH(r, struct out_row, n) : NULL;
        if (pass && !row)
            return;
        n = 0;
        for (int32_t t = 0; t < m->n_interval; t++) {
            int32_t k = m->network_state[t];
            for (int32_t e = k < 0 ? 0 : m->outages.branch_start[k];
                 k >= 0 && e < m->outages.branch_start[k + 1]; e++, n++)
                if (row)
                    row[n] = (struct out_row){t, m->outages.branch[e]};
        }
        if (!pass)
            continue;
        record_size(r, "/input/branch_out", "/row", n);
        RECORD_FIELDS(r, "/input/branch_out", out_fields, row, n);
    }
}
