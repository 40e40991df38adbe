/* network.js - the map, limits that bind, limits that gave way. */

/* The interval with the most congestion rent: what a reader wants to see first. */
function busiestInterval(run) {
  const rent = run.of('/rent') || [];
  let best = 0;
  rent.forEach((v, i) => {
    if (v > rent[best]) best = i;
  });
  return best;
}

/* MW injected at a node by resources, in an interval. */
function injections(run) {
  return run.keep('injections', () => {
    const at = new Map();
    run.resource.forEach((_, r) => {
      const node = run.resourceNode(r);
      if (!at.has(node)) at.set(node, []);
      at.get(node).push(r);
    });
    return at;
  });
}

const MAP_KEYS =
    'Arrow keys go from node to node, + and - zoom, 0 shows all; Shift and arrows move the map.';

const map = {
  id: 'map',
  group: 'Network',
  title: 'Network',
  what: (run) => 'Nodes coloured by price, branches by how much of their limit they carry' +
      (run.raw.place.from === 'layout' ?
           '. The case has no coordinates: nodes that few branches lie between stand close ' +
               'together.' :
           '.'),
  has: (run) => run.hasPrices && run.branch.length > 0 && run.branchEnds()[0].length > 0,
  controls(host, runs, state, redraw) {
    const run = runs[0];
    if (state.hour === undefined) state.hour = busiestInterval(run);
    if (run.n > 1) {
      const label = el('output', {}, run.hourName(state.hour));
      const slide = (event) => {
        state.hour = +event.target.value;
        label.textContent = run.hourName(state.hour);
        redraw('hour');
      };
      host.append(
          el('label', {}, 'Interval', el('input', {
               type: 'range',
               min: 0,
               max: run.n - 1,
               value: state.hour,
               step: 1,
               on: {input: slide}
             })),
          label);
    }
    const press = (text, name, act) =>
        el('button',
           {type: 'button', 'aria-label': name, on: {click: () => (state.maps || []).forEach(act)}},
           text);
    host.append(
        el('span', {}, press('+', 'Zoom in', (m) => m.zoom(1.6)), ' ',
           press(MINUS, 'Zoom out', (m) => m.zoom(1 / 1.6))));
    const find =
        el('input',
           {type: 'text', spellcheck: 'false', autocomplete: 'off', placeholder: 'name of a node'});
    find.addEventListener('change', () => {
      const i = run.node.indexOf(find.value);
      if (i >= 0 && run.raw.place.x[i] !== null) (state.maps || []).forEach((m) => m.show(i));
    });
    host.append(el('label', {}, 'Find', find));
  },
  domain: (run) => quantiles(run.lmp.values, 0.02, 0.98),
  maps: new Map(),
  draw(host, run, c) {
    const state = c.state, hour = () => Math.min(run.n - 1, state.hour || 0),
          scale = priceScale(c.domain);
    const rate = run.branchRate(), [from, to] = run.branchEnds(), at = injections(run);
    const net = (i) => d3.sum(at.get(i) || [], (r) => run.award.at(hour(), r));
    const largest = Math.max(
        1,
        ...[...at.keys()].map(
            (i) => d3.max(
                d3.range(run.n), (h) => Math.abs(d3.sum(at.get(i), (r) => run.award.at(h, r))))));
    const ties = run.table('/input/tie/bus') || [], first = run.node.length - ties.length;
    const edges =
        ties.length ? [from.concat(ties), to.concat(ties.map((_, k) => first + k))] : [from, to];
    const load = (e) =>
        (e < rate.length && rate[e] > 0 && rate[e] !== Infinity ?
             Math.abs(run.flow.at(hour(), e)) / rate[e] :
             null);
    host.append(scaleKey(scale, 'USD/MWh', d3.extent(run.lmp.values)));
    legend(host, [
      {name: 'below 80\u202f% of the limit', colour: 'var(--wire)', line: true},
      {name: '80\u202f% and more', colour: 'var(--busy)', line: true},
      {name: 'at the limit', colour: 'var(--full)', line: true}
    ]);
    const readout = el('p', {class: 'readout', 'aria-live': 'polite'});
    const drawn = networkMap(host, {
      ...c.size,
      places: run.raw.place,
      edges,
      scale,
      price: (i) => run.lmp.at(hour(), i),
      middle: d3.mean(c.domain),
      load,
      name: (i) => run.node[i],
      size: (i) => Math.sqrt(Math.min(1, Math.abs(net(i)) / largest)),
      readout,
      hint: MAP_KEYS,
      label: 'Map of the network: nodes by price, branches by loading. ' + MAP_KEYS,
      say: (kind, k, node) => {
        if (kind === 'node') {
          const pairs = [['price', price(run.lmp.at(hour(), k)) + ' USD/MWh']].concat(
              partsOf(run, hour(), k));
          if (at.has(k)) pairs.push(['injection', mw(net(k)) + ' MW']);
          say(node, run.node[k] + ', ' + run.hourName(hour()), pairs);
        } else if (k < run.branch.length) {
          say(node, run.branch[k] + ', ' + run.hourName(hour()), [
            ['flow', mw(run.flow.at(hour(), k)) + ' MW'], ['limit', mw(rate[k]) + ' MW'],
            ['loading', load(k) === null ? DASH : percent(load(k))]
          ]);
        } else {
          say(node, run.node[edges[1][k]], []);
        }
      },
    });
    this.maps.set(run, drawn);
    state.maps = [...this.maps.values()];
  },
  table(run, state) {
    const h = Math.min(run.n - 1, state.hour || 0), rate = run.branchRate();
    const rows = run.branch.map(
        (name, e) =>
            [name, run.flow.at(h, e), rate[e],
             rate[e] > 0 && rate[e] !== Infinity ? Math.abs(run.flow.at(h, e)) / rate[e] : null]);
    rows.sort((a, b) => (b[3] || 0) - (a[3] || 0));
    return {
      head: ['branch', ...['flow, MW', 'limit, MW', 'loading'].map(num)],
      rows: rows.map((r) => [r[0], mw(r[1]), mw(r[2]), r[3] === null ? DASH : percent(r[3])]),
      note: run.hourName(h) + ', fullest first; flows count from the first name to the second'
    };
  },
};

