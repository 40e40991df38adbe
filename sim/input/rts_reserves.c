/* rts_reserves.c - SourceData/reserves.csv and the day-ahead series of its products. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/nearest.h"
#include "sim/input/rts_gmlc.h"

static const double reserve_most_mw = 1e9;

/* Products by the beginning of their names, longest first where one begins another. */
static const struct {
    const char *prefix;
    enum service service;
} mapping[] = {
    {"Reg_Up", SERVICE_RU},  {"Reg_Down", SERVICE_RD},  {"Spin_Up", SERVICE_SR},
    {"Flex_Up", SERVICE_NR}, {"Flex_Down", SERVICE_RD},
};

struct product {
    const char *name;
    enum service service;
    double minutes;
    int32_t area; /* 0: all of them */
};

static void fault(struct wide_table *t, const char *p, const char *text)
{
    err_list_add(t->faults, source_at(&t->src, (size_t)(p - t->src.text)), "%s", text);
}

/* One more of a list "(a,b,c)"; false at its end. */
static bool next_item(const char **p, const char *end, const char **item, size_t *len)
{
    while (*p < end && strchr("(), ", **p))
        ++*p;
    *item = *p;
    while (*p < end && !strchr("(),", **p))
        ++*p;
    *len = (size_t)(*p - *item);
    while (*len > 0 && (*item)[*len - 1] == ' ')
        --*len;
    return *len > 0;
}

static bool list_holds(const char *list, size_t len, const char *name)
{
    const char *end = list + len, *item = NULL;
    size_t n = 0;
    while (next_item(&list, end, &item, &n))
        if (n == strlen(name) && memcmp(item, name, n) == 0)
            return true;
    return false;
}

/* The only area of a list, 0 where it holds all of them, -1 after a fault. */
static int32_t area_of_list(const struct rts_day *d, struct wide_table *t,
                            const char *list, size_t len)
{
    int32_t n = 0, one = 0;
    for (int32_t a = 1; a <= d->n_area; a++) {
        char name[12];
        (void)snprintf(name, sizeof name, "%d", a);
        if (list_holds(list, len, name)) {
            one = a;
            n++;
        }
    }
    if (n == d->n_area)
        return 0;
    if (n == 1)
        return one;
    fault(t, list,
          "regions that are neither one nor all of the areas; expected either");
    return -1;
}

/* ---- series ---- */

/* Hours stand in records ("Period", a column with the name) or in columns 1 to 24. */
static void read_required(struct wide_table *t, const struct product *p, int month,
                          int day, double *required)
{
    int at_month = wide_column(t, "Month", true), at_day = wide_column(t, "Day", true);
    int period = wide_column(t, "Period", false), n_found = 0;
    int column = period >= 0 ? wide_column(t, p->name, true) : -1;
    if (at_month < 0 || at_day < 0 || (period >= 0 && column < 0))
        return;
    for (size_t i = 0; i < t->n; i++) {
        if ((int)wide_number(t, i, at_month, 1, 12, 0) != month ||
            (int)wide_number(t, i, at_day, 1, 31, 0) != day)
            continue;
        int first = 1, last = RTS_HOURS;
        if (period >= 0)
            first = last = (int)wide_number(t, i, period, 1, RTS_HOURS, 1);
        for (int h = first; h <= last; h++, n_found++) {
            char name[12];
            (void)snprintf(name, sizeof name, "%d", h);
            int at = period >= 0 ? column : wide_column(t, name, true);
            required[h - 1] += wide_number(t, i, at, 0, reserve_most_mw, 0);
        }
    }
    if (n_found != RTS_HOURS)
        err_list_add(t->faults, source_at(&t->src, 0),
                     "%d hours of day %02d-%02d; expected %d", n_found, month, day,
                     RTS_HOURS);
}

/* ---- who may serve ---- */

static int32_t area_of_bus(const struct rts_day *d, const char *bus)
{
    for (int32_t b = 0; b < d->n_bus; b++)
        if (strcmp(d->bus[b].id, bus) == 0)
            return d->bus[b].area;
    return 0;
}

