/* prop_scaling_money.c - in another currency everything costs k times as much. */
#include <math.h>
#include <string.h>

#include "tests/support/cleared.h"
#include "tests/support/drawn_market.h"

/* Every rule whose unit is money, every price of every bid. */
static void scale(struct market *m, double k)
{
    int n;
    const struct rules_row *row = rules_table(&n);
    for (int i = 0; i < n; i++)
        if (strncmp(row[i].unit, "USD", 3) == 0) {
            double value;
            char *at = (char *)&m->rules + row[i].offset;
            memcpy(&value, at, sizeof value);
            value *= k;
            memcpy(at, &value, sizeof value);
        }
    struct book *book[] = {&m->bids, &m->virtual_bids};
    for (int i = 0; i < 2; i++) {
        int64_t n_seg = book[i]->start[(int64_t)book[i]->n_owner * book[i]->n_interval];
        for (int64_t s = 0; s < n_seg; s++)
            book[i]->seg[s].price_usd_per_mwh *= k;
    }
}

/* Cents of a line; one that would be zero is not there. */
static double cents_of(const struct cleared *c, const struct statement_line *like)
{
    for (int32_t i = 0; i < c->s.n_line; i++)
        if (c->s.line[i].sc == like->sc && c->s.line[i].code == like->code &&
            c->s.line[i].day == like->day)
            return (double)c->s.line[i].amount_cents;
    return 0;
}

/*
 * Lines of two are k times the lines of one, up to rounding; 4989 gathers all of it. Losses at
 * the ends are found to a tolerance in MW, and those who buy and sell at one price may trade a
 * little more or less with each other: what goes by MWh alone may show it.
 */
static bool goes_by_mwh(int code)
{
    return code == CHARGE_4560 || code == CHARGE_6636 || code == CHARGE_6637;
}

static void compare(const struct cleared *one, const struct cleared *two, double k)
{
    for (int32_t i = 0; i < two->s.n_line; i++) {
        const struct statement_line *line = &two->s.line[i];
        if (goes_by_mwh(line->code) && one->m.rules.losses == LOSS_ENDS)
            continue;
        double want = k * cents_of(one, line), got = (double)line->amount_cents;
        double room =
            line->code == CHARGE_4989 ? 5 * (1 + two->s.n_line) : 0.5 * k + 0.5;
        LAW(fabs(got - want) <= room + 1e-7 * fabs(want),
            "SC %d, charge %d: %.0f cents, expected %.0f", line->sc, line->code, got,
            want);
    }
}

/* A market with losses of each placement, or none. */
static struct market draw_market(struct draw *d)
{
    struct market_build b;
    drawn_market(d, DRAWN_MARKET_ANY, &b);
    struct market m = market_build_end(&b);
    m.rules.losses = (enum loss_placement)draw_int(d, LOSS_OFF, LOSS_ENDS);
    for (int32_t l = 0; l < m.grid.n_branch; l++)
        m.grid.branch[l].r_pu = draw_real(d, 0, 0.02);
    return m;
}

Test(prop_scaling_money, statements_scale_with_the_currency)
{
    int n_lossy = 0;
    FOR_SEEDS(seed, 150)
    {
        struct draw d = draw_begin(seed), again = d;
        struct cleared one, other;
        const double k = 4; /* exact in binary: only rounding to cents is left */
        cleared_make(draw_market(&d), &one);
        struct market m = draw_market(&again);
        scale(&m, k);
        cleared_make(m, &other);
        LAW(one.o.losses_proven == other.o.losses_proven, "%s",
            "what is proven depends on the currency");
        if (one.o.losses_proven) /* else there may be more than one answer */
            compare(&one, &other, k);
        n_lossy += one.o.losses_proven && one.o.loss_mw[0] > 0.01;
        cleared_release(&one);
        cleared_release(&other);
    }
    cr_assert_gt(n_lossy, 50);
}
