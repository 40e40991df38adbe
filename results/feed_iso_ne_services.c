/* feed_iso_ne_services.c - reserves and regulation in the manner of ISO New England. */
#include <math.h>

#include "results/feed_iso_ne.h"

/* The ten-minute requirement is that of both products; 30 minutes: none is traded. */
static enum err_code add_requirements(struct feed *f, const struct feed_services *s,
                                      struct err *err)
{
    double *spin = NULL, *other = NULL;
    enum err_code code = feed_product_matrix(f, s, s->required, PRODUCT_SR, &spin, err);
    if (!code)
        code = feed_product_matrix(f, s, s->required, PRODUCT_NR, &other, err);
    double *both = code ? NULL : FEED_ARRAY(f, double, f->clock.n * s->n_region, err);
    if (!both)
        return code ? code : ERR_NOMEM;
    for (size_t i = 0; i < f->clock.n * s->n_region; i++)
        both[i] = (isnan(spin[i]) ? 0 : spin[i]) + (isnan(other[i]) ? 0 : other[i]);
    code = feed_add_matrix(f, "TenMinSpinRequirement", spin, s->n_region, err);
    if (!code)
        code = feed_add_matrix(f, "Total10MinRequirement", both, s->n_region, err);
    return code ? code
                : feed_add_matrix(f, "Total30MinRequirement", both, s->n_region, err);
}

enum err_code iso_ne_reserve(struct feed *f, struct err *err)
{
    struct feed_services s;
    enum err_code code = feed_find_services(f, &s, err);
    int32_t *id = code ? NULL : FEED_ARRAY(f, int32_t, s.n_region, err);
    if (!id)
        return code ? code : ERR_NOMEM;
    for (size_t i = 0; i < s.n_region; i++)
        id[i] = (int32_t)i + 1;
    feed_cross(f, s.n_region, NULL);
    code = iso_ne_begin(f, err);
    if (!code)
        code = feed_add(f, "ReserveZoneId", &f->place, TABLE_I32, VIEW_VALUE, id,
                        s.n_region, err);
    if (!code)
        code =
            feed_add_text(f, "ReserveZoneName", &f->place, s.region, s.n_region, err);
    if (!code)
        code = add_requirements(f, &s, err);
    if (!code)
        code = feed_add_product(f, &s, "TmsrDesignatedMw", s.mw, PRODUCT_SR, err);
    if (!code)
        code = feed_add_product(f, &s, "TmnsrDesignatedMw", s.mw, PRODUCT_NR, err);
    if (!code)
        code = feed_add_product(f, &s, "TmsrClearingPrice", s.price, PRODUCT_SR, err);
    return code ? code
                : feed_add_product(f, &s, "TmnsrClearingPrice", s.price, PRODUCT_NR,
                                   err);
}

enum err_code iso_ne_hourly_reserve(struct feed *f, struct err *err)
{
    enum err_code code = feed_group(f, FEED_HOUR, err);
    return code ? code : iso_ne_reserve(f, err);
}

/* A MW of regulation there is one up and one down here: the widest region's prices. */
enum err_code iso_ne_regulation(struct feed *f, struct err *err)
{
    struct feed_services s;
    double *up = NULL, *down = NULL;
    enum err_code code = feed_find_services(f, &s, err);
    if (!code)
        code = feed_product_matrix(f, &s, s.price, PRODUCT_RU, &up, err);
    if (!code)
        code = feed_product_matrix(f, &s, s.price, PRODUCT_RD, &down, err);
    double *both = code ? NULL : FEED_ARRAY(f, double, f->clock.n, err);
    double *none = code ? NULL : FEED_ARRAY(f, double, f->clock.n, err);
    if (!both || !none)
        return code ? code : ERR_NOMEM;
    for (size_t t = 0; t < f->clock.n && s.n_region; t++) {
        double u = up[t * s.n_region], d = down[t * s.n_region];
        both[t] = (isnan(u) ? 0 : u) + (isnan(d) ? 0 : d);
    }
    feed_cross(f, 1, NULL);
    code = iso_ne_begin(f, err);
    if (!code)
        code = feed_add(f, "HourEnd", &f->interval, TABLE_I32, VIEW_TWO, f->clock.hour,
                        f->clock.n, err);
    if (!code)
        code = feed_add_series(f, "RegClearingPrice", both, err);
    if (!code)
        code = feed_add_series(f, "RegServiceClearingPrice", none, err);
    return code ? code : feed_add_series(f, "RegCapacityClearingPrice", both, err);
}
