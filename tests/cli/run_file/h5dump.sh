# The run file is read, unmodified, by the tools of HDF5.
command -v h5dump >/dev/null || { echo "h5dump is not installed"; exit 77; }
gridclear run scenarios/01-merit-order -q -o run.h5 || exit
h5dump -n run.h5 | awk '$1 == "dataset" { print $2 }' |
    grep -x '/day_ahead/lmp\|/day_ahead/award\|/day_ahead/flow\|/day_ahead/shadow_price\|/settlement/statement/amount_cents\|/credit/account/limit\|/node\|/sc'
h5dump -a /day_ahead/lmp/units run.h5 | grep -o 'USD/MWh'
h5dump -a /meta/sum_of_charges_cents run.h5 | awk '/\(0\)/ { print $2 }'
h5dump -d /day_ahead/lmp -s 17,0 -c 2,1 run.h5 | awk '/\([0-9]+,0\)/ { print $2 }'
