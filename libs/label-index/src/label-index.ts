import { ByteReader } from "@ratatosk/bytes";
import { compareText, type Extent, formatLabels, type Label, type Labels, type Matcher } from "@ratatosk/model";
import { compileRegex } from "@ratatosk/regex";
import {
  type IndexContent,
  type IndexedChunk,
  type IndexedSegment,
  type SectionName,
  sectionNames,
} from "./index-content.ts";
import { type ValueTest, valueTest } from "./matcher.ts";
import { asF64, asU32, corrupt, readSections } from "./sections.ts";
import { SeriesSet } from "./series-set.ts";
import { checkAscending, checkBelow, Symbols } from "./symbols.ts";

/** A stream that matched, and its chunks that touch the time asked for. */
export interface IndexHit {
  readonly labels: Labels;
  readonly stream: string;
  readonly chunks: readonly ChunkHit[];
}

export type ChunkHit = Extent & Pick<IndexedChunk, "segment" | "ordinal" | "levels">;

/** Times in unix nanoseconds, `start` inclusive, `end` exclusive. */
export interface TimeRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** An index file, opened: typed arrays over its sections, texts decoded when asked for. */
export class LabelIndex {
  readonly segments: readonly IndexedSegment[];
  readonly replaces: readonly string[];
  readonly #base: bigint;
  readonly #levels: readonly string[];
  readonly #symbols: Symbols;
  readonly #names: Uint32Array;
  readonly #valueStarts: Uint32Array;
  readonly #values: Uint32Array;
  readonly #postingStarts: Uint32Array;
  readonly #postingCounts: Uint32Array;
  readonly #postings: Uint32Array;
  readonly #seriesStarts: Uint32Array;
  readonly #seriesPairs: Uint32Array;
  readonly #chunkStarts: Uint32Array;
  readonly #chunkRefs: Uint32Array;
  readonly #chunkTimes: Float64Array;
  readonly #chunkCounts: Float64Array;

  /** Opens a file's bytes. Throws corrupt. */
  constructor(file: Uint8Array) {
    const sections = readSections(file, sectionNames.length);
    const section = (name: SectionName): Uint8Array => sections[sectionNames.indexOf(name)]!;
    const numbers = (name: SectionName): Uint32Array => asU32(section(name));
    const about = readAbout(section("about"));
    this.segments = about.segments;
    this.replaces = about.replaces;
    this.#base = about.base;
    this.#levels = about.levels;
    this.#symbols = new Symbols(section("symbolBytes"), numbers("symbolOffsets"));
    this.#names = numbers("names");
    this.#valueStarts = numbers("valueStarts");
    this.#values = numbers("values");
    this.#postingStarts = numbers("postingStarts");
    this.#postingCounts = numbers("postingCounts");
    this.#postings = numbers("postings");
    this.#seriesStarts = numbers("seriesStarts");
    this.#seriesPairs = numbers("seriesPairs");
    this.#chunkStarts = numbers("chunkStarts");
    this.#chunkRefs = numbers("chunkRefs");
    this.#chunkTimes = asF64(section("chunkTimes"));
    this.#chunkCounts = asF64(section("chunkCounts"));
    this.#check();
  }

  get seriesCount(): number {
    return this.#seriesStarts.length - 1;
  }

  /** The streams that match, with their chunks of the time range. */
  select(matchers: readonly Matcher[], range: TimeRange): IndexHit[] {
    const hits: IndexHit[] = [];
    for (const series of this.#matching(matchers).ids()) {
      const chunks = this.#chunksOf(series, range);
      if (chunks.length === 0) continue;
      const labels = this.#labels(series);
      hits.push({ labels, stream: formatLabels(labels), chunks });
    }
    return hits;
  }

  /** Label sets of the streams that match and have lines of the time range. */
  series(matchers: readonly Matcher[], range: TimeRange): Labels[] {
    return this.#active(matchers, range).map((series) => this.#labels(series));
  }