/* ---- limits ---- */

/* Limits that bound: {name, k, kind, hours, top, worth, rent}; rent of branches and ties. */
function bindings(run) {
  return run.keep('bindings', () => {
    const limit = run.of('/constraint_limit') || [];
    return run.constraint
        .map((name, k) => {
          const kind = run.word(run.stage + '/constraint_kind', k),
                carries = kind === 'branch' || kind === 'tie';
          let hours = 0, top = 0, worth = 0;
          for (let i = 0; i < run.n; i++) {
            const v = run.shadow.at(i, k);
            if (v > 0) hours += run.time.hours[i];
            top = Math.max(top, v);
            worth += v * run.time.hours[i];
          }
          return {
            name,
            k,
            kind,
            hours,
            top,
            worth,
            limit: limit[k],
            rent: carries && limit[k] !== null ? worth * Math.abs(limit[k]) : null
          };
        })
        .filter((b) => b.worth > 0)
        .sort((a, b) => (b.rent || 0) - (a.rent || 0) || b.worth - a.worth || a.k - b.k);
  });
}

const LIMITS_SHOWN = 30;

const limits = {
  id: 'limits',
  group: 'Network',
  title: 'Limits that bind',
  what: (run) =>
      'Shadow price in each interval, USD/MWh: what one more MW of the limit would have ' +
      'saved. At the right the congestion rent of branches and ties, USD' +
      (bindings(run).length > LIMITS_SHOWN ?
           '; the ' + LIMITS_SHOWN + ' dearest of ' + bindings(run).length :
           '') +
      '.',
  has: (run) => run.n > 1 && bindings(run).length > 0,
  domain: (run) => [0, quantiles(bindings(run).map((b) => b.top), 0.95, 0.95)[1]],
  draw(host, run, c) {
    const rows = bindings(run).slice(0, LIMITS_SHOWN), scale = priceScale(c.domain);
    host.append(scaleKey(scale, 'USD/MWh', [0, d3.max(bindings(run), (b) => b.top)]));
    heatRows(host, {
      ...c.size,
      time: run.time,
      zone: run.zone(),
      tall: 19,
      side: (row) => (rows[row].rent === null ? '' : short(+rows[row].rent.toPrecision(3))),
      colour: (i, row) =>
          (run.shadow.at(i, rows[row].k) > 0.005 ? scale(run.shadow.at(i, rows[row].k)) :
                                                   'var(--grid)'),
      rows: rows.map(
          (b) => ({
            name: b.name,
            say: (i) =>
                [b.name + ', ' + run.hourName(i),
                 [
                   ['shadow price', price(run.shadow.at(i, b.k)) + ' USD/MWh'],
                   ['limit', mw(b.limit) + (b.kind === 'energy' ? ' MWh' : ' MW')]
                 ]]
          })),
      hint: KEYS,
      label: 'Matrix of shadow prices by limit and interval. ' + KEYS,
    });
  },
  table: limitTable,
};

