import { crc32 } from "node:zlib";
import { type ColumnsBlock, decodeBlock } from "@ratatosk/chunk";
import { type IndexedChunk, type IndexedSegment, LabelIndex } from "@ratatosk/label-index";
import { allColumns, formatLabels, RatatoskError } from "@ratatosk/model";
import type { ObjectInfo, ObjectStore } from "@ratatosk/object-store";
import { dayAt, dayOfIndex, Directory, Segment, segmentPrefix, segmentVersions } from "@ratatosk/store";

/**
 * Something that is not as it should be. `orphan` harms nobody: the compactor deletes it. `unindexed` is a chunk of an old
 * bucket that no answer contains.
 */
export interface Finding {
  readonly kind: "damaged" | "missing" | "disagrees" | "unindexed" | "orphan";
  readonly key: string;
  readonly what: string;
}

export interface VerifyOptions {
  readonly objects: ObjectStore;
  readonly found: (finding: Finding) => void;
  /** Told of each object that was read. */
  readonly progress: (key: string) => void;
  readonly signal: AbortSignal;
}

const headers = segmentVersions.map((version) => Buffer.from([0x52, 0x54, 0x4b, 0x53, version, 0, 0, 0]));

/** Reads everything of a tenant, and compares index files, segments and the objects that are there. */
export async function verifyTenant(tenant: string, options: VerifyOptions): Promise<void> {
  const { objects, found, progress } = options;
  const segments = new Map((await listed(objects, segmentPrefix(tenant))).map((info) => [info.key, info]));
  const indexes = (await listed(objects, `${tenant}/index/`)).filter(({ key }) => dayOfIndex(key) !== undefined);
  const opened = new Map<string, LabelIndex>();
  for (const { key } of indexes) {
    progress(key);
    const index = await attempt(key, options, async () => new LabelIndex(await objects.get(key)));
    if (index !== undefined) opened.set(key, index);
  }
  const replaced = new Set([...opened.values()].flatMap(({ replaces }) => replaces));
  const named = new Set([...opened.values()].flatMap((index) => index.segments.map(({ key }) => key)));
  for (const [key, index] of opened) if (!replaced.has(key)) await verifyIndex(tenant, key, index, segments, options);
  for (const key of segments.keys())
    if (!named.has(key)) found({ kind: "orphan", key, what: "no index file names it" });
}

async function verifyIndex(
  tenant: string,
  key: string,
  index: LabelIndex,
  there: ReadonlyMap<string, ObjectInfo>,
  options: VerifyOptions,
): Promise<void> {
  const { found, progress } = options;
  const content = index.content();
  const chunks = Map.groupBy(content.chunks, ({ segment }) => segment);
  const home = `${segmentPrefix(tenant)}${dayOfIndex(key)}/`;
  for (const [at, segment] of content.segments.entries()) {
    progress(segment.key);
    const info = there.get(segment.key);
    if (!segment.key.startsWith(home)) found({ kind: "disagrees", key, what: `names ${segment.key} of elsewhere` });
    if (info === undefined) found({ kind: "missing", key: segment.key, what: `${key} names it` });
    else if (info.size !== segment.bytes)
      found({ kind: "damaged", key: segment.key, what: `${info.size} bytes where ${segment.bytes} were written` });
    if (info !== undefined) await verifySegment(segment, chunks.get(at) ?? [], dayOfIndex(key)!, options);
  }
}

async function verifySegment(
  segment: IndexedSegment,
  chunks: readonly IndexedChunk[],
  day: string,
  options: VerifyOptions,
): Promise<void> {
  const { objects, found } = options;
  const { key } = segment;
  const directory = await attempt(key, options, async () => {
    const begin = await objects.get(key, { offset: 0, length: 8 });
    if (!headers.some((header) => header.equals(begin)))
      throw new RatatoskError("corrupt", "does not begin with RTKS and a known version");
    return new Directory(key, await objects.get(key, segment.directory));
  });
  if (directory === undefined) return;
  const reader = new Segment(segment, { objects, skipIndex: undefined, read: () => undefined });
  for (const chunk of chunks) {
    const agrees = await attempt(key, options, () => verifyChunk(reader, directory, key, chunk, options));
    if (agrees === false) found({ kind: "disagrees", key, what: `chunk ${chunk.ordinal}: the index says otherwise` });
    if (dayAt(chunk.minTime) !== day || dayAt(chunk.maxTime) !== day)
      found({ kind: "disagrees", key, what: `chunk ${chunk.ordinal} has lines of another day than ${day}` });
  }
}

/** Reads every column of a chunk; whether entries, bytes, times and levels are as the index says. */
async function verifyChunk(
  reader: Segment,
  directory: Directory,
  key: string,
  chunk: IndexedChunk,
  { objects, signal }: VerifyOptions,
): Promise<boolean> {
  const refs = await reader.blocks(chunk.ordinal, formatLabels(chunk.labels), signal, false);
  let [entries, bytes] = [0, 0];
  for (const ref of refs) {
    const block = decodeBlock((await ref.fetch(allColumns, signal)) as ColumnsBlock, allColumns);
    entries += block.count;
    bytes += block.lines.length - block.count;
  }
  const levels: Record<string, number> = {};
  for (const { skip, levels: own } of directory.chunk(chunk.ordinal).blocks) {
    for (const [level, count] of Object.entries(own)) levels[level] = (levels[level] ?? 0) + count;
    if (skip !== undefined && crc32(await objects.get(key, skip)) !== skip.crc)
      throw new RatatoskError("corrupt", "a skip index's checksum differs");
  }
  const first = refs.reduce((low, { minTime }) => (minTime < low ? minTime : low), refs[0]?.minTime ?? 0n);
  const last = refs.reduce((high, { maxTime }) => (maxTime > high ? maxTime : high), refs[0]?.maxTime ?? 0n);
  const isTimed = first === chunk.minTime && last === chunk.maxTime;
  const isLevelled = Object.entries(levels).every(([level, count]) => chunk.levels[level] === count);
  return entries === chunk.entries && bytes === chunk.bytes && isTimed && isLevelled;
}

/** What a read gives; damage is found, and undefined given. */
async function attempt<T>(key: string, { found }: VerifyOptions, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    const { code, message } = RatatoskError.from(thrown);
    if (code !== "corrupt" && code !== "not_found") throw thrown;
    found({ kind: code === "not_found" ? "missing" : "damaged", key, what: message });
    return undefined;
  }
}

async function listed(objects: ObjectStore, prefix: string): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const info of objects.list(prefix)) found.push(info);
  return found;
}
