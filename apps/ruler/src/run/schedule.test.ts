import { expect, test } from "vitest";
import { dueTimes, lastDue, scheduleOf } from "./schedule.ts";

const schedule = { intervalMs: 60_000, offsetMs: 10_000 };

test("evaluations lie an interval apart, moved by the group's own offset", () => {
  expect(lastDue(schedule, 130_000)).toBe(130_000);
  expect(lastDue(schedule, 129_999)).toBe(70_000);
});

test("groups are spread over their interval, each always at its place", () => {
  const offsets = Array.from({ length: 1000 }, (_, i) => scheduleOf(`group ${i}`, 60_000).offsetMs);
  expect(Math.min(...offsets)).toBeLessThan(3000);
  expect(Math.max(...offsets)).toBeGreaterThan(57_000);
  expect(scheduleOf("group 7", 60_000)).toEqual({ intervalMs: 60_000, offsetMs: offsets[7] });
});

test.each([
  ["never evaluated: the latest alone", undefined, 3_600_000, [190_000]],
  ["nothing missed", 130_000, 3_600_000, [190_000]],
  ["done already", 190_000, 3_600_000, []],
  ["two missed", 10_000, 3_600_000, [70_000, 130_000, 190_000]],
  ["more missed than are made up for", -600_000, 60_000, [130_000, 190_000]],
])("%s", (_, done, backfill, times) => {
  expect(dueTimes(schedule, done, 200_000, backfill)).toEqual(times);
});
