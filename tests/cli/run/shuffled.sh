# The order of rows makes no difference to one byte of the result.
command -v shuf >/dev/null || { echo "shuf is not installed"; exit 77; }
gridclear run scenarios/duck-curve -q -o want.h5 || exit
for seed in 1 2 3; do
    rm -rf mixed && cp -r scenarios/duck-curve mixed || exit
    yes $seed 2>/dev/null | head -c 100000 >seed
    for table in mixed/*.csv; do
        { head -n 1 "$table"; tail -n +2 "$table" | shuf --random-source=seed; } >rows &&
            mv rows "$table"
    done
    # Branches of the network, too.
    awk '/^mpc.branch/ { print; on = 1; next } /^\];/ { on = 0 } on' mixed/network.m |
        tail -n +2 | shuf --random-source=seed >branches
    awk '/^mpc.branch/ { print; while ((getline line < "branches") > 0) print line; on = 1; next }
        /^\];/ { on = 0 } !on' mixed/network.m >network.m && mv network.m mixed/network.m
    cmp -s mixed/energy_bids.csv scenarios/duck-curve/energy_bids.csv && echo "not shuffled"
    gridclear run mixed -q -o got.h5 && cmp want.h5 got.h5 || exit 1
done
echo the same
