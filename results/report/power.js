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
      head: ['interval', ...groups.map((g) => num(g.name)), num('load served')],
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
      return {head: ['unit', num('MW')], rows: this.units(run).map((u) => [u.name, mw(u.value)])};
    return {
      head: ['unit', 'node', num('MW'), num('LMP, USD/MWh')],
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
      head: ['interval', ...groups.map((g) => num(g.name))],
      rows: time.start.map((_, i) => [run.hourName(i, time), ...groups.map((g) => mw(g.net[i]))]),
      note: 'MW, real time less day ahead, injection positive'
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
      head: ['interval', num('discharge, MW'), num('charge, MW'), num('energy at the end, MWh')],
      rows: run.time.start.map(
          (_, i) => [run.hourName(i), mw(s.up[i]), mw(s.down[i]), mw(s.energy[i])])
    };
  },
};
