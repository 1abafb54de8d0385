import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ColumnsBlock, decodeBlock, levelsOf, openColumn, packBlock, sortBlock } from "@ratatosk/chunk";
import { joinLines, randomBlock, randomFrom } from "@ratatosk/chunk/testing";
import {
  allColumns,
  type Block,
  type BlockLocation,
  formatLabels,
  type Labels,
  labelsFrom,
  type Matcher,
} from "@ratatosk/model";
import { MemoryStore } from "@ratatosk/object-store";
import { createLogger, Registry } from "@ratatosk/observability";
import { decodeSample, type SampledLevel } from "@ratatosk/patterns";
import { buildSkip } from "@ratatosk/skip-index";
import { expect, test } from "vitest";
import { StoreConfig } from "./config.ts";
import { sealBlock } from "./segment/seal-block.ts";
import type { SegmentChunk } from "./segment/segment-format.ts";
import { createStore, type Store, type StoreModules } from "./store.ts";
import { indexContent, writeIndex, writeSegment } from "./write.ts";

const { signal } = new AbortController();
const everything = { tenant: "fake", matchers: [] as Matcher[], start: 0n, end: 2n ** 62n };
const day = "2023-11-14";

const storeOver = (objects: MemoryStore, more: Partial<StoreModules> = {}): Store =>
  createStore({
    config: StoreConfig.parse({}),
    objects,
    log: createLogger("silent"),
    registry: new Registry(),
    ...more,
  });

function chunkOf(labels: Labels, blocks: readonly Block[]): SegmentChunk {
  const sorted = blocks.map(sortBlock).sort((a, b) => Number(a.base - b.base));
  return {
    labels,
    stream: formatLabels(labels),
    blocks: sorted.map((block) => ({
      columns: packBlock(block),
      levels: levelsOf(block),
      skip: block.lines.slice(0, 5),
    })),
  };
}

/** Chunks of twenty streams, a few blocks each. */
function randomChunks(seed: number, rows = 60): { chunks: SegmentChunk[]; blocks: Map<string, Block[]> } {
  const random = randomFrom(seed);
  const blocks = new Map<string, Block[]>();
  const chunks = Array.from({ length: 20 }, (_, at) => {
    const labels = labelsFrom([
      ["app", `app-${at % 3}`],
      ["pod", `pod-${at}`],
    ]);
    const own = Array.from({ length: 1 + (at % 3) }, () => randomBlock(random, 1 + Math.floor(random() * rows)));
    const chunk = chunkOf(labels, own);
    blocks.set(
      chunk.stream,
      own.map(sortBlock).sort((a, b) => Number(a.base - b.base)),
    );
    return chunk;
  });
  return { chunks, blocks };
}

async function stored(
  objects: MemoryStore,
  id: string,
  chunks: readonly SegmentChunk[],
  replaces: string[] = [],
): Promise<string> {
  const name = { tenant: "fake", day, id };
  return writeIndex(objects, name, indexContent([await writeSegment(objects, name, chunks)], replaces));
}

async function read(store: Store, matchers: Matcher[] = []): Promise<Map<string, Block[]>> {
  const { chunks } = await store.select({ ...everything, matchers }, signal);
  const found = new Map<string, Block[]>();
  for (const chunk of chunks) {
    const refs = await chunk.blocks(signal);
    const blocks = await Promise.all(refs.map((ref) => ref.fetch(allColumns, signal)));
    found.set(
      chunk.stream,
      blocks.map((block) => decodeBlock(block as ColumnsBlock, allColumns)),
    );
  }
  return found;
}

test("what was written is found by its labels and comes back whole", async () => {
  const objects = new MemoryStore();
  const { chunks, blocks } = randomChunks(3);
  await stored(objects, "a", chunks);
  const store = storeOver(objects);
  expect(rowsOf(await read(store))).toEqual(rowsOf(blocks));
  const some = await read(store, [{ name: "app", op: "=", value: "app-1" }]);
  expect([...some.keys()].sort()).toEqual([...blocks.keys()].filter((stream) => stream.includes("app-1")).sort());
  expect(await store.labelNames(everything, signal)).toEqual(["app", "pod"]);
  expect(await store.labelValues("app", everything, signal)).toEqual(["app-0", "app-1", "app-2"]);
  expect(await store.series(everything, signal)).toHaveLength(20);
  expect(await store.series({ ...everything, tenant: "other" }, signal)).toEqual([]);
});

