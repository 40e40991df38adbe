/* map.js - the network: nodes coloured by price, branches by loading; zoom and pan. */

/*
 * o: {width, label, places: {x, y}, node: {name, show}, edges: [from, to], colour: (node) =>
 * price, scale, load: (edge) => share of its limit or null, size: (node) => 0..1, labels,
 * readout, say: (kind, index, readout)}. Returns {redraw} for another hour.
 */
function networkMap(host, o) {
  const plot = el('div', {class: 'plot'});
  const canvas = el('canvas', {tabindex: '0', role: 'img', 'aria-label': o.label});
  plot.append(canvas);
  host.append(plot, o.readout);
  const shown = [];
  o.places.x.forEach((v, i) => {
    if (v !== null && o.places.y[i] !== null) shown.push(i);
  });
  const spanX = d3.max(shown, (i) => o.places.x[i]) || 1,
        spanY = d3.max(shown, (i) => o.places.y[i]) || 1;
  const room = 30, width = o.width,
        height = Math.max(
            200,
            Math.min(
                shown.length < 12 ? 300 : 620,
                Math.round((width - 2 * room) * spanY / spanX + 2 * room)));
  const ratio = Math.min(2, window.devicePixelRatio || 1) *
      (shown.length < 3000 ? Math.max(1, 2 / (window.devicePixelRatio || 1)) : 1);
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const pen = canvas.getContext('2d');
  const fit = Math.min((width - 2 * room) / spanX, (height - 2 * room) / Math.max(1, spanY));
  const view = {k: 1, x: 0, y: 0};
  const left = (width - spanX * fit) / 2, top = (height - spanY * fit) / 2;
  const px = (i) => (left + o.places.x[i] * fit) * view.k + view.x;
  const py = (i) => (top + o.places.y[i] * fit) * view.k + view.y;
  const base = Math.max(1.3, Math.min(8, 90 / Math.sqrt(shown.length + 1)));
  let picked = null;

  function drawEdges() {
    const [from, to] = o.edges, wire = styleColour('--wire'), busy = styleColour('--busy'),
                 full = styleColour('--full');
    const bands = [[wire, 0.7], [wire, 1.2], [busy, 1.7], [full, 2.6]].map(
        ([colour, thick]) => ({colour, thick, path: new Path2D()}));
    for (let e = 0; e < from.length; e++) {
      const a = from[e], b = to[e];
      if (o.places.x[a] === null || o.places.x[b] === null || a === b) continue;
      const load = o.load(e),
            band = load === null || load < 0.5 ? 0 :
          load < 0.8                           ? 1 :
          load < 0.9995                        ? 2 :
                                                 3;
      bands[band].path.moveTo(px(a), py(a));
      bands[band].path.lineTo(px(b), py(b));
    }
    const thin = shown.length > 2000 ? 0.55 : 1;
    bands.forEach((band) => {
      pen.strokeStyle = band.colour;
      pen.lineWidth = band.thick * thin * Math.sqrt(Math.min(4, view.k));
      pen.stroke(band.path);
    });
  }

  function drawNodes() {
    const rim = styleColour('--card');
    const order = shown.slice().sort(
        (a, b) => Math.abs(o.price(a) - o.middle) - Math.abs(o.price(b) - o.middle));
    order.forEach((i) => {
      const r = base * Math.sqrt(Math.min(4, view.k)) * (0.75 + 0.75 * o.size(i));
      pen.beginPath();
      pen.arc(px(i), py(i), r, 0, 7);
      pen.fillStyle = o.scale(o.price(i));
      pen.fill();
      if (base > 1.6) {
        pen.lineWidth = 1;
        pen.strokeStyle = rim;
        pen.stroke();
        pen.lineWidth = 0.6;
        pen.strokeStyle = styleColour('--faint');
        pen.stroke();
      }
    });
  }

  function drawNames() {
    const inside = shown.filter((i) => px(i) > 0 && px(i) < width && py(i) > 0 && py(i) < height);
    if (inside.length > 90) return;
    pen.font = '10.5px system-ui, sans-serif';
    pen.textAlign = 'center';
    const taken = [];
    inside.forEach((i) => {
      const name = o.name(i), wide = pen.measureText(name).width / 2 + 2, x = px(i),
            y = py(i) - base * 1.6 - 3;
      const box = [x - wide, y - 10, x + wide, y + 2];
      if (x - wide < 0 || x + wide > width ||
          taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1]))
        return;
      taken.push(box);
      pen.lineWidth = 3;
      pen.strokeStyle = styleColour('--card');
      pen.strokeText(name, x, y);
      pen.fillStyle = styleColour('--soft');
      pen.fillText(name, x, y);
    });
  }

  function drawPicked() {
    if (!picked) return;
    pen.strokeStyle = styleColour('--ink');
    pen.lineWidth = 2;
    pen.beginPath();
    if (picked.kind === 'node') {
      pen.arc(px(picked.index), py(picked.index), base * 2.2 + 3, 0, 7);
    } else {
      const a = o.edges[0][picked.index], b = o.edges[1][picked.index];
      pen.moveTo(px(a), py(a));
      pen.lineTo(px(b), py(b));
    }
    pen.stroke();
  }

  function redraw() {
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.lineCap = 'round';
    drawEdges();
    drawNodes();
    drawNames();
    drawPicked();
    clear(o.readout);
    if (picked)
      o.say(picked.kind, picked.index, o.readout);
    else
      o.readout.textContent = o.hint;
  }

  /* The node or else the branch near a point. */
  function find(x, y) {
    let best = null, least = Math.max(9, base * 1.8) ** 2;
    shown.forEach((i) => {
      const d = (px(i) - x) ** 2 + (py(i) - y) ** 2;
      if (d < least) {
        least = d;
        best = {kind: 'node', index: i};
      }
    });
    if (best) return best;
    least = 36;
    const [from, to] = o.edges;
    for (let e = 0; e < from.length; e++) {
      const a = from[e], b = to[e];
      if (o.places.x[a] === null || o.places.x[b] === null) continue;
      const dx = px(b) - px(a), dy = py(b) - py(a), l2 = dx * dx + dy * dy;
      const t = l2 > 0 ? Math.max(0, Math.min(1, ((x - px(a)) * dx + (y - py(a)) * dy) / l2)) : 0;
      const d = (px(a) + t * dx - x) ** 2 + (py(a) + t * dy - y) ** 2;
      if (d < least) {
        least = d;
        best = {kind: 'edge', index: e};
      }
    }
    return best;
  }

  /* The nearest node that lies in a direction from the one picked. */
  function neighbour(dx, dy) {
    if (!picked || picked.kind !== 'node')
      return shown.length > 0 ? {kind: 'node', index: shown[0]} : null;
    let best = picked.index, least = Infinity;
    shown.forEach((i) => {
      const ax = px(i) - px(picked.index), ay = py(i) - py(picked.index), far = ax * dx + ay * dy;
      const aside = Math.abs(ax * dy - ay * dx);
      if (i !== picked.index && far > 0 && far + 2 * aside < least) {
        least = far + 2 * aside;
        best = i;
      }
    });
    return {kind: 'node', index: best};
  }

  function zoom(by, x, y) {
    const k = Math.max(1, Math.min(60, view.k * by)), real = k / view.k;
    view.x = x - (x - view.x) * real;
    view.y = y - (y - view.y) * real;
    view.k = k;
    if (k === 1) view.x = view.y = 0;
    redraw();
  }
  function pan(dx, dy) {
    view.x += dx;
    view.y += dy;
    redraw();
  }
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      (event.clientX - box.left) * width / box.width,
      (event.clientY - box.top) * height / box.height
    ];
  };
  let drag = null;
  canvas.addEventListener('pointerdown', (event) => {
    if (view.k > 1) {
      drag = place(event);
      canvas.setPointerCapture(event.pointerId);
    }
  });
  canvas.addEventListener('pointerup', () => {
    drag = null;
  });
  canvas.addEventListener('pointermove', (event) => {
    const at = place(event);
    if (drag) {
      pan(at[0] - drag[0], at[1] - drag[1]);
      drag = at;
      return;
    }
    const found = find(...at);
    if (JSON.stringify(found) !== JSON.stringify(picked)) {
      picked = found;
      redraw();
    }
  });
  canvas.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && view.k === 1 && event.deltaY > 0) return;
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, ...place(event));
  }, {passive: false});
  canvas.addEventListener('keydown', (event) => {
    const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [
                   0, 1
                 ]}[event.key];
    if (way && event.shiftKey)
      pan(-40 * way[0], -40 * way[1]);
    else if (way) {
      picked = neighbour(...way);
      redraw();
    } else if (event.key === '+' || event.key === '=')
      zoom(1.4, width / 2, height / 2);
    else if (event.key === '-')
      zoom(1 / 1.4, width / 2, height / 2);
    else if (event.key === '0' || event.key === 'Escape') {
      picked = null;
      zoom(1e-9, 0, 0);
    } else
      return;
    event.preventDefault();
  });
  canvas.addEventListener('blur', () => {
    picked = null;
    redraw();
  });
  redraw();
  return {
    redraw,
    zoom: (by) => zoom(by, width / 2, height / 2),
    show: (i) => {
      picked = {kind: 'node', index: i};
      if (view.k < 4 && shown.length > 200) {
        view.k = 4;
        view.x = view.y = 0;
        view.x = width / 2 - px(i);
        view.y = height / 2 - py(i);
      }
      redraw();
    },
  };
}
