/**
 * Entries of one stream in columns. Everything that moves is blocks: a push becomes blocks, the WAL, the network and
 * the store carry them encoded (`libs/chunk`), a query scans them. Nothing in here is one object per line.
 */
export interface Block {
  /** Number of entries (rows). */
  readonly count: number;
  /** Unix nanoseconds from which `deltas` count. */
  readonly base: bigint;
  /** Nanoseconds after `base`, exact below 2^53 (104 days). In stored blocks ascending, in pushed ones as they came. */
  readonly deltas: Float64Array;
  /** The lines, each followed by one `\n` that does not belong to it (a line may contain `\n` itself). */
  readonly lines: Uint8Array;
  /** count + 1 offsets: line i is `lines[offsets[i] … offsets[i + 1] - 1)`. */
  readonly offsets: Uint32Array;
  /** Structured metadata, a column a name, sorted by name. */
  readonly metadata: readonly MetadataColumn[];
}

/** One name of structured metadata over all rows of a block. */
export interface MetadataColumn {
  readonly name: string;
  /** The distinct values. */
  readonly values: readonly string[];
  /** Per row 1 + the position of its value in `values`; 0 says that the row lacks the name. */
  readonly index: Uint32Array;
}

/** What is known of a block or chunk without opening it. Times are unix nanoseconds, both inclusive. */
export interface Extent {
  readonly minTime: bigint;
  readonly maxTime: bigint;
  readonly entries: number;
  /** Raw bytes of the lines, without their `\n`. */
  readonly bytes: number;
}

/** Metadata of one row as [name, value] pairs sorted by name. */
export function metadataOf(block: Block, row: number): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const { name, values, index } of block.metadata) {
    const at = index[row]!;
    if (at !== 0) pairs.push([name, values[at - 1]!]);
  }
  return pairs;
}

/** The bytes of one line: a view, not a copy. */
export function lineOf(block: Block, row: number): Uint8Array {
  return block.lines.subarray(block.offsets[row], block.offsets[row + 1]! - 1);
}

/** The time of one entry in unix nanoseconds. */
export function timeOf(block: Block, row: number): bigint {
  return block.base + BigInt(block.deltas[row]!);
}

/** The first row at or after a time, of rows that ascend; the number of rows when there is none. */
export function rowFrom({ base, deltas, count }: Pick<Block, "base" | "deltas" | "count">, time: bigint): number {
  const delta = Number(time - base);
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (deltas[middle]! < delta) low = middle + 1;
    else high = middle;
  }
  return low;
}
