/**
 * The heights of all rows of a list, in pixels, as a Fenwick tree: the place of a row and the row at a place are found in
 * logarithmic time, however many rows have a height of their own.
 */
export class RowHeights {
  #heights = new Float64Array(0);
  #tree = new Float64Array(1);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** `length` rows of one height. */
  reset(length: number, height: number): void {
    this.#length = 0;
    this.#heights = new Float64Array(length);
    this.#tree = new Float64Array(length + 1);
    this.grow(length, height);
  }

  /** More rows at the end. */
  grow(length: number, height: number): void {
    this.#reserve(length);
    for (let i = this.#length; i < length; i++) {
      this.#heights[i] = height;
      const node = i + 1;
      const below = node - (node & -node);
      this.#tree[node] = height + this.#sum(i) - this.#sum(below);
    }
    this.#length = Math.max(this.#length, length);
  }

  #reserve(length: number): void {
    if (length <= this.#heights.length) return;
    const room = Math.max(length, this.#heights.length * 2);
    const heights = new Float64Array(room);
    heights.set(this.#heights);
    const tree = new Float64Array(room + 1);
    tree.set(this.#tree);
    this.#heights = heights;
    this.#tree = tree;
  }

  height(row: number): number {
    return this.#heights[row] ?? 0;
  }

  set(row: number, height: number): void {
    const by = height - this.#heights[row]!;
    this.#heights[row] = height;
    for (let node = row + 1; node <= this.#length; node += node & -node) this.#tree[node]! += by;
  }

  /** Where a row begins; of `length`, where the list ends. */
  top(row: number): number {
    return this.#sum(Math.min(row, this.#length));
  }

  /** The row at a place, the last one below the end. */
  rowAt(y: number): number {
    let node = 0;
    let rest = y;
    for (let bit = 2 ** Math.floor(Math.log2(Math.max(this.#length, 1))); bit >= 1; bit /= 2) {
      if (node + bit <= this.#length && this.#tree[node + bit]! <= rest) {
        node += bit;
        rest -= this.#tree[node]!;
      }
    }
    return Math.min(node, Math.max(this.#length - 1, 0));
  }

  #sum(count: number): number {
    let sum = 0;
    for (let node = count; node > 0; node -= node & -node) sum += this.#tree[node]!;
    return sum;
  }
}
