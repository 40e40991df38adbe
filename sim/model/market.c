/* market.c - lifetime and names. */
#include "sim/model/market.h"

#include <math.h>

#include "sim/base/mem.h"

void book_release(struct book *b)
{
    mem_free(b->start);
    mem_free(b->seg);
    *b = (struct book){0};
}

void market_release(struct market *m)
{
    book_release(&m->bids);
    book_release(&m->virtual_bids);
    book_release(&m->default_bids);
    book_release(&m->rt_bids);
    book_release(&m->configuration_bids);
    book_release(&m->configuration_default_bids);
    grid_release(&m->grid);
    grid_outages_release(&m->outages);
    arena_release(&m->arena);
    *m = (struct market){0};
}

static const struct {
    const char *name;
    bool withdraws;
} type_table[] = {
#define RESOURCE_ROW(c, name, withdraws) {name, withdraws},
    RESOURCE_TYPE_MAP(RESOURCE_ROW)
#undef RESOURCE_ROW
};

const char *resource_type_name(enum resource_type type)
{
    return type_table[type].name;
}

bool resource_type_withdraws(enum resource_type type)
{
    return type_table[type].withdraws;
}

static const struct {
    const char *name;
    bool is_self;
} kind_table[] = {
#define BID_ROW(c, name, is_self) {name, is_self},
    BID_KIND_MAP(BID_ROW)
#undef BID_ROW
};

const char *bid_kind_name(enum bid_kind kind)
{
    return kind_table[kind].name;
}

bool bid_kind_is_self(enum bid_kind kind)
{
    return kind_table[kind].is_self;
}

const char *tie_option_name(enum tie_option option)
{
    static const char *const name[] = {
#define TIE_OPTION_NAME(c, text) [TIE_OPTION_##c] = text,
        TIE_OPTION_MAP(TIE_OPTION_NAME)
#undef TIE_OPTION_NAME
    };
    return name[option];
}

bool resource_type_is_tie(enum resource_type type)
{
    return type == RESOURCE_IMPORT || type == RESOURCE_EXPORT;
}

bool tie_option_is_block(enum tie_option option)
{
    return option == TIE_OPTION_HOURLY || option == TIE_OPTION_SELF ||
           option == TIE_OPTION_CHANGE;
}

bool tie_option_is_priced(enum tie_option option)
{
    return option == TIE_OPTION_FIFTEEN || option == TIE_OPTION_DYNAMIC;
}

const char *node_kind_name(enum node_kind kind)
{
    static const char *const name[] = {"pnode", "lap",       "sub_lap",
                                       "hub",   "aggregate", "tie"};
    return name[kind];
}

static const struct {
    const char *name, *text;
} service_table[] = {
#define SERVICE_ROW(c, name, text) {name, text},
    SERVICE_MAP(SERVICE_ROW)
#undef SERVICE_ROW
};

const char *service_name(enum service service)
{
    return service_table[service].name;
}

const char *service_text(enum service service)
{
    return service_table[service].text;
}

bool resource_type_serves(enum resource_type type, enum service service)
{
    switch (type) {
    case RESOURCE_GENERATOR:
    case RESOURCE_STORAGE:
    case RESOURCE_DERA:
        return true;
    case RESOURCE_PDR: /* demand cannot follow a regulation signal */
        return service == SERVICE_SR || service == SERVICE_NR;
    default:
        return false;
    }
}

static int32_t count_resources(const struct market *m, int32_t region)
{
    int32_t n = 0;
    for (int32_t r = 0; r < m->n_resource; r++)
        n += market_in_region(m, region, r);
    return n;
}

/* Of regions that hold the same, the later one lies within the earlier one. */
static bool is_inside(const struct market *m, int32_t a, int32_t b)
{
    for (int32_t r = 0; r < m->n_resource; r++)
        if (market_in_region(m, a, r) && !market_in_region(m, b, r))
            return false;
    return count_resources(m, a) < count_resources(m, b) || a > b;
}

void market_nest_regions(struct market *m)
{
    for (int32_t a = 0; a < m->n_service_region; a++) {
        int32_t parent = -1;
        for (int32_t b = 0; a > 0 && b < m->n_service_region; b++)
            if (b != a && is_inside(m, a, b) && (parent < 0 || is_inside(m, b, parent)))
                parent = b;
        m->service_region[a].parent = parent;
    }
}

// NOLINTNEXTLINE(misc-no-recursion)
double market_need_mw(const struct market *m, const double *required_mw,
                      int32_t interval, int32_t region, enum service service)
{
    double within = 0;
    for (int32_t r = 0; r < m->n_service_region; r++)
        if (m->service_region[r].parent == region)
            within += market_need_mw(m, required_mw, interval, r, service);
    int64_t at = (int64_t)interval * m->n_service_region + region;
    double own = required_mw[at * SERVICES + (int64_t)service];
    return own > within ? own : within;
}

int32_t market_day_of(const struct market *m, int32_t interval)
{
    int32_t day = 0, end = m->n_day; /* the day lies in [day, end) */
    while (end - day > 1) {
        int32_t middle = day + (end - day) / 2;
        if (m->first_interval[middle] <= interval)
            day = middle;
        else
            end = middle;
    }
    return day;
}
