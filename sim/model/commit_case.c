/* commit_case.c - lifetime of an instance. */
#include "sim/model/commit_case.h"

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
