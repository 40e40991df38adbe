/*
 * line_order.h - millions of interval lines into their order, by counting.
 *
 * The fields that the order looks at are packed into one number of up to 64 bits, the first
 * of them highest; numbers are sorted digit by digit (Knuth, The Art of Computer Programming
 * 3, 5.2.5), which is stable, and the lines follow. O(n) for each digit of 11 bits.
 *
 * Layer: sim/settle.
 */
#ifndef SIM_SETTLE_LINE_ORDER_H
#define SIM_SETTLE_LINE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/settle/settle.h"

/* Sorts line[n] as statement_compare_interval_lines orders them. False, and nothing moved,
 * where the fields need more than 64 bits or there is no memory: 96 bytes for each line. */
MUST_CHECK bool line_order_sort(struct settle_interval_line *line, int64_t n);

#endif
