/* test_line_order.c - the order of interval lines, against a sort by comparison. */
#include "sim/settle/line_order.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/settle/statement.h"

enum {
    N = 20000
};

static struct settle_interval_line line[N], twin[N];
static uint32_t seed = 1;

static int32_t draw(int32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (int32_t)((uint64_t)(seed >> 8) * (uint64_t)below >> 24);
}

static int by_comparison(const void *a, const void *b)
{
    const struct settle_interval_line *x = a, *y = b;
    int by_order = statement_compare_interval_lines(x, y);
    return by_order ? by_order
                    : (x->quantity_mwh > y->quantity_mwh) -
                          (x->quantity_mwh < y->quantity_mwh);
}

/* quantity_mwh tells where a line stood: of equal lines the earlier stays before. */
static void fill(int32_t n, int32_t n_sc, int32_t n_resource, int32_t n_position)
{
    static const int32_t codes[] = {6475, 4561, 6011, 6013, 6470};
    for (int32_t i = 0; i < n; i++) {
        bool of_resource = n_position == 0 || draw(3) > 0;
        line[i] = (struct settle_interval_line){.sc = draw(n_sc + 1) - 1,
                                                .code = codes[draw(5)],
                                                .resource = -1,
                                                .position = -1,
                                                .interval = draw(48),
                                                .minute = 5 * draw(12),
                                                .quantity_mwh = i};
        if (of_resource)
            line[i].resource = draw(n_resource + 1) - 1;
        else
            line[i].position = draw(n_position + 1) - 1;
    }
    memcpy(twin, line, sizeof line);
    qsort(twin, (size_t)n, sizeof *twin, by_comparison);
}

static void expect_order(int32_t n)
{
    cr_assert(line_order_sort(line, n));
    for (int32_t i = 0; i < n; i++) {
        cr_assert_eq(statement_compare_interval_lines(&line[i], &twin[i]), 0, "%d", i);
        cr_assert_eq(line[i].quantity_mwh, twin[i].quantity_mwh, "%d", i); /* whole */
    }
}

Test(line_order, it_is_that_of_a_sort_by_comparison)
{
    fill(N, 40, 3000, 0);
    expect_order(N);
    fill(N, 3, 20, 15);
    expect_order(N);
    fill(N, 1, 1, 100000);
    expect_order(N);
    fill(N, 1000, 1000000, 0);
    expect_order(N);
}

Test(line_order, few_lines_and_none)
{
    cr_expect(line_order_sort(line, 0));
    fill(1, 1, 1, 1);
    expect_order(1);
    fill(2, 2, 2, 2);
    expect_order(2);
    fill(7, 2, 2, 2);
    expect_order(7);
}

Test(line_order, what_does_not_fit_is_left_alone)
{
    fill(3, 1, 1, 0);
    struct settle_interval_line before[3];
    line[0].resource = INT32_MAX;
    line[1].sc = INT32_MAX - 1;
    line[1].interval = INT32_MAX;
    memcpy(before, line, sizeof before);
    cr_expect_not(line_order_sort(line, 3));
    cr_expect_arr_eq(line, before, sizeof before);
    fill(2, 1, 1, 0);
    line[0].resource = line[0].position = 1;
    cr_expect_not(line_order_sort(line, 2));
}

Test(line_order, without_memory_nothing_moves_and_nothing_stays)
{
    struct settle_interval_line before[9];
    long live = mem_live();
    for (long n = 0; n < 3; n++) {
        fill(9, 3, 3, 3);
        memcpy(before, line, sizeof before);
        mem_fail_after(n);
        cr_expect_not(line_order_sort(line, 9));
        mem_fail_after(-1);
        cr_expect_arr_eq(line, before, sizeof before);
        cr_expect_eq(mem_live(), live);
    }
}
