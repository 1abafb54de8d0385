import { ByteWriter } from "@ratatosk/bytes";
import { compareLabels, compareText, formatLabels, type Labels } from "@ratatosk/model";
import { type IndexContent, type IndexedChunk, type SectionName, sectionNames } from "./index-content.ts";
import { asBytes, writeSections } from "./sections.ts";

interface Series {
  readonly labels: Labels;
  readonly chunks: IndexedChunk[];
}

/** An index file of some chunks. */
export function buildIndex(content: IndexContent): Uint8Array {
  const series = seriesOf(content.chunks);
  const levels = [...new Set(content.chunks.flatMap(({ levels }) => Object.keys(levels)))].sort(compareText);
  const symbols = numbered(series.flatMap(({ labels }) => labels.flat()));
  const sections = {
    ...symbolSections(symbols),
    ...labelSections(series, symbols),
    ...chunkSections(series, levels, content),
  };
  return writeSections(sectionNames.map((name) => sections[name]));
}

type Sections<Names extends SectionName> = Record<Names, Uint8Array>;

function seriesOf(chunks: readonly IndexedChunk[]): Series[] {
  const byStream = new Map<string, Series>();
  for (const chunk of chunks) {
    const stream = formatLabels(chunk.labels);
    const known = byStream.get(stream);
    if (known === undefined) byStream.set(stream, { labels: chunk.labels, chunks: [chunk] });
    else known.chunks.push(chunk);
  }
  const all = [...byStream.values()].sort((a, b) => compareLabels(a.labels, b.labels));
  for (const { chunks } of all) chunks.sort((a, b) => (a.minTime < b.minTime ? -1 : a.minTime > b.minTime ? 1 : 0));
  return all;
}

/** Distinct texts in the order of their bytes, each with its number. */
function numbered(texts: readonly string[]): Map<string, number> {
  const distinct = [...new Set(texts)].sort(compareText);
  return new Map(distinct.map((text, id) => [text, id]));
}

function symbolSections(symbols: ReadonlyMap<string, number>): Sections<"symbolBytes" | "symbolOffsets"> {
  const out = new ByteWriter(symbols.size * 24 + 16);
  const offsets = new Uint32Array(symbols.size + 1);
  for (const [text, id] of symbols) {
    out.raw(Buffer.from(text));
    offsets[id + 1] = out.length;
  }
  return { symbolBytes: out.written(), symbolOffsets: asBytes(offsets) };
}

type LabelSection =
  | "names"
  | "valueStarts"
  | "values"
  | "postingStarts"
  | "postingCounts"
  | "postings"
  | "seriesStarts"
  | "seriesPairs";

function labelSections(series: readonly Series[], symbols: ReadonlyMap<string, number>): Sections<LabelSection> {
  const byName = new Map<number, Map<number, number[]>>();
  for (const [id, { labels }] of series.entries())
    for (const [name, value] of labels) {
      const values = setDefault(byName, symbols.get(name)!, () => new Map<number, number[]>());
      setDefault(values, symbols.get(value)!, () => []).push(id);
    }
  const names = Uint32Array.from(byName.keys()).sort();
  const valueStarts = [0];
  const values: number[] = [];
  const postings = new PostingsWriter(series.length);
  const pairs = new Map<number, Map<number, number>>();
  for (const name of names) {
    const postingsOf = byName.get(name)!;
    const pairOf = setDefault(pairs, name, () => new Map<number, number>());
    for (const value of Uint32Array.from(postingsOf.keys()).sort()) {
      pairOf.set(value, values.push(value) - 1);
      postings.add(postingsOf.get(value)!);
    }
    valueStarts.push(values.length);
  }
  const seriesPairs = series.map(({ labels }) =>
    labels.map(([name, value]) => pairs.get(symbols.get(name)!)!.get(symbols.get(value)!)!),
  );
  return {
    names: asBytes(names),
    valueStarts: asBytes(Uint32Array.from(valueStarts)),
    values: asBytes(Uint32Array.from(values)),
    ...postings.sections(),
    seriesStarts: asBytes(startsOf(seriesPairs)),
    seriesPairs: asBytes(Uint32Array.from(seriesPairs.flat())),
  };
}

/** Lists of series: ascending numbers, or a bit for each series where that is shorter. */
class PostingsWriter {
  readonly #words: number;
  readonly #starts = [0];
  readonly #counts: number[] = [];
  readonly #parts: Uint32Array[] = [];
  #length = 0;

  constructor(series: number) {
    this.#words = Math.ceil(series / 32);
  }

  add(ids: readonly number[]): void {
    const part = ids.length > this.#words ? this.#bits(ids) : Uint32Array.from(ids);
    this.#parts.push(part);
    this.#counts.push(ids.length);
    this.#length += part.length;
    this.#starts.push(this.#length);
  }

  sections(): Sections<"postingStarts" | "postingCounts" | "postings"> {
    const all = new Uint32Array(this.#length);
    for (const [at, part] of this.#parts.entries()) all.set(part, this.#starts[at]);
    return {
      postingStarts: asBytes(Uint32Array.from(this.#starts)),
      postingCounts: asBytes(Uint32Array.from(this.#counts)),
      postings: asBytes(all),
    };
  }

  #bits(ids: readonly number[]): Uint32Array {
    const bits = new Uint32Array(this.#words);
    for (const id of ids) bits[id >>> 5]! |= 1 << (id & 31);
    return bits;
  }
}

type ChunkSection = "about" | "chunkStarts" | "chunkRefs" | "chunkTimes" | "chunkCounts";

function chunkSections(
  series: readonly Series[],
  levels: readonly string[],
  content: IndexContent,
): Sections<ChunkSection> {
  const chunks = series.flatMap(({ chunks }) => chunks);
  const base = chunks.reduce((low, { minTime }) => (minTime < low ? minTime : low), chunks[0]?.minTime ?? 0n);
  const counts = (chunk: IndexedChunk): number[] => levels.map((level) => chunk.levels[level] ?? 0);
  return {
    about: about(base, levels, content),
    chunkStarts: asBytes(startsOf(series.map(({ chunks }) => chunks))),
    chunkRefs: asBytes(Uint32Array.from(chunks.flatMap(({ segment, ordinal }) => [segment, ordinal]))),
    chunkTimes: asBytes(
      Float64Array.from(chunks.flatMap(({ minTime, maxTime }) => [Number(minTime - base), Number(maxTime - base)])),
    ),
    chunkCounts: asBytes(Float64Array.from(chunks.flatMap((chunk) => [chunk.entries, chunk.bytes, ...counts(chunk)]))),
  };
}

function about(base: bigint, levels: readonly string[], { segments, replaces }: IndexContent): Uint8Array {
  const out = new ByteWriter();
  out.i64(base);
  out.varint(segments.length);
  for (const { key, bytes, directory } of segments) {
    out.text(key);
    out.varint(bytes);
    out.varint(directory.offset);
    out.varint(directory.length);
  }
  out.varint(replaces.length);
  for (const key of replaces) out.text(key);
  out.varint(levels.length);
  for (const level of levels) out.text(level);
  return out.written();
}

/** Where each list begins once they lie one behind the other, and where the last ends. */
function startsOf(lists: readonly (readonly unknown[])[]): Uint32Array {
  const starts = new Uint32Array(lists.length + 1);
  for (const [at, list] of lists.entries()) starts[at + 1] = starts[at]! + list.length;
  return starts;
}

function setDefault<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
