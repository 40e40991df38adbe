/* page.js - the page: head, tiles, one section per chart, the record of the run. */

const runs = JSON.parse(document.getElementById('runs').textContent).map((raw) => new Run(raw));
const specs = (runs.length > 1 ? acrossCharts : []).concat([
  commitPrices,   commitReserves, priceCurves,   priceSpread,   duration,   priceHeat,
  realTime,       dispatchStack,  dispatchBars,  followers,     flexible,   commitmentChart,
  storage,        servicePrices,  serviceAwards, map,           limits,     limitBars,
  relaxed,        uplift,         moneyFlow,     statementFlow, statements, credit,
  creditOverDays, refused,        mitigated
]);
const state = {};
const drawn = []; /* {spec, panels: [{run, host}], details} */

function tiles(run) {
  const load = d3.sum(run.load().map((v, i) => v * run.time.hours[i])), m = run.raw.meta;
  const whole = (v) => number(v, 0);
  const tile = (name, value, format, unit, more) =>
      el('li', {}, el('span', {class: 'name'}, name),
         el('span', {class: 'value'}, format(value), ' ', el('small', {}, unit)),
         more ? el('span', {class: 'more'}, more) : null);
  const list = [];
  if (load > 0)
    list.push(tile(
        'Load served', load, whole, 'MWh',
        plural(run.n, 'interval', 'intervals') +
            (run.node.length > 0 ? ', ' + plural(run.node.length, 'node', 'nodes') : '')));
  if (run.loadPrice().all !== null)
    list.push(tile('Average price', run.loadPrice().all, price, 'USD/MWh', 'weighted by load'));
  if (run.hasPrices) {
    const {low, high} = run.extremes();
    list.push(tile(
        'Highest price', high.value, price, 'USD/MWh',
        run.node[high.node] + (run.n > 1 ? ', ' + run.hourName(high.interval) : '')));
    list.push(tile(
        'Lowest price', low.value, price, 'USD/MWh',
        run.node[low.node] + (run.n > 1 ? ', ' + run.hourName(low.interval) : '')));
  }
  if (run.isCommit) {
    list.push(tile('Proven bound', m.bound_usd, usd, 'USD', 'no commitment costs less'));
    list.push(tile(
        'Make-whole payments', d3.sum(run.of('/make_whole')), usd, 'USD',
        usd(d3.sum(run.of('/hull_make_whole'))) + ' at hull prices'));
  }
  if (run.of('/rent'))
    list.push(tile(
        'Congestion rent', d3.sum(run.of('/rent') || []), usd, 'USD',
        plural(bindings(run).length, 'limit binds', 'limits bind')));
  list.push(tile(
      'Cost as bid', m.objective_usd, usd, 'USD',
      m.objective_usd < 0 ? 'less the value of load served' : null));
  const decided = run.table('/admission/decision/rule');
  if (decided)
    list.push(tile(
        'Bids refused',
        decided.filter((_, k) => run.word('/admission/decision/status', k) === 'rejected').length,
        whole, '',
        plural(
            decided.filter((_, k) => run.word('/admission/decision/status', k) === 'modified')
                .length,
            'modified', 'modified')));
  const calls = run.table('/credit/account/call');
  if (calls)
    list.push(tile(
        'Credit calls', calls.filter((v) => v > 0).length, whole, '', usd(d3.sum(calls)) + ' USD'));
  return el('ul', {class: 'tiles'}, list);
}

function runTitle(run) {
  const t = run.time, from = t.n && !run.isDispatch && !run.isCommit ? dateText(t.date[0]) : '',
        to = t.n && !run.isDispatch && !run.isCommit ? dateText(t.date[t.n - 1]) : '';
  return run.raw.meta.scenario +
      (from             ? ', ' + from + (to !== from ? ' to ' + to : '') :
           run.isCommit ? ', ' + plural(run.n, 'interval', 'intervals') :
                          ', one hour');
}

