/*
 * bid_answer.h - what admission said about one bid, for tests of bid rules.
 */
#ifndef TESTS_SUPPORT_BID_ANSWER_H
#define TESTS_SUPPORT_BID_ANSWER_H

#include "sim/admit/admit.h"
#include "tests/support/market_build.h"

/* The answer for interval 0 of owner 0. */
struct bid_answer {
    enum bid_status status;
    struct admit_decision decision; /* the last one; its reason is gone, see below */
    char reason[400];
    int32_t n_decision, n;
    struct bid_segment seg[8]; /* [n] as admitted */
};

/* Ends the building, admits, and releases everything; fails the test on an error. */
struct bid_answer bid_admit(struct market_build *b, enum admit_owner kind);
/* Fails the test unless status, rule and a part of the reason are these. */
void bid_expect(struct bid_answer x, enum bid_status status, enum admit_rule rule,
                const char *words);
void bid_expect_piece(struct bid_answer x, int32_t i, double from_mw, double to_mw);

#endif
