/* money.js - who pays and who is paid: at market prices, and by the statements. */

/* Boxes by name and column, and links between them, each sum kept once. */
class Ledger {
  constructor() {
    this.boxes = [];
    this.links = [];
  }
  box(name, column, colour) {
    let i = this.boxes.findIndex((b) => b.name === name && b.column === column);
    if (i < 0) i = this.boxes.push({name, column, colour}) - 1;
    return i;
  }
  flow(from, to, value) {
    if (!(value > 0)) return;
    const link = this.links.find((l) => l.from === from && l.to === to);
    if (link)
      link.value += value;
    else
      this.links.push({from, to, value});
  }
}

function flowTable(l) {
  return {
    head: ['from', 'to', num('USD')],
    rows: l.links.slice()
              .sort((a, b) => l.boxes[a.from].column - l.boxes[b.from].column || b.value - a.value)
              .map((k) => [l.boxes[k.from].name, l.boxes[k.to].name, usd(k.value)])
  };
}

const MONEY_NAMES = 9;

/* Payments for energy, who pays positive: [{name, colour, pays, gets}], USD. */
function energyPayments(run) {
  const found = new Map();
  const add = (name, colour, amount) => {
    if (!found.has(name)) found.set(name, {name, colour, pays: 0, gets: 0});
    if (amount > 0)
      found.get(name).pays += amount;
    else
      found.get(name).gets -= amount;
  };
  const taken = new Set(run.resource.map((_, r) => r)
                            .filter((r) => run.resourceType(r) === 'load')
                            .map((r) => run.resourceNode(r)));
  run.resource.forEach((unit, r) => {
    const type = run.resourceType(r), node = run.resourceNode(r), group = run.group(r);
    for (let i = 0; i < run.n; i++) {
      const amount = -run.award.at(i, r) * run.lmp.at(i, node) * run.time.hours[i];
      const below = run.lmp.at(i, node) < 0 ? ', price below 0' : '';
      if (type === 'load')
        add((taken.size <= 6 ? 'load at ' + run.node[node] : 'load') + below, kindOf('load').colour,
            amount);
      else if (run.isDispatch)
        add(amount > 0 ? 'units' + (below || ', taking power') : unit, seriesColour(0), amount);
      else
        add(group + below, run.look(r).colour, amount);
    }
  });
  const virtual = run.of('/virtual_award') ?
      new Matrix(run, run.stage + '/virtual_award', run.virtual.length) :
      null;
  (virtual ? run.virtual : []).forEach((_, v) => {
    for (let i = 0; i < run.n; i++) {
      add('virtual bids', kindOf('virtual').colour,
          -virtual.at(i, v) * run.lmp.at(i, run.table('/input/virtual/node')[v]) *
              run.time.hours[i]);
    }
  });
  if (run.isDispatch) {
    run.busLoad().forEach(
        (v, node) =>
            add(run.lmp.at(0, node) < 0 ? 'load, price below 0' : 'load', kindOf('load').colour,
                v * run.lmp.at(0, node)));
    (run.of('/dc_line') || []).forEach((_, d) => {
      add('DC lines', seriesColour(6),
          run.of('/dc_line_flow')[d] * run.lmp.at(0, run.of('/dc_line_from')[d]) -
              run.of('/dc_line_received')[d] * run.lmp.at(0, run.of('/dc_line_to')[d]));
    });
  }
  return [...found.values()];
}

/* Statement lines: [{sc, code, group, name, usd}]. */
function statementLines(run) {
  return run.keep('statementLines', () => {
    const sc = run.table('/settlement/statement/sc') || [],
          code = run.table('/settlement/statement/charge_code') || [];
    const cents = run.table('/settlement/statement/amount_cents') || [],
          number_ = run.table('/settlement/charge_code') || [];
    const place = new Map(number_.map((v, k) => [v, k]));
    return sc.map((who, l) => ({
                    sc: who,
                    code: code[l],
                    usd: cents[l] / 100,
                    name: run.table('/settlement/charge_code_name')[place.get(code[l])] || '',
                    group: run.table('/settlement/charge_code_group')[place.get(code[l])] || ''
                  }));
  });
}

/* The smaller of many names together, so that a column stays readable. */
function fewNames(list, size) {
  const sorted = list.slice().sort((a, b) => size(b) - size(a));
  const keep = sorted.slice(0, MONEY_NAMES), rest = sorted.slice(MONEY_NAMES);
  if (rest.length === 0) return keep;
  return keep.concat([{
    name: number(rest.length, 0) + ' others',
    colour: seriesColour(7),
    pays: d3.sum(rest, (p) => p.pays),
    gets: d3.sum(rest, (p) => p.gets)
  }]);
}

