/* synth_print.c - a synthetic network as a MATPOWER case, version 2, and in a few lines. */
#include "sim/app/synth_print.h"

#include <inttypes.h>
#include <stdbool.h>

static const struct {
    const char *name, *fuel, *type;
} technology[SYNTH_TECHNOLOGIES] = {
#define SYNTH_WORDS(name, fuel, type) {#name, fuel, type},
    SYNTH_TECHNOLOGY_MAP(SYNTH_WORDS)
#undef SYNTH_WORDS
};

/* Rows between two looks at whether to stop. */
enum {
    STRETCH = 1 << 16
};

static bool goes_on(const struct synth_options *opt, int32_t row)
{
    return row % STRETCH || !opt->stop || !opt->stop();
}

static void print_head(const struct synth *s, const char *name,
                       const struct synth_options *opt, FILE *out)
{
    (void)fprintf(out,
                  "function mpc = %s\n"
                  "%% A synthetic network: gridclear synth --buses %d --seed %" PRIu64,
                  name, s->n_bus, opt->seed);
    if (opt->n_tight >= 0)
        (void)fprintf(out, " --tight %d", opt->n_tight);
    (void)fprintf(out,
                  "\n%% No real place, company or person is described. Made for DC\n"
                  "%% studies: reactive power and voltages are plausible, not solved.\n"
                  "mpc.version = '2';\n"
                  "mpc.baseMVA = %g;\n",
                  SYNTH_BASE_MVA);
}

/* Type 3 where the largest unit is, 2 where any is. */
static void print_buses(const struct synth *s, const struct synth_options *opt,
                        FILE *out)
{
    int32_t reference = 0, u = 0;
    double most = 0;
    for (int32_t k = 0; k < s->n_unit; k++) {
        if (s->unit[k].pmax_mw > most) {
            most = s->unit[k].pmax_mw;
            reference = s->unit[k].bus;
        }
    }
    (void)fputs("\n%\tbus_i\ttype\tPd\tQd\tGs\tBs\tarea\tVm\tVa\tbaseKV\tzone\tVmax\t"
                "Vmin\nmpc.bus = [\n",
                out);
    for (int32_t n = 0; n < s->n_bus && goes_on(opt, n); n++) {
        const struct synth_bus *b = &s->bus[n];
        while (u < s->n_unit && s->unit[u].bus < n)
            u++;
        int type = n == reference ? 3 : u < s->n_unit && s->unit[u].bus == n ? 2 : 1;
        (void)fprintf(out, "\t%d\t%d\t%.10g\t%.10g\t0\t0\t1\t1\t0\t%g\t1\t1.1\t0.9;\n",
                      n + 1, type, b->load_mw, b->load_mvar, synth_level_kv(b->level));
    }
    (void)fputs("];\n", out);
}

static void print_units(const struct synth *s, const struct synth_options *opt,
                        FILE *out)
{
    (void)fputs("\n%\tbus\tPg\tQg\tQmax\tQmin\tVg\tmBase\tstatus\tPmax\tPmin\n"
                "mpc.gen = [\n",
                out);
    for (int32_t k = 0; k < s->n_unit && goes_on(opt, k); k++) {
        const struct synth_unit *u = &s->unit[k];
        double reactive = 0.4 * u->pmax_mw;
        (void)fprintf(out, "\t%d\t%.10g\t0\t%.2f\t%.2f\t1\t%.10g\t1\t%.10g\t%.10g;\n",
                      u->bus + 1, u->pmin_mw, reactive, -reactive, u->pmax_mw,
                      u->pmax_mw, u->pmin_mw);
    }
    (void)fputs("];\n", out);
}

