/* test_matpower.c - MATPOWER cases: conventions, the order of rows, stock cases. */
#include "sim/input/matpower.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/small_case.h"

/* ---- conventions ---- */

Test(matpower, a_small_case_becomes_a_grid)
{
    struct grid g = small_case_grid(SMALL);
    cr_assert_eq(g.n_bus, 3);
    cr_assert_eq(g.n_branch, 3);
    cr_assert_eq(g.n_unit, 2);
    cr_assert_float_eq(g.base_mva, 100, 0);
    cr_assert_str_eq(g.bus[2].id, "3");
    cr_assert_eq(g.bus[2].number, 3);
    cr_assert_float_eq(g.bus[1].load_mw, 90, 0);
    cr_assert_float_eq(g.bus[2].shunt_mw, 2, 0);
    cr_assert_str_eq(g.branch[0].id, "1-2");
    cr_assert_str_eq(g.branch[1].id, "1-3");
    cr_assert_str_eq(g.branch[2].id, "2-3");
    cr_assert_float_eq(g.branch[0].rate_mw, 40, 0);
    cr_assert(isinf(g.branch[1].rate_mw), "rateA 0 is no limit");
    cr_assert_float_eq(g.branch[0].tap, 1, 0, "ratio 0 is a line");
    cr_assert(isinf(g.branch[0].angle_min_deg) && isinf(g.branch[0].angle_max_deg));
    cr_assert_str_eq(g.unit[1].id, "G3");
    cr_assert_float_eq(g.unit[1].pmin_mw, 10, 0);
    cr_assert_eq(g.unit[0].cost_kind, GRID_COST_POLYNOMIAL);
    cr_assert_eq(g.unit[0].n_cost, 3);
    cr_assert_float_eq(g.unit[0].cost[0], 5, 0, "ascending powers");
    cr_assert_float_eq(g.unit[0].cost[2], 0.01, 0);
    cr_assert_eq(g.unit[1].n_cost, 2, "zero powers are trimmed");
    grid_release(&g);
}

Test(matpower, what_is_out_of_service_is_left_out)
{
    struct grid g =
        small_case_grid(HEAD "mpc.bus = [" BUS(7, 1, 5, 0) BUS(3, 4, 60, 0) BUS(
            1, 2, 9, 0) "];\n"
                        "mpc.gen = [" GEN(1, 0, 1, 2) GEN(3, 1, 80, 10) GEN(7, 1, 5, -5)
                            GEN(7, -1, 5, -5) "];\n"
                                              "mpc.branch = [" LINE(1, 3, 0.1, 0)
                                                  BRANCH(1, 7, 0, 0, 0, 0, 0, 0, 0)
                                                      BRANCH(7, 1, -0.2, 9, 0.98, -3, 1,
                                                             -30, 0) "];\n");
    cr_assert_eq(g.n_bus, 2);
    cr_assert_eq(g.bus[0].number, 1);
    cr_assert_eq(g.n_unit, 1);
    cr_assert_eq(g.unit[0].bus, 1);
    cr_assert_eq(g.n_branch, 1);
    cr_assert_str_eq(g.branch[0].id, "7-1");
    cr_assert_eq(g.branch[0].from, 1);
    cr_assert_float_eq(g.branch[0].x_pu, -0.2, 0);
    cr_assert_float_eq(g.branch[0].tap, 0.98, 0);
    cr_assert_float_eq(g.branch[0].shift_deg, -3, 0);
    cr_assert_float_eq(g.branch[0].angle_min_deg, -30, 0);
    cr_assert_float_eq(g.branch[0].angle_max_deg, 0, 0);
    grid_release(&g);
}

Test(matpower, a_branch_without_reactance_is_a_bus_tie)
{
    struct grid g = small_case_grid(HEAD BUSES GENS "mpc.branch = [\n" BRANCH(
        1, 2, 0, 40, 0.9, 0, 1, -30, 30) LINE(2, 3, -1e-13, 0) "];\n" COSTS);
    cr_assert_eq(g.n_branch, 2);
    for (int l = 0; l < 2; l++)
        cr_assert(g.branch[l].x_pu == 0, "exact: read as 0");
    cr_assert_float_eq(g.branch[0].rate_mw, 40, 0);
    grid_release(&g);
}

