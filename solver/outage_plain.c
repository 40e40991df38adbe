/*
 * outage_plain.c - outages of one branch: f_l + lodf_lk f_k, by row and by column.
 *
 * lodf depend on the network alone, so that rows and columns of them that were solved for
 * are kept for the next search, as long as there are not too many.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/outage_search.h"

enum {
    LANES = SPARSE_LANES,
    CHUNK = 64,         /* pairs that are passed over together */
    MOST_KEPT = 1 << 24 /* lodf that are kept: 128 MiB */
};

static int32_t branch_of(const struct outage_screen *s, int32_t k)
{
    return s->o->branch[s->o->branch_start[k]];
}

/* All intervals of a pair. */
static void look_closely(struct search *x, int32_t r, int32_t l, double lodf)
{
    int32_t k = x->s->plain[r], m = branch_of(x->s, k);
    for (int32_t t = 0; t < x->n_t; t++) {
        double after = search_flow(x, t, l) + lodf * search_flow(x, t, m);
        x->plain_spare[r] = fmin(x->plain_spare[r], search_look(x, t, k, l, after));
    }
}

/* ---- lodf that are in memory ---- */

/* Least of room - |lodf| lost, n pairs of one branch. */
static double least_of_row(const double *restrict lodf, const double *restrict lost,
                           double room, int32_t n)
{
    double least = room;
    for (int32_t r = 0; r < n; r++) {
        double left = room - fabs(lodf[r]) * lost[r];
        least = left < least ? left : least;
    }
    return least;
}

/* The same, n pairs of one outage. */
static double least_of_column(const double *restrict lodf, const double *restrict room,
                              double lost, int32_t n)
{
    double least = (double)INFINITY;
    for (int32_t i = 0; i < n; i++) {
        double left = room[i] - fabs(lodf[i]) * lost;
        least = left < least ? left : least;
    }
    return least;
}

static void look_at_row(struct search *x, const struct ranked *branch,
                        const double *lodf)
{
    const struct outage_screen *s = x->s;
    double room = branch->key;
    for (int32_t first = 0; first < s->n_plain; first += CHUNK) {
        int32_t n = s->n_plain - first < CHUNK ? s->n_plain - first : CHUNK;
        const double *part = lodf + first, *lost = x->lost + first;
        double *spare = x->plain_spare + first;
        if (least_of_row(part, lost, room, n) > 0) {
            for (int32_t r = 0; r < n; r++) {
                double left = room - fabs(part[r]) * lost[r];
                spare[r] = left < spare[r] ? left : spare[r];
            }
            continue;
        }
        for (int32_t r = 0; r < n; r++) {
            double left = room - fabs(part[r]) * lost[r];
            if (!x->due[first + r] ||
                branch_of(s, s->plain[first + r]) == branch->index)
                continue;
            if (left <= 0)
                look_closely(x, first + r, branch->index, part[r]);
            else
                spare[r] = fmin(spare[r], left);
        }
    }
}

/* An outage against the branches that no row has been looked at for. */
static void look_at_column(struct search *x, int32_t r, const double *lodf)
{
    const struct outage_screen *s = x->s;
    int32_t own = branch_of(s, s->plain[r]);
    double least = (double)INFINITY, lost = x->lost[r];
    for (int32_t first = 0; first < s->n_line; first += CHUNK) {
        int32_t n = s->n_line - first < CHUNK ? s->n_line - first : CHUNK;
        const double *part = lodf + first, *room = x->line_room + first;
        double of_part = least_of_column(part, room, lost, n);
        if (of_part > 0) {
            least = fmin(least, of_part);
            continue;
        }
        for (int32_t i = 0; i < n; i++) {
            int32_t l = s->line[first + i];
            double left = room[i] - fabs(part[i]) * lost;
            if (left > 0)
                least = fmin(least, left);
            else if (l != own && x->rank_of[l] >= x->n_row)
                look_closely(x, r, l, part[i]);
        }
    }
    x->plain_spare[r] = fmin(x->plain_spare[r], least);
}

