/* Tests of solver/network.c, against a dense inverse by hand. */
#include "solver/network.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "tests/support/draw.h"

enum {
    BUS = 30,
    BRANCH = 60,
    CASES = 150 /* more than one block of right-hand sides */
};

struct sample {
    struct network_data d;
    int32_t from[BRANCH], to[BRANCH], island[BUS];
    double b[BRANCH], shift[BRANCH], min[BRANCH], max[BRANCH], weight[BUS];
    double inverse[BUS][BUS]; /* of B with row and column of each first bus removed */
    double ptdf[BRANCH][BUS];
};

static struct sample *sample_begin(int32_t n_bus, int32_t n_branch)
{
    struct sample *s = calloc(1, sizeof *s);
    cr_assert_not_null(s);
    for (int32_t l = 0; l < BRANCH; l++)
        s->max[l] = -(s->min[l] = -INFINITY);
    s->d = (struct network_data){n_bus,    n_branch, s->from, s->to,     s->b,
                                 s->shift, s->min,   s->max,  s->weight, NULL};
    return s;
}

/* Gauss-Jordan with partial pivoting. */
static void invert(int32_t n, double a[BUS][BUS], double inverse[BUS][BUS])
{
    for (int32_t r = 0; r < n; r++)
        for (int32_t c = 0; c < n; c++)
            inverse[r][c] = r == c;
    for (int32_t k = 0; k < n; k++) {
        int32_t best = k;
        for (int32_t r = k; r < n; r++)
            best = fabs(a[r][k]) > fabs(a[best][k]) ? r : best;
        for (int32_t c = 0; c < n; c++) {
            double kept = a[k][c];
            a[k][c] = a[best][c];
            a[best][c] = kept;
            kept = inverse[k][c];
            inverse[k][c] = inverse[best][c];
            inverse[best][c] = kept;
        }
        double pivot = a[k][k];
        cr_assert_gt(fabs(pivot), 1e-9);
        for (int32_t c = 0; c < n; c++) {
            a[k][c] /= pivot;
            inverse[k][c] /= pivot;
        }
        for (int32_t r = 0; r < n; r++) {
            double factor = a[r][k];
            for (int32_t c = 0; r != k && c < n; c++) {
                a[r][c] -= factor * a[k][c];
                inverse[r][c] -= factor * inverse[k][c];
            }
        }
    }
}

/* PTDF by the book; s->island is known. First buses keep an identity row. */
static void solve_dense(struct sample *s)
{
    static double a[BUS][BUS];
    int32_t n_bus = s->d.n_bus;
    memset(a, 0, sizeof a);
    for (int32_t l = 0; l < s->d.n_branch; l++) {
        a[s->from[l]][s->from[l]] += s->b[l];
        a[s->to[l]][s->to[l]] += s->b[l];
        a[s->from[l]][s->to[l]] -= s->b[l];
        a[s->to[l]][s->from[l]] -= s->b[l];
    }
    for (int32_t n = 0; n < n_bus; n++) {
        bool first = true;
        for (int32_t k = 0; k < n; k++)
            first = first && s->island[k] != s->island[n];
        for (int32_t k = 0; first && k < n_bus; k++)
            a[n][k] = a[k][n] = k == n;
    }
    invert(n_bus, a, s->inverse);
    for (int32_t n = 0; n < n_bus; n++) { /* angles of an injection at a first bus: 0 */
        bool first = true;
        for (int32_t k = 0; k < n; k++)
            first = first && s->island[k] != s->island[n];
        for (int32_t k = 0; first && k < n_bus; k++)
            s->inverse[n][k] = s->inverse[k][n] = 0;
    }
    for (int32_t l = 0; l < s->d.n_branch; l++) {
        double mean[BUS] = {0}, sum[BUS] = {0}, count[BUS] = {0};
        for (int32_t n = 0; n < n_bus; n++) {
            int32_t k = s->island[n];
            s->ptdf[l][n] =
                s->b[l] * (s->inverse[s->from[l]][n] - s->inverse[s->to[l]][n]);
            sum[k] += s->weight[n];
            count[k] += 1;
        }
        for (int32_t n = 0; n < n_bus; n++) {
            int32_t k = s->island[n];
            mean[k] +=
                s->ptdf[l][n] * (sum[k] > 0 ? s->weight[n] / sum[k] : 1 / count[k]);
        }
        for (int32_t n = 0; n < n_bus; n++)
            s->ptdf[l][n] -= mean[s->island[n]];
    }
}

