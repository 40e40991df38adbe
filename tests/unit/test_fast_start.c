/* test_fast_start.c - lesson 18, a peaker that real time starts, when memory ends. */
#include <criterion/criterion.h>

#include "sim/app/run_pipeline.h"
#include "sim/base/mem.h"

Test(fast_start, running_out_of_memory_is_clean)
{
    enum err_code code = ERR_NOMEM;
    int n_failed = 0;
    for (long n = 900; code; n += 1 + n / 3, n_failed++) {
        struct err err = {0};
        struct progress progress = {0};
        struct diagnostics diag = {0};
        struct run run = {0};
        cr_assert_eq(run_load("scenarios/18-fast-start", &run, &diag), ERR_OK);
        err_list_release(&diag.faults);
        arena_release(&diag.names);
        mem_fail_after(n);
        code = run_days(&run, &progress, &err);
        mem_fail_after(-1);
        cr_assert(code == ERR_OK || code == ERR_NOMEM, "%ld: %s", n, err.msg);
        run_release(&run);
        cr_assert_eq(mem_live(), 0, "allocation %ld leaks", n);
    }
    cr_assert_gt(n_failed, 5);
}
