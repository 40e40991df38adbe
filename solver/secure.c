/* secure.c - limits after outages, as the dispatch sees them. */
#include <string.h>

#include "sim/base/mem.h"
#include "solver/work.h"

enum err_code secure_create(struct work *w, struct err *err)
{
    int32_t n = network_data(w->p->net)->n_branch;
    w->outage_limit = mem_alloc((size_t)n, sizeof *w->outage_limit);
    if (!w->outage_limit)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (int32_t l = 0; l < n; l++)
        w->outage_limit[l] = -1;
    return outage_screen_create(w->p, &w->screen, err);
}

void secure_release(struct work *w)
{
    outage_screen_destroy(w->screen);
    mem_free(w->outage_limit);
}

static bool is_known(const void *context, int32_t interval, int32_t outage,
                     int32_t branch, bool minimum)
{
    const struct work *w = context;
    for (int32_t k = w->outage_limit[branch]; k >= 0; k = w->limit[k].next)
        if (w->limit[k].interval == interval && w->limit[k].outage == outage &&
            rows_is_minimum(w->limit[k].kind) == minimum)
            return true;
    return false;
}

enum err_code secure_find(const struct work *w, int32_t per_branch, int32_t most,
                          struct outage_violation *found, int32_t *n_found,
                          struct err *err)
{
    const struct outage_known known = {w, is_known};
    return outage_find(w->screen, w->flow_mw, w->power_mw, &known, per_branch, most,
                       found, n_found, err);
}

enum err_code secure_mark(const struct work *w, bool *touched, bool *any,
                          struct err *err)
{
    for (int32_t k = 0; k < w->n_limit; k++) {
        const struct limit *limit = &w->limit[k];
        if (limit->outage < 0)
            continue;
        double relaxed = w->x[limit->slack] > 0 ? w->x[limit->slack] : 0;
        if (rows_broken(w, limit) > relaxed + rows_tolerance(limit->stated))
            touched[limit->interval] = *any = true;
    }
    int32_t n_t = w->p->n_interval;
    struct outage_violation *found = mem_alloc((size_t)n_t, sizeof *found);
    int32_t *n_found = mem_alloc((size_t)n_t, sizeof *n_found);
    enum err_code code = ERR_OK;
    if (!found || !n_found)
        code = err_set(err, ERR_NOMEM, "out of memory");
    if (!code)
        code = secure_find(w, 1, 1, found, n_found, err);
    for (int32_t t = 0; !code && t < n_t; t++)
        if (n_found[t])
            touched[t] = *any = true;
    mem_free(found);
    mem_free(n_found);
    return code;
}
