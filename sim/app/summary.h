/*
 * summary.h - the lines at the end of a run, for people and as JSON.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_SUMMARY_H
#define SIM_APP_SUMMARY_H

#include <stdio.h>

#include "sim/app/json_out.h"
#include "sim/app/run_pipeline.h"

struct summary_seconds {
    double read, write, total; /* the rest stands in clear_stats */
    double real_time, settle;  /* of a market; 0 where there is none */
    double written_mb;         /* in the tables of the run file, not compressed */
};

/* What a person would paste into a mail; path: where the run was written. */
void summary_print(const struct run *run, const char *path, FILE *out);
/* The same facts and the measurements as one object. */
void summary_print_json(const struct run *run, const char *path,
                        const struct summary_seconds *seconds, FILE *out);

/* Parts shared with the summary of a case. m NULL: hours are not named. */
void summary_print_relaxations(const struct market *m, const struct outcome *o,
                               FILE *out);
/* MW lost and their surplus; nothing where losses are off. */
void summary_print_losses(const struct outcome *o, FILE *out);
void summary_print_certificate(const struct outcome *o, bool with_rent, FILE *out);
/* buses, columns, rows_added, binding, seconds, written_mb, peak_memory_mb, certificate. */
void summary_json_work(struct json *j, const struct outcome *o, int32_t n_bus,
                       const struct summary_seconds *seconds);
/* Nothing where no outages were asked for. */
void summary_print_outages(const struct grid_outages *outages, const struct outcome *o,
                           FILE *out);
void summary_json_outages(struct json *j, const struct grid_outages *outages,
                          const struct outcome *o);
/* Nothing where the market has no ancillary services. */
void summary_print_services(const struct market *m, const struct outcome *o, FILE *out);
void summary_json_services(struct json *j, const struct market *m,
                           const struct outcome *o);
/* Nothing where the market has no residual commitment. */
void summary_print_ruc(const struct market *m, const struct ruc_outcome *ruc,
                       FILE *out);
void summary_json_ruc(struct json *j, const struct market *m,
                      const struct ruc_outcome *ruc);
/* Prices, load and relaxations of the fifteen-minute market and the five-minute dispatch;
 * nothing where the market has no real time. */
void summary_print_real_time(const struct market *m, const struct rt_outcome *rt,
                             FILE *out);
void summary_json_real_time(struct json *j, const struct market *m,
                            const struct rt_outcome *rt);
/* losses, loss_mw, loss_surplus_usd, loss_tangents, loss_steps, losses_proven,
 * loss_gap_usd: where they are on. */
void summary_json_losses(struct json *j, const struct outcome *o);
/* Whether the run file has its shift factors; for people only where auto left them out. */
void summary_print_shift_factors(const struct outcome *o, FILE *out);
void summary_json_shift_factors(struct json *j, const struct outcome *o);
void summary_json_relaxations(struct json *j, const struct market *m,
                              const struct outcome *o);

#endif
