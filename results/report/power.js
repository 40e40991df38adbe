/* power.js - who produces and uses what: dispatch, storage, ancillary services. */

function supplyGroups(run) {
  return run.keep(
      'supplyGroups', () => run.groups().filter((g) => run.isDispatch || g.name !== 'load'));
}

/* Load and what else draws power: the line that supply adds up to. */
const dispatchStack = {
  id: 'dispatch',
  group: 'Power',
  title: 'Dispatch by technology',
  what: () =>
      'Awards in MW: supply above zero, charging and exports below; the line is the load served.',
  has: (run) => run.n > 1 && run.resource.length > 0,
  domain: (run) => stackDomain(supplyGroups(run), [run.load()], run.n),
  draw(host, run, c) {
    const groups = supplyGroups(run),
          lines = [{name: 'load served', colour: 'var(--ink)', values: run.load()}];
    legend(
        host,
        groups.filter((g) => g.up.some((v) => v > 0) || g.down.some((v) => v < 0))
            .reverse()
            .map((g) => ({name: g.name, colour: g.colour}))
            .concat([{name: 'load served', colour: 'var(--ink)', line: true}]));
    timeStack(host, {
      ...c.size,
      unit: 'MW',
      time: run.time,
      zone: run.zone(),
      groups,
      lines,
      domain: c.domain,
      nameOf: (i) => run.hourName(i),
      hint: KEYS,
      label: 'Stacked areas: awards by technology. ' + KEYS
    });
  },
  table(run) {
    const groups = supplyGroups(run);
    return {
      head: [
        'interval', ...groups.map((g) => ({text: g.name, num: true})),
        {text: 'load served', num: true}
      ],
      rows: run.time.start.map(
          (_, i) =>
              [run.hourName(i), ...groups.map((g) => mw(g.up[i] + g.down[i])), mw(run.load()[i])]),
      note: 'MW, injection positive'
    };
  },
};

/* One hour: the largest units and the rest. */
const UNITS_SHOWN = 24;

const dispatchBars = {
  id: 'dispatch',
  group: 'Power',
  title: 'Dispatch by unit',
  what(run) {
    const units = this.units(run), rest = units.slice(UNITS_SHOWN);
    return 'Output, MW' +
        (rest.length > 0 ? ', of the ' + UNITS_SHOWN + ' largest of ' + number(units.length, 0) +
                 ' units; the others make ' + mw(d3.sum(rest, (u) => u.value)) + ' MW.' :
                           '.');
  },
  has: (run) => run.n === 1 && run.resource.length > 0,
  units(run) {
    return run.resource.map((name, r) => ({name, r, value: run.award.at(0, r)}))
        .sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.r - b.r);
  },
  draw(host, run, c) {
    const rows =
        this.units(run)
            .slice(0, UNITS_SHOWN)
            .map((u) => ({
                   name: u.name,
                   parts: [{
                     name: run.isCommit ? 'gives' : 'at ' + run.node[run.resourceNode(u.r)],
                     value: u.value,
                     colour: u.value < 0 ? seriesColour(1) : seriesColour(0)
                   }],
                   text: mw(u.value)
                 }));
    barRows(host, {
      ...c.size,
      unit: 'MW',
      format: mw,
      rows,
      hint: 'Arrow keys or the pointer read rows.',
      label: 'Bars: output of the largest units.'
    });
  },
  table(run) {
    if (run.isCommit)
      return {
        head: ['unit', {text: 'MW', num: true}],
        rows: this.units(run).map((u) => [u.name, mw(u.value)])
      };
    return {
      head: ['unit', 'node', {text: 'MW', num: true}, {text: 'LMP, USD/MWh', num: true}],
      rows: this.units(run).map(
          (u) =>
              [u.name, run.node[run.resourceNode(u.r)], mw(u.value),
               price(run.lmp.at(0, run.resourceNode(u.r)))])
    };
  },
};

/* ---- real time ---- */

