/* feed_market.c - what several feeds ask of a stage: flows, limits that bind, services. */
#include <math.h>
#include <string.h>

#include "results/feed_parts.h"

/* ---- flows of the system ---- */

/* /input/resource/type */
enum resource_type {
    TYPE_GENERATOR,
    TYPE_LOAD,
    TYPE_STORAGE,
    TYPE_PDR,
    TYPE_DERA,
    TYPE_IMPORT,
    TYPE_EXPORT
};

static enum feed_flow flow_of(uint8_t type, double mw)
{
    switch (type) {
    case TYPE_LOAD:
        return FLOW_LOAD;
    case TYPE_STORAGE:
        return mw < 0 ? FLOW_CHARGE : FLOW_DISCHARGE;
    case TYPE_IMPORT:
        return FLOW_IMPORT;
    case TYPE_EXPORT:
        return FLOW_EXPORT;
    default:
        return FLOW_GENERATION; /* demand response gives as a generator does */
    }
}

enum err_code feed_output(struct feed *f, double **out, size_t *n, struct err *err)
{
    void *award = NULL, *mwh = NULL;
    size_t n_award = 0, n_mwh = 0;
    enum err_code code = run_read_length(f->rd, "/resource", n, err);
    if (!code)
        code = feed_load(f, "award", &award, &n_award, err);
    *out = award;
    if (code || f->style == FEED_OASIS || strcmp(f->stage, "/real_time") != 0 ||
        !feed_has(f, "/meter/energy"))
        return code;
    code = feed_load(f, "/meter/energy", &mwh, &n_mwh, err);
    if (!code && n_mwh != n_award)
        code = err_set(err, ERR_INPUT, "/meter has other intervals than %s", f->stage);
    *out = code ? NULL : FEED_ARRAY(f, double, n_mwh, err);
    for (size_t i = 0; *out && i < n_mwh; i++) {
        double hours = f->fine.hours[i / *n];
        (*out)[i] = hours > 0 ? ((const double *)mwh)[i] / hours : 0;
    }
    return code ? code : *out ? ERR_OK : ERR_NOMEM;
}

enum err_code feed_flows(struct feed *f, double *flow[N_FLOWS], struct err *err)
{
    void *type = NULL;
    double *output = NULL;
    size_t n = 0;
    enum err_code code = feed_load(f, "/input/resource/type", &type, &n, err);
    if (!code)
        code = feed_output(f, &output, &n, err);
    for (int k = 0; k < N_FLOWS && !code; k++) {
        flow[k] = FEED_ARRAY(f, double, f->fine.n, err);
        code = flow[k] ? ERR_OK : ERR_NOMEM;
    }
    for (size_t t = 0; t < f->fine.n && !code; t++)
        for (size_t i = 0; i < n; i++) {
            double mw = output[t * n + i];
            flow[flow_of(((const uint8_t *)type)[i], mw)][t] += mw;
        }
    return code;
}

/* ---- limits that bind ---- */

/* kind of /constraint_kind */
enum constraint_kind {
    KIND_LIMIT_BRANCH,
    KIND_LIMIT_TIE
};

/* Pairs with a price, interval by interval, of limits that are wanted. */
static enum err_code pick_binding(struct feed *f, const double *price,
                                  const bool *wanted, struct feed_binding *b,
                                  struct err *err)
{
    size_t n = 0, width = b->n_constraint;
    for (size_t i = 0; i < f->clock.n * width; i++)
        n += wanted[i % width] && price[i] > 0;
    b->interval = FEED_ARRAY(f, int32_t, n, err);
    b->constraint = FEED_ARRAY(f, int32_t, n, err);
    b->price = FEED_ARRAY(f, double, n, err);
    if (!b->interval || !b->constraint || !b->price)
        return ERR_NOMEM;
    bool by_place = f->style == FEED_OASIS;
    for (size_t k = 0; k < f->clock.n * width; k++) {
        size_t i = by_place ? k % f->clock.n * width + k / f->clock.n : k;
        if (!wanted[i % width] || !(price[i] > 0))
            continue;
        b->interval[b->n] = (int32_t)(i / width);
        b->constraint[b->n] = (int32_t)(i % width);
        b->price[b->n++] = price[i];
    }
    return ERR_OK;
}

