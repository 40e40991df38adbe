/* synth_wire.c - lines of each voltage, transformers between them. */
#include <math.h>

#include "sim/base/seeded.h"
#include "sim/synth/spatial.h"
#include "sim/synth/synth_parts.h"

/* How a voltage level is built; per km on SYNTH_BASE_MVA. */
struct level_rules {
    double r_pu, x_pu, b_pu; /* of a km of line */
    double mesh;             /* lines beyond the tree, per bus */
    double second_circuit;   /* chance of a line to be double */
};

static const struct level_rules rules_of[SYNTH_LEVELS] = {
    {0.00090, 0.00355, 0.00046, 0.03, 0.02},
    {0.00011, 0.00091, 0.00180, 0.20, 0.06},
    {0.00001, 0.000132, 0.0125, 0.40, 0.10},
};

enum {
    NEIGHBOURS = 6,
    USUAL_LINES = 4, /* most lines of one voltage at a bus ... */
    HUB_LINES = 10,  /* ... and at a hub */
    SHORTEST_M = 500
};

#define HUB_SHARE          0.008
#define TRIANGLE_CHANCE    0.3 /* a third line among three neighbours is kept */
#define SECOND_TRANSFORMER 0.12

/* The buses of one level: bus[i] is where point i belongs. */
struct layer {
    int32_t level, n;
    int32_t *bus, *x_m, *y_m;
    int32_t *lines; /* lines at point i so far, at most HUB_LINES are counted */
    bool *hub;
    int32_t *around; /* [n * HUB_LINES] the other ends of those lines */
};

/* Branches grow here; room for all that can be. */
struct wiring {
    struct seeded r;
    struct synth *s;
    int32_t room;
};

static void put(struct wiring *w, struct synth_branch b, double second)
{
    struct synth *s = w->s;
    if (s->n_branch < w->room)
        s->branch[s->n_branch++] = b;
    if (seeded_chance(&w->r, second) && s->n_branch < w->room)
        s->branch[s->n_branch++] = b;
}

/* Four significant digits: what the file says is what the flows are made of. */
static double rounded(double x)
{
    double unit = 1;
    while (x * unit < 1000)
        unit *= 10;
    return floor(x * unit + 0.5) / unit;
}

static void remember(struct layer *y, int32_t i, int32_t j)
{
    if (y->lines[i] < HUB_LINES)
        y->around[(int64_t)i * HUB_LINES + y->lines[i]++] = j;
}

static void add_line(struct wiring *w, struct layer *y, int32_t i, int32_t j,
                     int64_t d2_m2)
{
    const struct level_rules *rule = &rules_of[y->level];
    /* lines are not straight */
    double length_m = sqrt((double)d2_m2) * seeded_real(&w->r, 1.05, 1.3);
    double km = fmax(length_m, SHORTEST_M) / 1000, vary = seeded_real(&w->r, 0.9, 1.1);
    bool swap = y->bus[i] > y->bus[j];
    remember(y, i, j);
    remember(y, j, i);
    put(w,
        (struct synth_branch){.from = y->bus[swap ? j : i],
                              .to = y->bus[swap ? i : j],
                              .length_km = km,
                              .r_pu = rounded(km * rule->r_pu * vary),
                              .x_pu = rounded(km * rule->x_pu * vary),
                              .b_pu = rounded(km * rule->b_pu / vary),
                              .tap = 1},
        rule->second_circuit);
}

static bool share_a_neighbour(const struct layer *y, int32_t i, int32_t j)
{
    for (int32_t a = 0; a < y->lines[i]; a++)
        for (int32_t b = 0; b < y->lines[j]; b++)
            if (y->around[(int64_t)i * HUB_LINES + a] ==
                y->around[(int64_t)j * HUB_LINES + b])
                return true;
    return false;
}

static bool has_room(const struct layer *y, int32_t i)
{
    return y->lines[i] < (y->hub[i] ? HUB_LINES : USUAL_LINES);
}

/* The ends of lines stay ends, hubs take what is near, triangles are rare. */
static bool is_wanted(struct wiring *w, const struct layer *y,
                      const struct spatial_link *k)
{
    if (!has_room(y, k->a) || !has_room(y, k->b))
        return false;
    if (y->hub[k->a] || y->hub[k->b])
        return true;
    if (y->lines[k->a] < 2 || y->lines[k->b] < 2)
        return false;
    return !share_a_neighbour(y, k->a, k->b) || seeded_chance(&w->r, TRIANGLE_CHANCE);
}