/* What each group gives in real time more or less than day ahead: [{name, colour, up, down}]. */
function deviations(run) {
  return run.keep('deviations', () => {
    const award = new Matrix(run, '/real_time/award', run.resource.length),
          time = run.rowTimes(award, run.timesOf('/real_time'));
    const hour = time.start.map((m) => intervalAt(run.time, m)),
          found =
              new Map(run.groups().map((g) => [g.name, {...g, net: new Array(time.n).fill(0)}]));
    run.resource.forEach((_, r) => {
      const net = found.get(run.group(r)).net;
      for (let i = 0; i < time.n; i++)
        if (hour[i] >= 0) net[i] += award.at(i * award.block, r) - run.award.at(hour[i], r);
    });
    const groups = [...found.values()].map(
        (g) =>
            ({...g, up: g.net.map((v) => Math.max(0, v)), down: g.net.map((v) => Math.min(0, v))}));
    return {
      time,
      groups: groups.filter((g) => g.net.some((v) => Math.abs(v) > 0.05)),
      block: award.block
    };
  });
}

const followers = {
  id: 'followers',
  group: 'Power',
  title: 'Real time less day ahead',
  what: (run) =>
      'What each technology gives in the five-minute dispatch more, above zero, or less ' +
      'than it was awarded day ahead, MW; load that rises counts below zero' +
      (deviations(run).block > 1 ? '. Averages of ' + deviations(run).block + ' intervals' : '') +
      '.',
  has: (run) =>
      run.table('/real_time/award') !== null && run.n > 0 && deviations(run).groups.length > 0,
  domain: (run) => stackDomain(deviations(run).groups, [], deviations(run).time.n),
  draw(host, run, c) {
    const {time, groups} = deviations(run);
    legend(host, groups.slice().reverse().map((g) => ({name: g.name, colour: g.colour})));
    timeStack(host, {
      ...c.size,
      unit: 'MW',
      time,
      zone: run.zone(),
      groups,
      domain: c.domain,
      nameOf: (i) => run.hourName(i, time),
      hint: KEYS,
      label: 'Stacked areas: real time less day ahead, by technology. ' + KEYS
    });
  },
  table(run) {
    const {time, groups} = deviations(run);
    return {
      head: ['interval', ...groups.map((g) => ({text: g.name, num: true}))],
      rows: time.start.map((_, i) => [run.hourName(i, time), ...groups.map((g) => mw(g.net[i]))]),
      note: 'MW, real time less day ahead, injection positive'
    };
  },
};

/* ---- flexible ramping ---- */

/* Ramping capability by stage and direction: [{name, stage, up, price, required, short, time}]. */
function ramping(run) {
  return run.keep(
      'ramping',
      () => laterStages
                .map(([stage, name]) => ['up', 'down'].map((way) => {
                  const of = (what) => run.table(stage + '/flex_' + way + '_' + what);
                  return {
                    name: name + ' ' + way,
                    way,
                    time: run.timesOf(stage),
                    price: of('price'),
                    required: of('required'),
                    short: of('short')
                  };
                }))
                .flat()
                .filter((f) => f.price && f.price.length > 0));
}

