/* figure.js - what charts have in common: frame, axes, legend, table. */

const MARGIN = {
  top: 26,
  right: 14,
  bottom: 34,
  left: 54
};

/* Where a chart and the line under it that reads its values stand. */
function plotIn(host) {
  const plot = el('div', {class: 'plot'}),
        readout = el('p', {class: 'readout', 'aria-live': 'polite'});
  host.append(plot, readout);
  return {plot, readout};
}

/* An SVG of that size in host with a group inside the margins. */
function frame(host, width, height, label, margin) {
  const m = {...MARGIN, ...(margin || {})};
  const svg = d3.select(host)
                  .append('svg')
                  .attr('viewBox', '0 0 ' + width + ' ' + height)
                  .attr('role', 'img')
                  .attr('aria-label', label);
  const inner = svg.append('g').attr('transform', 'translate(' + m.left + ',' + m.top + ')');
  return {
    svg,
    inner,
    width: Math.max(40, width - m.left - m.right),
    height: height - m.top - m.bottom,
    margin: m
  };
}

/* Values with horizontal lines, the unit above. */
function valueAxis(f, y, unit, format) {
  const axis = d3.svg.axis()
                   .scale(y)
                   .orient('left')
                   .ticks(Math.max(3, Math.round(f.height / 44)))
                   .tickSize(-f.width, 0)
                   .tickPadding(7)
                   .tickFormat(format || short);
  f.inner.append('g').attr('class', 'axis y').call(axis);
  f.inner.append('text')
      .attr('class', 'unit')
      .attr('x', -f.margin.left + 2)
      .attr('y', -13)
      .text(unit);
  zeroLine(f, y);
}

/* Values from left to right, the unit at the right below; with a grid the lines go all up. */
function footAxis(f, x, unit, format, {ticks, grid}) {
  const axis = d3.svg.axis().scale(x).orient('bottom').ticks(ticks).tickFormat(format);
  axis.tickSize(grid ? -f.height : 4, 0).tickPadding(grid ? 7 : 3);
  const g = f.inner.append('g')
                .attr('class', grid ? 'axis y' : 'axis x')
                .attr('transform', 'translate(0,' + f.height + ')')
                .call(axis);
  unitBelow(f, g, unit, grid ? 38 : 30);
}

function unitBelow(f, g, unit, y) {
  g.append('text')
      .attr('class', 'unit')
      .attr('x', f.width)
      .attr('y', y)
      .attr('text-anchor', 'end')
      .text(unit);
}

function zeroLine(f, y) {
  const [lo, hi] = y.domain();
  if (lo < 0 && hi > 0) {
    f.inner.append('line')
        .attr('class', 'zero')
        .attr('x1', 0)
        .attr('x2', f.width)
        .attr('y1', y(0))
        .attr('y2', y(0));
  }
}

/* Where hours or days are marked: [{at: minutes, text}]. */
function timeTicks(time, room) {
  const days = (time.end[time.n - 1] - time.start[0]) / 1440, marks = [];
  let last = null;
  if (time.plain) { /* intervals of no day in particular, by their numbers */
    const step = Math.max(1, Math.ceil(time.n * 26 / room));
    for (let i = step - 1; i < time.n; i += step)
      marks.push({at: (time.start[i] + time.end[i]) / 2, text: String(i + 1)});
    return marks;
  }
  if (days <= 2.1 && !time.daily) {
    const per = room / Math.max(1, days), step = per > 560 ? 1 : per > 300 ? 2 : per > 170 ? 4 : 6;
    for (let i = 0; i < time.n; i++) {
      const key = time.date[i] + '/' + time.he[i];
      if (key === last) continue;
      last = key;
      if (step === 1 || time.he[i] % step === 0) {
        const first = time.start[i];
        marks.push({at: first + 30, text: String(time.he[i])});
      }
    }
    return marks;
  }
  const step = Math.max(1, Math.ceil(days * 74 / room));
  for (let i = 0, day = -1; i < time.n; i++) {
    if (time.date[i] === last) continue;
    last = time.date[i];
    day++;
    if (day % step === 0)
      marks.push({at: time.start[i] + (time.daily ? 720 : 0), text: dateText(last).slice(5)});
  }
  return marks;
}