/* Two islands (even and odd buses), parallel branches, some reactances negative. */
static struct sample *two_islands(void)
{
    struct draw d = draw_begin(3);
    struct sample *s = sample_begin(BUS, BRANCH);
    for (int32_t l = 0; l < BRANCH; l++) {
        int32_t side = l % 2;
        s->from[l] = l < BUS - 2 ? l + 2 : 2 * draw_int(&d, 0, BUS / 2 - 1) + side;
        do {
            s->to[l] = l < BUS - 2 ? l + 2 - 2 * draw_int(&d, 1, (l + 2) / 2)
                                   : 2 * draw_int(&d, 0, BUS / 2 - 1) + side;
        } while (s->to[l] == s->from[l]);
        if (l == BRANCH - 1 || l == BRANCH - 2) { /* parallel to the one before */
            s->from[l] = s->from[l - 2];
            s->to[l] = s->to[l - 2];
        }
        s->b[l] = draw_real(&d, 500, 3000) * (l % 17 == 16 ? -0.2 : 1);
        s->shift[l] = l % 5 == 0 ? draw_real(&d, -0.1, 0.1) : 0;
    }
    for (int32_t n = 0; n < BUS; n++) {
        s->island[n] = n % 2;
        s->weight[n] = n % 2 && n % 3 == 0 ? draw_real(&d, 1, 10) : 0;
    }
    return s;
}

static struct network *make(const struct sample *s)
{
    struct network *net;
    struct err err = {0};
    cr_assert_eq(network_create(&s->d, &net, &err), ERR_OK, "%s", err.msg);
    return net;
}

Test(network, islands_are_numbered_by_their_first_bus)
{
    struct sample *s = sample_begin(6, 3);
    const int32_t from[] = {5, 4, 3}, to[] = {1, 3, 4}, want[] = {0, 1, 2, 3, 3, 1};
    memcpy(s->from, from, sizeof from);
    memcpy(s->to, to, sizeof to);
    s->b[0] = s->b[1] = s->b[2] = 1000;
    s->weight[1] = 3;
    s->weight[5] = 1;
    struct network *net = make(s);
    cr_assert_eq(network_n_island(net), 4);
    for (int n = 0; n < 6; n++)
        cr_assert_eq(network_island(net)[n], want[n], "bus %d", n);
    cr_assert_float_eq(network_reference(net)[1], 0.75, 1e-15);
    cr_assert_float_eq(network_reference(net)[5], 0.25, 1e-15);
    cr_assert_float_eq(network_reference(net)[0], 1, 0, "a bus alone");
    cr_assert_float_eq(network_reference(net)[3], 0.5, 0, "no weight: evenly");
    cr_assert_eq(network_data(net)->n_branch, 3);
    network_destroy(net);
    free(s);
}

Test(network, factors_equal_those_of_a_dense_inverse)
{
    static double row[BRANCH * 2][BUS];
    int32_t branch[BRANCH * 2];
    struct err err = {0};
    struct sample *s = two_islands();
    struct network *net = make(s);
    solve_dense(s);
    for (int32_t k = 0; k < 2 * BRANCH; k++)
        branch[k] = (7 * k) % BRANCH; /* in any order, some twice */
    cr_assert_eq(network_ptdf_rows(net, 2 * BRANCH, branch, row[0], &err), ERR_OK);
    for (int32_t k = 0; k < 2 * BRANCH; k++)
        for (int32_t n = 0; n < BUS; n++)
            cr_assert_float_eq(row[k][n], s->ptdf[branch[k]][n], 1e-9,
                               "branch %d bus %d: %g, dense %g", branch[k], n,
                               row[k][n], s->ptdf[branch[k]][n]);
    network_destroy(net);
    free(s);
    cr_assert_eq(mem_live(), 0);
}

Test(network, factors_at_some_buses_are_those_of_all)
{
    static double row[BRANCH * 2][BUS], some[BRANCH * 2][5];
    const int32_t at[] = {BUS - 1, 0, 3, 3, 5};
    int32_t branch[BRANCH * 2];
    struct err err = {0};
    struct sample *s = two_islands();
    struct network *net = make(s);
    for (int32_t k = 0; k < 2 * BRANCH; k++)
        branch[k] = (7 * k) % BRANCH;
    cr_assert_eq(network_ptdf_rows(net, 2 * BRANCH, branch, row[0], &err), ERR_OK);
    cr_assert_eq(network_ptdf_at(net, 2 * BRANCH, branch, 5, at, some[0], &err),
                 ERR_OK);
    for (int32_t k = 0; k < 2 * BRANCH; k++)
        for (int32_t j = 0; j < 5; j++)
            cr_assert_float_eq(some[k][j], row[k][at[j]], 1e-9);
    network_destroy(net);
    free(s);
    cr_assert_eq(mem_live(), 0);
}

