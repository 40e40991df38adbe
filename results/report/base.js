/* base.js - elements, numbers and colours. Text from a run enters the page as text only. */

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'on') {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (name === 'style') {
      Object.assign(node.style, value);
    } else if (value === true) {
      node.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined) {
      node.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
  return node;
}

function clear(node) {
  while (node.firstChild) node.firstChild.remove();
}

/* ---- numbers ---- */

const MINUS = '\u2212', NARROW = '\u202f', DASH = '\u2013';

function number(value, decimals) {
  if (value === null || value === undefined || Number.isNaN(value)) return DASH;
  if (value === Infinity) return 'no limit';
  const rounded = d3.format(',.' + decimals + 'f')(value);
  return /[1-9]/.test(rounded) ? rounded.replace('-', MINUS) : rounded.replace('-', '');
}
const price = (v) => number(v, 2);
const mw = (v) => number(v, Math.abs(v) >= 1000 ? 0 : 1);
const usd = (v) => number(v, Math.abs(v) >= 1000 ? 0 : 2);
const percent = (v) => (v === Infinity ? 'no limit' : number(100 * v, 1) + NARROW + '%');
/* For axes: 12.5k, 3M. */
function short(value) {
  const size = Math.abs(value);
  if (size < 5e-4) return '0';
  const [by, unit] = size >= 1e9 ? [1e9, 'G'] :
      size >= 1e6                ? [1e6, 'M'] :
      size >= 1e4                ? [1e3, 'k'] :
                                   [1, ''];
  return d3.format(',')(+(value / by).toPrecision(4)).replace('-', MINUS) + unit;
}
function plural(n, one, many) { return number(n, 0) + ' ' + (n === 1 ? one : many); }

/* Days since 1970 as YYYY-MM-DD. */
function dateText(day) { return new Date(day * 86400000).toISOString().slice(0, 10); }

/* ---- colours ---- */

let onPaper = false;
const wantsDark = window.matchMedia('(prefers-color-scheme: dark)');
function isDark() { return wantsDark.matches && !onPaper; }
/* The value of a variable of the style, for canvases. They are drawn for paper before the style
 * of paper holds. */
const paper = {
  '--card': '#fff',
  '--ink': '#111',
  '--soft': '#444',
  '--faint': '#666',
  '--wire': '#b9bcc0',
  '--busy': '#e0902f',
  '--full': '#c62f3b'
};
function styleColour(name) {
  if (onPaper && name in paper) return paper[name];
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
function seriesColour(i) { return 'var(--c' + (i % 8) + ')'; }

const ramps = {
  light: {
    above: ['#f2e9d0', '#f4dfa3', '#efbd63', '#e08b3e', '#c4532f', '#8f2130', '#541031'],
    below: ['#dfe9ee', '#a9cfe0', '#5a9cc6', '#2a66a3', '#173a72'],
    none: '#d7d9db',
  },
  dark: {
    above: ['#4b4536', '#75602f', '#a17a2c', '#c38c2e', '#eeb649', '#fbdb85', '#fff6d2'],
    below: ['#2b3439', '#2c5068', '#2f78a4', '#4ea6d8', '#a2dcf8'],
    none: '#40464d',
  },
};

function along(stops, t) {
  const at = Math.max(0, Math.min(1, t)) * (stops.length - 1),
        k = Math.min(stops.length - 2, Math.floor(at));
  return d3.interpolateRgb(stops[k], stops[k + 1])(at - k);
}

/* Colours of prices: warm above, blue below zero; the ends take what is beyond them. */
function priceScale(domain) {
  const ramp = isDark() ? ramps.dark : ramps.light, [lo, hi] = domain;
  const table = [];
  const of = (v) => {
    if (lo >= 0) return along(ramp.above, hi > lo ? (v - lo) / (hi - lo) : 0.4);
    if (hi <= 0) return along(ramp.below, hi > lo ? (hi - v) / (hi - lo) : 0.4);
    return v >= 0 ? along(ramp.above, v / hi) : along(ramp.below, v / lo);
  };
  for (let i = 0; i <= 255; i++) table.push(of(lo + (hi - lo) * i / 255));
  const scale = (v) => {
    if (v === null || Number.isNaN(v)) return ramp.none;
    const at = hi > lo ? Math.round(255 * (v - lo) / (hi - lo)) : 100;
    return table[Math.max(0, Math.min(255, at))];
  };
  scale.domain = domain;
  scale.gradient = () =>
      'linear-gradient(to right, ' + table.filter((_, i) => i % 17 === 0).join(', ') + ')';
  return scale;
}

/* Nearly all values: what lies outside is so little that it may share the colour of the end. */
function quantiles(values, from, to) {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  if (sorted.length === 0) return [0, 1];
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return [at(from), at(to)];
}

/* The key to a scale of colours; says where values lie beyond its ends. */
function scaleKey(scale, unit, extremes) {
  const [lo, hi] = scale.domain;
  const left = (extremes && extremes[0] < lo ? '\u2264 ' : '') + price(lo);
  const right = (extremes && extremes[1] > hi ? '\u2265 ' : '') + price(hi);
  return el(
      'div', {class: 'scale'}, el('span', {}, left),
      el('span', {class: 'ramp', style: {background: scale.gradient()}, 'aria-hidden': 'true'}),
      el('span', {}, right + ' ' + unit));
}

/* What a technology is drawn in; the first that matches. Lower ones lie lower in a stack. */
const kinds = [
  [/nuc/, '#8d6cb4', 0],
  [/geo/, '#a8643c', 1],
  [/bio|waste/, '#7d8a3f', 2],
  [/coal/, '#6b6763', 3],
  [/hydro|\bhy\b|water/, '#4a86c9', 4],
  [/solar.*batter/, '#c9a13c', 11],
  [/\bcc\b|combined/, '#cf8f72', 5],
  [/\bgt\b|\bct\b|turbine/, '#b8664d', 6],
  [/gas|\bng\b|steam/, '#c77d62', 5],
  [/oil/, '#7a4d3e', 7],
  [/wind/, '#52ab9c', 8],
  [/solar|pv|csp|photo|roof/, '#e8b53a', 9],
  [/import|tie/, '#8298b8', 12],
  [/storage|batter/, '#cf5f8c', 14],
  [/response|pdr|pump|cold/, '#93b84f', 13],
  [/distrib|dera/, '#b79a5a', 11],
  [/export/, '#566f91', 15],
  [/load|demand/, '#959ba2', 16],
  [/virtual/, '#9a7fc7', 17],
  [/rent|congestion/, '#c2483f', 18],
  [/loss/, '#a5695f', 19],
];
function kindOf(name) {
  const lower = name.toLowerCase();
  const found = kinds.find(([pattern]) => pattern.test(lower));
  return found ? {colour: found[1], order: found[2]} : {colour: '#9aa0a6', order: 10};
}
