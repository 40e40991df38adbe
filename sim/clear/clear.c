/* clear.c - a trade day through the dispatch solver, and back into market terms. */
#include "sim/clear/clear.h"

#include "sim/base/stopwatch.h"
#include "sim/clear/answer.h"
#include "sim/clear/formulate.h"
#include "sim/clear/grid_network.h"
#include "sim/clear/hull.h"
#include "sim/clear/record.h"

enum err_code clear_begin(const struct market *m, struct outcome *o, struct err *err)
{
    *o = (struct outcome){.interval_h = market_duration_h(m),
                          .n_interval = m->n_interval,
                          .n_node = m->n_node,
                          .n_resource = m->n_resource,
                          .n_configuration = m->n_configuration,
                          .n_virtual = m->n_virtual,
                          .n_branch = m->grid.n_branch,
                          .n_service_bidder = m->n_service_bidder,
                          .n_service_region = m->n_service_region,
                          .losses = m->rules.losses};
    enum err_code code = outcome_allocate(o, err);
    return code || !commitment_is_wanted(m) ? code : hull_allocate(m, o, err);
}

/* What units cost on a day beside their bids: starts, moves, and running at Pmin. */
static double commitment_usd(const struct market *m, int32_t day,
                             const struct outcome *o)
{
    double sum = 0;
    for (int32_t t = m->first_interval[day]; t < m->first_interval[day + 1]; t++)
        for (int32_t r = 0; r < m->n_resource; r++) {
            size_t at = (size_t)t * (size_t)m->n_resource + (size_t)r;
            sum += o->start_cost_usd[at] + o->min_load_usd[at];
            sum += o->transition_usd ? o->transition_usd[at] : 0;
        }
    return sum;
}

/* The dispatch of the formulated day at s->answer. */
static enum err_code dispatch_day(struct formulation *f, const struct outcome *o,
                                  struct clear_solution *s, struct err *err)
{
    f->problem.watch = o->watch;
    return s->known ? ERR_OK : dispatch_solve(&f->problem, 1e-9, &s->answer, err);
}

enum err_code clear_day_shared(const struct market *m, const struct admission *a,
                               int32_t day, struct clear_solution *s, struct outcome *o,
                               struct err *err)
{
    struct grid_network gn = {0};
    struct formulation f = {0};
    struct commitment *decided = NULL;
    double began_s = stopwatch_s();
    enum err_code code =
        grid_network_create(&m->grid, m->rules.dc_model, m->reference_weight, &gn, err);
    o->stats.seconds_factor += stopwatch_s() - began_s;
    if (!code)
        code = formulate_day(m, a, day, gn.net, o, &f, err);
    if (!code && commitment_is_wanted(m))
        code = commitment_decide(m, a, &f, o, &s->found, &decided, err);
    if (!code)
        code = dispatch_day(&f, o, s, err);
    if (!code)
        code = answer_record(m, &f, &s->answer, commitment_usd(m, day, o), o, err);
    if (!code && decided)
        code = hull_record(decided, err);
    if (!code && decided && !s->known)
        code = commitment_keep(decided, &s->found, err);
    commitment_release(decided);
    formulation_release(&f);
    grid_network_release(&gn);
    bool was_known = s->known;
    if (code || was_known)
        clear_solution_release(s);
    else
        s->known = true;
    return code;
}

void clear_solution_release(struct clear_solution *s)
{
    commitment_found_release(&s->found);
    dispatch_answer_release(&s->answer);
    *s = (struct clear_solution){0};
}

enum err_code clear_day(const struct market *m, const struct admission *a, int32_t day,
                        struct outcome *o, struct err *err)
{
    struct clear_solution s = {0};
    enum err_code code = clear_day_shared(m, a, day, &s, o, err);
    clear_solution_release(&s);
    return code;
}

enum err_code clear_end(const struct market *m, struct outcome *o, struct err *err)
{
    struct grid_network gn = {0};
    enum err_code code = record_constraints(m, o, err);
    if (!code)
        code = grid_network_create(&m->grid, m->rules.dc_model, m->reference_weight,
                                   &gn, err);
    if (!code)
        code = record_shift_factors(m, gn.net, o, err);
    if (!code)
        code = record_relaxations(m, o, err);
    grid_network_release(&gn);
    return code;
}
