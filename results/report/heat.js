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
  const plot = el('div', {class: 'plot'}),
        readout = el('p', {class: 'readout', 'aria-live': 'polite'});
  host.append(plot, readout);
  const n = o.rows.length, tall = o.tall, named = tall >= 11;
  const longest = d3.max(o.rows, (r) => r.name.length) || 1;
  const left = named ? Math.min(longest * 6.8 + 14, o.width * 0.36, 230) : 54,
        right = o.side ? 84 : 14;
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
          .text(o.side(k));
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
  const mark = f.inner.append('rect').attr('class', 'cell-cursor').style('display', 'none');
  cellCursor(
      f, o.time, x, n, tall, mark, readout, (i, row, node) => say(node, ...o.rows[row].say(i)),
      o.hint);
}

/* The cursor of cells: arrow keys in four directions, or the pointer. */
function cellCursor(f, time, x, n, tall, mark, readout, show, hint) {
  const node = f.svg.node();
  let at = null;
  const move = (i, row) => {
    at = [Math.max(0, Math.min(time.n - 1, i)), Math.max(0, Math.min(n - 1, row))];
    mark.style('display', null)
        .attr('x', x(time.start[at[0]]))
        .attr('y', at[1] * tall)
        .attr('width', x(time.end[at[0]]) - x(time.start[at[0]]))
        .attr('height', Math.max(3, tall));
    clear(readout);
    show(at[0], at[1], readout);
  };
  const leave = () => {
    at = null;
    mark.style('display', 'none');
    readout.textContent = hint || '';
  };
  node.setAttribute('tabindex', '0');
  node.addEventListener('pointermove', (event) => {
    const box = node.getBoundingClientRect(), scale = node.viewBox.baseVal.width / box.width;
    const px = (event.clientX - box.left) * scale - f.margin.left,
          py = (event.clientY - box.top) * scale - f.margin.top;
    const i = d3.bisectRight(time.start, x.invert(px)) - 1, row = Math.floor(py / tall);
    if (px >= 0 && px <= f.width && row >= 0 && row < n)
      move(i, row);
    else
      leave();
  });
  node.addEventListener('pointerleave', leave);
  node.addEventListener('blur', leave);
  node.addEventListener('keydown', (event) => {
    const step = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
      PageUp: [0, -10],
      PageDown: [0, 10]
    }[event.key];
    if (step)
      move(at ? at[0] + step[0] : 0, at ? at[1] + step[1] : 0);
    else if (event.key === 'Home')
      move(0, at ? at[1] : 0);
    else if (event.key === 'End')
      move(time.n - 1, at ? at[1] : 0);
    else if (event.key === 'Escape')
      leave();
    else
      return;
    event.preventDefault();
  });
  leave();
}
