#!/usr/bin/env python3
"""The statements of a run once more, from the run file and the published formulas alone.

    settle.py RUN.h5...

Reads awards, prices, meters and parameters of each run (numpy and h5py), applies the formulas
of the charge codes day by day and compares every statement line to the cent; a line that one
of both has and the other has not differs, too. Shares no code with the program, and no order
of summation. Statements of recalculations are not looked at.

Taken from the file as they are: losses surplus (/day_ahead/loss_surplus), start and minimum
load costs, unaccounted-for energy of the system or inflow and losses of utility areas, what
6620 pays, and 6630 where there are services (what they were offered at is not in the file);
who pays for these is worked out. Requirements of nested regions are not: a run with them is
refused.
"""
import sys
from collections import defaultdict

import h5py
import numpy as np

from settle_day import DayAhead
from settle_real_time import RealTime
from settle_recovery import Recovery
from settle_words import EXPORT, LOAD


class Settlement(DayAhead, RealTime, Recovery):
    """Amounts in USD by account, code and trade date, positive = pays."""

    def __init__(self, file):
        self.file = file
        self.sum = defaultdict(float)
        self.most = defaultdict(float)
        day = file["day_ahead"]
        self.award = day["award"][:] * (day["duration"][:] / 60)[:, None]  # MWh
        self.virtual = day["virtual_award"][:] * (day["duration"][:] / 60)[:, None]
        self.lmp = day["lmp"][:]
        self.date = day["trade_date"][:]
        self.hours = len(self.date)
        self.type = file["input/resource/type"][:]
        self.node = file["input/resource/node"][:]
        self.sc = file["input/resource/sc"][:]
        self.virtual_sc = file["input/virtual/sc"][:]
        self.virtual_node = file["input/virtual/node"][:]
        self.setting = dict(file["meta/settings"].attrs)
        self.n_sc = len(file["sc"])
        withdraws = (self.type == LOAD) | (self.type == EXPORT)
        self.withdraws = withdraws
        self.has_real_time = "real_time" in file
        taken = np.where(withdraws, np.maximum(0, -self.award), 0)
        # Where nothing was withdrawn shares go by all physical awards.
        nobody = taken.sum(axis=1) <= 0
        taken[nobody] = np.abs(self.award[nobody])
        self.share = taken
        self.measured = np.zeros_like(self.award)
        if self.has_real_time:
            self.meter = file["meter/energy"][:].reshape(self.hours, 12, -1)
            self.measured = np.where(withdraws, np.maximum(0, -self.meter.sum(axis=1)), 0)

    # ---- lines

    def add(self, sc, code, hour, usd):
        """sc -1 is the operator's own account."""
        if usd == 0:
            return
        key = (int(sc), int(code), int(self.date[hour]))
        self.sum[key] += usd
        self.most[key] += abs(usd)

    def add_each(self, code, hour, usd, sc=None):
        for account, amount in zip(self.sc if sc is None else sc, usd):
            self.add(account, code, hour, amount)

    def fee(self, code, hour, resources, positions):
        self.add_each(code, hour, resources)
        self.add_each(code, hour, positions, self.virtual_sc)
        self.add(-1, code, hour, -(resources.sum() + positions.sum()))

    def divide(self, code, hour, usd, weights):
        """Gives usd back, or takes -usd, by shares; the ISO keeps what nobody has a share of."""
        total = weights.sum()
        if total <= 0:
            self.add(-1, code, hour, -usd)
        else:
            self.add_each(code, hour, -usd * weights / total)

    # ---- all of it

    def run(self):
        self.given = set()
        group = self.file["day_ahead/piece"]
        self.piece = {name: group[name][:] for name in
                      ("interval", "resource", "virtual", "kind", "from_mw", "to_mw", "price")}
        for t in range(self.hours):
            self.energy(t)
            mwh = self.services(t)
            if self.has_real_time:
                self.real_time(t)
                self.ramping(t)
                self.ties(t)
            self.residual(t)
            self.fees(t, mwh)
        for date in np.unique(self.date):
            self.daily_fees(np.nonzero(self.date == date)[0])
            self.recovery(np.nonzero(self.date == date)[0])
        self.real_time_recovery()


def published(file):
    """First statements: cents by account, code, date."""
    names = [text(name) for name in file["sc"][:]]
    line = file["settlement/statement"]
    cents = {}
    for sc, code, date, version, amount in zip(
            line["sc"][:], line["charge_code"][:], line["trade_date"][:],
            line["version"][:], line["amount_cents"][:]):
        if version == 0:
            account = -1 if text(sc) == "ISO" else names.index(text(sc))
            cents[account, int(code), int(date)] = int(amount)
    return cents


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def check(path):
    with h5py.File(path, "r") as file:
        s = Settlement(file)
        s.run()
        want = published(file)
        names = [text(name) for name in file["sc"][:]] + ["ISO"]
    wrong = 0
    for key in sorted(set(want) | {k for k, usd in s.sum.items() if abs(usd) >= 0.005}):
        sc, code, date = key
        if code in s.given or code == 4989:
            continue
        usd = s.sum.get(key, 0.0)
        got = want.get(key, 0)
        # Half a cent either way is for rounding; what sums lose is far below.
        if abs(100 * usd - got) > 0.5 + 1e-9 * 100 * s.most.get(key, 0.0) + 1e-6:
            wrong += 1
            print(f"{path}: {names[sc]} {code} {np.datetime64(date, 'D')}: "
                  f"{got / 100:.2f}, here {usd:.4f} USD")
    # Rounding: what all lines of a day leave, in the ISO's account.
    for date in {date for _, _, date in want}:
        if sum(cents for key, cents in want.items() if key[2] == date) != 0:
            wrong += 1
            print(f"{path}: statements of {np.datetime64(date, 'D')} do not add up to zero")
    codes = sorted({code for _, code, _ in want} - s.given)
    print(f"{len(want)} lines, {wrong} differ; codes {' '.join(map(str, codes))}")
    return wrong


if __name__ == "__main__":
    sys.exit(1 if sum([check(path) for path in sys.argv[1:]]) else 0)
