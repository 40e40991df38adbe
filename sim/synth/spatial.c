/* spatial.c - cells, nearest neighbours, spanning tree. */
#include "sim/synth/spatial.h"

#include <math.h>
#include <string.h>

#include "sim/base/disjoint.h"

enum {
    POINTS_PER_CELL = 2,
    RADIX_BITS = 16,
    RADIX = 1 << RADIX_BITS
};

static int32_t cell_of(const struct spatial_cells *c, int32_t i)
{
    return (c->y_m[i] - c->min_y_m) / c->cell_m * c->n_x +
           (c->x_m[i] - c->min_x_m) / c->cell_m;
}

enum err_code spatial_cells_fill(struct arena *a, int32_t n, const int32_t *x_m,
                                 const int32_t *y_m, struct spatial_cells *out,
                                 struct err *err)
{
    struct spatial_cells *c = out;
    int32_t max_x = n ? x_m[0] : 0, max_y = n ? y_m[0] : 0;
    *c = (struct spatial_cells){
        .n = n, .x_m = x_m, .y_m = y_m, .min_x_m = max_x, .min_y_m = max_y};
    for (int32_t i = 0; i < n; i++) {
        c->min_x_m = x_m[i] < c->min_x_m ? x_m[i] : c->min_x_m;
        c->min_y_m = y_m[i] < c->min_y_m ? y_m[i] : c->min_y_m;
        max_x = x_m[i] > max_x ? x_m[i] : max_x;
        max_y = y_m[i] > max_y ? y_m[i] : max_y;
    }
    int64_t width = (int64_t)max_x - c->min_x_m + 1;
    int64_t height = (int64_t)max_y - c->min_y_m + 1;
    double area = (double)width * (double)height;
    c->cell_m = 1 + (int32_t)sqrt(area * POINTS_PER_CELL / (n ? n : 1));
    c->n_x = (int32_t)((width - 1) / c->cell_m) + 1;
    c->n_y = (int32_t)((height - 1) / c->cell_m) + 1;
    int64_t n_cell = (int64_t)c->n_x * c->n_y;
    c->start = ARENA_ARRAY(a, int32_t, n_cell + 2);
    c->item = ARENA_ARRAY(a, int32_t, n);
    if (!c->start || !c->item)
        return err_set(err, ERR_NOMEM, "cannot hold a map of %d points", n);
    int32_t *next = c->start + 1; /* next[k] ends as the start of cell k + 1 */
    for (int32_t i = 0; i < n; i++)
        next[cell_of(c, i) + 1]++;
    for (int64_t k = 1; k <= n_cell; k++)
        next[k] += next[k - 1];
    for (int32_t i = 0; i < n; i++)
        c->item[next[cell_of(c, i)]++] = i;
    return ERR_OK;
}

struct near {
    int32_t point;
    int64_t d2_m2;
};

/* A search around point i: the nearest so far of those that qualify. */
struct search {
    const struct spatial_cells *c;
    int32_t i;
    int k, n_found;
    const int32_t *group; /* NULL, or only points of another group qualify */
    struct near found[SPATIAL_MAX_NEIGHBOURS]; /* nearest first */
};

static void consider(struct search *s, int32_t j)
{
    if (j == s->i || (s->group && s->group[j] == s->group[s->i]))
        return;
    int64_t dx = (int64_t)s->c->x_m[s->i] - s->c->x_m[j];
    int64_t dy = (int64_t)s->c->y_m[s->i] - s->c->y_m[j], d2 = dx * dx + dy * dy;
    int at = s->n_found;
    if (at == s->k && d2 >= s->found[at - 1].d2_m2)
        return;
    if (at < s->k)
        s->n_found++;
    else
        at--;
    for (; at > 0 && s->found[at - 1].d2_m2 > d2; at--)
        s->found[at] = s->found[at - 1];
    s->found[at] = (struct near){j, d2};
}

static void look_into(struct search *s, int32_t x, int32_t y)
{
    const struct spatial_cells *c = s->c;
    if (x < 0 || x >= c->n_x || y < 0 || y >= c->n_y)
        return;
    int32_t cell = y * c->n_x + x;
    for (int32_t k = c->start[cell]; k < c->start[cell + 1]; k++)
        consider(s, c->item[k]);
}

/* Rings of cells around point i, until no cell further out can hold anything nearer than
 * the k-th found or than within_m2. */
static void look_around(struct search *s, int64_t within_m2)
{
    const struct spatial_cells *c = s->c;
    int32_t x = (c->x_m[s->i] - c->min_x_m) / c->cell_m;
    int32_t y = (c->y_m[s->i] - c->min_y_m) / c->cell_m;
    int32_t most = c->n_x > c->n_y ? c->n_x : c->n_y;
    for (int32_t r = 0; r < most; r++) {
        /* Within the grid: points on a line have cells in one row only. */
        int32_t left = x > r ? -r : -x;
        int32_t right = x + r < c->n_x ? r : c->n_x - 1 - x;
        int32_t last = y + r < c->n_y ? y + r : c->n_y - 1;
        for (int32_t row = y > r ? y - r : 0; row <= last; row++) {
            bool edge = row == y - r || row == y + r;
            for (int32_t dx = left; edge && dx <= right; dx++)
                look_into(s, x + dx, row);
            if (!edge) {
                look_into(s, x - r, row);
                look_into(s, x + r, row);
            }
        }
        int64_t reach = (int64_t)r * c->cell_m;
        int64_t need = s->n_found == s->k && s->found[s->k - 1].d2_m2 < within_m2
                           ? s->found[s->k - 1].d2_m2
                           : within_m2;
        if (reach * reach >= need)
            return;
    }
}

