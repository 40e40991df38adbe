#!/usr/bin/env python3
"""A day with many resources in which every charge code has a line, for measurements.

    make_day.py LESSON FOLDER RESOURCES

LESSON is the folder of a lesson in which every code has a line (scenarios/13-every-charge).
Beside its resources a fleet is put at the node of its load, so that there are RESOURCES of
them: a quarter wind plants, the rest loads, together as much. All schedule themselves; the
wind falls short of that by up to 6 %, another share every five minutes, and meters err by 2 %.
Residual commitment has a forecast that needs it in the hour ending 18, and FAST goes out of
service at half past. The fleet is small against the lesson's plants, whatever its number, so
that prices stay alike.
"""
import csv
import os
import random
import re
import shutil
import sys

NODE, OWNER, FLEET_MW = "EAST", "SC_TOWN", 12.0


def rows_of(folder, name):
    with open(os.path.join(folder, name), newline="", encoding="utf-8") as f:
        reader = csv.DictReader(f)
        return reader.fieldnames, list(reader)


def write(folder, name, head, rows):
    with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as f:
        out = csv.DictWriter(f, head, restval="", lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def append(folder, name, rows):
    head, there = rows_of(folder, name)
    write(folder, name, head, there + rows)
    return len(there)


def fleet(folder, wind, loads):
    append(folder, "resources.csv",
           [dict(resource_id=w, type="generator", sc_id=OWNER, node_id=NODE, pmin_mw=0,
                 pmax_mw=f"{FLEET_MW / len(wind):.9f}", technology="wind") for w in wind] +
           [dict(resource_id=x, type="load", sc_id=OWNER, node_id=NODE, pmin_mw=0, pmax_mw=1)
            for x in loads])
    append(folder, "energy_bids.csv",
           [dict(resource_id=r, kind="self_pt", from_mw=0, to_mw=f"{FLEET_MW / len(all_):.9f}")
            for all_ in (wind, loads) for r in all_])


def availability(folder, wind):
    chance = random.Random(1)
    rows = [dict(resource_id="FAST", hour_ending=18, minute=30, available_mw=0,
                 known_from_hour_ending=18, known_from_minute=30)]
    rows += [dict(resource_id=w, hour_ending=h, minute=m,
                  available_mw=f"{FLEET_MW / len(wind) * chance.uniform(0.94, 1):.9f}")
             for w in wind for h in range(1, 25) for m in range(0, 60, 5)]
    write(folder, "real_time_availability.csv", list(rows[0]), rows)


def forecast(folder):
    """More than is bid in the hour ending 18; elsewhere the lesson's load."""
    _, bids = rows_of(folder, "energy_bids.csv")
    load_mw = sum(float(b["to_mw"]) for b in bids
                  if b["resource_id"] == "TOWN" and not b["hour_ending"])
    write(folder, "load_forecast.csv", ["node_id", "hour_ending", "forecast_mw"],
          [dict(node_id=NODE, forecast_mw=load_mw + FLEET_MW),
           dict(node_id=NODE, hour_ending=18, forecast_mw=load_mw + FLEET_MW + 85)])
    write(folder, "ruc_bids.csv", ["resource_id", "price_usd_per_mw"],
          [dict(resource_id="FAST", price_usd_per_mw=5)])


def real_time_load(folder):
    head, rows = rows_of(folder, "real_time_load.csv")
    for row in rows:
        row["load_mw"] = float(row["load_mw"]) + FLEET_MW
    write(folder, "real_time_load.csv", head, rows)


def meters(folder):
    """In the second hour the town's subsystem gives 20 MWh too much."""
    append(folder, "meter.csv", [dict(resource_id="BASE", hour_ending=2, meter_mwh=60)])


def settings(folder):
    path = os.path.join(folder, "scenario.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    down_mw = float(re.search(r"flex_down_mw: (\S+)", text)[1]) + FLEET_MW
    text = re.sub(r"flex_down_mw: \S+", f"flex_down_mw: {down_mw}", text)
    text = re.sub(r"^market:\n", "market:\n  meter_error: 0.02\n  meter_seed: 7\n", text,
                  flags=re.M)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    lesson, folder, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(lesson):
        if name.endswith((".csv", ".yaml")):
            shutil.copy(os.path.join(lesson, name), folder)
    _, there = rows_of(folder, "resources.csv")
    n = wanted - len(there)
    if n < 4:
        sys.exit(f"{wanted} resources; expected {len(there) + 4} or more")
    wind = [f"WIND{k}" for k in range(n // 4)]
    loads = [f"LOAD{k}" for k in range(n - len(wind))]
    fleet(folder, wind, loads)
    availability(folder, wind)
    forecast(folder)
    real_time_load(folder)
    meters(folder)
    settings(folder)


if __name__ == "__main__":
    main()
