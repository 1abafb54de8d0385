const empty = new Uint8Array(0);
const fewRows = 1024;
/** Columns larger than this are given back after a push, so that one huge push does not stay in memory. */
const keptRows = 1 << 18;

/** A stream of a push: its labels as text and its rows `[from, to)`. */
export interface PushedStream {
  /** The label set as the client wrote it, `{app="cart"}`; not yet parsed. */
  readonly labels: string;
  readonly from: number;
  readonly to: number;
}

/**
 * A push as its decoder found it: columns of offsets into `bytes`. No line is copied, none becomes a string, and
 * nothing but the form has been checked. One object serves push after push.
 *
 *   row i ─┬─ seconds[i], nanos[i]           its time
 *          ├─ lineAt[i] … lineEnd[i]         its line in `bytes`
 *          └─ pairs pairsEnd[i-1] … pairsEnd[i]   its structured metadata
 *   pair p ── pairs[4p … 4p+3]               name from, name to, value from, value to (in `bytes`)
 */
export class PushedEntries {
  bytes: Uint8Array = empty;
  streams: PushedStream[] = [];
  /** Number of rows. */
  count = 0;
  /** Unix seconds, rounded down. */
  seconds = new Float64Array(fewRows);
  /** Nanoseconds within the second. */
  nanos = new Uint32Array(fewRows);
  lineAt = new Uint32Array(fewRows);
  lineEnd = new Uint32Array(fewRows);
  pairsEnd = new Uint32Array(fewRows);
  pairCount = 0;
  pairs = new Uint32Array(4 * fewRows);

  /** Forgets the push before and starts with the bytes of a new one. */
  reset(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.streams = [];
    this.count = 0;
    this.pairCount = 0;
  }

  /** Lets go of the bytes, and of columns that grew out of proportion. */
  release(): void {
    this.reset(empty);
    if (this.nanos.length > keptRows) this.#resizeRows(fewRows);
    if (this.pairs.length > 4 * keptRows) this.pairs = new Uint32Array(4 * fewRows);
  }

  /** First pair of a row; the last is before `pairsEnd[row]`. */
  firstPair(row: number): number {
    return row === 0 ? 0 : this.pairsEnd[row - 1]!;
  }

  /** Adds a pair to the row that the next `addRow` ends. */
  addPair(nameAt: number, nameEnd: number, valueAt: number, valueEnd: number): void {
    let at = 4 * this.pairCount;
    if (at === this.pairs.length) this.pairs = grown(this.pairs);
    const { pairs } = this;
    pairs[at++] = nameAt;
    pairs[at++] = nameEnd;
    pairs[at++] = valueAt;
    pairs[at] = valueEnd;
    this.pairCount++;
  }

  /** Adds a row with the pairs added since the row before. */
  addRow(seconds: number, nanos: number, lineAt: number, lineEnd: number): void {
    const row = this.count;
    if (row === this.nanos.length) this.#resizeRows(2 * row);
    this.seconds[row] = seconds;
    this.nanos[row] = nanos;
    this.lineAt[row] = lineAt;
    this.lineEnd[row] = lineEnd;
    this.pairsEnd[row] = this.pairCount;
    this.count = row + 1;
  }

  /** Ends a stream whose rows began at `from`. */
  addStream(labels: string, from: number): void {
    this.streams.push({ labels, from, to: this.count });
  }

  #resizeRows(rows: number): void {
    const { count } = this;
    const copy = <T extends Float64Array | Uint32Array>(to: T, from: T): T => {
      to.set(from.subarray(0, count));
      return to;
    };
    this.seconds = copy(new Float64Array(rows), this.seconds);
    this.nanos = copy(new Uint32Array(rows), this.nanos);
    this.lineAt = copy(new Uint32Array(rows), this.lineAt);
    this.lineEnd = copy(new Uint32Array(rows), this.lineEnd);
    this.pairsEnd = copy(new Uint32Array(rows), this.pairsEnd);
  }
}

function grown(column: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * column.length);
  larger.set(column);
  return larger;
}

/** Seconds of Go's zero time, 0001-01-01T00:00:00Z: the time of an entry that was sent without one. */
export const noTimeSeconds = -62_135_596_800;
