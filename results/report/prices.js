/* prices.js - charts of prices: curves, duration, heat, day ahead against real time. */

const KEYS = 'Arrow keys or the pointer read values.';

/* Nodes that a reader looks for first: hubs and aggregated nodes, then the extremes. */
function firstNodes(run) {
  return run.keep('firstNodes', () => {
    const chosen = [], order = {hub: 0, lap: 1, sub_lap: 2};
    run.node.map((_, i) => i)
        .filter((i) => run.nodeKind(i) in order)
        .sort((a, b) => order[run.nodeKind(a)] - order[run.nodeKind(b)] || a - b)
        .slice(0, 4)
        .forEach((i) => chosen.push(i));
    const {low, high} = run.extremes();
    [high.node, low.node].forEach((i) => {
      if (!chosen.includes(i)) chosen.push(i);
    });
    return chosen.map((i) => run.node[i]);
  });
}

function chosenNodes(runs, state) {
  if (!state.nodes) state.nodes = firstNodes(runs[0]);
  return state.nodes;
}

/* Adds a node by its name; shared by the charts that show chosen nodes. */
function nodePicker(runs, state, redraw) {
  const id = 'nodes-' + (state.pickers = (state.pickers || 0) + 1);
  const list = el('datalist', {id});
  const input = el('input', {
    type: 'text',
    list: id,
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'name of a node'
  });
  const offer = () => {
    const word = input.value.toLowerCase();
    clear(list);
    runs[0]
        .node.filter((n) => n.toLowerCase().includes(word))
        .slice(0, 40)
        .forEach((n) => list.append(el('option', {value: n})));
  };
  const add = () => {
    const name = input.value;
    if (runs.some((r) => r.node.includes(name)) && !chosenNodes(runs, state).includes(name)) {
      state.nodes = state.nodes.concat([name]);
      input.value = '';
      redraw();
    }
  };
  input.addEventListener('input', () => {
    offer();
    add();
  });
  input.addEventListener('focus', offer);
  input.addEventListener('keydown', (e) => {
    if (e.key === 'Enter') add();
  });
  return el('label', {}, 'Add a node', input, list);
}

function nodeSeries(run, state, runs) {
  const times = run.rowTimes(run.lmp);
  return chosenNodes(runs, state)
      .map((name, k) => ({name, k, node: run.node.indexOf(name)}))
      .filter((s) => s.node >= 0)
      .map((s) => ({
             ...s,
             time: times,
             colour: seriesColour(s.k),
             dash: s.k >= 8 ? '5 3' : null,
             values: times.start.map((_, i) => run.lmp.values[i * run.node.length + s.node])
           }));
}

function nodeLegend(host, run, state, runs, redraw, more) {
  legend(
      host,
      nodeSeries(run, state, runs)
          .map((s) => ({
                 name: s.name,
                 colour: s.colour,
                 line: true,
                 dash: s.dash,
                 remove: () => {
                   state.nodes = state.nodes.filter((n) => n !== s.name);
                   redraw();
                 },
               }))
          .concat(more || []));
}

function valuesDomain(lists) {
  const all = lists.flat().filter((v) => v !== null && Number.isFinite(v));
  return airy(d3.min(all), d3.max(all));
}

const priceCurves = {
  id: 'prices',
  group: 'Prices',
  title: 'Prices by node',
  what: (run) =>
      'Locational marginal price in each interval, USD/MWh, at hubs, aggregated nodes and ' +
      'the nodes of the highest and lowest price' +
      (run.lmp.block > 1 ? '; averages of ' + run.lmp.block + ' intervals' : '') + '.',
  has: (run) => run.n > 1 && run.hasPrices,
  controls: (host, runs, state, redraw) =>
      host.append(nodePicker(runs, state, () => redraw('nodes'))),
  on: 'nodes',
  domain: (run, state, runs) => valuesDomain(nodeSeries(run, state, runs).map((s) => s.values)),
  draw(host, run, c) {
    nodeLegend(host, run, c.state, c.runs, () => c.redraw('nodes'));
    const series = nodeSeries(run, c.state, c.runs);
    if (series.length === 0) return;
    timeLines(host, {
      ...c.size,
      cut: true,
      unit: 'USD/MWh',
      zone: run.zone(),
      series,
      domain: c.domain,
      nameOf: (i, t) => run.hourName(i, t),
      hint: KEYS,
      label: 'Line chart: prices of ' + series.map((s) => s.name).join(', ') + '. ' + KEYS
    });
  },
  table(run, state, runs) {
    const series = nodeSeries(run, state, runs), t = run.rowTimes(run.lmp);
    return {
      head: ['interval', ...series.map((s) => num(s.name))],
      rows: t.start.map((_, i) => [run.hourName(i, t), ...series.map((s) => price(s.values[i]))]),
      note: 'USD/MWh'
    };
  },
};

