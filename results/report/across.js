/* across.js - several runs in one chart: what became of a change. Drawn where there are several. */

const runColour = (k) => seriesColour(k);

function keyNumbers(run) {
  const {low, high} = run.hasPrices ? run.extremes() : {low: {value: null}, high: {value: null}},
              calls = run.table('/credit/account/call'),
              decided = run.table('/admission/decision/rule');
  return [
    [
      'load served, MWh', d3.sum(run.load().map((v, i) => v * run.time.hours[i])),
      (v) => number(v, 0)
    ],
    ['average price of load, USD/MWh', run.loadPrice().all, price],
    ['highest price, USD/MWh', high.value, price],
    ['lowest price, USD/MWh', low.value, price],
    ['congestion rent, USD', d3.sum(run.of('/rent') || []), (v) => number(v, 0)],
    ['paid by load, USD', d3.sum(run.loadPrice().paid), (v) => number(v, 0)],
    ['cost as bid, USD', run.raw.meta.objective_usd, (v) => number(v, 0)],
    ['limits that bind', bindings(run).length, (v) => number(v, 0)],
    [
      'bids refused',
      decided ? decided.filter((_, k) => run.word('/admission/decision/status', k) === 'rejected')
                    .length :
                null,
      (v) => number(v, 0)
    ],
    ['limits that gave way', (run.of('/relaxation/text') || []).length, (v) => number(v, 0)],
    ['credit calls', calls ? calls.filter((v) => v > 0).length : null, (v) => number(v, 0)],
  ];
}

/* "12 (+3)": a number and how it differs from the first run's. */
function withChange(value, first, format) {
  if (value === null || first === null) return format(value);
  const by = format(Math.abs(value - first));
  return format(value) + (/[1-9]/.test(by) ? ' (' + (value > first ? '+' : MINUS) + by + ')' : '');
}

const overview = {
  id: 'overview',
  group: 'Compared',
  title: 'Key numbers',
  across: true,
  what: () => 'Beside each number how it differs from the first run.',
  has: () => true,
  draw(host, run, c) { host.append(tableOf(this.rows(c.runs), 'Key numbers')); },
  rows(list) {
    const all = list.map(keyNumbers);
    return {
      head: ['', ...list.map((run) => num(run.raw.label))],
      rows: all[0].map(
          ([name, , format],
           k) => [name, ...all.map((numbers) => withChange(numbers[k][1], all[0][k][1], format))]),
    };
  },
};

/* What the program found to differ, dearest first: [{run, section, unit, n, rows}]. */
const changes = JSON.parse(document.getElementById('changes-data').textContent);
const changeColours = {
  prices: 'var(--c1)',
  dispatch: 'var(--c2)',
  limits: 'var(--full)',
  flows: 'var(--c6)'
};
const CHANGES_SHOWN = 12;

const whatChanged = {
  id: 'changes',
  group: 'Compared',
  title: 'What moved most money',
  across: true,
  what: (run, list) => 'Differences from the first run, ' + list[0].raw.label +
      ', by the money they move, USD: a price by what was traded at it, an award and a flow ' +
      'by their prices, a limit by its shadow price.',
  has: () => changes.some((x) => x.section in changeColours),
  draw(host, run, c) {
    legend(host, Object.entries(changeColours).map(([name, colour]) => ({name, colour})));
    c.runs.slice(1).forEach((other, k) => {
      const all = changes.filter((x) => x.run === k + 1 && x.section in changeColours)
                      .map((x) => x.rows.map((row) => ({section: x.section, unit: x.unit, row})))
                      .flat();
      all.sort((a, b) => Math.abs(b.row[3]) - Math.abs(a.row[3]));
      if (all.length === 0) return;
      host.append(el('p', {class: 'run-name'}, other.raw.label));
      barRows(host, {
        ...c.size,
        unit: 'USD',
        hint: 'Arrow keys or the pointer read rows.',
        label: 'Bars: what changed most in ' + other.raw.label + ', by money.',
        rows: all.slice(0, CHANGES_SHOWN)
                  .map(({section: kind, unit, row}) => ({
                         name: row[0],
                         parts: [{name: kind, value: row[3] || 0, colour: changeColours[kind]}],
                         text: short(+(row[3] || 0).toPrecision(3)),
                         say: [['from', number(row[1], 2)], ['to', number(row[2], 2) + ' ' + unit]]
                                  .concat(
                                      row[5] >= 0 ?
                                          [['most in ' + run.hourName(row[5]), number(row[4], 2)]] :
                                          []),
                       })),
      });
    });
  },
  table(run, s, list) {
    const rows = changes
                     .map(
                         (x) => x.rows.map(
                             (row) =>
                                 [list[x.run].raw.label, x.section, row[0], number(row[1], 2),
                                  number(row[2], 2), x.unit, row[3] === null ? DASH : usd(row[3]),
                                  row[5] < 0 ? DASH : run.hourName(row[5])]))
                     .flat();
    return {
      head: [
        'run', 'what', {text: 'which', wrap: true}, num('first run'), num('this run'), 'unit',
        num('money, USD'), 'most in'
      ],
      rows,
      note: 'the ' + 50 + ' dearest of each kind'
    };
  },
};

const sameIntervals = (list) => list.every((run) => run.n === list[0].n && run.n > 1);