const flexible = {
  id: 'flexible',
  group: 'Power',
  title: 'Flexible ramping',
  what: () =>
      'Price of ramping capability, USD/MW for an hour, and under it how much is required, MW: what the forecast moves and what it may err; dashed what was short.',
  has: (run) =>
      ramping(run).some((f) => f.required.some((v) => v > 0) || f.price.some((v) => v > 0)),
  draw(host, run, c) {
    const all = ramping(run), colour = (k) => seriesColour(k);
    legend(host, all.map((f, k) => ({name: f.name, colour: colour(k), line: true})));
    const common = {...c.size, zone: run.zone(), nameOf: (i, t) => run.hourName(i, t), hint: KEYS};
    timeLines(host, {
      ...common,
      height: 220,
      cut: true,
      unit: 'USD/MW',
      series: all.map((f, k) => ({name: f.name, time: f.time, colour: colour(k), values: f.price})),
      label: 'Line chart: prices of flexible ramping. ' + KEYS
    });
    const series =
        all.map((f, k) => ({name: f.name, time: f.time, colour: colour(k), values: f.required}));
    all.forEach((f, k) => {
      if (f.short.some((v) => v > 0.001))
        series.push({
          name: f.name + ' short',
          time: f.time,
          colour: colour(k),
          dash: '4 3',
          values: f.short
        });
    });
    timeLines(host, {
      ...common,
      height: 220,
      unit: 'MW',
      format: mw,
      series,
      label: 'Line chart: ramping capability required and short. ' + KEYS
    });
  },
  table(run) {
    const all = ramping(run), fine = all[all.length - 1].time;
    return {
      head: [
        'interval',
        ...all
            .map(
                (f) =>
                    [{text: f.name + ', USD/MW', num: true}, {text: 'required, MW', num: true},
                     {text: 'short, MW', num: true}])
            .flat()
      ],
      rows: fine.start.map(
          (m, i) =>
              [run.hourName(i, fine),
               ...all
                   .map((f) => {
                     const k = intervalAt(f.time, m);
                     return [price(f.price[k]), mw(f.required[k]), mw(f.short[k])];
                   })
                   .flat()])
    };
  },
};

/* ---- storage ---- */

function stores(run) {
  return run.keep(
      'stores',
      () => run.resource.map((_, r) => r).filter((r) => run.resourceType(r) === 'storage'));
}
function chosenStores(run, state) {
  const one = run.resource.indexOf(state.store);
  return one >= 0 ? [one] : stores(run);
}
function storeSeries(run, state) {
  const list = chosenStores(run, state), up = [], down = [], energy = [];
  const stored = new Matrix(run, run.stage + '/energy', run.resource.length);
  for (let i = 0; i < run.n; i++) {
    up.push(d3.sum(list, (r) => Math.max(0, run.award.at(i, r))));
    down.push(d3.sum(list, (r) => Math.min(0, run.award.at(i, r))));
    energy.push(d3.sum(list, (r) => stored.at(i, r) || 0));
  }
  const most = d3.sum(list, (r) => run.table('/input/resource/energy_max_mwh')[r] || 0);
  return {up, down, energy, most};
}

const storage = {
  id: 'storage',
  group: 'Power',
  title: 'Storage',
  what: () =>
      'Discharge above and charge below zero, MW; under it the energy stored at the end of ' +
      'each interval, MWh, with the most it can be, dashed.',
  has: (run) => run.n > 1 && stores(run).length > 0 && run.of('/energy') !== null,
  controls(host, runs, state, redraw) {
    const names = stores(runs[0]).map((r) => runs[0].resource[r]);
    const select =
        el('select', {
          on: {
            change: () => {
              state.store = select.value;
              redraw('store');
            }
          }
        },
           el('option', {value: ''}, 'all ' + names.length),
           names.map((n) => el('option', {value: n}, n)));
    host.append(el('label', {}, 'Unit', select));
  },
  on: 'store',
  /* Of the energy; power has its scale from the largest of all runs, too. */
  domain: (run, state) => {
    const s = storeSeries(run, state);
    return airy(0, Math.max(s.most, d3.max(s.energy)));
  },
  draw(host, run, c) {
    const s = storeSeries(run, c.state),
          each = (c.state.ownScales ? [run] : c.runs.filter((r) => this.has(r)))
                     .map((r) => storeSeries(r, c.state));
    const power = airy(d3.min(each, (e) => d3.min(e.down)), d3.max(each, (e) => d3.max(e.up)));
    legend(host, [
      {name: 'discharge', colour: seriesColour(2)}, {name: 'charge', colour: seriesColour(3)},
      {name: 'energy stored', colour: seriesColour(4), line: true}
    ]);
    timeStack(host, {
      ...c.size,
      height: 230,
      domain: power,
      unit: 'MW',
      time: run.time,
      zone: run.zone(),
      nameOf: (i) => run.hourName(i),
      hint: KEYS,
      groups: [
        {name: 'discharge', colour: seriesColour(2), up: s.up},
        {name: 'charge', colour: seriesColour(3), down: s.down}
      ],
      label: 'Discharge and charge of storage. ' + KEYS
    });
    const flat = s.energy.map(() => s.most);
    timeLines(host, {
      ...c.size,
      height: 200,
      unit: 'MWh',
      time: run.time,
      zone: run.zone(),
      format: mw,
      nameOf: (i) => run.hourName(i),
      hint: KEYS,
      domain: c.domain,
      series: [
        {name: 'energy stored', colour: seriesColour(4), values: s.energy, time: run.time},
        {name: 'most', colour: 'var(--faint)', dash: '5 4', values: flat, time: run.time}
      ],
      label: 'Energy in storage. ' + KEYS
    });
  },
  table(run, state) {
    const s = storeSeries(run, state);
    return {
      head: [
        'interval', {text: 'discharge, MW', num: true}, {text: 'charge, MW', num: true},
        {text: 'energy at the end, MWh', num: true}
      ],
      rows: run.time.start.map(
          (_, i) => [run.hourName(i), mw(s.up[i]), mw(s.down[i]), mw(s.energy[i])])
    };
  },
};

