/* feed_iso_ne.c - documents in the manner of ISO New England's web services. */
#include "results/feed_iso_ne.h"

#include <math.h>

enum err_code iso_ne_begin(struct feed *f, struct err *err)
{
    return feed_add_text(f, "BeginDate", &f->interval, f->clock.begin, f->clock.n, err);
}

double *iso_ne_negated(struct feed *f, const double *v, size_t n, struct err *err)
{
    double *out = FEED_ARRAY(f, double, n, err);
    for (size_t i = 0; out && i < n; i++)
        out[i] = 0 - v[i];
    return out;
}

/* ---- prices ---- */

static enum err_code build_lmp(struct feed *f, struct err *err)
{
    static const char *const columns[] = {"LmpTotal", "EnergyComponent",
                                          "CongestionComponent", "LossComponent"};
    static const char *const parts[] = {"lmp", "lmp_energy", "lmp_congestion",
                                        "lmp_loss"};
    feed_cross(f, f->n_node, NULL);
    enum err_code code = iso_ne_begin(f, err);
    if (!code)
        code = feed_add_location(f, err);
    for (int k = 0; k < 4 && !code; k++) {
        double *price = NULL;
        code = feed_matrix(f, parts[k], f->n_node, &price, err);
        if (!code)
            code = feed_add_matrix(f, columns[k], price, f->n_node, err);
    }
    return code;
}

/* Averages of the hours that the intervals cover. */
static enum err_code build_hourly_lmp(struct feed *f, struct err *err)
{
    enum err_code code = feed_group(f, FEED_HOUR, err);
    return code ? code : build_lmp(f, err);
}

/* Hours ending 8 to 23 of Monday to Friday; holidays are not known here. */
static bool is_on_peak(const struct feed_clock *c, size_t t)
{
    return feed_weekday(c->date[t]) < 5 && c->hour[t] >= 8 && c->hour[t] <= 23;
}

/* Average of the peak or the other hours of each period; NaN where there are none. */
static enum err_code add_part_average(struct feed *f, const char *name,
                                      const double *price, bool peak, struct err *err)
{
    size_t n_node = f->n_node;
    double *sum = FEED_ARRAY(f, double, f->clock.n *n_node, err);
    double *hours = FEED_ARRAY(f, double, f->clock.n, err);
    if (!sum || !hours)
        return ERR_NOMEM;
    for (size_t t = 0; t < f->fine.n; t++) {
        if (is_on_peak(&f->fine, t) != peak)
            continue;
        size_t to = (size_t)f->period[t];
        hours[to] += f->fine.hours[t];
        for (size_t i = 0; i < n_node; i++)
            sum[to * n_node + i] += f->fine.hours[t] * price[t * n_node + i];
    }
    for (size_t i = 0; i < f->clock.n * n_node; i++) {
        if (hours[i / n_node] > 0)
            sum[i] /= hours[i / n_node];
        else
            sum[i] = NAN;
    }
    return feed_add_matrix(f, name, sum, n_node, err);
}

static enum err_code build_index(struct feed *f, enum feed_period by, struct err *err)
{
    void *price = NULL;
    double *all = NULL;
    size_t n = 0;
    enum err_code code = feed_group(f, by, err);
    if (!code)
        code = feed_load(f, "lmp", &price, &n, err);
    feed_cross(f, f->n_node, NULL);
    if (!code)
        code = iso_ne_begin(f, err);
    if (!code)
        code = feed_add_location(f, err);
    if (!code)
        code = add_part_average(f, "OnPeak", price, true, err);
    if (!code)
        code = add_part_average(f, "OffPeak", price, false, err);
    if (!code)
        code = feed_average(f, price, f->n_node, &all, err);
    return code ? code : feed_add_matrix(f, "Average", all, f->n_node, err);
}

static enum err_code build_daily_index(struct feed *f, struct err *err)
{
    return build_index(f, FEED_DAY, err);
}

static enum err_code build_weekly_index(struct feed *f, struct err *err)
{
    return build_index(f, FEED_WEEK, err);
}

static enum err_code build_monthly_index(struct feed *f, struct err *err)
{
    return build_index(f, FEED_MONTH, err);
}

/* ---- limits ---- */

