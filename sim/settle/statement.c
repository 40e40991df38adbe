/* statement.c - from amounts to cents that add up to zero. */
#include "sim/settle/statement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/settle/charge_code.h"
#include "sim/settle/line_order.h"

void money_add(struct money_sum *s, double amount_usd)
{
    double sum_usd = s->sum_usd + amount_usd;
    if (fabs(s->sum_usd) >= fabs(amount_usd))
        s->lost_usd += (s->sum_usd - sum_usd) + amount_usd;
    else
        s->lost_usd += (amount_usd - sum_usd) + s->sum_usd;
    s->sum_usd = sum_usd;
    s->moved_usd += fabs(amount_usd);
}

double money_total_usd(const struct money_sum *s)
{
    return s->sum_usd + s->lost_usd;
}

/* SETTLE_ISO stands after every SC. */
static int compare_account(int32_t a, int32_t b)
{
    uint32_t x = (uint32_t)a, y = (uint32_t)b;
    return (x > y) - (x < y);
}

int statement_compare_lines(const struct statement_line *a,
                            const struct statement_line *b)
{
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    int by_account = compare_account(a->sc, b->sc);
    if (by_account)
        return by_account;
    return (a->code > b->code) - (a->code < b->code);
}

int statement_compare_interval_lines(const struct settle_interval_line *x,
                                     const struct settle_interval_line *y)
{
    int by_account = compare_account(x->sc, y->sc);
    if (by_account)
        return by_account;
    if (x->code != y->code)
        return x->code < y->code ? -1 : 1;
    if (x->interval != y->interval)
        return x->interval < y->interval ? -1 : 1;
    if (x->minute != y->minute)
        return x->minute < y->minute ? -1 : 1;
    if (x->resource != y->resource)
        return x->resource < y->resource ? -1 : 1;
    return (x->position > y->position) - (x->position < y->position);
}

static int compare_lines(const void *pa, const void *pb)
{
    return statement_compare_interval_lines(pa, pb);
}

void statement_sort(struct settlement *s, int64_t first)
{
    int64_t n = s->n_interval_line - first;
    if (n > 1 && !line_order_sort(s->interval_line + first, n))
        qsort(s->interval_line + first, (size_t)n, sizeof *s->interval_line,
              compare_lines);
}

enum err_code statement_merge(struct settlement *s, int64_t first, struct err *err)
{
    int64_t old = first, new = s->n_interval_line - first, out = s->n_interval_line;
    if (old == 0 || new == 0)
        return ERR_OK;
    struct settle_interval_line *line = s->interval_line, *day;
    day = MEM_ARRAY(struct settle_interval_line, new);
    if (!day)
        return err_set(err, ERR_NOMEM, "cannot allocate %lld settlement lines",
                       (long long)new);
    memcpy(day, line + first, (size_t) new * sizeof *day);
    while (new > 0) {
        if (old > 0 && compare_lines(&line[old - 1], &day[new - 1]) > 0)
            line[--out] = line[--old];
        else
            line[--out] = day[--new];
    }
    mem_free(day);
    return ERR_OK;
}

/* ---- neutrality --------------------------------------------------------------------- */

#define ONE_CODE(...) +1
enum {
    N_CODES = 0 CHARGE_CODE_MAP(ONE_CODE)
};
#undef ONE_CODE

/* A charge group is known by the first code of the table that belongs to it. */
static int group_of(int code)
{
    int n, at = charge_code_find(code);
    const struct charge_code_row *table = charge_code_table(&n);
    for (int i = 0; i < at; i++)
        if (strcmp(table[i].group, table[at].group) == 0)
            return i;
    return at;
}

static enum err_code not_neutral(const struct market *m, int32_t day, int group,
                                 int hour, double sum_usd, struct err *err)
{
    int n;
    char date[11];
    date_format(m->day[day].date, date);
    return err_set(
        err, ERR_NUMERIC,
        "charge group '%s' does not balance on %s in hour ending %d: %.6f USD "
        "are left over",
        charge_code_table(&n)[group].group, date, m->day[day].hour_ending[hour],
        sum_usd);
}

/* Sums of the day's lines by group, known as in group_of, and hour: one look at each line.
 * Sorted lines of one account have few changes of code. */
static void sum_groups(const struct market *m, int32_t day, int64_t first,
                       const struct settlement *s,
                       struct money_sum sum[N_CODES][CALENDAR_MAX_HOURS])
{
    int32_t code = 0;
    struct money_sum *of_group = NULL;
    for (int64_t i = first; i < s->n_interval_line; i++) {
        const struct settle_interval_line *line = &s->interval_line[i];
        if (!of_group || line->code != code) {
            code = line->code;
            of_group = sum[group_of(code)];
        }
        money_add(&of_group[line->interval - m->first_interval[day]], line->amount_usd);
    }
}

enum err_code statement_check_neutral(const struct market *m, int32_t day,
                                      int64_t first, struct settlement *s,
                                      struct err *err)
{
    struct money_sum sum[N_CODES][CALENDAR_MAX_HOURS] = {{{0}}};
    sum_groups(m, day, first, s, sum);
    for (int group = 0; group < N_CODES; group++)
        for (int h = 0; h < m->day[day].n_hours; h++) {
            const struct money_sum *of_hour = &sum[group][h];
            double left_usd = money_total_usd(of_hour);
            double tol_usd = 1e-9 * of_hour->moved_usd + 1e-6;
            if (!isfinite(left_usd) || fabs(left_usd) > tol_usd)
                return not_neutral(m, day, group, h, left_usd, err);
            s->worst_neutrality_usd = fmax(s->worst_neutrality_usd, fabs(left_usd));
        }
    return ERR_OK;
}