/* ---- commitment ---- */

const UNITS_COMMITTED = 60;

/* Units that are on in some intervals, those that change first: [{name, r, on: [n], starts}]. */
function committed(run) {
  return run.keep('committed', () => {
    const on = new Matrix(run, run.stage + '/on', run.resource.length),
          cost = new Matrix(run, run.stage + '/start_cost', run.resource.length);
    if (!on.values) return [];
    const later = new Matrix(run, '/ruc/on', run.resource.length);
    const list = run.resource.map((name, r) => {
      const is = run.time.start.map(
                (_, i) => on.at(i, r) || (later.values && later.at(i, r) ? 2 : 0)),
            starts = is.filter((v, i) => v && i > 0 && !is[i - 1]).length;
      return {
        name,
        r,
        on: is,
        starts,
        changes: is.filter((v, i) => i > 0 && v !== is[i - 1]).length,
        cost: cost.values ? d3.sum(run.time.start.map((_, i) => cost.at(i, r))) : 0
      };
    });
    return list.filter((u) => u.on.some((v) => v))
        .sort((a, b) => b.changes - a.changes || a.r - b.r);
  });
}

/* What prices leave open, by unit; make-whole is a part of the lost opportunity. */
const UPLIFT_ROWS = 24;
const upliftPrices = [
  {name: 'commitment fixed', lost: '/lost_opportunity', whole: '/make_whole', colour: 'var(--c1)'},
  {
    name: 'convex hull',
    lost: '/hull_lost_opportunity',
    whole: '/hull_make_whole',
    colour: 'var(--c0)'
  },
];

/* A commitment has a column of all units; a market has rows of units and days. */
function upliftColumn(run, name) {
  if (run.isCommit) return run.of(name);
  return run.keep('uplift' + name, () => {
    const sum = run.resource.map(() => 0), value = run.of('/uplift' + name);
    run.of('/uplift/resource').forEach((r, k) => sum[r] += value[k]);
    return sum;
  });
}

function upliftUnits(run) {
  return run.keep(
      'uplift',
      () => run.resource
                .map(
                    (name, r) => (
                        {name, r, most: d3.max(upliftPrices, (p) => upliftColumn(run, p.lost)[r])}))
                .filter((u) => u.most > 0.005)
                .sort((a, b) => b.most - a.most || a.r - b.r));
}