static enum err_code build_constraints(struct feed *f, struct err *err)
{
    struct feed_binding b;
    enum err_code code = feed_find_binding(f, true, true, &b, err);
    if (code)
        return code;
    size_t n = b.n_constraint;
    const char **cause = FEED_ARRAY(f, const char *, n, err);
    const char **flag = FEED_ARRAY(f, const char *, n, err);
    double *value = iso_ne_negated(f, b.price, b.n, err);
    if (!cause || !flag || !value)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        cause[i] = b.outage[i][0] ? b.outage[i] : "BASE CASE";
        flag[i] = b.is_tie[i] ? "Y" : "N";
    }
    feed_pick(f, b.interval, b.constraint, b.n);
    const struct feed_axis each = {1, b.n, NULL};
    code = iso_ne_begin(f, err);
    if (!code)
        code = feed_add_text(f, "ConstraintName", &f->place, b.element, n, err);
    if (!code)
        code = feed_add_text(f, "ContingencyName", &f->place, cause, n, err);
    if (!code)
        code = feed_add_text(f, "InterfaceFlag", &f->place, flag, n, err);
    return code ? code
                : feed_add(f, "MarginalValue", &each, TABLE_F64, VIEW_VALUE, value, b.n,
                           err);
}

// clang-format off
#define DA  "/day_ahead"
#define FMM "/fifteen_minute"
#define RT  "/real_time"
#define LIST(word) word "s", word

const struct feed_report feed_iso_ne_reports[] = {
    {"hourlylmp/da/final", "lmp", DA, LIST("HourlyLmp"), build_lmp, NULL},
    {"hourlylmp/rt/prelim", NULL, RT, LIST("HourlyLmp"), build_hourly_lmp, NULL},
    {"hourlylmp/rt/final", NULL, RT, LIST("HourlyLmp"), build_hourly_lmp, NULL},
    {"fiveminutelmp/prelim", NULL, RT, LIST("FiveMinLmp"), build_lmp, NULL},
    {"fiveminutelmp/final", "lmp", RT, LIST("FiveMinLmp"), build_lmp, NULL},
    {"lmpIndex", NULL, DA, "LmpIndices", "LmpIndex", build_daily_index, NULL},
    {"weeklylmpindex", NULL, DA, "LmpIndices", "LmpIndex", build_weekly_index, NULL},
    {"monthlylmpindex", NULL, DA, "LmpIndices", "LmpIndex", build_monthly_index, NULL},
    {"dayaheadhourlydemand", "load", DA, LIST("HourlyDaDemand"), iso_ne_hourly_demand, NULL},
    {"realtimehourlydemand", "load", RT, LIST("HourlyRtDemand"), iso_ne_hourly_demand, NULL},
    {"fiveminutesystemload", NULL, RT, LIST("FiveMinSystemLoad"), iso_ne_five_minute_load, NULL},
    {"hourlysysload", NULL, RT, LIST("HourlySystemLoad"), iso_ne_hourly_load, NULL},
    {"hourlyloadforecast", "load_forecast", DA, LIST("HourlyLoadForecast"), iso_ne_load_forecast, "load_forecast"},
    {"dayaheadconstraints", "constraint", DA, LIST("DayAheadConstraint"), build_constraints, NULL},
    {"realtimeconstraints/prelim", NULL, RT, LIST("RealTimeConstraint"), build_constraints, NULL},
    {"realtimeconstraints/final", "constraint", RT, LIST("RealTimeConstraint"), build_constraints, NULL},
    {"fifteenminuteconstraints/prelim", NULL, FMM, LIST("FifteenMinConstraint"), build_constraints, NULL},
    {"fifteenminuteconstraints/final", "constraint", FMM, LIST("FifteenMinConstraint"), build_constraints, NULL},
    {"actualinterchange", "tie", RT, LIST("ActualInterchange"), iso_ne_hourly_interchange, NULL},
    {"fifteenminuteinterchange", "tie", FMM, LIST("ActualInterchange"), iso_ne_interchange, NULL},
    {"hourlybainterchange", "tie", DA, LIST("HourlyBaInterchange"), iso_ne_hourly_interchange, NULL},
    {"externalflow", NULL, RT, LIST("ExternalFlow"), iso_ne_external_flow, NULL},
    {"genfuelmix", "award", RT, "GenFuelMixes", "GenFuelMix", iso_ne_fuel_mix, NULL},
    {"fiveminutercp", NULL, RT, LIST("FiveMinRcp"), iso_ne_regulation, "as_requirement"},
    {"fiveminutereserveprice", NULL, RT, LIST("FiveMinReservePrice"), iso_ne_reserve, "as_requirement"},
    {"hourlyprelimreserveprice", NULL, RT, LIST("HourlyReservePrice"), iso_ne_hourly_reserve, "as_requirement"},
    {"hourlyfinalreserveprice", NULL, RT, LIST("FinalHourlyReservePrice"), iso_ne_hourly_reserve, "as_requirement"},
    {"daasreservedata", "as_price", DA, LIST("DayAheadReserve"), iso_ne_reserve, "as_requirement"},
};
// clang-format on

const size_t feed_n_iso_ne = sizeof feed_iso_ne_reports / sizeof *feed_iso_ne_reports;
