/* recalculate.c - what corrected meters change. */
#include "sim/settle/recalculate.h"

#include <math.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/settle/statement.h"

/* The last recalculation that the market has rows for; 0 = none. */
static int32_t last_recalculation(const struct market *m)
{
    int32_t last = m->n_meter_row ? m->meter_row[m->n_meter_row - 1].recalculation : 0;
    int32_t of_branches =
        m->n_branch_meter ? m->branch_meter[m->n_branch_meter - 1].recalculation : 0;
    return last > of_branches ? last : of_branches;
}

/* ---- statement lines ---- */

static enum err_code difference_of_lines(const struct settlement *before,
                                         const struct settlement *now, int32_t version,
                                         struct settlement *s, struct err *err)
{
    enum err_code code = ERR_OK;
    int32_t i = 0, k = 0;
    while (!code && (i < before->n_line || k < now->n_line)) {
        int order = i == before->n_line ? 1
                    : k == now->n_line
                        ? -1
                        : statement_compare_lines(&before->line[i], &now->line[k]);
        struct statement_line line = order < 0 ? before->line[i] : now->line[k];
        line.version = version;
        line.amount_cents = (order >= 0 ? now->line[k].amount_cents : 0) -
                            (order <= 0 ? before->line[i].amount_cents : 0);
        i += order <= 0;
        k += order >= 0;
        if (line.amount_cents != 0)
            code = statement_push(s, line, err);
    }
    return code;
}

/* ---- interval lines ---- */

/* What differs by less is arithmetic. */
static const double least_usd = 1e-9;

/* Sum of the lines from *at on that are about the same as the first of them. */
static struct settle_interval_line take(const struct settlement *s, int64_t *at)
{
    struct settle_interval_line sum = s->interval_line[*at];
    while (++*at < s->n_interval_line &&
           statement_compare_interval_lines(&sum, &s->interval_line[*at]) == 0) {
        sum.quantity_mwh += s->interval_line[*at].quantity_mwh;
        sum.amount_usd += s->interval_line[*at].amount_usd;
    }
    return sum;
}

static enum err_code difference_of_intervals(const struct settlement *before,
                                             const struct settlement *now,
                                             int32_t version, struct settlement *s,
                                             struct err *err)
{
    enum err_code code = ERR_OK;
    int64_t i = 0, k = 0;
    while (!code && (i < before->n_interval_line || k < now->n_interval_line)) {
        int order = i == before->n_interval_line ? 1
                    : k == now->n_interval_line
                        ? -1
                        : statement_compare_interval_lines(&before->interval_line[i],
                                                           &now->interval_line[k]);
        struct settle_interval_line old = {0}, line = {0};
        if (order <= 0)
            line = old = take(before, &i);
        if (order >= 0)
            line = take(now, &k);
        line.version = version;
        line.quantity_mwh = (order >= 0 ? line.quantity_mwh : 0) - old.quantity_mwh;
        line.amount_usd = (order >= 0 ? line.amount_usd : 0) - old.amount_usd;
        if (fabs(line.amount_usd) > least_usd)
            code = statement_push_interval(s, line, err);
    }
    return code;
}

/* Appends now - before as lines of that version to *s, which is neither of them. */
static enum err_code difference(const struct settlement *before,
                                const struct settlement *now, int32_t version,
                                struct settlement *s, struct err *err)
{
    enum err_code code = difference_of_lines(before, now, version, s, err);
    return code ? code : difference_of_intervals(before, now, version, s, err);
}

/* ---- all of them ---- */

static enum err_code settle_version(const struct settle_inputs *in, int32_t version,
                                    struct metering *meter, struct settlement *out,
                                    struct err *err)
{
    const struct market *m = in->m;
    struct settle_inputs again = *in;
    enum err_code code = ERR_OK;
    again.meter = meter;
    *out = (struct settlement){0};
    for (int32_t day = 0; day < m->n_day && !code; day++) {
        metering_day(m, in->o, in->rt, day, version, meter);
        code = settle_day(&again, day, out, err);
    }
    return code;
}

static enum err_code copy(const struct settlement *s, struct settlement *out,
                          struct err *err)
{
    *out =
        (struct settlement){.n_line = s->n_line, .n_interval_line = s->n_interval_line};
    out->line = MEM_ARRAY(struct statement_line, s->n_line);
    out->interval_line = MEM_ARRAY(struct settle_interval_line, s->n_interval_line);
    if (!out->line || !out->interval_line)
        return err_set(err, ERR_NOMEM, "cannot hold the settlement twice");
    if (s->n_line)
        memcpy(out->line, s->line, (size_t)s->n_line * sizeof *s->line);
    if (s->n_interval_line)
        memcpy(out->interval_line, s->interval_line,
               (size_t)s->n_interval_line * sizeof *s->interval_line);
    return ERR_OK;
}

enum err_code recalculate_all(const struct settle_inputs *in, struct settlement *s,
                              struct err *err)
{
    struct settlement before = {0}, now = {0};
    struct metering meter = {0};
    int32_t last = last_recalculation(in->m);
    if (last == 0 || !in->rt || !in->rt->active)
        return ERR_OK;
    enum err_code code = metering_begin(in->m, &meter, err);
    if (!code)
        code = copy(s, &before, err);
    for (int32_t version = 1; version <= last && !code; version++) {
        code = settle_version(in, version, &meter, &now, err);
        if (!code)
            code = difference(&before, &now, version, s, err);
        settlement_release(&before);
        before = now;
        now = (struct settlement){0};
    }
    settlement_release(&before);
    metering_release(&meter);
    return code;
}
