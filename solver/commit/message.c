/* message.c - see message.h. */
#include "solver/commit/message.h"

#include <stdio.h>

struct title {
    char text[128];
};

static struct title title(const struct commit_problem *p, int32_t g)
{
    struct title t;
    const char *kind = p->unit[g].store ? "store" : "unit";
    if (p->unit_name)
        (void)snprintf(t.text, sizeof t.text, "%s '%s'", kind, p->unit_name[g]);
    else
        (void)snprintf(t.text, sizeof t.text, "%s %d", kind, g);
    return t;
}

enum err_code commit_no_schedule(const struct commit_problem *p, int32_t g,
                                 struct err *err)
{
    return err_set(err, ERR_NUMERIC, "%s has no schedule that its limits allow",
                   title(p, g).text);
}

enum err_code commit_breaks_rule(const struct commit_problem *p,
                                 const struct commit_certificate *c, struct err *err)
{
    if (c->unit < 0)
        return err_set(err, ERR_NUMERIC,
                       "the schedule breaks a rule (%s, interval %d, index %d) by "
                       "%.3g MW",
                       c->rule, c->interval, c->index, c->violation_mw);
    return err_set(err, ERR_NUMERIC,
                   "the schedule breaks a rule (%s of %s, interval %d) by %.3g MW",
                   c->rule, title(p, c->unit).text, c->interval, c->violation_mw);
}