/* What the unit can give within the time of the product; of several, the most. */
static void let_serve(struct rts_day *d, const struct product *p, const char *list,
                      size_t len)
{
    for (int32_t g = 0; g < d->n_unit; g++) {
        struct rts_unit *u = &d->unit[g];
        if (!list_holds(list, len, u->category) || u->kind == RTS_STORAGE ||
            (p->area > 0 && area_of_bus(d, u->bus) != p->area))
            continue;
        double mw = u->kind == RTS_THERMAL
                        ? fmin(u->max_mw - u->min_mw, u->ramp_mw_per_min * p->minutes)
                        : u->max_mw;
        u->serves_mw[p->service] = fmax(u->serves_mw[p->service], mw);
    }
}

static bool product_of(struct rts_day *d, struct wide_table *t, size_t i,
                       struct product *p)
{
    size_t len = 0;
    char shown[QUOTED_SIZE];
    const char *name = wide_text(t, i, wide_column(t, "Reserve Product", true), &len);
    const double seconds_per_min = 60;
    for (size_t k = 0; k < sizeof mapping / sizeof *mapping; k++) {
        size_t n = strlen(mapping[k].prefix);
        if (len < n || len > 64 || memcmp(name, mapping[k].prefix, n) != 0)
            continue;
        bool plain = true;
        for (size_t c = 0; c < len; c++)
            plain = plain && (isalnum((unsigned char)name[c]) || name[c] == '_');
        if (!plain)
            continue;
        p->service = mapping[k].service;
        p->name = arena_copy_text(&d->arena, name, len);
        p->minutes =
            wide_number(t, i, wide_column(t, "Timeframe (sec)", true), 0, 3600, 600) /
            seconds_per_min;
        return p->name != NULL;
    }
    err_list_add(t->faults, source_at(&t->src, (size_t)(name - t->src.text)),
                 "product %s; expected Reg_Up, Reg_Down, Spin_Up..., Flex_Up or "
                 "Flex_Down",
                 quoted(name, len, shown));
    return false;
}

/* A requirement of an area is one of the whole system as well: what serves there for
   something else must not serve twice. */
static void add_required(struct rts_day *d, const struct product *p,
                         const double day_mw[RTS_HOURS])
{
    for (int h = 0; h < RTS_HOURS; h++) {
        d->required_mw[(0 * SERVICES + (int)p->service) * RTS_HOURS + h] += day_mw[h];
        if (p->area > 0)
            d->required_mw[(p->area * SERVICES + (int)p->service) * RTS_HOURS + h] +=
                day_mw[h];
    }
}

enum err_code rts_reserves_read(const char *folder, int month, int day,
                                struct rts_day *d, struct err_list *faults,
                                struct err *err)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/SourceData/reserves.csv", folder);
    struct wide_table *t = &d->reserves;
    enum err_code code = wide_table_read(path, faults, t, err);
    if (code)
        return code;
    int regions = wide_column(t, "Eligible Regions", true);
    int who = wide_column(t, "Eligible Device SubCategories", true);
    size_t n = (size_t)(d->n_area + 1) * SERVICES * RTS_HOURS;
    d->required_mw = ARENA_ARRAY(&d->arena, double, n);
    d->series = MEM_ARRAY(struct wide_table, t->n + 1);
    if (!d->required_mw || !d->series)
        return err_set(err, ERR_NOMEM, "out of memory for %s", path);
    for (size_t i = 0; i < t->n && regions >= 0 && who >= 0; i++) {
        struct product p = {0};
        double day_mw[RTS_HOURS] = {0};
        size_t len = 0;
        if (!product_of(d, t, i, &p))
            continue;
        const char *list = wide_text(t, i, regions, &len);
        p.area = area_of_list(d, t, list, len);
        if (p.area < 0)
            continue;
        (void)snprintf(path, sizeof path,
                       "%s/timeseries_data_files/Reserves/DAY_AHEAD_regional_%s.csv",
                       folder, p.name);
        code = wide_table_read(path, faults, &d->series[d->n_series], err);
        if (code)
            return code;
        read_required(&d->series[d->n_series++], &p, month, day, day_mw);
        add_required(d, &p, day_mw);
        list = wide_text(t, i, who, &len);
        let_serve(d, &p, list, len);
    }
    return ERR_OK;
}
