/* data.js - a run's tables with what the charts compute of them. */

/* A table [row, column]; large ones arrive with block rows averaged into one. */
class Matrix {
  constructor(run, path, columns) {
    this.values = run.raw.table[path] || null;
    this.block = run.raw.block[path] || 1;
    this.columns = columns;
  }
  at(row, column) { return this.values[Math.floor(row / this.block) * this.columns + column]; }
}

/* Groups of one colour in shades of it. */
function shades(groups) {
  const seen = {};
  groups.forEach((g) => {
    const k = seen[g.colour] = (seen[g.colour] || 0) + 1, step = 0.55 * Math.ceil((k - 1) / 2);
    if (k > 1) g.colour = d3.rgb(g.colour)[k % 2 ? 'brighter' : 'darker'](step).toString();
  });
  return groups;
}

class Run {
  constructor(raw) {
    this.raw = raw;
    this.stage = raw.stage;
    this.isDispatch = raw.stage === '/dispatch';
    this.isCommit = raw.stage === '/commitment';
    this.node = this.table('/node') || [];
    this.resource = this.table('/resource') || [];
    this.branch = this.table('/branch') || [];
    this.sc = this.table('/sc') || [];
    this.virtual = this.table('/virtual') || [];
    this.time = this.timesOf(this.stage);
    this.n = this.time.n;
    this.lmp = new Matrix(this, this.stage + '/lmp', this.node.length);
    this.award =
        new Matrix(this, this.stage + (this.isCommit ? '/power' : '/award'), this.resource.length);
    this.hasPrices = this.n > 0 && this.node.length > 0 && this.lmp.values !== null;
    this.flow = new Matrix(this, this.stage + '/flow', this.branch.length);
    this.constraint = this.of('/constraint') || [];
    this.shadow = new Matrix(this, this.stage + '/shadow_price', this.constraint.length);
    this.kept = new Map();
  }
  table(path) { return this.raw.table[path] || null; }
  of(name) { return this.table(this.stage + name); }
  /* A small integer of a table by its word. */
  word(path, row) {
    const words = (this.raw.words[path] || '').split(' ');
    return words[this.table(path)[row]] || '';
  }
  /* Computed once. */
  keep(name, compute) {
    if (!this.kept.has(name)) this.kept.set(name, compute());
    return this.kept.get(name);
  }
  timesOf(stage) {
    const start = this.table(stage + '/interval') || [],
          duration = this.table(stage + '/duration') || [];
    return {
      plain: stage === '/commitment',
      n: start.length,
      start,
      end: start.map((s, i) => s + duration[i]),
      hours: duration.map((d) => d / 60),
      he: this.table(stage + '/hour_ending') || [],
      date: this.table(stage + '/trade_date') || [],
    };
  }
  /* "HE 19", with its date where there are several. */
  hourName(i, time) {
    const t = time || this.time;
    if (this.isDispatch) return 'the hour';
    if (this.isCommit) return 'interval ' + (i + 1);
    const several = t.date[0] !== t.date[t.n - 1];
    const fine =
        t.end[i] - t.start[i] < 60 ? ' +' + ((t.start[i] / 60 % 1) * 60).toFixed(0) + ' min' : '';
    return (several ? dateText(t.date[i]) + ' ' : '') + 'HE ' + t.he[i] + fine;
  }
  zone() { return this.raw.meta.time_zone || 'local time'; }
  resourceType(r) {
    return this.table('/input/resource/type') ? this.word('/input/resource/type', r) : 'generator';
  }
  resourceNode(r) {
    return (this.table('/input/resource/node') || this.table('/dispatch/unit_bus'))[r];
  }
  nodeKind(i) {
    return this.table('/input/node/kind') ? this.word('/input/node/kind', i) : 'pnode';
  }
  branchEnds() {
    return [
      this.table('/input/branch/from') || this.table('/dispatch/branch_from') || [],
      this.table('/input/branch/to') || this.table('/dispatch/branch_to') || []
    ];
  }
  branchRate() {
    return this.table('/input/branch/rate_mw') || this.table('/dispatch/branch_rate') || [];
  }
  /* What a resource is called in a stack. */
  group(r) {
    const type = this.resourceType(r);
    const technology = (this.table('/input/resource/technology') || [])[r] || '';
    const name = {
      generator: technology || (this.plainUnits().has(r) ? this.resource[r] : 'generation'),
      storage: 'storage',
      import: 'imports',
      export: 'exports',
      load: 'load',
      pdr: 'demand response',
      dera: 'distributed',
    }[type] ||
        type;
    return name;
  }
  /* Generators of no technology, where they are few enough to be told apart: unit to number. */
  plainUnits() {
    return this.keep('plainUnits', () => {
      const technology = this.table('/input/resource/technology') || [];
      const plain = this.resource.map((_, r) => r)
                        .filter((r) => this.resourceType(r) === 'generator' && !technology[r]);
      return new Map((plain.length <= 8 && !this.isDispatch ? plain : []).map((r, k) => [r, k]));
    });
  }
  /* Colour and place in a stack of a resource's group. */
  look(r) {
    const plain = this.plainUnits();
    return plain.has(r) ? {colour: seriesColour(plain.get(r)), order: 10} : kindOf(this.group(r));
  }
  /* Supply and use by group: [{name, colour, order, up: [n], down: [n]}], MW. */
  groups() {
    return this.keep('groups', () => {
      const found = new Map();
      for (let r = 0; r < this.resource.length; r++) {
        const name = this.group(r);
        if (!found.has(name)) {
          found.set(name, {
            name,
            ...this.look(r),
            up: new Array(this.n).fill(0),
            down: new Array(this.n).fill(0),
            count: 0
          });
        }
        const g = found.get(name);
        g.count++;
        for (let i = 0; i < this.n; i++) {
          const v = this.award.at(i, r);
          if (v > 0)
            g.up[i] += v;
          else
            g.down[i] += v;
        }
      }
      const other = new Matrix(
          this, '/commitment/other_power', (this.table('/commitment/other') || []).length);
      (other.values ? this.table('/commitment/other') : []).forEach((name, r) => {
        const g = found.get('without commitment') || {
          name: 'without commitment',
          colour: '#8fb27a',
          order: 9,
          up: new Array(this.n).fill(0),
          down: new Array(this.n).fill(0),
          count: 0
        };
        found.set(g.name, g);
        for (let i = 0; i < this.n; i++) g[other.at(i, r) > 0 ? 'up' : 'down'][i] += other.at(i, r);
      });
      return shades(
          [...found.values()].sort((a, b) => a.order - b.order || d3.ascending(a.name, b.name)));
    });
  }
  /* MW of load served, by interval. */
  load() {
    return this.keep('load', () => {
      if (this.isCommit) {
        const lost = this.of('/shortage');
        return this.of('/load').map((v, i) => v - lost[i]);
      }
      if (this.isDispatch) {
        const sum = d3.sum(this.busLoad()) - d3.sum(this.of('/shortage') || []);
        return [sum];
      }
      const served = new Array(this.n).fill(0);
      for (let r = 0; r < this.resource.length; r++) {
        if (this.resourceType(r) !== 'load') continue;
        for (let i = 0; i < this.n; i++) served[i] -= this.award.at(i, r);
      }
      return served;
    });
  }
  /* MW drawn at each bus of a case. */
  busLoad() {
    const load = this.table('/dispatch/bus_load') || [],
          shunt = this.table('/dispatch/bus_shunt') || [];
    return load.map((v, i) => v + (shunt[i] || 0));
  }
  /* USD/MWh paid by load on average, by interval; the last is of the whole run. */
  loadPrice() {
    return this.keep('loadPrice', () => {
      const paid = new Array(this.n).fill(0), taken = new Array(this.n).fill(0);
      const add = (i, node, quantity) => {
        paid[i] += quantity * this.lmp.at(i, node) * this.time.hours[i];
        taken[i] += quantity * this.time.hours[i];
      };
      if (this.isCommit) {
        this.load().forEach((v, i) => {
          paid[i] = v * this.of('/energy_price')[i] * this.time.hours[i];
          taken[i] = v * this.time.hours[i];
        });
      } else if (this.isDispatch) {
        this.busLoad().forEach((v, node) => add(0, node, v));
      } else {
        for (let r = 0; r < this.resource.length; r++) {
          if (this.resourceType(r) !== 'load') continue;
          for (let i = 0; i < this.n; i++) add(i, this.resourceNode(r), -this.award.at(i, r));
        }
      }
      return {
        paid,
        by: paid.map((p, i) => (taken[i] > 0 ? p / taken[i] : null)),
        all: d3.sum(taken) > 0 ? d3.sum(paid) / d3.sum(taken) : null
      };
    });
  }
  /* {low, high}: {value, node, interval} of the extreme prices. */
  extremes() {
    return this.keep('extremes', () => {
      const v = this.lmp.values || [], c = this.node.length;
      let low = 0, high = 0;
      for (let k = 1; k < v.length; k++) {
        if (v[k] < v[low]) low = k;
        if (v[k] > v[high]) high = k;
      }
      const at = (k) => ({value: v[k], node: k % c, interval: Math.floor(k / c) * this.lmp.block});
      return {low: at(low), high: at(high)};
    });
  }
  /* Shift factors of a node: [[limit, factor]]; none where the page has none. */
  shifts(node) {
    const by = this.keep('shifts', () => {
      const found = new Map(), limit = this.of('/shift_factor/constraint') || [],
            factor = this.of('/shift_factor/factor') || [];
      (this.of('/shift_factor/node') || []).forEach((at, k) => {
        if (!found.has(at)) found.set(at, []);
        found.get(at).push([limit[k], factor[k]]);
      });
      return found;
    });
    return by.get(node) || [];
  }
  /*
   * A price by its parts: energy, one for each limit that binds (minus its shadow price times
   * the node's shift factor), losses. What rounding leaves, or all congestion where there are
   * no factors, is "congestion". [[name, USD/MWh]]
   */
  priceParts(i, node) {
    const part = (name) => new Matrix(this, this.stage + name, this.node.length).at(i, node);
    const congestion = part('/lmp_congestion'), loss = part('/lmp_loss');
    const limits = this.shifts(node)
                       .map(([k, f]) => [this.constraint[k], -f * this.shadow.at(i, k)])
                       .filter((p) => Math.abs(p[1]) > 0.005);
    limits.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
    const shown = limits.slice(0, 4), rest = congestion - d3.sum(shown, (p) => p[1]);
    return [['energy', this.lmp.at(i, node) - congestion - loss]].concat(
        shown,
        Math.abs(rest) > 0.02 ? [['congestion' + (shown.length > 0 ? ' of others' : ''), rest]] :
                                [],
        Math.abs(loss) > 0.005 ? [['loss', loss]] : []);
  }
  /* Average price of each node over the run. */
  meanPrices() {
    return this.keep('meanPrices', () => {
      const c = this.node.length, rows = c > 0 ? (this.lmp.values || []).length / c : 0;
      const mean = new Array(c).fill(0);
      for (let k = 0; k < rows; k++)
        for (let i = 0; i < c; i++) mean[i] += this.lmp.values[k * c + i] / rows;
      return mean;
    });
  }
  /* Rows of a matrix as intervals of their own: large matrices have fewer. */
  rowTimes(matrix, time) {
    const t = time || this.time, b = matrix.block,
          out = {n: 0, start: [], end: [], he: [], date: [], hours: []};
    for (let i = 0; i < t.n; i += b, out.n++) {
      out.start.push(t.start[i]);
      out.end.push(t.end[Math.min(t.n, i + b) - 1]);
      out.he.push(t.he[i]);
      out.date.push(t.date[i]);
      out.hours.push((out.end[out.n] - out.start[out.n]) / 60);
    }
    return out;
  }
}
