# Reports of real time: intervals within the hour, three names of market, hourly averages.
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
cp -r scenarios/01-merit-order market
printf 'market: {real_time: on}\n' >>market/scenario.yaml
gridclear run market -q -o run.h5 || exit
for report in PRC_LMP PRC_RTPD_LMP PRC_INTVL_LMP; do
    gridclear export run.h5 $report --style oasis -o $report.csv
    wc -l <$report.csv
    sed -n '14p' $report.csv
done
for stage in day_ahead fifteen_minute real_time; do
    gridclear export run.h5 lmp --style gridstatus --stage $stage | sed -n '2s/,TOWN.*//p'
done
gridclear export run.h5 lmp --stage real_time | cmp - PRC_INTVL_LMP.csv
gridclear export run.h5 award --stage fifteen_minute | sed -n 2p
gridclear export run.h5 hourlylmp/rt/final --style iso-ne -o hourly.csv
gridclear export run.h5 fiveminutelmp/final --style iso-ne -o five.csv
python3 - <<'P'
import csv
hourly, five = (list(csv.DictReader(open(name))) for name in ("hourly.csv", "five.csv"))
assert len(hourly) == 24 and len(five) == 288
for h, row in enumerate(hourly):
    mean = sum(float(r["LmpTotal"]) for r in five[12 * h:12 * h + 12]) / 12
    assert row["BeginDate"] == five[12 * h]["BeginDate"]
    assert abs(mean - float(row["LmpTotal"])) < 1e-9
print("averages agree")
P
# What has happened is what was metered: 130 MWh where 120 were scheduled.
printf 'resource_id,hour_ending,meter_mwh\nTOWN_LOAD,18,130\n' >market/meter.csv
gridclear run market -q -o run.h5 || exit
gridclear export run.h5 realtimehourlydemand --style iso-ne | awk -F, '/T17:00/ { printf "%s %.9g\n", $1, $5 }'
gridclear export run.h5 load --style gridstatus --stage real_time | awk -F, '/^[-0-9]* 17:00/ { printf "%s %.9g\n", $2, $4 }'
gridclear export run.h5 dayaheadhourlydemand --style iso-ne | grep T17:00
