/* bid_book.c - inheritance of bids over dates and hours. */
#include "sim/input/bid_book.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"

/* Rows of one owner with the same kind, day and hour, sorted by to_mw. */
struct group {
    uint32_t start, n; /* in scratch */
    size_t slot;       /* in slot */
    bool used;
};

struct building {
    struct loading *l;
    const struct book_source *source;
    struct book *book;
    int64_t n_seg, seg_room;
    uint32_t *order;         /* rows in order of owner */
    uint32_t *owner_start;   /* [n_owner + 1] */
    struct bid_row *scratch; /* rows of the owner at work */
    struct bid_row **piece;  /* rows of the bid at work */
    struct bid_segment *stack;
    struct group *group;
    uint32_t n_group;
    uint32_t *slot; /* [BID_KINDS][n_day + 1][HOUR_NAMES] group + 1, 0 = none */
};

static int by_place(const void *pa, const void *pb)
{
    const struct bid_row *a = pa, *b = pb;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->date != b->date)
        return a->date < b->date ? -1 : 1;
    if (a->hour != b->hour)
        return a->hour < b->hour ? -1 : 1;
    if (a->to_mw < b->to_mw || a->to_mw > b->to_mw)
        return a->to_mw < b->to_mw ? -1 : 1;
    return a->head.at < b->head.at ? -1 : a->head.at > b->head.at;
}

/* Counting sort of the good rows by owner; *most is the largest number of one owner. */
static bool order_by_owner(struct building *b, uint32_t *most)
{
    const struct csv_table *t = b->source->t;
    const struct bid_row *row = t->row;
    int32_t n_owner = b->source->n_owner;
    uint32_t *start = b->owner_start = MEM_ARRAY(uint32_t, n_owner + 2);
    b->order = MEM_ARRAY(uint32_t, t->n);
    *most = 0;
    if (!start || !b->order)
        return false;
    for (size_t i = 0; i < t->n; i++)
        if (!row[i].head.bad)
            start[row[i].id + 2]++;
    for (int32_t o = 0; o < n_owner; o++) {
        if (start[o + 2] > *most)
            *most = start[o + 2];
        start[o + 2] += start[o + 1];
    }
    for (size_t i = 0; i < t->n; i++)
        if (!row[i].head.bad)
            b->order[start[row[i].id + 1]++] = (uint32_t)i;
    return true;
}

static size_t slot_of(const struct building *b, int kind, int32_t day, int hour)
{
    size_t n_day = (size_t)b->l->m->n_day + 1;
    return ((size_t)kind * n_day + (size_t)(day + 1)) * HOUR_NAMES + (size_t)hour;
}

/* Copies the rows of an owner, sorts them and cuts them into groups. */
static void take_owner(struct building *b, int32_t owner)
{
    const struct bid_row *row = b->source->t->row;
    uint32_t first = b->owner_start[owner], n = b->owner_start[owner + 1] - first;
    bool sorted = true;
    for (uint32_t i = 0; i < n; i++) {
        b->scratch[i] = row[b->order[first + i]];
        sorted = sorted && (i == 0 || by_place(&b->scratch[i - 1], &b->scratch[i]) < 0);
    }
    if (!sorted)
        qsort(b->scratch, n, sizeof *b->scratch, by_place);
    b->n_group = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct bid_row *r = &b->scratch[i];
        size_t slot = slot_of(b, r->kind, r->date, r->hour);
        if (!b->slot[slot]) {
            b->group[b->n_group++] = (struct group){.start = i, .slot = slot};
            b->slot[slot] = b->n_group;
        }
        b->group[b->slot[slot] - 1].n++;
    }
}

static struct group *find_group(struct building *b, int kind, int32_t day, int hour)
{
    uint32_t found = b->slot[slot_of(b, kind, day, hour)];
    if (!found)
        found = b->slot[slot_of(b, kind, -1, hour)];
    if (!found)
        found = b->slot[slot_of(b, kind, day, 0)];
    if (!found)
        found = b->slot[slot_of(b, kind, -1, 0)];
    return found ? &b->group[found - 1] : NULL;
}

/* Merges groups that are each sorted by to_mw; of equals the first group's comes first. */
static int32_t merge(struct building *b, struct group *const *group, int n_group)
{
    uint32_t at[BID_KINDS] = {0};
    int32_t n = 0;
    for (;;) {
        int least = -1;
        for (int g = 0; g < n_group; g++) {
            if (at[g] == group[g]->n)
                continue;
            if (least < 0 || b->scratch[group[g]->start + at[g]].to_mw <
                                 b->scratch[group[least]->start + at[least]].to_mw)
                least = g;
        }
        if (least < 0)
            return n;
        b->piece[n++] = &b->scratch[group[least]->start + at[least]++];
    }
}