const uplift = {
  id: 'uplift',
  group: 'Money',
  title: 'What prices leave open',
  what: (run) =>
      'What the best schedule of a unit at the price would earn more than its schedule ' +
      'does, USD; make-whole payments, the part of it that is a loss, are in the table' +
      (upliftUnits(run).length > UPLIFT_ROWS ?
           '. The ' + UPLIFT_ROWS + ' largest of ' + upliftUnits(run).length :
           '') +
      '.',
  has: (run) => (run.isCommit || run.of('/uplift/resource')) && upliftUnits(run).length > 0,
  draw(host, run, c) {
    legend(host, upliftPrices.map((p) => ({name: p.name, colour: p.colour})));
    const rows =
        upliftUnits(run)
            .slice(0, UPLIFT_ROWS)
            .map(
                (u) => upliftPrices.map(
                    (p, k) => ({
                      name: k === 0 ? u.name : '',
                      parts: [{
                        name: 'lost opportunity',
                        value: upliftColumn(run, p.lost)[u.r],
                        colour: p.colour
                      }],
                      text: short(+upliftColumn(run, p.lost)[u.r].toPrecision(3)),
                      say: [[p.name, u.name], ['make-whole', usd(upliftColumn(run, p.whole)[u.r])]]
                    })))
            .flat();
    barRows(host, {
      ...c.size,
      tall: 16,
      unit: 'USD',
      rows,
      hint: 'Arrow keys or the pointer read rows.',
      label: 'Bars: lost opportunity by unit, with the commitment fixed and at convex hull prices.'
    });
  },
  table(run) {
    return {
      head: [
        'unit', {text: 'cost, USD', num: true},
        ...upliftPrices
            .map((p) => [{text: p.name + ': make-whole, USD', num: true}, {
                   text: 'lost opportunity, USD',
                   num: true
                 }])
            .flat()
      ],
      rows: (run.isCommit ? run.resource.map((name, r) => ({name, r})) : upliftUnits(run))
                .map(
                    (u) =>
                        [u.name, usd(upliftColumn(run, '/cost')[u.r]),
                         ...upliftPrices
                             .map(
                                 (p) =>
                                     [usd(upliftColumn(run, p.whole)[u.r]),
                                      usd(upliftColumn(run, p.lost)[u.r])])
                             .flat()])
    };
  },
};

const commitmentChart = {
  id: 'commitment',
  group: 'Power',
  title: 'Units on',
  what: (run) =>
      'When the market has units on, those that start or stop first; at the right what ' +
      'their starts cost, USD' +
      (run.table('/ruc/on') ? '; black or white where residual unit commitment adds them' : '') +
      (committed(run).length > UNITS_COMMITTED ?
           '. ' + UNITS_COMMITTED + ' of ' + committed(run).length + ' units' :
           '') +
      '.',
  has: (run) => (run.n > 1 || run.isCommit) && committed(run).length > 0,
  draw(host, run, c) {
    const units = committed(run).slice(0, UNITS_COMMITTED);
    heatRows(host, {
      ...c.size,
      time: run.time,
      zone: run.zone(),
      tall: 19,
      hint: KEYS,
      label: 'Matrix: which units are on in which interval. ' + KEYS,
      colour: (i, row) =>
          (units[row].on[i] === 2 ? 'var(--ink)' :
               units[row].on[i]   ? run.look(units[row].r).colour :
                                    'var(--grid)'),
      side: (row) => (units[row].cost > 0.5 ? short(+units[row].cost.toPrecision(3)) + ' USD' : ''),
      rows: units.map(
          (u) => ({
            name: u.name,
            say: (i) =>
                [u.name + ', ' + run.hourName(i),
                 [
                   ['is', ['off', 'on', 'on by residual commitment'][u.on[i]]],
                   ['gives', mw(run.award.at(i, u.r)) + ' MW']
                 ]]
          })),
    });
  },
  table(run) {
    return {
      head: [
        'unit', {text: 'hours on', num: true}, {text: 'starts within the run', num: true},
        {text: 'cost of starts, USD', num: true}
      ],
      rows: committed(run).map(
          (u) =>
              [u.name, number(d3.sum(u.on.map((v, i) => (v ? run.time.hours[i] : 0))), 0),
               number(u.starts, 0), usd(u.cost)])
    };
  },
};

/* ---- ancillary services ---- */

const serviceNames = {
  RU: 'regulation up',
  SR: 'spinning reserve',
  NR: 'non-spinning reserve',
  RD: 'regulation down'
};

