"""What is paid beside prices: bid cost recovery, residual commitment. Part of settle.py."""
import numpy as np

from settle_words import ENERGY_BID, IMPORT, PRODUCTS


class Recovery:
    """Needs what Settlement reads from the file."""

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
