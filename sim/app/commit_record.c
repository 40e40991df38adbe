/* commit_record.c - a solved instance of unit commitment as tables of a run file. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "sim/app/commit_result.h"
#include "sim/app/record_field.h"
#include "sim/app/version.h"
#include "solver/lp.h"
#include "solver/sparse.h"

static const double h_to_min = 60;

enum {
    MIN_PER_H = 60,
    H_PER_DAY = 24
};

static void labels(struct recorder *r, const char *path, const char *const *id,
                   int32_t n)
{
    if (!r->code)
        r->code = run_file_set_labels(r->rf, path, id, (size_t)n, r->err);
}

static void put_f64(struct recorder *r, const char *name, const double *value, size_t n)
{
    record_array(r, "/commitment", name, TABLE_F64, value, n);
}

/* An instance has no dates: hours count from the first midnight of the calendar. */
static void record_intervals(struct recorder *r, const struct commit_problem *p)
{
    size_t n = (size_t)p->n_interval;
    int64_t *start_min = RECORD_SCRATCH(r, int64_t, n);
    double *duration_min = RECORD_SCRATCH(r, double, n);
    int32_t *trade_date = RECORD_SCRATCH(r, int32_t, n);
    int32_t *hour_ending = RECORD_SCRATCH(r, int32_t, n);
    if (!start_min || !duration_min || !trade_date || !hour_ending)
        return;
    for (size_t t = 0; t < n; t++) {
        duration_min[t] = h_to_min * p->interval_h;
        start_min[t] = llround((double)t * duration_min[t]);
        trade_date[t] = (int32_t)(start_min[t] / (MIN_PER_H * H_PER_DAY));
        hour_ending[t] = (int32_t)(start_min[t] / MIN_PER_H % H_PER_DAY) + 1;
    }
    r->code =
        run_file_set_coordinates(r->rf, "/commitment/interval", start_min, n, r->err);
    put_f64(r, "/duration", duration_min, n);
    record_array(r, "/commitment", "/trade_date", TABLE_I32, trade_date, n);
    record_array(r, "/commitment", "/hour_ending", TABLE_I32, hour_ending, n);
}

static void record_scales(struct recorder *r, const struct commit_case *c)
{
    const struct commit_problem *p = &c->problem;
    record_intervals(r, p);
    labels(r, "/resource", c->unit_id, p->n_unit);
    labels(r, "/node", c->bus_id, c->network.n_bus);
    labels(r, "/branch", c->branch_id, c->network.n_branch);
    labels(r, "/sc", NULL, 0);
    labels(r, "/virtual", NULL, 0);
    labels(r, "/commitment/other", c->other_id, p->n_other);
    labels(r, "/commitment/product", c->product_id, c->n_product);
    labels(r, "/commitment/requirement", c->requirement_id, p->n_requirement);
}

static const char *offer_label(struct recorder *r, const char *unit,
                               const char *product)
{
    size_t size = strlen(unit) + strlen(product) + 2;
    char *text = RECORD_SCRATCH(r, char, size);
    if (text)
        (void)snprintf(text, size, "%s:%s", unit, product);
    return text;
}

/* Only products that a unit may hold. */
static void record_reserve(struct recorder *r, const struct commit_case *c,
                           const struct commit_answer *a)
{
    const struct commit_problem *p = &c->problem;
    size_t n = 0, k = 0;
    for (int32_t g = 0; g < p->n_unit; g++)
        n += (size_t)p->unit[g].n_offer;
    const char **label = RECORD_SCRATCH(r, const char *, n);
    int32_t *unit = RECORD_SCRATCH(r, int32_t, n);
    int32_t *product = RECORD_SCRATCH(r, int32_t, n);
    double *held_mw = RECORD_SCRATCH(r, double, n *(size_t)p->n_interval);
    if (!label || !unit || !product || !held_mw)
        return;
    for (int32_t g = 0; g < p->n_unit; g++)
        for (int32_t o = 0; o < p->unit[g].n_offer; o++, k++) {
            unit[k] = g;
            product[k] = p->unit[g].offer[o].product;
            label[k] = offer_label(r, c->unit_id[g], c->product_id[product[k]]);
            for (size_t t = 0; t < (size_t)p->n_interval; t++)
                held_mw[t * n + k] = a->reserve_mw[(t * (size_t)p->n_unit + (size_t)g) *
                                                       COMMIT_PRODUCTS +
                                                   (size_t)product[k]];
        }
    labels(r, "/commitment/offer", label, (int32_t)n);
    record_array(r, "/commitment", "/offer_unit", TABLE_I32, unit, n);
    record_array(r, "/commitment", "/offer_product", TABLE_I32, product, n);
    put_f64(r, "/reserve", held_mw, n * (size_t)p->n_interval);
}

