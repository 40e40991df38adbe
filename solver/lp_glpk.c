/*
 * lp_glpk.c - the only file that knows GLPK.
 *
 * Four things stop here: 1-based indices, terminal output, process abort, and GLPK's
 * status numbers. GLPK reports a misuse or a failed allocation by calling an error hook
 * that must not return; we leave through longjmp and drop GLPK's whole environment.
 */
#include <glpk.h>
#include <math.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/lp.h"

enum {
    LEAST_LONG_STEP = 2000, /* columns */
    MOST_LONG_STEP = 60000
};

struct lp {
    glp_prob *prob;
    bool lost;     /* GLPK stopped in mid-air: prob is gone */
    int *index;    /* [room + 1] 1-based copy of one row or column */
    double *value; /* [room + 1] */
    int32_t room;
    int64_t iterations;
    char last_words[128]; /* what GLPK printed last */
    jmp_buf env;
};

static int swallow(void *info, const char *text)
{
    struct lp *lp = info;
    size_t n = strcspn(text, "\n");
    if (n > 0)
        (void)snprintf(lp->last_words, sizeof lp->last_words, "%.*s", (int)n, text);
    return 1;
}

static void leave(void *info)
{
    struct lp *lp = info;
    longjmp(lp->env, 1);
}

/*
 * Whether it was the simplex method that stopped at an assertion of its own, as it does on
 * some degenerate programs. It works on a copy, so that the problem and its basis are as
 * they were; what it held of memory goes with the environment.
 */
static bool is_of_simplex(const struct lp *lp)
{
    return strstr(lp->last_words, "file simplex/") && !strstr(lp->last_words, "memory");
}

/*
 * Runs step(arg) with GLPK's abort turned into an error. Where simplex is true, one of
 * its own assertions ends the step without an error.
 */
static enum err_code guard(struct lp *lp, void (*step)(struct lp *, void *), void *arg,
                           bool simplex, struct err *err)
{
    volatile enum err_code code = ERR_OK; /* survives the longjmp */
    if (lp->lost)
        return err_set(err, ERR_BUG, "the linear program was lost: %s", lp->last_words);
    glp_term_hook(swallow, lp);
    if (setjmp(lp->env) == 0) {
        glp_error_hook(leave, lp);
        step(lp, arg);
        glp_error_hook(NULL, NULL);
    } else if (simplex && is_of_simplex(lp)) {
        glp_error_hook(NULL, NULL);
    } else {
        /* GLPK's memory is now undefined: drop all of it at once. */
        lp->prob = NULL;
        lp->lost = true;
        glp_error_hook(NULL, NULL);
        (void)glp_free_env();
        code = strstr(lp->last_words, "memory")
                   ? err_set(err, ERR_NOMEM, "GLPK: %s", lp->last_words)
                   : err_set(err, ERR_BUG, "GLPK stopped: %s", lp->last_words);
    }
    glp_term_hook(NULL, NULL);
    return code;
}

static enum err_code guarded(struct lp *lp, void (*step)(struct lp *, void *),
                             void *arg, struct err *err)
{
    return guard(lp, step, arg, false, err);
}

static void create_step(struct lp *lp, void *arg)
{
    (void)arg;
    lp->prob = glp_create_prob();
    glp_set_obj_dir(lp->prob, GLP_MIN);
}

enum err_code lp_create(struct lp **out, struct err *err)
{
    struct lp *lp = mem_alloc(1, sizeof *lp);
    *out = NULL;
    if (!lp)
        return err_set(err, ERR_NOMEM, "out of memory");
    enum err_code code = guarded(lp, create_step, NULL, err);
    if (code)
        mem_free(lp);
    else
        *out = lp;
    return code;
}

void lp_destroy(struct lp *lp)
{
    if (!lp)
        return;
    if (lp->prob)
        glp_delete_prob(lp->prob);
    (void)glp_free_env();
    mem_free(lp->index);
    mem_free(lp->value);
    mem_free(lp);
}

static enum err_code reserve(struct lp *lp, int64_t longest, struct err *err)
{
    if (longest <= lp->room && lp->index)
        return ERR_OK;
    int *index = mem_resize(lp->index, (size_t)longest + 1, sizeof *index);
    if (index)
        lp->index = index;
    double *value = mem_resize(lp->value, (size_t)longest + 1, sizeof *value);
    if (value)
        lp->value = value;
    if (!index || !value)
        return err_set(err, ERR_NOMEM, "cannot hold a row of %lld entries",
                       (long long)longest);
    lp->room = (int32_t)longest;
    return ERR_OK;
}

