/*
 * certificate_branch.c - outages of one branch: flows after them by the angles that 1 MW
 * from end to end of a branch causes.
 *
 * With b_l > 0 throughout, 1 MW from end to end of a lost branch k sends at most 1 MW over
 * any other: the flow runs downhill from one end to the other, and no cut between two
 * levels carries more. A branch n of negative b that carries f_n of it stands between two
 * angles f_n / b_n apart. Held there by a source in its place, the others are a network
 * of positive b in which all such ends are joined (at most 1 MW, again) plus what each
 * source drives: no more than its voltage times the b that leave either end. So
 *
 *     |change of flow on l| <= |f_k| (1 + sum over n of |f_n| S_n / |b_n|)         (1)
 *
 * with S_n the smaller sum of positive b at the ends of n; or, where such branches meet,
 * the sum at all their buses. A branch with more room than (1) keeps its limits after k.
 *
 * The pairs left over are few branches (solved for: row by row, for all outages) and few
 * outages (likewise, for all branches). So that this file shares no idea but linear
 * algebra with the search, Kirchhoff's laws confirm every solve, bus by bus.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/certificate_outage_parts.h"

enum {
    LANES = SPARSE_LANES
};

/* An outage whose own factor leaves less than this cuts its end off. */
static const double NOTHING_LEFT = 1e-7;
/* (1) is rounded. */
static const double ROUNDED = 1 + 1e-9;

/* A branch that is no tie; from and to are where its ends stand among the angles. */
struct line {
    int32_t branch;
    size_t from, to;
    double b, room;
};

/* An outage. */
struct single {
    int32_t outage;
    struct line line; /* that it takes out */
    double per_own;   /* 1 / (1 - its own factor) */
    double lost, far; /* MW: the most that it carries; (1) */
};

struct sweep {
    struct after *x;
    struct line *line; /* [n_line] */
    int32_t n_line;
    struct line *tight; /* [n_tight] limited and positive, least room first */
    int32_t n_tight;
    struct single *single; /* [n_single] farthest first */
    int32_t n_single;
    const int32_t *place; /* of rows of the factor */
    const double *angle;  /* of LANES differences; of the factor */
    double *left;         /* [(n_at + 1) * LANES] what Kirchhoff's first law leaves */
};

/* Where the row of a bus begins among the angles. */
static size_t place_of(const struct sweep *s, int32_t bus)
{
    int32_t at = s->x->at[bus];
    return (size_t)(at < 0 ? s->x->n_at : s->place[at]) * LANES;
}

static struct line line_of(const struct sweep *s, int32_t l)
{
    const struct network_data *d = s->x->d;
    return (struct line){.branch = l,
                         .from = place_of(s, d->from[l]),
                         .to = place_of(s, d->to[l]),
                         .b = d->susceptance_mw_per_rad[l],
                         .room = s->x->room[l]};
}

/* ---- one solve ---- */

/* What Kirchhoff's first law leaves over at any bus for LANES lines. */
static void confirm(struct sweep *s, const struct line *const line[LANES])
{
    size_t n = (size_t)(s->x->n_at + 1) * LANES;
    double worst = 0, total = 0;
    memset(s->left, 0, n * sizeof *s->left);
    for (size_t c = 0; c < LANES; c++)
        if (line[c]) {
            s->left[line[c]->from + c] += 1;
            s->left[line[c]->to + c] -= 1;
        }
    for (int32_t i = 0; i < s->n_line; i++) {
        const struct line *l = &s->line[i];
        const double *f = s->angle + l->from, *t = s->angle + l->to;
        double mw[LANES], *from = s->left + l->from, *to = s->left + l->to;
        for (int c = 0; c < LANES; c++)
            mw[c] = l->b * (f[c] - t[c]);
        for (int c = 0; c < LANES; c++)
            from[c] -= mw[c];
        for (int c = 0; c < LANES; c++)
            to[c] += mw[c];
    }
    for (size_t i = 0; i < n; i++) {
        double over = fabs(s->left[i]);
        worst = over > worst ? over : worst;
        total += over;
    }
    certificate_worse(&s->x->out->worst_mw, isnan(total) ? total : worst);
}

