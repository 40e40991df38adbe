#!/usr/bin/env python3
"""Days of RTS-GMLC beside the published run of PLEXOS on the same data.

    plexos.py RTS_DATA PLEXOS_FOLDER [GRIDCLEAR] [allTX|noTX] [--day DAY]... [--seconds N]

Imports each day of PLEXOS_FOLDER (or the days that are named), clears it with energy, network and
four services, and prints a line per day: ours, then theirs, of each pair. A day that takes more
than N seconds of processor time (120) is named and left out of the sum.

Cost is that of thermal output at the offers that we clear, for both schedules; starts are ours,
and what their published cost has beyond their output at our offers (it comes in multiples of the
start costs of the data). Price is the average by load; that of all days is the mean of the days.
cpu_s is the processor time of `gridclear run`.
"""
import argparse
import collections
import csv
import os
import resource
import signal
import subprocess
import sys
import tempfile


def table(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def export(gridclear, run, name):
    text = subprocess.run([gridclear, "export", run, name], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    return list(csv.DictReader(text.splitlines()))


class Fleet:
    """Thermal units of a scenario: what an hour at some output costs by their offers."""

    def __init__(self, folder):
        self.idle = {r["resource_id"]: float(r["min_load_usd_per_h"])
                     for r in table(folder + "/commitment.csv")}
        self.least = {r["resource_id"]: float(r["pmin_mw"] or 0)
                      for r in table(folder + "/resources.csv")}
        self.blocks = collections.defaultdict(list)
        for r in table(folder + "/energy_bids.csv"):
            if r["resource_id"] in self.idle:
                self.blocks[r["resource_id"]].append(
                    (float(r["from_mw"]), float(r["to_mw"]), float(r["price_usd_per_mwh"])))

    def cost(self, unit, mw):
        if mw <= 1e-6:
            return 0.0
        return self.idle[unit] + sum(max(0.0, min(mw, to) - start) * usd
                                     for start, to, usd in self.blocks[unit])


def weights(folder):
    """Hour -> bus -> MW of load."""
    areas = collections.defaultdict(list)
    for r in table(folder + "/aggregation_nodes.csv"):
        areas[r["apnode_id"]].append(r["pnode_id"])
    share = {r["bus_id"]: float(r["load_mw"]) for r in table(folder + "/buses.csv")}
    out = collections.defaultdict(dict)
    for r in table(folder + "/load_forecast.csv"):
        buses = areas[r["node_id"]]
        whole = sum(share[b] for b in buses)
        for b in buses:
            out[int(r["hour_ending"])][b] = float(r["forecast_mw"]) * share[b] / whole
    return out


def average(price, load):
    """price, load: hour -> bus -> value."""
    paid = sum(price[h][b] * mw for h in load for b, mw in load[h].items())
    return paid / sum(sum(row.values()) for row in load.values())


class TooLong(Exception):
    pass


def clear(gridclear, scenario, run, seconds):
    """Seconds of processor time that it took."""
    def limited():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([gridclear, "run", scenario, "-q", "-o", run], preexec_fn=limited)
    if done.returncode == -signal.SIGXCPU:
        raise TooLong
    done.check_returncode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours(gridclear, data, day, folder, seconds):
    scenario, run = folder + "/" + day, folder + "/" + day + ".h5"
    subprocess.run([gridclear, "import", "rts-gmlc", data, "--date", day, "-q", "-o", scenario],
                   check=True)
    cpu_s = clear(gridclear, scenario, run, seconds)
    fleet, load = Fleet(scenario), weights(scenario)
    award = export(gridclear, run, "award")
    cost = sum(fleet.cost(r["resource"], float(r["award"]))
               for r in award if r["resource"] in fleet.idle)
    on = sum(r["on"] == "yes" for r in export(gridclear, run, "on")
             if r["resource"] in fleet.idle)
    start = sum(float(r["start_cost"] or 0) for r in export(gridclear, run, "start_cost"))
    price = collections.defaultdict(dict)
    for r in export(gridclear, run, "lmp"):
        if r["LMP_TYPE"] == "LMP":
            price[int(r["OPR_HR"])][r["NODE"]] = float(r["MW"])
    thermal = sum(float(r["award"]) for r in award if r["resource"] in fleet.idle)
    return fleet, load, {"cost": cost, "on": on, "start": start, "thermal": thermal,
                         "price": average(price, load), "cpu": cpu_s}


def theirs(rows, day, fleet, load):
    out = dict.fromkeys(("cost", "on", "thermal", "repriced"), 0.0)
    price = collections.defaultdict(dict)
    of_day = {kind: [r for r in rows[kind] if r["time"].startswith(day)] for kind in rows}
    for hour, mw in enumerate(of_day["generation"], 1):
        for unit in fleet.idle:
            out["cost"] += float(of_day["cost"][hour - 1][unit])
            out["on"] += float(of_day["commitment"][hour - 1][unit])
            out["thermal"] += float(mw[unit])
            out["repriced"] += fleet.cost(unit, float(mw[unit]))
        price[hour] = {b: float(of_day["price"][hour - 1][b]) for b in load[hour]}
    out["price"] = average(price, load)
    return out


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", metavar="RTS_DATA")
    parser.add_argument("folder", metavar="PLEXOS_FOLDER")
    parser.add_argument("gridclear", metavar="GRIDCLEAR", nargs="?")
    parser.add_argument("network", nargs="?", choices=("allTX", "noTX"), default="allTX")
    parser.add_argument("--day", action="append", help="one of the days, YYYY-MM-DD; may be repeated")
    parser.add_argument("--seconds", type=int, default=120, help="of processor time, a day at most")
    return parser.parse_args()


def main():
    args = arguments()
    gridclear = os.path.abspath(args.gridclear) if args.gridclear else "gridclear"
    rows = {kind: table(f"{args.folder}/{args.network}_{kind}.csv")
            for kind in ("cost", "commitment", "generation", "price")}
    days = sorted({r["time"][:10] for r in rows["cost"]})
    strange = sorted(set(args.day or []) - set(days))
    if strange:
        sys.exit(f"{', '.join(strange)}: not in {args.folder}, which has {days[0]} to {days[-1]}")
    total, done = collections.Counter(), 0
    head = ("cost", "plexos", "starts", "plexos", "sum", "plexos", "differ%", "unit-h", "plexos",
            "GWh", "plexos", "price", "plexos", "cpu_s")
    print(f"{'day':10s}" + "".join(f"{h:>9s}" for h in head))
    with tempfile.TemporaryDirectory() as scratch:
        for day in args.day or days:
            try:
                fleet, load, we = ours(gridclear, args.data, day, scratch, args.seconds)
            except TooLong:
                print(f"{day:10s} more than {args.seconds} s of processor time", flush=True)
                continue
            they = theirs(rows, day, fleet, load)
            line(day, we, they)
            done += 1
            total.update({"we " + k: v for k, v in we.items()})
            total.update({"they " + k: v for k, v in they.items()})
    if done == 0:
        return
    we, they = ({k[len(who):]: v for k, v in total.items() if k.startswith(who)}
                for who in ("we ", "they "))
    we["price"] /= done
    they["price"] /= done
    line("all" if done == len(days) else f"{done} days", we, they)


def line(name, we, they):
    whole = we["cost"] + we["start"]
    differ = 100 * (whole - they["cost"]) / they["cost"]
    print(f"{name:10s}{we['cost']:9.0f}{they['repriced']:9.0f}{we['start']:9.0f}"
          f"{they['cost'] - they['repriced']:9.0f}{whole:9.0f}{they['cost']:9.0f}{differ:9.2f}"
          f"{we['on']:9.0f}{they['on']:9.0f}"
          f"{we['thermal'] / 1000:9.2f}{they['thermal'] / 1000:9.2f}"
          f"{we['price']:9.2f}{they['price']:9.2f}{we['cpu']:9.1f}", flush=True)


if __name__ == "__main__":
    main()
