import { expect, test } from "vitest";
import { formatNanos } from "./nanos.ts";
import { describeRange, growRange, parseMoment, resolveRange, shiftRange, stepSeconds } from "./range.ts";

const now = Date.UTC(2026, 0, 15, 10, 30);
const at = (text: string): string | undefined => {
  const nanos = parseMoment(text, now, "utc");
  return nanos === undefined ? undefined : formatNanos(nanos, "utc");
};

test.each([
  ["now", "2026-01-15 10:30:00.000000000"],
  ["now-90m", "2026-01-15 09:00:00.000000000"],
  ["now-1d/d", "2026-01-14 00:00:00.000000000"],
  ["2026-01-15", "2026-01-15 00:00:00.000000000"],
  ["2026-01-15 10:00:05.000000001", "2026-01-15 10:00:05.000000001"],
  ["2026-01-15T12:00:00+02:00", "2026-01-15 10:00:00.000000000"],
  ["1768471205000000001", "2026-01-15 10:00:05.000000001"],
  ["1768471205", "2026-01-15 10:00:05.000000000"],
  ["tomorrow", undefined],
  ["2026-13-45", undefined],
])("%s is %s", (text, expected) => {
  expect(at(text)).toBe(expected);
});

test("a range needs an end after its start", () => {
  expect(resolveRange({ from: "now", to: "now-1h" }, now, "utc")).toBeUndefined();
  expect(resolveRange({ from: "now-1h", to: "now" }, now, "utc")).toBeDefined();
});

test("a range says its quick name, or its ends", () => {
  expect(describeRange({ from: "now-1h", to: "now" }, now, "utc")).toBe("Last hour");
  expect(describeRange({ from: "2026-01-15 09:00", to: "2026-01-15 10:00" }, now, "utc")).toBe(
    "2026-01-15 09:00:00 to 10:00:00",
  );
});

test("a range moves and grows by its own length", () => {
  const range = { start: 100n, end: 200n };
  expect(shiftRange(range, -1)).toEqual({ start: 0n, end: 100n });
  expect(growRange(range)).toEqual({ start: 50n, end: 250n });
});

test.each([
  [3600, 100, 60],
  [60, 100, 1],
  [86_400 * 30, 100, 43_200],
])("%i seconds in at most %i pieces are steps of %i", (seconds, most, step) => {
  expect(stepSeconds({ start: 0n, end: BigInt(seconds) * 1_000_000_000n }, most)).toBe(step);
});