function moneyLedger(run) {
  return run.keep('moneyLedger', () => {
    const l = new Ledger(), all = energyPayments(run),
          market = l.box('energy market', 1, 'var(--c0)');
    fewNames(all.filter((p) => p.pays > 0), (p) => p.pays)
        .forEach((p) => l.flow(l.box(p.name, 0, p.colour), market, p.pays));
    fewNames(all.filter((p) => p.gets > 0), (p) => p.gets)
        .forEach((p) => l.flow(market, l.box(p.name, 2, p.colour), p.gets));
    const rents = [
      ['congestion rent', d3.sum(run.of('/rent') || []), 6790],
      ['loss surplus', d3.sum(run.of('/loss_surplus') || []), 6947]
    ];
    rents.forEach(([name, value, code]) => {
      if (Math.abs(value) < 1) return;
      const box = l.box(name, value > 0 ? 2 : 0, kindOf(name).colour);
      if (value < 0) {
        l.flow(box, market, -value);
        return;
      }
      l.flow(market, box, value);
      const shares = statementLines(run).filter((s) => s.code === code && s.usd < 0);
      fewNames(
          d3.nest().key((s) => s.sc).entries(shares).map((e) => ({
                                                           name: e.key,
                                                           colour: 'var(--c4)',
                                                           pays: 0,
                                                           gets: -d3.sum(e.values, (s) => s.usd)
                                                         })),
          (p) => p.gets)
          .forEach((p) => l.flow(box, l.box(p.name, 3, p.colour), p.gets));
    });
    const left = d3.sum(all, (p) => p.pays - p.gets) - d3.sum(rents, (x) => x[1]);
    if (Math.abs(left) > 0.002 * d3.sum(all, (p) => p.pays)) {
      const box = l.box('other', left > 0 ? 2 : 0, seriesColour(7));
      if (left > 0)
        l.flow(market, box, left);
      else
        l.flow(box, market, -left);
    }
    if (run.of('/as_bid')) servicePayments(run, l);
    return l;
  });
}

function servicePayments(run, l) {
  const award = new Matrix(run, run.stage + '/as_award', run.of('/as_bid').length),
        cost = new Matrix(run, run.stage + '/as_bid_price', run.of('/as_bid').length);
  const market = l.box('ancillary services', 1, 'var(--c2)'),
        demand = l.box('demand, by its share', 0, kindOf('load').colour);
  const by = new Map();
  run.of('/as_bid_resource').forEach((r, b) => {
    for (let i = 0; i < run.n; i++)
      by.set(
          run.group(r),
          (by.get(run.group(r)) || 0) + award.at(i, b) * cost.at(i, b) * run.time.hours[i]);
  });
  const colour = new Map(run.resource.map((_, r) => [run.group(r), run.look(r).colour]));
  by.forEach((value, name) => {
    l.flow(demand, market, value);
    l.flow(market, l.box(name, 2, colour.get(name)), value);
  });
}

const moneyFlow = {
  id: 'money',
  group: 'Money',
  title: 'Where the money goes',
  what: (run) => 'Payments at ' + (laterOf(run).length > 0 ? 'day-ahead ' : '') +
      'locational prices, USD: from those who pay through the market to those who are paid, ' +
      'and to the rents' +
      (statementLines(run).length > 0 ? ' and whom they are returned to' : '') + '.',
  has: (run) => run.hasPrices && !run.isCommit && moneyLedger(run).links.length > 0,
  draw(host, run, c) {
    const l = moneyLedger(run);
    flowChart(host, {
      ...c.size,
      height: 420,
      unit: 'USD',
      boxes: l.boxes,
      links: l.links,
      hint: 'Arrow keys or the pointer read amounts, USD.',
      label: 'Flow chart: money from payers through the market to those who are paid.'
    });
  },
  table: (run) => flowTable(moneyLedger(run)),
};

