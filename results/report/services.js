/* services.js - ancillary services and ramping capability: what they cost, who holds them. */

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
      head: ['interval', ...all.map((q) => num(q.name))],
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
        ...all.map((q) => [num(q.name + ': required'), num('procured'), num('short')]).flat()
      ],
      rows: run.time.start.map(
          (_, i) =>
              [run.hourName(i),
               ...all.map((q) => [mw(q.need[i]), mw(q.got[i]), mw(q.short[i])]).flat()]),
      note: 'MW'
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
        ...all.map((f) => [num(f.name + ', USD/MW'), num('required, MW'), num('short, MW')]).flat()
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