static void record_schedule(struct recorder *r, const struct commit_problem *p,
                            const struct commit_answer *a)
{
    size_t n_t = (size_t)p->n_interval, n_unit = n_t * (size_t)p->n_unit;
    record_array(r, "/commitment", "/on", TABLE_U8, a->on, n_unit);
    put_f64(r, "/power", a->power_mw, n_unit);
    if (a->charge_mw) {
        put_f64(r, "/charge", a->charge_mw, n_unit);
        put_f64(r, "/energy", a->energy_mwh, n_unit);
    }
    put_f64(r, "/start_cost", a->start_cost_usd, n_unit);
    put_f64(r, "/other_power", a->other_mw, n_t * (size_t)p->n_other);
    put_f64(r, "/load", p->load_mw, n_t);
    put_f64(r, "/shortage", a->shortage_mw, n_t);
    put_f64(r, "/surplus", a->surplus_mw, n_t);
    put_f64(r, "/shortfall", a->shortfall_mw, n_t * (size_t)p->n_requirement);
}

/* lambda + congestion at every bus, where there is a network. */
static void record_lmp(struct recorder *r, const struct commit_case *c,
                       const char *name, const double *lambda, const double *congestion)
{
    size_t n_bus = (size_t)c->network.n_bus, n_t = (size_t)c->problem.n_interval;
    double *lmp = congestion ? RECORD_SCRATCH(r, double, n_bus *n_t) : NULL;
    if (!lmp)
        return;
    for (size_t i = 0; i < n_bus * n_t; i++)
        lmp[i] = lambda[i / n_bus] + congestion[i];
    put_f64(r, name, lmp, n_bus * n_t);
}

static void record_prices(struct recorder *r, const struct commit_case *c,
                          const struct commit_answer *a)
{
    size_t n_t = (size_t)c->problem.n_interval;
    size_t n_need = n_t * (size_t)c->problem.n_requirement;
    put_f64(r, "/energy_price", a->lambda_usd_per_mwh, n_t);
    put_f64(r, "/reserve_price", a->requirement_usd_per_mw, n_need);
    record_lmp(r, c, "/lmp", a->lambda_usd_per_mwh, a->congestion_usd_per_mwh);
    put_f64(r, "/hull_energy_price", a->hull_lambda_usd_per_mwh, n_t);
    put_f64(r, "/hull_reserve_price", a->hull_requirement_usd_per_mw, n_need);
    record_lmp(r, c, "/hull_lmp", a->hull_lambda_usd_per_mwh,
               a->hull_congestion_usd_per_mwh);
}

// clang-format off
static const struct record_field uplift_fields[] = {
    RECORD_FIELD("/cost", TABLE_F64, struct uplift, cost_usd),
    RECORD_FIELD("/revenue", TABLE_F64, struct uplift, revenue_usd),
    RECORD_FIELD("/make_whole", TABLE_F64, struct uplift, make_whole_usd),
    RECORD_FIELD("/lost_opportunity", TABLE_F64, struct uplift, lost_opportunity_usd),
};

static const struct record_field hull_uplift_fields[] = {
    RECORD_FIELD("/hull_revenue", TABLE_F64, struct uplift, revenue_usd),
    RECORD_FIELD("/hull_make_whole", TABLE_F64, struct uplift, make_whole_usd),
    RECORD_FIELD("/hull_lost_opportunity", TABLE_F64, struct uplift, lost_opportunity_usd),
};
// clang-format on

static void meta_f64(struct recorder *r, const char *name, double value)
{
    if (!r->code)
        r->code = run_file_meta_f64(r->rf, name, value, r->err);
}

static void meta_text(struct recorder *r, const char *name, const char *value)
{
    if (!r->code)
        r->code = run_file_meta_text(r->rf, name, value, r->err);
}

static void record_meta(struct recorder *r, const struct commit_result *result,
                        uint64_t fingerprint)
{
    char text[160];
    (void)snprintf(text, sizeof text, "%s (%s)", version_number(), version_commit());
    meta_text(r, "program_version", text);
    meta_text(r, "scenario", result->name);
    (void)snprintf(text, sizeof text, "%016" PRIx64, fingerprint);
    meta_text(r, "fingerprint", text);
    (void)snprintf(text, sizeof text, "%s, %s", lp_solver_version(),
                   sparse_library_version());
    meta_text(r, "solver", text);
    meta_f64(r, "objective_usd", result->answer->cost_usd);
    meta_f64(r, "bound_usd", result->answer->bound_usd);
    meta_f64(r, "hull_value_usd", result->answer->hull_value_usd);
    meta_f64(r, "primal_residual", result->certificate->violation_mw);
    meta_f64(r, "relative_gap", result->answer->gap);
    if (!r->code)
        r->code = run_file_meta_i64(r->rf, "sum_of_charges_cents", 0, r->err);
}

enum err_code commit_result_record(const struct commit_result *result,
                                   uint64_t fingerprint, struct run_file *rf,
                                   struct err *err)
{
    const struct commit_case *c = result->instance;
    struct recorder r = {.rf = rf, .err = err};
    record_scales(&r, c);
    record_reserve(&r, c, result->answer);
    record_schedule(&r, &c->problem, result->answer);
    record_prices(&r, c, result->answer);
    RECORD_FIELDS(&r, "/commitment", uplift_fields, result->uplift, c->problem.n_unit);
    RECORD_FIELDS(&r, "/commitment", hull_uplift_fields, result->hull_uplift,
                  c->problem.n_unit);
    record_meta(&r, result, fingerprint);
    arena_release(&r.scratch);
    return r.code;
}
