import { type IndexedChunk, LabelIndex } from "@ratatosk/label-index";
import type { ObjectStore } from "@ratatosk/object-store";
import type { DayFiles, IndexFile } from "../catalog/index-file.ts";
import type { Merger } from "../merge/merger.ts";
import type { Periods } from "./periods.ts";

export interface ExpireModules {
  readonly objects: ObjectStore;
  readonly merger: Merger;
  /** zstd's of what is written anew. */
  readonly level: number;
  readonly nowMs: number;
}

/** From this share on, of the bytes of a file, what is left is written anew; below, only the index forgets. */
const worthwhile = 0.25;

/**
 * Takes the chunks of a day that are older than their period out of its index files. Segments go with the garbage, once
 * nothing in them is wanted.
 */
export async function expire(
  files: DayFiles,
  periods: Periods,
  modules: ExpireModules,
  signal: AbortSignal,
): Promise<"modified" | "deleted" | "none"> {
  const cutoff = nanosBefore(modules.nowMs, periods.shortest);
  const due =
    periods.shortest === 0 ? [] : files.live.filter(({ oldestEnd }) => oldestEnd !== undefined && oldestEnd < cutoff);
  let action: "modified" | "deleted" | "none" = "none";
  for (const file of due) {
    const outcome = await expireFile(files, file, periods, modules, signal);
    if (outcome !== "none") action = outcome;
  }
  return action;
}

async function expireFile(
  files: DayFiles,
  file: IndexFile,
  periods: Periods,
  { objects, merger, level, nowMs }: ExpireModules,
  signal: AbortSignal,
): Promise<"modified" | "deleted" | "none"> {
  const isExpired = ({ labels, maxTime }: IndexedChunk): boolean => {
    const periodMs = periods.of(labels);
    return periodMs > 0 && maxTime < nanosBefore(nowMs, periodMs);
  };
  const { chunks } = new LabelIndex(await objects.get(file.key)).content();
  const expired = chunks.filter(isExpired);
  if (expired.length === 0) return "none";
  const share = bytesOf(expired) / Math.max(1, bytesOf(chunks));
  const indexOnly = share < worthwhile || expired.length === chunks.length;
  const fate = (chunk: IndexedChunk): "drop" | "keep" => (isExpired(chunk) ? "drop" : "keep");
  const rewritten = await merger.change(files, { inputs: [file], everything: false, indexOnly, level, fate }, signal);
  if (rewritten === undefined) return "none";
  return expired.length === chunks.length ? "deleted" : "modified";
}

const bytesOf = (chunks: readonly IndexedChunk[]): number => chunks.reduce((sum, { bytes }) => sum + bytes, 0);

const nanosBefore = (nowMs: number, periodMs: number): bigint => BigInt(Math.trunc(nowMs - periodMs)) * 1_000_000n;