/* Stable sort by distance, least significant digit first. Sorted into *link; *spare is
 * as long. */
static void sort_links(struct spatial_link **link, struct spatial_link **spare,
                       int32_t n, int32_t *count)
{
    int64_t most = 0;
    for (int32_t k = 0; k < n; k++)
        most = (*link)[k].d2_m2 > most ? (*link)[k].d2_m2 : most;
    for (int shift = 0; shift < 63 && most >> shift; shift += RADIX_BITS) {
        memset(count, 0, (RADIX + 1) * sizeof *count);
        for (int32_t k = 0; k < n; k++)
            count[((*link)[k].d2_m2 >> shift & (RADIX - 1)) + 1]++;
        for (int32_t d = 0; d < RADIX; d++)
            count[d + 1] += count[d];
        for (int32_t k = 0; k < n; k++)
            (*spare)[count[(*link)[k].d2_m2 >> shift & (RADIX - 1)]++] = (*link)[k];
        struct spatial_link *sorted = *spare;
        *spare = *link;
        *link = sorted;
    }
}

/* near[i * k ..] holds the neighbours of i, -1 after the last. */
static bool has_neighbour(const int32_t *near, int k, int32_t i, int32_t j)
{
    for (int m = 0; m < k; m++)
        if (near[(int64_t)i * k + m] == j)
            return true;
    return false;
}

static int32_t link_neighbours(const struct spatial_cells *c, int k, int32_t *near,
                               struct spatial_link *link)
{
    int32_t n = 0;
    for (int32_t i = 0; i < c->n; i++) {
        struct search s = {.c = c, .i = i, .k = k};
        look_around(&s, INT64_MAX);
        for (int m = 0; m < k; m++)
            near[(int64_t)i * k + m] = m < s.n_found ? s.found[m].point : -1;
        for (int m = 0; m < s.n_found; m++) /* seen from the other end already? */
            if (s.found[m].point > i || !has_neighbour(near, k, s.found[m].point, i))
                link[n++] =
                    (struct spatial_link){i, s.found[m].point, s.found[m].d2_m2, false};
    }
    return n;
}

/* Of every group but the largest, one link to the nearest point outside; groups and their
 * number on return are of before. link has room for as many more as there are groups. */
static int32_t join_groups(const struct spatial_cells *c, int32_t *parent,
                           int32_t *group, struct spatial_link *best,
                           struct spatial_link *link, int32_t *n_link)
{
    int32_t n_group = 0, largest = 0;
    memset(best, 0, (size_t)c->n * sizeof *best);
    for (int32_t i = 0; i < c->n; i++) {
        group[i] = disjoint_root(parent, i);
        n_group += group[i] == i;
        best[group[i]].a++; /* size, until its turn comes */
    }
    for (int32_t i = 0; i < c->n; i++)
        largest = best[i].a > best[largest].a ? i : largest;
    for (int32_t i = 0; i < c->n; i++)
        best[i] = (struct spatial_link){-1, -1, INT64_MAX, true};
    for (int32_t i = 0; i < c->n && n_group > 1; i++) {
        struct spatial_link *b = &best[group[i]];
        struct search s = {.c = c, .i = i, .k = 1, .group = group};
        if (group[i] == largest)
            continue;
        look_around(&s, b->d2_m2);
        if (s.n_found && s.found[0].d2_m2 < b->d2_m2)
            *b = (struct spatial_link){i, s.found[0].point, s.found[0].d2_m2, true};
    }
    for (int32_t i = 0; i < c->n; i++)
        if (best[i].a >= 0 && disjoint_join(parent, best[i].a, best[i].b))
            link[(*n_link)++] = best[i];
    return n_group;
}

enum err_code spatial_links(struct arena *a, const struct spatial_cells *c, int k,
                            struct spatial_link **link, int32_t *n_link,
                            struct err *err)
{
    struct arena scratch = {0};
    size_t room = (size_t)c->n * ((size_t)k + 1);
    int32_t *near = ARENA_ARRAY(&scratch, int32_t, (size_t)c->n * (size_t)k);
    int32_t *parent = ARENA_ARRAY(&scratch, int32_t, c->n);
    int32_t *group = ARENA_ARRAY(&scratch, int32_t, c->n);
    int32_t *count = ARENA_ARRAY(&scratch, int32_t, RADIX + 1);
    struct spatial_link *one = ARENA_ARRAY(&scratch, struct spatial_link, room);
    struct spatial_link *two = ARENA_ARRAY(&scratch, struct spatial_link, room);
    enum err_code code = ERR_OK;
    int32_t n = 0;
    if (!near || !parent || !group || !count || !one || !two) {
        code = err_set(err, ERR_NOMEM, "cannot hold the neighbours of %d points", c->n);
        goto done;
    }
    n = link_neighbours(c, k, near, one);
    sort_links(&one, &two, n, count);
    disjoint_begin(parent, c->n);
    for (int32_t m = 0; m < n; m++)
        one[m].tree = disjoint_join(parent, one[m].a, one[m].b);
    while (join_groups(c, parent, group, two, one, &n) > 1)
        ;
    *link = ARENA_ARRAY(a, struct spatial_link, n);
    *n_link = n;
    if (*link)
        memcpy(*link, one, (size_t)n * sizeof **link);
    else
        code = err_set(err, ERR_NOMEM, "cannot hold %d links", n);
done:
    arena_release(&scratch);
    return code;
}