/* The first in an ascending list that is not below value; n = none. */
static int32_t find(const int32_t *list, int32_t n, int32_t value)
{
    int32_t low = 0;
    while (n > 0) {
        int32_t half = n / 2;
        if (list[low + half] < value)
            low += half + 1, n -= half + 1;
        else
            n = half;
    }
    return low;
}

bool outage_kept_lodf(const struct outage_screen *s, int32_t k, int32_t l, double *lodf)
{
    int32_t r = find(s->plain, s->n_plain, k);
    bool plain = r < s->n_plain && s->plain[r] == k;
    if (plain && s->kept_row[l]) {
        *lodf = s->kept_row[l][r];
        return true;
    }
    int32_t i = find(s->line, s->n_line, l);
    if (!plain || !s->kept_column[r] || i == s->n_line || s->line[i] != l)
        return false;
    *lodf = s->kept_column[r][i];
    return true;
}

/* ---- lodf that are solved for ---- */

/* Room for n numbers: of *kept, to stay there, as long as there are not too many. */
static enum err_code make_room(struct outage_screen *s, double **kept, int32_t n,
                               double *scratch, double **room, struct err *err)
{
    *room = scratch;
    if (s->n_kept + (size_t)n > MOST_KEPT)
        return ERR_OK;
    *kept = *room = mem_alloc((size_t)n, sizeof **kept);
    if (!*kept)
        return err_set(err, ERR_NOMEM, "out of memory");
    s->n_kept += (size_t)n;
    return ERR_OK;
}

/* Angles per MW from end to end of n branches. */
static enum err_code send(struct outage_screen *s, const int32_t *branch, int32_t n,
                          const double **angle, struct err *err)
{
    int32_t from[LANES], to[LANES];
    for (int32_t c = 0; c < LANES; c++) {
        from[c] = c < n ? s->row[s->d->from[branch[c]]] : -1;
        to[c] = c < n ? s->row[s->d->to[branch[c]]] : -1;
    }
    return sparse_differences(s->factor, from, to, angle, err);
}

/* Rows of lodf of n <= LANES branches; lodf of what is lost itself are 0. */
static enum err_code find_rows(struct search *x, const struct ranked *const *branch,
                               int32_t n, double *scratch, struct err *err)
{
    struct outage_screen *s = x->s;
    const struct network_data *d = s->d;
    double *lodf[LANES], b[LANES];
    int32_t l[LANES];
    const double *angle = NULL;
    enum err_code code = ERR_OK;
    for (int32_t c = 0; !code && c < n; c++) {
        l[c] = branch[c]->index;
        b[c] = d->susceptance_mw_per_rad[l[c]];
        code = make_room(s, &s->kept_row[l[c]], s->n_plain,
                         scratch + (size_t)c * (size_t)s->n_plain, &lodf[c], err);
    }
    if (!code)
        code = send(s, l, n, &angle, err);
    for (int32_t r = 0; !code && r < s->n_plain; r++) {
        int32_t k = s->plain[r], m = branch_of(s, k);
        const double *f = angle + s->place[d->from[m]], *t = angle + s->place[d->to[m]];
        double per_own = 1 / s->own[k];
        for (int32_t c = 0; c < n; c++)
            lodf[c][r] = l[c] == m ? 0 : b[c] * (f[c] - t[c]) * per_own;
    }
    for (int32_t c = 0; !code && c < n; c++)
        look_at_row(x, branch[c], lodf[c]);
    return code;
}

static enum err_code search_rows(struct search *x, double *scratch, struct err *err)
{
    struct outage_screen *s = x->s;
    const struct ranked *block[LANES];
    enum err_code code = ERR_OK;
    int32_t n = 0;
    for (int32_t i = 0; !code && i < x->n_row; i++) {
        int32_t l = x->branch[i].index;
        if (network_is_bus_tie(s->d, l))
            continue;
        if (s->kept_row[l])
            look_at_row(x, &x->branch[i], s->kept_row[l]);
        else
            block[n++] = &x->branch[i];
        if (n < LANES)
            continue;
        code = find_rows(x, block, n, scratch, err);
        n = 0;
    }
    return code || n == 0 ? code : find_rows(x, block, n, scratch, err);
}