function requirements(run) {
  const path = run.stage + '/as_product',
        matrix = (name) => new Matrix(run, run.stage + name, run.of('/as_requirement').length);
  const cost = matrix('/as_price'), need = matrix('/as_required'), got = matrix('/as_procured'),
        short_ = matrix('/as_short');
  return run.of('/as_requirement').map((_, k) => {
    const product = run.word(path, k), at = (m) => run.time.start.map((__, i) => m.at(i, k));
    return {
      name: (serviceNames[product] || product) + ', ' + run.of('/as_region')[k],
      product,
      price: at(cost),
      need: at(need),
      got: at(got),
      short: at(short_)
    };
  });
}

const servicePrices = {
  id: 'services',
  group: 'Power',
  title: 'Ancillary service prices',
  what: () => 'What a MW of each service earns in each region, USD/MW for an hour.',
  has: (run) => run.of('/as_requirement') !== null && run.n > 1,
  domain: (run) => valuesDomain(requirements(run).map((q) => q.price)),
  draw(host, run, c) {
    const all = requirements(run), shown = all.slice(0, 8);
    legend(host, shown.map((q, k) => ({name: q.name, colour: seriesColour(k), line: true})));
    timeLines(host, {
      ...c.size,
      unit: 'USD/MW',
      zone: run.zone(),
      domain: c.domain,
      nameOf: (i) => run.hourName(i),
      hint: KEYS,
      series: shown.map(
          (q, k) => ({name: q.name, colour: seriesColour(k), values: q.price, time: run.time})),
      label: 'Line chart: prices of ancillary services. ' + KEYS
    });
  },
  table(run) {
    const all = requirements(run);
    return {
      head: ['interval', ...all.map((q) => ({text: q.name, num: true}))],
      rows: run.time.start.map((_, i) => [run.hourName(i), ...all.map((q) => price(q.price[i]))]),
      note: 'USD/MW'
    };
  },
};

const serviceAwards = {
  id: 'reserves',
  group: 'Power',
  title: 'Ancillary services awarded',
  what: () => 'MW held for each service, by technology of the resource that holds it.',
  has: (run) => run.of('/as_bid') !== null && run.n > 1,
  groups(run) {
    return run.keep('serviceGroups', () => {
      const found = new Map(),
            award = new Matrix(run, run.stage + '/as_award', run.of('/as_bid').length);
      run.of('/as_bid_resource').forEach((r, b) => {
        const product = run.word(run.stage + '/as_bid_product', b),
              name = product + ' ' + run.group(r);
        if (!found.has(name))
          found.set(name, {name, ...run.look(r), product, up: new Array(run.n).fill(0)});
        for (let i = 0; i < run.n; i++) found.get(name).up[i] += award.at(i, b);
      });
      const rank = Object.keys(serviceNames);
      return [...found.values()].sort(
          (a, b) => rank.indexOf(a.product) - rank.indexOf(b.product) || a.order - b.order);
    });
  },
  draw(host, run, c) {
    const groups = this.groups(run), products = [...new Set(groups.map((g) => g.product))];
    products.forEach((p) => {
      const mine = groups.filter((g) => g.product === p);
      if (!mine.some((g) => g.up.some((v) => v > 0.001))) return;
      host.append(el('p', {class: 'run-name'}, serviceNames[p] || p));
      legend(host, mine.map((g) => ({name: g.name.slice(p.length + 1), colour: g.colour})));
      timeStack(host, {
        ...c.size,
        height: 200,
        unit: 'MW',
        time: run.time,
        zone: run.zone(),
        groups: mine,
        nameOf: (i) => run.hourName(i),
        hint: KEYS,
        label: 'Stacked areas: ' + (serviceNames[p] || p) + ' by technology. ' + KEYS
      });
    });
  },
  table(run) {
    const all = requirements(run);
    return {
      head: [
        'interval',
        ...all
            .map((q) => [{text: q.name + ': required', num: true}, {text: 'procured', num: true}, {
                   text: 'short',
                   num: true
                 }])
            .flat()
      ],
      rows: run.time.start.map(
          (_, i) =>
              [run.hourName(i),
               ...all.map((q) => [mw(q.need[i]), mw(q.got[i]), mw(q.short[i])]).flat()]),
      note: 'MW'
    };
  },
};
