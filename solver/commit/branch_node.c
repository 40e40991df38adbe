/* branch_node.c - nodes of the tree, those that are open in a heap. */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/branch_work.h"

static enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "out of memory for branch and price");
}

void node_release(struct node *n)
{
    if (!n)
        return;
    mem_free(n->on);
    mem_free(n->least);
    mem_free(n->y);
    mem_free(n);
}

struct node *node_new(const struct tree *b, const struct node *from)
{
    struct node *n = MEM_ARRAY(struct node, 1);
    if (!n)
        return NULL;
    const struct fleet *f = b->f;
    const size_t n_unit = (size_t)f->n_unit;
    const size_t n_count = (size_t)b->counts.n_class * (size_t)f->n_interval;
    n->n_row = fleet_n_row(f);
    n->on = MEM_ARRAY(struct interval_set, 2 * n_unit);
    n->least = MEM_ARRAY(int16_t, 2 * n_count + 1);
    n->y = MEM_ARRAY(double, n->n_row);
    if (!n->on || !n->least || !n->y) {
        node_release(n);
        return NULL;
    }
    n->off = n->on + n_unit;
    n->most = n->least + n_count;
    for (size_t k = 0; k < n_count && !from; k++)
        n->most[k] = INT16_MAX;
    if (from) {
        memcpy(n->on, from->on, 2 * n_unit * sizeof *n->on);
        memcpy(n->least, from->least, 2 * n_count * sizeof *n->least);
        n->bound_usd = from->bound_usd;
    }
    return n;
}

static bool before(const struct node *a, const struct node *b)
{
    if (a->bound_usd != b->bound_usd)
        return a->bound_usd < b->bound_usd;
    return a->serial < b->serial;
}

/* Takes over n, also on failure. */
enum err_code nodes_push(struct tree *b, struct node *n, struct err *err)
{
    if (b->n_open == b->room_open) {
        const int32_t room = 2 * b->room_open + 64;
        struct node **more = mem_resize(b->open, (size_t)room, sizeof *more);
        if (!more) {
            node_release(n);
            return no_memory(err);
        }
        b->open = more;
        b->room_open = room;
    }
    int32_t k = b->n_open++;
    for (; k > 0 && before(n, b->open[(k - 1) / 2]); k = (k - 1) / 2)
        b->open[k] = b->open[(k - 1) / 2];
    b->open[k] = n;
    return ERR_OK;
}

struct node *nodes_pop(struct tree *b)
{
    struct node *least = b->open[0], *last = b->open[--b->n_open];
    int32_t k = 0;
    for (int32_t c = 1; c < b->n_open; c = 2 * k + 1) {
        if (c + 1 < b->n_open && before(b->open[c + 1], b->open[c]))
            c++;
        if (!before(b->open[c], last))
            break;
        b->open[k] = b->open[c];
        k = c;
    }
    if (b->n_open > 0)
        b->open[k] = last;
    return least;
}
