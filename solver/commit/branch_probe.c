/*
 * branch_probe.c - what a unit would lose at least by doing otherwise.
 *
 * Where that is more than is left below the cutoff, the node is held to what it does.
 */
#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "solver/commit/branch_work.h"

static bool may_do(const struct node *n, const struct schedule *x)
{
    return set_within(&n->on[x->unit], &x->on) && !set_meets(&n->off[x->unit], &x->on);
}

/* Intervals in which known schedules that cost little are on, and off. */
static void known(const struct tree *b, const struct node *n, int32_t g, double least,
                  struct interval_set *on, struct interval_set *off)
{
    const struct pool *pools[2] = {b->pool, b->s->root->pool};
    for (int k = 0; k < 2; k++)
        for (const struct schedule *x = pools[k]->first[g]; x; x = x->next) {
            bool news = false;
            for (int w = 0; w < SET_WORDS; w++)
                news = news || (x->on.word[w] & ~on->word[w]) ||
                       (~x->on.word[w] & ~off->word[w]);
            if (!news || !may_do(n, x) ||
                schedule_profit(b->f, x, b->m->y_best) < least)
                continue;
            for (int w = 0; w < SET_WORDS; w++) {
                on->word[w] |= x->on.word[w];
                off->word[w] |= ~x->on.word[w];
            }
        }
}

static enum err_code probe_unit(struct tree *b, struct node *n, int32_t g,
                                double slack_usd, struct err *err)
{
    struct interval_set on = {{0}}, off = {{0}};
    struct unit_schedule best;
    const double *y = b->m->y_best;
    enum err_code code = sweep_value(b->f, g, &n->on[g], &n->off[g], y, &best, err);
    const double most = best.value_usd, least = most - slack_usd;
    if (!code)
        known(b, n, g, least, &on, &off);
    for (int32_t t = 0; t < unit_facts(b->f->p, g) && !code; t++) {
        if (set_has(&n->on[g], t) || set_has(&n->off[g], t) ||
            (set_has(&on, t) && set_has(&off, t)))
            continue;
        const bool does = set_has(&on, t);
        struct interval_set *opposite = does ? &n->off[g] : &n->on[g];
        const struct interval_set was = *opposite;
        set_add(opposite, t);
        code = sweep_value(b->f, g, &n->on[g], &n->off[g], y, &best, err);
        *opposite = was;
        if (code)
            break;
        if (best.value_usd < least) {
            set_add(does ? &n->on[g] : &n->off[g], t);
            tree_close(b, b->m->bound_usd + most - best.value_usd);
            continue;
        }
        for (int w = 0; w < SET_WORDS; w++) {
            on.word[w] |= best.on.word[w];
            off.word[w] |= ~best.on.word[w];
        }
    }
    return code;
}

/* Holds n to what every schedule below the cutoff does. */
enum err_code tree_probe(struct tree *b, struct node *n, struct err *err)
{
    const double slack = tree_cutoff(b) - b->m->bound_usd;
    enum err_code code = ERR_OK;
    for (int32_t g = 0; g < b->f->n_unit && !code && !isinf(slack); g++)
        code = probe_unit(b, n, g, slack, err);
    return code;
}
