/* matpower_names.c - ids of buses from bus_name or from their numbers. */
#include <string.h>

#include "sim/base/number.h"
#include "sim/base/str_index.h"
#include "sim/input/matpower_case.h"

enum {
    MAX_ID = 64
};

/* The trimmed name with '_' for spaces; false if that is not a valid id. */
static bool id_from_name(const char *name, size_t len, char id[MAX_ID], size_t *id_len)
{
    while (len > 0 && (*name == ' ' || *name == '\t')) {
        name++;
        len--;
    }
    while (len > 0 && (name[len - 1] == ' ' || name[len - 1] == '\t'))
        len--;
    if (len == 0 || len > MAX_ID)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (name[i] < ' ' || name[i] > '~' || strchr(",'\"", name[i]))
            return false;
        id[i] = name[i];
        if (id[i] == ' ')
            id[i] = '_';
    }
    *id_len = len;
    return true;
}

/* Fills id[] from bus_name; *usable tells whether all are valid and different. */
static bool ids_from_names(struct mat_case *c, const char **id, bool *usable)
{
    const struct mat_value *names = &c->file->field[MAT_BUS_NAME];
    struct str_index seen = {0};
    bool ok = true;
    *usable = true;
    for (size_t row = 0; ok && *usable && row < names->n_text; row++) {
        const struct mat_text *t = &names->text[row];
        char text[MAX_ID];
        size_t len;
        int is_new = 0;
        *usable = id_from_name(c->src->text + t->at, t->len, text, &len);
        if (!*usable)
            break;
        ok = str_index_put(&seen, text, len, &is_new) >= 0;
        *usable = is_new;
        id[row] = ok ? arena_copy_text(&c->grid->arena, text, len) : NULL;
        ok = ok && id[row];
    }
    str_index_release(&seen);
    return ok;
}

static bool ids_from_numbers(struct mat_case *c, const char **id)
{
    for (size_t i = 0; i < c->n_bus; i++) {
        char text[NUMBER_INT_ROOM];
        size_t n = number_put_int(c->bus[i].number, text);
        const char *copy = arena_copy_text(&c->grid->arena, text, n);
        if (!copy)
            return false;
        id[c->bus[i].row] = copy;
    }
    return true;
}

bool mat_case_bus_ids(struct mat_case *c, const char **id)
{
    const struct mat_value *names = &c->file->field[MAT_BUS_NAME];
    size_t n_row = c->file->field[MAT_BUS].n_row;
    bool usable = false;
    if (names->kind == MAT_CELL && !names->damaged && names->n_text != n_row)
        mat_fault(c->src, c->faults, names->at,
                  "mpc.bus_name has %zu names; expected one for each of the %zu buses",
                  names->n_text, n_row);
    else if (names->kind == MAT_CELL && names->n_text == n_row &&
             !ids_from_names(c, id, &usable))
        return false;
    return usable || ids_from_numbers(c, id);
}
