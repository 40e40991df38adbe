/* cursor.js - what follows the pointer or the keys over a chart and fills the line below it. */

/*
 * The common part. o: {at: (px, py) => place or null where nothing is, key: (name, place) =>
 * place, undefined where the key means nothing, show: (place), hide: ()}; px and py count from
 * the inner corner of the frame, a place is null until one is chosen. show fills readout, where
 * readers of screens hear it; without a place it holds the hint.
 */
function follow(f, readout, hint, o) {
  const node = f.svg.node();
  let place = null;
  const move = (to) => {
    place = to;
    if (to === null) {
      o.hide();
      readout.textContent = hint || '';
      return;
    }
    clear(readout);
    o.show(to);
  };
  node.setAttribute('tabindex', '0');
  node.addEventListener('pointermove', (event) => {
    const box = node.getBoundingClientRect(), scale = node.viewBox.baseVal.width / box.width;
    move(o.at(
        (event.clientX - box.left) * scale - f.margin.left,
        (event.clientY - box.top) * scale - f.margin.top));
  });
  node.addEventListener('pointerleave', () => move(null));
  node.addEventListener('blur', () => move(null));
  node.addEventListener('keydown', (event) => {
    const to = event.key === 'Escape' ? null : o.key(event.key, place);
    if (to === undefined) return;
    move(to);
    event.preventDefault();
  });
  move(null);
}

const within = (i, n) => Math.max(0, Math.min(n - 1, i));

/* Where of n places a key leads: to an end, or on by steps[key] and from no place to an end. */
function stepped(steps, n, key, place) {
  if (key === 'Home') return 0;
  if (key === 'End') return n - 1;
  const step = steps[key];
  if (step === undefined) return undefined;
  if (place === null) return step > 0 ? 0 : n - 1;
  return within(place + step, n);
}

/* A line over n places: xOf(place) in pixels, nearest(pixels) the other way. */
function cursor(f, n, xOf, nearest, readout, say_, hint) {
  const line = f.inner.append('line')
                   .attr('class', 'cursor')
                   .attr('y1', 0)
                   .attr('y2', f.height)
                   .style('display', 'none');
  const steps = {ArrowLeft: -1, ArrowRight: 1, PageUp: -6, PageDown: 6};
  follow(f, readout, hint, {
    at: (px) => within(nearest(px), n),
    key: (key, i) => stepped(steps, n, key, i),
    show(i) {
      line.style('display', null).attr('x1', xOf(i)).attr('x2', xOf(i));
      say_(i, readout);
    },
    hide: () => line.style('display', 'none')
  });
}

/* Rows of one height: up and down. mark is a rectangle as wide as a row. */
function rowCursor(f, n, tall, mark, readout, say_, hint) {
  follow(f, readout, hint, {
    at(px, py) {
      const row = Math.floor(py / tall);
      return row >= 0 && row < n ? row : null;
    },
    key: (key, row) => stepped({ArrowUp: -1, ArrowDown: 1}, n, key, row),
    show(row) {
      mark.style('display', null).attr('y', row * tall);
      say_(row, readout);
    },
    hide: () => mark.style('display', 'none')
  });
}

/* Cells of n rows and the intervals of a time: arrow keys in four directions. */
function cellCursor(f, time, x, n, tall, readout, say_, hint) {
  const mark = f.inner.append('rect').attr('class', 'cell-cursor').style('display', 'none');
  const steps = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
    PageUp: [0, -10],
    PageDown: [0, 10]
  };
  follow(f, readout, hint, {
    at(px, py) {
      const i = d3.bisectRight(time.start, x.invert(px)) - 1, row = Math.floor(py / tall);
      return px >= 0 && px <= f.width && row >= 0 && row < n ? [within(i, time.n), row] : null;
    },
    key(key, cell) {
      const [i, row] = cell || [0, 0];
      if (key === 'Home') return [0, row];
      if (key === 'End') return [time.n - 1, row];
      const step = steps[key];
      if (step === undefined || cell === null) return step && [0, 0];
      return [within(i + step[0], time.n), within(row + step[1], n)];
    },
    show([i, row]) {
      mark.style('display', null)
          .attr('x', x(time.start[i]))
          .attr('y', row * tall)
          .attr('width', x(time.end[i]) - x(time.start[i]))
          .attr('height', Math.max(3, tall));
      say_(i, row, readout);
    },
    hide: () => mark.style('display', 'none')
  });
}

/*
 * Boxes {x, y, height}, width wide, in an order that any arrow key goes on along, round and
 * round; the pointer may miss a box by a little, and the name at its side belongs to it.
 */
function boxCursor(f, boxes, width, readout, say_, hint) {
  const mark = f.inner.append('rect').attr('class', 'cell-cursor').style('display', 'none');
  const n = boxes.length, steps = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1};
  follow(f, readout, hint, {
    at(px, py) {
      const i = boxes.findIndex(
          (b) => py >= b.y - 4 && py <= b.y + b.height + 4 && px >= b.x - 90 && px <= b.x + 90);
      return i >= 0 ? i : null;
    },
    key(key, i) {
      if (i !== null && key in steps) return (i + steps[key] + n) % n;
      return stepped(steps, n, key, i);
    },
    show(i) {
      mark.style('display', null)
          .attr('x', boxes[i].x - 2)
          .attr('y', boxes[i].y - 2)
          .attr('width', width + 4)
          .attr('height', Math.max(1, boxes[i].height) + 4);
      say_(boxes[i], readout);
    },
    hide: () => mark.style('display', 'none')
  });
}
