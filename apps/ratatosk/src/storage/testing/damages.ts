import { type IndexContent, LabelIndex } from "@ratatosk/label-index";
import { type Block, formatLabels, labelsFrom } from "@ratatosk/model";
import { MemoryStore } from "@ratatosk/object-store";
import { indexContent, type ObjectName, sealBlock, writeIndex, writeSegment } from "@ratatosk/store";
import type { Finding } from "../verify.ts";

const day = "2026-01-15";
const name = (id: string): ObjectName => ({ tenant: "fake", day, id });
/** The first segment and its index file. */
export const [seg, idx] = ["fake/segments/2026-01-15/a.seg", "fake/index/2026-01-15/a.idx"];
const seg2 = seg.replace("a.seg", "b.seg");

function block(seed: number): Block {
  const texts = Array.from({ length: 40 }, (_, row) => `line ${row} of ${seed} ${"abc ".repeat(row % 7)}\n`);
  const offsets = new Uint32Array(texts.length + 1);
  for (const [row, text] of texts.entries()) offsets[row + 1] = offsets[row]! + text.length;
  return {
    count: texts.length,
    base: BigInt(Date.parse(day) + seed * 1000) * 1_000_000n,
    deltas: Float64Array.from(texts.keys()),
    lines: new Uint8Array(Buffer.from(texts.join(""))),
    offsets,
    metadata: [],
  };
}

/** A store with two segments of one stream and forty lines each, and their index files. */
export async function filled(): Promise<MemoryStore> {
  const objects = new MemoryStore();
  for (const [at, id] of ["a", "b"].entries()) {
    const labels = labelsFrom([["app", id]]);
    const chunk = { labels, stream: formatLabels(labels), blocks: [await sealBlock(block(at))] };
    await writeIndex(objects, name(id), indexContent([await writeSegment(objects, name(id), [chunk])]));
  }
  return objects;
}

/** Does harm to a store. */
export type Damage = (objects: MemoryStore) => Promise<void>;

const edit =
  (key: string, change: (bytes: Uint8Array) => Uint8Array): Damage =>
  async (objects) =>
    objects.put(key, change(await objects.get(key)));
const flip = (key: string, at: (size: number) => number): Damage =>
  edit(key, (bytes) => {
    bytes[at(bytes.length)]! ^= 4;
    return bytes;
  });
const move =
  (from: string, to: string): Damage =>
  async (objects) =>
    objects.put(to, await objects.get(from));
const swap =
  (one: string, other: string): Damage =>
  async (objects) => {
    const [a, b] = [await objects.get(one), await objects.get(other)];
    await objects.put(one, b);
    await objects.put(other, a);
  };
/** Writes the index anew, saying something else. */
const reindex =
  (change: (content: IndexContent) => IndexContent): Damage =>
  async (objects) => {
    await writeIndex(objects, name("a"), change(new LabelIndex(await objects.get(idx)).content()));
  };
const chunkWith = (more: object): Damage =>
  reindex((content) => ({ ...content, chunks: content.chunks.map((chunk) => ({ ...chunk, ...more })) }));

/** What can become of a store, and as what it is found. */
export const damages: readonly [what: string, kind: Finding["kind"], damage: Damage][] = [
  ["segment cut in the middle", "damaged", edit(seg, (bytes) => bytes.subarray(0, bytes.length / 2))],
  ["segment without its last byte", "damaged", edit(seg, (bytes) => bytes.subarray(0, -1))],
  ["segment emptied", "damaged", edit(seg, () => new Uint8Array())],
  ["segment with bytes behind it", "damaged", edit(seg, (bytes) => Buffer.concat([bytes, Buffer.from("x")]))],
  ["bit flipped in the header", "damaged", flip(seg, () => 2)],
  ["bit flipped in the lines", "damaged", flip(seg, () => 20)],
  ["bit flipped in the skip index or directory", "damaged", flip(seg, (size) => size - 150)],
  ["bit flipped in the directory", "damaged", flip(seg, (size) => size - 60)],
  ["bit flipped in the footer", "damaged", flip(seg, (size) => size - 20)],
  ["bit flipped in the footer's magic", "damaged", flip(seg, (size) => size - 1)],
  ["segment missing", "missing", (objects) => objects.delete([seg])],
  ["segments swapped", "disagrees", swap(seg, seg2)],
  ["segment replaced by zeros", "damaged", edit(seg, (bytes) => new Uint8Array(bytes.length))],
  ["index file cut", "damaged", edit(idx, (bytes) => bytes.subarray(0, 100))],
  ["index file emptied", "damaged", edit(idx, () => new Uint8Array())],
  ["bit flipped in the index's table", "damaged", flip(idx, () => 30)],
  ["bit flipped in the index's sections", "damaged", flip(idx, (size) => Math.floor(size / 2) + 60)],
  ["index file missing", "orphan", (objects) => objects.delete([idx])],
  ["index file of another day", "disagrees", move(idx, idx.replace("15/a", "16/a"))],
  ["stale index file: its segment was written anew", "disagrees", move(seg2, seg)],
  ["index with a wrong count", "disagrees", chunkWith({ entries: 41 })],
  ["index with wrong bytes", "disagrees", chunkWith({ bytes: 1 })],
  ["index with a wrong time", "disagrees", chunkWith({ maxTime: BigInt(Date.parse(day) + 5000) * 1_000_000n })],
  ["index with another stream", "damaged", chunkWith({ labels: labelsFrom([["app", "z"]]) })],
  ["index with a chunk that the segment lacks", "damaged", chunkWith({ ordinal: 7 })],
];
