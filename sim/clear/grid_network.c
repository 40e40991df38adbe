/* grid_network.c - per-unit branch data into MW, radians and limits. */
#include "sim/clear/grid_network.h"

#include <math.h>
#include <stdbool.h>

#include "sim/base/units.h"

static double susceptance(const struct grid_branch *l, enum dc_model model, double base)
{
    return model == DC_MATPOWER
               ? base / (l->x_pu * l->tap)
               : base * l->x_pu / (l->r_pu * l->r_pu + l->x_pu * l->x_pu);
}

/* Flow at a limit of the angle difference, +-infinity where there is none. */
static double flow_at(double b, double angle_deg, double shift_rad)
{
    return isinf(angle_deg) ? (b > 0) == (angle_deg > 0) ? HUGE_VAL : -HUGE_VAL
                            : b * (rad_from_deg(angle_deg) - shift_rad);
}

/* Arrays over branches, owned by the arena. */
struct lines {
    int32_t *from, *to;
    double *b, *shift, *lo, *up, *loss;
};

/* False when the susceptance is no number. */
static bool fill_branch(const struct grid_branch *branch, enum dc_model model,
                        double base, struct lines *x, int32_t l)
{
    bool is_tie = branch->x_pu == 0; /* exact: the reader makes it so */
    x->from[l] = branch->from;
    x->to[l] = branch->to;
    x->lo[l] = -branch->rate_mw;
    x->up[l] = branch->rate_mw;
    x->loss[l] = is_tie ? 0 : branch->r_pu / base;
    x->b[l] = HUGE_VAL;
    if (is_tie)
        return true;
    x->b[l] = susceptance(branch, model, base);
    x->shift[l] = model == DC_MATPOWER ? rad_from_deg(branch->shift_deg) : 0;
    double one = flow_at(x->b[l], branch->angle_min_deg, x->shift[l]);
    double other = flow_at(x->b[l], branch->angle_max_deg, x->shift[l]);
    x->lo[l] = fmax(x->lo[l], fmin(one, other));
    x->up[l] = fmin(x->up[l], fmax(one, other));
    return isfinite(x->b[l]);
}

enum err_code grid_network_create(const struct grid *grid, enum dc_model model,
                                  const double *reference_weight,
                                  struct grid_network *out, struct err *err)
{
    *out = (struct grid_network){0};
    struct arena *a = &out->arena;
    int32_t n = grid->n_branch;
    struct lines x = {.from = ARENA_ARRAY(a, int32_t, n),
                      .to = ARENA_ARRAY(a, int32_t, n),
                      .b = ARENA_ARRAY(a, double, n),
                      .shift = ARENA_ARRAY(a, double, n),
                      .lo = ARENA_ARRAY(a, double, n),
                      .up = ARENA_ARRAY(a, double, n),
                      .loss = ARENA_ARRAY(a, double, n)};
    if (!x.from || !x.to || !x.b || !x.shift || !x.lo || !x.up || !x.loss)
        return err_set(err, ERR_NOMEM, "cannot hold a network of %d branches", n);
    for (int32_t l = 0; l < n; l++)
        if (!fill_branch(&grid->branch[l], model, grid->base_mva, &x, l))
            return err_set(err, ERR_NUMERIC, "the susceptance of branch %s is infinite",
                           grid->branch[l].id);
    out->data = (struct network_data){.n_bus = grid->n_bus,
                                      .n_branch = n,
                                      .from = x.from,
                                      .to = x.to,
                                      .susceptance_mw_per_rad = x.b,
                                      .shift_rad = x.shift,
                                      .flow_min_mw = x.lo,
                                      .flow_max_mw = x.up,
                                      .reference_weight = reference_weight,
                                      .loss_per_mw = x.loss};
    return network_create(&out->data, &out->net, err);
}

void grid_network_release(struct grid_network *gn)
{
    network_destroy(gn->net);
    arena_release(&gn->arena);
    *gn = (struct grid_network){0};
}
