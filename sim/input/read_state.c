/* read_state.c - the state that a run left. */
#include "sim/input/read_state.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "sim/base/mem.h"
#include "sim/input/csv_table.h"

struct state_row {
    struct row_head head;
    int32_t id, hours, minutes, configuration, configuration_h;
    date_t date;
    double output_mw, energy_mwh;
};

enum {
    LONG_H = 1000000
};

/* Shapes as in tables.c: name, type, required, above, if empty, least, most, ... */
// clang-format off
static const struct column columns[] = {
    {"resource_id", COLUMN_ID, true, false, 0, 0, 0, "", "-", "name of the resource", NULL, offsetof(struct state_row, id)},
    {"state_of", COLUMN_DATE, true, false, DATE_UNSET, 0, 0, "", "-", "trade date that has ended", NULL, offsetof(struct state_row, date)},
    {"hours", COLUMN_INTEGER, false, false, 0, -LONG_H, LONG_H, "", "0", "hours on, negative: off; of units that the market commits", NULL, offsetof(struct state_row, hours)},
    {"output_mw", COLUMN_NUMBER, false, false, (double)NAN, -1e7, 1e7, "MW", "unknown", "output, injection positive", NULL, offsetof(struct state_row, output_mw)},
    {"energy_mwh", COLUMN_NUMBER, false, false, (double)NAN, 0, 1e7, "MWh", "none", "stored energy", NULL, offsetof(struct state_row, energy_mwh)},
    {"minutes", COLUMN_INTEGER, false, false, 0, 0, 60 * LONG_H, "", "60 x hours", "minutes on, or off; of units that the fifteen-minute market starts", NULL, offsetof(struct state_row, minutes)},
    {"configuration", COLUMN_ID, false, false, 0, 0, 0, "", "none", "configuration of a plant that is on", NULL, offsetof(struct state_row, configuration)},
    {"configuration_h", COLUMN_INTEGER, false, false, 0, 0, LONG_H, "", "0", "hours in it", NULL, offsetof(struct state_row, configuration_h)},
};
static const struct table_spec spec = {"state", "", true, "State of resources when a trade date ends.", sizeof(struct state_row), sizeof columns / sizeof *columns, columns};
// clang-format on

struct reading {
    struct csv_table t;
    struct str_index ids;
    const struct market *m;
    struct resource_state *state;
    struct err_list *faults;
    int32_t *row_of; /* [n_resource] its row, -1 = none yet */
};

static int32_t find_resource(const struct market *m, const char *id)
{
    for (int32_t r = 0; r < m->n_resource; r++)
        if (strcmp(m->resource[r].id, id) == 0)
            return r;
    return -1;
}

static void check_date(struct reading *x, struct state_row *row)
{
    date_t first = x->m->day[0].date;
    char text[11], expected[11];
    if (row->date == DATE_UNSET || row->date == first - 1)
        return;
    date_format(row->date, text);
    date_format(first - 1, expected);
    ROW_FAULT(x->faults, &x->t, row, date,
              "state_of is %s; expected %s, the day before the first trade date", text,
              expected);
}

static void check_resource(struct reading *x, struct state_row *row, int32_t r)
{
    const struct resource *is = &x->m->resource[r];
    bool stores = is->type == RESOURCE_STORAGE;
    if (stores && !(row->energy_mwh >= is->energy_min_mwh - 1e-6 &&
                    row->energy_mwh <= is->energy_max_mwh + 1e-6))
        ROW_FAULT(x->faults, &x->t, row, energy_mwh,
                  "energy_mwh is %g; expected what '%s' can hold, %g to %g MWh",
                  row->energy_mwh, is->id, is->energy_min_mwh, is->energy_max_mwh);
    if (!stores && !isnan(row->energy_mwh))
        ROW_FAULT(x->faults, &x->t, row, energy_mwh,
                  "energy_mwh is %g and '%s' is no storage; expected it to be empty",
                  row->energy_mwh, is->id);
    if (row->minutes % 5 != 0)
        ROW_FAULT(x->faults, &x->t, row, minutes,
                  "minutes is %d; expected a multiple of 5", row->minutes);
    if (is->market_committed && row->hours == 0)
        ROW_FAULT(x->faults, &x->t, row, hours,
                  "hours is 0 and the market commits '%s'; expected hours on, or "
                  "negative: off",
                  is->id);
}

