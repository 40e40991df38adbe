"""Real time by its formulas: deviations, ties, areas, ramping. Part of settle.py."""
import numpy as np

from settle_words import DYNAMIC, EXPORT, IMPORT, LOAD, NOT_ANSWERED


class RealTime:
    """Needs what Settlement reads from the file."""

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
