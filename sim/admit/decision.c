/* decision.c - collecting and ordering decisions. */
#include "sim/admit/decision.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"

static const char *keep_reason(struct admission *a, const char *reason)
{
    if (a->n_decision) {
        const char *last = a->decision[a->n_decision - 1].reason;
        if (strcmp(last, reason) == 0)
            return last;
    }
    return arena_copy_text(&a->arena, reason, strlen(reason));
}

enum err_code decision_add(struct admission *a, const struct admit_decision *d,
                           struct err *err)
{
    if (a->n_decision == a->room_decision) {
        int32_t room = a->room_decision ? a->room_decision : 64;
        if (room > INT32_MAX / 2)
            return err_set(err, ERR_NOMEM, "more than %d bids are modified or rejected",
                           a->n_decision);
        struct admit_decision *grown =
            mem_resize(a->decision, 2 * (size_t)room, sizeof *grown);
        if (!grown)
            return err_set(err, ERR_NOMEM, "cannot allocate %d bid decisions",
                           2 * room);
        a->decision = grown;
        a->room_decision = 2 * room;
    }
    const char *reason = keep_reason(a, d->reason);
    if (!reason)
        return err_set(err, ERR_NOMEM, "cannot allocate the text of a bid decision");
    a->decision[a->n_decision] = *d;
    a->decision[a->n_decision++].reason = reason;
    return ERR_OK;
}

static int compare(const void *pa, const void *pb)
{
    const struct admit_decision *x = pa, *y = pb;
    if (x->sc != y->sc)
        return x->sc < y->sc ? -1 : 1;
    if (x->owner_kind != y->owner_kind)
        return x->owner_kind < y->owner_kind ? -1 : 1;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    if (x->interval != y->interval)
        return x->interval < y->interval ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

void decision_sort(struct admission *a)
{
    if (a->n_decision)
        qsort(a->decision, (size_t)a->n_decision, sizeof *a->decision, compare);
}

double decision_extent_mw(const struct bid_segment *seg, int32_t n)
{
    double sum_mw = 0;
    for (int32_t i = 0; i < n; i++)
        sum_mw += seg[i].to_mw - seg[i].from_mw;
    return sum_mw;
}