enum err_code feed_find_binding(struct feed *f, bool ties, bool branches,
                                struct feed_binding *out, struct err *err)
{
    void *kind = NULL, *element = NULL, *outage = NULL, *side = NULL;
    size_t n = 0;
    double *price = NULL;
    *out = (struct feed_binding){0};
    enum err_code code = feed_load(f, "constraint_kind", &kind, &n, err);
    if (!code)
        code = feed_load(f, "constraint_element", &element, &n, err);
    if (!code)
        code = feed_load(f, "constraint_outage", &outage, &n, err);
    if (!code)
        code = feed_load(f, "constraint_side", &side, &n, err);
    if (!code)
        code = feed_matrix(f, "shadow_price", n, &price, err);
    if (code)
        return code;
    bool *wanted = FEED_ARRAY(f, bool, n, err);
    uint8_t *is_tie = FEED_ARRAY(f, uint8_t, n, err);
    if (!wanted || !is_tie)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        uint8_t k = ((const uint8_t *)kind)[i];
        is_tie[i] = k == KIND_LIMIT_TIE;
        wanted[i] = (ties && is_tie[i]) || (branches && k == KIND_LIMIT_BRANCH);
    }
    out->n_constraint = n;
    out->element = element;
    out->outage = outage;
    out->side = side;
    out->is_tie = is_tie;
    return n ? pick_binding(f, price, wanted, out, err) : ERR_OK;
}

/* ---- ancillary services ---- */

/* The region's place in the list, added if it is new. */
static size_t region_index(struct feed_services *s, const char *name)
{
    size_t i = 0;
    while (i < s->n_region && strcmp(s->region[i], name) != 0)
        i++;
    if (i == s->n_region) {
        s->region[s->n_region++] = name;
        for (int k = 0; k < N_PRODUCTS; k++)
            s->requirement[i * N_PRODUCTS + (size_t)k] = -1;
    }
    return i;
}

enum err_code feed_find_services(struct feed *f, struct feed_services *out,
                                 struct err *err)
{
    void *region = NULL, *product = NULL;
    size_t n = 0;
    *out = (struct feed_services){0};
    enum err_code code = feed_load(f, "as_region", &region, &n, err);
    if (!code)
        code = feed_load(f, "as_product", &product, &n, err);
    if (!code)
        code = feed_matrix(f, "as_price", n, &out->price, err);
    if (!code)
        code = feed_matrix(f, "as_required", n, &out->required, err);
    if (!code)
        code = feed_matrix(f, "as_procured", n, &out->mw, err);
    if (code)
        return code;
    out->n = n;
    out->region_of = region;
    out->product = product;
    out->region = FEED_ARRAY(f, const char *, n, err);
    out->requirement = FEED_ARRAY(f, int32_t, n * N_PRODUCTS, err);
    if (!out->region || !out->requirement)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (out->product[i] < N_PRODUCTS)
            out->requirement[region_index(out, out->region_of[i]) * N_PRODUCTS +
                             out->product[i]] = (int32_t)i;
    return ERR_OK;
}

enum err_code feed_product_matrix(struct feed *f, const struct feed_services *s,
                                  const double *value, enum feed_product product,
                                  double **out, struct err *err)
{
    *out = FEED_ARRAY(f, double, f->clock.n * s->n_region, err);
    if (!*out)
        return ERR_NOMEM;
    for (size_t t = 0; t < f->clock.n; t++)
        for (size_t r = 0; r < s->n_region; r++) {
            int32_t i = s->requirement[r * N_PRODUCTS + product];
            (*out)[t * s->n_region + r] =
                i < 0 ? (double)NAN : value[t * s->n + (size_t)i];
        }
    return ERR_OK;
}

enum err_code feed_add_product(struct feed *f, const struct feed_services *s,
                               const char *name, const double *value,
                               enum feed_product product, struct err *err)
{
    double *one = NULL;
    enum err_code code = feed_product_matrix(f, s, value, product, &one, err);
    return code ? code : feed_add_matrix(f, name, one, s->n_region, err);
}
