/* merit_order.c - price level by price level. */
#include "tests/oracle/merit_order.h"

#include <math.h>

struct merit_order merit_order(double load_mw, double shortage_price, int32_t n,
                               struct merit_offer *offer)
{
    struct merit_order out = {.next_price = shortage_price};
    double left = load_mw, below = -HUGE_VAL;
    for (;;) {
        double level = HUGE_VAL, width = 0;
        for (int32_t k = 0; k < n; k++)
            if (offer[k].price > below)
                level = fmin(level, offer[k].price);
        if (isinf(level))
            break;
        for (int32_t k = 0; k < n; k++)
            width += offer[k].price > below && offer[k].price <= level
                         ? offer[k].width_mw
                         : 0;
        double taken = fmin(left, width);
        for (int32_t k = 0; k < n; k++)
            if (offer[k].price > below && offer[k].price <= level)
                offer[k].award_mw = width > 0 ? taken * offer[k].width_mw / width : 0;
        out.cost_usd += taken * level;
        left -= taken;
        if (taken < width && out.next_price > level)
            out.next_price = level;
        below = level;
    }
    out.short_mw = left;
    out.cost_usd += left * shortage_price;
    return out;
}
