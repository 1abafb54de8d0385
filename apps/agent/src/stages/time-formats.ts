import { parseTime } from "@ratatosk/template";
import { fromNanos, type Instant } from "../time/instant.ts";

/** Reads a time; undefined where the text is none. */
export type TimeReader = (text: string, nowMs: number) => Instant | undefined;

const layouts: Record<string, string> = {
  ANSIC: "Mon Jan _2 15:04:05 2006",
  UnixDate: "Mon Jan _2 15:04:05 MST 2006",
  RubyDate: "Mon Jan 02 15:04:05 -0700 2006",
  RFC822: "02 Jan 06 15:04 MST",
  RFC822Z: "02 Jan 06 15:04 -0700",
  RFC850: "Monday, 02-Jan-06 15:04:05 MST",
  RFC1123: "Mon, 02 Jan 2006 15:04:05 MST",
  RFC1123Z: "Mon, 02 Jan 2006 15:04:05 -0700",
  RFC3339: "2006-01-02T15:04:05Z07:00",
  RFC3339Nano: "2006-01-02T15:04:05.999999999Z07:00",
};

const unixUnits: Record<string, bigint> = { UnixMs: 1_000_000n, UnixUs: 1000n, UnixNs: 1n };
const maxInt64 = 2n ** 63n - 1n;

/** The reader of a named format or a layout. A location counts for layouts only. Throws on an unknown location. */
export function timeReader(format: string, location: string | undefined): TimeReader {
  if (location !== undefined) checkLocation(location);
  if (format === "Unix") return readUnix;
  const unit = unixUnits[format];
  if (unit !== undefined) return (text) => readWhole(text, unit);
  const layout = layouts[format];
  if (layout !== undefined) return (text) => readLayout(layout, text);
  return hasYear(format) ? (text) => readLayout(format, text, location) : yearless(format, location);
}

function checkLocation(location: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: location === "" ? "UTC" : location });
  } catch (error) {
    throw new Error(`invalid location specified: unknown time zone ${location}`, { cause: error });
  }
}

function readLayout(layout: string, text: string, location = "UTC"): Instant | undefined {
  const time = parseTime(layout, text, location);
  return time && fromNanos(time.unixNanos);
}

/** RFC 3339 with any fraction, as `docker` and `cri` lines have it; common spellings are read without the layout machine. */
export function readRfc3339(text: string): Instant | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text);
  if (match === null) return readLayout(layouts["RFC3339Nano"]!, text);
  const ms = Date.parse(`${match[1]}Z`);
  // JavaScript takes 24:00 and rolls over days that do not exist; the layout machine refuses them.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== match[1]) return undefined;
  return { seconds: ms / 1000, nanos: Number((match[2] ?? "").padEnd(9, "0")) };
}

function readUnix(text: string): Instant | undefined {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const nanos = Number((match[2] ?? "").slice(0, 9).padEnd(9, "0"));
  const seconds = Number(match[1]);
  return seconds < 0 && nanos > 0 ? { seconds: seconds - 1, nanos: 1e9 - nanos } : { seconds, nanos };
}

function readWhole(text: string, unit: bigint): Instant | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > maxInt64 || value < -maxInt64 ? undefined : fromNanos(value * unit);
}

const hasYear = (layout: string): boolean => /2006|06/.test(layout.replaceAll("006", "06"));

/** A layout without year: this year, but December seen in January is last year's, January seen in December next year's. */
function yearless(layout: string, location: string | undefined): TimeReader {
  const withYear = `2006 ${layout}`;
  return (text, nowMs) => {
    const now = new Date(nowMs);
    const year = now.getUTCFullYear();
    const read = (one: number): Instant | undefined => readLayout(withYear, `${one} ${text}`, location);
    const found = read(year);
    if (found === undefined) return undefined;
    const month = new Date(found.seconds * 1000).getUTCMonth();
    if (month === 11 && now.getUTCMonth() === 0) return read(year - 1);
    if (month === 0 && now.getUTCMonth() === 11 && /Jan|01|1/.test(layout)) return read(year + 1);
    return found;
  };
}
