/* program.c - see program.h. */
#include "solver/commit/program.h"

#include <math.h>
#include <pthread.h>

#include "sim/base/mem.h"
#include "solver/lp.h"

enum {
    FEW_ITERATIONS =
        5000 /* more, and 3 per row, is a stall, which another method prolongs */
};

static bool longer(void *array, int64_t room, size_t size)
{
    void **at = array;
    void *more = mem_resize(*at, (size_t)room, size);
    if (more)
        *at = more;
    return more != NULL;
}

int32_t program_column(struct program *p, double cost, double lo, double up)
{
    if (p->n_col == p->room_col) {
        const int32_t room = 2 * p->room_col + 256;
        if (!longer(&p->cost, room, sizeof(double)) ||
            !longer(&p->lo, room, sizeof(double)) ||
            !longer(&p->up, room, sizeof(double))) {
            p->full = true;
            return 0;
        }
        p->room_col = room;
    }
    p->cost[p->n_col] = cost;
    p->lo[p->n_col] = lo;
    p->up[p->n_col] = up;
    return p->n_col++;
}

void program_row(struct program *p, double lo, double up)
{
    if (p->n_row == p->room_row) {
        const int32_t room = 2 * p->room_row + 256;
        if (!longer(&p->row_lo, room, sizeof(double)) ||
            !longer(&p->row_up, room, sizeof(double)) ||
            !longer(&p->start, room + 1, sizeof(int64_t))) {
            p->full = true;
            return;
        }
        p->room_row = room;
    }
    p->row_lo[p->n_row] = lo;
    p->row_up[p->n_row] = up;
    p->start[p->n_row++] = p->n_entry;
    p->start[p->n_row] = p->n_entry;
}

void program_entry(struct program *p, int32_t col, double value)
{
    if (p->n_entry == p->room_entry) {
        const int64_t room = 2 * p->room_entry + 1024;
        if (!longer(&p->col, room, sizeof(int32_t)) ||
            !longer(&p->value, room, sizeof(double))) {
            p->full = true;
            return;
        }
        p->room_entry = room;
    }
    if (p->full || value == 0)
        return;
    p->col[p->n_entry] = col;
    p->value[p->n_entry++] = value;
    p->start[p->n_row] = p->n_entry;
}

void program_shift(struct program *p, double by)
{
    if (p->n_row == 0 || p->full)
        return;
    p->row_lo[p->n_row - 1] -= by;
    p->row_up[p->n_row - 1] -= by;
}

static void *run(void *arg)
{
    struct program *p = arg;
    struct lp *lp = NULL;
    enum lp_status status = LP_UNSOLVED;
    p->code = lp_create(&lp, &p->err);
    if (!p->code)
        p->code = lp_add_columns(lp, p->n_col, p->cost, p->lo, p->up, NULL, NULL, NULL,
                                 &p->err);
    if (!p->code)
        p->code = lp_add_rows(lp, p->n_row, p->row_lo, p->row_up, p->start, p->col,
                              p->value, &p->err);
    for (int32_t k = 0; k < p->n_col && !p->code; k++)
        if (p->cost[k] < 0 && !isinf(p->up[k]))
            lp_set_column_state(lp, k, LP_AT_UPPER);
    if (!p->code)
        p->code = lp_solve_within(lp, LP_DUAL, FEW_ITERATIONS + 3 * p->n_row, &status,
                                  &p->err);
    p->solved = !p->code && status == LP_OPTIMAL;
    if (!p->code)
        p->work = (lp_iterations(lp) + 1) * p->n_row;
    if (p->solved) {
        lp_column_values(lp, p->x);
        lp_row_duals(lp, p->y);
    }
    lp_destroy(lp);
    return NULL;
}

enum err_code program_solve(struct program *p, struct err *err)
{
    pthread_t thread;
    p->x = MEM_ARRAY(double, p->n_col);
    p->y = MEM_ARRAY(double, p->n_row);
    if (!p->x || !p->y)
        return err_set(err, ERR_NOMEM, "out of memory for a linear program");
    if (pthread_create(&thread, NULL, run, p) != 0)
        return ERR_OK;
    (void)pthread_join(thread, NULL);
    return p->code ? err_set(err, p->code, "%s", p->err.msg) : ERR_OK;
}

void program_release(struct program *p)
{
    mem_free(p->cost);
    mem_free(p->lo);
    mem_free(p->up);
    mem_free(p->row_lo);
    mem_free(p->row_up);
    mem_free(p->start);
    mem_free(p->col);
    mem_free(p->value);
    mem_free(p->x);
    mem_free(p->y);
}
