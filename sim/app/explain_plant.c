/* explain_plant.c - see explain_plant.h. */
#include "sim/app/explain_plant.h"

#include <string.h>

/* What the file says of configurations. */
struct tables {
    const int32_t *in;     /* [hour][n_resource] */
    const double *usd;     /* likewise, of transitions */
    const char *const *id; /* [n] */
    const double *pmin, *pmax, *min_load;
    size_t n, n_cell;
};

static enum err_code load(struct explain_run *x, const char *stage, struct tables *to,
                          struct err *err)
{
    bool ruc = strcmp(stage, "/ruc") == 0;
    const char *in = ruc ? "/ruc/configuration" : "/day_ahead/configuration";
    const char *usd = ruc ? "/ruc/transition_cost" : "/day_ahead/transition_cost";
    const struct {
        const char *path;
        void *pointer;
    } table[] = {
        {"/input/configuration/configuration", &to->id},
        {"/input/configuration/pmin_mw", &to->pmin},
        {"/input/configuration/pmax_mw", &to->pmax},
        {"/input/configuration/min_load_usd_per_h", &to->min_load},
    };
    size_t got = 0;
    enum err_code code = run_view_table(&x->v, in, &to->in, &to->n_cell, err);
    if (!code)
        code = run_view_table(&x->v, usd, &to->usd, &got, err);
    bool fits = got == to->n_cell;
    for (size_t k = 0; k < sizeof table / sizeof *table && !code; k++) {
        code = run_view_table(&x->v, table[k].path, table[k].pointer, &got, err);
        to->n = k == 0 ? got : to->n;
        fits = fits && got == to->n;
    }
    if (!code && !fits)
        code = err_set(err, ERR_INPUT, "%s: configurations do not fit together",
                       x->v.file);
    return code;
}

/* The configuration in a cell of the table, -1 = none. */
static int32_t in_cell(const struct tables *t, size_t at)
{
    return at < t->n_cell && t->in[at] >= 0 && (size_t)t->in[at] < t->n ? t->in[at]
                                                                        : -1;
}

enum err_code explain_plant(struct explain_run *x, int32_t resource, int32_t t,
                            struct explain_plant *out, struct err *err)
{
    struct tables table = {0};
    bool day_ahead = !x->hour_lmp;
    bool ruc = !day_ahead && run_read_has(x->v.rd, "/ruc/configuration");
    int32_t hour = day_ahead ? t : x->hour_of ? x->hour_of[t] : -1;
    *out = (struct explain_plant){.index = -1};
    if (hour < 0 || (size_t)resource >= x->v.n_resource ||
        !run_read_has(x->v.rd, "/day_ahead/configuration"))
        return ERR_OK;
    enum err_code code = load(x, ruc ? "/ruc" : "/day_ahead", &table, err);
    if (code)
        return code;
    size_t at = (size_t)hour * x->v.n_resource + (size_t)resource;
    int32_t c = in_cell(&table, at);
    if (c < 0)
        return ERR_OK;
    int32_t from = hour > 0 ? in_cell(&table, at - x->v.n_resource) : -1;
    *out =
        (struct explain_plant){.index = c,
                               .name = table.id[c],
                               .from = from >= 0 && from != c ? table.id[from] : NULL,
                               .pmin_mw = table.pmin[c],
                               .pmax_mw = table.pmax[c],
                               .min_load_usd_per_h = table.min_load[c],
                               .transition_usd = day_ahead ? table.usd[at] : 0};
    return ERR_OK;
}
