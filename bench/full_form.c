/*
 * full_form.c - the twin of a measured row: the same dispatch in the usual full form.
 *
 *     full_form [--dc-model matpower|pglib] [--method primal|dual] [--chords N]
 *               [--write FILE.mps] CASE.m|SCENARIO
 *
 * A case goes through the program's own reader and becomes the program's own struct
 * dispatch_problem, and so does a scenario, day by day; this file is linked with
 * --wrap=dispatch_solve, so that it sees each problem before the solver does. It states
 * the whole of it at once:
 *
 *     a column per bus angle, a column per piece of cost, a column per power of several
 *     pieces (the sum of them), a column per stored energy
 *     balance     sum of P at the bus - sum of b (theta_from - theta_to - shift) = load
 *     branch      min <= b (theta_from - theta_to - shift) <= max, where there is a limit
 *     and a row per ramp, group and store as in solver/dispatch.h, (6) to (8)
 *
 * and gives it to GLPK as `glpsol` would: presolver on, all else at its default; if that ends
 * in a singular basis, without presolver and from the basis of slacks. Limits are hard: where
 * the program relaxes one there is no answer here. A polynomial cost is N chords of its range
 * (default 50); the cost that is told is the polynomial's, at the powers found.
 * A store may charge and discharge in one hour; the flow around a loop of bus ties is free.
 *
 * The program's own answer follows, and one JSON object says both costs and the seconds
 * that reading, stating and solving took. With --write the first problem is written as free
 * MPS instead of being solved, for other solvers.
 */
#include <glpk.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/app/run_pipeline.h"
#include "sim/base/stopwatch.h"
#include "sim/clear/case_dispatch.h"
#include "sim/input/matpower.h"
#include "solver/dispatch.h"

struct settings {
    const char *input, *write_path;
    enum dc_model dc_model;
    int method; /* of GLPK */
    int chords;
};

/* All the dispatches of a run together. */
struct told {
    bool is_case; /* one problem, whatever penalty it is tried with */
    int n_problem;
    const char *status;
    double objective_usd, ours_usd;
    int rows, columns, entries; /* of the last problem */
    double read_s, state_s, solve_s;
};

static struct settings settings = {.method = GLP_PRIMAL, .chords = 50};
static struct told told = {.status = "optimal"};

struct entry {
    int row, col; /* from 1, as GLPK counts */
    double value;
};

struct form {
    const struct dispatch_problem *p;
    const struct network_data *d;
    glp_prob *lp;
    struct entry *entry;
    size_t n_entry, room;
    int *first_piece; /* [segments + 1] first column of each */
    int *power;       /* [n_interval][n_injection] column of P - base, 0 = none */
    const struct dispatch_polynomial **polynomial; /* [n_injection] NULL = none */
    int angle, energy;                             /* first columns */
    double rad; /* an angle column counts in this many radians */
};

static void *room_for(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (!p) {
        fputs("full_form: out of memory\n", stderr);
        exit(4);
    }
    return p;
}

/* ---- one column, one row, one entry ---- */

static int bound_type(double lo, double up)
{
    if (isinf(lo))
        return isinf(up) ? GLP_FR : GLP_UP;
    if (isinf(up))
        return GLP_LO;
    return lo < up ? GLP_DB : GLP_FX;
}

static int add_column(struct form *x, double cost, double lo, double up)
{
    int col = glp_add_cols(x->lp, 1);
    glp_set_obj_coef(x->lp, col, cost);
    glp_set_col_bnds(x->lp, col, bound_type(lo, up), lo, up);
    return col;
}

static int add_row(struct form *x, double lo, double up)
{
    int row = glp_add_rows(x->lp, 1);
    glp_set_row_bnds(x->lp, row, bound_type(lo, up), lo, up);
    return row;
}

static void put(struct form *x, int row, int col, double value)
{
    if (col == 0 || fpclassify(value) == FP_ZERO)
        return;
    if (x->n_entry == x->room) {
        x->room = 2 * x->room + 4096;
        x->entry = realloc(x->entry, x->room * sizeof *x->entry);
        if (!x->entry) {
            fputs("full_form: out of memory\n", stderr);
            exit(4);
        }
    }
    x->entry[x->n_entry++] = (struct entry){row, col, value};
}

/* ---- powers and their cost ---- */

static double polynomial_at(const struct dispatch_polynomial *f, double mw)
{
    double sum = 0;
    for (int32_t k = f->n_coef; k-- > 0;)
        sum = sum * mw + f->coef[k];
    return sum;
}

