/* cmd_explain.c - gridclear explain: why, from a run file alone. */
#include <math.h>
#include <string.h>

#include "sim/app/command.h"
#include "sim/app/explain_find.h"
#include "sim/app/explain_print.h"

struct explain_args {
    const char *file, *node, *resource, *bid, *at, *stage;
    double mw;
    bool infeasible, json;
};

// clang-format off
static const struct option explain_options[] = {
    OPTION_ARGUMENT("RUN.h5", struct explain_args, file, "a run file"),
    OPTION_TEXT(0, "node", "NAME", struct explain_args, node,
                "why the price at this node, hub, load area or tie is what it is; without "
                "--at: every interval in a line"),
    OPTION_TEXT(0, "resource", "NAME", struct explain_args, resource,
                "why this resource or virtual position got its MW; without --at: every "
                "interval in a line"),
    OPTION_TEXT(0, "at", "HOUR", struct explain_args, at,
                "hour ending, such as 20 or '2026-04-15 20', or a start in UTC"),
    OPTION_TEXT(0, "bid", "NAME", struct explain_args, bid,
                "what became of the bids of a resource or virtual position"),
    OPTION_FLAG(0, "infeasible", struct explain_args, infeasible,
                "what could not be kept, dearest first"),
    OPTION_DOUBLE(0, "mw", "MW", struct explain_args, mw, -1e6, 1e6,
                  "with --node and --at: how much more load to think of, negative: less "
                  "(default 1)"),
    OPTION_TEXT(0, "stage", "NAME", struct explain_args, stage,
                "day_ahead, fifteen_minute or real_time (default: day_ahead)"),
    OPTION_FLAG(0, "json", struct explain_args, json, "print one JSON object"),
    OPTION_END,
};
// clang-format on

static enum err_code ask_price(const struct explain_args *a,
                               const struct explain_run *x, struct err *err)
{
    struct price_story s = {.n_part = 0};
    int32_t t, node;
    enum err_code code = explain_find_node(x, a->node, &node, err);
    if (!code && !a->at)
        return explain_print_node_day(x, node, a->json, err);
    if (!code)
        code = explain_when(&x->v, a->at, &t, err);
    if (!code)
        code = explain_price(x, node, t, a->mw, &s, err);
    if (!code && a->json)
        explain_json_price(x, node, t, a->mw, &s);
    else if (!code)
        explain_print_price(x, node, t, a->mw, &s);
    price_story_release(&s);
    return code;
}

static enum err_code ask_award(const struct explain_args *a, struct explain_run *x,
                               struct err *err)
{
    struct award_story s = {.n_piece = 0};
    int32_t t, owner;
    enum err_code code = explain_find_owner(x, a->resource, &owner, err);
    if (!code && !a->at)
        return explain_print_owner_day(x, owner, a->json, err);
    if (!code)
        code = explain_when(&x->v, a->at, &t, err);
    if (!code)
        code = explain_award(x, owner, t, &s, err);
    if (!code)
        code = explain_print_award(x, owner, t, &s, a->json, err);
    award_story_release(&s);
    return code;
}

static enum err_code ask_bid(const struct explain_args *a, struct explain_run *x,
                             struct err *err)
{
    int32_t owner, t = -1;
    enum err_code code = explain_find_owner(x, a->bid, &owner, err);
    if (!code && a->at)
        code = explain_when(&x->v, a->at, &t, err);
    return code ? code : explain_print_bids(x, owner, t, true, a->json, err);
}

/* The run as a whole, or an interval of it. */
static enum err_code ask_run(const struct explain_args *a, struct explain_run *x,
                             struct err *err)
{
    int32_t t = -1;
    enum err_code code = a->at ? explain_when(&x->v, a->at, &t, err) : ERR_OK;
    return code ? code : explain_print_run(x, t, a->json, err);
}

static enum err_code check_question(const struct explain_args *a, struct err *err)
{
    int n =
        (a->node != NULL) + (a->resource != NULL) + (a->bid != NULL) + a->infeasible;
    if (n > 1)
        return err_set(err, ERR_USAGE,
                       "one question at a time: --node, --resource, --bid or "
                       "--infeasible");
    if (!(fabs(a->mw) > 0))
        return err_set(err, ERR_USAGE, "--mw: 0 MW change nothing; expected some");
    if (fabs(a->mw - 1) > 0 && !(a->node && a->at))
        return err_set(err, ERR_USAGE,
                       "--mw: load is added at a node in an hour; "
                       "expected --node NAME --at HOUR beside it");
    if (a->at && a->infeasible)
        return err_set(err, ERR_USAGE, "--at: --infeasible is of the whole run");
    return ERR_OK;
}

static enum err_code explain(const void *args, struct diagnostics *diag)
{
    const struct explain_args *a = args;
    struct err *err = &diag->err;
    struct run_read *rd = NULL;
    struct explain_run x = {.n_bus = 0};
    enum err_code code = check_question(a, err);
    if (!code)
        code = run_read_open(a->file, &rd, err);
    if (!code)
        code = explain_run_load(rd, a->file, a->stage, &x, err);
    if (!code && a->node)
        code = ask_price(a, &x, err);
    else if (!code && a->resource)
        code = ask_award(a, &x, err);
    else if (!code && a->bid)
        code = ask_bid(a, &x, err);
    else if (!code && a->infeasible)
        code = explain_print_relaxed(&x, a->json, err);
    else if (!code)
        code = ask_run(a, &x, err);
    explain_run_release(&x);
    run_read_close(rd);
    return code;
}

extern const struct command cmd_explain;
static const struct explain_args explain_defaults = {.mw = 1};
const struct command cmd_explain = {
    .name = "explain",
    .purpose = "say why a price, an award or a refusal is what it is",
    .details =
        "Answers come from the run file alone: its prices, bids as cleared, network "
        "and "
        "limits. A price is split into energy, losses and one line per limit; what one "
        "more MW of load would change is found by a linear program over the day, and "
        "with "
        "it whether the price is the only right one. In real time that is told of the "
        "interval alone, as if the rest of its window stayed as it is. Without a "
        "question: where to look.",
    .options = explain_options,
    .args_size = sizeof(struct explain_args),
    .defaults = &explain_defaults,
    .example = "explain duck-curve.h5 --node RIDGE_500 --at 20",
    .run = explain,
};
