/* record_run.c - a finished run, or a dispatched case, into a run file. */
#include "sim/app/record_run.h"
#include "sim/app/record_real_time.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/app/record_books.h"
#include "sim/app/record_field.h"
#include "sim/app/record_hull.h"
#include "sim/app/record_input.h"
#include "sim/app/record_plants.h"
#include "sim/app/record_ruc.h"
#include "sim/app/record_services.h"
#include "sim/app/record_stage.h"
#include "sim/app/version.h"
#include "solver/lp.h"
#include "solver/sparse.h"

static void meta_text(struct recorder *r, const char *name, const char *value)
{
    if (!r->code)
        r->code = run_file_meta_text(r->rf, name, value, r->err);
}

static void meta_f64(struct recorder *r, const char *name, double value)
{
    if (!r->code)
        r->code = run_file_meta_f64(r->rf, name, value, r->err);
}

static void meta_i64(struct recorder *r, const char *name, int64_t value)
{
    if (!r->code)
        r->code = run_file_meta_i64(r->rf, name, value, r->err);
}

/* What stands in /meta of every run file. */
static void record_origin(struct recorder *r, const char *name, uint64_t fingerprint,
                          enum dc_model model, const struct outcome *o)
{
    char text[160];
    (void)snprintf(text, sizeof text, "%s (%s)", version_number(), version_commit());
    meta_text(r, "program_version", text);
    meta_text(r, "scenario", name);
    (void)snprintf(text, sizeof text, "%016" PRIx64, fingerprint);
    meta_text(r, "fingerprint", text);
    meta_text(r, "dc_model", model == DC_PGLIB ? "pglib" : "matpower");
    meta_text(r, "losses", loss_placement_name(o->losses));
    meta_text(r, "shift_factors", o->shift_left_out ? "none" : "all");
    (void)snprintf(text, sizeof text, "%s, %s", lp_solver_version(),
                   sparse_library_version());
    meta_text(r, "solver", text);
}

static void record_certificate(struct recorder *r, const struct outcome *o)
{
    meta_f64(r, "objective_usd", o->objective_usd);
    meta_f64(r, "primal_residual", o->certificate.primal_residual_mw);
    meta_f64(r, "dual_residual", o->certificate.dual_residual_usd_per_mwh);
    meta_f64(r, "relative_gap", o->certificate.relative_gap);
}

static void record_settings(struct recorder *r, const struct rules *rules)
{
    int n;
    const struct rules_row *row = rules_table(&n);
    for (int i = 0; i < n && !r->code; i++) {
        double value;
        memcpy(&value, (const char *)rules + row[i].offset, sizeof value);
        r->code = run_file_setting(r->rf, row[i].name, value, r->err);
    }
}

/* Where the scenario came from, if it is a change of another. */
static void record_changes(struct recorder *r, const struct market *m)
{
    size_t n = 1;
    if (m->base_name && *m->base_name)
        meta_text(r, "base", m->base_name);
    for (int32_t k = 0; k < m->n_change; k++)
        n += strlen(m->change[k]) + 1;
    char *text = RECORD_SCRATCH(r, char, n), *end = text;
    for (int32_t k = 0; text && k < m->n_change; k++)
        end += snprintf(end, n - (size_t)(end - text), "%s%s", k ? "\n" : "",
                        m->change[k]);
    if (text && m->n_change)
        meta_text(r, "changes", text);
}

