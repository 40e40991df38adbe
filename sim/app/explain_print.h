/*
 * explain_print.h - answers of explain as sentences and as JSON.
 *
 * Layer: sim/app.
 */
#ifndef SIM_APP_EXPLAIN_PRINT_H
#define SIM_APP_EXPLAIN_PRINT_H

#include "sim/app/explain_when.h"
#include "sim/explain/explain_award.h"
#include "sim/explain/explain_price.h"

/* The price of a node in an interval; mw: size of the step that s was asked for. */
void explain_print_price(const struct explain_run *x, int32_t node, int32_t t,
                         double mw, const struct price_story *s);
void explain_json_price(const struct explain_run *x, int32_t node, int32_t t, double mw,
                        const struct price_story *s);

/* What became of the bids of a resource or virtual position; t -1: in the whole run; alone:
 * it is all that was asked, with a heading and an answer where nothing became of them. */
MUST_CHECK enum err_code explain_print_bids(struct explain_run *x, int32_t owner,
                                            int32_t t, bool alone, bool json,
                                            struct err *err);

/* Why an owner got what it has. */
MUST_CHECK enum err_code explain_print_award(struct explain_run *x, int32_t owner,
                                             int32_t t, const struct award_story *s,
                                             bool json, struct err *err);

/* What was relaxed, dearest first. */
MUST_CHECK enum err_code explain_print_relaxed(struct explain_run *x, bool json,
                                               struct err *err);

/* A node or an owner of bids through the run, a line for each interval. */
MUST_CHECK enum err_code explain_print_node_day(const struct explain_run *x,
                                                int32_t node, bool json,
                                                struct err *err);
MUST_CHECK enum err_code explain_print_owner_day(const struct explain_run *x,
                                                 int32_t owner, bool json,
                                                 struct err *err);

/* The word of a reason in JSON; whether a story is of a load, an export or a virtual demand
 * bid: its pieces are what is not served, least valued first. */
const char *explain_reason_word(enum award_reason reason);
bool explain_is_demand(const struct award_story *s);
/* Whether the stage is the day ahead, which --stage need not name. */
bool explain_is_day_ahead(const struct explain_run *x);

/* The run as a whole, or interval t of it (-1: all): where to look. */
MUST_CHECK enum err_code explain_print_run(struct explain_run *x, int32_t t, bool json,
                                           struct err *err);

#endif
