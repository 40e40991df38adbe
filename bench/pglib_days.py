#!/usr/bin/env python3
"""Days of pglib-uc's family rts_gmlc, made from the data that they come from, and committed.

    pglib_days.py RTS_DATA INSTANCE.json [GRIDCLEAR] [--gap FRACTION] [--work UNITS] [--keep FOLDER]

The twelve instances of the family have the same units, of which INSTANCE has one day. Others
follow from RTS_DATA's day-ahead series: 48 h of the sum of the regions' load, 3 % of it as reserve,
wind and sun up to their series, water and roof-top sun as they come. INSTANCE made again in this way
must be the same to MEGAWATT, else nothing is run.
"""
import argparse
import csv
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile

DAYS = ("01-27", "02-09", "03-05", "04-03", "05-05", "06-09", "07-06", "08-12", "09-20", "10-27",
        "11-25", "12-23")
SERIES = ("Hydro/DAY_AHEAD_hydro.csv", "PV/DAY_AHEAD_pv.csv", "RTPV/DAY_AHEAD_rtpv.csv",
          "WIND/DAY_AHEAD_wind.csv")
LOAD = "Load/DAY_AHEAD_regional_Load.csv"
RESERVE = 0.03
MEGAWATT = 0.01
LIMIT_S = 300


def read_series(data, name):
    """{column: {date: [24 values]}}"""
    series = {}
    with open(os.path.join(data, "timeseries_data_files", name), newline="") as f:
        for row in csv.DictReader(f):
            day = datetime.date(*(int(row.pop(k)) for k in ("Year", "Month", "Day")))
            row.pop("Period")
            for column, value in row.items():
                series.setdefault(column, {}).setdefault(day, []).append(float(value))
    return series


def two_days(values, day):
    return values[day] + values[day + datetime.timedelta(1)]


def make(base, series, load, day):
    made = json.loads(json.dumps(base))
    made["demand"] = [sum(hour) for hour in zip(*(two_days(v, day) for v in load.values()))]
    made["reserves"] = [RESERVE * mw for mw in made["demand"]]
    for name, unit in made["renewable_generators"].items():
        if name not in series:  # the concentrating solar plant, at 0 in all of them
            continue
        most = two_days(series[name], day)
        unit["power_output_maximum"] = most
        as_it_comes = "HYDRO" in name or "RTPV" in name
        unit["power_output_minimum"] = most if as_it_comes else [0.0] * len(most)
    return made


def differs_by(one, other):
    """The most that two instances differ in, in MW."""
    pairs = list(zip(one["demand"], other["demand"])) + list(zip(one["reserves"], other["reserves"]))
    for name, unit in one["renewable_generators"].items():
        for limit in ("power_output_minimum", "power_output_maximum"):
            pairs += zip(unit[limit], other["renewable_generators"][name][limit])
    return max(abs(a - b) for a, b in pairs)


def processor_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def commit(gridclear, path, gap, work):
    """Processor seconds and the answer; None = no end within the limit."""
    command = [gridclear, "commit", path, "--json", "--gap", gap, "--work-limit", work]
    before = processor_s()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=True)
    except subprocess.TimeoutExpired:
        return processor_s() - before, None
    return processor_s() - before, json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("instance")
    parser.add_argument("gridclear", nargs="?", default="build/gridclear")
    parser.add_argument("--gap", default="0.001")
    parser.add_argument("--work", default="400000")
    parser.add_argument("--keep", help="folder for the instances")
    o = parser.parse_args()
    with open(o.instance) as f:
        base = json.load(f)
    series = {}
    for name in SERIES:
        series.update(read_series(o.data, name))
    load = read_series(o.data, LOAD)
    name = os.path.basename(o.instance)
    again = make(base, series, load, datetime.date.fromisoformat(name[:10]))
    if differs_by(base, again) > MEGAWATT:
        sys.exit(f"{name} does not follow from {o.data}: {differs_by(base, again):.3f} MW")
    print("day           cpu_s     gap_%        cost_usd       bound_usd     work")
    with tempfile.TemporaryDirectory() as scratch:
        folder = o.keep or scratch
        os.makedirs(folder, exist_ok=True)
        for day in DAYS:
            path = os.path.join(folder, f"2020-{day}.json")
            with open(path, "w") as f:
                json.dump(make(base, series, load, datetime.date.fromisoformat("2020-" + day)), f)
            s, got = commit(o.gridclear, path, o.gap, o.work)
            if got is None:
                print(f"2020-{day} {s:8.2f}  unfinished", flush=True)
                continue
            print(f"2020-{day} {s:8.2f} {100 * got['gap']:9.4f} {got['objective_usd']:15.2f} "
                  f"{got['bound_usd']:15.2f} {got['work']:8d}", flush=True)


if __name__ == "__main__":
    main()
