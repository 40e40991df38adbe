/* record_books.c - what was decided and what is owed. */
#include "sim/app/record_books.h"

#include <stdio.h>

#include "sim/app/record_stage.h"
#include "sim/model/due_dates.h"

/* ---- admission ---- */

struct decision_row {
    int32_t sc, resource, position, interval, status;
    uint8_t real_time;
    const char *rule, *reason;
    double before_mw, after_mw;
};

struct check_row {
    int32_t date;
    struct admit_credit c;
};

// clang-format off
static const struct record_field decision_fields[] = {
    RECORD_FIELD("/sc", TABLE_I32, struct decision_row, sc),
    RECORD_FIELD("/resource", TABLE_I32, struct decision_row, resource),
    RECORD_FIELD("/virtual", TABLE_I32, struct decision_row, position),
    RECORD_FIELD("/interval", TABLE_I32, struct decision_row, interval),
    RECORD_FIELD("/rule", TABLE_TEXT, struct decision_row, rule),
    RECORD_FIELD("/status", TABLE_I32, struct decision_row, status),
    RECORD_FIELD("/before_mw", TABLE_F64, struct decision_row, before_mw),
    RECORD_FIELD("/after_mw", TABLE_F64, struct decision_row, after_mw),
    RECORD_FIELD("/reason", TABLE_TEXT, struct decision_row, reason),
};

static const struct record_field real_time_fields[] = {
    RECORD_FIELD("/real_time", TABLE_U8, struct decision_row, real_time),
};

static const struct record_field check_fields[] = {
    RECORD_FIELD("/trade_date", TABLE_I32, struct check_row, date),
    RECORD_FIELD("/sc", TABLE_I32, struct check_row, c.sc),
    RECORD_FIELD("/limit_usd", TABLE_F64, struct check_row, c.limit_usd),
    RECORD_FIELD("/carried_usd", TABLE_F64, struct check_row, c.carried_usd),
    RECORD_FIELD("/demand_usd", TABLE_F64, struct check_row, c.demand_usd),
    RECORD_FIELD("/virtual_usd", TABLE_F64, struct check_row, c.virtual_usd),
    RECORD_FIELD("/demand_admitted_usd", TABLE_F64, struct check_row, c.demand_admitted_usd),
    RECORD_FIELD("/virtual_admitted_usd", TABLE_F64, struct check_row, c.virtual_admitted_usd),
    RECORD_FIELD("/n_demand_rejected", TABLE_I32, struct check_row, c.n_demand_rejected),
    RECORD_FIELD("/n_virtual_rejected", TABLE_I32, struct check_row, c.n_virtual_rejected),
    RECORD_FIELD("/arithmetic", TABLE_TEXT, struct check_row, c.arithmetic),
};
// clang-format on

static int32_t resource_of(const struct market *m, const struct admit_decision *d)
{
    switch (d->owner_kind) {
    case ADMIT_RESOURCE:
    case ADMIT_REAL_TIME:
        return d->owner;
    case ADMIT_SERVICE:
        return m->service_bidder[d->owner].resource;
    default:
        return -1;
    }
}

static void record_decisions(struct recorder *r, const struct market *m,
                             const struct admission *a)
{
    struct decision_row *row = RECORD_SCRATCH(r, struct decision_row, a->n_decision);
    for (int32_t i = 0; row && i < a->n_decision; i++) {
        const struct admit_decision *d = &a->decision[i];
        row[i] = (struct decision_row){
            .sc = d->sc,
            .resource = resource_of(m, d),
            .real_time = d->owner_kind == ADMIT_REAL_TIME,
            .position = d->owner_kind == ADMIT_VIRTUAL ? d->owner : -1,
            .interval = d->interval,
            .status = (int32_t)d->status,
            .rule = admit_rule_id(d->rule),
            .reason = d->reason,
            .before_mw = d->before_mw,
            .after_mw = d->after_mw,
        };
    }
    record_size(r, "/admission/decision", "/decision", (size_t)a->n_decision);
    RECORD_FIELDS(r, "/admission/decision", decision_fields, row, a->n_decision);
    if (a->rt_bids.start)
        RECORD_FIELDS(r, "/admission/decision", real_time_fields, row, a->n_decision);
}

