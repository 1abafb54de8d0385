import type { ObjectInfo, ObjectStore } from "@ratatosk/object-store";
import { segmentPrefix } from "@ratatosk/store";
import type { Catalog } from "../catalog/catalog.ts";
import type { DayFiles, IndexFile } from "../catalog/index-file.ts";

export interface SweepModules {
  readonly objects: ObjectStore;
  readonly catalog: Catalog;
  readonly graceMs: number;
  readonly now: () => number;
}

export interface Swept {
  readonly objects: number;
  readonly bytes: number;
}

/**
 * Deletes what nothing needs any more: index files replaced longer ago than the grace period, and segments older than
 * it that no index file names. Index files go first, so that a segment is never named after it is gone.
 */
export async function sweep(tenant: string, modules: SweepModules): Promise<Swept> {
  const { objects, catalog } = modules;
  // Listed before the index files: what is named meanwhile is then seen to be named.
  const segments = await listed(objects, segmentPrefix(tenant));
  const days = await catalog.days(tenant);
  const dead = days.flatMap((day) => expired(day, modules));
  await objects.delete(dead.map(({ key }) => key));
  const orphans = unnamed(segments, days, new Set(dead), modules);
  await objects.delete(orphans.map(({ key }) => key));
  const bytes = [...dead.map(indexBytes), ...orphans.map(({ size }) => size)].reduce((sum, size) => sum + size, 0);
  return { objects: dead.length + orphans.length, bytes };
}

/** Replaced index files whose successor is older than the grace period, and empty ones that replace nothing any more. */
function expired({ live, dead }: DayFiles, { graceMs, now }: SweepModules): IndexFile[] {
  const isOld = ({ modifiedMs }: IndexFile): boolean => modifiedMs + graceMs < now();
  const gone = dead.filter(({ key }) => live.some((file) => isOld(file) && file.replaces.includes(key)));
  const empty = live.filter((file) => file.chunks === 0 && dead.length === 0 && isOld(file));
  return [...gone, ...empty];
}

function unnamed(
  segments: readonly ObjectInfo[],
  days: readonly DayFiles[],
  gone: ReadonlySet<IndexFile>,
  { graceMs, now }: SweepModules,
): ObjectInfo[] {
  const named = new Set<string>();
  const unknown = new Set<string>();
  for (const { day, live, dead, unreadable } of days) {
    if (unreadable.length > 0) unknown.add(day);
    for (const file of [...live, ...dead]) if (!gone.has(file)) for (const { key } of file.segments) named.add(key);
  }
  const isOld = ({ modifiedMs }: ObjectInfo): boolean => modifiedMs + graceMs < now();
  return segments.filter((info) => !named.has(info.key) && isOld(info) && !unknown.has(dayOf(info.key)));
}

const dayOf = (segmentKey: string): string => segmentKey.split("/")[2] ?? "";

const indexBytes = ({ storedBytes, segments }: IndexFile): number =>
  segments.reduce((rest, { bytes }) => rest - bytes, storedBytes);

async function listed(objects: ObjectStore, prefix: string): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const info of objects.list(prefix)) found.push(info);
  return found;
}
