# A market that cannot serve its demand still ends, and says what gave way.
cp -r scenarios/01-merit-order short &&
    sed -i 's/^\(GAS_[AB]\|PEAKER\),.*/#/; /^#$/d' short/energy_bids.csv &&
    gridclear run short -o run.h5 | grep -E '^(load|limits relaxed|  )'
