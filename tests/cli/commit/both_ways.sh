# A full store may get rid of power by charging and discharging at once; where that is forbidden
# it is surplus. A store with a least rate goes at that, or rests.
cat >allowed.json <<EOF
{"Parameters": {"Version": "0.4", "Time horizon (h)": 1}, "Buses": {"b": {"Load (MW)": 5}},
 "Generators": {"g": {"Bus": "b", "Production cost curve (MW)": [10, 20],
  "Production cost curve (\$)": [100, 200], "Must run?": true, "Initial status (h)": 9,
  "Initial power (MW)": 10}},
 "Storage units": {"s": {"Bus": "b", "Maximum level (MWh)": 7, "Initial level (MWh)": 7,
  "Charge cost (\$/MW)": 3, "Discharge cost (\$/MW)": 3, "Charge efficiency": 0.5,
  "Discharge efficiency": 0.5, "Maximum charge rate (MW)": 20, "Maximum discharge rate (MW)": 20}}}
EOF
gridclear commit allowed.json 2>/dev/null | sed -n '1,3p'
sed 's/"Charge efficiency"/"Allow simultaneous charging and discharging": false, &/' allowed.json >forbidden.json
gridclear commit forbidden.json 2>/dev/null | sed -n '1,3p'
sed 's/"Charge efficiency"/"Minimum discharge rate (MW)": 3, "Minimum charge rate (MW)": 7, &/' allowed.json >least.json
gridclear commit least.json -o run.h5 2>/dev/null | sed -n '2,3p'
gridclear export run.h5 /commitment/charge | tail -n 1
sed 's/"Charge efficiency"/"Minimum discharge rate (MW)": 3, "Last period minimum level (MWh)": 6, "Last period maximum level (MWh)": 6, &/' forbidden.json >nowhere.json
gridclear commit nowhere.json 2>&1
echo status $?
