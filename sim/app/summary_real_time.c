/* summary_real_time.c - what the day itself cost, for people and as JSON. */
#include <math.h>

#include "sim/app/amount.h"
#include "sim/app/summary.h"

/* Prices of one run of real time, and what had to give way in it. */
struct run_prices {
    double average_usd_per_mwh; /* weighted by load; 0 where there is none */
    double lowest_usd_per_mwh, highest_usd_per_mwh;
    double load_mwh;
    int32_t n_relaxed; /* intervals in which a limit gave way */
    double relaxed_usd;
};

static void weigh(const struct market *m, const struct outcome *o, struct run_prices *p)
{
    double usd = 0;
    for (int32_t t = 0; t < o->n_interval; t++)
        for (int32_t r = 0; r < m->n_resource; r++) {
            if (m->resource[r].type != RESOURCE_LOAD)
                continue;
            size_t node = (size_t)m->resource[r].node;
            double mwh = -o->award_mw[(size_t)t * (size_t)m->n_resource + (size_t)r] *
                         o->interval_h;
            p->load_mwh += mwh;
            usd += mwh * o->lmp[(size_t)t * (size_t)m->n_node + node];
        }
    p->average_usd_per_mwh = p->load_mwh > 0 ? usd / p->load_mwh : 0;
}

static struct run_prices prices_of(const struct market *m, const struct outcome *o)
{
    struct run_prices p = {.lowest_usd_per_mwh = INFINITY,
                           .highest_usd_per_mwh = -INFINITY};
    size_t n = (size_t)o->n_interval * (size_t)m->n_node;
    for (size_t k = 0; k < n; k++) {
        p.lowest_usd_per_mwh = fmin(p.lowest_usd_per_mwh, o->lmp[k]);
        p.highest_usd_per_mwh = fmax(p.highest_usd_per_mwh, o->lmp[k]);
    }
    weigh(m, o, &p);
    for (int32_t i = 0; i < o->n_relaxation; i++) {
        bool first = true; /* relaxations are not in the order of intervals */
        for (int32_t k = 0; k < i && first; k++)
            first = o->relaxation[k].interval != o->relaxation[i].interval;
        p.n_relaxed += first;
        p.relaxed_usd += o->relaxation[i].cost_usd;
    }
    return p;
}

static void print_run(const char *label, const char *name, const struct run_prices *p,
                      FILE *out)
{
    (void)fprintf(out, "%-15s %s: %s USD/MWh, ", label, name,
                  amount_from_number(p->average_usd_per_mwh, 2).text);
    (void)fprintf(out, "%s to ", amount_from_number(p->lowest_usd_per_mwh, 2).text);
    (void)fprintf(out, "%s; load %s MWh",
                  amount_from_number(p->highest_usd_per_mwh, 2).text,
                  amount_from_number(p->load_mwh, 1).text);
    if (p->n_relaxed)
        (void)fprintf(out, "; limits relaxed in %d interval%s, %s USD", p->n_relaxed,
                      p->n_relaxed == 1 ? "" : "s",
                      amount_from_number(p->relaxed_usd, 2).text);
    (void)fputc('\n', out);
}

/* ---- fast units ---- */

/* What the fifteen-minute market changed of the commitment before it. */
struct fast_facts {
    int32_t n_beside, n_within; /* quarters on beside schedules, off within them */
    double beside_usd, spared_usd;
};

static struct fast_facts fast_of(const struct rt_outcome *rt)
{
    struct fast_facts f = {0};
    size_t n = (size_t)rt->fmm.n_interval * (size_t)rt->fmm.n_resource;
    for (size_t k = 0; k < n; k++) {
        double start_usd = rt->fmm.start_cost_usd[k], usd = rt->fmm.min_load_usd[k];
        f.n_beside += usd > 0;
        f.n_within += usd < 0;
        f.beside_usd += fmax(0, start_usd) + fmax(0, usd);
        f.spared_usd -= fmin(0, start_usd) + fmin(0, usd);
    }
    return f;
}

static void print_fast(const struct rt_outcome *rt, FILE *out)
{
    struct fast_facts f = fast_of(rt);
    if (f.beside_usd == 0 && f.spared_usd == 0) /* exact: sums of nothing */
        return;
    (void)fprintf(out, "%-15s fast units: %s h beside their schedules for %s USD, ", "",
                  amount_from_number(f.n_beside / (double)RT_QUARTERS, 2).text,
                  amount_from_number(f.beside_usd, 2).text);
    (void)fprintf(out, "%s h off within them, %s USD spared\n",
                  amount_from_number(f.n_within / (double)RT_QUARTERS, 2).text,
                  amount_from_number(f.spared_usd, 2).text);
}

void summary_print_real_time(const struct market *m, const struct rt_outcome *rt,
                             FILE *out)
{
    if (!rt->active)
        return;
    struct run_prices fmm = prices_of(m, &rt->fmm), rtd = prices_of(m, &rt->rtd);
    print_run("real time", "fifteen-minute", &fmm, out);
    print_run("", "five-minute", &rtd, out);
    print_fast(rt, out);
}

static void put_run(struct json *j, const char *name, const struct market *m,
                    const struct outcome *o)
{
    struct run_prices p = prices_of(m, o);
    json_open(j, name);
    json_number(j, "lmp_average", p.average_usd_per_mwh);
    json_number(j, "lmp_min", p.lowest_usd_per_mwh);
    json_number(j, "lmp_max", p.highest_usd_per_mwh);
    json_number(j, "load_mwh", p.load_mwh);
    json_integer(j, "intervals_relaxed", p.n_relaxed);
    json_number(j, "relaxed_usd", p.relaxed_usd);
    json_close(j);
}

void summary_json_real_time(struct json *j, const struct market *m,
                            const struct rt_outcome *rt)
{
    if (!rt->active)
        return;
    put_run(j, "fifteen_minute", m, &rt->fmm);
    put_run(j, "real_time", m, &rt->rtd);
    struct fast_facts f = fast_of(rt);
    json_open(j, "fast_units");
    json_number(j, "beside_schedule_h", f.n_beside / (double)RT_QUARTERS);
    json_number(j, "beside_schedule_usd", f.beside_usd);
    json_number(j, "off_within_schedule_h", f.n_within / (double)RT_QUARTERS);
    json_number(j, "spared_usd", f.spared_usd);
    json_close(j);
}
