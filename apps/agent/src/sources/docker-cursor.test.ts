import { expect, test } from "vitest";
import { CursorTracker, parseCursor, printCursor } from "./docker-cursor.ts";

type Time = readonly [seconds: number, nanos: number];
const log: readonly Time[] = [
  [7, 1],
  [8, 0],
  [8, 5],
  [8, 5],
  [8, 5],
  [9, 2],
];

/** The positions in the log that are taken as new, of those from a whole second on. */
function taken(tracker: CursorTracker, to: number): number[] {
  const positions: number[] = [];
  tracker.resume();
  const { seconds: since } = tracker.cursor;
  for (const [position, [seconds, nanos]] of log.entries()) {
    if (position >= to || seconds < since || tracker.isRepeated(seconds, nanos)) continue;
    tracker.advance(seconds, nanos);
    positions.push(position);
  }
  return positions;
}

test("a log that is read again from the last second on, as often as it breaks off, comes once", () => {
  for (let first = 0; first <= log.length; first++)
    for (let second = first; second <= log.length; second++) {
      const tracker = new CursorTracker(undefined);
      const positions = [first, second, second, log.length].flatMap((to) => taken(tracker, to));
      expect(positions).toEqual([...log.keys()]);
      const restarted = new CursorTracker(undefined);
      const before = taken(restarted, first);
      const after = taken(new CursorTracker(parseCursor(printCursor(restarted.cursor))), log.length);
      expect([...before, ...after]).toEqual([...log.keys()]);
    }
});
