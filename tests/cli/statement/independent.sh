# Every statement line once more, by a program that shares nothing with this one: from the run
# file and the formulas. It notices a cent, and an award that is not the one settled.
python=$(for p in python3 /usr/bin/python3; do
    $p -c 'import numpy, h5py' 2>/dev/null && echo $p && break
done)
[ -n "$python" ] || { echo "python3-h5py is not installed"; exit 77; }
cp -r scenarios/duck-curve real && cp -r scenarios/11-real-time lossy || exit
sed -i 's/^market:/&\n  real_time: on\n  meter_error: 0.05/' real/scenario.yaml
sed -i 's/^market:/&\n  losses: reference\n  meter_error: 0.02/' lossy/scenario.yaml
echo MEADOW,0 >>lossy/buses.csv # the sun behind a line that loses and is full
printf 'from_bus,to_bus,r_pu,x_pu,rate_mw\nMEADOW,CITY,0.02,0.1,75\n' >lossy/branches.csv
sed -i '/^SUN/s/CITY/MEADOW/' lossy/resources.csv
cp -r scenarios/14-residual ready || exit
sed -i 's/^market:/&\n  real_time: on/' ready/scenario.yaml # and a unit that is not there when it is needed
printf 'node_id,virtual_eligible\nA,yes\n' >ready/nodes.csv
printf 'sc_id,node_id,side,from_mw,to_mw,price_usd_per_mwh\nSC_LOAD,A,supply,0,3,1\n' >ready/virtual_bids.csv
printf 'resource_id,hour_ending,available_mw,known_from_hour_ending\nPEAK,18,20,18\n' \
    >ready/real_time_availability.csv
printf 'node_id,hour_ending,load_mw\nA,18,120\n' >ready/real_time_load.csv
for market in scenarios/duck-curve scenarios/11-real-time scenarios/07-reserve scenarios/10-start-up \
    scenarios/13-every-charge scenarios/14-residual scenarios/15-baseline scenarios/16-utility-areas \
    scenarios/17-real-time-reserve scenarios/18-fast-start scenarios/19-interties scenarios/20-combined-cycle \
    scenarios/21-fast-stop scenarios/22-battery-start scenarios/worked-examples/w13-flexible-ramping scenarios/worked-examples/w14-cascade \
    scenarios/worked-examples/w08b-tiers scenarios/worked-examples/w08c-residual-tiers real lossy ready; do
    name=$(basename $market).h5
    gridclear run $market -q -o $name || exit
    $python "$ROOT/tests/oracle/settle.py" $name
done
# Lesson 13 has every code of the program.
gridclear export 13-every-charge.h5 statement -o lines.csv
for code in $(gridclear schema --charges | sed -n 's/^  \([0-9][0-9]*\)  .*/\1/p'); do
    grep -q ",$code," lines.csv || echo "no line of $code"
done
$python - <<'P'
import h5py, shutil
shutil.copy("real.h5", "cent.h5")
with h5py.File("cent.h5", "r+") as file:
    line = file["settlement/statement/amount_cents"]
    line[0] += 1
    line[1] -= 1
shutil.copy("real.h5", "award.h5")
with h5py.File("award.h5", "r+") as file:
    file["real_time/award"][100, 0] += 1
P
$python "$ROOT/tests/oracle/settle.py" cent.h5 | tail -n 1 | cut -d';' -f1
$python "$ROOT/tests/oracle/settle.py" award.h5 >award.txt
echo $?
