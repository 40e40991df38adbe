/* synth_place.c - substations in towns and between them, and who gets a higher voltage. */
#include <math.h>
#include <string.h>

#include "sim/base/seeded.h"
#include "sim/synth/spatial.h"
#include "sim/synth/synth_parts.h"

enum {
    SPACING_M = 9000,  /* between substations, were they spread evenly */
    SUBS_PER_TOWN = 60 /* on average */
};

#define TOWN_SHARE   0.6  /* of the substations are in towns */
#define TOWN_RADIUS  0.3  /* of the root of their number, in spacings */
#define SHARE_230_KV 0.17 /* of the buses */
#define SHARE_500_KV 0.05

struct town {
    double x_m, y_m, radius_m;
    double up_to; /* sum of sizes up to this town */
};

/* A plane of square form with towns in it. */
struct plane {
    double side_m;
    int32_t n_town;
    struct town *town;
};

static enum err_code found_towns(struct seeded *r, int32_t n_sub, struct arena *a,
                                 struct plane *p, struct err *err)
{
    double sum = 0;
    p->side_m = SPACING_M * sqrt((double)n_sub);
    p->n_town = 1 + n_sub / SUBS_PER_TOWN;
    p->town = ARENA_ARRAY(a, struct town, p->n_town);
    if (!p->town)
        return err_set(err, ERR_NOMEM, "cannot hold %d towns", p->n_town);
    for (int32_t k = 0; k < p->n_town; k++) {
        struct town *t = &p->town[k];
        t->x_m = seeded_real(r, 0, p->side_m);
        t->y_m = seeded_real(r, 0, p->side_m);
        t->radius_m = seeded_log_normal(r, 1, 1); /* its size, for now */
        sum += t->radius_m;
        t->up_to = sum;
    }
    for (int32_t k = 0; k < p->n_town; k++) {
        double n = TOWN_SHARE * n_sub * p->town[k].radius_m / sum;
        p->town[k].radius_m = TOWN_RADIUS * SPACING_M * sqrt(n);
    }
    return ERR_OK;
}

/* A town, the more likely the larger. */
static const struct town *some_town(struct seeded *r, const struct plane *p)
{
    double at = seeded_real(r, 0, p->town[p->n_town - 1].up_to);
    int32_t lo = 0, hi = p->n_town - 1;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (p->town[mid].up_to > at)
            hi = mid;
        else
            lo = mid + 1;
    }
    return &p->town[lo];
}

/* Reflected at the border. */
static int32_t inside(double at, double side)
{
    at = at < 0 ? -at : at > side ? 2 * side - at : at;
    return (int32_t)fmin(fmax(at, 0), side);
}

static void settle(struct seeded *r, const struct plane *p, int32_t n_sub, int32_t *x_m,
                   int32_t *y_m)
{
    for (int32_t i = 0; i < n_sub; i++) {
        double x = seeded_real(r, 0, p->side_m), y = seeded_real(r, 0, p->side_m);
        if (seeded_chance(r, TOWN_SHARE)) {
            const struct town *t = some_town(r, p);
            x = t->x_m + t->radius_m * (seeded_real(r, -1, 1) + seeded_real(r, -1, 1));
            y = t->y_m + t->radius_m * (seeded_real(r, -1, 1) + seeded_real(r, -1, 1));
        }
        x_m[i] = inside(x, p->side_m);
        y_m[i] = inside(y, p->side_m);
    }
}

/* Of the n things for which level[i] == from, exactly take become from + 1 (selection
 * sampling, Knuth, volume 2, 3.4.2 S). */
static void raise_level(struct seeded *r, int32_t n_sub, int32_t *level, int32_t from,
                        int32_t n, int32_t take)
{
    for (int32_t i = 0; i < n_sub; i++) {
        if (level[i] != from)
            continue;
        if (seeded_below(r, n--) < take) {
            level[i]++;
            take--;
        }
    }
}

static enum err_code fill_buses(const struct spatial_cells *c, const int32_t *level,
                                struct synth *s, struct err *err)
{
    s->bus = ARENA_ARRAY(&s->arena, struct synth_bus, s->n_bus);
    if (!s->bus)
        return err_set(err, ERR_NOMEM, "cannot hold %d buses", s->n_bus);
    int32_t n = 0;
    for (int32_t k = 0; k < c->n; k++) { /* by cells, so that numbers mean places */
        int32_t i = c->item[k];
        for (int32_t v = 0; v <= level[i]; v++)
            s->bus[n++] =
                (struct synth_bus){.x_m = c->x_m[i], .y_m = c->y_m[i], .level = v};
    }
    return ERR_OK;
}

enum err_code synth_place(const struct synth_options *opt, struct synth *s,
                          struct err *err)
{
    struct arena scratch = {0};
    struct spatial_cells cells;
    struct plane plane;
    struct seeded place = seeded_begin(opt->seed, SYNTH_STREAM_PLACE);
    struct seeded raise = seeded_begin(opt->seed, SYNTH_STREAM_LEVEL);
    int32_t n_230 = (int32_t)(SHARE_230_KV * opt->n_bus);
    int32_t n_500 = n_230 >= 4 ? (int32_t)(SHARE_500_KV * opt->n_bus) : 0;
    int32_t n_sub = opt->n_bus - n_230 - n_500;
    int32_t *x_m = ARENA_ARRAY(&scratch, int32_t, n_sub);
    int32_t *y_m = ARENA_ARRAY(&scratch, int32_t, n_sub);
    int32_t *level = ARENA_ARRAY(&scratch, int32_t, n_sub);
    enum err_code code = ERR_OK;
    s->n_bus = opt->n_bus;
    if (!x_m || !y_m || !level)
        code = err_set(err, ERR_NOMEM, "cannot hold %d substations", n_sub);
    if (!code)
        code = found_towns(&place, n_sub, &scratch, &plane, err);
    if (!code) {
        settle(&place, &plane, n_sub, x_m, y_m);
        raise_level(&raise, n_sub, level, 0, n_sub, n_230);
        raise_level(&raise, n_sub, level, 1, n_230, n_500);
        code = spatial_cells_fill(&scratch, n_sub, x_m, y_m, &cells, err);
    }
    if (!code)
        code = fill_buses(&cells, level, s, err);
    arena_release(&scratch);
    return code;
}
