import { compareText } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { indexContent, indexKey, type SegmentChunk, writeIndex, writeSegment } from "@ratatosk/store";
import type { IngesterEvents, FlushReason } from "../events.ts";
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

/**
 * Writes a generation to the store, a segment and an index file for each tenant and day, and returns the keys of the
 * index files. What an earlier attempt wrote, also one before a crash, is recognised by its name and not written again.
 */
export async function ship(generation: Generation, reason: FlushReason, modules: ShipModules): Promise<string[]> {
  const keys: string[] = [];
  for (const [tenant, days] of generation.tenants)
    for (const [day, chunks] of days) {
      const name = { tenant, day: dayName(day), id: `${modules.writer}-${generation.number}` };
      const key = indexKey(name);
      keys.push(key);
      const mayBeThere = generation.replayed || generation.shipped.has(key);
      if (mayBeThere && (await modules.objects.stat(key)) !== undefined) continue;
      const packed = await packedAll(chunks);
      const written = await writeSegment(modules.objects, name, packed);
      await writeIndex(modules.objects, name, indexContent([written]));
      generation.shipped.add(key);
      const entries = written.chunks.map(({ entries }) => entries);
      modules.events.shipped(tenant, name.day, reason, entries, written.segment.bytes);
    }
  return keys;
}

async function packedAll(chunks: ReadonlyMap<string, DayChunk>): Promise<SegmentChunk[]> {
  const sorted = [...chunks.values()].sort((a, b) => compareText(a.stream, b.stream));
  const packed: SegmentChunk[] = [];
  for (let at = 0; at < sorted.length; at += atOnce)
    packed.push(...(await Promise.all(sorted.slice(at, at + atOnce).map(segmentChunk))));
  return packed;
}

async function segmentChunk(chunk: DayChunk): Promise<SegmentChunk> {
  return { labels: chunk.labels, stream: chunk.stream, blocks: await chunk.finished() };
}
