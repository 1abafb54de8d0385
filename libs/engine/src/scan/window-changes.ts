import { withRoom } from "./growing.ts";
import type { SparseChanges } from "./sparse-changes.ts";

/** A node of a list: window, amount, next. */
const nodeBytes = 16;
const seriesBytes = 8;
/** A list of so many changes is never turned into an array. */
const shortList = 8;

/**
 * How the counts of many series change from one window to the next. Most series of a query that makes many have entries in
 * one window or two: each has a list of its changes, the latest window first, in columns that all share. A series with many
 * changes has an array of them instead.
 *   heads[series] ──▶ node ──▶ node ──▶ 0        node = windows[n], amounts[n], nexts[n]
 *   heads[series] < 0: its array is arrays[~heads[series]]
 */
export class WindowChanges {
  readonly #size: number;
  readonly #longest: number;
  #heads = new Int32Array(16);
  #lengths = new Uint32Array(16);
  readonly #arrays: Float64Array[] = [];
  #windows = new Uint32Array(64);
  #amounts = new Float64Array(64);
  #nexts = new Uint32Array(64);
  #used = 1;
  /** Nodes of lists that became arrays. */
  #free = 0;

  /** Over so many windows. */
  constructor(windows: number) {
    this.#size = windows + 1;
    this.#longest = Math.max(shortList, this.#size >>> 2);
  }

  /** What it holds in memory. */
  get bytes(): number {
    const lists = this.#windows.length * nodeBytes + this.#heads.length * seriesBytes;
    return lists + this.#arrays.length * this.#size * 8;
  }

  /** Adds an amount to the windows from `from` to `to`. */
  add(series: number, from: number, to: number, amount: number): void {
    if (series >= this.#heads.length) this.#growSeries(series);
    const head = this.#heads[series]!;
    if (head < 0) {
      const array = this.#arrays[~head]!;
      array[from]! += amount;
      array[to + 1]! -= amount;
    } else this.#change(series, from, amount, this.#change(series, to + 1, -amount, 0));
  }

  /** Adds changes `from` up to `to` of others to a series. */
  addPacked(series: number, { positions, changes }: SparseChanges, from: number, to: number): void {
    if (series >= this.#heads.length) this.#growSeries(series);
    for (let at = from, node = 0; at < to; at++) node = this.#change(series, positions[at]!, changes[at]!, node);
  }

  /** Writes the changes of a series, of all windows. */
  read(series: number, into: Float64Array): void {
    const head = this.#heads[series] ?? 0;
    if (head < 0) return into.set(this.#arrays[~head]!);
    into.fill(0);
    for (let node = head; node !== 0; node = this.#nexts[node]!) into[this.#windows[node]!] = this.#amounts[node]!;
  }

  /** The changes of the first `count` series. */
  pack(count: number): SparseChanges {
    const sizes = new Uint32Array(count);
    let [positions, changes] = [new Uint32Array(64), new Float64Array(64)];
    let used = 0;
    for (let series = 0; series < count; series++) {
      const first = used;
      positions = withRoom(positions, used + this.#size);
      changes = withRoom(changes, used + this.#size);
      this.#each(series, put);
      sizes[series] = used - first;
    }
    return { sizes, positions: positions.slice(0, used), changes: changes.slice(0, used) };

    function put(window: number, change: number): void {
      if (change === 0) return;
      positions[used] = window;
      changes[used++] = change;
    }
  }

  /** All changes of a series, the latest window first; those of an array also where they are 0. */
  #each(series: number, take: (window: number, change: number) => void): void {
    const head = this.#heads[series] ?? 0;
    if (head >= 0)
      for (let node = head; node !== 0; node = this.#nexts[node]!) take(this.#windows[node]!, this.#amounts[node]!);
    else {
      const array = this.#arrays[~head]!;
      for (let window = this.#size - 1; window >= 0; window--) take(window, array[window]!);
    }
  }

  /** Adds to one change of a series, looking for its place after a node, or from the start. Returns the node. */
  #change(series: number, window: number, amount: number, after: number): number {
    const head = this.#heads[series]!;
    if (head < 0) {
      this.#arrays[~head]![window]! += amount;
      return 0;
    }
    let before = after;
    let node = before === 0 ? head : this.#nexts[before]!;
    while (node !== 0 && this.#windows[node]! > window) {
      before = node;
      node = this.#nexts[node]!;
    }
    if (node !== 0 && this.#windows[node] === window) {
      this.#amounts[node]! += amount;
      return node;
    }
    const made = this.#node();
    this.#windows[made] = window;
    this.#amounts[made] = amount;
    this.#nexts[made] = node;
    if (before === 0) this.#heads[series] = made;
    else this.#nexts[before] = made;
    return ++this.#lengths[series]! > this.#longest ? this.#toArray(series) : made;
  }

  #node(): number {
    if (this.#free !== 0) {
      const node = this.#free;
      this.#free = this.#nexts[node]!;
      return node;
    }
    const node = this.#used++;
    this.#windows = withRoom(this.#windows, this.#used);
    this.#amounts = withRoom(this.#amounts, this.#used);
    this.#nexts = withRoom(this.#nexts, this.#used);
    return node;
  }

  #toArray(series: number): 0 {
    const array = new Float64Array(this.#size);
    this.read(series, array);
    let last = this.#heads[series]!;
    while (this.#nexts[last] !== 0) last = this.#nexts[last]!;
    this.#nexts[last] = this.#free;
    this.#free = this.#heads[series]!;
    this.#heads[series] = ~this.#arrays.length;
    this.#arrays.push(array);
    return 0;
  }

  #growSeries(atLeast: number): void {
    this.#heads = withRoom(this.#heads, atLeast + 1);
    this.#lengths = withRoom(this.#lengths, atLeast + 1);
  }
}