Test(network, flows_follow_the_factors_and_obey_kirchhoff)
{
    static double injection[CASES][BUS], angle[CASES][BUS], flow[CASES][BRANCH];
    struct draw d = draw_begin(11);
    struct err err = {0};
    struct sample *s = two_islands();
    struct network *net = make(s);
    solve_dense(s);
    for (int32_t c = 0; c < CASES; c++)
        for (int32_t n = 0; n < BUS; n++)
            injection[c][n] = c == 0 ? 0 : draw_real(&d, -100, 100);
    cr_assert_eq(network_flows(net, CASES, injection[0], angle[0], flow[0], &err),
                 ERR_OK);
    for (int32_t c = 0; c < CASES; c++) {
        double missing[2] = {0}, left[BUS];
        for (int32_t n = 0; n < BUS; n++)
            missing[s->island[n]] -= injection[c][n];
        for (int32_t n = 0; n < BUS; n++)
            left[n] =
                injection[c][n] + network_reference(net)[n] * missing[s->island[n]];
        for (int32_t l = 0; l < BRANCH; l++) {
            double want = flow[0][l]; /* what the shifters drive */
            for (int32_t n = 0; n < BUS; n++)
                want += s->ptdf[l][n] * injection[c][n];
            cr_assert_float_eq(flow[c][l], want, 1e-6, "case %d branch %d", c, l);
            cr_assert_float_eq(
                flow[c][l],
                s->b[l] * (angle[c][s->from[l]] - angle[c][s->to[l]] - s->shift[l]),
                1e-6);
            left[s->from[l]] -= flow[c][l];
            left[s->to[l]] += flow[c][l];
        }
        for (int32_t n = 0; n < BUS; n++)
            cr_assert_float_eq(left[n], 0, 1e-6, "case %d bus %d", c, n);
        cr_assert_float_eq(angle[c][0], 0, 0);
        cr_assert_float_eq(angle[c][1], 0, 0);
    }
    cr_assert_eq(network_flows(net, 1, injection[1], NULL, flow[2], &err), ERR_OK);
    cr_assert_eq(network_flows(net, 1, injection[1], angle[2], NULL, &err), ERR_OK);
    cr_assert_float_eq(flow[2][5], flow[1][5], 1e-9);
    network_destroy(net);
    free(s);
}

Test(network, parallel_branches_share_by_susceptance)
{
    const double injection[] = {100, -100};
    double flow[2];
    struct err err = {0};
    struct sample *s = sample_begin(2, 2);
    s->to[0] = s->from[1] = 1; /* the second one the other way round */
    s->b[0] = 1000;
    s->b[1] = 3000;
    struct network *net = make(s);
    cr_assert_eq(network_flows(net, 1, injection, NULL, flow, &err), ERR_OK);
    cr_assert_float_eq(flow[0], 25, 1e-9);
    cr_assert_float_eq(flow[1], -75, 1e-9);
    network_destroy(net);
    free(s);
}

Test(network, susceptances_that_cancel_make_a_singular_matrix)
{
    struct network *net;
    struct err err = {0};
    struct sample *s = sample_begin(2, 2);
    s->to[0] = s->to[1] = 1;
    s->b[0] = 1000;
    s->b[1] = -1000;
    cr_assert_eq(network_create(&s->d, &net, &err), ERR_NUMERIC);
    cr_assert_null(net);
    cr_assert_eq(mem_live(), 0);
    free(s);
}

Test(network, a_branch_from_a_bus_to_itself_carries_only_what_its_shifter_drives)
{
    const double injection[] = {5, -5};
    double flow[2], row[2];
    const int32_t loop = 1;
    struct err err = {0};
    struct sample *s = sample_begin(2, 2);
    s->to[0] = 1;
    s->from[1] = s->to[1] = 1;
    s->b[0] = s->b[1] = 1000;
    struct network *net = make(s);
    cr_assert_eq(network_flows(net, 1, injection, NULL, flow, &err), ERR_OK);
    cr_assert_float_eq(flow[0], 5, 1e-9);
    cr_assert_float_eq(flow[1], 0, 1e-9);
    cr_assert_eq(network_ptdf_rows(net, 1, &loop, row, &err), ERR_OK);
    cr_assert_float_eq(row[0], 0, 1e-12);
    cr_assert_float_eq(row[1], 0, 1e-12);
    network_destroy(net);
    free(s);
}

