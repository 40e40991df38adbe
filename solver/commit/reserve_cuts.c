/*
 * reserve_cuts.c - cuts on commitment that requirements of reserve imply.
 *
 * Little reserve of many small limits is what keeps units on where load is low: a region's
 * need of 43 MW, of which one unit holds 40, costs the master a tenth of another one. In
 * every interval and for every requirement
 *
 *     sum_g most_g u_g + shortfall >= need                                       (1)
 *
 * where most_g is what the unit's offers that count may come to, in the first interval on
 * and in the last before a stop as commit.h (5) and (8) have it. Each is rounded
 * (rounding.c).
 */
#include <math.h>

#include "sim/base/mem.h"
#include "solver/commit/master.h"

struct reserve_row {
    struct fleet *f;
    int32_t q, t;
    double *room;           /* of all arrays of double */
    double *a;              /* [n_unit] most_g */
    double *of[EXTRA_ENDS]; /* [n_unit] likewise then */
    bool ends, soft;
    struct rounding round;
};

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for cuts of reserve");
}

/* Whether only units that run count, and what is missing has no price or one. */
static bool is_plain(const struct fleet *f, int32_t q)
{
    const struct commit_requirement *r = &f->p->requirement[q];
    if (r->n_step > 1 || (r->n_step == 1 && !isinf(r->step_mw[0])))
        return false;
    for (int32_t g = 0; g < f->n_unit; g++)
        for (int32_t o = 0; o < f->p->unit[g].n_offer; o++)
            if (r->products >> f->p->unit[g].offer[o].product & 1 &&
                f->p->unit[g].offer[o].max_off_mw > 0)
                return false;
    return true;
}

static bool counts(const struct fleet *f, int32_t at, int32_t q)
{
    for (int32_t k = f->count_start[at]; k < f->count_start[at + 1]; k++)
        if (f->count[k] == q)
            return true;
    return false;
}

/* What of unit g, as it is in u, counts for q where `range` is between its limits. */
static double most_held(const struct fleet *f, const struct commit_unit *u, int32_t g,
                        int32_t q, double range)
{
    double up = 0, down = 0;
    for (int32_t o = 0; o < u->n_offer; o++)
        if (counts(f, f->offer_start[g] + o, q))
            *(f->p->down_products >> u->offer[o].product & 1 ? &down : &up) +=
                u->offer[o].max_mw;
    if (u->most_up_mw > 0)
        up = fmin(up, u->most_up_mw);
    return fmin(up + down, range);
}

static void state_unit(struct reserve_row *r, int32_t g)
{
    const struct fleet *f = r->f;
    const struct commit_unit *u = &f->p->unit[g];
    const double most = commit_most_mw(u, r->t);
    double *first = &r->of[END_START][g], *last = &r->of[END_STOP][g];
    r->a[g] = u->n_config > 0 ? 0 : most_held(f, u, g, r->q, most - u->min_mw);
    for (int32_t c = 0; c < u->n_config; c++) {
        const struct commit_unit *as = &u->config[c].as;
        r->a[g] = fmax(r->a[g], most_held(f, as, g, r->q, as->max_mw - as->min_mw));
    }
    *first = *last = r->a[g];
    if (u->n_config > 0)
        return;
    *first = u->steady_reserve
                 ? 0
                 : most_held(f, u, g, r->q,
                             fmin(most, fmax(u->start_max_mw, u->min_mw)) - u->min_mw);
    *last = u->steady_reserve
                ? 0
                : most_held(f, u, g, r->q,
                            fmin(most, fmax(u->stop_max_mw, u->min_mw)) - u->min_mw);
    r->ends = r->ends || *first < r->a[g] || *last < r->a[g];
}

static enum err_code separate(struct reserve_row *r, const struct master *m,
                              const double *u, double *const *v, bool *added,
                              struct err *err)
{
    const struct commit_requirement *is = &r->f->p->requirement[r->q];
    const size_t from = (size_t)r->t * (size_t)r->f->n_unit;
    const int32_t row = r->f->n_interval * (1 + r->q) + r->t;
    r->soft = is->n_step > 0;
    r->ends = false;
    for (int32_t g = 0; g < r->f->n_unit; g++)
        state_unit(r, g);
    r->round.u = u + from;
    for (int k = 0; k < EXTRA_ENDS; k++) {
        r->round.v[k] = v[k] + from;
        r->round.of[k] = r->ends ? r->of[k] : NULL;
    }
    r->round.a = r->a;
    r->round.b = is->need_mw[r->t];
    /* The row that is kept sees what is short of the balance, too: parts.h, `of`. */
    const double *slack = m->z + m->first_real;
    r->round.s = r->soft ? slack[2 * row] + slack[2 * r->t] : 0;
    if (!rounding_find(&r->round))
        return ERR_OK;
    *added = true;
    return rounding_keep(&r->round, r->f, r->t, r->soft, r->soft ? row : -1, err);
}

static enum err_code row_create(struct fleet *f, struct reserve_row *r, struct err *err)
{
    const size_t n = (size_t)f->n_unit;
    *r = (struct reserve_row){.f = f};
    r->room = mem_alloc((1 + EXTRA_ENDS) * n, sizeof *r->room);
    if (!r->room)
        return no_memory(err);
    r->a = r->room;
    for (size_t k = 0; k < EXTRA_ENDS; k++)
        r->of[k] = r->room + (1 + k) * n;
    return rounding_create(f, cuts_are_thorough(f), &r->round, err);
}

enum err_code reserve_cuts_add(struct fleet *f, const struct master *m, const double *u,
                               double *const *v, bool *added, struct err *err)
{
    struct reserve_row r;
    enum err_code code = row_create(f, &r, err);
    for (int32_t q = 0; q < f->p->n_requirement && !code; q++)
        for (int32_t t = 0, n = is_plain(f, q) ? f->n_interval : 0; t < n && !code;
             t++) {
            r.q = q;
            r.t = t;
            if (f->p->requirement[q].need_mw[t] > 0)
                code = separate(&r, m, u, v, added, err);
        }
    mem_free(r.room);
    rounding_release(&r.round);
    return code;
}