Test(matpower, a_dc_line_at_rest_is_left_at_rest)
{
    struct grid g = small_case_grid(
        SMALL
        "mpc.dcline = [1 3 1 0 0 0 0 1 1 -50 50 0 0 0 0 0 0.01;\n"
        "1 2 0 9 9 0 0 1 1 -50 50 0 0 0 0 0 0];\nmpc.dclinecost = [2 0 0 2 1 0];\n");
    cr_assert_eq(g.n_branch, 3);
    grid_release(&g);
}

#define DC_ROW(from, to, status, pmin, pmax, loss0, loss1)                         \
# from " " # to " " # status " 7 7 0 0 1 1 " # pmin " " # pmax " 0 0 0 0 " # loss0 \
       " " # loss1 ";\n"
#define DC_LINES(rows) "mpc.dcline = [\n" rows "];\n"

static enum err_code read_dc_lines(const char *text, struct grid *g,
                                   struct err_list *faults)
{
    static struct source src; /* faults borrow its name */
    struct err err = {0};
    source_release(&src);
    cr_assert_eq(source_from_text("small.m", text, strlen(text), &src, NULL), ERR_OK);
    return matpower_read_dc_lines(&src, g, faults, &err);
}

Test(matpower, dc_lines_turned_on_have_limits_at_the_end_their_sign_names)
{
    struct grid g;
    struct err_list faults = {0};
    const char *text = SMALL DC_LINES(
        DC_ROW(3, 1, 1, 10, 50, 1, 0.1) DC_ROW(1, 2, 1, -44, -8, 1, 0.1)
            DC_ROW(1, 3, 0, 9, 1, 1, 0.1)
                DC_ROW(1, 2, 1, -50, 50, 0, 0)) "mpc.dclinecost = [2 0 0 2 7 3; 2 0 0 "
                                                "2 1 0; 9 9 9 9 9 9; 2 0 0 1 0 0];\n";
    cr_assert_eq(read_dc_lines(text, &g, &faults), ERR_OK);
    cr_assert_eq(g.n_dc_line, 3);
    cr_assert_str_eq(g.dc_line[0].id, "1-2");
    cr_assert_str_eq(g.dc_line[1].id, "1-2-2");
    cr_assert_str_eq(g.dc_line[2].id, "3-1");
    cr_assert_float_eq(g.dc_line[0].flow.pmin_mw, -50, 0);
    cr_assert_float_eq(g.dc_line[0].flow.pmax_mw, 50, 0);
    cr_assert_float_eq(g.dc_line[1].flow.pmin_mw, -43 / 0.9, 1e-12, "at the to end");
    cr_assert_float_eq(g.dc_line[1].flow.pmax_mw, -7 / 0.9, 1e-12);
    cr_assert_float_eq(g.dc_line[2].flow.pmin_mw, 10, 0, "at the from end");
    cr_assert_float_eq(g.dc_line[2].flow.cost[1], 7, 0);
    cr_assert_float_eq(g.dc_line[2].loss1, 0.1, 0);
    grid_release(&g);
    err_list_release(&faults);
}

