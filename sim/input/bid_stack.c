/* bid_stack.c - pieces of one bid. */
#include "sim/input/bid_stack.h"

#include <math.h>

static bool price_falls_short(const struct bid_segment *below,
                              const struct bid_segment *now, bool withdraws)
{
    if (withdraws)
        return now->price_usd_per_mwh > below->price_usd_per_mwh;
    return now->price_usd_per_mwh < below->price_usd_per_mwh;
}

/* seg[i] against seg[i - 1]. */
static bool check_piece(struct bid_row *const *row, int32_t i,
                        const struct stack_rules *rules, struct csv_table *t,
                        struct err_list *faults, const struct bid_segment *seg)
{
    const struct bid_segment *now = &seg[i], *below = i ? &seg[i - 1] : NULL;
    bool is_news = !row[i]->head.reported && !(i && row[i - 1]->head.reported);
    if (i && below->to_mw >= now->to_mw) {
        if (is_news)
            ROW_FAULT(
                faults, t, row[i], to_mw,
                "a second piece up to %g MW, after line %u; expected pieces that do "
                "not overlap",
                now->to_mw, (unsigned)csv_table_line(t, &row[i - 1]->head));
    } else if (!(now->from_mw < now->to_mw)) {
        if (is_news)
            ROW_FAULT(faults, t, row[i], to_mw,
                      "to_mw is %g in a piece that starts at %g; expected it above",
                      now->to_mw, now->from_mw);
    } else if (i && now->from_mw < below->to_mw) {
        if (is_news)
            ROW_FAULT(faults, t, row[i], from_mw,
                      "the piece from %g MW overlaps the one up to %g MW on line %u; "
                      "expected pieces that do not overlap",
                      now->from_mw, below->to_mw,
                      (unsigned)csv_table_line(t, &row[i - 1]->head));
    } else if (i && bid_kind_is_self(now->kind) && below->kind == BID_ENERGY) {
        if (is_news)
            ROW_FAULT(faults, t, row[i], to_mw,
                      "a self-schedule above the energy piece on line %u; expected "
                      "self-schedules below all energy pieces",
                      (unsigned)csv_table_line(t, &row[i - 1]->head));
    } else if (i && below->kind == BID_ENERGY &&
               price_falls_short(below, now, rules->withdraws)) {
        if (is_news)
            ROW_FAULT(
                faults, t, row[i], price,
                "price %g %s the %g of the piece below on line %u; expected prices "
                "that never %s",
                now->price_usd_per_mwh, rules->withdraws ? "exceeds" : "is less than",
                below->price_usd_per_mwh,
                (unsigned)csv_table_line(t, &row[i - 1]->head),
                rules->withdraws ? "rise with MW" : "fall with MW");
    } else {
        return true;
    }
    row[i]->head.reported = 1;
    return false;
}

bool bid_stack_build(struct bid_row *const *row, int32_t n,
                     const struct stack_rules *rules, struct csv_table *t,
                     struct err_list *faults, struct bid_segment *seg)
{
    bool good = true;
    for (int32_t i = 0; i < n; i++) {
        const struct bid_row *r = row[i];
        double below = r->kind == BID_ENERGY ? rules->first_mw : 0;
        if (i)
            below = seg[i - 1].to_mw;
        seg[i] = (struct bid_segment){
            .from_mw = isnan(r->from_mw) ? below : r->from_mw,
            .to_mw = r->to_mw,
            .price_usd_per_mwh = r->price,
            .kind = (enum bid_kind)r->kind,
        };
        good = check_piece(row, i, rules, t, faults, seg) && good;
    }
    return good;
}
