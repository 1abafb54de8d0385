import { expect, test } from "vitest";
import { parseMoment, printTime } from "./time.ts";

const now = Date.parse("2026-01-31T12:00:00Z");

test.each<[text: string, nanos: bigint]>([
  ["2026-01-31T10:00:00Z", 1_769_853_600_000_000_000n],
  ["2026-01-31T10:00:00.123456789Z", 1_769_853_600_123_456_789n],
  ["2026-01-31T13:00:00+03:00", 1_769_853_600_000_000_000n],
  ["2026-01-31", 1_769_817_600_000_000_000n],
  ["1769853600", 1_769_853_600_000_000_000n],
  ["1769853600.5", 1_769_853_600_500_000_000n],
  ["1769853600000000001", 1_769_853_600_000_000_001n],
  ["2h", 1_769_853_600_000_000_000n],
  ["now", 1_769_860_800_000_000_000n],
  ["2026-01-31 10:00", BigInt(new Date(2026, 0, 31, 10).getTime()) * 1_000_000n],
])("%s is a moment", (text, nanos) => {
  expect(parseMoment(text, "--from", now)).toBe(nanos);
});

test.each(["yesterday", "", "2026-13-01", "-5"])("%j is none", (text) => {
  expect(() => parseMoment(text, "--from", now)).toThrow("--from: expected a time");
});

test("times are printed with nine digits, in UTC or as this machine's clock shows them", () => {
  const nanos = 1_769_853_600_000_000_001n;
  expect(printTime(nanos)).toBe("2026-01-31T10:00:00.000000001Z");
  expect(parseMoment(printTime(nanos, "local"), "--from")).toBe(nanos);
});
