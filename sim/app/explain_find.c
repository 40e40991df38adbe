/* explain_find.c - what a name means in a run. */
#include "sim/app/explain_find.h"

#include <stdio.h>
#include <string.h>

#include "sim/input/nearest.h"

static bool is_sc(const struct explain_run *x, const char *name)
{
    return run_view_find(x->v.line_sc, x->v.n_line, name) >= 0;
}

static int32_t find_owner(const struct explain_run *x, const char *name)
{
    int32_t owner = run_view_find(x->v.resource, x->v.n_resource, name);
    if (owner >= 0)
        return owner;
    owner = run_view_find(x->v.position, x->v.n_virtual, name);
    return owner < 0 ? -1 : owner + (int32_t)x->v.n_resource;
}

/* what: the kind that was asked for; near: the nearest of that kind, or NULL. */
static enum err_code nothing(const char *what, const char *name, const char *near,
                             struct err *err)
{
    return err_set(err, ERR_USAGE, "no %s '%.64s' in the file%s%s%s", what, name,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

enum err_code explain_find_node(const struct explain_run *x, const char *name,
                                int32_t *node, struct err *err)
{
    *node = run_view_find(x->v.node, x->v.n_node, name);
    if (*node >= 0)
        return ERR_OK;
    int32_t owner = find_owner(x, name);
    if (owner >= 0)
        return err_set(
            err, ERR_USAGE,
            "'%.64s' is no node but a %s: ask with --resource; it stands at "
            "node '%.64s'",
            name, (size_t)owner < x->v.n_resource ? "resource" : "virtual position",
            x->v.node[explain_owner_node(x, owner)]);
    return nothing(
        "node", name,
        nearest_word(name, strlen(name), x->v.node, x->v.n_node, sizeof *x->v.node),
        err);
}

enum err_code explain_find_owner(const struct explain_run *x, const char *name,
                                 int32_t *owner, struct err *err)
{
    *owner = find_owner(x, name);
    if (*owner >= 0)
        return ERR_OK;
    if (run_view_find(x->v.node, x->v.n_node, name) >= 0)
        return err_set(err, ERR_USAGE,
                       "'%.64s' is no resource but a node: ask with --node", name);
    if (is_sc(x, name))
        return err_set(err, ERR_USAGE,
                       "'%.64s' is no resource but a scheduling coordinator: ask with "
                       "'gridclear statement %.200s --sc %.64s'",
                       name, x->v.file, name);
    size_t len = strlen(name);
    const char *near =
        nearest_word(name, len, x->v.resource, x->v.n_resource, sizeof *x->v.resource);
    if (!near)
        near = nearest_word(name, len, x->v.position, x->v.n_virtual,
                            sizeof *x->v.position);
    return nothing("resource or virtual position", name, near, err);
}