Test(matpower, dc_lines_turned_on_are_refused_by_name)
{
    static const struct {
        const char *rows, *words;
    } bad[] = {
        {DC_ROW(1, 1, 1, 0, 50, 0, 0), "begins and ends at one bus"},
        {DC_ROW(1, 3, 1, 0, 50, -1, 0), "DC line 1-3 loses -1 MW"},
        {DC_ROW(1, 3, 1, 0, 50, 0, 0.6), "0.6 of its flow"},
        {DC_ROW(1, 3, 1, 60, 50, 0, 0), "takes 60 MW at least and 50 at most"},
        {DC_ROW(1, 3, 1, -Inf, 50, 0, 0), "Pmin is infinite"},
        {DC_ROW(1, 9, 1, 0, 50, 0, 0), "to bus 9 is not in mpc.bus"},
        {DC_ROW(1, 3, 1, 0, 50, 0, 0) "];\nmpc.dclinecost = [2 0 0 1 0; 2 0 0 1 0",
         "2 rows for 1 DC lines"},
        {DC_ROW(1, 3, 1, 0, 50, 0, 0) "];\nmpc.dclinecost = [2 0 0 3 -1 0 0",
         "DC line from bus 1: the cost is not convex"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[2000];
        struct grid g;
        struct err_list faults = {0};
        (void)snprintf(text, sizeof text, SMALL DC_LINES("%s"), bad[i].rows);
        cr_assert_eq(read_dc_lines(text, &g, &faults), ERR_INPUT, "%s", bad[i].words);
        cr_assert_eq(faults.total, 1, "%s: %zu faults", bad[i].words, faults.total);
        cr_assert(strstr(faults.item[0].msg, bad[i].words), "%s", faults.item[0].msg);
        err_list_release(&faults);
    }
}

/* ---- the order of rows ---- */

static void same_grid(const struct grid *a, const struct grid *b)
{
    cr_assert_eq(a->n_bus, b->n_bus);
    cr_assert_eq(a->n_branch, b->n_branch);
    cr_assert_eq(a->n_unit, b->n_unit);
    for (int i = 0; i < a->n_bus; i++) {
        cr_assert_str_eq(a->bus[i].id, b->bus[i].id);
        cr_assert_eq(memcmp(&a->bus[i].number, &b->bus[i].number,
                            sizeof *a->bus - offsetof(struct grid_bus, number)),
                     0);
    }
    for (int i = 0; i < a->n_branch; i++) {
        cr_assert_str_eq(a->branch[i].id, b->branch[i].id);
        cr_assert_eq(memcmp(&a->branch[i].from, &b->branch[i].from,
                            offsetof(struct grid_branch, row) -
                                offsetof(struct grid_branch, from)),
                     0);
    }
    for (int i = 0; i < a->n_unit; i++) {
        const struct grid_unit *u = &a->unit[i], *v = &b->unit[i];
        cr_assert_str_eq(u->id, v->id);
        cr_assert_eq(memcmp(&u->pmin_mw, &v->pmin_mw, 2 * sizeof u->pmin_mw), 0);
        cr_assert(u->bus == v->bus && u->cost_kind == v->cost_kind);
        cr_assert_eq(u->n_cost, v->n_cost);
        size_t n = (size_t)u->n_cost * (u->cost_kind == GRID_COST_POINTS ? 2 : 1);
        cr_assert(n == 0 || memcmp(u->cost, v->cost, n * sizeof *u->cost) == 0);
    }
}

enum {
    TEXT_ROOM = 8000
};

static size_t put(char *text, size_t at, const char *more)
{
    return at + (size_t)snprintf(text + at, TEXT_ROOM - at, "%s", more);
}

/* Writes rows first, first + step, ... (modulo n). */
static size_t put_rows(char *text, size_t at, const char *const *row, int n, int first,
                       int step)
{
    for (int i = 0; i < n; i++)
        at = put(text, at, row[(first + i * step) % n]);
    return at;
}

Test(matpower, the_order_of_rows_changes_nothing)
{
    static const char *const bus[] = {BUS(1, 3, 0, 0), BUS(2, 1, 9, 0),
                                      BUS(10, 1, 60, 2), BUS(4, 4, 6, 2),
                                      BUS(9, 1, 1, -0)};
    static const char *const name[] = {"'a';", "'b c';", "'d';", "'e';", "'f';"};
    static const char *const gen[] = {GEN(1, 1, 9, 0), GEN(1, 1, 9, 0),
                                      GEN(10, 1, 8, 1), GEN(1, 1, 9, 0),
                                      GEN(4, 1, 8, 1)};
    static const char *const cost[] = {
        "2 0 0 2 10 0 0 0 0 0;\n", "2 0 0 2 9 0 0 0 0 0;\n", "1 0 0 2 0 0 1 1 0 0;\n",
        "2 0 0 1 7 0 0 0 0 0;\n", "1 0 0 3 0 0 1 1 2 2;\n"};
    static const char *const branch[] = {LINE(1, 2, 0.1, 40), LINE(1, 2, 0.1, 30),
                                         LINE(2, 1, 0.1, 40), LINE(1, 2, 0.1, 0),
                                         BRANCH(10, 9, 0.1, 40, 1, -0, 1, 0, 0)};
    struct grid first = {0};
    char text[TEXT_ROOM];
    for (int turn = 0; turn < 20; turn++) {
        int a = turn % 5, s = 1 + turn % 4;
        size_t at = put(text, 0, HEAD "mpc.bus = [");
        at = put_rows(text, at, bus, 5, a, s);
        at = put(text, at, "];\nmpc.bus_name = {");
        at = put_rows(text, at, name, 5, a, s);
        at = put(text, at, "};\nmpc.gencost = [");
        at = put_rows(text, at, cost, 5, s, 1 + a % 4);
        at = put(text, at, "];\nmpc.branch = [");
        at = put_rows(text, at, branch, 5, 4 - a, s);
        at = put(text, at, "];\nmpc.gen = [");
        at = put_rows(text, at, gen, 5, s, 1 + a % 4);
        (void)put(text, at, "];\n");
        struct grid g = small_case_grid(text);
        if (turn == 0) {
            first = g;
            continue;
        }
        same_grid(&first, &g);
        grid_release(&g);
    }
    cr_assert_eq(first.n_unit, 4);
    cr_assert_eq(first.n_branch, 5);
    grid_release(&first);
}

/* ---- robustness ---- */

/* Buses of these numbers in a chain; spread over the range of whole doubles, or crowded. */
Test(matpower, buses_are_found_by_any_numbers)
{
    enum {
        N = 40
    };
    for (int kind = 0; kind < 4; kind++) {
        static char text[16384];
        int64_t number[N];
        size_t at = 0;
        for (int i = 0; i < N; i++)
            number[i] = kind == 0   ? i + 1
                        : kind == 1 ? i + INT64_C(9007199254740992) - N + 1
                        : kind == 2 ? INT64_C(1) << (i + 8)
                        : i < N - 1 ? 5 * i + 7
                                    : INT64_C(9007199254740992);
        at += (size_t)snprintf(text, sizeof text, HEAD "mpc.bus = [");
        for (int i = 0; i < N; i++)
            at += (size_t)snprintf(text + at, sizeof text - at,
                                   "%" PRId64 " 1 0 0 0 0 1 1 0 230 1 1.1 0.9;",
                                   number[(7 * i) % N]);
        at += (size_t)snprintf(text + at, sizeof text - at, "];\nmpc.gen = [");
        at += (size_t)snprintf(text + at, sizeof text - at, "];\nmpc.branch = [");
        for (int i = 1; i < N; i++)
            at += (size_t)snprintf(text + at, sizeof text - at,
                                   "%" PRId64 " %" PRId64
                                   " 0 0.1 0 0 0 0 0 0 1 -360 360;",
                                   number[i - 1], number[i]);
        (void)snprintf(text + at, sizeof text - at, "];\n");
        struct grid g = small_case_grid(text);
        cr_assert_eq(g.n_bus, N);
        cr_assert_eq(g.n_branch, N - 1);
        for (int i = 0; i + 1 < N; i++) {
            cr_assert_eq(g.bus[g.branch[i].from].number, number[i], "kind %d", kind);
            cr_assert_eq(g.bus[g.branch[i].to].number, number[i + 1], "kind %d", kind);
        }
        grid_release(&g);
    }
}

Test(matpower, all_faults_are_found_in_one_pass)
{
    struct grid g;
    struct err_list faults = {0};
    cr_assert_eq(small_case_read(
                     "function mpc = a\nmpc.baseMVA = x;\nmpc.bus = [\n" BUS(1, 3, q, 0)
                         BUS(2, 9, NaN, 0) "];\nfoo(3)\nmpc.gen = [" GEN(5, 1, 2, 3)
                             GEN(1, 1, 2, 3) "];\nmpc.branch = [" LINE(1, 2, Inf, 0)
                                 LINE(3, 4, y, 0)
                                     LINE(3, 2, 1, 0) "];\nmpc.gencost = [2 0];",
                     &g, &faults),
                 ERR_INPUT);
    cr_assert_eq(faults.total, 12, "%zu", faults.total);
    err_list_release(&faults);
}

Test(matpower, a_failed_allocation_leaves_nothing_behind)
{
    const char *text = SMALL "mpc.bus_name = {'a-1'; 'b'; 'c'};\n";
    struct source src = {0};
    cr_assert_eq(source_from_text("small.m", text, strlen(text), &src, NULL), ERR_OK);
    long before = mem_live();
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct err err = {0};
        struct err_list faults = {0};
        struct grid g;
        mem_fail_after(n);
        code = matpower_read(&src, &g, &faults, &err);
        mem_fail_after(-1);
        cr_assert_eq(code, err.code);
        grid_release(&g);
        err_list_release(&faults);
        cr_assert_eq(mem_live(), before, "leak after %ld allocations", n);
        cr_assert_lt(n, 1000);
    }
    cr_assert_eq(code, ERR_OK);
    source_release(&src);
}

