# Instances of a day cost in the market what 'gridclear commit' says they cost, where there is no
# reserve; with one, within what commit_scenario.h says of it.
day() { # VALUES...: 24 numbers in turn
    awk -v v="$*" 'BEGIN { n = split(v, x, " "); for (t = 0; t < 24; t++) printf "%s%s", t ? "," : "", x[t % n + 1] }'
}
cat >pglib.json <<EOF
{"time_periods": 24, "demand": [$(day 60 95 130 175)], "reserves": [$(day 5 8)],
 "thermal_generators": {
  "base unit": {"must_run": 1, "power_output_minimum": 20, "power_output_maximum": 100,
   "ramp_up_limit": 60, "ramp_down_limit": 60, "ramp_startup_limit": 40, "ramp_shutdown_limit": 40,
   "time_up_minimum": 8, "time_down_minimum": 6, "power_output_t0": 50, "unit_on_t0": 1,
   "time_down_t0": 0, "time_up_t0": 9, "startup": [{"lag": 6, "cost": 900}],
   "piecewise_production": [{"mw": 20, "cost": 400}, {"mw": 60, "cost": 1200}, {"mw": 100, "cost": 2200}]},
  "mid": {"must_run": 0, "power_output_minimum": 30, "power_output_maximum": 60,
   "ramp_up_limit": 60, "ramp_down_limit": 60, "ramp_startup_limit": 60, "ramp_shutdown_limit": 60,
   "time_up_minimum": 2, "time_down_minimum": 2, "power_output_t0": 0, "unit_on_t0": 0,
   "time_down_t0": 5, "time_up_t0": 0, "startup": [{"lag": 2, "cost": 100}, {"lag": 6, "cost": 300}],
   "piecewise_production": [{"mw": 30, "cost": 950}, {"mw": 60, "cost": 1850}]},
  "block": {"must_run": 0, "power_output_minimum": 25, "power_output_maximum": 25,
   "ramp_up_limit": 25, "ramp_down_limit": 25, "ramp_startup_limit": 25, "ramp_shutdown_limit": 25,
   "time_up_minimum": 1, "time_down_minimum": 1, "power_output_t0": 0, "unit_on_t0": 0,
   "time_down_t0": 5, "time_up_t0": 0, "startup": [{"lag": 1, "cost": 50}],
   "piecewise_production": [{"mw": 25, "cost": 1100}]}},
 "renewable_generators": {"wind": {"power_output_minimum": [$(day 2)], "power_output_maximum": [$(day 2 9 15)]}}}
EOF
cat >ucjl.json <<EOF
{"Parameters": {"Version": "0.3", "Time horizon (h)": 24, "Power balance penalty (\$/MW)": 1500},
 "Buses": {"b1": {"Load (MW)": [$(day 10 20)]}, "b2": {"Load (MW)": [$(day 40 70 90)]}, "b3": {"Load (MW)": 15}},
 "Generators": {
  "g1": {"Bus": "b1", "Production cost curve (MW)": [10, 60, 120], "Production cost curve (\$)": [200, 1000, 2300],
   "Startup costs (\$)": [150], "Startup delays (h)": [1], "Ramp up limit (MW)": 40, "Ramp down limit (MW)": 40,
   "Startup limit (MW)": 50, "Shutdown limit (MW)": 50, "Minimum uptime (h)": 3, "Minimum downtime (h)": 2,
   "Initial status (h)": 5, "Initial power (MW)": 40},
  "g2": {"Bus": "b2", "Production cost curve (MW)": [15, 50], "Production cost curve (\$)": [700, 2400],
   "Startup costs (\$)": [120, 260], "Startup delays (h)": [1, 4], "Minimum uptime (h)": 2,
   "Minimum downtime (h)": 1, "Initial status (h)": -3, "Initial power (MW)": 0}},
 "Transmission lines": {
  "l1": {"Source bus": "b1", "Target bus": "b2", "Reactance (ohms)": 0.1, "Susceptance (S)": 30,
   "Normal flow limit (MW)": 60, "Emergency flow limit (MW)": 75},
  "l2": {"Source bus": "b1", "Target bus": "b3", "Reactance (ohms)": 0.1, "Susceptance (S)": 30,
   "Normal flow limit (MW)": 60, "Emergency flow limit (MW)": 75},
  "l3": {"Source bus": "b3", "Target bus": "b2", "Reactance (ohms)": 0.1, "Susceptance (S)": 20},
  "l4": {"Source bus": "b3", "Target bus": "b2", "Reactance (ohms)": 0.1, "Susceptance (S)": 20}},
 "Contingencies": {"c1": {"Affected lines": ["l2"]}, "c4": {"Affected lines": ["l4"]}}}
EOF
sed 's/"reserves": [^]]*/"reserves": ['$(day 0)'/' pglib.json >free.json
gridclear commit free.json 2>/dev/null | sed -n 's/, at most.*//; /^cost/p'
gridclear import pglib-uc free.json -q -o free && gridclear run free -o run.h5 | grep '^cost as'
for kind in pglib-uc ucjl; do
    file=${kind%-uc}.json
    gridclear commit $file 2>/dev/null | sed -n 's/, at most.*//; /^cost/p'
    gridclear import $kind $file --date 2031-05-06 -o $kind 2>&1 || exit
    gridclear check $kind
    gridclear run $kind -o run.h5 | sed -n 's/; at most.*//; /^cost as/p; /^commitment/p; /^limits relaxed/p'
done
cat pglib-uc/commitment.csv pglib-uc/resources.csv ucjl/branches.csv ucjl/outages.csv
# What is of another format, or cannot be told, is refused and leaves nothing behind.
gridclear import ucjl pglib.json -o other 2>&1
echo status $?
sed 's/"time_periods": 24/"time_periods": 2/; s/\[\([0-9]*,[0-9]*\),[0-9,]*\]/[\1]/g' pglib.json >short.json
gridclear import pglib-uc short.json -o other 2>&1
echo status $?
[ ! -e other ]
