import { describe, expect, test } from "vitest";
import { durationParam, isForward, parseTime, positiveParam, timeBounds } from "./params.ts";

const of = (text: string): URLSearchParams => new URLSearchParams(text);

test.each([
  ["1718000000", 1_718_000_000_000_000_000n],
  ["1718000000.25", 1_718_000_000_250_000_000n],
  ["1718000000250000000", 1_718_000_000_250_000_000n],
  ["2024-06-10T06:13:20.25Z", 1_718_000_000_250_000_000n],
  ["2024-06-10T08:13:20.000000001+02:00", 1_718_000_000_000_000_001n],
  ["-1", -1_000_000_000n],
])("time %s", (text, nanoseconds) => {
  expect(parseTime(text)).toBe(nanoseconds);
});

describe("a range", () => {
  const now = 7_200_000_000_000n;
  test.each([
    ["", 3_600_000_000_000n, now],
    ["since=30m", now - 1_800_000_000_000n, now],
    ["end=3600&since=1m", 3_540_000_000_000n, 3_600_000_000_000n],
    ["end=9000", 3_600_000_000_000n, 9_000_000_000_000n],
    ["start=1&end=2", 1_000_000_000n, 2_000_000_000n],
  ])("%s", (query, start, end) => {
    expect(timeBounds(of(query), now)).toEqual({ start, end });
  });
});

test.each([
  [() => parseTime("abc"), 'strconv.ParseInt: parsing "abc": invalid syntax'],
  [() => parseTime("99999999999999999999"), 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
  [
    () => timeBounds(of("start=abc"), 0n),
    `could not parse 'start' parameter: strconv.ParseInt: parsing "abc": invalid syntax`,
  ],
  [() => timeBounds(of("since=x"), 0n), `could not parse 'since' parameter: not a valid duration string: "x"`],
  [() => durationParam(of("step=x"), "step"), 'cannot parse "x" to a valid duration'],
  [() => positiveParam(of("limit=0"), "limit", 100), "limit must be a positive value"],
  [() => positiveParam(of("limit=x"), "limit", 100), 'strconv.Atoi: parsing "x": invalid syntax'],
  [() => isForward(of("direction=up")), "invalid direction 'up'"],
])("what is wrong is said: %s", (read, message) => {
  expect(read).toThrow(message);
});

test("durations are float seconds or have units", () => {
  expect(durationParam(of("step=0.5"), "step")).toBe(500);
  expect(durationParam(of("step=1h30m"), "step")).toBe(5_400_000);
  expect(durationParam(of(""), "step")).toBeUndefined();
});
