/* market.c - lifetime and names. */
#include "sim/model/market.h"

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

const char *node_kind_name(enum node_kind kind)
{
    static const char *const name[] = {"pnode", "lap",       "sub_lap",
                                       "hub",   "aggregate", "tie"};
    return name[kind];
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