/* ---- bus ties ---- */

/* two_islands with every third branch a tie: trees, loops, parallel ones. */
static struct sample *tied(double b)
{
    struct sample *s = two_islands();
    for (int32_t l = 0; l < BRANCH; l += 3) {
        s->b[l] = b;
        s->shift[l] = 0;
    }
    s->b[16] = s->b[50] = 1000; /* so that the twin is well conditioned */
    return s;
}

Test(network, ties_are_the_limit_of_equal_reactances_that_vanish)
{
    static double injection[CASES][BUS], angle[CASES][BUS], flow[2][CASES][BRANCH];
    static double row[2][BRANCH][BUS];
    int32_t branch[BRANCH];
    struct draw d = draw_begin(12);
    struct err err = {0};
    for (int32_t l = 0; l < BRANCH; l++)
        branch[l] = l;
    for (int32_t c = 0; c < CASES; c++)
        for (int32_t n = 0; n < BUS; n++)
            injection[c][n] = draw_real(&d, -100, 100);
    for (int twin = 1; twin >= 0; twin--) {
        struct sample *s = tied(twin ? 1e9 : HUGE_VAL);
        struct network *net = make(s);
        cr_assert_eq(
            network_flows(net, CASES, injection[0], angle[0], flow[twin][0], &err),
            ERR_OK);
        cr_assert_eq(network_ptdf_rows(net, BRANCH, branch, row[twin][0], &err),
                     ERR_OK);
        for (int32_t l = 0; !twin && l < BRANCH; l += 3)
            cr_assert_float_eq(angle[7][s->from[l]], angle[7][s->to[l]], 0);
        network_destroy(net);
        free(s);
    }
    for (int32_t l = 0; l < BRANCH; l++) {
        for (int32_t c = 0; c < CASES; c++)
            cr_assert_float_eq(flow[0][c][l], flow[1][c][l], 1e-2,
                               "case %d branch %d: %.9g, twin %.9g", c, l,
                               flow[0][c][l], flow[1][c][l]);
        for (int32_t n = 0; n < BUS; n++)
            cr_assert_float_eq(row[0][l][n], row[1][l][n], 1e-4,
                               "branch %d bus %d: %.9g, twin %.9g", l, n, row[0][l][n],
                               row[1][l][n]);
    }
    cr_assert_eq(mem_live(), 0);
}

Test(network, flows_on_ties_balance_every_bus_and_follow_their_factors)
{
    double injection[2][BUS] = {{0}}, flow[2][BRANCH], row[BUS], left[BUS];
    struct draw d = draw_begin(13);
    struct err err = {0};
    struct sample *s = tied(HUGE_VAL);
    struct network *net = make(s);
    double missing[2] = {0};
    for (int32_t n = 0; n < BUS; n++) {
        injection[1][n] = draw_real(&d, -100, 100);
        missing[s->island[n]] -= injection[1][n];
    }
    cr_assert_eq(network_flows(net, 2, injection[0], NULL, flow[0], &err), ERR_OK);
    for (int32_t n = 0; n < BUS; n++)
        left[n] = injection[1][n] + network_reference(net)[n] * missing[s->island[n]];
    for (int32_t l = 0; l < BRANCH; l++) {
        double want = flow[0][l];
        cr_assert_eq(network_ptdf_rows(net, 1, &l, row, &err), ERR_OK);
        for (int32_t n = 0; n < BUS; n++)
            want += row[n] * injection[1][n];
        cr_assert_float_eq(flow[1][l], want, 1e-8, "branch %d", l);
        left[s->from[l]] -= flow[1][l];
        left[s->to[l]] += flow[1][l];
    }
    for (int32_t n = 0; n < BUS; n++)
        cr_assert_float_eq(left[n], 0, 1e-8, "bus %d", n);
    network_destroy(net);
    free(s);
}

Test(network, a_loop_of_ties_shares_equally_and_a_line_beside_a_tie_is_idle)
{
    const double injection[] = {90, 0, -90};
    const int32_t to[] = {1, 2, 0, 1};
    double flow[4];
    struct err err = {0};
    struct sample *s = sample_begin(3, 4); /* ties 1-2, 2-3, 3-1 and a line 1-2 */
    for (int32_t l = 0; l < 4; l++) {
        s->from[l] = l % 3;
        s->to[l] = to[l];
        s->b[l] = l < 3 ? HUGE_VAL : 1000;
    }
    struct network *net = make(s);
    cr_assert_eq(network_flows(net, 1, injection, NULL, flow, &err), ERR_OK);
    cr_assert_float_eq(flow[0], 30, 1e-9);
    cr_assert_float_eq(flow[1], 30, 1e-9);
    cr_assert_float_eq(flow[2], -60, 1e-9);
    cr_assert_float_eq(flow[3], 0, 1e-9);
    cr_assert_eq(network_n_island(net), 1);
    network_destroy(net);
    free(s);
}