/* Angles per MW from end to end of LANES lines; NULL = none. */
static enum err_code send(struct sweep *s, const struct line *const line[LANES],
                          struct err *err)
{
    const struct after *x = s->x;
    int32_t first[LANES], second[LANES];
    for (int c = 0; c < LANES; c++) {
        first[c] = line[c] ? x->at[x->d->from[line[c]->branch]] : -1;
        second[c] = line[c] ? x->at[x->d->to[line[c]->branch]] : -1;
    }
    enum err_code code = sparse_differences(x->factor, first, second, &s->angle, err);
    if (!code)
        confirm(s, line);
    return code;
}

/* Limits of a line after an outage, given what 1 MW of the lost flow adds to it. */
static void hold_pair(struct sweep *s, const struct single *k, int32_t branch,
                      double lodf)
{
    if (branch == k->line.branch)
        return;
    for (int32_t t = 0; t < s->x->n_t; t++)
        certificate_hold(s->x, t, k->outage, branch,
                         certificate_flow(s->x, t, branch) +
                             lodf * certificate_flow(s->x, t, k->line.branch));
}

static void charge_row(struct sweep *s, const struct single *k, int32_t r, double lodf)
{
    const struct dispatch_row *row = &s->x->in->row[r];
    certificate_charge(s->x, r,
                       certificate_flow(s->x, row->interval, row->index) +
                           lodf * certificate_flow(s->x, row->interval, k->line.branch),
                       &lodf);
}

/* ---- by column: some outages, all lines ---- */

/* Lines tight[from], ... as far as n outages, of which the first is farthest, reach. */
static void sweep_lines(struct sweep *s, const struct single *single, int32_t n,
                        int32_t from, double far)
{
    double per_own[LANES] = {0}, lost[LANES] = {0};
    for (int32_t c = 0; c < n; c++) {
        per_own[c] = single[c].per_own;
        lost[c] = single[c].lost;
    }
    for (int32_t i = from; i < s->n_tight && s->tight[i].room < far; i++) {
        const struct line *l = &s->tight[i];
        const double *f = s->angle + l->from, *t = s->angle + l->to;
        double lodf[LANES], least = HUGE_VAL;
        for (int c = 0; c < LANES; c++) {
            lodf[c] = l->b * (f[c] - t[c]) * per_own[c];
            double room = l->room - fabs(lodf[c]) * lost[c];
            least = room < least ? room : least;
        }
        for (int32_t c = 0; least < 0 && c < n; c++)
            if (l->room < fabs(lodf[c]) * lost[c])
                hold_pair(s, &single[c], l->branch, lodf[c]);
    }
}

/* Rows of the answer after n outages that have just been solved for. */
static void charge_block(struct sweep *s, const struct single *single, int32_t n)
{
    struct after *x = s->x;
    for (int32_t c = 0; c < n; c++) {
        int32_t k = single[c].outage;
        for (int32_t e = x->row_start[k]; e < x->row_start[k + 1]; e++) {
            int32_t l = x->in->row[x->row[e]].index;
            if (network_is_bus_tie(x->d, l))
                continue;
            const struct line line = line_of(s, l);
            double sent = line.b * (s->angle[line.from + (size_t)c] -
                                    s->angle[line.to + (size_t)c]);
            charge_row(s, &single[c], x->row[e], sent * single[c].per_own);
        }
    }
}

/* n outages of one branch each, against the lines from tight[from] on. */
static enum err_code sweep_columns(struct sweep *s, const struct single *single,
                                   int32_t n, int32_t from, bool charge,
                                   struct err *err)
{
    for (int32_t first = 0; first < n; first += LANES) {
        const struct line *line[LANES] = {0};
        int32_t m = n - first < LANES ? n - first : LANES;
        double far = 0;
        for (int32_t c = 0; c < m; c++) {
            line[c] = &single[first + c].line;
            far = fmax(far, single[first + c].far);
        }
        enum err_code code = send(s, line, err);
        if (code)
            return code;
        if (charge)
            charge_block(s, single + first, m);
        sweep_lines(s, single + first, m, from, far);
    }
    return ERR_OK;
}

/* ---- by row: some lines, all outages ---- */

