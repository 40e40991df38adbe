/* commit_case.c - lifetime of an instance. */
#include "sim/model/commit_case.h"

int32_t commit_case_stores(const struct commit_case *c)
{
    int32_t n = 0;
    for (int32_t g = 0; g < c->problem.n_unit; g++)
        n += c->problem.unit[g].store != NULL;
    return n;
}

const char *commit_format_name(enum commit_format format)
{
    static const char *const name[] = {"pglib-uc", "unitcommitment-jl", "egret"};
    return name[format];
}

enum err_code commit_case_connect(struct commit_case *c, struct err *err)
{
    return c->has_network ? network_create(&c->network, &c->problem.net, err) : ERR_OK;
}

void commit_case_release(struct commit_case *c)
{
    network_destroy(c->problem.net);
    arena_release(&c->arena);
    *c = (struct commit_case){0};
}
