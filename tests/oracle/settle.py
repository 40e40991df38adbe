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

GENERATOR, LOAD, STORAGE, PDR, DERA, IMPORT, EXPORT = range(7)
PRODUCTS = ("RU", "SR", "NR", "RD")
PAYMENT = {"RU": 6500, "SR": 6100, "NR": 6200, "RD": 6600}
REAL_TIME = {"RU": 6570, "SR": 6170, "NR": 6270, "RD": 6670}
NO_PAY = {"RU": 6524, "SR": 6124, "NR": 6224, "RD": 6624}
OBLIGATION = {"RU": 6594, "SR": 6194, "NR": 6294, "RD": 6694}
DYNAMIC = 4  # of /input/resource/tie_option: metered by itself, without a schedule to miss
NOT_ANSWERED = 3  # of /hour_ahead/response
ENERGY_BID = 5  # of /day_ahead/piece/kind; what is below is a self-schedule


class Settlement:
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

    # ---- the day ahead

    def energy(self, t):
        physical = -self.award[t] * self.lmp[t, self.node]
        virtual = -self.virtual[t] * self.lmp[t, self.virtual_node]
        self.add_each(6011, t, physical)
        self.add_each(6013, t, virtual, self.virtual_sc)
        surplus = physical.sum() + virtual.sum()
        noise = 1e-10 * (np.abs(physical).sum() + np.abs(virtual).sum())
        loss = 0.0
        if "loss_surplus" in self.file["day_ahead"]:
            loss = self.file["day_ahead/loss_surplus"][t]
        if abs(loss) > noise:
            self.divide(6947, t, loss, self.share[t])
        if abs(surplus - loss) > noise:
            self.divide(6790, t, surplus - loss, self.share[t])

    def services(self, t):
        day = self.file["day_ahead"]
        if "as_bid" not in day:
            return np.zeros(len(self.sc))
        regions = {name.decode() if isinstance(name, bytes) else name
                   for name in day["as_region"][:]}
        if regions != {"SYSTEM"}:
            sys.exit("settle.py: requirements of regions other than SYSTEM are not worked out here")
        h = day["duration"][t] / 60
        of = day["as_bid_resource"][:]
        product = day["as_bid_product"][:]
        own = day["as_self_provided"][t] * h
        paid = day["as_award"][t] * h - own
        price = day["as_bid_price"][t]
        fmm, missing = self.real_time_services(t, day["as_award"][t])
        shares = self.rest_shares(t)
        if shares.sum() <= 0:
            shares = self.share[t]
        left = {"up": 0.0, "down": 0.0}
        moved = {"up": 0.0, "down": 0.0}
        for k, name in enumerate(PRODUCTS):
            group = "down" if name == "RD" else "up"
            mine = product == k
            payments = -paid[mine] * price[mine]
            self.add_each(PAYMENT[name], t, payments, self.sc[of[mine]])
            bought = paid[mine].sum()
            cost = -payments.sum()
            flow = np.abs(payments).sum()
            for b in np.nonzero(mine)[0]:
                for code, mwh, usd in self.later(b, name, paid[b], price[b], fmm, missing):
                    self.add(self.sc[of[b]], code, t, usd)
                    bought += mwh
                    cost -= usd
                    flow += abs(usd)
            rate = cost / bought if bought > 0 else 0.0
            where = np.nonzero(day["as_product"][:] == k)[0]
            need = day["as_required"][t, where[0]] * h if len(where) else 0.0
            if fmm is not None and len(where):
                need = max(need, fmm["required"][0, where[0]] * h)
            owed = np.zeros(len(self.sc))
            if shares.sum() > 0:
                owed = need * shares / shares.sum() * rate
            self.add_each(OBLIGATION[name], t, owed)
            credit = -own[mine] * (1 - missing.mean(axis=0)[mine]) * rate
            self.add_each(OBLIGATION[name], t, credit, self.sc[of[mine]])
            left[group] += -cost + owed.sum() + credit.sum()
            moved[group] += flow + np.abs(owed).sum() + np.abs(credit).sum()
        for group, code in (("up", 6090), ("down", 6696)):
            if abs(left[group]) > 1e-10 * moved[group]:
                self.divide(code, t, left[group], shares)
        mwh = np.zeros(len(self.sc))
        np.add.at(mwh, of, paid + own)
        return mwh

    def real_time_services(self, t, awarded):
        """What the fifteen-minute market holds in four quarters; of all awards, the part
        that was not there in twelve fives."""
        if "fifteen_minute" not in self.file or "as_bid" not in self.file["fifteen_minute"]:
            return None, np.zeros((12, len(awarded)))
        group = self.file["fifteen_minute"]
        quarters = slice(4 * t, 4 * t + 4)
        fmm = {"bought": group["as_award"][quarters] - group["as_self_provided"][quarters],
               "price": group["as_bid_price"][quarters],
               "required": group["as_required"][quarters]}
        missing = self.file["meter/as_no_pay"][12 * t:12 * t + 12]
        held = np.maximum(awarded + np.repeat(fmm["bought"], 3, axis=0), 1e-12)
        return fmm, np.minimum(1, missing / held)

    def later(self, b, name, paid_mwh, price, fmm, missing):
        """Lines beside the day ahead's: code, MWh bought, USD."""
        if fmm is None:
            return
        for q in range(4):
            mwh = fmm["bought"][q, b] / 4
            yield REAL_TIME[name], mwh, -mwh * fmm["price"][q, b]
        for k in range(12):
            part = missing[k, b]
            later = fmm["bought"][k // 3, b] / 12
            usd = part * (paid_mwh / 12 * price + later * fmm["price"][k // 3, b])
            yield NO_PAY[name], -part * (paid_mwh / 12 + later), usd

    def fees(self, t, service_mwh):
        rate = self.setting["market_services_rate"]
        self.fee(4560, t, (np.abs(self.award[t]) + service_mwh) * rate,
                 np.abs(self.virtual[t]) * rate)
        each = self.setting["bid_segment_fee"]
        day = self.file["day_ahead"]
        if "as_bid" in day or "start_cost" in day or "mitigation" in self.file:
            self.given.add(4515)  # pieces are those that cleared, not those that were admitted
            return
        piece = self.piece
        here = piece["interval"] == t
        physical = np.bincount(piece["resource"][here & (piece["resource"] >= 0)],
                               minlength=len(self.sc))
        virtual = np.bincount(piece["virtual"][here & (piece["virtual"] >= 0)],
                              minlength=len(self.virtual_sc))
        self.fee(4515, t, physical * each, virtual * each)

    def daily_fees(self, hours):
        """A day's share of a month's fee of every coordinator that is certified."""
        date = int(self.date[hours[0]])
        month = np.datetime64(date, "D").astype("datetime64[M]")
        days = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(int)
        each = self.setting["sc_id_fee"] / days
        sc = self.file["input/sc"]
        certified = (sc["certified_from"][:] <= date) & (date <= sc["certified_to"][:])
        self.add_each(4575, hours[0], np.where(certified, each, 0), range(self.n_sc))
        self.add(-1, 4575, hours[0], -each * certified.sum())

    # ---- real time

    def real_time(self, t):
        file, fives = self.file, 12 * t + np.arange(12)
        quarters = fives // 3
        day = self.award[t] / 12
        fmm = file["fifteen_minute/award"][4 * t:4 * t + 4][quarters - 4 * t] / 12
        rtd = file["real_time/award"][12 * t:12 * t + 12] / 12
        meter = self.meter[t]
        part = {}
        for name in ("lmp", "lmp_congestion", "lmp_loss"):
            part[name] = (file["fifteen_minute"][name][4 * t:4 * t + 4][quarters - 4 * t],
                          file["real_time"][name][12 * t:12 * t + 12])
        total = {"lmp": 0.0, "lmp_congestion": 0.0, "lmp_loss": 0.0}
        moved = 0.0

        def settle(code, quantity, prices, sc):
            """One quantity per five minutes and account, each price component."""
            nonlocal moved
            quantity = np.where(np.abs(quantity) < 1e-9, 0, quantity)
            for name, price in prices.items():
                amount = -quantity * price
                total[name] += amount.sum()
                if name == "lmp":
                    self.add_each(code, t, amount.sum(axis=0), sc)
                    moved += np.abs(amount).sum()

        dispatched = self.type != LOAD
        at = self.node[dispatched]
        prices = [{name: pair[run][:, at] for name, pair in part.items()} for run in (0, 1)]
        sc = self.sc[dispatched]
        settle(6460, (fmm - day)[:, dispatched], prices[0], sc)
        settle(6470, (rtd - fmm)[:, dispatched], prices[1], sc)
        settle(6475, (meter - rtd)[:, dispatched], prices[1], sc)

        loads = self.type == LOAD
        hourly = self.load_prices(t, day, fmm, rtd, part)
        at = self.node[loads]
        settle(6475, (meter - day)[:, loads],
               {name: np.tile(hourly[name][at], (12, 1)) for name in part}, self.sc[loads])

        mean = {name: pair[0][::3].mean(axis=0)[self.virtual_node] for name, pair in part.items()}
        settle(6473, -self.virtual[t][None, :],
               {name: value[None, :] for name, value in mean.items()}, self.virtual_sc)

        unaccounted = 0.0
        for ufe, weight in self.areas(t):
            if abs(ufe) < 1e-6 or weight.sum() <= 0:
                continue
            price = (hourly["lmp"][self.node] * weight).sum() / weight.sum()
            amount = ufe * price * weight / weight.sum()
            self.add_each(6474, t, amount)
            unaccounted += amount.sum()
            moved += np.abs(amount).sum()
        for usd in self.subsystems(t, day, rtd, hourly["lmp"]):
            unaccounted += usd
            moved += abs(usd)
        weight = self.measured[t]
        energy = total["lmp"] - total["lmp_congestion"] - total["lmp_loss"] + unaccounted
        for code, usd in ((6477, energy), (6774, total["lmp_congestion"]),
                          (6985, total["lmp_loss"])):
            if abs(usd) > 1e-9 * moved:
                self.divide(code, t, usd, weight)
        self.fee(550, t, weight * self.setting["ferc_fee_rate"], np.zeros(0))
        self.fee(4561, t, np.abs(meter).sum(axis=0) * self.setting["system_operations_rate"],
                 np.zeros(0))

    def ties(self, t):
        """Imports and exports against their fifteen-minute schedules, quarter by quarter; what
        was declined too late, or not answered, is dearer."""
        file, rules = self.file, self.setting
        paid = 0.0
        for r in np.nonzero((self.type == IMPORT) | (self.type == EXPORT))[0]:
            if "input/resource/tie_option" in file and file["input/resource/tie_option"][r] == DYNAMIC:
                continue
            for q in range(4):
                mw = file["fifteen_minute/award"][4 * t + q, r]
                scheduled, left, unanswered = abs(mw) / 4, abs(mw), False
                if "hour_ahead/response" in file and not np.isnan(file["hour_ahead/accepted"][t, r]):
                    unanswered = file["hour_ahead/response"][t, r] == NOT_ANSWERED
                    if file["hour_ahead/late"][t, r]:
                        left = min(left, abs(file["hour_ahead/accepted"][t, r]))
                fives = slice(12 * t + 3 * q, 12 * t + 3 * q + 3)
                cut = np.maximum(0, left - np.abs(file["real_time/award"][fives, r])).sum() / 12
                wanted = (scheduled - cut) * (-1 if mw < 0 else 1)
                missed = (abs(wanted - self.meter[t, 3 * q:3 * q + 3, r].sum())
                          - rules["delivery_tolerance"] * scheduled)
                if missed <= 1e-9:
                    continue
                declined = missed if unanswered else min(missed, scheduled - left / 4)
                node = self.node[r]
                price = max(file["fifteen_minute/lmp"][4 * t + q, node],
                            file["real_time/lmp"][12 * t + 3 * q:12 * t + 3 * q + 3, node].mean())
                low, high = (max(rules["delivery_floor"], rules[rate] * price)
                             for rate in ("delivery_accepted", "delivery_declined"))
                usd = (missed - declined) * low + declined * high
                self.add(self.sc[r], 6456, t, usd)
                paid += usd
        if paid > 0:
            self.divide(6457, t, paid, self.measured[t])

    def areas(self, t):
        """What no meter saw in each utility area, and its measured demand."""
        file = self.file
        weight = self.measured[t]
        if "meter/utility_area" not in file:
            return [(file["meter/unaccounted"][12 * t], weight)]
        area = file["input/node/utility_area"][:][self.node]
        inflow, loss = file["meter/area_inflow"][12 * t], file["meter/area_loss"][12 * t]
        metered = self.meter[t].sum(axis=0)
        return [(metered[area == a].sum() + inflow[a] - loss[a], np.where(area == a, weight, 0))
                for a in range(len(inflow))]

    def subsystems(self, t, day, rtd, price):
        """Metered subsystems that follow their load pay for what nobody instructed, beyond a
        band of their metered demand: all of it at one rate or another of the real-time price."""
        file = self.file
        if "meter/area_sc" not in file:
            return
        area = file["input/node/utility_area"][:][self.node]
        expected = np.where(self.type == LOAD, day, rtd).sum(axis=0)
        deviation = self.meter[t].sum(axis=0) - expected
        for a, sc in enumerate(file["meter/area_sc"][:]):
            if sc < 0:
                continue
            here = area == a
            demand = np.where(here, self.measured[t], 0)
            usd = (price[self.node] * demand).sum() / demand.sum() if demand.sum() > 0 else 0
            off = deviation[here].sum()
            code, rate = (1407, "mss_excess_rate") if off > 0 else (2407, "mss_deficit_rate")
            beyond = abs(off) - self.setting["mss_band"] * demand.sum()
            if beyond >= 1e-9:
                amount = beyond * self.setting[rate] * max(0, usd)
                self.add(sc, code, t, amount)
                yield amount

    def ramping(self, t):
        """Flexible ramping: fifteen-minute awards at their price, and what the dispatch makes
        more or less of them where it asks for ramping, too; moves pay against the system."""
        fmm, rtd = self.file["fifteen_minute"], self.file["real_time"]
        if "flex_up" not in fmm:
            return
        quarter, fives = slice(4 * t, 4 * t + 4), slice(12 * t, 12 * t + 12)

        def close(payments, code, allocation):
            self.add_each(code, t, payments.sum(axis=0))
            left = payments.sum()
            if abs(left) > 1e-9 * np.abs(payments).sum():
                self.divide(allocation, t, left, self.measured[t])

        spread = fmm["flex_up_price"][quarter] - fmm["flex_down_price"][quarter]
        close(-fmm["flex_move"][quarter] / 4 * spread[:, None], 7070, 7076)
        for side, code, allocation in (("up", 7071, 7077), ("down", 7081, 7087)):
            award = fmm["flex_" + side][quarter]
            payments = -award / 4 * fmm[f"flex_{side}_price"][quarter][:, None]
            if self.setting.get(f"flex_rtd_{side}_mw", 0) > 0:
                more = rtd["flex_" + side][fives] - np.repeat(award, 3, axis=0)
                price = rtd[f"flex_{side}_price"][fives][:, None]
                payments = np.vstack([payments, -more / 12 * price])
            close(payments, code, allocation)

    def load_prices(self, t, day, fmm, rtd, part):
        """Hourly prices of load at every node: weighted with what each run changed, within the
        prices of the hour; the mean of the dispatch where nothing changed."""
        n_node = self.lmp.shape[1]

        def at_nodes(mwh):
            out = np.zeros((12, n_node))
            for r in np.nonzero(self.type == LOAD)[0]:
                out[:, self.node[r]] -= mwh[:, r]
            return out

        step = (at_nodes(fmm - day), at_nodes(rtd - fmm))
        weight = step[0].sum(axis=0) + step[1].sum(axis=0)
        moved = np.abs(step[0]).sum(axis=0) + np.abs(step[1]).sum(axis=0)
        even = np.abs(weight) < 1e-6 * moved + 1e-9
        out = {}
        for name, (quarter, five) in part.items():
            value = (step[0] * quarter).sum(axis=0) + (step[1] * five).sum(axis=0)
            out[name] = np.where(even, five.mean(axis=0), value / np.where(even, 1, weight))
        quarter, five = part["lmp"]
        least = np.minimum(quarter.min(axis=0), five.min(axis=0))
        most = np.maximum(quarter.max(axis=0), five.max(axis=0))
        out["lmp"] = np.where(even, out["lmp"], np.clip(out["lmp"], least, most))
        return out

    # ---- bid cost recovery of the day ahead

    def bid_cost(self, t, r):
        """USD of the award as bid, above Pmin or around zero; self-schedules cost nothing."""
        mw, pmin = self.file["day_ahead/award"][t, r], self.file["input/resource/pmin_mw"][r]
        start = max(pmin, 0)
        piece, usd = self.piece, 0.0
        for k in np.nonzero((piece["interval"] == t) & (piece["resource"] == r)
                            & (piece["kind"] == ENERGY_BID))[0]:
            low = max(piece["from_mw"][k], min(start, mw))
            high = min(piece["to_mw"][k], max(start, mw))
            if high > low:
                usd += (-1 if mw < start else 1) * (high - low) * piece["price"][k]
        return usd

    def self_schedule(self, t, r):
        """MW up to which a resource schedules itself."""
        piece = self.piece
        mine = ((piece["interval"] == t) & (piece["resource"] == r) & (piece["kind"] < ENERGY_BID))
        return piece["to_mw"][mine].max() if mine.any() else 0.0

    def was_on(self, t, r):
        """In which five minutes of the hour real time had a unit on; what it changed by choice."""
        if "real_time" not in self.file or "on" not in self.file["real_time"]:
            return np.ones(12, bool), np.zeros(12), 0.0, False
        on = self.file["real_time/on"][12 * t:12 * t + 12, r] != 0
        quarter = self.file["fifteen_minute"]
        spared = np.repeat(quarter["min_load_cost"][4 * t:4 * t + 4, r], 3)
        start = quarter["start_cost"][:, r]  # other units than fast ones have none
        fast = bool(np.any(start != 0) or np.any(quarter["min_load_cost"][:, r] != 0))
        return on, spared, start[4 * t], fast

    def followed(self, t, r):
        """Share of the hour in which a unit was on, or was spared its minimum load."""
        on, spared, _, _ = self.was_on(t, r)
        return np.mean(on | (spared < 0))

    def started(self, t, r):
        """Whether the start scheduled for the hour was made or spared; slow units may be late."""
        on, _, start, fast = self.was_on(t, r)
        if fast or on.any():
            return bool(on[0] or start < 0 or (not fast and on.any()))
        committed = self.file["ruc/on" if "ruc" in self.file else "day_ahead/on"]
        later = t + 1
        while later < len(committed) and committed[later, r]:
            if self.was_on(later, r)[0].any():
                return True
            later += 1
        return False

    def beyond_self(self, t, r):
        """MW beyond what a resource schedules itself and the Pmin under it."""
        mw, own = self.award[t, r], self.self_schedule(t, r)
        if own == 0:
            return mw
        own = max(own, self.file["input/resource/pmin_mw"][r])
        return mw - min(max(mw, 0), own)

    def recovery(self, hours):
        day = self.file["day_ahead"]
        if "as_bid" in day:  # what services were offered at is not in the file
            self.given.add(6630)
            for t in hours:
                uplift = -self.published_usd(6630, t)
                if uplift > 0:
                    self.tiers(t, uplift)
            return
        eligible = ~self.withdraws & (self.type != IMPORT)
        short = np.zeros((len(hours), len(self.sc)))
        for i, t in enumerate(hours):
            for r in np.nonzero(eligible)[0]:
                commit = 0.0
                if "start_cost" in day and self.self_schedule(t, r) == 0:
                    commit = self.started(t, r) * day["start_cost"][t, r]
                    commit += self.followed(t, r) * day["min_load_cost"][t, r]
                    if "transition_cost" in day:
                        commit += day["transition_cost"][t, r]
                cost = self.bid_cost(t, r) if self.award[t, r] != 0 else 0.0
                short[i, r] = commit + cost - self.beyond_self(t, r) * self.lmp[t, self.node[r]]
        net = np.maximum(0, short.sum(axis=0))
        positive = np.maximum(0, short)
        paid = net * positive / np.where(positive.sum(axis=0) > 0, positive.sum(axis=0), 1)
        for i, t in enumerate(hours):
            usd = np.where(paid[i] > 1e-6, paid[i], 0)
            self.add_each(6630, t, -usd)
            if usd.sum() > 0:
                self.tiers(t, usd.sum())

    def tiers(self, t, uplift):
        owed = np.zeros(self.n_sc)
        for r, sc in enumerate(self.sc):
            mw = self.award[t, r]
            owed[sc] -= mw if self.withdraws[r] else min(self.self_schedule(t, r), max(0, mw))
        np.add.at(owed, self.virtual_sc, -np.minimum(0, self.virtual[t]))
        owed = np.maximum(0, owed)
        on = self.file["day_ahead/on"][t] == 1 if "on" in self.file["day_ahead"] else None
        committed = sum(max(0, self.award[t, r]) for r in range(len(self.sc))
                        if on is not None and on[r] and self.self_schedule(t, r) == 0)
        day = self.file["day_ahead"]  # their upward services count, too
        if on is not None and "as_bid" in day:
            of = day["as_bid_resource"][:]
            up = (day["as_bid_product"][:] != PRODUCTS.index("RD")) & on[of]
            committed += day["as_award"][t][up].sum() * day["duration"][t] / 60  # upward services
        rates = [uplift / x for x in (owed.sum(), committed) if x > 0]
        rate = min(rates) if rates and owed.sum() > 0 else 0.0
        self.add_each(6636, t, rate * owed, range(self.n_sc))
        rest = uplift - rate * owed.sum()
        if rest >= 1e-9 * uplift:
            self.divide(6637, t, -rest, self.rest_shares(t))

    def rest_shares(self, t):
        """Measured demand; scheduled demand where nothing is metered."""
        return self.measured[t] if self.has_real_time else self.share[t]

    # ---- residual commitment

    def residual(self, t):
        """Capacity awards at the price of their node, less what was not there; who needed them
        pays, then measured demand."""
        if "ruc" not in self.file:
            return
        ruc = self.file["ruc"]
        award = ruc["award"][t] * ruc["duration"][t] / 60
        price = ruc["price"][t][self.node]
        payments = -award * price
        self.add_each(6800, t, payments)
        back = self.residual_missing(t, ruc["award"][t]) * price
        self.add_each(6824, t, back)
        cost = -(payments + back).sum()
        if cost < 1e-9:
            return
        need = np.zeros(self.n_sc)
        np.add.at(need, self.virtual_sc, self.virtual[t])
        need = np.maximum(0, need)
        if self.has_real_time:
            beyond = np.where(self.withdraws, self.measured[t] + self.award[t], 0)
            beyond[beyond < 1e-9] = 0
            np.add.at(need, self.sc, beyond)
        rate = 0.0
        if need.sum() > 0:
            rate = min(cost / x for x in (need.sum(), award.sum()) if x > 0)
        self.add_each(6806, t, rate * need, range(self.n_sc))
        left = cost - rate * need.sum()
        if left >= 1e-9 * cost:
            self.divide(6807, t, -left, self.rest_shares(t))

    def residual_missing(self, t, award):
        """MWh of awards that were not there: above what was available, five by five minutes."""
        if not self.has_real_time or "available" not in self.file["meter"]:
            return np.zeros_like(award)
        there = self.file["meter/available"][12 * t:12 * t + 12]
        pmin = self.file["input/resource/pmin_mw"][:]
        wanted = np.maximum(self.file["day_ahead/award"][t], pmin) + award
        lack = np.where(np.isnan(there), 0, np.maximum(0, wanted - there))
        return np.minimum(award, lack).mean(axis=0)

    def published_usd(self, code, hour):
        line = self.file["settlement/interval_line"]
        mine = ((line["charge_code"][:] == code) & (line["version"][:] == 0)
                & (line["interval"][:] == hour))
        return line["amount_usd"][:][mine].sum()

    def real_time_recovery(self):
        for t in range(self.hours):
            usd = self.published_usd(6620, t)
            if usd:
                self.given.add(6620)
                self.divide(6678, t, usd, self.rest_shares(t))

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