/* Mixtures of random shadow prices, sparse and full, against the rows themselves. */
static void compare_mixtures(const struct sample *s, struct draw *d)
{
    static double mu[CASES * BRANCH], price[CASES * BUS], row[BRANCH * BUS], one[BUS];
    int32_t branch[BRANCH], n_branch = s->d.n_branch, n_bus = s->d.n_bus;
    struct err err = {0};
    struct network *net = make(s);
    for (int32_t l = 0; l < n_branch; l++)
        branch[l] = l;
    for (int32_t c = 0; c < CASES; c++)
        for (int32_t l = 0; l < n_branch; l++)
            mu[c * n_branch + l] =
                c > 0 && draw_chance(d, c % 2 ? 0.1 : 1) ? draw_real(d, -50, 50) : 0;
    cr_assert_eq(network_ptdf_rows(net, n_branch, branch, row, &err), ERR_OK);
    cr_assert_eq(network_prices(net, CASES, mu, price, &err), ERR_OK);
    for (int32_t c = 0; c < CASES; c++)
        for (int32_t n = 0; n < n_bus; n++) {
            double want = 0, size = 1;
            for (int32_t l = 0; l < n_branch; l++) {
                want += mu[c * n_branch + l] * row[l * n_bus + n];
                size += fabs(mu[c * n_branch + l] * row[l * n_bus + n]);
            }
            cr_assert_float_eq(price[c * n_bus + n], want, 1e-10 * size,
                               "case %d bus %d: %.12g, by rows %.12g", c, n,
                               price[c * n_bus + n], want);
        }
    cr_assert_eq(network_prices(net, 1, mu + 3 * n_branch, one, &err), ERR_OK);
    for (int32_t n = 0; n < n_bus; n++)
        cr_assert_float_eq(one[n], price[3 * n_bus + n], 1e-10 * (1 + fabs(one[n])),
                           "alone, bus %d", n);
    network_destroy(net);
}

Test(network, prices_are_mixtures_of_rows)
{
    struct draw d = draw_begin(14);
    struct sample *plain = two_islands(), *with_ties = tied(HUGE_VAL);
    compare_mixtures(plain, &d);
    compare_mixtures(with_ties, &d);
    free(plain);
    free(with_ties);
    cr_assert_eq(mem_live(), 0);
}

/* Random trees over one to four islands with lone buses, branches, ties beside them. */
Test(network, prices_are_mixtures_of_rows_in_any_network)
{
    FOR_SEEDS(seed, 100)
    {
        struct draw d = draw_begin(seed);
        int32_t n_bus = draw_int(&d, 1, BUS), n_island = draw_int(&d, 1, 4);
        struct sample *s = sample_begin(n_bus, 0);
        for (int32_t l = 0; l < BRANCH; l++) {
            int32_t a = draw_int(&d, 0, n_bus - 1), b = draw_int(&d, 0, n_bus - 1);
            if (a == b || a % n_island != b % n_island)
                continue;
            s->from[s->d.n_branch] = a;
            s->to[s->d.n_branch] = b;
            s->b[s->d.n_branch++] =
                draw_chance(&d, 0.2) ? HUGE_VAL : draw_real(&d, 500, 3000);
        }
        for (int32_t n = 0; n < n_bus; n++)
            s->weight[n] = draw_chance(&d, 0.5) ? draw_real(&d, 1, 10) : 0;
        compare_mixtures(s, &d);
        free(s);
    }
    cr_assert_eq(mem_live(), 0);
}

Test(network, every_failed_allocation_is_reported_and_leaks_nothing)
{
    struct sample *s = tied(HUGE_VAL);
    enum err_code code = ERR_NOMEM;
    for (long n = 0; code == ERR_NOMEM; n++) {
        struct network *net;
        struct err err = {0};
        mem_fail_after(n);
        code = network_create(&s->d, &net, &err);
        mem_fail_after(-1);
        network_destroy(net);
        cr_assert_eq(mem_live(), 0, "leak after %ld allocations", n);
        cr_assert_lt(n, 100);
    }
    cr_assert_eq(code, ERR_OK);
    free(s);
}
