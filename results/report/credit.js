/* credit.js - what each account owes beside its limit, now and day by day. */

const credit = {
  id: 'credit',
  group: 'Money',
  title: 'Credit',
  what: () => 'Liability after this run beside the credit limit, the tick, USD; at the right the ' +
      'share of the limit that is used.',
  has: (run) => (run.table('/credit/account/liability') || []).length > 0,
  colours: {
    ok: 'var(--c2)',
    notice: 'var(--c5)',
    warning: 'var(--c1)',
    call: 'var(--full)',
    default: 'var(--c4)'
  },
  draw(host, run, c) {
    const limit = run.table('/credit/account/limit'),
          liability = run.table('/credit/account/liability'),
          used = run.table('/credit/account/utilisation');
    legend(host, Object.entries(this.colours).map(([name, colour]) => ({name, colour})));
    const rows = run.sc.map((name, k) => ({name, status: run.word('/credit/account/status', k), k}))
                     .sort((a, b) => used[b.k] - used[a.k])
                     .slice(0, ACCOUNTS_SHOWN);
    barRows(host, {
      ...c.size,
      unit: 'USD',
      hint: 'Arrow keys or the pointer read rows.',
      label: 'Bars: liability and credit limit by scheduling coordinator.',
      rows: rows.map((r) => ({
                       name: r.name,
                       parts: [{
                         name: 'liability',
                         value: liability[r.k],
                         colour: this.colours[r.status] || seriesColour(7)
                       }],
                       mark: limit[r.k],
                       text: percent(used[r.k]),
                       say: [
                         ['status', r.status], ['limit', usd(limit[r.k])],
                         ['call', usd(run.table('/credit/account/call')[r.k])]
                       ]
                     })),
    });
  },
  table(run) {
    const a = (name) => run.table('/credit/account/' + name);
    return {
      head: [
        'scheduling coordinator',
        ...['limit', 'carried in', 'this run', 'extrapolated', 'virtual exposure', 'liability',
            'call']
            .map(num),
        num('used'), 'status'
      ],
      rows: run.sc.map(
          (name, k) =>
              [name,
               ...['limit', 'carried', 'statement', 'extrapolated', 'virtual', 'liability', 'call']
                   .map((x) => usd(a(x)[k])),
               percent(a('utilisation')[k]), run.word('/credit/account/status', k)]),
      note: 'USD'
    };
  },
};

/* Accounts when each trade date ended: {time, rows: [{name, at: [row of the table per day]}]}. */
function creditDays(run) {
  return run.keep('creditDays', () => {
    const date = run.table('/credit/day/trade_date') || [], sc = run.table('/credit/day/sc'),
          used = run.table('/credit/day/utilisation');
    const days = [...new Set(date)].sort((a, b) => a - b),
          place = new Map(days.map((d, k) => [d, k])), found = new Map();
    date.forEach((d, row) => {
      if (!found.has(sc[row]))
        found.set(
            sc[row], {name: run.sc[sc[row]], at: new Array(days.length).fill(-1), most: -Infinity});
      const e = found.get(sc[row]);
      e.at[place.get(d)] = row;
      e.most = Math.max(e.most, used[row]);
    });
    const time = {
      n: days.length,
      start: days.map((d) => d * 1440),
      end: days.map((d) => d * 1440 + 1440),
      hours: days.map(() => 24),
      he: days.map(() => 24),
      date: days,
      daily: true
    };
    return {
      time,
      rows: [...found.values()].sort((a, b) => b.most - a.most || d3.ascending(a.name, b.name))
    };
  });
}

const creditOverDays = {
  id: 'credit-days',
  group: 'Money',
  title: 'Credit over the days',
  what: () =>
      'How each account stood when a trade date ended; the largest share of its limit at the top.',
  has: (run) => creditDays(run).time.n > 1,
  draw(host, run, c) {
    const {time, rows} = creditDays(run), shown = rows.slice(0, ACCOUNTS_SHOWN),
                 d = (name) => run.table('/credit/day/' + name);
    legend(host, Object.entries(credit.colours).map(([name, colour]) => ({name, colour})));
    heatRows(host, {
      ...c.size,
      time,
      zone: run.zone(),
      tall: 22,
      hint: KEYS,
      label: 'Matrix of the status of accounts by day. ' + KEYS,
      colour: (i, row) =>
          (shown[row].at[i] < 0 ? null :
                                  credit.colours[run.word('/credit/day/status', shown[row].at[i])]),
      rows: shown.map((r) => ({
                        name: r.name,
                        say: (i) =>
                            [r.name + ', ' + dateText(time.date[i]),
                             r.at[i] < 0 ? [] :
                                           [
                                             ['status', run.word('/credit/day/status', r.at[i])],
                                             ['liability', usd(d('liability')[r.at[i]]) + ' USD'],
                                             ['limit', usd(d('limit')[r.at[i]]) + ' USD'],
                                             ['used', percent(d('utilisation')[r.at[i]])],
                                             ['call', usd(d('call')[r.at[i]]) + ' USD']
                                           ]]
                      })),
    });
  },
  table(run) {
    const d = (name) => run.table('/credit/day/' + name);
    return {
      head: [
        'trade date', 'scheduling coordinator', ...['limit', 'liability', 'used', 'call'].map(num),
        'call due', 'status'
      ],
      rows: d('trade_date')
                .map(
                    (day, k) =>
                        [dateText(day), run.sc[d('sc')[k]], usd(d('limit')[k]),
                         usd(d('liability')[k]), percent(d('utilisation')[k]), usd(d('call')[k]),
                         d('call')[k] > 0 ? dateText(d('call_due')[k]) : DASH,
                         run.word('/credit/day/status', k)]),
      note: 'USD'
    };
  },
};
