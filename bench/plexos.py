#!/usr/bin/env python3
"""Days of RTS-GMLC beside the published run of PLEXOS on the same data.

    plexos.py RTS_DATA PLEXOS_FOLDER [GRIDCLEAR] [allTX|noTX]

Imports each day of PLEXOS_FOLDER, clears it with energy, network and four services, and prints
a line per day: ours, then theirs, of each pair. Cost is that of thermal output at the offers
that we clear, for both schedules; starts are ours, and what their published cost has beyond
their output at our offers (it comes in multiples of the start costs of the data). Price is the
average by load; that of all days is the mean of the days.
"""
import collections
import csv
import os
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


def ours(gridclear, data, day, folder):
    scenario, run = folder + "/" + day, folder + "/" + day + ".h5"
    subprocess.run([gridclear, "import", "rts-gmlc", data, "--date", day, "-q", "-o", scenario],
                   check=True)
    subprocess.run([gridclear, "run", scenario, "-q", "-o", run], check=True)
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
                         "price": average(price, load)}


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


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    data, folder = sys.argv[1:3]
    gridclear = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 else "gridclear"
    network = sys.argv[4] if len(sys.argv) > 4 else "allTX"
    rows = {kind: table(f"{folder}/{network}_{kind}.csv")
            for kind in ("cost", "commitment", "generation", "price")}
    days = sorted({r["time"][:10] for r in rows["cost"]})
    total = collections.Counter()
    head = ("cost", "plexos", "starts", "plexos", "sum", "plexos", "differ%", "unit-h", "plexos",
            "GWh", "plexos", "price", "plexos")
    print(f"{'day':10s}" + "".join(f"{h:>9s}" for h in head))
    with tempfile.TemporaryDirectory() as scratch:
        for day in days:
            fleet, load, we = ours(gridclear, data, day, scratch)
            they = theirs(rows, day, fleet, load)
            line(day, we, they)
            total.update({"we " + k: v for k, v in we.items()})
            total.update({"they " + k: v for k, v in they.items()})
            sys.stdout.flush()
    we, they = ({k[len(who):]: v for k, v in total.items() if k.startswith(who)}
                for who in ("we ", "they "))
    we["price"] /= len(days)
    they["price"] /= len(days)
    line("all", we, they)


def line(name, we, they):
    whole = we["cost"] + we["start"]
    differ = 100 * (whole - they["cost"]) / they["cost"]
    print(f"{name:10s}{we['cost']:9.0f}{they['repriced']:9.0f}{we['start']:9.0f}"
          f"{they['cost'] - they['repriced']:9.0f}{whole:9.0f}{they['cost']:9.0f}{differ:9.2f}"
          f"{we['on']:9.0f}{they['on']:9.0f}"
          f"{we['thermal'] / 1000:9.2f}{they['thermal'] / 1000:9.2f}"
          f"{we['price']:9.2f}{they['price']:9.2f}")


if __name__ == "__main__":
    main()
