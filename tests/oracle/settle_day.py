"""The day ahead by its formulas: energy, services, fees. Part of settle.py."""
import sys

import numpy as np

from settle_words import NO_PAY, OBLIGATION, PAYMENT, PRODUCTS, REAL_TIME


class DayAhead:
    """Needs what Settlement reads from the file."""

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