test("the index tells entries, bytes, levels and times of a chunk as its blocks do", async () => {
  const objects = new MemoryStore();
  await stored(objects, "a", randomChunks(4).chunks);
  for (const chunk of (await storeOver(objects).select(everything, signal)).chunks) {
    const refs = await chunk.blocks(signal);
    expect(chunk.entries).toBe(refs.reduce((sum, { entries }) => sum + entries, 0));
    expect(chunk.bytes).toBe(refs.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(Object.values(chunk.levels!).reduce((sum, count) => sum + count, 0)).toBe(chunk.entries);
    expect(refs[0]!.minTime).toBe(chunk.minTime);
  }
});

test("fetches made together are few reads, and of only the columns wanted", async () => {
  const objects = new MemoryStore();
  await stored(objects, "a", randomChunks(5).chunks);
  const get = objects.get.bind(objects);
  let reads = 0;
  objects.get = (...call) => {
    reads++;
    return get(...call);
  };
  const { chunks } = await storeOver(objects).select(everything, signal);
  const refs = (await Promise.all(chunks.map((chunk) => chunk.blocks(signal)))).flat();
  expect(reads).toBe(2);
  const times = await Promise.all(refs.map((ref) => ref.fetch({ lines: false, metadata: [] }, signal)));
  expect(reads).toBe(3);
  expect(times.every((block) => (block as ColumnsBlock).columns.length === 1)).toBe(true);
});

test("directory and skip indexes come with one read", async () => {
  const objects = new MemoryStore();
  const { chunks } = randomChunks(13);
  await stored(objects, "a", chunks);
  const store = storeOver(objects, { skipIndex: { mayContain: () => false } });
  const found = (await store.select(everything, signal)).chunks;
  let reads = 0;
  const get = objects.get.bind(objects);
  objects.get = (...call) => {
    reads++;
    return get(...call);
  };
  const refs = (await Promise.all(found.map((chunk) => chunk.blocks(signal, true)))).flat();
  expect(refs.every((ref) => !ref.mayContain(Uint8Array.of(1)))).toBe(true);
  expect(reads).toBe(1);
});

test("a skip index is asked, and damage to it skips nothing", async () => {
  const objects = new MemoryStore();
  await stored(objects, "a", randomChunks(6).chunks);
  const store = storeOver(objects, { skipIndex: { mayContain: () => false } });
  const [chunk] = (await store.select(everything, signal)).chunks;
  const without = await chunk!.blocks(signal);
  const withSkip = await chunk!.blocks(signal, true);
  expect(without.every((ref) => ref.mayContain(Uint8Array.of(1)))).toBe(true);
  expect(withSkip.some((ref) => ref.mayContain(Uint8Array.of(1)))).toBe(false);
});

test("blocks that cannot hold a text are known by their skip index", async () => {
  const objects = new MemoryStore();
  const { chunks, blocks } = randomChunks(6);
  const withSkip = chunks.map((chunk) => ({
    ...chunk,
    blocks: chunk.blocks.map((block, at) => {
      const { lines, offsets } = blocks.get(chunk.stream)![at]!;
      return { ...block, skip: buildSkip(lines, offsets) };
    }),
  }));
  await stored(objects, "a", withSkip);
  const found = (await storeOver(objects).select(everything, signal)).chunks;
  const opened: boolean[] = [];
  for (const chunk of found) {
    const refs = await chunk.blocks(signal, true);
    const own = blocks.get(chunk.stream)!;
    expect(refs.every((ref, at) => ref.mayContain(own[at]!.lines.subarray(0, own[at]!.offsets[1]! - 1)))).toBe(true);
    opened.push(...refs.map((ref) => ref.mayContain(Buffer.from("NullPointerException"))));
  }
  expect(opened.filter(Boolean).length).toBeLessThan(opened.length / 2);
});

test("a replaced index file is ignored, a missing one looked for anew, a damaged one warned of", async () => {
  const objects = new MemoryStore();
  const { chunks } = randomChunks(7);
  const first = await stored(objects, "a", chunks.slice(0, 10));
  const second = await stored(objects, "b", chunks.slice(10));
  const store = storeOver(objects);
  expect((await store.select(everything, signal)).chunks).toHaveLength(20);
  const merged = await stored(objects, "c", chunks, [first, second]);
  expect((await store.select({ ...everything, shipped: [merged] }, signal)).chunks).toHaveLength(20);
  await objects.delete([first, second]);
  expect((await storeOver(objects).select({ ...everything, shipped: [first] }, signal)).chunks).toHaveLength(20);
  const bytes = await objects.get(merged);
  bytes[40]! ^= 1;
  await objects.put(merged, bytes);
  const answer = await storeOver(objects).select(everything, signal);
  expect(answer.chunks).toEqual([]);
  expect(answer.warnings).toHaveLength(1);
});

test("a flipped bit anywhere in a segment is corrupt or changes nothing, never a wrong line", async () => {
  const objects = new MemoryStore();
  const { chunks, blocks } = randomChunks(6);
  await stored(objects, "a", chunks.slice(0, 2));
  const key = `fake/segments/${day}/a.seg`;
  const whole = await objects.get(key);
  const expected = rowsOf(new Map([...blocks].slice(0, 2)));
  for (let at = 0; at < whole.length; at += 7) {
    const changed = Uint8Array.from(whole);
    changed[at]! ^= 16;
    await objects.put(key, changed);
    expect(["corrupt", expected]).toContainEqual(await read(storeOver(objects)).then(rowsOf, codeOf));
  }
  await objects.delete([key]);
  expect(await read(storeOver(objects)).then(rowsOf, codeOf)).toBe("not_found");
});

test("index files are kept on disk, and a damaged copy is fetched again", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ratatosk-store-"));
  const objects = new MemoryStore();
  await stored(objects, "a", randomChunks(9).chunks);
  for (let round = 0; round < 2; round++)
    expect((await storeOver(objects, { cacheDirectory: directory }).select(everything, signal)).chunks).toHaveLength(
      20,
    );
  expect(await readdir(join(directory, "index"))).toHaveLength(1);
  await rm(directory, { recursive: true });
});