static void sweep_singles(struct sweep *s, const struct line *line, int32_t n)
{
    double b[LANES] = {0}, room[LANES], tightest = HUGE_VAL;
    for (int32_t c = 0; c < LANES; c++) {
        room[c] = c < n ? line[c].room : HUGE_VAL;
        b[c] = c < n ? line[c].b : 0;
        tightest = fmin(tightest, room[c]);
    }
    for (int32_t i = 0; i < s->n_single && s->single[i].far > tightest; i++) {
        const struct single *k = &s->single[i];
        const double *f = s->angle + k->line.from, *t = s->angle + k->line.to;
        double lodf[LANES], least = HUGE_VAL;
        for (int c = 0; c < LANES; c++) {
            lodf[c] = b[c] * (f[c] - t[c]) * k->per_own;
            double left = room[c] - fabs(lodf[c]) * k->lost;
            least = left < least ? left : least;
        }
        for (int32_t c = 0; least < 0 && c < n; c++)
            if (room[c] < fabs(lodf[c]) * k->lost)
                hold_pair(s, k, line[c].branch, lodf[c]);
    }
}

static enum err_code send_rows(struct sweep *s, const struct line *line, int32_t n,
                               struct err *err)
{
    const struct line *each[LANES] = {0};
    for (int32_t c = 0; c < n; c++)
        each[c] = &line[c];
    return send(s, each, err);
}

static enum err_code sweep_rows(struct sweep *s, int32_t n, struct err *err)
{
    for (int32_t first = 0; first < n; first += LANES) {
        int32_t m = n - first < LANES ? n - first : LANES;
        enum err_code code = send_rows(s, s->tight + first, m, err);
        if (code)
            return code;
        sweep_singles(s, s->tight + first, m);
    }
    return ERR_OK;
}

/* Limited ties: their part of what is sent is no difference of angles. */
static enum err_code sweep_ties(struct sweep *s, struct err *err)
{
    struct after *x = s->x;
    enum err_code code = ERR_OK;
    double *factor = NULL;
    for (int32_t l = 0; !code && l < x->d->n_branch; l++) {
        if (!network_is_bus_tie(x->d, l) || !certificate_is_limited(x, l))
            continue;
        if (!factor)
            factor = mem_alloc((size_t)x->d->n_bus, sizeof *factor);
        if (!factor)
            return err_set(err, ERR_NOMEM, "out of memory");
        code = network_ptdf_rows(x->p->net, 1, &l, factor, err);
        for (int32_t i = 0; !code && i < s->n_single; i++) {
            const struct single *k = &s->single[i];
            int32_t m = k->line.branch, o = k->outage;
            double lodf = k->per_own * (factor[x->d->from[m]] - factor[x->d->to[m]]);
            hold_pair(s, k, l, lodf);
            for (int32_t e = x->row_start[o]; e < x->row_start[o + 1]; e++)
                if (x->in->row[x->row[e]].index == l)
                    charge_row(s, k, x->row[e], lodf);
        }
    }
    mem_free(factor);
    return code;
}

/* ---- negative branches: S of (1), and what they add to it ---- */

static int32_t find(int32_t *joined, int32_t n)
{
    while (joined[n] != n) {
        joined[n] = joined[joined[n]];
        n = joined[n];
    }
    return n;
}

/*
 * S / |b| of every negative line, in the order of s->line. Rows count as buses here; those
 * of 0 rad, one for each island, count as one, which only adds to S.
 */
static enum err_code find_drive(const struct sweep *s, double *drive, struct err *err)
{
    size_t n = (size_t)s->x->n_at + 1, i = 0;
    double *leaving = mem_alloc(n, sizeof *leaving), *all = mem_alloc(n, sizeof *all);
    int32_t *joined = mem_alloc(n, sizeof *joined), *met = mem_alloc(n, sizeof *met);
    enum err_code code = ERR_OK;
    if (!leaving || !all || !joined || !met)
        code = err_set(err, ERR_NOMEM, "out of memory");
    for (size_t r = 0; !code && r < n; r++)
        joined[r] = (int32_t)r;
    for (int32_t l = 0; !code && l < s->n_line; l++) {
        size_t f = s->line[l].from / LANES, t = s->line[l].to / LANES;
        if (s->line[l].b < 0)
            joined[find(joined, (int32_t)f)] = find(joined, (int32_t)t);
        else
            leaving[f] += s->line[l].b, leaving[t] += s->line[l].b;
    }
    for (size_t r = 0; !code && r < n; r++)
        all[find(joined, (int32_t)r)] += leaving[r];
    for (int32_t l = 0; !code && l < s->n_line; l++)
        if (s->line[l].b < 0)
            met[find(joined, (int32_t)(s->line[l].from / LANES))]++;
    for (int32_t l = 0; !code && l < s->n_line; l++) {
        size_t f = s->line[l].from / LANES, t = s->line[l].to / LANES;
        if (!(s->line[l].b < 0))
            continue;
        int32_t root = find(joined, (int32_t)f);
        double most = met[root] > 1 ? all[root] : fmin(leaving[f], leaving[t]);
        drive[i++] = most / fabs(s->line[l].b);
    }
    mem_free(leaving);
    mem_free(all);
    mem_free(joined);
    mem_free(met);
    return code;
}

