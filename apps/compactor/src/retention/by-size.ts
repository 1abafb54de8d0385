import { compareText } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import type { DayFiles, IndexFile } from "../catalog/index-file.ts";
import type { Swept } from "../garbage/sweep.ts";

/** Live bytes of some days. */
export const liveBytes = (days: readonly DayFiles[]): number =>
  days.flatMap(({ live }) => live).reduce((sum, { storedBytes }) => sum + storedBytes, 0);

/** The oldest index files of some days, whole days before parts, that hold at least so many bytes together. */
export function oldest(days: readonly DayFiles[], bytes: number): DayFiles[] {
  const sorted = days.toSorted((a, b) => compareText(a.day, b.day));
  const chosen: DayFiles[] = [];
  let left = bytes;
  for (const files of sorted) {
    if (left <= 0) break;
    const live: IndexFile[] = [];
    for (const file of files.live) {
      if (left <= 0) break;
      live.push(file);
      left -= file.storedBytes;
    }
    if (live.length > 0) chosen.push({ ...files, live });
  }
  return chosen;
}

/**
 * Deletes index files and the segments that no other needs, at once. `files` says what there is of the day, `gone` which
 * of it goes. What the files replaced goes first, or it would come back.
 */
export async function dropNow(files: DayFiles, gone: readonly IndexFile[], objects: ObjectStore): Promise<Swept> {
  const replaced = new Set(gone.flatMap(({ replaces }) => replaces));
  const dead = files.dead.filter(({ key }) => replaced.has(key));
  for (const { key } of [...dead, ...gone]) await objects.delete([key]);
  const left = [...files.live, ...files.dead].filter((file) => !gone.includes(file) && !dead.includes(file));
  const needed = new Set(left.flatMap(({ segments }) => segments.map(({ key }) => key)));
  const segments = new Map(
    [...dead, ...gone].flatMap(({ segments: own }) => own.map(({ key, bytes }) => [key, bytes])),
  );
  const free = files.unreadable.length > 0 ? [] : [...segments].filter(([key]) => !needed.has(key));
  await objects.delete(free.map(([key]) => key));
  return { objects: dead.length + gone.length + free.length, bytes: free.reduce((sum, [, bytes]) => sum + bytes, 0) };
}
