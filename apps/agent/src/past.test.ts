import { expect, test } from "vitest";
import { CursorOrigin, Origin } from "./origin.ts";
import { compareCursors } from "./sources/docker-cursor.ts";

const aheads = [
  { consumer: "one", branch: "", upTo: 50, held: [20, 40] },
  { consumer: "other", branch: "", upTo: 30, held: [] },
];

test.each([
  [10, ["one", "other"]],
  [20, ["other"]],
  [30, ["one"]],
  [40, []],
  [50, []],
])("a line at %d of a file is known to %j", (start, consumers) => {
  const origin = new Origin("file", "job");
  origin.recall(aheads);
  const given = origin.past!.of(start);
  const names = aheads.map(({ consumer }) => consumer);
  expect(names.filter((consumer) => (given & origin.past!.bitOf(consumer, "")) !== 0)).toEqual(consumers);
});

const cursorOf = (second: number, count = 1): string => `${second}.000000000+${count}`;

test("lines of a container are known by their cursors, up to the last one that was read", () => {
  const origin = new CursorOrigin("cursor-1", "job", cursorOf(1), compareCursors);
  origin.recall([{ consumer: "one", branch: "", upTo: cursorOf(4), held: [cursorOf(2, 2)] }]);
  const seconds = [cursorOf(2), cursorOf(2, 2), cursorOf(3), cursorOf(4), cursorOf(3)];
  expect(seconds.map((cursor) => origin.past!.of(cursor))).toEqual([1, 0, 1, 1, 0]);
});

test("a mark names the lines that wait, and nothing where none waits", () => {
  const origin = new Origin("file", "job", 100);
  expect(origin.markFor({})).toMatchObject({ safe: 100, mark: 100 });
  expect(origin.markFor({}).ahead).toBeUndefined();
  const block = { start: 60, rest: [80] };
  origin.hold(block);
  expect(origin.markFor({})).toMatchObject({ safe: 60, mark: 60, ahead: { upTo: 100, held: [60, 80] } });
  origin.release(block);
  expect(origin.markFor({}).ahead).toBeUndefined();
});

test("a mark of a container says how far its consumer is ahead of another", () => {
  const origin = new CursorOrigin("cursor-1", "job", cursorOf(1), compareCursors);
  for (const second of [2, 3, 4]) {
    origin.advance(origin.read + 1, cursorOf(second));
    origin.read += 1;
  }
  const [here, there] = [{}, {}];
  origin.keep(there, 1);
  expect(origin.markFor(here)).toMatchObject({ text: cursorOf(2), ahead: { upTo: cursorOf(4), held: [] } });
  origin.hold({ start: 2, rest: [] });
  expect(origin.markFor(here).ahead).toEqual({ upTo: cursorOf(4), held: [cursorOf(4)] });
});

test("what waits on one branch is missing there alone; nothing is forgotten before every branch has passed it", () => {
  const origin = new Origin("file", "job", 100);
  const [slow, fast] = [origin.branchTo("slow"), origin.branchTo("fast")];
  expect(origin.branchTo("slow")).toBe(slow);
  slow.hold({ start: 60, rest: [80] });
  fast.keep({}, 90);
  expect(slow.markFor({})).toMatchObject({ branch: "slow", safe: 60, mark: 60, ahead: { upTo: 100, held: [60, 80] } });
  expect(fast.markFor({})).toMatchObject({ branch: "fast", safe: 60, mark: 100 });
  expect(fast.markFor({}).ahead).toBeUndefined();
  expect([origin.safe(), origin.isSettled]).toEqual([60, false]);
  const further = fast.branchTo("on");
  origin.hold({ start: 95, rest: [] });
  expect(further.markFor({})).toMatchObject({ branch: "fast/on", mark: 95, ahead: { upTo: 100, held: [95] } });
});

test("what came one way is known to that way's consumers alone", () => {
  const origin = new Origin("file", "job");
  origin.recall([
    { consumer: "one", branch: "slow", upTo: 50, held: [20] },
    { consumer: "one", branch: "fast/on", upTo: 50, held: [] },
  ]);
  const past = origin.past!;
  expect([10, 20].map((start) => past.of(start) & past.bitsFrom("slow"))).toEqual([1, 0]);
  expect([10, 20].map((start) => past.of(start) & past.bitsFrom("fast"))).toEqual([2, 2]);
  expect([past.bitOf("one", "fast/on"), past.bitOf("one", "")]).toEqual([2, 0]);
});