/* The tree; then, in random order, lines at hubs, then others up to their number. */
static void connect(struct wiring *w, struct layer *y, struct spatial_link *link,
                    int32_t n_link)
{
    int32_t n_more = 0, left = (int32_t)(rules_of[y->level].mesh * y->n);
    for (int32_t k = 0; k < n_link; k++) {
        if (link[k].tree)
            add_line(w, y, link[k].a, link[k].b, link[k].d2_m2);
        else
            link[n_more++] = link[k];
    }
    for (int32_t k = n_more; k > 1; k--) { /* Fisher-Yates */
        int32_t at = seeded_below(&w->r, k);
        struct spatial_link other = link[at];
        link[at] = link[k - 1];
        link[k - 1] = other;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t k = 0; k < n_more; k++) {
            bool at_hub = y->hub[link[k].a] || y->hub[link[k].b];
            if (at_hub != (pass == 0) || (pass == 1 && left == 0))
                continue;
            if (!is_wanted(w, y, &link[k]))
                continue;
            add_line(w, y, link[k].a, link[k].b, link[k].d2_m2);
            left -= pass == 1;
        }
    }
}

static enum err_code wire_level(struct wiring *w, int32_t level, struct err *err)
{
    struct arena a = {0};
    struct layer y = {.level = level};
    struct spatial_cells cells;
    struct spatial_link *link = NULL;
    int32_t n_link = 0;
    for (int32_t n = 0; n < w->s->n_bus; n++)
        y.n += w->s->bus[n].level == level;
    y.bus = ARENA_ARRAY(&a, int32_t, y.n);
    y.x_m = ARENA_ARRAY(&a, int32_t, y.n);
    y.y_m = ARENA_ARRAY(&a, int32_t, y.n);
    y.lines = ARENA_ARRAY(&a, int32_t, y.n);
    y.hub = ARENA_ARRAY(&a, bool, y.n);
    y.around = ARENA_ARRAY(&a, int32_t, (int64_t)y.n * HUB_LINES);
    enum err_code code = ERR_OK;
    if (!y.bus || !y.x_m || !y.y_m || !y.lines || !y.hub || !y.around)
        code = err_set(err, ERR_NOMEM, "cannot hold a level of %d buses", y.n);
    for (int32_t n = 0, i = 0; !code && n < w->s->n_bus; n++) {
        if (w->s->bus[n].level != level)
            continue;
        y.bus[i] = n;
        y.x_m[i] = w->s->bus[n].x_m;
        y.y_m[i] = w->s->bus[n].y_m;
        y.hub[i++] = seeded_chance(&w->r, HUB_SHARE);
    }
    if (!code)
        code = spatial_cells_fill(&a, y.n, y.x_m, y.y_m, &cells, err);
    if (!code && y.n > 0)
        code = spatial_links(&a, &cells, NEIGHBOURS, &link, &n_link, err);
    if (!code)
        connect(w, &y, link, n_link);
    arena_release(&a);
    return code;
}

/* From each bus to the next lower voltage of its substation, which stands before it. */
static void add_transformers(struct wiring *w)
{
    for (int32_t n = 1; n < w->s->n_bus; n++) {
        int32_t level = w->s->bus[n].level;
        if (level == 0)
            continue;
        double mva =
            level == 2 ? seeded_real(&w->r, 600, 1500) : seeded_real(&w->r, 150, 350);
        double x_pu = seeded_real(&w->r, 0.09, 0.14) * SYNTH_BASE_MVA / mva;
        double tap = 1; /* half of them off the middle, in steps of 1/160 */
        if (seeded_chance(&w->r, 0.5))
            tap += (seeded_below(&w->r, 13) - 6) * 0.00625;
        put(w,
            (struct synth_branch){.from = n,
                                  .to = n - 1,
                                  .r_pu = rounded(x_pu / 30),
                                  .x_pu = rounded(x_pu),
                                  .tap = tap},
            SECOND_TRANSFORMER);
    }
}

enum err_code synth_wire(const struct synth_options *opt, struct synth *s,
                         struct err *err)
{
    struct wiring w = {.r = seeded_begin(opt->seed, SYNTH_STREAM_WIRE), .s = s};
    w.room = 3 * s->n_bus;
    s->branch = ARENA_ARRAY(&s->arena, struct synth_branch, w.room);
    enum err_code code = ERR_OK;
    if (!s->branch)
        code = err_set(err, ERR_NOMEM, "cannot hold the lines of %d buses", s->n_bus);
    for (int32_t level = 0; !code && level < SYNTH_LEVELS; level++)
        code = wire_level(&w, level, err);
    if (!code)
        add_transformers(&w);
    return code;
}