void record_admission(struct recorder *r, const struct market *m,
                      const struct admission *a)
{
    size_t n_t = (size_t)m->n_interval;
    record_intervals(r, "/admission", m, 1);
    record_array(r, "/admission", "/status", TABLE_U8, a->status,
                 n_t * (size_t)m->n_resource);
    record_array(r, "/admission", "/virtual_status", TABLE_U8, a->virtual_status,
                 n_t * (size_t)m->n_virtual);
    if (a->rt_bids.start)
        record_array(r, "/admission", "/real_time_status", TABLE_U8, a->rt_status,
                     n_t * (size_t)m->n_resource);
    record_decisions(r, m, a);
    struct check_row *row = RECORD_SCRATCH(r, struct check_row, a->n_credit);
    for (int32_t i = 0; row && i < a->n_credit; i++)
        row[i] = (struct check_row){m->day[a->credit[i].day].date, a->credit[i]};
    record_size(r, "/admission/credit", "/check", (size_t)a->n_credit);
    RECORD_FIELDS(r, "/admission/credit", check_fields, row, a->n_credit);
}

/* ---- mitigation ---- */

// clang-format off
static const struct record_field test_fields[] = {
    RECORD_FIELD("/constraint", TABLE_TEXT, struct mitigation_test, constraint),
    RECORD_FIELD("/interval", TABLE_I32, struct mitigation_test, interval),
    RECORD_FIELD("/shadow_price", TABLE_F64, struct mitigation_test, shadow_usd_per_mwh),
    RECORD_FIELD("/needed", TABLE_F64, struct mitigation_test, needed_mw),
    RECORD_FIELD("/fringe", TABLE_F64, struct mitigation_test, fringe_mw),
    RECORD_FIELD("/withheld", TABLE_F64, struct mitigation_test, withheld_mw),
    RECORD_FIELD("/residual_index", TABLE_F64, struct mitigation_test, residual_index),
    RECORD_FIELD("/competitive", TABLE_U8, struct mitigation_test, competitive),
    RECORD_FIELD("/pivotal", TABLE_TEXT, struct mitigation_test, pivotal),
};

static const struct record_field piece_fields[] = {
    RECORD_FIELD("/resource", TABLE_I32, struct mitigation_piece, resource),
    RECORD_FIELD("/interval", TABLE_I32, struct mitigation_piece, interval),
    RECORD_FIELD("/from_mw", TABLE_F64, struct mitigation_piece, from_mw),
    RECORD_FIELD("/to_mw", TABLE_F64, struct mitigation_piece, to_mw),
    RECORD_FIELD("/price", TABLE_F64, struct mitigation_piece, lmp_usd_per_mwh),
    RECORD_FIELD("/noncompetitive", TABLE_F64, struct mitigation_piece, noncompetitive_usd_per_mwh),
    RECORD_FIELD("/offered", TABLE_F64, struct mitigation_piece, offer_usd_per_mwh),
    RECORD_FIELD("/default", TABLE_F64, struct mitigation_piece, default_usd_per_mwh),
    RECORD_FIELD("/mitigated", TABLE_F64, struct mitigation_piece, mitigated_usd_per_mwh),
};
static const struct record_field plant_piece_fields[] = {
    RECORD_FIELD("/configuration", TABLE_I32, struct mitigation_piece, configuration),
};
// clang-format on