/* Columns of lodf of n <= LANES plain outages. */
static enum err_code find_columns(struct search *x, const int32_t *plain, int32_t n,
                                  double *scratch, struct err *err)
{
    struct outage_screen *s = x->s;
    const struct network_data *d = s->d;
    double *lodf[LANES], per_own[LANES];
    int32_t m[LANES];
    const double *angle = NULL;
    enum err_code code = ERR_OK;
    for (int32_t c = 0; !code && c < n; c++) {
        int32_t k = s->plain[plain[c]];
        m[c] = branch_of(s, k);
        per_own[c] = 1 / s->own[k];
        code = make_room(s, &s->kept_column[plain[c]], s->n_line,
                         scratch + (size_t)c * (size_t)s->n_line, &lodf[c], err);
    }
    if (!code)
        code = send(s, m, n, &angle, err);
    for (int32_t i = 0; !code && i < s->n_line; i++) {
        int32_t l = s->line[i];
        const double *f = angle + s->place[d->from[l]], *t = angle + s->place[d->to[l]];
        double b = d->susceptance_mw_per_rad[l];
        for (int32_t c = 0; c < n; c++)
            lodf[c][i] = l == m[c] ? 0 : b * (f[c] - t[c]) * per_own[c];
    }
    for (int32_t c = 0; !code && c < n; c++)
        look_at_column(x, plain[c], lodf[c]);
    return code;
}

static enum err_code search_columns(struct search *x, double *scratch, struct err *err)
{
    struct outage_screen *s = x->s;
    int32_t block[LANES], n = 0, i = 0;
    enum err_code code = ERR_OK;
    if (x->n_row == s->n_limited)
        return ERR_OK;
    double room = x->branch[x->n_row].key;
    for (; !code && i < x->n_outage && x->outage[i].key >= room; i++) {
        int32_t r = x->outage[i].index;
        if (s->kept_column[r])
            look_at_column(x, r, s->kept_column[r]);
        else
            block[n++] = r;
        if (n < LANES)
            continue;
        code = find_columns(x, block, n, scratch, err);
        n = 0;
    }
    if (!code && n > 0)
        code = find_columns(x, block, n, scratch, err);
    for (; i < x->n_outage; i++) { /* proven: none of these reaches the rest */
        double *spare = &x->plain_spare[x->outage[i].index];
        *spare = fmin(*spare, room - x->outage[i].key);
    }
    return code;
}

/* Limited ties, whose factors are no differences of angles. */
static enum err_code search_ties(struct search *x, struct err *err)
{
    struct outage_screen *s = x->s;
    const struct network_data *d = s->d;
    double *row = NULL;
    enum err_code code = ERR_OK;
    for (int32_t i = 0; !code && i < s->n_limited; i++) {
        int32_t l = s->limited[i];
        if (!network_is_bus_tie(d, l))
            continue;
        if (!row)
            row = mem_alloc((size_t)d->n_bus, sizeof *row);
        if (!row)
            return err_set(err, ERR_NOMEM, "out of memory");
        code = network_ptdf_rows(s->p->net, 1, &l, row, err);
        for (int32_t r = 0; !code && r < s->n_plain; r++) {
            int32_t k = s->plain[r], m = branch_of(s, k);
            if (x->due[r])
                look_closely(x, r, l, (row[d->from[m]] - row[d->to[m]]) / s->own[k]);
        }
    }
    mem_free(row);
    return code;
}

enum err_code search_plain(struct search *x, struct err *err)
{
    struct outage_screen *s = x->s;
    int32_t n = s->n_plain > s->n_line ? s->n_plain : s->n_line;
    double *scratch = mem_alloc((size_t)n * LANES, sizeof *scratch);
    x->line_room = mem_alloc((size_t)s->n_line, sizeof *x->line_room);
    enum err_code code = ERR_OK;
    if (!scratch || !x->line_room)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t i = 0; !code && i < s->n_line; i++)
        x->line_room[i] = x->room[s->line[i]];
    if (!code && x->n_outage > 0)
        code = search_ties(x, err);
    if (!code)
        code = search_rows(x, scratch, err);
    if (!code)
        code = search_columns(x, scratch, err);
    mem_free(scratch);
    mem_free(x->line_room);
    return code;
}
