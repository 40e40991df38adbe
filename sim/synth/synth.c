/* synth.c - the steps in their order, and what came of them, counted. */
#include "sim/synth/synth.h"

#include <math.h>

#include "sim/base/mem.h"
#include "sim/synth/synth_parts.h"

int32_t synth_usual_tight(int32_t n_bus)
{
    double by_root = 40 * sqrt(sqrt((double)n_bus));
    int32_t share = n_bus / 25;
    return share < by_root ? share : (int32_t)by_root;
}

double synth_level_kv(int32_t level)
{
    static const double kv[SYNTH_LEVELS] = {115, 230, 500};
    return kv[level];
}

enum err_code synth_create(const struct synth_options *opt, struct synth *out,
                           struct err *err)
{
    *out = (struct synth){0};
    if (opt->n_bus < 1 || opt->n_bus > SYNTH_MAX_BUSES)
        return err_set(err, ERR_BUG, "%d buses; expected 1 to %d", opt->n_bus,
                       SYNTH_MAX_BUSES);
    enum err_code (*const step[])(const struct synth_options *, struct synth *,
                                  struct err *) = {synth_place, synth_wire, synth_equip,
                                                   synth_rate};
    enum err_code code = ERR_OK;
    for (size_t k = 0; k < sizeof step / sizeof *step && !code; k++)
        code =
            opt->stop && opt->stop()
                ? err_set(err, ERR_INTERRUPTED,
                          "interrupted while making the network; nothing was written")
                : step[k](opt, out, err);
    if (code)
        synth_release(out);
    return code;
}

void synth_release(struct synth *s)
{
    arena_release(&s->arena);
    *s = (struct synth){0};
}

static void count_branches(const struct synth *s, int32_t *degree,
                           struct synth_statistics *t)
{
    int32_t n_line = 0;
    for (int32_t l = 0; l < s->n_branch; l++) {
        const struct synth_branch *b = &s->branch[l];
        degree[b->from]++;
        degree[b->to]++;
        t->n_limit += b->rate_mw > 0;
        if (l > 0 && b[-1].from == b->from && b[-1].to == b->to)
            t->n_parallel++;
        if (b->length_km > 0) {
            t->lines_at[s->bus[b->from].level]++;
            t->mean_length_km += b->length_km;
            n_line++;
        } else {
            t->n_transformer++;
        }
    }
    if (n_line)
        t->mean_length_km /= n_line;
    t->mean_degree = 2.0 * s->n_branch / s->n_bus;
}

enum err_code synth_count(const struct synth *s, struct synth_statistics *out,
                          struct err *err)
{
    struct synth_statistics *t = out;
    *t = (struct synth_statistics){0};
    int32_t *degree = MEM_ARRAY(int32_t, s->n_bus);
    if (!degree)
        return err_set(err, ERR_NOMEM, "cannot count %d buses", s->n_bus);
    count_branches(s, degree, t);
    for (int32_t n = 0; n < s->n_bus; n++) {
        t->buses_at[s->bus[n].level]++;
        t->max_degree = degree[n] > t->max_degree ? degree[n] : t->max_degree;
        t->n_radial += degree[n] == 1;
        t->n_load_bus += s->bus[n].load_mw > 0;
        t->load_mw += s->bus[n].load_mw;
    }
    for (int32_t u = 0; u < s->n_unit; u++) {
        t->n_unit_bus += u == 0 || s->unit[u - 1].bus != s->unit[u].bus;
        t->capacity_mw += s->unit[u].pmax_mw;
        t->capacity_by_mw[s->unit[u].technology] += s->unit[u].pmax_mw;
    }
    mem_free(degree);
    return ERR_OK;
}