static int bound_type(double lo, double up)
{
    if (lo == up) /* exact on purpose: a fixed variable is stated, not computed */
        return GLP_FX;
    if (isinf(lo))
        return isinf(up) ? GLP_FR : GLP_UP;
    return isinf(up) ? GLP_LO : GLP_DB;
}

/* New columns or rows; the two differ only in the GLPK calls. For set_row_step
 * n is the row. */
struct addition {
    int32_t n;
    const double *cost, *lo, *up;
    const int64_t *start;
    const int32_t *index;
    const double *value;
};

static int load_entries(struct lp *lp, const struct addition *a, int32_t k)
{
    if (!a->start)
        return 0;
    int n = 0;
    for (int64_t e = a->start[k]; e < a->start[k + 1]; e++) {
        lp->index[++n] = a->index[e] + 1;
        lp->value[n] = a->value[e];
    }
    return n;
}

static void add_columns_step(struct lp *lp, void *arg)
{
    const struct addition *a = arg;
    int first = glp_add_cols(lp->prob, a->n);
    for (int32_t k = 0; k < a->n; k++) {
        int j = first + k;
        glp_set_obj_coef(lp->prob, j, a->cost[k]);
        glp_set_col_bnds(lp->prob, j, bound_type(a->lo[k], a->up[k]), a->lo[k],
                         a->up[k]);
        int n = load_entries(lp, a, k);
        if (n > 0)
            glp_set_mat_col(lp->prob, j, n, lp->index, lp->value);
    }
}

static void add_rows_step(struct lp *lp, void *arg)
{
    const struct addition *a = arg;
    int first = glp_add_rows(lp->prob, a->n);
    for (int32_t k = 0; k < a->n; k++) {
        int i = first + k;
        glp_set_row_bnds(lp->prob, i, bound_type(a->lo[k], a->up[k]), a->lo[k],
                         a->up[k]);
        int n = load_entries(lp, a, k);
        if (n > 0)
            glp_set_mat_row(lp->prob, i, n, lp->index, lp->value);
    }
}

static int64_t longest_of(const struct addition *a)
{
    int64_t longest = 0;
    for (int32_t k = 0; a->start && k < a->n; k++)
        if (a->start[k + 1] - a->start[k] > longest)
            longest = a->start[k + 1] - a->start[k];
    return longest;
}

enum err_code lp_add_columns(struct lp *lp, int32_t n, const double *cost,
                             const double *lo, const double *up, const int64_t *start,
                             const int32_t *row, const double *value, struct err *err)
{
    struct addition a = {n, cost, lo, up, start, row, value};
    if (n == 0)
        return ERR_OK;
    enum err_code code = reserve(lp, longest_of(&a), err);
    return code ? code : guarded(lp, add_columns_step, &a, err);
}

enum err_code lp_add_rows(struct lp *lp, int32_t n, const double *lo, const double *up,
                          const int64_t *start, const int32_t *col, const double *value,
                          struct err *err)
{
    struct addition a = {n, NULL, lo, up, start, col, value};
    if (n == 0)
        return ERR_OK;
    /* A column that is read back may meet every row, though no row is that long. */
    int64_t n_row = (int64_t)lp_n_rows(lp) + n, longest = longest_of(&a);
    enum err_code code = reserve(lp, longest > n_row ? longest : n_row, err);
    return code ? code : guarded(lp, add_rows_step, &a, err);
}

static void set_row_step(struct lp *lp, void *arg)
{
    const struct addition *a = arg;
    int n = load_entries(lp, a, 0);
    glp_set_mat_row(lp->prob, a->n, n, lp->index, lp->value);
}

enum err_code lp_set_row(struct lp *lp, int32_t row, int64_t n, const int32_t *col,
                         const double *value, struct err *err)
{
    const int64_t start[] = {0, n};
    struct addition a = {row + 1, NULL, NULL, NULL, start, col, value};
    enum err_code code = reserve(lp, n, err);
    return code ? code : guarded(lp, set_row_step, &a, err);
}

static void delete_columns_step(struct lp *lp, void *arg)
{
    const struct addition *a = arg;
    for (int32_t k = 0; k < a->n; k++)
        lp->index[k + 1] = a->index[k] + 1;
    glp_del_cols(lp->prob, a->n, lp->index);
}

enum err_code lp_delete_columns(struct lp *lp, int32_t n, const int32_t *col,
                                struct err *err)
{
    struct addition a = {n, NULL, NULL, NULL, NULL, col, NULL};
    if (n == 0)
        return ERR_OK;
    enum err_code code = reserve(lp, n, err);
    return code ? code : guarded(lp, delete_columns_step, &a, err);
}

