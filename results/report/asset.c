/* asset.c - the list of embedded files; assets.S holds their bytes. */
#include "results/report/asset.h"

#define ASSET_BYTES(name) extern const char asset_##name[], asset_##name##_end[]

ASSET_BYTES(style);
ASSET_BYTES(d3);
ASSET_BYTES(d3_licence);
ASSET_BYTES(base);
ASSET_BYTES(data);
ASSET_BYTES(figure);
ASSET_BYTES(cursor);
ASSET_BYTES(line);
ASSET_BYTES(bars);
ASSET_BYTES(heat);
ASSET_BYTES(map);
ASSET_BYTES(flow);
ASSET_BYTES(prices);
ASSET_BYTES(power);
ASSET_BYTES(services);
ASSET_BYTES(commitment);
ASSET_BYTES(network);
ASSET_BYTES(money);
ASSET_BYTES(credit);
ASSET_BYTES(bids);
ASSET_BYTES(across);
ASSET_BYTES(page);

#define ASSET(kind_, name_, file)                          \
 {                                                         \
  .kind = (kind_), .name = (file), .first = asset_##name_, \
  .after = asset_##name_##_end                             \
 }

static const struct asset assets[] = {
    ASSET(ASSET_STYLE, style, "style.css"),
    ASSET(ASSET_LIBRARY, d3, "d3.min.js"),
    ASSET(ASSET_LICENCE, d3_licence, "copyright"),
    ASSET(ASSET_PROGRAM, base, "base.js"),
    ASSET(ASSET_PROGRAM, data, "data.js"),
    ASSET(ASSET_PROGRAM, figure, "figure.js"),
    ASSET(ASSET_PROGRAM, cursor, "cursor.js"),
    ASSET(ASSET_PROGRAM, line, "line.js"),
    ASSET(ASSET_PROGRAM, bars, "bars.js"),
    ASSET(ASSET_PROGRAM, heat, "heat.js"),
    ASSET(ASSET_PROGRAM, map, "map.js"),
    ASSET(ASSET_PROGRAM, flow, "flow.js"),
    ASSET(ASSET_PROGRAM, prices, "prices.js"),
    ASSET(ASSET_PROGRAM, power, "power.js"),
    ASSET(ASSET_PROGRAM, services, "services.js"),
    ASSET(ASSET_PROGRAM, commitment, "commitment.js"),
    ASSET(ASSET_PROGRAM, network, "network.js"),
    ASSET(ASSET_PROGRAM, money, "money.js"),
    ASSET(ASSET_PROGRAM, credit, "credit.js"),
    ASSET(ASSET_PROGRAM, bids, "bids.js"),
    ASSET(ASSET_PROGRAM, across, "across.js"),
    ASSET(ASSET_PROGRAM, page, "page.js"),
};

const struct asset *asset_at(size_t i)
{
    return i < sizeof assets / sizeof *assets ? &assets[i] : NULL;
}

void asset_write(FILE *out, enum asset_kind kind)
{
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (assets[i].kind == kind)
            (void)fwrite(assets[i].first, 1,
                         (size_t)(assets[i].after - assets[i].first), out);
}
