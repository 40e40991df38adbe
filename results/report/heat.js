/* heat.js - a value for every row and interval as a colour. */

/* A picture of n_x by n_y pixels whose colours are colour(x, y), as the address of an image. */
function pixels(nx, ny, colour) {
  const canvas = document.createElement('canvas');
  canvas.width = nx;
  canvas.height = ny;
  const pen = canvas.getContext('2d');
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      pen.fillStyle = colour(x, y);
      pen.fillRect(x, y, 1, 1);
    }
  }
  return canvas.toDataURL('image/png');
}

/* Cells as rectangles where there are few, which print sharply; else as one picture. */
function drawCells(f, time, x, ny, tall, colour) {
  if (time.n * ny <= 4000) {
    for (let y = 0; y < ny; y++) {
      for (let i = 0; i < time.n; i++) {
        const fill = colour(i, y);
        if (fill === null) continue;
        f.inner.append('rect')
            .attr('x', x(time.start[i]))
            .attr('y', y * tall)
            .attr('width', x(time.end[i]) - x(time.start[i]) + 0.4)
            .attr('height', tall + (tall < 4 ? 0.4 : -0.6))
            .style('fill', fill);
      }
    }
    return;
  }
  f.inner.append('image')
      .attr('width', f.width)
      .attr('height', ny * tall)
      .attr('preserveAspectRatio', 'none')
      .style('image-rendering', 'pixelated')
      .attr('href', pixels(time.n, ny, (i, y) => colour(i, y) || 'rgba(0,0,0,0)'));
}

/*
 * o: {width, label, time, zone, hint, rows: [{name, say: (i) => [head, pairs]}], tall,
 * colour: (interval, row) => CSS colour or null, left, side: (row) => text at the right}.
 * Rows are named where there is room.
 */
function heatRows(host, o) {
  const {plot, readout} = plotIn(host);
  const n = o.rows.length, tall = o.tall, named = tall >= 11;
  const longest = d3.max(o.rows, (r) => r.name.length) || 1;
  const sides = o.side ? o.rows.map((_, k) => o.side(k)) : [];
  const left =
            named ? Math.min(longest * 6.8 + 14, o.width * (o.width < 480 ? 0.44 : 0.36), 230) : 54,
        right = 14 + 7 * (d3.max(sides, (text) => text.length) || 0);
  const f = frame(plot, o.width, n * tall + 52, o.label, {left, right, top: 6, bottom: 46});
  const x = timeScale(f, o.time);
  drawCells(f, o.time, x, n, tall, o.colour);
  timeAxis(f, x, o.time, o.zone);
  o.rows.forEach((row, k) => {
    if (named)
      fitted(
          f.inner.append('text')
              .attr('x', -9)
              .attr('y', (k + 0.5) * tall + 4)
              .attr('text-anchor', 'end'),
          () => row.name, left - 14);
    if (o.side)
      f.inner.append('text')
          .attr('class', 'strong')
          .attr('x', f.width + 8)
          .attr('y', (k + 0.5) * tall + 4)
          .text(sides[k]);
  });
  if (!named) {
    f.inner.append('text')
        .attr('class', 'unit')
        .attr('x', -8)
        .attr('y', 12)
        .attr('text-anchor', 'end')
        .text(o.topName || '');
    f.inner.append('text')
        .attr('class', 'unit')
        .attr('x', -8)
        .attr('y', f.height - 2)
        .attr('text-anchor', 'end')
        .text(o.bottomName || '');
  }
  cellCursor(
      f, o.time, x, n, tall, readout, (i, row, node) => say(node, ...o.rows[row].say(i)), o.hint);
}