/* Columns of segment s of injection i in t: itself, or the chords of its polynomial. */
static void add_pieces(struct form *x, int32_t t, int32_t i, int64_t s)
{
    const struct dispatch_segment *seg = &x->p->seg[s];
    const struct dispatch_polynomial *f = x->polynomial[i];
    double h = x->p->duration_h[t];
    x->first_piece[s] = glp_get_num_cols(x->lp) + 1;
    if (!f) {
        (void)add_column(x, h * seg->cost_usd_per_mwh, 0, seg->width_mw);
        return;
    }
    double from = x->p->base_mw[(int64_t)t * x->p->n_injection + i];
    double step = seg->width_mw / settings.chords;
    glp_set_obj_coef(x->lp, 0, glp_get_obj_coef(x->lp, 0) + h * polynomial_at(f, from));
    for (int k = 0; k < settings.chords; k++) {
        double rise =
            polynomial_at(f, from + (k + 1) * step) - polynomial_at(f, from + k * step);
        (void)add_column(x, step > 0 ? h * rise / step : 0, 0, step);
    }
}

static void add_powers(struct form *x)
{
    const struct dispatch_problem *p = x->p;
    int64_t n_cell = (int64_t)p->n_interval * p->n_injection;
    for (int64_t at = 0; at < n_cell; at++) {
        int32_t t = (int32_t)(at / p->n_injection), i = (int32_t)(at % p->n_injection);
        int first = glp_get_num_cols(x->lp) + 1;
        for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++)
            add_pieces(x, t, i, s);
        int end = glp_get_num_cols(x->lp) + 1;
        x->power[at] = end - first == 1 ? first : 0;
        if (end - first < 2)
            continue;
        x->power[at] = add_column(x, 0, 0, HUGE_VAL);
        int row = add_row(x, 0, 0);
        put(x, row, x->power[at], -1);
        for (int col = first; col < end; col++)
            put(x, row, col, 1);
    }
    x->first_piece[p->seg_start[n_cell]] = glp_get_num_cols(x->lp) + 1;
}

/* Puts coef * P into the row, but for its base: that part is returned. */
static double put_power(struct form *x, int row, int32_t t, int32_t i, double coef)
{
    int64_t at = (int64_t)t * x->p->n_injection + i;
    put(x, row, x->power[at], coef);
    return coef * x->p->base_mw[at];
}

/* ---- network ---- */

static void add_angles(struct form *x)
{
    const int32_t *node = network_node(x->p->net);
    x->angle = glp_get_num_cols(x->lp) + 1;
    for (int32_t t = 0; t < x->p->n_interval; t++)
        for (int32_t n = 0; n < x->d->n_bus; n++)
            (void)add_column(x, 0, node[n] < 0 ? 0 : -HUGE_VAL,
                             node[n] < 0 ? 0 : HUGE_VAL);
}

/* Puts sign * b (theta_from - theta_to) of branch l into the row. */
static void put_flow(struct form *x, int row, int32_t t, int32_t l, double sign)
{
    double coef = sign * x->d->susceptance_mw_per_rad[l] * x->rad;
    int first = x->angle + t * x->d->n_bus;
    put(x, row, first + x->d->from[l], coef);
    put(x, row, first + x->d->to[l], -coef);
}

/* Branch l of interval t, whose bus n has the balance row balance + n. */
static void state_branch(struct form *x, int32_t t, int32_t l, int balance,
                         double *fixed_mw)
{
    const struct network_data *d = x->d;
    double lo = d->flow_min_mw[l], up = d->flow_max_mw[l];
    if (network_is_bus_tie(d, l)) {
        int flow = add_column(x, 0, lo, up), row = add_row(x, 0, 0);
        put(x, row, x->angle + t * d->n_bus + d->from[l], 1);
        put(x, row, x->angle + t * d->n_bus + d->to[l], -1);
        put(x, balance + d->from[l], flow, -1);
        put(x, balance + d->to[l], flow, 1);
        return;
    }
    double shifted_mw = -d->susceptance_mw_per_rad[l] * d->shift_rad[l];
    put_flow(x, balance + d->from[l], t, l, -1);
    put_flow(x, balance + d->to[l], t, l, 1);
    fixed_mw[d->from[l]] -= shifted_mw;
    fixed_mw[d->to[l]] += shifted_mw;
    if (isfinite(lo) || isfinite(up))
        put_flow(x, add_row(x, lo - shifted_mw, up - shifted_mw), t, l, 1);
}