void record_mitigated(struct recorder *r, const char *group, const struct market *m,
                      const struct mitigation_tables *made)
{
    char test[64], offer[64];
    (void)snprintf(test, sizeof test, "%s/test", group);
    (void)snprintf(offer, sizeof offer, "%s/offer", group);
    record_size(r, test, "/test", (size_t)made->n_test);
    RECORD_FIELDS(r, test, test_fields, made->test, made->n_test);
    record_size(r, offer, "/piece", (size_t)made->n_piece);
    RECORD_FIELDS(r, offer, piece_fields, made->piece, made->n_piece);
    if (m->n_configuration > 0)
        RECORD_FIELDS(r, offer, plant_piece_fields, made->piece, made->n_piece);
}

void record_mitigation(struct recorder *r, const struct market *m,
                       const struct mitigation *mit)
{
    const struct outcome *o = &mit->trial;
    size_t n_t = (size_t)m->n_interval, n_price = n_t * (size_t)m->n_node;
    if (!mit->active)
        return;
    record_intervals(r, "/mitigation", m, 1);
    record_array(r, "/mitigation", "/lmp", TABLE_F64, o->lmp, n_price);
    record_array(r, "/mitigation", "/lmp_energy", TABLE_F64, o->lmp_energy, n_price);
    record_array(r, "/mitigation", "/lmp_congestion", TABLE_F64, o->lmp_congestion,
                 n_price);
    record_array(r, "/mitigation", "/lmp_loss", TABLE_F64, o->lmp_loss, n_price);
    record_array(r, "/mitigation", "/award", TABLE_F64, o->award_mw,
                 n_t * (size_t)m->n_resource);
    record_mitigated(r, "/mitigation", m, &mit->made);
}

/* ---- settlement ---- */

struct line_row {
    const char *sc;
    int32_t code, date, published, version;
    int64_t amount_cents;
};

// clang-format off
static const struct record_field code_fields[] = {
    RECORD_FIELD("_name", TABLE_TEXT, struct charge_code_row, name),
    RECORD_FIELD("_group", TABLE_TEXT, struct charge_code_row, group),
    RECORD_FIELD("_interval", TABLE_TEXT, struct charge_code_row, interval),
    RECORD_FIELD("_who", TABLE_TEXT, struct charge_code_row, who),
    RECORD_FIELD("_inputs", TABLE_TEXT, struct charge_code_row, inputs),
    RECORD_FIELD("_formula", TABLE_TEXT, struct charge_code_row, formula),
};

static const struct record_field line_fields[] = {
    RECORD_FIELD("/sc", TABLE_TEXT, struct line_row, sc),
    RECORD_FIELD("/charge_code", TABLE_I32, struct line_row, code),
    RECORD_FIELD("/trade_date", TABLE_I32, struct line_row, date),
    RECORD_FIELD("/published", TABLE_I32, struct line_row, published),
    RECORD_FIELD("/version", TABLE_I32, struct line_row, version),
    RECORD_FIELD("/amount_cents", TABLE_I64, struct line_row, amount_cents),
};

static const struct record_field invoice_fields[] = {
    RECORD_FIELD("/sc", TABLE_I32, struct invoice, sc),
    RECORD_FIELD("/date", TABLE_I32, struct invoice, date),
    RECORD_FIELD("/due", TABLE_I32, struct invoice, due),
    RECORD_FIELD("/lines", TABLE_I32, struct invoice, n_line),
    RECORD_FIELD("/amount_cents", TABLE_I64, struct invoice, amount_cents),
};

static const struct record_field interval_line_fields[] = {
    RECORD_FIELD("/sc", TABLE_I32, struct settle_interval_line, sc),
    RECORD_FIELD("/charge_code", TABLE_I32, struct settle_interval_line, code),
    RECORD_FIELD("/resource", TABLE_I32, struct settle_interval_line, resource),
    RECORD_FIELD("/virtual", TABLE_I32, struct settle_interval_line, position),
    RECORD_FIELD("/interval", TABLE_I32, struct settle_interval_line, interval),
    RECORD_FIELD("/version", TABLE_I32, struct settle_interval_line, version),
    RECORD_FIELD("/minute", TABLE_I32, struct settle_interval_line, minute),
    RECORD_FIELD("/length", TABLE_I32, struct settle_interval_line, length_min),
    RECORD_FIELD("/quantity", TABLE_F64, struct settle_interval_line, quantity_mwh),
    RECORD_FIELD("/price", TABLE_F64, struct settle_interval_line, price_usd),
    RECORD_FIELD("/amount_usd", TABLE_F64, struct settle_interval_line, amount_usd),
};
// clang-format on