/* Up to LANES negative lines that have just been solved for: their part of (1). */
static void add_drive(struct sweep *s, const struct line *line, const double *drive,
                      int32_t n)
{
    for (int32_t i = 0; i < s->n_single; i++) {
        struct single *k = &s->single[i];
        const double *f = s->angle + k->line.from, *t = s->angle + k->line.to;
        for (int32_t c = 0; c < n; c++) {
            double lodf = line[c].b * (f[c] - t[c]) * k->per_own;
            if (line[c].branch == k->line.branch)
                continue;
            k->far += fabs(lodf) * drive[c] * k->lost;
            if (line[c].room < fabs(lodf) * k->lost)
                hold_pair(s, k, line[c].branch, lodf);
        }
    }
}

/* far of all outages; limits of negative lines after them, which (1) is not about. */
static enum err_code find_far(struct sweep *s, struct err *err)
{
    int32_t n = 0;
    for (int32_t l = 0; l < s->n_line; l++)
        n += s->line[l].b < 0;
    struct line *line = mem_alloc((size_t)n, sizeof *line);
    double *drive = mem_alloc((size_t)n, sizeof *drive);
    enum err_code code = ERR_OK;
    if (!line || !drive)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code && n > 0)
        code = find_drive(s, drive, err);
    for (int32_t l = 0, i = 0; !code && l < s->n_line; l++)
        if (s->line[l].b < 0)
            line[i++] = s->line[l];
    for (int32_t i = 0; i < s->n_single; i++)
        s->single[i].far = s->single[i].lost;
    for (int32_t first = 0; !code && first < n; first += LANES) {
        int32_t m = n - first < LANES ? n - first : LANES;
        code = send_rows(s, line + first, m, err);
        if (!code)
            add_drive(s, line + first, drive + first, m);
    }
    for (int32_t i = 0; i < s->n_single; i++)
        s->single[i].far *= ROUNDED;
    mem_free(line);
    mem_free(drive);
    return code;
}

/* ---- lists ---- */

static int by_room(const void *pa, const void *pb)
{
    const struct line *a = pa, *b = pb;
    if (a->room < b->room || a->room > b->room)
        return a->room < b->room ? -1 : 1;
    return a->branch < b->branch ? -1 : a->branch > b->branch;
}

/* Neighbours among the angles, so that these pass through the processor's cache. */
static int by_place(const void *pa, const void *pb)
{
    const struct line *a = pa, *b = pb;
    size_t at = a->from < a->to ? a->from : a->to,
           bt = b->from < b->to ? b->from : b->to;
    if (at != bt)
        return at < bt ? -1 : 1;
    return a->branch < b->branch ? -1 : a->branch > b->branch;
}

/* The farthest first. */
static int by_far(const void *pa, const void *pb)
{
    const struct single *a = pa, *b = pb;
    if (a->far < b->far || a->far > b->far)
        return a->far > b->far ? -1 : 1;
    return a->outage < b->outage ? -1 : a->outage > b->outage;
}