/* Prices of a commitment: with the commitment fixed, and the convex hull's. */
const commitPrices = {
  id: 'commit-prices',
  group: 'Prices',
  title: 'Price of energy',
  what: () =>
      'With the commitment fixed and as the convex hull has it, USD/MWh; the second leaves ' +
      'least to be paid beside the price.',
  has: (run) => run.isCommit && run.n > 0,
  series: (run) =>
      [{
        name: 'commitment fixed',
        time: run.time,
        colour: seriesColour(0),
        values: run.of('/energy_price')
      },
       {
         name: 'convex hull',
         time: run.time,
         colour: seriesColour(1),
         values: run.of('/hull_energy_price')
       }],
  draw(host, run, c) {
    const series = this.series(run);
    lineLegend(host, series);
    timeLines(host, {
      ...c.size,
      cut: true,
      unit: 'USD/MWh',
      zone: run.zone(),
      series,
      nameOf: (i) => run.hourName(i),
      hint: KEYS,
      label: 'Line chart: price of energy with the commitment fixed and of the convex hull. ' + KEYS
    });
  },
  table(run) {
    return {
      head: ['interval', num('commitment fixed'), num('convex hull'), num('load, MW')],
      rows: run.time.start.map(
          (_, i) =>
              [run.hourName(i), price(run.of('/energy_price')[i]),
               price(run.of('/hull_energy_price')[i]), mw(run.of('/load')[i])]),
      note: 'USD/MWh'
    };
  },
};

const commitReserves = {
  id: 'commit-reserves',
  group: 'Prices',
  title: 'Prices of reserve',
  what: () => 'Of each requirement, commitment fixed, USD/MWh.',
  has: (run) => run.isCommit && (run.of('/requirement') || []).length > 0,
  rows: (run) =>
      run.of('/requirement').map((name, k, all) => ({
                                   name,
                                   time: run.time,
                                   colour: seriesColour(k),
                                   values: run.time.start.map(
                                       (_, i) => run.of('/reserve_price')[i * all.length + k])
                                 })),
  draw(host, run, c) {
    const series = this.rows(run).slice(0, 8);
    lineLegend(host, series);
    timeLines(host, {
      ...c.size,
      unit: 'USD/MWh',
      zone: run.zone(),
      series,
      nameOf: (i) => run.hourName(i),
      hint: KEYS,
      label: 'Line chart: prices of reserve. ' + KEYS
    });
  },
  table(run) {
    const rows = this.rows(run);
    return {
      head: ['interval', ...rows.map((s) => num(s.name))],
      rows: run.time.start.map((_, i) => [run.hourName(i), ...rows.map((s) => price(s.values[i]))]),
      note: 'USD/MWh'
    };
  },
};

const priceSpread = {
  id: 'prices',
  group: 'Prices',
  title: 'Prices over nodes',
  what: () => 'How many nodes have which locational marginal price, USD/MWh.',
  has: (run) => run.n === 1 && run.hasPrices,
  domain: (run) => d3.extent(run.lmp.values),
  draw(host, run, c) {
    histogram(host, {
      ...c.size,
      unit: 'USD/MWh',
      count: 'nodes',
      values: run.lmp.values,
      domain: c.domain,
      colours: quantiles(run.lmp.values, 0.01, 0.99),
      hint: KEYS,
      label: 'Histogram of prices over nodes. ' + KEYS
    });
  },
  table: nodeTable,
};

function nodeTable(run) {
  const congestion = run.of('/lmp_congestion'), loss = run.of('/lmp_loss');
  const rows = run.node.map((name, i) => [name, run.lmp.values[i], congestion[i], loss[i]]);
  rows.sort((a, b) => b[1] - a[1]);
  return {
    head: ['node', ...['LMP', 'energy', 'congestion', 'loss'].map(num)],
    rows: rows.map((r) => [r[0], price(r[1]), price(r[1] - r[2] - r[3]), price(r[2]), price(r[3])]),
    note: 'USD/MWh, dearest first',
  };
}