const pricesAcross = {
  id: 'prices-compared',
  group: 'Compared',
  title: 'Average price of load',
  across: true,
  what: () => 'Price that load pays on average in each interval, USD/MWh, of every run.',
  has: (run, list) => sameIntervals(list) && list.every((r) => r.loadPrice().all !== null),
  draw(host, run, c) {
    const series = c.runs.map(
        (r, k) =>
            ({name: r.raw.label, time: r.time, colour: runColour(k), values: r.loadPrice().by}));
    lineLegend(host, series);
    timeLines(host, {
      ...c.size,
      cut: true,
      unit: 'USD/MWh',
      zone: run.zone(),
      series,
      nameOf: (i, t) => run.hourName(i, t),
      hint: KEYS,
      label: 'Line chart: average price of load in each run. ' + KEYS
    });
  },
  table: (run, s, list) => ({
    head: ['interval', ...list.map((r) => num(r.raw.label))],
    rows: run.time.start.map(
        (_, i) => [run.hourName(i), ...list.map((r) => price(r.loadPrice().by[i]))]),
    note: 'USD/MWh'
  }),
};

/* MWh given by each group over the run; what is drawn counts below zero. */
function groupEnergy(run) {
  return run.keep(
      'groupEnergy',
      () => new Map(supplyGroups(run).map(
          (g) =>
              [g.name,
               {...g, mwh: d3.sum(run.time.hours.map((h, i) => h * (g.up[i] + g.down[i])))}])));
}

const energyAcross = {
  id: 'energy-compared',
  group: 'Compared',
  title: 'Energy by technology',
  across: true,
  what: (run, list) => 'How much more or less each technology gives than in the first run, ' +
      list[0].raw.label +
      ', MWh over all intervals; what draws power, as exports do, counts below zero.',
  has: (run, list) => !run.isDispatch &&
      list.slice(1).some(
          (r) => [...groupEnergy(r)].some(
              ([name, g]) =>
                  Math.abs(g.mwh - (groupEnergy(list[0]).get(name) || {mwh: 0}).mwh) > 0.05)),
  names: (list) => [...new Set(list.map((r) => [...groupEnergy(r).keys()]).flat())],
  of: (r, name) => (groupEnergy(r).get(name) || {mwh: 0}).mwh,
  draw(host, run, c) {
    const rows = [];
    this.names(c.runs).forEach((name) => {
      const change_ = c.runs.slice(1).map((r, k) => ({
                                            name: r.raw.label,
                                            value: this.of(r, name) - this.of(c.runs[0], name),
                                            colour: runColour(k + 1)
                                          }));
      if (!change_.some((p) => Math.abs(p.value) > 0.05)) return;
      change_.forEach((p, k) => rows.push({
        name: k === 0 ? name : '',
        parts: [p],
        text: (p.value > 0 ? '+' : '') + short(+p.value.toPrecision(3)),
        say: [['in ' + name + ' of', p.name]]
      }));
    });
    legend(host, c.runs.slice(1).map((r, k) => ({name: r.raw.label, colour: runColour(k + 1)})));
    barRows(host, {
      ...c.size,
      tall: c.runs.length > 2 ? 16 : 24,
      unit: 'MWh',
      format: mw,
      rows,
      hint: 'Arrow keys or the pointer read rows.',
      label: 'Bars: change of energy by technology and run.'
    });
  },
  table(run, s, list) {
    return {
      head: ['technology', ...list.map((r) => num(r.raw.label + ', MWh'))],
      rows: this.names(list).map(
          (name) =>
              [name,
               ...list.map(
                   (r) =>
                       withChange(this.of(r, name), this.of(list[0], name), (v) => number(v, 0)))])
    };
  },
};

/* What each account pays over the run, positive: it pays. */
function netOf(run) {
  return run.keep(
      'netOf',
      () => new Map(d3.nest()
                        .key((l) => l.sc)
                        .entries(statementLines(run))
                        .map((e) => [e.key, d3.sum(e.values, (l) => l.usd)])));
}

const moneyAcross = {
  id: 'money-compared',
  group: 'Compared',
  title: 'Money by participant',
  across: true,
  what: (run, list) =>
      'How much more, to the right, or less each account pays than in the first run, ' +
      list[0].raw.label + ', USD.',
  has: (run, list) => list.every((r) => statementLines(r).length > 0),
  names: (list) => [...new Set(list.map((r) => [...netOf(r).keys()]).flat())],
  draw(host, run, c) {
    const first = netOf(c.runs[0]),
          by = (r, name) => (netOf(r).get(name) || 0) - (first.get(name) || 0);
    const names = this.names(c.runs)
                      .sort(
                          (a, b) => d3.max(c.runs, (r) => Math.abs(by(r, b))) -
                                  d3.max(c.runs, (r) => Math.abs(by(r, a))) ||
                              d3.ascending(a, b))
                      .slice(0, 20);
    const rows =
        names
            .map(
                (name) => c.runs.slice(1).map(
                    (r, k) => ({
                      name: k === 0 ? name : '',
                      parts: [{name: r.raw.label, value: by(r, name), colour: runColour(k + 1)}],
                      text: (by(r, name) > 0 ? '+' : '') + short(+by(r, name).toPrecision(3)),
                      say: [['pays', usd(netOf(r).get(name) || 0) + ' USD']]
                    })))
            .flat();
    legend(host, c.runs.slice(1).map((r, k) => ({name: r.raw.label, colour: runColour(k + 1)})));
    barRows(host, {
      ...c.size,
      tall: c.runs.length > 2 ? 16 : 24,
      unit: 'USD, positive: it pays more',
      rows,
      hint: 'Arrow keys or the pointer read rows.',
      label: 'Bars: change of what each account pays, by run.'
    });
  },
  table(run, s, list) {
    return {
      head: ['account', ...list.map((r) => num(r.raw.label + ', USD'))],
      rows: this.names(list).map(
          (name) =>
              [name,
               ...list.map(
                   (r) => withChange(
                       netOf(r).get(name) || 0, netOf(list[0]).get(name) || 0,
                       (v) => number(v, 0)))]),
      note: 'positive: it pays'
    };
  },
};

const acrossCharts = [overview, whatChanged, pricesAcross, energyAcross, moneyAcross];
