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
                                       .name = list->id,
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
    struct contingency c;
    struct dispatch_problem p; /* of nothing but the network and its outages */
    struct outage_screen *screen;
};

enum err_code contingency_factors_create(const struct grid *grid,
                                         const struct grid_outages *list,
                                         struct network *net,
                                         struct contingency_factors **out,
                                         struct err *err)
{
    static const int32_t no_injection = 0;
    struct contingency_factors *f = mem_alloc(1, sizeof *f);
    *out = NULL;
    if (!f)
        return err_set(err, ERR_NOMEM, "out of memory");
    enum err_code code = contingency_create(grid, list, NULL, &f->c, err);
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
    mem_free(f);
}

enum err_code contingency_factors_lodf(struct contingency_factors *f, int32_t outage,
                                       int32_t branch, double *lodf, struct err *err)
{
    return outage_lodf(f->screen, outage, branch, lodf, err);
}