static void state_network(struct form *x, int32_t t)
{
    const struct dispatch_problem *p = x->p;
    int32_t n_bus = x->d->n_bus;
    double *fixed_mw = room_for((size_t)n_bus, sizeof *fixed_mw);
    int balance = glp_add_rows(x->lp, n_bus);
    if (p->fixed_mw)
        memcpy(fixed_mw, p->fixed_mw + (size_t)t * (size_t)n_bus,
               (size_t)n_bus * sizeof *fixed_mw);
    for (int32_t i = 0; i < p->n_injection; i++)
        for (int32_t k = p->bus_start[i]; k < p->bus_start[i + 1]; k++)
            fixed_mw[p->bus[k]] +=
                put_power(x, balance + p->bus[k], t, i, p->bus_weight[k]);
    for (int32_t l = 0; l < x->d->n_branch; l++)
        state_branch(x, t, l, balance, fixed_mw);
    for (int32_t n = 0; n < n_bus; n++)
        glp_set_row_bnds(x->lp, balance + n, GLP_FX, -fixed_mw[n], -fixed_mw[n]);
    free(fixed_mw);
}

/* ---- ramps, groups, stores ---- */

static void state_ramps(struct form *x, int32_t t)
{
    const struct dispatch_problem *p = x->p;
    for (int32_t i = 0; i < p->n_injection; i++) {
        double up = p->duration_h[t] * p->ramp_up_mw_per_h[i];
        double down = p->duration_h[t] * p->ramp_down_mw_per_h[i];
        bool free_of = p->ramp_free && p->ramp_free[(int64_t)t * p->n_injection + i];
        if (free_of || (isinf(up) && isinf(down)) ||
            (t == 0 && isnan(p->initial_mw[i])))
            continue;
        int row = add_row(x, 0, 0);
        double fixed = put_power(x, row, t, i, 1);
        fixed += t > 0 ? put_power(x, row, t - 1, i, -1) : -p->initial_mw[i];
        glp_set_row_bnds(x->lp, row, bound_type(-down, up), -down - fixed, up - fixed);
    }
}

static void state_groups(struct form *x, int32_t t)
{
    const struct dispatch_problem *p = x->p;
    for (int32_t g = 0; g < p->n_group; g++) {
        double most = p->group_max_mw[t * p->n_group + g], fixed = 0;
        if (isinf(most))
            continue;
        int row = add_row(x, -HUGE_VAL, most);
        for (int32_t k = p->group_start[g]; k < p->group_start[g + 1]; k++)
            fixed += put_power(x, row, t, p->group_injection[k], p->group_coef[k]);
        if (p->group_store && p->group_store[g] >= 0)
            put(x, row, x->energy + p->group_store[g], p->group_energy_coef[g]);
        glp_set_row_bnds(x->lp, row, GLP_UP, 0, most - fixed);
    }
}

/* (8); its pieces are those of the power, of which some charge and some discharge. */
static void state_store(struct form *x, int32_t t, int32_t k)
{
    const struct dispatch_problem *p = x->p;
    const struct dispatch_store *s = &p->store[k];
    int64_t at = (int64_t)t * p->n_injection + s->injection;
    double h = p->duration_h[t], from = p->base_mw[at], least = s->energy_min_mwh;
    double rest = h * (s->charge_efficiency * fmax(0, -from) -
                       fmax(0, from) / s->discharge_efficiency);
    if (t == p->n_interval - 1)
        least = fmax(least, s->energy_end_min_mwh);
    int energy = add_column(x, 0, least, s->energy_max_mwh), row = add_row(x, 0, 0);
    put(x, row, energy, 1);
    for (int64_t g = p->seg_start[at]; g < p->seg_start[at + 1]; g++) {
        double rate = from < 0 ? s->charge_efficiency : 1 / s->discharge_efficiency;
        put(x, row, x->first_piece[g], h * rate);
        from += p->seg[g].width_mw;
    }
    if (t > 0)
        put(x, row, x->energy + k, -1);
    else
        rest += s->energy_initial_mwh;
    glp_set_row_bnds(x->lp, row, GLP_FX, rest, rest);
}

static void state_stores(struct form *x, int32_t t)
{
    int first = glp_get_num_cols(x->lp) + 1;
    for (int32_t k = 0; k < x->p->n_store; k++)
        state_store(x, t, k);
    x->energy = first;
}

/* ---- the whole of it ---- */

static int by_place(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    return a->row != b->row ? (a->row > b->row) - (a->row < b->row)
                            : (a->col > b->col) - (a->col < b->col);
}

