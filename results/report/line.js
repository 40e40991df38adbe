/* line.js - values over time and over shares: steps, stacks, curves. */

/* The interval of a time that holds the minute, or -1. */
function intervalAt(time, minute) {
  const i = d3.bisectRight(time.start, minute) - 1;
  return i >= 0 && minute < time.end[i] ? i : -1;
}

/* Corners of a step line; a gap where a value is missing. */
function steps(values, time, x, y) {
  let path = '', open = false;
  for (let i = 0; i < time.n; i++) {
    const v = values[i];
    if (v === null || v === undefined || Number.isNaN(v)) {
      open = false;
      continue;
    }
    const joined = open && time.start[i] === time.end[i - 1];
    path += (joined ? 'L' : 'M') + x(time.start[i]).toFixed(1) + ',' + y(v).toFixed(1) + 'H' +
        x(time.end[i]).toFixed(1);
    open = true;
  }
  return path;
}

/* The domain without rare spikes, where the rest would lie flat below them; else itself. */
function cutDomain(domain, values) {
  const [, most] = quantiles(values, 0, 0.96), top = most + 0.35 * Math.max(10, most - domain[0]);
  return domain[1] > 3 * Math.max(20, top) ? [domain[0] < 0 ? domain[0] : 0, top] : domain;
}

let cuts = 0;

/* A group that ends at the top of the frame, and a word on how far its curves go on. */
function cutOff(f, highest, unit) {
  const id = 'cut-' + (cuts += 1);
  f.inner.append('clipPath')
      .attr('id', id)
      .append('rect')
      .attr('width', f.width)
      .attr('height', f.height + 2)
      .attr('y', -1);
  f.inner.append('text')
      .attr('class', 'strong')
      .attr('x', f.width)
      .attr('y', -9)
      .attr('text-anchor', 'end')
      .text('The axis is cut: curves go on up to ' + price(highest) + ' ' + unit);
  return f.inner.append('g').attr('clip-path', 'url(#' + id + ')');
}

/*
 * o: {width, height, label, unit, zone, format, domain, hint, series: [{name, values, time,
 * colour, dash, thin}], cut}; the axis and the cursor are those of the first series; with cut
 * rare spikes leave the frame.
 */
function timeLines(host, o) {
  const {plot, readout} = plotIn(host);
  const f = frame(plot, o.width, o.height || 290, o.label);
  const time = o.time || o.series[0].time, x = timeScale(f, time);
  const all = o.series.map((s) => s.values).flat().filter((v) => v !== null && Number.isFinite(v));
  const whole = o.domain || airy(d3.min(all), d3.max(all)),
        domain = o.cut ? cutDomain(whole, all) : whole;
  const y = d3.scale.linear().domain(domain).range([f.height, 0]).nice(5);
  valueAxis(f, y, o.unit);
  timeAxis(f, x, time, o.zone);
  const curves = domain === whole ? f.inner : cutOff(f, d3.max(all), o.unit);
  o.series.forEach((s) => {
    curves.append('path')
        .attr('class', 'curve')
        .attr('d', steps(s.values, s.time, x, y))
        .style('stroke', s.colour)
        .style('stroke-width', s.thin ? 1.2 : null)
        .style('stroke-dasharray', s.dash || null);
  });
  const finest = o.series.map((s) => s.time).reduce((a, b) => (b.n > a.n ? b : a), time);
  cursor(
      f, finest.n, (i) => x((finest.start[i] + finest.end[i]) / 2),
      (px) => d3.bisectRight(finest.start, x.invert(px)) - 1, readout,
      (i, node) =>
          say(node, o.nameOf(i, finest),
              o.series
                  .map((s) => {
                    const k = s.time === finest ? i : intervalAt(s.time, finest.start[i]);
                    return [s.name, (o.format || price)(k < 0 ? null : s.values[k])];
                  })
                  .concat([['', o.unit]])),
      o.hint);
}

/*
 * Areas on top of each other, what is below zero downwards. o: as timeLines, with groups:
 * [{name, colour, up, down}] and lines: [{name, colour, values}].
 */
function timeStack(host, o) {
  const {plot, readout} = plotIn(host);
  const f = frame(plot, o.width, o.height || 330, o.label);
  const t = o.time, x = timeScale(f, t), n = t.n;
  const top = new Array(n).fill(0), bottom = new Array(n).fill(0);
  const layers = [];
  o.groups.forEach((g) => ['up', 'down'].forEach((side) => {
    if (!g[side] || !g[side].some((v) => v !== 0)) return;
    const base = side === 'up' ? top : bottom;
    const points = [];
    for (let i = 0; i < n; i++) {
      points.push({at: t.start[i], from: base[i], to: base[i] + g[side][i]});
      base[i] += g[side][i];
    }
    points.push({...points[n - 1], at: t.end[n - 1]});
    layers.push({colour: g.colour, points});
  }));
  const lines = (o.lines || []).map((l) => l.values).flat();
  const domain = o.domain ||
      airy(Math.min(0, d3.min(bottom), d3.min(lines) || 0),
           Math.max(d3.max(top), d3.max(lines) || 0));
  const y = d3.scale.linear().domain(domain).range([f.height, 0]).nice(9);
  const area = d3.svg.area()
                   .x((d) => x(d.at))
                   .y0((d) => y(d.from))
                   .y1((d) => y(d.to))
                   .interpolate('step-after');
  valueAxis(f, y, o.unit);
  layers.forEach(
      (l) => f.inner.append('path')
                 .attr('d', area(l.points))
                 .style('fill', l.colour)
                 .style('fill-opacity', 0.9));
  zeroLine(f, y);
  timeAxis(f, x, t, o.zone);
  (o.lines || [])
      .forEach(
          (l) => f.inner.append('path')
                     .attr('class', 'curve')
                     .attr('d', steps(l.values, t, x, y))
                     .style('stroke', l.colour)
                     .style('stroke-dasharray', l.dash || null));
  cursor(
      f, n, (i) => x((t.start[i] + t.end[i]) / 2),
      (px) => d3.bisectRight(t.start, x.invert(px)) - 1, readout, (i, node) => {
        const pairs =
            o.groups.filter((g) => Math.abs((g.up ? g.up[i] : 0) + (g.down ? g.down[i] : 0)) > 0.05)
                .map((g) => [g.name, mw((g.up ? g.up[i] : 0) + (g.down ? g.down[i] : 0))]);
        say(node, o.nameOf(i),
            pairs.concat((o.lines || []).map((l) => [l.name, mw(l.values[i])]), [['', o.unit]]));
      }, o.hint);
}