static void record_codes(struct recorder *r)
{
    int n;
    const struct charge_code_row *code = charge_code_table(&n);
    int64_t *number = RECORD_SCRATCH(r, int64_t, n);
    for (int i = 0; number && i < n; i++)
        number[i] = code[i].code;
    if (number)
        r->code = run_file_set_coordinates(r->rf, "/settlement/charge_code", number,
                                           (size_t)n, r->err);
    RECORD_FIELDS(r, "/settlement/charge_code", code_fields, code, n);
}

static void record_load_prices(struct recorder *r, size_t n, const struct settlement *s)
{
    record_array(r, "/settlement", "/load_price", TABLE_F64, s->load_price_usd, n);
    record_array(r, "/settlement", "/load_price_congestion", TABLE_F64,
                 s->load_congestion_usd, n);
    record_array(r, "/settlement", "/load_price_loss", TABLE_F64, s->load_loss_usd, n);
}

static bool has_line(const struct settlement *s, int code)
{
    for (int32_t k = 0; k < s->n_line; k++)
        if (s->line[k].code == code)
            return true;
    return false;
}

/* What tier 1 of a code divides by, where there is one. */
static void record_tier(struct recorder *r, const struct market *m,
                        const struct settlement *s, const char *group, const char *name,
                        int code, const double *mwh)
{
    if (has_line(s, code))
        record_array(r, group, name, TABLE_F64, mwh, (size_t)m->n_interval);
}

/* What bid cost recovery counted, where it paid somebody. */
static void record_recovery(struct recorder *r, const struct market *m,
                            const struct settlement *s, int code,
                            enum settle_market market)
{
    const struct settle_recovery *of = &s->recovery[market];
    const char *name = market == SETTLE_DAY_AHEAD ? "day_ahead" : "real_time";
    const struct {
        const char *name;
        const double *usd;
    } want[] = {{"commitment", of->commitment},
                {"energy", of->energy},
                {"service", of->service},
                {"revenue", of->revenue}};
    bool paid = has_line(s, code);
    for (size_t k = 0; paid && k < sizeof want / sizeof *want; k++) {
        char path[32];
        (void)snprintf(path, sizeof path, "/%s_%s", name, want[k].name);
        record_array(r, "/settlement/recovery", path, TABLE_F64, want[k].usd,
                     (size_t)m->n_interval * (size_t)m->n_resource);
    }
}

void record_settlement(struct recorder *r, const struct market *m,
                       const struct settlement *s, const struct invoices *v)
{
    record_intervals(r, "/settlement", m, 1);
    record_codes(r);
    struct line_row *row = RECORD_SCRATCH(r, struct line_row, s->n_line);
    for (int32_t i = 0; row && i < s->n_line; i++) {
        const struct statement_line *line = &s->line[i];
        date_t date = m->day[line->day].date;
        row[i] = (struct line_row){line->sc == SETTLE_ISO ? "ISO" : m->sc[line->sc].id,
                                   line->code,
                                   date,
                                   due_publication(&m->rules, date, line->version),
                                   line->version,
                                   line->amount_cents};
    }
    record_size(r, "/settlement/statement", "/line", (size_t)s->n_line);
    RECORD_FIELDS(r, "/settlement/statement", line_fields, row, s->n_line);
    record_size(r, "/settlement/invoice", "/invoice", (size_t)v->n);
    RECORD_FIELDS(r, "/settlement/invoice", invoice_fields, v->invoice, v->n);
    record_size(r, "/settlement/interval_line", "/line", (size_t)s->n_interval_line);
    RECORD_FIELDS(r, "/settlement/interval_line", interval_line_fields,
                  s->interval_line, s->n_interval_line);
    if (s->load_price_usd)
        record_load_prices(r, (size_t)m->n_interval * (size_t)m->n_node, s);
    record_tier(r, m, s, "/settlement/recovery", "/committed", CHARGE_6636,
                s->committed_mwh);
    record_tier(r, m, s, "/settlement", "/residual_award", CHARGE_6806,
                s->residual_mwh);
    record_recovery(r, m, s, CHARGE_6630, SETTLE_DAY_AHEAD);
    record_recovery(r, m, s, CHARGE_6620, SETTLE_REAL_TIME);
}