/* Hands the entries to GLPK, those of one place (parallel branches) added up. */
static void load_entries(struct form *x)
{
    int *row = room_for(x->n_entry + 1, sizeof *row);
    int *col = room_for(x->n_entry + 1, sizeof *col);
    double *value = room_for(x->n_entry + 1, sizeof *value);
    int n = 0;
    qsort(x->entry, x->n_entry, sizeof *x->entry, by_place);
    for (size_t k = 0; k < x->n_entry; k++) {
        const struct entry *e = &x->entry[k];
        if (n == 0 || row[n] != e->row || col[n] != e->col) {
            row[++n] = e->row;
            col[n] = e->col;
            value[n] = 0;
        }
        value[n] += e->value;
    }
    glp_load_matrix(x->lp, n, row, col, value);
    free(row);
    free(col);
    free(value);
}

static void state(struct form *x, const struct dispatch_problem *p)
{
    const struct network_data *d = network_data(p->net);
    size_t n_cell = (size_t)p->n_interval * (size_t)p->n_injection;
    *x = (struct form){.p = p, .d = d, .lp = glp_create_prob()};
    x->first_piece = room_for((size_t)p->seg_start[n_cell] + 1, sizeof *x->first_piece);
    x->power = room_for(n_cell, sizeof *x->power);
    x->polynomial = room_for((size_t)p->n_injection, sizeof *x->polynomial);
    for (int32_t k = 0; k < p->n_polynomial; k++)
        x->polynomial[p->polynomial[k].injection] = &p->polynomial[k];
    for (int32_t l = 0; l < d->n_branch; l++)
        if (!network_is_bus_tie(d, l))
            x->rad += fabs(d->susceptance_mw_per_rad[l]) / d->n_branch;
    x->rad = x->rad > 0 ? 1 / x->rad : 1;
    add_powers(x);
    add_angles(x);
    for (int32_t t = 0; t < p->n_interval; t++) {
        state_network(x, t);
        state_ramps(x, t);
        state_stores(x, t);
        state_groups(x, t); /* some count what stores hold */
    }
    load_entries(x);
}

static void release(struct form *x)
{
    glp_delete_prob(x->lp);
    free(x->entry);
    free(x->first_piece);
    free(x->power);
    free(x->polynomial);
}

/* Cost of the answer: as stated, with the polynomials themselves instead of chords. */
static double cost_usd(const struct form *x)
{
    const struct dispatch_problem *p = x->p;
    double sum = 0;
    for (int32_t t = 0; t < p->n_interval; t++) {
        for (int32_t i = 0; i < p->n_injection; i++) {
            int64_t at = (int64_t)t * p->n_injection + i;
            double mw = p->base_mw[at];
            for (int64_t s = p->seg_start[at]; s < p->seg_start[at + 1]; s++) {
                const struct dispatch_segment *seg = &p->seg[s];
                int n = x->polynomial[i] ? settings.chords : 1;
                for (int c = x->first_piece[s]; c < x->first_piece[s] + n; c++) {
                    double part = glp_get_col_prim(x->lp, c);
                    mw += part;
                    sum += p->duration_h[t] * seg->cost_usd_per_mwh * part;
                }
            }
            if (x->polynomial[i])
                sum += p->duration_h[t] * polynomial_at(x->polynomial[i], mw);
        }
    }
    return sum;
}

static const char *solve(struct form *x)
{
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.presolve = GLP_ON;
    parm.meth = settings.method;
    int result = glp_simplex(x->lp, &parm);
    if (result == GLP_EFAIL || result == GLP_ESING || result == GLP_ECOND) {
        /* The basis that the presolver starts from may be singular: start from slacks. */
        parm.presolve = GLP_OFF;
        glp_scale_prob(x->lp, GLP_SF_AUTO);
        glp_std_basis(x->lp);
        result = glp_simplex(x->lp, &parm);
    }
    if (result == GLP_ENOPFS || glp_get_status(x->lp) == GLP_NOFEAS)
        return "infeasible";
    return result == 0 && glp_get_status(x->lp) == GLP_OPT ? "optimal" : "no answer";
}