  /** Label names of those streams, sorted. */
  labelNames(matchers: readonly Matcher[], range: TimeRange): string[] {
    const found = new Set<number>();
    for (const series of this.#active(matchers, range))
      for (const pair of this.#pairs(series)) found.add(this.#nameOf(pair));
    return [...found].map((name) => this.#symbols.text(this.#names[name]!)).sort(compareText);
  }

  /** Values of one label of those streams, sorted. */
  labelValues(label: string, matchers: readonly Matcher[], range: TimeRange): string[] {
    const name = this.#symbols.search(label, this.#names);
    if (name < 0) return [];
    const [first, last] = [this.#valueStarts[name]!, this.#valueStarts[name + 1]!];
    const found = new Set<number>();
    for (const series of this.#active(matchers, range))
      for (const pair of this.#pairs(series)) if (pair >= first && pair < last) found.add(pair);
    return [...found].sort((a, b) => a - b).map((pair) => this.#symbols.text(this.#values[pair]!));
  }

  /** Everything, as `buildIndex` takes it. */
  content(): IndexContent {
    const everything = { start: -(2n ** 80n), end: 2n ** 80n };
    const chunks = this.select([], everything).flatMap(({ labels, chunks }) =>
      chunks.map((chunk) => ({ labels, ...chunk })),
    );
    return { segments: this.segments, replaces: this.replaces, chunks };
  }

  #matching(matchers: readonly Matcher[]): SeriesSet {
    const matching = SeriesSet.all(this.seriesCount);
    for (const matcher of matchers) matching.intersect(this.#satisfying(matcher));
    return matching;
  }

  /** A missing label counts as the empty value: where that satisfies, those are found whose values do not, and left out. */
  #satisfying(matcher: Matcher): SeriesSet {
    const found = new SeriesSet(this.seriesCount);
    const name = this.#symbols.search(matcher.name, this.#names);
    const test = valueTest(matcher);
    const emptySatisfies = test("");
    if (name >= 0)
      for (const pair of this.#pairsWhere(name, matcher, test, !emptySatisfies)) this.#addPostings(pair, found);
    return emptySatisfies ? found.invert() : found;
  }

  /** Label pairs of a name whose value gives `outcome`. */
  *#pairsWhere(name: number, matcher: Matcher, test: ValueTest, outcome: boolean): Generator<number> {
    const [first, last] = [this.#valueStarts[name]!, this.#valueStarts[name + 1]!];
    const values = this.#values.subarray(first, last);
    const few = knownValues(matcher);
    const positive = matcher.op === "=" || matcher.op === "=~";
    if (few !== undefined && positive === outcome) {
      for (const value of few) {
        const at = this.#symbols.search(value, values);
        if (at >= 0) yield first + at;
      }
      return;
    }
    for (let at = 0; at < values.length; at++) if (test(this.#symbols.text(values[at]!)) === outcome) yield first + at;
  }

  #addPostings(pair: number, found: SeriesSet): void {
    const list = this.#postings.subarray(this.#postingStarts[pair], this.#postingStarts[pair + 1]);
    if (this.#postingCounts[pair] === list.length) found.addIds(list);
    else found.addBits(list);
  }

  #active(matchers: readonly Matcher[], range: TimeRange): number[] {
    return [...this.#matching(matchers).ids()].filter((series) => this.#hasChunk(series, range));
  }

  #hasChunk(series: number, range: TimeRange): boolean {
    const { low, high } = this.#relative(range);
    for (let chunk = this.#chunkStarts[series]!; chunk < this.#chunkStarts[series + 1]!; chunk++)
      if (this.#touches(chunk, low, high)) return true;
    return false;
  }

  #chunksOf(series: number, range: TimeRange): ChunkHit[] {
    const { low, high } = this.#relative(range);
    const chunks: ChunkHit[] = [];
    for (let chunk = this.#chunkStarts[series]!; chunk < this.#chunkStarts[series + 1]!; chunk++)
      if (this.#touches(chunk, low, high)) chunks.push(this.#chunk(chunk));
    return chunks;
  }

  /** The range counted from the base: exact as far as chunks reach. */
  #relative({ start, end }: TimeRange): { low: number; high: number } {
    return { low: Number(start - this.#base), high: Number(end - this.#base) };
  }

  #touches(chunk: number, low: number, high: number): boolean {
    return this.#chunkTimes[2 * chunk]! < high && this.#chunkTimes[2 * chunk + 1]! >= low;
  }

  #chunk(chunk: number): ChunkHit {
    const counts = chunk * (2 + this.#levels.length);
    const levels: Record<string, number> = {};
    for (const [at, level] of this.#levels.entries()) {
      const count = this.#chunkCounts[counts + 2 + at]!;
      if (count !== 0) levels[level] = count;
    }
    return {
      segment: this.#chunkRefs[2 * chunk]!,
      ordinal: this.#chunkRefs[2 * chunk + 1]!,
      minTime: this.#base + BigInt(this.#chunkTimes[2 * chunk]!),
      maxTime: this.#base + BigInt(this.#chunkTimes[2 * chunk + 1]!),
      entries: this.#chunkCounts[counts]!,
      bytes: this.#chunkCounts[counts + 1]!,
      levels,
    };
  }

  #labels(series: number): Labels {
    return Array.from(this.#pairs(series), (pair): Label => [
      this.#symbols.text(this.#names[this.#nameOf(pair)]!),
      this.#symbols.text(this.#values[pair]!),
    ]);
  }

  #pairs(series: number): Uint32Array {
    return this.#seriesPairs.subarray(this.#seriesStarts[series], this.#seriesStarts[series + 1]);
  }

  #nameOf(pair: number): number {
    let low = 0;
    let high = this.#names.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#valueStarts[middle]! <= pair) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Every number in the file points into the file, so that no later read has to look. */
  #check(): void {
    const pairs = this.#values.length;
    const chunks = this.#chunkTimes.length / 2;
    checkBelow(this.#names, this.#symbols.count, "names");
    checkBelow(this.#values, this.#symbols.count, "values");
    checkAscending(this.#valueStarts, pairs, "values");
    checkAscending(this.#postingStarts, this.#postings.length, "postings");
    checkAscending(this.#seriesStarts, this.#seriesPairs.length, "series");
    checkBelow(this.#seriesPairs, pairs, "series");
    checkAscending(this.#chunkStarts, chunks, "chunks");
    const sizes = [
      [this.#valueStarts.length, this.#names.length + 1],
      [this.#postingStarts.length, pairs + 1],
      [this.#postingCounts.length, pairs],
      [this.#chunkStarts.length, this.seriesCount + 1],
      [this.#chunkRefs.length, 2 * chunks],
      [this.#chunkCounts.length, chunks * (2 + this.#levels.length)],
    ] as const;
    if (sizes.some(([found, expected]) => found !== expected)) throw corrupt("the sections do not fit each other");
    this.#checkPostings();
    this.#checkChunks(chunks);
  }

  #checkPostings(): void {
    const words = Math.ceil(this.seriesCount / 32);
    for (let pair = 0; pair < this.#values.length; pair++) {
      const list = this.#postings.subarray(this.#postingStarts[pair], this.#postingStarts[pair + 1]);
      if (this.#postingCounts[pair] === list.length) checkBelow(list, this.seriesCount, "postings");
      else if (list.length !== words) throw corrupt("postings: a list has a wrong size");
      else if (hasBitBeyond(list, this.seriesCount)) throw corrupt("postings: a bit is out of range");
    }
  }

  #checkChunks(chunks: number): void {
    for (let chunk = 0; chunk < chunks; chunk++)
      if (this.#chunkRefs[2 * chunk]! >= this.segments.length) throw corrupt("chunks: a segment is out of range");
    if (!this.#chunkTimes.every(Number.isSafeInteger) || !this.#chunkCounts.every(Number.isSafeInteger))
      throw corrupt("chunks: a number is none");
  }
}

const hasBitBeyond = (bits: Uint32Array, limit: number): boolean =>
  (limit & 31) !== 0 && bits.at(-1)! >>> (limit & 31) !== 0;

/** The values that a matcher names, where they are few and known. */
function knownValues({ op, value }: Matcher): readonly string[] | undefined {
  return op === "=" || op === "!=" ? [value] : compileRegex(value, { anchored: true, dotAll: true }).setMatches;
}

interface About {
  readonly base: bigint;
  readonly segments: IndexedSegment[];
  readonly replaces: string[];
  readonly levels: string[];
}

function readAbout(bytes: Uint8Array): About {
  const reader = new ByteReader(bytes, corrupt);
  const texts = (): string[] => Array.from({ length: reader.count() }, () => reader.text());
  const base = reader.i64();
  const segments = Array.from({ length: reader.count() }, () => ({
    key: reader.text(),
    bytes: reader.varint(),
    directory: { offset: reader.varint(), length: reader.varint() },
  }));
  const [replaces, levels] = [texts(), texts()];
  reader.end();
  return { base, segments, replaces, levels };
}
