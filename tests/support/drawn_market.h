/*
 * drawn_market.h - random markets: buses and lines, a LAP, a tie, and resources of every
 * kind with bids that keep the bid rules.
 */
#ifndef TESTS_SUPPORT_DRAWN_MARKET_H
#define TESTS_SUPPORT_DRAWN_MARKET_H

#include "tests/support/draw.h"
#include "tests/support/market_build.h"

enum drawn_market_feature {
    DRAWN_MARKET_RAMPS = 1,
    DRAWN_MARKET_STORAGE = 2,
    DRAWN_MARKET_SCARCE = 4, /* more price-taking load than supply, or the reverse */
    DRAWN_MARKET_ANY = 7,
};

/* Still open: the test may add to it before market_build_end. */
void drawn_market(struct draw *d, unsigned features, struct market_build *b);
/*
 * Adds services to what is there: certificates, offers, self-provision, up to three
 * nested regions, requirements that at times cannot be met. Offers keep the rules.
 */
void drawn_services(struct draw *d, struct market_build *b);
/* A generator becomes one that the market starts and stops, on or off before the first hour. */
void drawn_terms(struct draw *d, struct resource *r);

#endif
