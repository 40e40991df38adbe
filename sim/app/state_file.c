/* state_file.c - one line per resource. */
#include "sim/app/state_file.h"

#include <math.h>

#include "sim/app/output_file.h"
#include "sim/base/mem.h"
#include "sim/clear/state.h"
#include "sim/input/read_state.h"

static struct resource_state *room_for(const struct market *m, struct err *err)
{
    struct resource_state *state = MEM_ARRAY(struct resource_state, m->n_resource);
    if (!state)
        (void)err_set(err, ERR_NOMEM, "cannot hold the state of %d resources",
                      m->n_resource);
    return state;
}

/* Seventeen digits give a double back to the bit; nothing where it is unknown. */
static void put_number(double value, FILE *out)
{
    if (!isnan(value))
        (void)fprintf(out, "%.17g", value);
}

static bool any_is_fast(const struct market *m)
{
    for (int32_t r = 0; r < m->n_resource; r++)
        if (m->resource[r].commit.fast)
            return true;
    return false;
}

static void print(const struct market *m, const struct resource_state *state, FILE *out)
{
    char date[11];
    bool minutes = any_is_fast(m);
    date_format(m->day[m->n_day - 1].date, date);
    (void)fprintf(out, "resource_id,state_of,hours,output_mw,energy_mwh%s%s\n",
                  minutes ? ",minutes" : "",
                  m->n_configuration > 0 ? ",configuration,configuration_h" : "");
    for (int32_t r = 0; r < m->n_resource; r++) {
        (void)fprintf(out, "%s,%s,%d,", m->resource[r].id, date, state[r].hours);
        put_number(state[r].output_mw, out);
        (void)fputc(',', out);
        put_number(state[r].energy_mwh, out);
        if (minutes)
            (void)fprintf(out, ",%d", state[r].minutes);
        if (m->n_configuration > 0 && state[r].configuration >= 0)
            (void)fprintf(out, ",%s,%d", m->configuration[state[r].configuration].id,
                          state[r].configuration_h);
        else if (m->n_configuration > 0)
            (void)fputs(",,", out);
        (void)fputc('\n', out);
    }
}

enum err_code state_file_write(const char *path, const struct run *run, struct err *err)
{
    const struct market *m = &run->market;
    struct output_file f = {0};
    struct resource_state *state = room_for(m, err);
    if (!state)
        return ERR_NOMEM;
    state_at_end(m, &run->admission, &run->outcome, state);
    enum err_code code = output_open(path, &f, err);
    if (!code)
        print(m, state, f.out);
    if (!code)
        code = output_close(&f, code, err);
    mem_free(state);
    return code;
}

enum err_code state_file_read(const char *path, struct run *run,
                              struct diagnostics *diag)
{
    struct resource_state *state = room_for(&run->market, &diag->err);
    if (!state)
        return ERR_NOMEM;
    enum err_code code =
        read_state(path, &run->market, state, &diag->faults, &diag->err);
    if (!code)
        state_apply(state, &run->market);
    diagnostics_keep_names(diag);
    mem_free(state);
    return code;
}