/* ---- credit ---- */

struct account_day {
    int32_t date, sc;
    struct credit_account is;
};

// clang-format off
static const struct record_field account_fields[] = {
    RECORD_FIELD("/limit", TABLE_F64, struct credit_account, limit_usd),
    RECORD_FIELD("/carried", TABLE_F64, struct credit_account, carried_usd),
    RECORD_FIELD("/statement", TABLE_F64, struct credit_account, statement_usd),
    RECORD_FIELD("/extrapolated", TABLE_F64, struct credit_account, extrapolated_usd),
    RECORD_FIELD("/virtual", TABLE_F64, struct credit_account, virtual_usd),
    RECORD_FIELD("/liability", TABLE_F64, struct credit_account, liability_usd),
    RECORD_FIELD("/utilisation", TABLE_F64, struct credit_account, utilisation),
    RECORD_FIELD("/call", TABLE_F64, struct credit_account, call_usd),
    RECORD_FIELD("/status", TABLE_I32, struct credit_account, status),
};

static const struct record_field account_day_fields[] = {
    RECORD_FIELD("/trade_date", TABLE_I32, struct account_day, date),
    RECORD_FIELD("/sc", TABLE_I32, struct account_day, sc),
    RECORD_FIELD("/limit", TABLE_F64, struct account_day, is.limit_usd),
    RECORD_FIELD("/carried", TABLE_F64, struct account_day, is.carried_usd),
    RECORD_FIELD("/estimated", TABLE_F64, struct account_day, is.estimated_usd),
    RECORD_FIELD("/published", TABLE_F64, struct account_day, is.published_usd),
    RECORD_FIELD("/invoiced", TABLE_F64, struct account_day, is.invoiced_usd),
    RECORD_FIELD("/extrapolated", TABLE_F64, struct account_day, is.extrapolated_usd),
    RECORD_FIELD("/virtual", TABLE_F64, struct account_day, is.virtual_usd),
    RECORD_FIELD("/liability", TABLE_F64, struct account_day, is.liability_usd),
    RECORD_FIELD("/utilisation", TABLE_F64, struct account_day, is.utilisation),
    RECORD_FIELD("/call", TABLE_F64, struct account_day, is.call_usd),
    RECORD_FIELD("/call_due", TABLE_I32, struct account_day, is.call_due),
    RECORD_FIELD("/status", TABLE_I32, struct account_day, is.status),
};
// clang-format on

void record_credit(struct recorder *r, const struct market *m,
                   const struct credit_account *account)
{
    int32_t n = m->n_day * m->n_sc;
    const struct credit_account *last = account + n; /* when the last day ends */
    struct account_day *row = RECORD_SCRATCH(r, struct account_day, n);
    for (int32_t i = 0; row && i < n; i++)
        row[i] = (struct account_day){m->day[i / m->n_sc].date, i % m->n_sc,
                                      account[m->n_sc + i]};
    RECORD_FIELDS(r, "/credit/account", account_fields, last, m->n_sc);
    record_size(r, "/credit/day", "/row", (size_t)n);
    RECORD_FIELDS(r, "/credit/day", account_day_fields, row, n);
}
