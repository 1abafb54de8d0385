import type { DayFiles, IndexFile } from "../catalog/index-file.ts";

export interface MergeRules {
  readonly nowMs: number;
  /** So many files of one size class are merged. */
  readonly mergeFiles: number;
  readonly settleMs: number;
  /** zstd's of days that are past. */
  readonly level: number;
}

export interface MergePlan {
  readonly inputs: readonly IndexFile[];
  readonly level: number;
}

const dayMs = 86_400_000;
const smallestClassBytes = 4 * 2 ** 20;

/** Which index files of a day to merge into one; undefined where all is well. */
export function planMerge({ day, live }: DayFiles, rules: MergeRules): MergePlan | undefined {
  if (!isPast(day, live, rules)) return planTier(live, rules);
  const isDone = live.length <= 1 && live.every(({ key, chunks }) => isCold(key, rules.level) || chunks === 0);
  return isDone ? undefined : { inputs: live, level: rules.level };
}

/** Whether the day ended, and got nothing new for a while. */
export function isPast(day: string, live: readonly IndexFile[], { nowMs, settleMs }: MergeRules): boolean {
  const endMs = Date.parse(day) + dayMs;
  return live.every(({ modifiedMs }) => Math.max(endMs, modifiedMs) + settleMs <= nowMs);
}

/** The smallest class that has enough files: each byte is rewritten once for each class it climbs. */
function planTier(live: readonly IndexFile[], { mergeFiles }: MergeRules): MergePlan | undefined {
  const classes = Map.groupBy(live, ({ storedBytes }) => sizeClass(storedBytes, mergeFiles));
  const full = [...classes].filter(([, files]) => files.length >= mergeFiles).sort(([a], [b]) => a - b);
  return full[0] && { inputs: full[0][1], level: 1 };
}

function sizeClass(bytes: number, mergeFiles: number): number {
  return Math.max(0, Math.ceil(Math.log(bytes / smallestClassBytes) / Math.log(mergeFiles)));
}

/** Merged whole before: its name says at which level. */
const isCold = (key: string, level: number): boolean => key.slice(key.lastIndexOf("/") + 1).startsWith(`c${level}-`);
