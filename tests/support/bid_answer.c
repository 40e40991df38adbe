/* bid_answer.c - admits a small market and asks for the answer to its first bid. */
#include "tests/support/bid_answer.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/mem.h"

struct bid_answer bid_admit(struct market_build *b, enum admit_owner kind)
{
    struct market m = market_build_end(b);
    struct admission a;
    struct err err = {0};
    cr_assert_eq(admit_bids(&m, &a, &err), ERR_OK, "%s", err.msg);
    struct bid_answer x = {.n_decision = a.n_decision};
    x.status = kind == ADMIT_VIRTUAL ? a.virtual_status[0] : a.status[0];
    const struct bid_segment *seg =
        book_bid(kind == ADMIT_VIRTUAL ? &a.virtual_bids : &a.bids, 0, 0, &x.n);
    memcpy(x.seg, seg, (size_t)x.n * sizeof *seg);
    if (a.n_decision) {
        x.decision = a.decision[a.n_decision - 1];
        size_t len = strlen(x.decision.reason);
        cr_assert_lt(len, sizeof x.reason);
        memcpy(x.reason, x.decision.reason, len + 1);
    }
    admission_release(&a);
    market_release(&m);
    cr_assert_eq(mem_live(), 0);
    return x;
}

void bid_expect(struct bid_answer x, enum bid_status status, enum admit_rule rule,
                const char *words)
{
    cr_assert_eq(x.status, status, "%s instead: %s", bid_status_name(x.status),
                 x.reason);
    if (status == BID_ACCEPTED) {
        cr_assert_eq(x.n_decision, 0);
        return;
    }
    cr_assert_eq(x.decision.rule, rule, "%s", admit_rule_id(x.decision.rule));
    cr_assert_eq(x.decision.status, status);
    cr_assert(strstr(x.reason, words), "'%s' lacks '%s'", x.reason, words);
    if (status == BID_REJECTED)
        cr_assert_eq(x.n, 0);
}

void bid_expect_piece(struct bid_answer x, int32_t i, double from_mw, double to_mw)
{
    cr_assert_float_eq(x.seg[i].from_mw, from_mw, 1e-12, "piece %d from %g", i,
                       x.seg[i].from_mw);
    cr_assert_float_eq(x.seg[i].to_mw, to_mw, 1e-12, "piece %d to %g", i,
                       x.seg[i].to_mw);
}
