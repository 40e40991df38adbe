/* explain_award.c - why an owner of bids got the MW that it has. */
#include "sim/explain/explain_award.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"

static const double some_mw = 1e-6;
static const double same_usd = 1e-6;

/* Whether a limit is the owner's own: it names the resource, or its tie. */
static bool is_own(const struct explain_run *x, int32_t owner, size_t c)
{
    if ((size_t)owner >= x->v.n_resource || x->v.limit_kind[c] == VIEW_BRANCH ||
        x->v.limit_kind[c] == VIEW_SERVICE)
        return false;
    if (x->v.limit_kind[c] == VIEW_TIE)
        return x->resource_tie[owner] >= 0 &&
               strcmp(x->v.limit_element[c], x->tie[x->resource_tie[owner]]) == 0;
    return strcmp(x->v.limit_element[c], x->v.resource[owner]) == 0;
}

/* A limit of this hour; of ramps the next hour's, too; of stored energy any later one. */
static bool reaches(const struct explain_run *x, size_t c, int32_t s, int32_t t)
{
    switch (x->v.limit_kind[c]) {
    case VIEW_RAMP:
        return s == t || s == t + 1;
    case VIEW_ENERGY:
        return x->is_window ? s == t : s >= t;
    case VIEW_TIE: /* in the price at the scheduling point already */
        return false;
    default:
        return s == t;
    }
}

static enum err_code find_limits(const struct explain_run *x, int32_t owner, int32_t t,
                                 struct award_story *out, struct err *err)
{
    int32_t end = explain_day_end(x, t);
    size_t most = (size_t)(end - t) * x->v.n_limit;
    out->limit = MEM_ARRAY(struct award_limit, most);
    if (!out->limit)
        return err_set(err, ERR_NOMEM, "cannot hold the limits of a resource");
    for (int32_t s = t; s < end; s++)
        for (size_t c = 0; c < x->v.n_limit; c++) {
            double shadow = x->v.shadow[(size_t)s * x->v.n_limit + c];
            if (!(shadow > same_usd) || !is_own(x, owner, c) || !reaches(x, c, s, t))
                continue;
            out->limit[out->n_limit++] = (struct award_limit){(int32_t)c, s, shadow};
            if (x->v.limit_kind[c] == VIEW_ENERGY)
                out->worth_usd_per_mwh += x->v.limit_upper[c] ? -shadow : shadow;
        }
    return ERR_OK;
}

static void find_energy(const struct explain_run *x, int32_t owner, int32_t t,
                        struct award_story *out)
{
    size_t n = x->v.n_resource, r = (size_t)owner;
    if (r >= n || !x->v.energy_mwh || x->v.resource_type[r] != VIEW_STORAGE)
        return;
    out->is_store = true;
    out->after_mwh = x->v.energy_mwh[(size_t)t * n + r];
    out->before_mwh =
        t > 0 ? x->v.energy_mwh[(size_t)(t - 1) * n + r] : x->initial_energy_mwh[r];
}

/* MW of a piece that are taken. */
static double taken_mw(const struct explain_piece *p, double mw)
{
    return fmin(fmax(mw - p->from_mw, 0), p->to_mw - p->from_mw);
}

static void find_money(struct award_story *out)
{
    out->revenue_usd = out->hours * out->mw * out->lmp;
    for (size_t k = 0; k < out->n_piece; k++) {
        const struct explain_piece *p = &out->piece[k];
        double width = p->to_mw - p->from_mw, taken = taken_mw(p, out->mw);
        if (!p->is_energy)
            continue;
        /* Below 0 MW a piece is demand: what is left of it is what is bought. */
        out->cost_usd +=
            out->hours * p->usd_per_mwh * (p->to_mw <= 0 ? taken - width : taken);
        out->given_up_usd +=
            out->hours * (fmax(0, out->lmp - p->usd_per_mwh) * (width - taken) +
                          fmax(0, p->usd_per_mwh - out->lmp) * taken);
    }
}

static enum award_reason reason_of(const struct award_story *s)
{
    if (s->n_piece == 0)
        return fabs(s->mw) > some_mw ? AWARD_SELF_SCHEDULE : AWARD_NO_BID;
    const struct explain_piece *next = s->next < 0 ? NULL : &s->piece[s->next];
    const struct explain_piece *below = s->below < 0 ? NULL : &s->piece[s->below];
    bool any_energy = false, self_cut = false;
    for (size_t k = 0; k < s->n_piece; k++) {
        double taken = taken_mw(&s->piece[k], s->mw);
        bool partly = taken > some_mw &&
                      taken < s->piece[k].to_mw - s->piece[k].from_mw - some_mw;
        any_energy |= s->piece[k].is_energy;
        if (!s->piece[k].is_energy) {
            /* Supply wants all of it, demand nothing of what is not served. */
            bool demand = s->piece[k].to_mw <= 0;
            self_cut |= partly || (demand ? taken > some_mw
                                          : taken < s->piece[k].to_mw -
                                                        s->piece[k].from_mw - some_mw);
        }
    }
    if (self_cut)
        return AWARD_CUT;
    if (!any_energy)
        return AWARD_SELF_SCHEDULE;
    bool wants_more = next && next->is_energy && s->lmp > next->usd_per_mwh + same_usd;
    bool wants_less =
        below && below->is_energy && s->lmp < below->usd_per_mwh - same_usd;
    if (wants_more || wants_less)
        return AWARD_HELD;
    if (next && next == below)
        return AWARD_SETS_PRICE;
    if (!next)
        return AWARD_AT_MOST;
    return below && below->is_energy ? AWARD_BETWEEN : AWARD_AT_LEAST;
}

enum err_code explain_award(const struct explain_run *x, int32_t owner, int32_t t,
                            struct award_story *out, struct err *err)
{
    size_t node = (size_t)explain_owner_node(x, owner);
    *out = (struct award_story){.mw = explain_award_mw(x, t, owner),
                                .lmp = x->v.lmp[(size_t)t * x->v.n_node + node],
                                .hours = run_view_hours(&x->v, (size_t)t),
                                .next = -1,
                                .below = -1};
    out->piece = explain_pieces(x, t, owner, &out->n_piece);
    out->least_mw = out->most_mw = out->mw;
    if (out->n_piece) {
        out->least_mw = out->piece[0].from_mw;
        out->most_mw = out->piece[out->n_piece - 1].to_mw;
    }
    for (size_t k = 0; k < out->n_piece; k++) {
        double taken = taken_mw(&out->piece[k], out->mw);
        if (taken > some_mw)
            out->below = (int32_t)k;
        if (out->next < 0 &&
            taken < out->piece[k].to_mw - out->piece[k].from_mw - some_mw)
            out->next = (int32_t)k;
    }
    size_t at = (size_t)t * x->v.n_resource + (size_t)owner;
    if (x->service_up_mw && (size_t)owner < x->v.n_resource) {
        out->service_up_mw = x->service_up_mw[at];
        out->service_down_mw = x->service_down_mw[at];
    }
    find_energy(x, owner, t, out);
    find_money(out);
    enum err_code code = find_limits(x, owner, t, out, err);
    out->reason = reason_of(out);
    return code;
}

void award_story_release(struct award_story *s)
{
    mem_free(s->limit);
    *s = (struct award_story){.n_piece = 0};
}