function timeAxis(f, x, time, zone) {
  const g = f.inner.append('g')
                .attr('class', 'axis x')
                .attr('transform', 'translate(0,' + f.height + ')');
  const mark = g.selectAll('g')
                   .data(timeTicks(time, f.width))
                   .enter()
                   .append('g')
                   .attr('transform', (d) => 'translate(' + x(d.at) + ',0)');
  mark.append('line').attr('y2', 4);
  mark.append('text').attr('y', 16).attr('text-anchor', 'middle').text((d) => d.text);
  const hours = time.end[time.n - 1] - time.start[0] <= 2.1 * 1440 && !time.daily;
  const from = dateText(time.date[0]), to = dateText(time.date[time.n - 1]);
  unitBelow(
      f, g,
      time.plain ? 'interval' :
                   (hours ? 'hour ending' : 'trade date') + ', ' + zone +
              (hours ? ', ' + from + (to !== from ? ' to ' + to : '') : ''),
      30);
}

function timeScale(f, time) {
  return d3.scale.linear().domain([time.start[0], time.end[time.n - 1]]).range([0, f.width]);
}

/* A domain with air at the ends; zero is in it where it is near. */
function airy(lo, hi) {
  if (!(hi > lo)) return [Math.min(0, lo), Math.max(1, hi * 1.15, lo + 1)];
  const air = 0.04 * (hi - lo);
  return [lo >= 0 && lo < 0.6 * hi ? 0 : lo - air, hi <= 0 && hi > 0.6 * lo ? 0 : hi + air];
}

/* Pairs of a name and a value, the value in bold; what has no name is a unit. */
function say(readout, head, pairs) {
  readout.append(el('b', {}, head));
  pairs.forEach(
      ([name, value]) => readout.append(
          ...(name === '' ? [' ' + value] : [' \u00b7 ' + name + ' ', el('b', {}, value)])));
}

/* entries: {name, colour, line, dash, remove}. */
function legend(host, entries) {
  const list = el('ul', {class: 'legend'});
  entries.forEach((e) => {
    const mark = el('i', {
      class: (e.line ? 'line' : '') + (e.dash ? ' dash' : ''),
      'aria-hidden': 'true',
      style: e.line ? {borderColor: e.colour} : {background: e.colour}
    });
    const item = el('li', {}, mark, el('span', {}, e.name));
    if (e.remove) {
      item.append(
          el('button', {type: 'button', 'aria-label': 'Remove ' + e.name, on: {click: e.remove}},
             '\u00d7'));
    }
    list.append(item);
  });
  host.append(list);
}

/* Of lines: [{name, colour, dash}]. */
function lineLegend(host, series) {
  legend(host, series.map((s) => ({name: s.name, colour: s.colour, dash: s.dash, line: true})));
}

/*
 * Text cut in its middle to about that many pixels, as ends tell names apart as often as
 * beginnings do; the whole of it is the title.
 */
function fitted(selection, text, room) {
  const letters = Math.max(3, Math.floor(room / 6.6));
  selection.each(function(d) {
    const whole = text(d);
    const node = d3.select(this);
    if (whole.length <= letters) {
      node.text(whole);
      return;
    }
    const tail = Math.floor((letters - 1) / 2);
    node.text(whole.slice(0, letters - 1 - tail) + '\u2026' + whole.slice(whole.length - tail));
    node.append('title').text(whole);
  });
}

const TABLE_ROWS = 1000;

/* The head of a column of numbers. */
const num = (text) => ({text, num: true});

/* data: {head: [text or {text, num}], rows: [[value]], note}; numbers are right-aligned. */
function tableOf(data, name) {
  const head = data.head.map((h) => (typeof h === 'string' ? {text: h} : h));
  const table = el('table', {});
  const shown = data.rows.slice(0, TABLE_ROWS);
  let note = data.note || '';
  if (data.rows.length > TABLE_ROWS) {
    note = 'The first ' + number(TABLE_ROWS, 0) + ' of ' + number(data.rows.length, 0) + ' rows. ' +
        note;
  }
  table.append(el('caption', {}, name + (note ? '. ' + note : '')));
  table.append(
      el('thead', {},
         el('tr', {},
            head.map((h) => el('th', {scope: 'col', class: h.num ? 'num' : null}, h.text)))));
  table.append(
      el('tbody', {},
         shown.map(
             (row) =>
                 el('tr', {},
                    row.map(
                        (v, k) =>
                            el('td',
                               {class: head[k].num ? 'num' :
                                    head[k].wrap   ? 'wrap' :
                                                     null},
                               v === null || v === undefined ? DASH : v))))));
  return el(
      'div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': name + ', table'},
      table);
}