const duration = {
  id: 'duration',
  group: 'Prices',
  title: 'Price duration',
  what: (run) =>
      (run.n > 1 ?
           'Share of hours in which the price is at least so high, USD/MWh; the dashed line ' +
               'is the average that load pays.' :
           'Share of nodes whose price is at least so high, USD/MWh.'),
  has: (run) => run.hasPrices,
  on: 'nodes',
  curves(run, state, runs) {
    if (run.n === 1) return [{name: 'all nodes', colour: seriesColour(0), values: run.lmp.values}];
    return nodeSeries(run, state, runs).concat(run.loadPrice().all === null ? [] : [
      {name: 'average of load', colour: 'var(--ink)', dash: '5 4', values: run.loadPrice().by}
    ]);
  },
  domain(
      run, state,
      runs) { return valuesDomain(this.curves(run, state, runs).map((x) => x.values)); },
  draw(host, run, c) {
    const curves = this.curves(run, c.state, c.runs);
    if (run.n > 1)
      nodeLegend(
          host, run, c.state, c.runs, () => c.redraw('nodes'), run.loadPrice().all === null ? [] : [
            {name: 'average of load', colour: 'var(--ink)', line: true, dash: true}
          ]);
    durationLines(host, {
      ...c.size,
      unit: 'USD/MWh',
      over: run.n > 1 ? 'share of hours' : 'share of nodes',
      of: run.n > 1 ? 'hours' : 'nodes',
      curves,
      domain: c.domain,
      hint: KEYS,
      label: 'Price duration curves. ' + KEYS
    });
  },
  table(run, state, runs) {
    const curves = this.curves(run, state, runs),
          shares = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
    const sorted =
        curves.map((x) => x.values.filter((v) => v !== null).slice().sort((a, b) => b - a));
    return {
      head: ['share', ...curves.map((x) => num(x.name))],
      rows: shares.map(
          (q) =>
              [number(100 * q, 0) + ' %',
               ...sorted.map((s) => price(s[Math.max(0, Math.ceil(q * s.length) - 1)]))]),
      note: 'price reached or exceeded, USD/MWh'
    };
  },
};

/*
 * Nodes in rows by their average price, in the order of the first run where there are several;
 * where there are many nodes, several to a row.
 */
function heatNodes(run, runs) {
  return run.keep('heatNodes', () => {
    const mean = run.meanPrices();
    let order = run.node.map((_, i) => i).sort((a, b) => mean[b] - mean[a] || a - b);
    if (run !== runs[0]) {
      const rank = new Map(heatNodes(runs[0], runs).flat().map((i, k) => [runs[0].node[i], k]));
      const place = (i) => (rank.has(run.node[i]) ? rank.get(run.node[i]) : Infinity);
      order = order.map((i, k) => ({i, k, at: place(i)}))
                  .sort((a, b) => (a.at === b.at ? a.k - b.k : a.at - b.at))
                  .map((o) => o.i);
    }
    const rows = Math.min(order.length, order.length <= 70 ? order.length : 420),
          per = order.length / rows, out = [];
    for (let k = 0; k < rows; k++)
      out.push(order.slice(
          Math.floor(k * per), Math.max(Math.floor(k * per) + 1, Math.floor((k + 1) * per))));
    return out;
  });
}

/* Why a price is what it is, where there is more to it than energy. */
function partsOf(run, i, node) {
  const parts = run.priceParts(i, node);
  return parts.length > 1 ?
      parts.map(
          ([name, v],
           k) => [k === 0 ? 'of this energy' : name, (k > 0 && v > 0 ? '+' : '') + price(v)]) :
      [];
}