/* The configuration of a row, -1 = none, also after a fault. */
static int32_t find_configuration(struct reading *x, struct state_row *row, int32_t r)
{
    const struct resource *is = &x->m->resource[r];
    int32_t found = -1;
    for (int32_t k = 0; k < is->n_configuration && row->configuration >= 0; k++)
        if (strcmp(x->m->configuration[is->first_configuration + k].id,
                   x->ids.key[row->configuration]) == 0)
            found = is->first_configuration + k;
    bool is_on = is->n_configuration > 0 && row->hours > 0;
    if (row->configuration >= 0 && found < 0)
        ROW_FAULT(x->faults, &x->t, row, configuration,
                  "unknown configuration '%s' of '%s'; expected one of table "
                  "configurations",
                  x->ids.key[row->configuration], is->id);
    else if (is_on != (found >= 0))
        ROW_FAULT(x->faults, &x->t, row, configuration, "hours is %d; expected %s",
                  row->hours,
                  is_on ? "the configuration that the plant is in"
                        : "a configuration only of a plant that is on");
    else if (is_on && (row->configuration_h < 1 || row->configuration_h > row->hours))
        ROW_FAULT(x->faults, &x->t, row, configuration_h,
                  "configuration_h is %d and hours %d; expected 1 to that",
                  row->configuration_h, row->hours);
    return found;
}

static void take(struct reading *x, struct state_row *row, int32_t at)
{
    int32_t r = row->id < 0 ? -1 : find_resource(x->m, x->ids.key[row->id]);
    if (row->head.askew || row->id < 0)
        return;
    check_date(x, row);
    if (r < 0) {
        ROW_FAULT(x->faults, &x->t, row, id,
                  "unknown resource '%s'; expected a resource of the scenario",
                  x->ids.key[row->id]);
        return;
    }
    if (x->row_of[r] >= 0) {
        ROW_FAULT(x->faults, &x->t, row, id, "a second row of '%s'; expected one",
                  x->m->resource[r].id);
        return;
    }
    x->row_of[r] = at;
    check_resource(x, row, r);
    int32_t in = find_configuration(x, row, r);
    x->state[r] =
        (struct resource_state){.hours = row->hours,
                                .minutes = row->minutes,
                                .configuration = in,
                                .configuration_h = in < 0 ? 0 : row->configuration_h,
                                .output_mw = row->output_mw,
                                .energy_mwh = row->energy_mwh};
}

static void take_all(struct reading *x, const char *path)
{
    struct state_row *row = x->t.row;
    for (int32_t r = 0; r < x->m->n_resource; r++)
        x->row_of[r] = -1;
    for (size_t i = 0; i < x->t.n; i++)
        take(x, &row[i], (int32_t)i);
    for (int32_t r = 0; r < x->m->n_resource && !x->t.broken; r++)
        if (x->row_of[r] < 0)
            err_list_add(x->faults, (struct src_pos){.file = path, .line = 1},
                         "no row of '%s'; expected one of every resource",
                         x->m->resource[r].id);
}

enum err_code read_state(const char *path, const struct market *m,
                         struct resource_state *state, struct err_list *faults,
                         struct err *err)
{
    struct reading x = {.m = m, .state = state, .faults = faults};
    size_t before = faults->n, total_before = faults->total;
    enum err_code code = source_read(path, &x.t.src, err);
    x.row_of = MEM_ARRAY(int32_t, m->n_resource);
    if (!code && !x.row_of)
        code = err_set(err, ERR_NOMEM, "cannot hold the state");
    if (!code)
        code = csv_table_read(&x.t, &spec, &x.ids, faults, err);
    if (!code)
        take_all(&x, path);
    for (size_t i = before; i < faults->n; i++) /* the table goes, the faults stay */
        faults->item[i].at.file = path;
    if (!code && faults->total > total_before)
        code = err_set(err, ERR_INPUT, "%zu fault%s in the state %s",
                       faults->total - total_before,
                       faults->total - total_before == 1 ? "" : "s", path);
    mem_free(x.row_of);
    str_index_release(&x.ids);
    csv_table_release(&x.t);
    return code;
}
