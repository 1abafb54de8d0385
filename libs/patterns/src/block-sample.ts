import { type Block, lineOf } from "@ratatosk/model";
import { PatternMiner } from "./pattern-miner.ts";

/** What the lines of one level in a block have in common, as far as a sample of them tells. */
export interface SampledLevel {
  /** `detected_level`; empty for lines without one. */
  readonly level: string;
  /** Lines of the level. */
  readonly lines: number;
  /** How many of them were looked at. */
  readonly sampled: number;
  readonly patterns: readonly SampledPattern[];
}

export interface SampledPattern {
  /** The pattern with every wildcard, as `PatternMiner.addPattern` takes it. */
  readonly template: string;
  /** Lines of the sample by time: tens of seconds since 1970. */
  readonly counts: ReadonlyMap<number, number>;
}

const levelName = "detected_level";
const bucketNanos = 10_000_000_000n;
const longestLine = 4096;

/** A line as the miner takes it: not more of it than the patterns could use. */
export function minedText(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, Math.min(line.length, longestLine)).toString();
}

/** The tens of seconds since 1970 in which a time lies. */
export const bucketOf = (nanos: bigint): number =>
  Number((nanos - (((nanos % bucketNanos) + bucketNanos) % bucketNanos)) / bucketNanos);

/** When a bucket begins, in unix nanoseconds. */
export const bucketStart = (bucket: number): bigint => BigInt(bucket) * bucketNanos;

/**
 * Mines up to `most` lines of a block, of each level by itself. Of a level with few lines all are mined, of the others
 * lines spread over all of theirs, none twice.
 */
export function sampleBlock(block: Block, most: number): SampledLevel[] {
  const levels = rowsByLevel(block);
  const shares = shareOut(
    levels.map(({ rows }) => rows),
    most,
  );
  const seed = seedOf(block);
  const samples = levels.map(({ level, rows }, i) => new LevelSample(level, rows, shares[i]!, seed));
  const numbers = block.metadata.find(({ name }) => name === levelName)?.index;
  const byNumber: LevelSample[] = [];
  for (const [i, { number }] of levels.entries()) byNumber[number] = samples[i]!;
  for (let row = 0; row < block.count; row++) {
    const sample = byNumber[numbers === undefined ? 0 : numbers[row]!]!;
    if (sample.wantsNext())
      sample.add(minedText(lineOf(block, row)), bucketOf(block.base + BigInt(block.deltas[row]!)));
  }
  return samples.map((sample) => sample.result());
}

/** Other rows are chosen of each block, and of one block always the same. */
const seedOf = ({ base, deltas, count }: Block): number =>
  Number(BigInt.asUintN(32, (base + BigInt(deltas[0] ?? 0)) / 1000n)) ^ count;

interface LevelRows {
  /** As the rows name it. */
  readonly number: number;
  readonly level: string;
  readonly rows: number;
}

function rowsByLevel({ metadata, count }: Block): LevelRows[] {
  const column = metadata.find(({ name }) => name === levelName);
  if (column === undefined) return count === 0 ? [] : [{ number: 0, level: "", rows: count }];
  const rows = new Uint32Array(column.values.length + 1);
  for (let row = 0; row < count; row++) rows[column.index[row]!]!++;
  return Array.from(rows, (of, number) => ({ number, level: column.values[number - 1] ?? "", rows: of })).filter(
    ({ rows: of }) => of > 0,
  );
}

/** Shares of `most`, as equal as the amounts wanted allow. */
function shareOut(wanted: readonly number[], most: number): number[] {
  const shares = wanted.map(() => 0);
  let [left, sharers] = [most, wanted.length];
  for (const at of wanted
    .keys()
    .toArray()
    .sort((a, b) => wanted[a]! - wanted[b]!)) {
    shares[at] = Math.min(wanted[at]!, Math.ceil(left / sharers--));
    left -= shares[at];
  }
  return shares;
}

/** Chooses rows of one level: one, at random, of each of as many equal parts as are wanted. */
class LevelSample {
  readonly #level: string;
  readonly #rows: number;
  readonly #wanted: number;
  readonly #miner = new PatternMiner();
  #seen = 0;
  #taken = 0;
  #next: number;
  #random: number;

  constructor(level: string, rows: number, wanted: number, seed: number) {
    this.#random = seed;
    this.#level = level;
    this.#rows = rows;
    this.#wanted = wanted;
    this.#next = this.#choose();
  }

  /** Whether the next row is one of the sample. */
  wantsNext(): boolean {
    return this.#seen++ === this.#next;
  }

  add(line: string, bucket: number): void {
    this.#miner.add(line, bucket);
    this.#taken++;
    this.#next = this.#choose();
  }

  result(): SampledLevel {
    const patterns = this.#miner.patterns().map(({ template, counts }) => ({ template, counts }));
    return { level: this.#level, lines: this.#rows, sampled: this.#taken, patterns };
  }

  #choose(): number {
    if (this.#taken === this.#wanted) return -1;
    const part = this.#rows / this.#wanted;
    this.#random = (Math.imul(this.#random, 1664525) + 1013904223) >>> 0;
    const from = Math.floor(this.#taken * part);
    const to = Math.floor((this.#taken + 1) * part);
    return from + Math.floor((this.#random / 2 ** 32) * (to - from));
  }
}
