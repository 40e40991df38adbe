/* matpower_bus.c - buses by number: a sorted list, and a guide to where to look in it. */
#include "sim/base/mem.h"
#include "sim/input/matpower_case.h"

/*
 * Numbers between the least and the greatest fall into as many stretches of equal length
 * as there are buses. Numbers that run through, as most do, leave one bus to each.
 */
static size_t stretch_of(const struct mat_case *c, double number)
{
    double least = (double)c->bus[0].number, most = (double)c->bus[c->n_bus - 1].number;
    return (size_t)((number - least) / (most - least + 1) * (double)c->n_bus);
}

bool mat_case_guide_buses(struct mat_case *c)
{
    if (c->n_bus == 0)
        return true;
    c->guide = MEM_ARRAY(size_t, c->n_bus + 2);
    if (!c->guide)
        return false;
    for (size_t i = 0; i < c->n_bus; i++)
        c->guide[stretch_of(c, (double)c->bus[i].number) + 1] = i + 1;
    for (size_t k = 1; k < c->n_bus + 2; k++) /* stretches without a bus */
        if (c->guide[k] < c->guide[k - 1])
            c->guide[k] = c->guide[k - 1];
    return true;
}

static const struct mat_bus *find_bus(const struct mat_case *c, double number)
{
    if (!c->guide || number < (double)c->bus[0].number ||
        number > (double)c->bus[c->n_bus - 1].number)
        return NULL;
    size_t k = stretch_of(c, number), lo = c->guide[k], hi = c->guide[k + 1];
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if ((double)c->bus[mid].number < number)
            lo = mid + 1;
        else
            hi = mid;
    }
    bool found = lo < c->n_bus && (double)c->bus[lo].number <= number;
    return found ? &c->bus[lo] : NULL;
}

bool mat_case_bus(struct mat_case *c, enum mat_field field, size_t row,
                  struct mat_column column, int32_t *index)
{
    double number;
    *index = -1;
    if (!mat_case_number(c, field, row, column, &number))
        return false;
    const struct mat_bus *bus = find_bus(c, number);
    if (bus)
        *index = bus->index;
    else if (c->buses_known)
        mat_fault(c->src, c->faults, mat_case_at(c, field, row, column.at),
                  "%s %.17g is not in mpc.bus; expected the number of a bus",
                  column.name, number);
    return bus != NULL;
}