/* The domain that holds stacks and lines of several runs. */
function stackDomain(groups, lines, n) {
  let lo = 0, hi = 0;
  for (let i = 0; i < n; i++) {
    hi = Math.max(hi, d3.sum(groups, (g) => (g.up ? g.up[i] : 0)), ...lines.map((l) => l[i]));
    lo = Math.min(lo, d3.sum(groups, (g) => (g.down ? g.down[i] : 0)), ...lines.map((l) => l[i]));
  }
  return airy(lo, hi);
}

/*
 * Values in falling order over the share of hours or nodes that reach them.
 * o: {width, label, unit, over, domain, curves: [{name, colour, values, dash}]}
 */
function durationLines(host, o) {
  const {plot, readout} = plotIn(host);
  const f = frame(plot, o.width, 290, o.label);
  const x = d3.scale.linear().domain([0, 1]).range([0, f.width]);
  const curves = o.curves.map(
      (c) => ({...c, sorted: c.values.filter((v) => v !== null).slice().sort((a, b) => b - a)}));
  const domain = o.domain ||
      airy(d3.min(curves, (c) => c.sorted[c.sorted.length - 1]),
           d3.max(curves, (c) => c.sorted[0]));
  const y = d3.scale.linear().domain(domain).range([f.height, 0]).nice(5);
  valueAxis(f, y, o.unit);
  const ticks = f.width > 380 ? 10 : 5;
  footAxis(f, x, o.over, (v) => Math.round(100 * v) + NARROW + '%', {ticks});
  curves.forEach((c) => {
    const n = c.sorted.length, every = Math.max(1, Math.floor(n / 1500));
    let path = '';
    for (let i = 0; i < n; i += every) {
      path += (i ? 'L' : 'M') + x(i / n).toFixed(1) + ',' + y(c.sorted[i]).toFixed(1) + 'H' +
          x(Math.min(n, i + every) / n).toFixed(1);
    }
    f.inner.append('path')
        .attr('class', 'curve')
        .attr('d', path)
        .style('stroke', c.colour)
        .style('stroke-dasharray', c.dash || null);
  });
  cursor(
      f, 101, (i) => x(i / 100), (px) => Math.round(100 * x.invert(px)), readout,
      (i, node) =>
          say(node, i + NARROW + '% of ' + o.of,
              curves
                  .map((c) => {
                    const n = c.sorted.length;
                    return [
                      c.name,
                      '\u2265 ' +
                          price(c.sorted[Math.max(0, Math.min(n - 1, Math.ceil(i / 100 * n) - 1))])
                    ];
                  })
                  .concat([['', o.unit]])),
      o.hint);
}

/* How many of many values lie where. o: {width, label, unit, values, count, domain} */
function histogram(host, o) {
  const {plot, readout} = plotIn(host);
  const f = frame(plot, o.width, 250, o.label);
  const [lo, hi] = o.domain[1] > o.domain[0] ? o.domain : [o.domain[0] - 1, o.domain[0] + 1];
  const x = d3.scale.linear().domain([lo, hi]).range([0, f.width]).nice(10);
  const bins = d3.layout.histogram()
                   .range(x.domain())
                   .bins(x.ticks(Math.max(12, Math.round(f.width / 12))))(o.values);
  const y =
      d3.scale.linear().domain([0, d3.max(bins, (b) => b.y) || 1]).range([f.height, 0]).nice(4);
  const colour = priceScale(o.colours || [lo, hi]);
  valueAxis(f, y, o.count, (v) => v % 1 ? '' : short(v)); /* there is no half a node */
  bins.forEach((b) => {
    f.inner.append('rect')
        .attr('x', x(b.x) + 0.5)
        .attr('width', Math.max(1, x(b.x + b.dx) - x(b.x) - 1))
        .attr('y', y(b.y))
        .attr('height', f.height - y(b.y))
        .style('fill', colour(b.x + b.dx / 2))
        .style('stroke', 'var(--wire)')
        .style('stroke-width', 0.6);
  });
  footAxis(f, x, o.unit, short, {ticks: f.width > 380 ? 10 : 5});
  cursor(
      f, bins.length, (i) => x(bins[i].x + bins[i].dx / 2),
      (px) => Math.floor(px / f.width * bins.length), readout,
      (i, node) =>
          say(node, price(bins[i].x) + ' to ' + price(bins[i].x + bins[i].dx) + ' ' + o.unit,
              [[o.count, number(bins[i].y, 0)]]),
      o.hint);
}
