/* bars.js - rows of horizontal bars, stacked, to both sides of zero. */

/*
 * o: {width, label, unit, format, domain, rows: [{name, parts: [{name, value, colour}], mark,
 * text}], tall}; mark is a value that a tick is drawn at, text stands at the end of the row; rows
 * without a name belong to the one above.
 */
function barRows(host, o) {
  const {plot, readout} = plotIn(host);
  const longest = d3.max(o.rows, (r) => r.name.length) || 1, n = o.rows.length;
  const left = Math.min(longest * 6.8 + 14, o.width * 0.36, 240),
        right = o.rows.some((r) => r.text) ? 92 : 16;
  const tall = o.tall || 24, pad = tall / 6,
        f = frame(plot, o.width, n * tall + 52, o.label, {left, right, top: 6, bottom: 46});
  const sides = o.rows
                    .map(
                        (r) =>
                            [d3.sum(r.parts, (p) => Math.min(0, p.value)),
                             d3.sum(r.parts, (p) => Math.max(0, p.value)), r.mark || 0])
                    .flat();
  const domain = o.domain || [Math.min(0, d3.min(sides)), Math.max(0, d3.max(sides))];
  const x =
      d3.scale.linear().domain(domain[1] > domain[0] ? domain : [0, 1]).range([0, f.width]).nice(5);
  footAxis(f, x, o.unit, short, {ticks: Math.max(2, Math.round(f.width / 95)), grid: true});
  const mark = f.inner.append('rect')
                   .attr('class', 'cell-cursor')
                   .attr('x', -left + 2)
                   .attr('width', o.width - 4)
                   .attr('height', tall)
                   .attr('rx', 4)
                   .style('display', 'none');
  o.rows.forEach((row, i) => {
    const g = f.inner.append('g').attr('transform', 'translate(0,' + i * tall + ')');
    fitted(
        g.append('text')
            .attr('class', 'strong')
            .attr('x', -9)
            .attr('y', tall / 2 + 4)
            .attr('text-anchor', 'end'),
        () => row.name, left - 14);
    if (i > 0 && row.name && !o.rows[i - 1].name)
      g.append('line').attr('x1', -left + 4).attr('x2', f.width).style('stroke', 'var(--line)');
    let up = 0, down = 0;
    row.parts.forEach((p) => {
      const from = p.value >= 0 ? up : down, to = from + p.value;
      if (p.value >= 0)
        up = to;
      else
        down = to;
      g.append('rect')
          .attr('x', Math.min(x(from), x(to)))
          .attr('width', Math.abs(x(to) - x(from)))
          .attr('y', pad)
          .attr('height', tall - 2 * pad)
          .style('fill', p.colour);
    });
    if (row.mark !== undefined && row.mark !== null) {
      g.append('line')
          .attr('x1', x(row.mark))
          .attr('x2', x(row.mark))
          .attr('y1', 1)
          .attr('y2', tall - 1)
          .style('stroke', 'var(--ink)')
          .style('stroke-width', 2);
    }
    if (row.text)
      g.append('text')
          .attr('class', 'strong')
          .attr('x', f.width + 8)
          .attr('y', tall / 2 + 4)
          .text(row.text);
  });
  const [lo, hi] = x.domain();
  if (lo < 0 && hi > 0)
    f.inner.append('line')
        .attr('class', 'zero')
        .attr('x1', x(0))
        .attr('x2', x(0))
        .attr('y1', 0)
        .attr('y2', f.height);
  rowCursor(f, n, tall, mark, readout, (i, node) => {
    const row = o.rows[i],
          parts = row.parts.filter((p) => p.value !== 0)
                      .map((p) => [p.name, (o.format || usd)(p.value)]);
    say(node, row.name, (row.say || []).concat(parts.slice(0, 8)).concat([['', o.unit]]));
  }, o.hint);
}
