/*
 * merit_order.h - one bus, no limits: the sorted stack.
 */
#ifndef TESTS_ORACLE_MERIT_ORDER_H
#define TESTS_ORACLE_MERIT_ORDER_H

#include <stdint.h>

struct merit_offer {
    double width_mw, price;
    double award_mw; /* out: equal offers at the margin share pro rata */
};

struct merit_order {
    double cost_usd;
    double next_price; /* of one more MW: the shortage price when all is used */
    double short_mw;
};

struct merit_order merit_order(double load_mw, double shortage_price, int32_t n,
                               struct merit_offer *offer);

#endif
