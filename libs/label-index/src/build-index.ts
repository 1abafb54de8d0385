import { ByteWriter } from "@ratatosk/bytes";
import { compareLabels, compareText, formatLabels, type Labels } from "@ratatosk/model";
import { type IndexContent, type IndexedChunk, sectionNames } from "./index-content.ts";
import { labelSections } from "./label-sections.ts";
import { asBytes, writeSections } from "./sections.ts";
import { encodeTexts, symbolsOf } from "./series-symbols.ts";

interface Series {
  readonly labels: Labels;
  readonly chunks: IndexedChunk[];
}

/** An index file of some chunks. */
export function buildIndex(content: IndexContent): Uint8Array {
  const series = seriesOf(content.chunks);
  const levels = [...new Set(content.chunks.flatMap(({ levels }) => Object.keys(levels)))].sort(compareText);
  const symbols = symbolsOf(series.map(({ labels }) => labels));
  const { bytes, offsets } = encodeTexts(symbols.texts);
  const sections = {
    symbolBytes: bytes,
    symbolOffsets: asBytes(offsets),
    ...labelSections(symbols),
    ...chunkSections(series, levels, content),
  };
  return writeSections(sectionNames.map((name) => sections[name]));
}

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

type ChunkSection = "about" | "chunkStarts" | "chunkRefs" | "chunkTimes" | "chunkCounts";

function chunkSections(
  series: readonly Series[],
  levels: readonly string[],
  content: IndexContent,
): Record<ChunkSection, Uint8Array> {
  const chunks = series.flatMap(({ chunks }) => chunks);
  const base = chunks.reduce((low, { minTime }) => (minTime < low ? minTime : low), chunks[0]?.minTime ?? 0n);
  const counts = (chunk: IndexedChunk): number[] => levels.map((level) => chunk.levels[level] ?? 0);
  return {
    about: about(base, levels, content),
    chunkStarts: asBytes(startsOf(series.map(({ chunks }) => chunks))),
    chunkRefs: asBytes(Uint32Array.from(numbersOf(chunks, 2, ({ segment, ordinal }) => [segment, ordinal]))),
    chunkTimes: asBytes(
      numbersOf(chunks, 2, ({ minTime, maxTime }) => [Number(minTime - base), Number(maxTime - base)]),
    ),
    chunkCounts: asBytes(
      numbersOf(chunks, 2 + levels.length, (chunk) => [chunk.entries, chunk.bytes, ...counts(chunk)]),
    ),
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

/** So many numbers of each chunk, one behind the other. */
function numbersOf(
  chunks: readonly IndexedChunk[],
  each: number,
  of: (chunk: IndexedChunk) => readonly number[],
): Float64Array<ArrayBuffer> {
  const numbers = new Float64Array(chunks.length * each);
  for (const [at, chunk] of chunks.entries()) numbers.set(of(chunk), at * each);
  return numbers;
}
