import { type ColumnsBlock, decodeBlock } from "@ratatosk/chunk";
import { randomFrom } from "@ratatosk/chunk/testing";
import { LimitsConfig, type Limits } from "@ratatosk/config";
import {
  allColumns,
  type Block,
  type ChunkSource,
  formatLabels,
  type Labels,
  labelsFrom,
  lineOf,
  metadataOf,
  timeOf,
} from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { DeleteRequests } from "@ratatosk/deletes";
import { createLogger, Registry } from "@ratatosk/observability";
import { createStore, indexContent, sealBlock, StoreConfig, writeIndex, writeSegment } from "@ratatosk/store";
import { type Compactor, type CompactorModules, createCompactor } from "./compactor.ts";
import { CompactorConfig } from "./config.ts";

/** One entry of a test. */
export interface Line {
  readonly stream: Labels;
  /** Nanoseconds after the day's start. */
  readonly at: number;
  readonly text: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export const day = "2026-01-15";
const dayNanos = BigInt(Date.parse(day)) * 1_000_000n;
const { signal } = new AbortController();

/** A store that every write passes through: it fails from the n-th on, as if the process had ended there. */
export function failingFrom(objects: ObjectStore, failAt: number): ObjectStore & { readonly writes: () => number } {
  let writes = 0;
  const counted = async (write: () => Promise<void>): Promise<void> => {
    if (++writes >= failAt) throw new Error("power cut");
    await write();
  };
  return {
    gapBytes: objects.gapBytes,
    put: (key, body) => counted(() => objects.put(key, body)),
    get: (key, range, aborted) => objects.get(key, range, aborted),
    stat: (key) => objects.stat(key),
    list: (prefix, aborted) => objects.list(prefix, aborted),
    folders: (prefix, aborted) => objects.folders(prefix, aborted),
    delete: async (keys) => {
      for (const key of keys) await counted(() => objects.delete([key]));
    },
    writes: () => writes,
  };
}

/** Writes lines as an ingester ships them: blocks of some rows, a segment, an index file. */
export async function ship(
  objects: ObjectStore,
  id: string,
  lines: readonly Line[],
  { tenant = "fake", rowsPerBlock = 20 } = {},
): Promise<string> {
  const byStream = Map.groupBy(lines, ({ stream }) => formatLabels(stream));
  const chunks = [...byStream].map(async ([stream, own]) => {
    const sorted = own.toSorted((a, b) => a.at - b.at);
    const parts = Array.from({ length: Math.ceil(sorted.length / rowsPerBlock) }, (_, part) =>
      sealBlock(blockOf(sorted.slice(part * rowsPerBlock, (part + 1) * rowsPerBlock))),
    );
    return { labels: own[0]!.stream, stream, blocks: await Promise.all(parts) };
  });
  const name = { tenant, day, id };
  return writeIndex(objects, name, indexContent([await writeSegment(objects, name, await Promise.all(chunks))]));
}

export function blockOf(lines: readonly Line[]): Block {
  const texts = lines.map(({ text }) => Buffer.from(`${text}\n`));
  const offsets = new Uint32Array(lines.length + 1);
  for (const [row, text] of texts.entries()) offsets[row + 1] = offsets[row]! + text.length;
  const names = [...new Set(lines.flatMap(({ metadata = {} }) => Object.keys(metadata)))].sort();
  return {
    count: lines.length,
    base: dayNanos,
    deltas: Float64Array.from(lines, ({ at }) => at),
    lines: new Uint8Array(Buffer.concat(texts)),
    offsets,
    metadata: names.map((name) => {
      const values = [...new Set(lines.flatMap(({ metadata }) => metadata?.[name] ?? []))];
      const index = Uint32Array.from(lines, ({ metadata }) => values.indexOf(metadata?.[name] ?? "") + 1);
      return { name, values, index };
    }),
  };
}

/** Everything that a query reads, an entry a text, sorted; entries that are there twice come twice. */
export async function readAll(
  objects: ObjectStore,
  tenant = "fake",
  visible: (source: ChunkSource) => ChunkSource = (source) => source,
): Promise<string[]> {
  const store = createStore({
    config: StoreConfig.parse({}),
    objects,
    log: createLogger("silent"),
    registry: new Registry(),
  });
  const { chunks } = await visible(store).select({ tenant, matchers: [], start: 0n, end: 2n ** 62n }, signal);
  const found: string[] = [];
  for (const chunk of chunks)
    for (const ref of await chunk.blocks(signal)) {
      const block = decodeBlock((await ref.fetch(allColumns, signal)) as ColumnsBlock, allColumns);
      for (let row = 0; row < block.count; row++) found.push(entryText(chunk.stream, block, row));
    }
  return found.sort();
}

function entryText(stream: string, block: Block, row: number): string {
  const metadata = metadataOf(block, row).map((pair) => pair.join("="));
  return [stream, timeOf(block, row) - dayNanos, Buffer.from(lineOf(block, row)).toString(), ...metadata].join(" ");
}

/** What `readAll` says of lines that are each there once. */
export const textsOf = (lines: readonly Line[]): string[] =>
  [...new Set(lines.map((line) => entryText(formatLabels(line.stream), blockOf([line]), 0)))].sort();

/** Lines of a few streams, some at the same time, some with metadata; no two the same. */
export function randomLines(seed: number, count: number, streams = 5): Line[] {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, number) => ({
    stream: labelsFrom([["app", `app-${below(streams)}`]]),
    at: below(1000) * 1_000_000,
    text: `line ${number} of ${seed}\n${"x".repeat(below(50))}`.slice(0, 10 + below(50)) + number,
    ...(random() < 0.5 && { metadata: { trace: `t${below(9)}` } }),
  }));
}

export type TestOptions = Partial<Pick<CompactorModules, "now" | "flushedWithinMs">> & {
  readonly config?: Record<string, unknown>;
  readonly limits?: Partial<Limits>;
};

const small = { block_size: 2000, segment_size: 3000, retention_delete_delay: "0s", lease_duration: "6s" };

/** A compactor without a lease to wait for, on a day that is past, with small blocks and segments. */
export function testCompactor(
  objects: ObjectStore,
  { config = {}, limits = {}, now = Date.now, flushedWithinMs = 0 }: TestOptions = {},
): Compactor {
  const all = { ...LimitsConfig.parse({}), ...limits };
  return createCompactor({
    config: CompactorConfig.parse({ ...small, ...config }),
    log: createLogger("silent"),
    registry: new Registry(),
    limits: { forTenant: () => all },
    objects,
    requests: new DeleteRequests({ objects, listingMs: 0, now }),
    flushedWithinMs,
    now,
  });
}