function limitTable(run) {
  return {
    head: [
      'limit', 'kind',
      ...['limit, MW or MWh', 'hours bound', 'highest shadow price, USD/MWh', 'worth of a MW, USD',
          'rent, USD']
          .map(num)
    ],
    rows: bindings(run).map(
        (b) =>
            [b.name, b.kind, mw(b.limit), number(b.hours, 0), price(b.top), usd(b.worth),
             b.rent === null ? DASH : usd(b.rent)]),
  };
}

const limitBars = {
  id: 'limits',
  group: 'Network',
  title: 'Limits that bind',
  what: (run) => 'Congestion rent, USD in the hour: shadow price times limit' +
      (bindings(run).length > LIMITS_SHOWN ?
           '; the ' + LIMITS_SHOWN + ' dearest of ' + bindings(run).length :
           '') +
      '. At the right the shadow price, USD/MWh.',
  has: (run) => run.n === 1 && bindings(run).length > 0,
  draw(host, run, c) {
    barRows(host, {
      ...c.size,
      unit: 'USD',
      label: 'Bars: congestion rent by limit.',
      hint: 'Arrow keys or the pointer read rows.',
      rows:
          bindings(run).slice(0, LIMITS_SHOWN).map((b) => ({
                                                     name: b.name,
                                                     parts: [{
                                                       name: 'rent',
                                                       value: b.rent === null ? b.worth : b.rent,
                                                       colour: 'var(--full)'
                                                     }],
                                                     text: price(b.top),
                                                     say: [
                                                       ['shadow price', price(b.top) + ' USD/MWh'],
                                                       ['limit', mw(b.limit) + ' MW']
                                                     ]
                                                   }))
    });
  },
  table: limitTable,
};

const relaxed = {
  id: 'relaxed',
  group: 'Network',
  title: 'Limits that gave way',
  what: () =>
      'What could not be kept, by what it cost at the penalty prices of the scheduling run, USD.',
  has: (run) => (run.of('/relaxation/text') || []).length > 0,
  draw(host, run, c) {
    const text = run.of('/relaxation/text'), cost = run.of('/relaxation/cost_usd'),
          much = run.of('/relaxation/mw');
    barRows(host, {
      ...c.size,
      unit: 'USD',
      label: 'Bars: cost of limits that gave way.',
      hint: 'Arrow keys or the pointer read rows.',
      rows: text.slice(0, 20).map((t, k) => ({
                                    name: t,
                                    parts: [{name: 'cost', value: cost[k], colour: 'var(--bad)'}],
                                    text: mw(much[k]) + ' MW'
                                  }))
    });
  },
  table(run) {
    const kind = run.of('/relaxation/kind');
    return {
      head: ['interval', 'kind', {text: 'what', wrap: true}, num('MW or MWh'), num('cost, USD')],
      rows: kind.map(
          (_, k) =>
              [run.hourName(run.of('/relaxation/interval')[k]),
               run.word(run.stage + '/relaxation/kind', k), run.of('/relaxation/text')[k],
               mw(run.of('/relaxation/mw')[k]), usd(run.of('/relaxation/cost_usd')[k])])
    };
  },
};