static bool list_lines(struct sweep *s)
{
    const struct network_data *d = s->x->d;
    size_t room = (size_t)d->n_branch;
    s->line = mem_alloc(room, sizeof *s->line);
    s->tight = mem_alloc(room, sizeof *s->tight);
    s->left = mem_alloc((size_t)(s->x->n_at + 1) * LANES, sizeof *s->left);
    if (!s->line || !s->tight || !s->left)
        return false;
    for (int32_t l = 0; l < d->n_branch; l++) {
        if (network_is_bus_tie(d, l))
            continue;
        s->line[s->n_line++] = line_of(s, l);
        if (certificate_is_limited(s->x, l) && d->susceptance_mw_per_rad[l] > 0)
            s->tight[s->n_tight++] = line_of(s, l);
    }
    qsort(s->line, (size_t)s->n_line, sizeof *s->line, by_place);
    qsort(s->tight, (size_t)s->n_tight, sizeof *s->tight, by_room);
    return true;
}

/* Outages that cut nothing off; only those with rows if only_rows. */
static enum err_code list_singles(struct sweep *s, bool only_rows, struct err *err)
{
    struct after *x = s->x;
    s->single = mem_alloc((size_t)x->o->n_outage, sizeof *s->single);
    if (!s->single)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t k = 0; k < x->o->n_outage; k++) {
        if (!certificate_is_plain(x, k) || (only_rows && !certificate_has_rows(x, k)))
            continue;
        int32_t m = x->o->branch[x->o->branch_start[k]];
        struct single single = {.outage = k, .line = line_of(s, m)};
        double between;
        enum err_code code = sparse_between(x->factor, x->at[x->d->from[m]],
                                            x->at[x->d->to[m]], &between, err);
        if (code)
            return code;
        double own = 1 - single.line.b * between;
        if (fabs(own) < NOTHING_LEFT) /* what it carries has no other way */
            continue;
        single.per_own = 1 / own;
        for (int32_t t = 0; t < x->n_t; t++)
            single.lost = fmax(single.lost, fabs(certificate_flow(x, t, m)));
        s->single[s->n_single++] = single;
    }
    return ERR_OK;
}

/* ---- all of them ---- */

/* Outages that have rows are answered for all lines, with (1) or without. */
static enum err_code sweep_charged(struct sweep *s, struct err *err)
{
    int32_t n = 0;
    struct single *charged = mem_alloc((size_t)s->n_single, sizeof *charged);
    if (!charged)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t i = 0; i < s->n_single; i++)
        if (certificate_has_rows(s->x, s->single[i].outage)) {
            charged[n] = s->single[i];
            charged[n++].far = HUGE_VAL;
        }
    enum err_code code = sweep_columns(s, charged, n, 0, true, err);
    mem_free(charged);
    return code;
}

/* How many lines to solve for, so that these and the outages that reach others are few. */
static int32_t split(const struct sweep *s)
{
    int32_t column = s->n_single, best = INT32_MAX, n = 0;
    for (int32_t i = 0; i <= s->n_tight; i++) {
        double room = i < s->n_tight ? s->tight[i].room : HUGE_VAL;
        while (column > 0 && s->single[column - 1].far <= room)
            column--;
        if (i + column < best) {
            best = i + column;
            n = i;
        }
    }
    return n;
}

/* All others: by row and by column, as far as (1) proves nothing. */
static enum err_code sweep_rest(struct sweep *s, struct err *err)
{
    int32_t n = 0;
    for (int32_t i = 0; i < s->n_single; i++)
        if (!certificate_has_rows(s->x, s->single[i].outage))
            s->single[n++] = s->single[i];
    s->n_single = n;
    qsort(s->single, (size_t)n, sizeof *s->single, by_far);
    int32_t n_row = split(s), n_column = 0;
    double room = n_row < s->n_tight ? s->tight[n_row].room : HUGE_VAL;
    while (n_column < n && s->single[n_column].far > room)
        n_column++;
    enum err_code code = sweep_rows(s, n_row, err);
    return code ? code : sweep_columns(s, s->single, n_column, n_row, false, err);
}

enum err_code certificate_plain(struct after *x, bool only_rows, struct err *err)
{
    struct sweep s = {.x = x};
    enum err_code code = sparse_places(x->factor, &s.place, err);
    if (!code && !list_lines(&s))
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = list_singles(&s, only_rows, err);
    if (!code)
        code = find_far(&s, err);
    if (!code)
        code = sweep_charged(&s, err);
    if (!code)
        code = sweep_ties(&s, err);
    if (!code && !only_rows)
        code = sweep_rest(&s, err);
    mem_free(s.line);
    mem_free(s.tight);
    mem_free(s.single);
    mem_free(s.left);
    return code;
}