test.each([
  [1, 60],
  [2, 200],
])("segments of version %i stay readable", async (version, rows) => {
  const objects = await golden(version);
  const { blocks } = randomChunks(10, rows);
  expect(rowsOf(await read(storeOver(objects)))).toEqual(rowsOf(blocks));
  expect((await patternsIn(objects)).every((sample) => sample === undefined)).toBe(true);
});

async function golden(version: number): Promise<MemoryStore> {
  const objects = new MemoryStore();
  for (const [file, key] of [
    [`version-${version}.seg`, `fake/segments/${day}/golden.seg`],
    [`version-${version}.idx`, `fake/index/${day}/golden.idx`],
  ] as const)
    await objects.put(key, await readFile(new URL(`../testdata/${file}`, import.meta.url)));
  return objects;
}

/** What each block's patterns are, undefined where it tells none. */
async function patternsIn(objects: MemoryStore): Promise<(SampledLevel[] | undefined)[]> {
  const { chunks } = await storeOver(objects).select(everything, signal);
  const refs = (await Promise.all(chunks.map((chunk) => chunk.blocks(signal)))).flat();
  const want = { lines: false, metadata: [], patterns: true } as const;
  const blocks = (await Promise.all(refs.map((ref) => ref.fetch(want, signal)))) as ColumnsBlock[];
  const fail = (why: string): Error => new Error(why);
  return blocks.map(({ columns: [column] }) => column && decodeSample(openColumn(column), fail));
}

/** A stream of lines that look alike, and one of few. */
async function likeLines(): Promise<{ chunks: SegmentChunk[]; blocks: Map<string, Block[]> }> {
  const blocks = new Map<string, Block[]>();
  const chunks: SegmentChunk[] = [];
  for (const [app, count] of [
    ["few", 60],
    ["many", 900],
  ] as const) {
    const lines = Array.from({ length: count }, (_, at) =>
      Buffer.from(at % 3 === 0 ? `took ${at} ms` : `GET /${at} ok`),
    );
    const deltas = Float64Array.from(lines, (_, at) => at * 1e9);
    const block: Block = { count, base: 1_700_000_000_000_000_000n, deltas, ...joinLines(lines), metadata: [] };
    const labels = labelsFrom([["app", app]]);
    blocks.set(formatLabels(labels), [block]);
    chunks.push({ labels, stream: formatLabels(labels), blocks: [await sealBlock(block)] });
  }
  return { chunks, blocks };
}

