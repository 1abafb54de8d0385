import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { compareText } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { indexContent, indexKey, type ObjectName, type SegmentChunk, writeIndex, writeSegment } from "@ratatosk/store";
import type { FlushReason, IngesterEvents, ShippedChunk } from "../events.ts";
import type { DayChunk } from "../memory/day-chunk.ts";
import { dayName } from "../memory/day.ts";
import type { Generation } from "../memory/generation.ts";

export interface ShipModules {
  readonly objects: ObjectStore;
  readonly events: IngesterEvents;
  /** Names ingester and log for ever; with the generation's number it names what is written. */
  readonly writer: string;
}

const atOnce = 8;
/** Small blocks are packed on this thread: after so long pushes and queries have their turn. */
const stretchMs = 10;
const attemptBytes = 3;

/**
 * Writes a generation to the store, a segment and an index file for each tenant and day, and returns the keys of the
 * index files. What an earlier attempt has finished, also one before a crash, is recognised by its name and not written
 * again; what it has not finished is written under another name, since the compactor may be about to remove the first.
 */
export async function ship(generation: Generation, reason: FlushReason, modules: ShipModules): Promise<string[]> {
  const keys: string[] = [];
  generation.attempts++;
  for (const [tenant, days] of generation.tenants)
    for (const [day, chunks] of days) {
      const writer = { tenant, day: dayName(day), id: `${modules.writer}-${generation.number}-` };
      const known = generation.attempts > 1 ? await shippedBefore(modules.objects, writer) : undefined;
      if (known !== undefined) {
        keys.push(known);
        continue;
      }
      const name = { ...writer, id: writer.id + randomBytes(attemptBytes).toString("hex") };
      const packed = await packedAll(chunks);
      const written = await writeSegment(modules.objects, name, packed);
      keys.push(await writeIndex(modules.objects, name, indexContent([written])));
      modules.events.shipped(tenant, writer.day, reason, packed.map(shippedChunk), written.segment.bytes);
    }
  return keys;
}

function shippedChunk({ blocks }: SegmentChunk): ShippedChunk {
  let [entries, bytes, oldest] = [0, 0, BigInt(Date.now()) * 1_000_000n];
  const now = oldest;
  for (const { columns } of blocks) {
    entries += columns.extent.entries;
    for (const column of columns.columns) bytes += column.bytes.length;
    if (columns.extent.minTime < oldest) oldest = columns.extent.minTime;
  }
  return { entries, bytes, ageSeconds: Number(now - oldest) / 1e9 };
}

/** The index file that an earlier attempt has written. */
async function shippedBefore(objects: ObjectStore, writer: ObjectName): Promise<string | undefined> {
  const prefix = indexKey(writer).slice(0, -".idx".length);
  for await (const { key } of objects.list(prefix)) if (key.endsWith(".idx")) return key;
  return undefined;
}

async function packedAll(chunks: ReadonlyMap<string, DayChunk>): Promise<SegmentChunk[]> {
  const sorted = [...chunks.values()].sort((a, b) => compareText(a.stream, b.stream));
  const packed: SegmentChunk[] = [];
  let began = performance.now();
  for (let at = 0; at < sorted.length; at += atOnce) {
    packed.push(...(await Promise.all(sorted.slice(at, at + atOnce).map(segmentChunk))));
    if (performance.now() - began < stretchMs) continue;
    await setImmediate();
    began = performance.now();
  }
  return packed;
}

async function segmentChunk(chunk: DayChunk): Promise<SegmentChunk> {
  return { labels: chunk.labels, stream: chunk.stream, blocks: await chunk.finished() };
}
