import { expect, test } from "vitest";
import { formatTime } from "./format.ts";
import { parseTime } from "./parse.ts";
import { Time } from "./time.ts";

const rfc3339 = "2006-01-02T15:04:05.999999999Z07:00";

test.each([
  ["2006-01-02T15:04:05Z07:00", "2024-05-01T10:00:00Z", "UTC", "2024-05-01T10:00:00Z"],
  ["2006-01-02T15:04:05Z07:00", "2024-05-01T10:00:00.123456789+02:00", "UTC", "2024-05-01T10:00:00.123456789+02:00"],
  ["2006-01-02 15:04:05,000", "2024-07-01 10:00:00,250", "Europe/Berlin", "2024-07-01T10:00:00.25+02:00"],
  ["2006-01-02 15:04:05", "2024-03-31 02:30:00", "Europe/Berlin", "2024-03-31T03:30:00+02:00"],
  ["2006-01-02 15:04:05", "2024-10-27 02:30:00", "Europe/Berlin", "2024-10-27T02:30:00+01:00"],
  ["Mon Jan _2 15:04:05 2006", "wed MAY  1 10:00:00 2024", "UTC", "2024-05-01T10:00:00Z"],
  ["Monday, 02-Jan-06 15:04:05 MST", "Wednesday, 01-May-24 10:00:00 UTC", "UTC", "2024-05-01T10:00:00Z"],
  ["02/Jan/2006:15:04:05 -0700", "01/May/2024:10:00:00 -0330", "UTC", "2024-05-01T10:00:00-03:30"],
  ["Mon, 02 Jan 2006 15:04:05 MST", "Wed, 01 May 2024 10:00:00 CEST", "UTC", "2024-05-01T10:00:00Z"],
  ["Mon, 02 Jan 2006 15:04:05 MST", "Wed, 01 May 2024 10:00:00 CEST", "Europe/Berlin", "2024-05-01T10:00:00+02:00"],
  ["3:04PM", "3:15PM", "UTC", "0000-01-01T15:15:00Z"],
  ["3:04pm", "12:15am", "UTC", "0000-01-01T00:15:00Z"],
  ["2006-002", "2024-060", "UTC", "2024-02-29T00:00:00Z"],
  ["15:04:05.999", "10:00:00", "UTC", "0000-01-01T10:00:00Z"],
  ["15:04:05", "10:00:00.1234567891", "UTC", "0000-01-01T10:00:00.123456789Z"],
  ["06-1-2", "69-3-4", "UTC", "1969-03-04T00:00:00Z"],
])("layout %s reads %s in %s as %s", (layout, text, zone, expected) => {
  expect(formatTime(parseTime(layout, text, zone)!, rfc3339)).toBe(expected);
});

test.each([
  ["2006-01-02", "2024-02-30"],
  ["2006-01-02", "2024-13-01"],
  ["2006-01-02", "2024-01-01 "],
  ["15:04", "24:00"],
  ["15:04", "10:60"],
  ["15:04:05.000", "10:00:00.12"],
  ["Mon", "Foo"],
  ["2006-01-02T15:04:05Z07:00", "2024-05-01T10:00:00"],
  ["2006", "20x4"],
])("layout %s refuses %s", (layout, text) => {
  expect(parseTime(layout, text)).toBeUndefined();
});

test.each([
  ["2006-01-02 15:04:05.999999999 -0700 MST", "Europe/Berlin", "2024-05-01 12:00:00.123 +0200 CEST"],
  ["Mon January 2 06 __2 002", "UTC", "Wed May 1 24 122 122"],
  ["03:04:05 pm PM 3", "America/New_York", "06:00:00 am AM 6"],
  ["Z0700 Z07:00 -07 MST", "UTC", "Z Z +00 UTC"],
  ["-07:00 MST", "Asia/Kolkata", "+05:30 IST"],
  [".000000 ,999", "UTC", ".123000 ,123"],
  ["15h04 Janet", "UTC", "10h00 Janet"],
])("%s in %s prints %s", (layout, zone, expected) => {
  expect(formatTime(new Time(1714557600_123000000n, zone), layout)).toBe(expected);
});

test("times before 1970 and far ones keep their date", () => {
  expect(formatTime(Time.zero, rfc3339)).toBe("0001-01-01T00:00:00Z");
  expect(formatTime(new Time(-1n, "UTC"), rfc3339)).toBe("1969-12-31T23:59:59.999999999Z");
});
