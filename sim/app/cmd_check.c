/* cmd_check.c - gridclear check: the inputs of a scenario, and on request its bids. */
#include "sim/app/command.h"
#include "sim/app/decision_table.h"
#include "sim/app/run_pipeline.h"

struct check_args {
    const char *scenario, *override;
    bool bids;
};

// clang-format off
static const struct option check_options[] = {
    OPTION_ARGUMENT("SCENARIO", struct check_args, scenario, "folder of a scenario"),
    OPTION_PATH(0, "override", "FILE", struct check_args, override,
                "changes of the scenario, as `run` takes them (YAML)"),
    OPTION_FLAG(0, "bids", struct check_args, bids,
                "also admit the bids and print what was not taken as it stood"),
    OPTION_END,
};
// clang-format on

static void print_counts(const struct market *m, int32_t n_island)
{
    const struct {
        int64_t n;
        const char *one, *many;
    } count[] = {
        {m->n_day, "trade day", "trade days"},
        {m->n_interval, "hour", "hours"},
        {m->n_sc, "scheduling coordinator", "scheduling coordinators"},
        {m->n_resource, "resource", "resources"},
        {m->n_virtual, "virtual position", "virtual positions"},
        {m->n_bid_rows, "bid row", "bid rows"},
        {m->grid.n_bus, "bus", "buses"},
        {m->grid.n_branch, "branch", "branches"},
        {m->n_node - m->grid.n_bus, "aggregated node or tie",
         "aggregated nodes and ties"},
    };
    (void)printf("no faults:");
    for (size_t i = 0; i < sizeof count / sizeof *count; i++)
        (void)printf("%s %lld %s", i ? "," : "", (long long)count[i].n,
                     count[i].n == 1 ? count[i].one : count[i].many);
    if (n_island > 1) /* legal, but rarely meant */
        (void)printf("; the network is in %d islands that no branch connects",
                     (int)n_island);
    (void)printf("\n");
}

static enum err_code check(const void *args, struct diagnostics *diag)
{
    const struct check_args *a = args;
    struct run run = {.override = a->override};
    enum err_code code = run_load(a->scenario, &run, diag);
    int32_t n_island = 1;
    if (!code)
        code = grid_count_islands(&run.market.grid, &n_island, &diag->err);
    if (!code)
        print_counts(&run.market, n_island);
    if (!code && a->bids)
        code = run_admit(&run, &diag->err);
    if (!code && a->bids)
        decision_table_print(&run.market, &run.admission, stdout);
    if (code == ERR_INPUT && diag->faults.total) {
        (void)printf("%zu fault%s\n", diag->faults.total,
                     diag->faults.total == 1 ? "" : "s");
        diag->err = (struct err){0}; /* it says the same */
    }
    run_release(&run);
    return code;
}

extern const struct command cmd_check;
const struct command cmd_check = {
    .name = "check",
    .purpose = "check the inputs of a scenario and print every fault",
    .details =
        "Every fault of every file is found in one pass and printed as "
        "file:line:column: what is wrong; what was expected. With --bids the "
        "rules of admission and the credit check are applied as well; each trade "
        "day then starts from the liability carried in.",
    .options = check_options,
    .args_size = sizeof(struct check_args),
    .example = "check scenarios/duck-curve --bids",
    .run = check,
};
