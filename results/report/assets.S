/*
 * assets.S - files that become part of the program: asset.h.
 * D3_JS and D3_LICENCE are paths of an installed package, given by the Makefile.
 */
    .macro asset name, file
    .global asset_\name
    .global asset_\name\()_end
asset_\name:
    .incbin "\file"
asset_\name\()_end:
    .byte 0
    .endm

    .section .rodata, "a"
    asset style, "results/report/style.css"
    asset d3, D3_JS
    asset d3_licence, D3_LICENCE
    asset base, "results/report/base.js"
    asset data, "results/report/data.js"
    asset figure, "results/report/figure.js"
    asset cursor, "results/report/cursor.js"
    asset line, "results/report/line.js"
    asset bars, "results/report/bars.js"
    asset heat, "results/report/heat.js"
    asset map, "results/report/map.js"
    asset flow, "results/report/flow.js"
    asset prices, "results/report/prices.js"
    asset power, "results/report/power.js"
    asset services, "results/report/services.js"
    asset commitment, "results/report/commitment.js"
    asset network, "results/report/network.js"
    asset money, "results/report/money.js"
    asset credit, "results/report/credit.js"
    asset bids, "results/report/bids.js"
    asset across, "results/report/across.js"
    asset page, "results/report/page.js"
    .section .note.GNU-stack, "", %progbits