/* ---- statement lines ---------------------------------------------------------------- */

enum err_code statement_push(struct settlement *s, struct statement_line line,
                             struct err *err)
{
    if (s->n_line == s->room_line) {
        int32_t room = s->room_line ? s->room_line : 64;
        struct statement_line *grown = NULL;
        if (room <= INT32_MAX / 2)
            grown = mem_resize(s->line, 2 * (size_t)room, sizeof *grown);
        if (!grown)
            return err_set(err, ERR_NOMEM, "cannot allocate %d statement lines", room);
        s->line = grown;
        s->room_line = 2 * room;
    }
    s->line[s->n_line++] = line;
    return ERR_OK;
}

enum err_code statement_push_interval(struct settlement *s,
                                      struct settle_interval_line line, struct err *err)
{
    if (s->n_interval_line == s->room_interval_line) {
        int64_t room = s->room_interval_line ? 2 * s->room_interval_line : 1024;
        struct settle_interval_line *grown =
            mem_resize(s->interval_line, (size_t)room, sizeof *grown);
        if (!grown)
            return err_set(err, ERR_NOMEM, "cannot allocate %lld settlement lines",
                           (long long)room);
        s->interval_line = grown;
        s->room_interval_line = room;
    }
    s->interval_line[s->n_interval_line++] = line;
    return ERR_OK;
}

static const char *account_name(const struct market *m, int32_t sc)
{
    return sc == SETTLE_ISO ? "ISO" : m->sc[sc].id;
}

/* (8): one statement line from the interval lines [from, to) of an account and code. */
static enum err_code append_line(const struct market *m, int32_t day, int64_t from,
                                 int64_t to, struct settlement *s, struct err *err)
{
    struct money_sum sum = {0};
    const struct settle_interval_line *line = &s->interval_line[from];
    for (int64_t i = from; i < to; i++)
        money_add(&sum, s->interval_line[i].amount_usd);
    double amount_usd = money_total_usd(&sum);
    if (!(fabs(amount_usd) <= usd_from_cents(STATEMENT_CENTS_MOST)))
        return err_set(err, ERR_NUMERIC,
                       "charge %d of %s comes to %g USD; a statement holds at most %g",
                       line->code, account_name(m, line->sc), amount_usd,
                       usd_from_cents(STATEMENT_CENTS_MOST));
    return statement_push(
        s,
        (struct statement_line){.sc = line->sc,
                                .code = line->code,
                                .day = day,
                                .amount_cents = cents_from_usd(amount_usd)},
        err);
}

static enum err_code sum_lines(const struct settlement *s, int32_t from,
                               cents_t *sum_cents, struct err *err)
{
    *sum_cents = 0;
    for (int32_t i = from; i < s->n_line; i++) {
        *sum_cents += s->line[i].amount_cents; /* both are far from the end of int64 */
        if (*sum_cents > STATEMENT_CENTS_MOST || *sum_cents < -STATEMENT_CENTS_MOST)
            return err_set(err, ERR_NUMERIC,
                           "statements of a day add up to more than %g USD",
                           usd_from_cents(STATEMENT_CENTS_MOST));
    }
    return ERR_OK;
}

/* (9): the ISO's account takes what rounding left, in its place in the order of codes. */
static enum err_code append_rounding(int32_t day, int32_t from, struct settlement *s,
                                     struct err *err)
{
    cents_t sum_cents;
    enum err_code code = sum_lines(s, from, &sum_cents, err);
    if (code || sum_cents == 0)
        return code;
    double most_cents = 0.5 * (s->n_line - from) + 1;
    for (int32_t i = from; i < s->n_line; i++)
        most_cents += 1e-9 * fabs((double)s->line[i].amount_cents);
    if (fabs((double)sum_cents) > most_cents)
        return err_set(err, ERR_NUMERIC,
                       "statements add up to %lld cents, more than the rounding of %d "
                       "lines can leave",
                       (long long)sum_cents, s->n_line - from);
    struct statement_line line = {.sc = SETTLE_ISO,
                                  .code = CHARGE_4989,
                                  .day = day,
                                  .amount_cents = charge_4989_cents(sum_cents)};
    code = statement_push(s, line, err);
    if (code)
        return code;
    int32_t at = s->n_line - 1;
    for (; at > from && s->line[at - 1].sc == SETTLE_ISO &&
           s->line[at - 1].code > CHARGE_4989;
         at--)
        s->line[at] = s->line[at - 1];
    s->line[at] = line;
    return ERR_OK;
}

enum err_code statement_append(const struct market *m, int32_t day, int64_t first,
                               struct settlement *s, struct err *err)
{
    int32_t from_line = s->n_line;
    for (int64_t from = first, to = first; from < s->n_interval_line; from = to) {
        const struct settle_interval_line *line = &s->interval_line[from];
        while (to < s->n_interval_line && s->interval_line[to].sc == line->sc &&
               s->interval_line[to].code == line->code)
            to++;
        enum err_code code = append_line(m, day, from, to, s, err);
        if (code)
            return code;
    }
    enum err_code code = append_rounding(day, from_line, s, err);
    if (code)
        return code;
    cents_t sum_cents;
    code = sum_lines(s, from_line, &sum_cents, err);
    if (!code && sum_cents)
        code = err_set(err, ERR_BUG, "statements add up to %lld cents after rounding",
                       (long long)sum_cents);
    s->sum_cents += sum_cents;
    return code;
}

cents_t settlement_net_cents(const struct settlement *s, int32_t sc, int32_t day)
{
    cents_t net_cents = 0;
    for (int32_t i = 0; i < s->n_line; i++)
        if (s->line[i].sc == sc && s->line[i].day == day)
            net_cents += s->line[i].amount_cents;
    return net_cents;
}
