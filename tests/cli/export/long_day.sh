# The day of 25 hours has an hour ending 25 and two hours at 01:00 that differ by their
# offset; the day of 23 hours has no hour ending 3 and no 02:00.
for date in 2026-11-01 2026-03-08; do
    rm -rf market && cp -r scenarios/01-merit-order market
    sed -i "s/2026-01-15/$date/" market/scenario.yaml
    gridclear run market -q -o run.h5 || exit
    echo $date
    gridclear export run.h5 lmp --style oasis | awk -F, '$10 == "LMP" { print $1, $3, $4 }' |
        sed -n '1,4p;$p'
    gridclear export run.h5 lmp --style gridstatus | cut -d, -f2,3 | sed -n '2,4p;$p'
    gridclear export run.h5 lmp --style iso-ne | cut -d, -f1 | sed -n '2,4p;$p'
    gridclear export run.h5 lmp --style oasis --format xml |
        grep -o '<DATA_ITEM>LMP_PRC.*INTERVAL_NUM>' | sed 's/.*M>\([0-9]*\)<.*/\1/' | tr '\n' ' '
    echo
done