const priceHeat = {
  id: 'heat',
  group: 'Prices',
  title: 'Prices by node and hour',
  what: (run) => 'Every node, the dearest on average at the top' +
      (run.node.length > 420 ?
           '; each row is the average of about ' + Math.round(run.node.length / 420) + ' nodes' :
           '') +
      '. Blue is below zero. USD/MWh.',
  has: (run) => run.n > 1 && run.hasPrices,
  domain: (run) => quantiles(run.lmp.values, 0.005, 0.995),
  draw(host, run, c) {
    const scale = priceScale(c.domain), rows = heatNodes(run, c.runs), time = run.rowTimes(run.lmp),
          n = run.node.length, v = run.lmp.values;
    const mean = (i, row) => (
        rows[row].length === 1 ? v[i * n + rows[row][0]] : d3.mean(rows[row], (k) => v[i * n + k]));
    const tall = rows.length <= 70 ? Math.max(12, Math.min(18, 640 / rows.length)) :
                                     Math.max(1, Math.min(3, 480 / rows.length));
    host.append(scaleKey(scale, 'USD/MWh', d3.extent(v)));
    const nameOf = (nodes) => nodes.length === 1 ?
        run.node[nodes[0]] :
        run.node[nodes[0]] + ' and ' + (nodes.length - 1) + ' more, average';
    const sayOf = (nodes, row) => (i) => {
      const at = i * run.lmp.block, parts = nodes.length === 1 ? partsOf(run, at, nodes[0]) : [];
      return [
        run.hourName(at), [[nameOf(nodes), price(mean(i, row))], ['', 'USD/MWh']].concat(parts)
      ];
    };
    heatRows(host, {
      ...c.size,
      time,
      tall,
      zone: run.zone(),
      colour: (i, row) => scale(mean(i, row)),
      topName: 'dearest',
      bottomName: 'cheapest',
      rows: rows.map((nodes, row) => ({name: run.node[nodes[0]], say: sayOf(nodes, row)})),
      hint: KEYS,
      label: 'Heat map of prices over nodes and intervals. ' + KEYS
    });
  },
  table(run, state, runs) {
    const time = run.rowTimes(run.lmp), n = run.node.length, order = heatNodes(run, runs).flat();
    return {
      head: ['node', ...time.start.map((_, i) => num(run.hourName(i, time)))],
      rows:
          order.slice(0, TABLE_ROWS)
              .map(
                  (k) =>
                      [run.node[k], ...time.start.map((_, i) => price(run.lmp.values[i * n + k]))]),
      note: 'USD/MWh; ' + plural(n, 'node', 'nodes')
    };
  },
};

/* ---- day ahead against real time ---- */


const laterStages = [['/fifteen_minute', 'fifteen-minute'], ['/real_time', 'five-minute']];

function laterOf(run) {
  return laterStages.filter(
      ([stage]) => run.table(stage + '/lmp') && run.table(stage + '/lmp').length > 0);
}

function laterNodes(run) { return (run.raw.columns || []).map((i) => run.node[i]); }

function laterSeries(run, state) {
  const names = laterNodes(run);
  if (!names.includes(state.later))
    state.later = firstNodes(run).find((n) => names.includes(n)) || names[0];
  const node = run.node.indexOf(state.later), column = names.indexOf(state.later);
  const day = run.rowTimes(run.lmp);
  return [
    {
      name: 'day ahead',
      time: day,
      colour: seriesColour(0),
      values: day.start.map((_, i) => run.lmp.values[i * run.node.length + node])
    }
  ].concat(laterOf(run).map(([stage, name], k) => {
    const time = run.timesOf(stage), lmp = run.table(stage + '/lmp');
    return {
      name,
      time,
      colour: seriesColour(k + 1),
      thin: true,
      values: time.start.map((_, i) => lmp[i * names.length + column])
    };
  }));
}

const realTime = {
  id: 'real-time',
  group: 'Prices',
  title: 'Day ahead against real time',
  what: () => 'The price of one node in every market in which it was traded, USD/MWh.',
  has: (run) => laterOf(run).length > 0,
  controls(host, runs, state, redraw) {
    const select =
        el('select', {
          on: {
            change: () => {
              state.later = select.value;
              redraw('later');
            }
          }
        },
           laterNodes(runs[0]).map((n) => el('option', {value: n}, n)));
    laterSeries(runs[0], state);
    select.value = state.later;
    host.append(el('label', {}, 'Node', select));
  },
  on: 'later',
  domain: (run, state) => valuesDomain(laterSeries(run, state).map((s) => s.values)),
  draw(host, run, c) {
    const series = laterSeries(run, c.state);
    lineLegend(host, series);
    timeLines(host, {
      ...c.size,
      cut: true,
      unit: 'USD/MWh',
      zone: run.zone(),
      series,
      domain: c.domain,
      nameOf: (i, t) => run.hourName(i, t),
      hint: KEYS,
      label: 'Line chart: prices day ahead and in real time at ' + c.state.later + '. ' + KEYS
    });
  },
  table(run, state) {
    const series = laterSeries(run, state), fine = series[series.length - 1].time;
    return {
      head: ['interval', ...series.map((s) => num(s.name))],
      rows: fine.start.map(
          (m, i) =>
              [run.hourName(i, fine),
               ...series.map((s) => price(s.values[intervalAt(s.time, m)]))]),
      note: state.later + ', USD/MWh'
    };
  },
};