test("segments of version 3 stay readable, and tell the patterns of blocks that are large enough", async () => {
  const { chunks, blocks } = await likeLines();
  const written = new MemoryStore();
  await stored(written, "golden", chunks);
  for (const objects of [await golden(3), written]) {
    expect(rowsOf(await read(storeOver(objects)))).toEqual(rowsOf(blocks));
    const [few, many] = await patternsIn(objects);
    expect(few).toBeUndefined();
    expect(many).toMatchObject([{ level: "", lines: 900, sampled: 14 }]);
    expect(many![0]!.patterns.map(({ template }) => template).sort()).toEqual(["GET <_> ok", "took <_> ms"]);
  }
});

const codeOf = (error: { code?: string }): string | undefined => error.code;

function rowsOf(blocks: ReadonlyMap<string, readonly Block[]>): string[] {
  return [...blocks]
    .flatMap(([stream, list]) =>
      list.map((block) => {
        const { base, deltas, lines, offsets, metadata } = block;
        const times = Array.from(deltas, (delta) => String(base + BigInt(delta)));
        return JSON.stringify([
          stream,
          times,
          [...lines],
          [...offsets],
          metadata.map(({ name, values, index }) => [name, values, [...index]]),
        ]);
      }),
    )
    .sort();
}

test("a chunk may begin with a block that is not its earliest", async () => {
  const objects = new MemoryStore();
  const { chunks, blocks } = randomChunks(12);
  await stored(
    objects,
    "a",
    chunks.map((chunk) => ({ ...chunk, blocks: chunk.blocks.toReversed() })),
  );
  const found = await read(storeOver(objects));
  const reversed = new Map([...blocks].map(([stream, own]) => [stream, own.toReversed()]));
  expect(rowsOf(found)).toEqual(rowsOf(reversed));
});

test("a block is read by its place as by whoever found it, by its tenant only", async () => {
  const objects = new MemoryStore();
  await stored(objects, "a", randomChunks(4).chunks);
  const { chunks } = await storeOver(objects).select(everything, signal);
  const refs = (await Promise.all(chunks.map((chunk) => chunk.blocks(signal)))).flat();
  const other = storeOver(objects).located(["else", "fake"]);
  for (const ref of refs) {
    const location = JSON.parse(JSON.stringify(ref.locate!())) as BlockLocation;
    for (const want of [allColumns, { lines: false, metadata: [] }])
      expect(await other.fetch(location, want, signal)).toEqual(await ref.fetch(want, signal));
  }
  const strangers = storeOver(objects).located(["else"]);
  await expect(strangers.fetch(refs[0]!.locate!(), allColumns, signal)).rejects.toMatchObject({ code: "forbidden" });
});

const columns = [["lines", "", 1, 8, 10, 10, 7]];
test.each([
  ["a key outside of the tenant", { key: "fake/../else/segments/2026-01-15/a.seg" }],
  ["an index file", { key: "fake/index/2026-01-15/a.idx" }],
  ["no extent", { extent: undefined }],
  ["a time that is none", { extent: ["x", "1", 1, 1] }],
  ["a column before the object", { columns: [["lines", "", 1, -8, 10, 10, 7]] }],
  ["a column of unknown kind", { columns: [["other", "", 1, 8, 10, 10, 7]] }],
  ["an unknown codec", { columns: [["lines", "", 9, 8, 10, 10, 7]] }],
  ["a column larger than any", { columns: [["lines", "", 1, 8, 2 ** 40, 10, 7]] }],
])("%s is no place of a block", async (_what, wrong) => {
  const location = { key: "fake/segments/2026-01-15/a.seg", extent: ["0", "1", 1, 1], columns, ...wrong };
  const blocks = storeOver(new MemoryStore()).located(["fake"]);
  await expect(blocks.fetch(location, allColumns, signal)).rejects.toMatchObject({ code: "bad_request" });
});
