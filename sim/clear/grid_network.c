/* grid_network.c - per-unit branch data into MW, radians and limits. */
#include "sim/clear/grid_network.h"

#include <math.h>

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

enum err_code grid_network_create(const struct grid *grid, enum dc_model model,
                                  const double *reference_weight,
                                  struct grid_network *out, struct err *err)
{
    *out = (struct grid_network){0};
    struct arena *a = &out->arena;
    int32_t n = grid->n_branch;
    int32_t *from = ARENA_ARRAY(a, int32_t, n), *to = ARENA_ARRAY(a, int32_t, n);
    double *b = ARENA_ARRAY(a, double, n), *shift = ARENA_ARRAY(a, double, n);
    double *lo = ARENA_ARRAY(a, double, n), *up = ARENA_ARRAY(a, double, n);
    if (!from || !to || !b || !shift || !lo || !up)
        return err_set(err, ERR_NOMEM, "cannot hold a network of %d branches", n);
    for (int32_t l = 0; l < n; l++) {
        const struct grid_branch *branch = &grid->branch[l];
        from[l] = branch->from;
        to[l] = branch->to;
        b[l] = susceptance(branch, model, grid->base_mva);
        shift[l] = model == DC_MATPOWER ? rad_from_deg(branch->shift_deg) : 0;
        double one = flow_at(b[l], branch->angle_min_deg, shift[l]);
        double other = flow_at(b[l], branch->angle_max_deg, shift[l]);
        lo[l] = fmax(-branch->rate_mw, fmin(one, other));
        up[l] = fmin(branch->rate_mw, fmax(one, other));
    }
    out->data = (struct network_data){.n_bus = grid->n_bus,
                                      .n_branch = n,
                                      .from = from,
                                      .to = to,
                                      .susceptance_mw_per_rad = b,
                                      .shift_rad = shift,
                                      .flow_min_mw = lo,
                                      .flow_max_mw = up,
                                      .reference_weight = reference_weight};
    return network_create(&out->data, &out->net, err);
}

void grid_network_release(struct grid_network *gn)
{
    network_destroy(gn->net);
    arena_release(&gn->arena);
    *gn = (struct grid_network){0};
}
