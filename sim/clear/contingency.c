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

/* ---- factors ---- */

struct contingency_factors {
    const struct grid_outages *list;
    struct network *net;
    struct contingency c;
    struct dispatch_problem p; /* of nothing but the network and its outages */
    struct outage_screen *screen;
    double *mu; /* [n_branch] scratch */
};

enum err_code contingency_factors_create(const struct grid *grid,
                                         const struct grid_outages *list,
                                         struct network *net,
                                         struct contingency_factors **out,
                                         struct err *err)
{
    static const int32_t no_injection = 0;
    enum err_code code = ERR_OK;
    struct contingency_factors *f = mem_alloc(1, sizeof *f);
    *out = NULL;
    if (!f)
        return err_set(err, ERR_NOMEM, "out of memory");
    f->list = list;
    f->net = net;
    f->mu = mem_alloc((size_t)grid->n_branch, sizeof *f->mu);
    if (!f->mu)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = contingency_create(grid, list, NULL, &f->c, err);
    f->p = (struct dispatch_problem){
        .net = net, .n_interval = 1, .bus_start = &no_injection, .outages = &f->c.o};
    if (!code)
        code = outage_screen_create(&f->p, &f->screen, err);
    if (code)
        contingency_factors_destroy(f);
    else
        *out = f;
    return code;
}

void contingency_factors_destroy(struct contingency_factors *f)
{
    if (!f)
        return;
    outage_screen_destroy(f->screen);
    contingency_release(&f->c);
    mem_free(f->mu);
    mem_free(f);
}

enum err_code contingency_factors_row(struct contingency_factors *f, int32_t outage,
                                      int32_t branch, double *bus, struct err *err)
{
    const int32_t *lost = f->list->branch + f->list->branch_start[outage];
    int32_t n = f->list->branch_start[outage + 1] - f->list->branch_start[outage];
    double *lodf = mem_alloc((size_t)n, sizeof *lodf);
    if (!lodf)
        return err_set(err, ERR_NOMEM, "out of memory");
    enum err_code code = outage_lodf(f->screen, outage, branch, lodf, err);
    f->mu[branch] = 1;
    for (int32_t e = 0; !code && e < n; e++)
        f->mu[lost[e]] = lodf[e];
    if (!code)
        code = network_prices(f->net, 1, f->mu, bus, err);
    f->mu[branch] = 0;
    for (int32_t e = 0; e < n; e++)
        f->mu[lost[e]] = 0;
    mem_free(lodf);
    return code;
}
