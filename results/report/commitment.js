/* commitment.js - which units are on, and what prices leave open for them. */

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
  {name: 'commitment fixed', lost: '/lost_opportunity', whole: '/make_whole', colour: 'var(--c0)'},
  {
    name: 'convex hull',
    lost: '/hull_lost_opportunity',
    whole: '/hull_make_whole',
    colour: 'var(--c1)'
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
        'unit', num('cost, USD'),
        ...upliftPrices
            .map((p) => [num(p.name + ': make-whole, USD'), num('lost opportunity, USD')])
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
    heatRows(
        host, {
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
          side: (row) => (units[row].cost > 0.5 ? short(+units[row].cost.toPrecision(3)) : ''),
          rows: units.map((u) => ({
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
      head: ['unit', num('hours on'), num('starts within the run'), num('cost of starts, USD')],
      rows: committed(run).map(
          (u) =>
              [u.name, number(d3.sum(u.on.map((v, i) => (v ? run.time.hours[i] : 0))), 0),
               number(u.starts, 0), usd(u.cost)])
    };
  },
};
