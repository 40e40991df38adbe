/* contingency.c - limits after outages; factors after one of them. */
#include "sim/clear/contingency.h"

#include "sim/base/mem.h"
#include "solver/outage.h"

enum err_code contingency_create(const struct grid *grid,
                                 const struct grid_outages *list,
                                 const double *participation, struct contingency *out,
                                 struct err *err)
{
    *out = (struct contingency){0};
    struct arena *a = &out->arena;
    double *min = ARENA_ARRAY(a, double, grid->n_branch);
    double *max = ARENA_ARRAY(a, double, grid->n_branch);
    double *load = ARENA_ARRAY(a, double, grid->n_bus);
    int32_t *none = ARENA_ARRAY(a, int32_t, list->n + 1);
    if (!min || !max || !load || !none)
        return err_set(err, ERR_NOMEM, "cannot hold %d outages", list->n);
    for (int32_t l = 0; l < grid->n_branch; l++) {
        max[l] = grid->branch[l].rate_after_mw;
        min[l] = -max[l];
    }
    for (int32_t n = 0; n < grid->n_bus; n++)
        load[n] = grid->bus[n].load_mw;
    out->o = (struct dispatch_outages){.n_outage = list->n,
                                       .branch_start = list->branch_start,
                                       .branch = list->branch,
                                       .injection_start =
                                           participation ? list->unit_start : none,
                                       .injection = list->unit,
                                       .participation = participation,
                                       .min_mw = min,
                                       .max_mw = max,
                                       .load_mw = load};
    return ERR_OK;
}

void contingency_release(struct contingency *c)
{
    arena_release(&c->arena);
    *c = (struct contingency){0};
}

enum err_code contingency_factors(const struct grid *grid,
                                  const struct grid_outages *list, struct network *net,
                                  int32_t outage, int32_t branch, double *bus,
                                  struct err *err)
{
    const int32_t no_injection = 0;
    int32_t first = list->branch_start[outage];
    int32_t start[] = {0, list->branch_start[outage + 1] - first}, none[] = {0, 0};
    const struct grid_outages one = {.n = 1,
                                     .branch_start = start,
                                     .branch = list->branch + first,
                                     .unit_start = none,
                                     .unit = list->unit};
    struct contingency c = {0};
    struct outage_screen *screen = NULL;
    double *lodf = mem_alloc((size_t)start[1], sizeof *lodf);
    double *mu = mem_alloc((size_t)grid->n_branch, sizeof *mu);
    enum err_code code = ERR_OK;
    if (!lodf || !mu)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = contingency_create(grid, &one, NULL, &c, err);
    const struct dispatch_problem p = {
        .net = net, .n_interval = 1, .bus_start = &no_injection, .outages = &c.o};
    if (!code)
        code = outage_screen_create(&p, &screen, err);
    if (!code)
        code = outage_lodf(screen, 0, branch, lodf, err);
    if (!code) {
        mu[branch] = 1;
        for (int32_t e = 0; e < start[1]; e++)
            mu[list->branch[first + e]] = lodf[e];
        code = network_prices(net, 1, mu, bus, err);
    }
    outage_screen_destroy(screen);
    contingency_release(&c);
    mem_free(lodf);
    mem_free(mu);
    return code;
}