function header() {
  const top = el('header', {class: 'top'});
  if (runs.length === 1) {
    top.append(el('h1', {}, runTitle(runs[0])));
    if (runs[0].raw.meta.description) top.append(el('p', {}, runs[0].raw.meta.description));
    top.append(tiles(runs[0]));
  } else {
    top.append(el('h1', {}, runs.length + ' runs compared'));
    runs.forEach(
        (run) => top.append(
            el('p', {}, el('b', {}, run.raw.label),
               ': ' + runTitle(run) +
                   (run.raw.meta.description ? '. ' + run.raw.meta.description : ''))));
  }
  if (runs.length > 1) {
    const box = el('input', {
      type: 'checkbox',
      checked: true,
      on: {
        change: () => {
          state.ownScales = !box.checked;
          redraw();
        }
      }
    });
    top.append(el('p', {class: 'controls'}, el('label', {}, box, 'One scale for all runs')));
  }
  runs.forEach((run) => {
    const gave = (run.of('/relaxation/text') || []).length;
    if (gave > 0)
      top.append(
          el('p', {class: 'alert', role: 'note'},
             (runs.length > 1 ? run.raw.label + ': ' : '') +
                 plural(gave, 'limit could', 'limits could') +
                 ' not be kept; prices follow the price caps where that is so. ',
             el('a', {href: '#relaxed'}, 'Which ones')));
  });
  return top;
}