static void print_branches(const struct synth *s, const struct synth_options *opt,
                           FILE *out)
{
    (void)fputs("\n%\tfbus\ttbus\tr\tx\tb\trateA\trateB\trateC\tratio\tangle\tstatus\t"
                "angmin\tangmax\nmpc.branch = [\n",
                out);
    for (int32_t l = 0; l < s->n_branch && goes_on(opt, l); l++) {
        const struct synth_branch *b = &s->branch[l];
        (void)fprintf(out,
                      "\t%d\t%d\t%.10g\t%.10g\t%.10g\t%.0f\t%.0f\t%.0f\t%.10g\t0\t1\t"
                      "-360\t360;\n",
                      b->from + 1, b->to + 1, b->r_pu, b->x_pu, b->b_pu, b->rate_mw,
                      b->rate_b_mw, b->rate_c_mw, b->length_km > 0 ? 0 : b->tap);
    }
    (void)fputs("];\n", out);
}

/* Rows of a matrix are equally long: zeros follow the last number of a cost. */
static void print_costs(const struct synth *s, const struct synth_options *opt,
                        FILE *out)
{
    (void)fputs("\n%\tmodel\tstartup\tshutdown\tn\tx1\ty1 ... or c(n-1) ... c0\n"
                "mpc.gencost = [\n",
                out);
    for (int32_t k = 0; k < s->n_unit && goes_on(opt, k); k++) {
        const struct synth_unit *u = &s->unit[k];
        (void)fprintf(out, "\t%d\t0\t0\t%d", u->cost_model, u->n_cost);
        for (int32_t i = 0; i < SYNTH_MAX_COST; i++)
            (void)fprintf(out, "\t%.12g", u->cost[i]);
        (void)fputs(";\n", out);
    }
    (void)fputs("];\n", out);
}

static void print_technologies(const struct synth *s, const struct synth_options *opt,
                               FILE *out)
{
    (void)fputs("\nmpc.gentype = {\n", out);
    for (int32_t k = 0; k < s->n_unit && goes_on(opt, k); k++)
        (void)fprintf(out, "\t'%s';\n", technology[s->unit[k].technology].type);
    (void)fputs("};\n\nmpc.genfuel = {\n", out);
    for (int32_t k = 0; k < s->n_unit && goes_on(opt, k); k++)
        (void)fprintf(out, "\t'%s';\n", technology[s->unit[k].technology].fuel);
    (void)fputs("};\n", out);
}

void synth_print_case(const struct synth *s, const char *name,
                      const struct synth_options *opt, FILE *out)
{
    print_head(s, name, opt, out);
    print_buses(s, opt, out);
    print_units(s, opt, out);
    print_branches(s, opt, out);
    print_costs(s, opt, out);
    print_technologies(s, opt, out);
}

void synth_print_statistics(const struct synth *s, const struct synth_statistics *t,
                            FILE *out)
{
    (void)fprintf(
        out,
        "buses           %d: %d at 115 kV, %d at 230 kV, %d at 500 kV\n"
        "branches        %d: %d lines of %.1f km on average, %d transformers, "
        "%d of them second circuits\n"
        "degree          %.2f on average, at most %d; %d buses have one branch\n"
        "load            %.1f MW at %d buses\n"
        "capacity        %.1f MW in %d units at %d buses, %.1f %% above load\n",
        s->n_bus, t->buses_at[0], t->buses_at[1], t->buses_at[2], s->n_branch,
        s->n_branch - t->n_transformer, t->mean_length_km, t->n_transformer,
        t->n_parallel, t->mean_degree, t->max_degree, t->n_radial, t->load_mw,
        t->n_load_bus, t->capacity_mw, s->n_unit, t->n_unit_bus,
        100 * (t->capacity_mw / t->load_mw - 1));
    for (int k = 0; k < SYNTH_TECHNOLOGIES; k++)
        (void)fprintf(out, "%s%s %s %.0f %%", k ? "," : "                ",
                      technology[k].fuel, technology[k].type,
                      100 * t->capacity_by_mw[k] / t->capacity_mw);
    (void)fprintf(out, "\ntight limits    %d\n", s->n_tight);
}