/* The rows that count for one interval; their number. */
static int32_t choose(struct building *b, int32_t day, int hour)
{
    struct group *chosen[BID_KINDS];
    int n = 0;
    for (int kind = 0; kind < BID_KINDS; kind++) {
        struct group *g = find_group(b, kind, day, hour);
        if (!g)
            continue;
        g->used = true;
        chosen[n++] = g;
    }
    return merge(b, chosen, n);
}

static bool append(struct building *b, int32_t n)
{
    struct book *book = b->book;
    if (b->n_seg + n > b->seg_room) {
        int64_t room = b->seg_room + b->seg_room / 2 + n + 1024;
        void *grown = mem_resize(book->seg, (size_t)room, sizeof *book->seg);
        if (!grown)
            return false;
        book->seg = grown;
        b->seg_room = room;
    }
    memcpy(book->seg + b->n_seg, b->stack, (size_t)n * sizeof *b->stack);
    b->n_seg += n;
    return true;
}

static bool add_bid(struct building *b, int32_t owner, int32_t day, int32_t interval)
{
    const struct trade_day *d = &b->l->m->day[day];
    int hour = d->hour_ending[interval - b->l->m->first_interval[day]];
    struct stack_rules rules = b->source->rules_of(b->l->m, owner);
    int32_t n = choose(b, day, hour);
    if (n) {
        (void)bid_stack_build(b->piece, n, &rules, b->source->t, b->l->faults,
                              b->stack);
    } else if (b->source->otherwise_mw) {
        double mw = b->source->otherwise_mw(b->l, owner, interval);
        b->stack[0] = (struct bid_segment){
            .to_mw = mw, .price_usd_per_mwh = (double)NAN, .kind = BID_SELF_PT};
        n = mw > 0;
    }
    return b->l->faults->total > 0 || n == 0 || append(b, n);
}

/* Rows that never count because others are more specific still have to be right. */
static void check_unused(struct building *b, int32_t owner)
{
    struct stack_rules rules = b->source->rules_of(b->l->m, owner);
    for (uint32_t i = 0; i < b->n_group; i++) {
        struct group *g = &b->group[i];
        b->slot[g->slot] = 0;
        if (!g->used)
            (void)bid_stack_build(b->piece, merge(b, &g, 1), &rules, b->source->t,
                                  b->l->faults, b->stack);
    }
}

static bool add_owners(struct building *b)
{
    const struct market *m = b->l->m;
    struct book *book = b->book;
    for (int32_t owner = 0; owner < b->source->n_owner; owner++) {
        int64_t at = (int64_t)owner * m->n_interval;
        take_owner(b, owner);
        for (int32_t day = 0; day < m->n_day; day++)
            for (int32_t t = m->first_interval[day]; t < m->first_interval[day + 1];
                 t++) {
                if (!add_bid(b, owner, day, t))
                    return false;
                book->start[at + t + 1] = b->n_seg;
            }
        check_unused(b, owner);
    }
    return true;
}

static bool allocate(struct building *b)
{
    const struct market *m = b->l->m;
    uint32_t most;
    size_t n_bid = (size_t)b->source->n_owner * (size_t)m->n_interval;
    if (!order_by_owner(b, &most))
        return false;
    b->scratch = MEM_ARRAY(struct bid_row, most);
    b->piece = MEM_ARRAY(struct bid_row *, most);
    b->stack = MEM_ARRAY(struct bid_segment, (size_t)most + 1);
    b->group = MEM_ARRAY(struct group, most);
    b->slot =
        MEM_ARRAY(uint32_t, (size_t)BID_KINDS * ((size_t)m->n_day + 1) * HOUR_NAMES);
    b->book->start = MEM_ARRAY(int64_t, n_bid + 1);
    b->book->seg = MEM_ARRAY(struct bid_segment, 1);
    b->seg_room = 1;
    return b->scratch && b->piece && b->stack && b->group && b->slot &&
           b->book->start && b->book->seg;
}

enum err_code bid_book_build(struct loading *l, const struct book_source *source,
                             struct book *out, struct err *err)
{
    struct building b = {.l = l, .source = source, .book = out};
    enum err_code code = ERR_OK;
    *out = (struct book){.n_owner = source->n_owner, .n_interval = l->m->n_interval};
    if (!allocate(&b) || !add_owners(&b))
        code = err_set(err, ERR_NOMEM, "cannot hold the bids of table %s (%zu rows)",
                       source->t->spec->name, source->t->n);
    mem_free(b.order);
    mem_free(b.owner_start);
    mem_free(b.scratch);
    mem_free(b.piece);
    mem_free(b.stack);
    mem_free(b.group);
    mem_free(b.slot);
    return code;
}
