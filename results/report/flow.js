/* flow.js - amounts that flow from left to right through columns of boxes (Sankey, 1898). */

/*
 * o: {width, height, label, unit, hint, boxes: [{name, column, colour}], links: [{from, to,
 * value}]} with positions in boxes; values are > 0. Boxes are as tall as the larger of what
 * enters and leaves, columns in the order given, a link as wide as its value.
 */
function flowChart(host, o) {
  const {plot, readout} = plotIn(host);
  /* Where there is little room: three columns, names without amounts. */
  const narrow = o.width < 560, boxes = o.boxes.map((b, i) => ({...b, index: i, in : 0, out: 0}));
  const flows = o.links.filter((l) => l.value > 0 && !(narrow && boxes[l.to].column > 2));
  flows.forEach((l) => {
    boxes[l.from].out += l.value;
    boxes[l.to].in += l.value;
  });
  boxes.forEach((b) => {
    b.value = Math.max(b.in, b.out);
  });
  const used = boxes.filter((b) => b.value > 0);
  const columns =
      d3.nest().key((b) => b.column).sortKeys(d3.ascending).entries(used).map((e) => e.values);
  const gap = 13, most = d3.max(columns, (c) => c.length),
        total = d3.max(columns, (c) => d3.sum(c, (b) => b.value));
  const f = frame(plot, o.width, Math.max(o.height || 380, most * 26 + 40), o.label, {
    left: 4,
    right: narrow ? o.width * 0.24 : Math.min(150, o.width * 0.17),
    top: 10,
    bottom: 8
  });
  const scale = (f.height - gap * (most - 1)) / total, thick = 12;
  columns.forEach((column, k) => {
    const height = d3.sum(column, (b) => b.value * scale) + gap * (column.length - 1);
    /* What only some boxes of the column before feed stands beside those. */
    const feeding = k > 1 ?
        flows.filter((l) => boxes[l.to].column === column[0].column).map((l) => boxes[l.from]) :
        [];
    const middle = feeding.length > 0 ? d3.mean(feeding, (b) => b.y + b.height / 2) : f.height / 2;
    let y = Math.max(
        0, Math.min(f.height - height, k > 2 ? middle - height / 2 : (f.height - height) / 2));
    column.sort((a, b) => b.value - a.value);
    column.forEach((b) => {
      b.height = b.value * scale;
      b.x = columns.length > 1 ? k * (f.width - thick) / (columns.length - 1) : 0;
      b.y = y;
      b.last = k === columns.length - 1;
      b.nextOut = b.nextIn = y;
      y += b.height + gap;
    });
  });
  const links = flows.map((l) => ({...l, a: boxes[l.from], b: boxes[l.to]}));
  links.sort((p, q) => p.a.y - q.a.y || p.b.y - q.b.y);
  links.forEach((l) => {
    l.y0 = l.a.nextOut;
    l.a.nextOut += l.value * scale;
  });
  links.slice().sort((p, q) => p.b.y - q.b.y || p.a.y - q.a.y).forEach((l) => {
    l.y1 = l.b.nextIn;
    l.b.nextIn += l.value * scale;
  });
  links.forEach((l) => {
    const x0 = l.a.x + thick, x1 = l.b.x, mid = (x0 + x1) / 2, h = Math.max(0.7, l.value * scale);
    f.inner.append('path')
        .attr(
            'd',
            'M' + [x0, l.y0] + 'C' + [mid, l.y0, mid, l.y1, x1, l.y1] + 'V' + (l.y1 + h) + 'C' +
                [mid, l.y1 + h, mid, l.y0 + h, x0, l.y0 + h] + 'Z')
        .style(
            'fill',
            l.b.column === 1 && l.a.colour !== 'var(--c7)'     ? l.a.colour :
                l.a.column === 1 && l.b.colour === 'var(--c7)' ? l.a.colour :
                                                                 l.b.colour)
        .style('fill-opacity', 0.34);
  });
  const room = f.width / Math.max(1, columns.length - 1) - thick - 14;
  used.forEach((b) => {
    f.inner.append('rect')
        .attr('x', b.x)
        .attr('y', b.y)
        .attr('width', thick)
        .attr('height', Math.max(1, b.height))
        .style('fill', b.colour);
    const text = f.inner.append('text')
                     .attr('class', 'strong')
                     .attr('y', b.y + b.height / 2 + 4)
                     .attr('x', b.x + thick + 6)
                     .style('paint-order', 'stroke')
                     .style('stroke', 'var(--card)')
                     .style('stroke-width', 3)
                     .style('stroke-linejoin', 'round');
    const amount = narrow ? '' : short(+b.value.toPrecision(3));
    fitted(
        text, () => b.name,
        (b.last ? f.margin.right - 8 : room) - (narrow ? 0 : 7 * amount.length + 8));
    text.append('tspan').attr('dx', 6).style('fill', 'var(--soft)').text(amount);
  });
  boxCursor(f, columns.flat(), thick, readout, (b, node) => {
    const entering = links.filter((l) => l.b === b).map((l) => ['from ' + l.a.name, usd(l.value)]);
    const leaving = links.filter((l) => l.a === b).map((l) => ['to ' + l.b.name, usd(l.value)]);
    say(node, b.name + ' ' + usd(b.value) + ' ' + o.unit, entering.concat(leaving).slice(0, 10));
  }, o.hint);
}
