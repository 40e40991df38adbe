# Storage of an instance is storage of the market, at the same cost; what a market has no words
# for is refused.
day() { # VALUES...: 24 numbers in turn
    awk -v v="$*" 'BEGIN { n = split(v, x, " "); for (t = 0; t < 24; t++) printf "%s%s", t ? "," : "", x[t % n + 1] }'
}
cat >plain.json <<EOF
{"Parameters": {"Version": "0.5", "Time horizon (h)": 24},
 "Buses": {"b1": {"Load (MW)": [$(day 10 20)]}, "b2": {"Load (MW)": [$(day 40 45 40 45 45 50 70 90 95 90 70 60)]}},
 "Generators": {
  "g1": {"Bus": "b1", "Production cost curve (MW)": [10, 60, 120], "Production cost curve (\$)": [200, 1000, 2300],
   "Startup costs (\$)": [150], "Startup delays (h)": [1], "Minimum uptime (h)": 3, "Minimum downtime (h)": 2,
   "Initial status (h)": 5, "Initial power (MW)": 40},
  "g2": {"Bus": "b2", "Production cost curve (MW)": [15, 50], "Production cost curve (\$)": [700, 2400],
   "Startup costs (\$)": [120], "Startup delays (h)": [1], "Initial status (h)": -3, "Initial power (MW)": 0}},
 "Storage units": {
  "s1": {"Bus": "b2", "Maximum level (MWh)": 60, "Minimum level (MWh)": 2, "Initial level (MWh)": 12,
   "Charge cost (\$/MW)": 1, "Discharge cost (\$/MW)": [$(day 2 2.5)], "Maximum charge rate (MW)": [$(day 20 25)],
   "Maximum discharge rate (MW)": 25, "Charge efficiency": 0.9, "Discharge efficiency": 0.85,
   "Last period minimum level (MWh)": 12, "Allow simultaneous charging and discharging": false}},
 "Transmission lines": {"l1": {"Source bus": "b1", "Target bus": "b2", "Susceptance (S)": 30,
   "Normal flow limit (MW)": 60}}}
EOF
gridclear commit plain.json -o run.h5 2>/dev/null | sed -n '1p; s/, at most.*//; /^cost/p'
gridclear export run.h5 /commitment/energy | awk -F, '$4 == "s1" && $3 > 21 { printf "%d %.3f\n", $3, $5 }'
gridclear import ucjl plain.json -o plain 2>&1
gridclear check plain
gridclear run plain -o run.h5 | sed -n '/^cost as/p'
grep -h s1 plain/*.csv | head -n 5
sed 's/"Charge efficiency"/"Loss factor": 0.1, &/' plain.json >loses.json
gridclear import ucjl loses.json -o other 2>&1
echo status $?
sed 's/"Discharge efficiency": 0.85/"Discharge efficiency": ['$(day 0.85 0.8)']/' plain.json >varies.json
gridclear import ucjl varies.json -o other 2>&1
echo status $?
sed 's/ "Generators"/ "Interfaces": {"i": {"Lines": {"l1": 1}, "Net flow upper limit (MW)": 50}},&/' plain.json >limit.json
gridclear import ucjl limit.json -o other 2>&1
echo status $?
[ ! -e other ]