static void delete_rows_step(struct lp *lp, void *arg)
{
    const struct addition *a = arg;
    for (int32_t k = 0; k < a->n; k++)
        lp->index[k + 1] = a->index[k] + 1;
    glp_del_rows(lp->prob, a->n, lp->index);
}

enum err_code lp_delete_rows(struct lp *lp, int32_t n, const int32_t *row,
                             struct err *err)
{
    struct addition a = {n, NULL, NULL, NULL, NULL, row, NULL};
    if (n == 0)
        return ERR_OK;
    enum err_code code = reserve(lp, n, err);
    return code ? code : guarded(lp, delete_rows_step, &a, err);
}

int32_t lp_n_rows(const struct lp *lp)
{
    return lp->lost ? 0 : glp_get_num_rows(lp->prob);
}

int32_t lp_n_columns(const struct lp *lp)
{
    return lp->lost ? 0 : glp_get_num_cols(lp->prob);
}

void lp_set_cost(struct lp *lp, int32_t col, double cost)
{
    glp_set_obj_coef(lp->prob, col + 1, cost);
}

void lp_set_column_bounds(struct lp *lp, int32_t col, double lo, double up)
{
    glp_set_col_bnds(lp->prob, col + 1, bound_type(lo, up), lo, up);
}

void lp_set_row_bounds(struct lp *lp, int32_t row, double lo, double up)
{
    glp_set_row_bnds(lp->prob, row + 1, bound_type(lo, up), lo, up);
}

static int glpk_state(enum lp_state state)
{
    /* GLPK itself turns NL into NS or NF where the bounds ask for it. */
    return state == LP_BASIC ? GLP_BS : state == LP_AT_UPPER ? GLP_NU : GLP_NL;
}

void lp_set_column_state(struct lp *lp, int32_t col, enum lp_state state)
{
    glp_set_col_stat(lp->prob, col + 1, glpk_state(state));
}

void lp_set_row_state(struct lp *lp, int32_t row, enum lp_state state)
{
    glp_set_row_stat(lp->prob, row + 1, glpk_state(state));
}

static enum lp_state state_from_glpk(int state)
{
    return state == GLP_BS ? LP_BASIC : state == GLP_NU ? LP_AT_UPPER : LP_AT_LOWER;
}

enum lp_state lp_column_state(const struct lp *lp, int32_t col)
{
    return state_from_glpk(glp_get_col_stat(lp->prob, col + 1));
}

enum lp_state lp_row_state(const struct lp *lp, int32_t row)
{
    return state_from_glpk(glp_get_row_stat(lp->prob, row + 1));
}

double lp_cost(const struct lp *lp, int32_t col)
{
    return glp_get_obj_coef(lp->prob, col + 1);
}

void lp_column_bounds(const struct lp *lp, int32_t col, double *lo, double *up)
{
    int type = glp_get_col_type(lp->prob, col + 1);
    *lo = type == GLP_FR || type == GLP_UP ? -HUGE_VAL
                                           : glp_get_col_lb(lp->prob, col + 1);
    *up =
        type == GLP_FR || type == GLP_LO ? HUGE_VAL : glp_get_col_ub(lp->prob, col + 1);
}

int32_t lp_column(const struct lp *lp, int32_t col, int32_t *row, double *value)
{
    /* Entry 0 of GLPK's arrays is unused: read there, then shift by one. */
    int n = glp_get_mat_col(lp->prob, col + 1, lp->index, lp->value);
    for (int k = 0; k < n; k++) {
        row[k] = lp->index[k + 1] - 1;
        value[k] = lp->value[k + 1];
    }
    return n;
}

/*
 * Long steps save iterations: ten of eleven where one row moves thousands of columns. Where
 * columns are many more than that each of them costs too much, and where they are few and
 * costs are alike, each goes too far.
 */
static bool long_steps_pay(const struct lp *lp)
{
    int n = glp_get_num_cols(lp->prob);
    return n <= 10 * glp_get_num_rows(lp->prob) ||
           (n >= LEAST_LONG_STEP && n <= MOST_LONG_STEP);
}

struct solve_request {
    enum lp_method method;
    int32_t most; /* iterations, 0 = as the size suggests */
    int result;   /* of glp_simplex */
};