/* Of each group of charges, which adds up to zero: who pays into it and who is paid out of it. */
function statementLedger(run) {
  return run.keep('statementLedger', () => {
    const l = new Ledger(),
          net = d3.nest()
                    .key((s) => s.group)
                    .key((s) => s.sc)
                    .rollup((v) => d3.sum(v, (s) => s.usd))
                    .entries(statementLines(run));
    const size = (g) => d3.sum(g.values, (e) => Math.abs(e.values)),
          groups = net.sort((a, b) => size(b) - size(a)).filter((g) => size(g) > 1);
    const shown = groups.slice(0, 9).map((g, k) => ({
                                           name: g.key,
                                           colour: seriesColour(k),
                                           of: g.values.map((e) => ({name: e.key, usd: e.values}))
                                         }));
    if (groups.length > 9)
      shown.push({
        name: 'other charges',
        colour: seriesColour(7),
        of: groups.slice(9).map((g) => g.values.map((e) => ({name: e.key, usd: e.values}))).flat()
      });
    const total = d3.nest()
                      .key((s) => s.sc)
                      .rollup((v) => d3.sum(v, (s) => Math.abs(s.usd)))
                      .entries(statementLines(run))
                      .sort((a, b) => b.values - a.values);
    const known = new Set(total.slice(0, 14).map((e) => e.key)),
          named = (name) => (known.has(name) ? name : 'others');
    shown.forEach((g) => {
      const middle = l.box(g.name, 1, g.colour);
      g.of.forEach(
          (e) =>
              (e.usd > 0 ? l.flow(l.box(named(e.name), 0, 'var(--c7)'), middle, e.usd) :
                           l.flow(middle, l.box(named(e.name), 2, 'var(--c7)'), -e.usd)));
    });
    return l;
  });
}

const statementFlow = {
  id: 'statement-flow',
  group: 'Money',
  title: 'Who pays whom',
  what: () => 'Statements of all trade dates, USD: from those who pay, through groups of charges ' +
      'that each add up to zero, to those who are paid. The operator\u2019s own account ' +
      'is ISO.',
  has: (run) => statementLines(run).length > 0 && statementLedger(run).links.length > 0,
  draw(host, run, c) {
    const l = statementLedger(run);
    flowChart(host, {
      ...c.size,
      height: 340,
      unit: 'USD',
      boxes: l.boxes,
      links: l.links,
      hint: 'Arrow keys or the pointer read amounts, USD.',
      label: 'Flow chart: statements from payers through groups of charges to those who are paid.'
    });
  },
  table: (run) => flowTable(statementLedger(run)),
};

/* ---- statements ---- */

const ACCOUNTS_SHOWN = 40;

const statements = {
  id: 'statements',
  group: 'Money',
  title: 'Statements',
  what: () =>
      'Charges by scheduling coordinator, USD: to the right what it pays, to the left what ' +
      'it is paid; the tick and the number are its net. All together add up to zero.',
  has: (run) => statementLines(run).length > 0,
  groups: (run) => {
    const size = d3.nest()
                     .key((s) => s.group)
                     .rollup((v) => d3.sum(v, (s) => Math.abs(s.usd)))
                     .entries(statementLines(run));
    return size.sort((a, b) => b.values - a.values).map((e) => e.key);
  },
  rows(run) {
    const groups = this.groups(run), named = groups.slice(0, 7);
    return d3.nest()
        .key((s) => s.sc)
        .entries(statementLines(run))
        .map((e) => {
          const parts =
              named.map((g, k) => ({
                          name: g,
                          colour: seriesColour(k),
                          value: d3.sum(e.values.filter((s) => s.group === g), (s) => s.usd)
                        }));
          if (groups.length > named.length)
            parts.push({
              name: 'other',
              colour: seriesColour(7),
              value: d3.sum(e.values.filter((s) => !named.includes(s.group)), (s) => s.usd)
            });
          const net = d3.sum(e.values, (s) => s.usd);
          return {
            name: e.key,
            parts,
            mark: net,
            text: short(+net.toPrecision(4)),
            say: [['net', usd(net)]]
          };
        })
        .sort((a, b) => b.mark - a.mark);
  },
  domain(run) {
    const rows = this.rows(run);
    return [
      d3.min(rows, (r) => d3.sum(r.parts, (p) => Math.min(0, p.value))),
      d3.max(rows, (r) => d3.sum(r.parts, (p) => Math.max(0, p.value)))
    ];
  },
  draw(host, run, c) {
    const rows = this.rows(run);
    legend(host, rows[0].parts.map((p) => ({name: p.name, colour: p.colour})));
    barRows(host, {
      ...c.size,
      unit: 'USD, positive: the participant pays',
      rows: rows.slice(0, ACCOUNTS_SHOWN),
      domain: c.domain,
      hint: 'Arrow keys or the pointer read rows.',
      label: 'Bars: charges by scheduling coordinator and group of charges.'
    });
  },
  table(run) {
    return {
      head: ['scheduling coordinator', 'charge code', 'charge', num('USD')],
      rows: statementLines(run).map((s) => [s.sc, s.code, s.name, number(s.usd, 2)]),
      note: 'positive: the participant pays'
    };
  },
};