static void solve_or_write(const struct dispatch_problem *p)
{
    struct form x;
    double began_s = stopwatch_s();
    state(&x, p);
    double stated_s = stopwatch_s();
    told.state_s += stated_s - began_s;
    told.rows = glp_get_num_rows(x.lp);
    told.columns = glp_get_num_cols(x.lp);
    told.entries = glp_get_num_nz(x.lp);
    if (settings.write_path) {
        told.status = "written";
        if (glp_write_mps(x.lp, GLP_MPS_FILE, NULL, settings.write_path))
            told.status = "not written";
    } else {
        const char *status = solve(&x);
        told.solve_s += stopwatch_s() - stated_s;
        if (strcmp(status, "optimal") != 0)
            told.status = status;
        else
            told.objective_usd += cost_usd(&x);
    }
    release(&x);
}

/* The linker sends every call of dispatch_solve here, and __real_ to where it went. */
enum err_code __real_dispatch_solve(const struct dispatch_problem *p, double tolerance,
                                    struct dispatch_answer *out, struct err *err);
enum err_code __wrap_dispatch_solve(const struct dispatch_problem *p, double tolerance,
                                    struct dispatch_answer *out, struct err *err);

enum err_code __wrap_dispatch_solve(const struct dispatch_problem *p, double tolerance,
                                    struct dispatch_answer *out, struct err *err)
{
    bool known = told.n_problem > 0 && (told.is_case || settings.write_path);
    if (!known)
        solve_or_write(p);
    enum err_code code = __real_dispatch_solve(p, tolerance, out, err);
    if (!code)
        told.ours_usd =
            told.is_case ? out->objective_usd : told.ours_usd + out->objective_usd;
    told.n_problem++;
    return code;
}

/* ---- the two kinds of input ---- */

static enum err_code run_case(struct err *err)
{
    struct source src = {0};
    struct grid grid = {0};
    struct outcome outcome = {0};
    struct err_list faults = {0};
    double began_s = stopwatch_s();
    enum err_code code = source_read(settings.input, &src, err);
    if (!code)
        code = matpower_read(&src, &grid, &faults, err);
    told.read_s = stopwatch_s() - began_s;
    told.is_case = true;
    if (!code)
        code = case_dispatch(&grid, settings.dc_model, &outcome, err);
    outcome_release(&outcome);
    err_list_release(&faults);
    grid_release(&grid);
    source_release(&src);
    return code;
}

static enum err_code run_scenario(struct err *err)
{
    struct run run = {0};
    struct diagnostics diag = {0};
    struct progress silent = {0};
    enum err_code code = run_load(settings.input, &run, &diag);
    told.read_s = run.seconds_read;
    if (!code)
        code = run_days(&run, &silent, &diag.err);
    *err = diag.err;
    err->at.file = NULL; /* its owner goes */
    run_release(&run);
    err_list_release(&diag.faults);
    arena_release(&diag.names);
    return code;
}

static bool read_arguments(int argc, char **argv)
{
    for (int k = 1; k < argc; k++) {
        const char *word = argv[k], *value = k + 1 < argc ? argv[k + 1] : "";
        if (word[0] != '-') {
            settings.input = word;
            continue;
        }
        k++;
        if (strcmp(word, "--dc-model") == 0)
            settings.dc_model = strcmp(value, "pglib") == 0 ? DC_PGLIB : DC_MATPOWER;
        else if (strcmp(word, "--method") == 0)
            settings.method = strcmp(value, "dual") == 0 ? GLP_DUALP : GLP_PRIMAL;
        else if (strcmp(word, "--chords") == 0)
            settings.chords = (int)strtol(value, NULL, 10);
        else if (strcmp(word, "--write") == 0)
            settings.write_path = value;
        else
            return false;
    }
    return settings.input && settings.chords > 0;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct stat st;
    if (!read_arguments(argc, argv)) {
        fputs("usage: full_form [--dc-model matpower|pglib] [--method primal|dual]\n"
              "                 [--chords N] [--write FILE.mps] CASE.m|SCENARIO\n",
              stderr);
        return 2;
    }
    (void)glp_term_out(GLP_OFF);
    bool folder = stat(settings.input, &st) == 0 && S_ISDIR(st.st_mode);
    enum err_code code = folder ? run_scenario(&err) : run_case(&err);
    if (code) {
        fprintf(stderr, "full_form: %s: %s\n", settings.input, err.msg);
        return 3;
    }
    printf("{\"status\": \"%s\", \"rows\": %d, \"columns\": %d, \"entries\": %d,\n"
           " \"objective_usd\": %.17g, \"ours_usd\": %.17g,\n"
           " \"seconds\": {\"read\": %.6f, \"state\": %.6f, \"solve\": %.6f}}\n",
           told.status, told.rows, told.columns, told.entries, told.objective_usd,
           told.ours_usd, told.read_s, told.state_s, told.solve_s);
    return 0;
}