static void solve_step(struct lp *lp, void *arg)
{
    struct solve_request *r = arg;
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_ERR;
    parm.meth = r->method == LP_DUAL ? GLP_DUALP : GLP_PRIMAL;
    parm.pricing = GLP_PT_PSE;
    parm.r_test = r->method == LP_DUAL && long_steps_pay(lp) ? GLP_RT_FLIP : GLP_RT_HAR;
    parm.tol_bnd = 1e-8;
    parm.tol_dj = 1e-8;
    parm.it_lim = 20000 + 4 * glp_get_num_rows(lp->prob) + glp_get_num_cols(lp->prob);
    if (r->most > 0)
        parm.it_lim = r->most;
    int before = glp_get_it_cnt(lp->prob);
    r->result = GLP_EFAIL; /* unless it comes back */
    r->result = glp_simplex(lp->prob, &parm);
    lp->iterations += glp_get_it_cnt(lp->prob) - before;
}

static void fresh_basis_step(struct lp *lp, void *arg)
{
    (void)arg;
    glp_adv_basis(lp->prob, 0);
}

static enum lp_status status_of(const struct lp *lp)
{
    switch (glp_get_status(lp->prob)) {
    case GLP_OPT:
        return LP_OPTIMAL;
    case GLP_NOFEAS:
        return LP_INFEASIBLE;
    case GLP_UNBND:
        return LP_UNBOUNDED;
    default:
        return LP_UNSOLVED;
    }
}

enum err_code lp_solve(struct lp *lp, enum lp_method method, enum lp_status *status,
                       struct err *err)
{
    /* Each way is tried only when the one before it gave up (stalled, singular basis). */
    const enum lp_method ways[] = {method, method == LP_DUAL ? LP_PRIMAL : LP_DUAL,
                                   LP_PRIMAL};
    *status = LP_UNSOLVED;
    for (int k = 0; k < 3 && *status == LP_UNSOLVED; k++) {
        struct solve_request r = {.method = ways[k]};
        enum err_code code = ERR_OK;
        if (k == 2)
            code = guarded(lp, fresh_basis_step, NULL, err);
        if (!code)
            code = guard(lp, solve_step, &r, true, err);
        if (code)
            return code;
        if (r.result == 0)
            *status = status_of(lp);
    }
    return ERR_OK;
}

enum err_code lp_solve_within(struct lp *lp, enum lp_method method, int32_t most,
                              enum lp_status *status, struct err *err)
{
    struct solve_request r = {.method = method, .most = most};
    *status = LP_UNSOLVED;
    enum err_code code = guard(lp, solve_step, &r, true, err);
    if (!code && r.result == 0)
        *status = status_of(lp);
    return code;
}

/* ---- whole numbers ---- */

struct integer_request {
    int32_t n;
    const int32_t *col;
    struct lp_integer *search;
    double *x;
    enum lp_status *status;
    bool as_it_is;      /* without the library's presolver, from an optimal basis */
    bool broken;        /* the point keeps no bounds or rows */
    double proven;      /* bound of the tree when it was last looked at */
    enum err_code told; /* by who watches */
    struct err *err;
};

static void look_at_tree(glp_tree *tree, void *info)
{
    struct integer_request *r = info;
    const int best = glp_ios_best_node(tree);
    int total = 0;
    glp_ios_tree_size(tree, NULL, NULL, &total);
    r->search->n_node = total;
    r->search->iterations = glp_get_it_cnt(glp_ios_get_prob(tree));
    if (best > 0)
        r->proven = fmax(r->proven, glp_ios_node_bound(tree, best));
    if (r->search->most > 0 && r->search->iterations > r->search->most)
        glp_ios_terminate(tree);
    if (r->told)
        return;
    const double gap = glp_ios_mip_gap(tree); /* very large before the first point */
    r->told = watch_step(r->search->watch, 0, 0, gap < 1 ? gap : (double)NAN, r->err);
    if (r->told)
        glp_ios_terminate(tree);
}

/* Whether the point of the tree breaks what it should keep, relative to its size. */
static bool point_is_broken(glp_prob *prob)
{
    static const double MOST = 1e-6;
    double absolute, rows, bounds;
    int where;
    glp_check_kkt(prob, GLP_MIP, GLP_KKT_PE, &absolute, &where, &rows, &where);
    glp_check_kkt(prob, GLP_MIP, GLP_KKT_PB, &absolute, &where, &bounds, &where);
    return !(rows <= MOST && bounds <= MOST);
}