enum err_code record_run(struct run_file *rf, const struct run *run, struct err *err)
{
    const struct market *m = &run->market;
    const struct outcome *o = &run->outcome;
    struct recorder r = {.rf = rf, .err = err};
    record_input(&r, m);
    record_plants(&r, m);
    record_admission(&r, m, &run->admission);
    record_mitigation(&r, m, &run->mitigation);
    record_outcome(&r, "/day_ahead", m, &m->grid, &m->outages, m->forecast_mw, o);
    record_pieces(&r, "/day_ahead", o);
    record_branch_out(&r, m);
    record_plant_outcome(&r, "/day_ahead", o);
    if (m->n_service_region > 0)
        record_services(&r, "/day_ahead", m, &run->admission, o);
    record_hull(&r, "/day_ahead", m, o);
    record_ruc(&r, m, &run->ruc);
    record_plant_ruc(&r, &run->ruc);
    if (run->real_time.active)
        record_real_time(&r, m, &run->real_time, &run->meter);
    if (run->real_time.active && run->mitigation.active && m->rules.rt_mitigation >= 1)
        record_mitigated(&r, "/fifteen_minute_mitigation", &run->market,
                         &run->real_time.fmm_mitigation);
    if (run->real_time.active && run->mitigation.active && m->rules.rt_mitigation >= 1)
        record_mitigated(&r, "/hour_ahead_mitigation", &run->market,
                         &run->real_time.hour_ahead_mitigation);
    if (run->real_time.active && run->mitigation.active && m->rules.rt_mitigation >= 2)
        record_mitigated(&r, "/real_time_mitigation", &run->market,
                         &run->real_time.rtd_mitigation);
    if (run->real_time.active && m->n_service_region > 0)
        record_services(&r, "/fifteen_minute", m, &run->admission, &run->real_time.fmm);
    record_settlement(&r, m, &run->settlement, &run->invoices);
    record_credit(&r, m, run->account);
    record_origin(&r, m->name, m->fingerprint, m->rules.dc_model, o);
    meta_text(&r, "description", m->description);
    record_changes(&r, m);
    meta_text(&r, "time_zone", m->time_zone);
    record_certificate(&r, o);
    meta_f64(&r, "rent_residual", o->certificate.rent_residual_usd);
    meta_f64(&r, "neutrality_residual", run->settlement.worst_neutrality_usd);
    meta_i64(&r, "sum_of_charges_cents", run->settlement.sum_cents);
    record_settings(&r, &m->rules);
    arena_release(&r.scratch);
    return r.code;
}

// clang-format off
static const struct record_field bus_fields[] = {
    RECORD_FIELD("/bus_number", TABLE_I64, struct grid_bus, number),
    RECORD_FIELD("/bus_load", TABLE_F64, struct grid_bus, load_mw),
    RECORD_FIELD("/bus_shunt", TABLE_F64, struct grid_bus, shunt_mw),
};

static const struct record_field unit_fields[] = {
    RECORD_FIELD("/unit_bus", TABLE_I32, struct grid_unit, bus),
};

static const struct record_field branch_fields[] = {
    RECORD_FIELD("/branch_from", TABLE_I32, struct grid_branch, from),
    RECORD_FIELD("/branch_to", TABLE_I32, struct grid_branch, to),
    RECORD_FIELD("/branch_rate", TABLE_F64, struct grid_branch, rate_mw),
};

static const struct record_field dc_line_fields[] = {
    RECORD_FIELD("/dc_line_from", TABLE_I32, struct grid_dc_line, from),
    RECORD_FIELD("/dc_line_to", TABLE_I32, struct grid_dc_line, to),
};
// clang-format on

static void record_dc_lines(struct recorder *r, const struct grid *grid,
                            const struct outcome *o)
{
    size_t n = (size_t)o->n_interval * (size_t)o->n_dc_line;
    if (grid->n_dc_line == 0)
        return;
    RECORD_IDS(r, "/dispatch/dc_line", struct grid_dc_line, grid->dc_line,
               grid->n_dc_line);
    RECORD_FIELDS(r, "/dispatch", dc_line_fields, grid->dc_line, grid->n_dc_line);
    record_array(r, "/dispatch", "/dc_line_flow", TABLE_F64, o->dc_line_mw, n);
    record_array(r, "/dispatch", "/dc_line_received", TABLE_F64, o->dc_line_received_mw,
                 n);
}

enum err_code record_case(struct run_file *rf, const char *name, uint64_t fingerprint,
                          const struct grid *grid, const struct grid_outages *outages,
                          enum dc_model model, const struct outcome *o, struct err *err)
{
    struct recorder r = {.rf = rf, .err = err};
    RECORD_IDS(&r, "/node", struct grid_bus, grid->bus, grid->n_bus);
    RECORD_IDS(&r, "/branch", struct grid_branch, grid->branch, grid->n_branch);
    RECORD_IDS(&r, "/resource", struct grid_unit, grid->unit, grid->n_unit);
    RECORD_IDS(&r, "/sc", struct sc, (const struct sc *)NULL, 0);
    RECORD_IDS(&r, "/virtual", struct virtual_position,
               (const struct virtual_position *)NULL, 0);
    record_outcome(&r, "/dispatch", NULL, grid, outages, NULL, o);
    RECORD_FIELDS(&r, "/dispatch", bus_fields, grid->bus, grid->n_bus);
    RECORD_FIELDS(&r, "/dispatch", unit_fields, grid->unit, grid->n_unit);
    RECORD_FIELDS(&r, "/dispatch", branch_fields, grid->branch, grid->n_branch);
    record_dc_lines(&r, grid, o);
    record_origin(&r, name, fingerprint, model, o);
    record_certificate(&r, o);
    meta_i64(&r, "sum_of_charges_cents", 0);
    arena_release(&r.scratch);
    return r.code;
}