/* ---- stock cases ---- */

/* Rows between "mpc.NAME = [" and "]" that hold something beside a comment. */
static int count_rows(const char *text, const char *name)
{
    char head[40];
    int n = 0;
    (void)snprintf(head, sizeof head, "mpc.%s = [", name);
    const char *p = strstr(text, head);
    for (p = p ? strchr(p, '\n') : NULL; p && p[1] != ']'; p = strchr(p + 1, '\n'))
        n += strspn(p + 1, " \t") < strcspn(p + 1, "\n%");
    return n;
}

static void stock_case(const char *path, bool is_case)
{
    struct source src = {0};
    struct grid g;
    struct err_list faults = {0};
    cr_assert_eq(source_read(path, &src, NULL), ERR_OK, "%s", path);
    enum err_code code = matpower_read(&src, &g, &faults, NULL);
    cr_assert_eq(code, is_case ? ERR_OK : ERR_INPUT, "%s: %s", path,
                 faults.n ? faults.item[0].msg : "accepted");
    if (is_case) {
        cr_assert_eq(g.n_bus, count_rows(src.text, "bus"), "%s", path);
        cr_assert_eq(g.n_branch, count_rows(src.text, "branch"), "%s", path);
        cr_assert(g.n_unit > 0 && g.n_unit <= count_rows(src.text, "gen"), "%s", path);
    }
    grid_release(&g);
    err_list_release(&faults);
    source_release(&src);
}

Test(matpower, every_stock_case_reads_without_fault)
{
    static const char *const folder[] = {"matpower", "pglib", "pglib/api"};
    const char *cases = getenv("CASES");
    int n = 0;
    if (!cases) {
        (void)fprintf(stderr, "skipped: CASES does not name a folder of stock cases\n");
        return;
    }
    for (size_t f = 0; f < sizeof folder / sizeof *folder; f++) {
        char path[1000];
        (void)snprintf(path, sizeof path, "%s/%s", cases, folder[f]);
        DIR *dir = opendir(path);
        if (!dir) {
            (void)fprintf(stderr, "skipped: no folder %s\n", path);
            continue;
        }
        for (const struct dirent *e = readdir(dir); e; e = readdir(dir)) {
            size_t len = strlen(e->d_name);
            if (len < 3 || strcmp(e->d_name + len - 2, ".m") != 0)
                continue;
            (void)snprintf(path, sizeof path, "%s/%s/%s", cases, folder[f], e->d_name);
            stock_case(path, strncmp(e->d_name, "contab", 6) != 0);
            n++;
        }
        (void)closedir(dir);
    }
    (void)fprintf(stderr, "%d stock cases read\n", n);
}