static void integer_step(struct lp *lp, void *arg)
{
    static const double TOLERANCE = 1e-7; /* relative, of GLPK where it prunes */
    struct integer_request *r = arg;
    glp_iocp parm;
    glp_init_iocp(&parm);
    parm.msg_lev = GLP_MSG_ERR;
    parm.presolve = r->as_it_is ? GLP_OFF : GLP_ON;
    parm.mir_cuts = GLP_ON;
    parm.br_tech = GLP_BR_DTH;
    parm.bt_tech = GLP_BT_BLB;
    parm.mip_gap = r->search->gap;
    parm.cb_func = look_at_tree;
    parm.cb_info = r;
    if (r->search->seconds > 0)
        parm.tm_lim = (int)fmin(1e3 * r->search->seconds, 2e9);
    for (int32_t k = 0; k < r->n; k++)
        glp_set_col_kind(lp->prob, r->col[k] + 1, GLP_IV);
    const int result = glp_intopt(lp->prob, &parm);
    const int status = glp_mip_status(lp->prob);
    const int n = glp_get_num_cols(lp->prob);
    if (result == GLP_ENOPFS || status == GLP_NOFEAS)
        *r->status = LP_INFEASIBLE;
    r->search->bound = r->proven;
    if (status == GLP_OPT || status == GLP_FEAS) {
        const double objective = glp_mip_obj_val(lp->prob);
        *r->status = LP_OPTIMAL;
        r->search->objective = objective;
        const double pruned = objective - TOLERANCE * fmax(1, fabs(objective));
        if (status == GLP_OPT && result == 0)
            r->search->bound = pruned;
        r->search->bound = fmin(r->search->bound, pruned);
        for (int j = 1; j <= n; j++)
            r->x[j - 1] = glp_mip_col_val(lp->prob, j);
        r->broken = point_is_broken(lp->prob);
    }
    for (int32_t k = 0; k < r->n; k++)
        glp_set_col_kind(lp->prob, r->col[k] + 1, GLP_CV);
}

enum err_code lp_solve_integer(struct lp *lp, int32_t n, const int32_t *col,
                               struct lp_integer *search, double *x,
                               enum lp_status *status, struct err *err)
{
    struct integer_request r = {.n = n,
                                .col = col,
                                .search = search,
                                .x = x,
                                .status = status,
                                .proven = -HUGE_VAL,
                                .err = err};
    enum lp_status relaxed = LP_UNSOLVED;
    *status = LP_UNSOLVED;
    search->objective = HUGE_VAL;
    search->bound = -HUGE_VAL;
    search->n_node = search->iterations = 0;
    enum err_code code = guarded(lp, integer_step, &r, err);
    if (code || r.told || !(*status == LP_INFEASIBLE || r.broken))
        return code ? code : r.told;
    /* The presolver may have lost what there is: once more, without. */
    code = lp_solve(lp, LP_DUAL, &relaxed, err);
    if (code || relaxed == LP_INFEASIBLE) {
        *status = relaxed;
        return code;
    }
    if (relaxed != LP_OPTIMAL)
        return ERR_OK;
    r.as_it_is = true;
    r.proven = -HUGE_VAL;
    *status = LP_UNSOLVED;
    search->objective = HUGE_VAL;
    search->bound = -HUGE_VAL;
    code = guarded(lp, integer_step, &r, err);
    return code ? code : r.told;
}

void lp_column_values(const struct lp *lp, double *x)
{
    int n = glp_get_num_cols(lp->prob);
    for (int j = 1; j <= n; j++)
        x[j - 1] = glp_get_col_prim(lp->prob, j);
}

void lp_row_duals(const struct lp *lp, double *y)
{
    int m = glp_get_num_rows(lp->prob);
    for (int i = 1; i <= m; i++)
        y[i - 1] = glp_get_row_dual(lp->prob, i);
}

void lp_reduced_costs(const struct lp *lp, double *d)
{
    int n = glp_get_num_cols(lp->prob);
    for (int j = 1; j <= n; j++)
        d[j - 1] = glp_get_col_dual(lp->prob, j);
}

double lp_reduced_cost(const struct lp *lp, int32_t col)
{
    return glp_get_col_dual(lp->prob, col + 1);
}

double lp_row_upper(const struct lp *lp, int32_t row)
{
    return glp_get_row_ub(lp->prob, row + 1);
}

double lp_objective(const struct lp *lp)
{
    return glp_get_obj_val(lp->prob);
}

int64_t lp_iterations(const struct lp *lp)
{
    return lp->iterations;
}

const char *lp_solver_version(void)
{
    static char text[32];
    (void)snprintf(text, sizeof text, "GLPK %s", glp_version());
    return text;
}