function facts(run) {
  const m = run.raw.meta,
        ok = (good) => el('span', {class: good ? 'ok' : 'no'}, good ? 'yes' : 'no');
  const small = (v, unit) => (v === undefined ? null : [
    v === 0              ? '0' :
        Math.abs(v) >= 1 ? number(v, 1) :
                           v.toExponential(1).replace(/-/g, MINUS),
    ' ', unit
  ]);
  const rows = [
    [
      'Statements add up to zero',
      run.table('/settlement/charge_code') ? ok(m.sum_of_charges_cents === 0) : null
    ],
    ['Worst violation of a limit', small(m.primal_residual, 'MW')],
    ['Worst violation of a price condition', small(m.dual_residual, 'USD/MWh')],
    [
      'No commitment costs less than', m.bound_usd === undefined ? null : [usd(m.bound_usd), ' USD']
    ],
    ['Gap between cost and bound', small(m.relative_gap, 'of the cost')],
    ['Payments less credits less rent, worst hour', small(m.rent_residual, 'USD')],
    ['Worst sum of a group of charges', small(m.neutrality_residual, 'USD')],
    ['Cost of the awards as bid', [usd(m.objective_usd), ' USD']],
    [
      'Network model',
      m.dc_model ? 'DC, convention of ' + m.dc_model + '; losses ' + (m.losses || 'off') : null
    ],
    ['Solved by', m.solver],
    ['Written by', 'GridClear ' + m.program_version],
    ['Fingerprint of the inputs', m.fingerprint],
    ['Time zone of trade dates', m.time_zone],
    ['File', run.raw.label],
  ];
  return el(
      'dl', {class: 'facts'},
      rows.filter((r) => r[1]).map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

const certificate = {
  id: 'certificate',
  group: 'Record',
  title: 'Certificate and provenance',
  what: () => 'What the program proved about its answer before it wrote the file, and where the ' +
      'numbers come from.',
  has: () => true,
  draw: (host, run) => host.append(facts(run)),
  behind: 'Parameters',
  table: (run) => ({
    head: ['parameter', num('value')],
    rows: Object.entries(run.raw.settings)
              .map(([name, value]) => [name, number(value, 4).replace(/\.?0+$/, '')])
  }),
};
specs.push(certificate);

/* ---- sections ---- */

/* What all runs share, so that charts side by side have one scale. */
function sharedDomain(spec, shown) {
  if (!spec.domain || state.ownScales) return undefined;
  const all = shown.map((run) => spec.domain(run, state, runs));
  return [d3.min(all, (d) => d[0]), d3.max(all, (d) => d[1])];
}

/* The runs that a chart is about: one that spans several is drawn once, of the first. */
const drawnFor = (spec) =>
    (spec.across ? runs.slice(0, 1) : runs).filter((run) => spec.has(run, runs));

function fill(entry) {
  const {spec} = entry, shown = drawnFor(spec);
  const domain = sharedDomain(spec, shown);
  entry.panels.forEach(({run, host}) => {
    clear(host);
    if (runs.length > 1 && !spec.across)
      host.append(el('figcaption', {class: 'run-name'}, run.raw.label));
    if (!spec.has(run, runs)) {
      host.append(el('p', {class: 'empty'}, 'Nothing of this in the run.'));
      return;
    }
    const own = spec.domain ? spec.domain(run, state, runs) : undefined;
    spec.draw(host, run, {
      size: {width: Math.max(280, host.clientWidth)},
      domain: domain || own,
      state,
      runs,
      redraw
    });
  });
  if (entry.details && entry.details.open) fillTable(entry);
}

function fillTable(entry) {
  entry.details.querySelectorAll('.scroll').forEach((t) => t.remove());
  drawnFor(entry.spec).forEach((run) => {
    entry.details.append(tableOf(
        entry.spec.table(run, state, runs),
        entry.spec.title + (runs.length > 1 && !entry.spec.across ? ', ' + run.raw.label : '')));
  });
}

function redraw(topic) {
  drawn
      .filter(
          (entry) => topic === undefined || entry.spec.on === topic ||
              (topic === 'hour' && entry.spec.id === 'map'))
      .forEach((entry) => {
        if (topic === 'hour') {
          (state.maps || []).forEach((m) => m.redraw());
          if (entry.details.open) fillTable(entry);
        } else
          fill(entry);
      });
}

function section(spec) {
  const first = drawnFor(spec)[0], many = runs.length > 1 && !spec.across;
  const controls = el('div', {class: 'controls'});
  const panels =
      (spec.across ? runs.slice(0, 1) : runs).map((run) => ({run, host: el('figure', {})}));
  const details = spec.table ?
      el('details', {class: 'behind'}, el('summary', {}, spec.behind || 'Table')) :
      null;
  const node =
      el('section', {class: 'chart', id: spec.id, 'aria-labelledby': spec.id + '-title'},
         el('h3', {id: spec.id + '-title'}, spec.title),
         el('p', {class: 'what'}, spec.what(first, runs)), controls,
         el('div', {class: 'panels' + (many ? ' two' : '')}, panels.map((p) => p.host)), details);
  const entry = {spec, panels, details};
  if (spec.controls) spec.controls(controls, drawnFor(spec), state, redraw);
  if (details)
    details.addEventListener('toggle', () => {
      if (details.open) fillTable(entry);
    });
  drawn.push(entry);
  return node;
}

function build() {
  const page = document.getElementById('page'),
        main = el('main', {id: 'main', tabindex: '-1'}, header());
  const nav = el('nav', {'aria-label': 'Charts'}, el('strong', {}, 'GridClear report'));
  let group = null, list = null;
  specs.filter((spec) => drawnFor(spec).length > 0).forEach((spec) => {
    if (spec.group !== group) {
      group = spec.group;
      list = el('ul', {'aria-labelledby': 'nav-' + group.toLowerCase()});
      nav.append(el('div', {}, el('p', {id: 'nav-' + group.toLowerCase()}, group), list));
      main.append(el('h2', {class: 'group'}, group));
    }
    list.append(el('li', {}, el('a', {href: '#' + spec.id}, spec.title)));
    main.append(section(spec));
  });
  page.append(nav, main);
  drawn.forEach(fill);
  document.documentElement.dataset.drawn = String(drawn.length);
}

build();

let width = document.documentElement.clientWidth, timer = 0;
window.addEventListener('resize', () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (document.documentElement.clientWidth === width || onPaper) return;
    width = document.documentElement.clientWidth;
    redraw();
  }, 120);
});
wantsDark.addEventListener('change', () => redraw());
window.addEventListener('beforeprint', () => {
  onPaper = true;
  redraw();
});
window.addEventListener('afterprint', () => {
  onPaper = false;
  redraw();
});
