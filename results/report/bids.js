/* bids.js - bids that rules refused or changed, offers lowered for market power. */

const refused = {
  id: 'refused',
  group: 'Money',
  title: 'Bids refused or modified',
  what: () =>
      'Number of bids by the rule that decided; the reasons with their numbers are in the table.',
  has: (run) => (run.table('/admission/decision/rule') || []).length > 0,
  draw(host, run, c) {
    const rule = run.table('/admission/decision/rule'),
          reason = run.table('/admission/decision/reason');
    const rows =
        d3.nest()
            .key((k) => rule[k])
            .sortKeys(d3.ascending)
            .entries(rule.map((_, k) => k))
            .map((e) => {
              const count = (word) =>
                  e.values.filter((k) => run.word('/admission/decision/status', k) === word).length;
              return {
                name: e.key,
                parts: [
                  {name: 'refused', value: count('rejected'), colour: 'var(--full)'},
                  {name: 'modified', value: count('modified'), colour: 'var(--busy)'}
                ],
                text: plural(e.values.length, 'bid', 'bids'),
                say: [['for example', reason[e.values[0]] || DASH]]
              };
            });
    legend(
        host,
        [{name: 'refused', colour: 'var(--full)'}, {name: 'modified', colour: 'var(--busy)'}]);
    barRows(host, {
      ...c.size,
      unit: 'bids',
      format: (v) => number(v, 0),
      rows,
      hint: 'Arrow keys or the pointer read rows.',
      label: 'Bars: bids refused or modified, by rule.'
    });
  },
  table(run) {
    const d = (name) => run.table('/admission/decision/' + name),
          time = run.timesOf('/admission').n ? run.timesOf('/admission') : run.time;
    return {
      head: [
        'interval', 'scheduling coordinator', 'bid', 'rule', 'outcome', num('before, MW'),
        num('after, MW'), {text: 'reason', wrap: true}
      ],
      rows: d('rule').map(
          (rule, k) =>
              [run.hourName(d('interval')[k], time), run.sc[d('sc')[k]],
               run.resource[d('resource')[k]] || run.virtual[d('virtual')[k]], rule,
               run.word('/admission/decision/status', k), mw(d('before_mw')[k]),
               mw(d('after_mw')[k]), d('reason')[k]])
    };
  },
};

const mitigated = {
  id: 'mitigated',
  group: 'Money',
  title: 'Offers lowered for market power',
  what: () => 'The largest reduction of each resource\u2019s offer, USD/MWh.',
  has: (run) => (run.table('/mitigation/offer/offered') || []).length > 0,
  draw(host, run, c) {
    const m = (name) => run.table('/mitigation/offer/' + name);
    const rows =
        d3.nest()
            .key((k) => run.resource[m('resource')[k]])
            .entries(m('offered').map((_, k) => k))
            .map((e) => {
              const best = e.values.reduce(
                  (a, b) =>
                      (m('offered')[b] - m('mitigated')[b] > m('offered')[a] - m('mitigated')[a] ?
                           b :
                           a));
              const cut = m('offered')[best] - m('mitigated')[best];
              return {
                name: e.key,
                parts: [{name: 'lowered by', value: cut, colour: seriesColour(3)}],
                text: price(cut),
                say: [
                  ['offered', price(m('offered')[best])],
                  ['cleared at', price(m('mitigated')[best])],
                  ['default', price(m('default')[best])]
                ]
              };
            })
            .sort((a, b) => b.parts[0].value - a.parts[0].value)
            .slice(0, 30);
    barRows(host, {
      ...c.size,
      unit: 'USD/MWh',
      format: price,
      rows,
      hint: 'Arrow keys or the pointer read rows.',
      label: 'Bars: how much offers were lowered.'
    });
  },
  table(run) {
    const m = (name) => run.table('/mitigation/offer/' + name);
    return {
      head: [
        'interval', 'resource',
        ...['from, MW', 'to, MW', 'offered, USD/MWh', 'default, USD/MWh', 'cleared, USD/MWh'].map(
            num)
      ],
      rows: m('offered').map(
          (_, k) =>
              [run.hourName(m('interval')[k]), run.resource[m('resource')[k]], mw(m('from_mw')[k]),
               mw(m('to_mw')[k]), price(m('offered')[k]), price(m('default')[k]),
               price(m('mitigated')[k])])
    };
  },
};
