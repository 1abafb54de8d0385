import { formatClock, formatDate, type Zone } from "./nanos.ts";

/** Both ends as a person writes them: `now-1h`, `now`, `2026-01-15 10:00:00`, nanoseconds. */
export interface RangeText {
  readonly from: string;
  readonly to: string;
}

export interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

export const quickRanges: readonly (readonly [label: string, from: string, to: string])[] = [
  ["Last 5 minutes", "now-5m", "now"],
  ["Last 15 minutes", "now-15m", "now"],
  ["Last 30 minutes", "now-30m", "now"],
  ["Last hour", "now-1h", "now"],
  ["Last 3 hours", "now-3h", "now"],
  ["Last 6 hours", "now-6h", "now"],
  ["Last 12 hours", "now-12h", "now"],
  ["Last 24 hours", "now-24h", "now"],
  ["Last 2 days", "now-2d", "now"],
  ["Last 7 days", "now-7d", "now"],
  ["Last 30 days", "now-30d", "now"],
  ["Today", "now/d", "now"],
  ["Yesterday", "now-1d/d", "now/d"],
];

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const millis = 1_000_000n;

/** The moment that a text names, in nanoseconds; undefined where it names none. `/d` is the day's beginning in `zone`. */
export function parseMoment(text: string, nowMs: number, zone: Zone): bigint | undefined {
  const trimmed = text.trim();
  const relative = /^now(?:\s*-\s*(\d+)([smhdw]))?(\/d)?$/.exec(trimmed);
  if (relative !== null) {
    const [, count, unit, day] = relative;
    const ms = nowMs - Number(count ?? 0) * (unitMs[unit ?? "s"] ?? 0);
    return BigInt(day === undefined ? ms : dayBegin(ms, zone)) * millis;
  }
  if (/^\d{16,19}$/.test(trimmed)) return BigInt(trimmed);
  if (/^\d{13}$/.test(trimmed)) return BigInt(trimmed) * millis;
  if (/^\d{10}$/.test(trimmed)) return BigInt(trimmed) * 1000n * millis;
  return parseDate(trimmed, zone);
}

function dayBegin(ms: number, zone: Zone): number {
  const date = new Date(ms);
  return zone === "utc" ? date.setUTCHours(0, 0, 0, 0) : date.setHours(0, 0, 0, 0);
}

function parseDate(text: string, zone: Zone): bigint | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (parts === null) return undefined;
  const [, date, clock = "00:00:00", fraction = "", offset] = parts;
  const ms = Date.parse(`${date}T${clock}${offset ?? (zone === "utc" ? "Z" : "")}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * millis + BigInt(fraction.padEnd(9, "0"));
}

/** Undefined where an end cannot be read or the end is not after the start. */
export function resolveRange({ from, to }: RangeText, nowMs: number, zone: Zone): Range | undefined {
  const start = parseMoment(from, nowMs, zone);
  const end = parseMoment(to, nowMs, zone);
  return start === undefined || end === undefined || end <= start ? undefined : { start, end };
}

/** What the range control shows. */
export function describeRange(range: RangeText, nowMs: number, zone: Zone): string {
  const quick = quickRanges.find(([, from, to]) => from === range.from && to === range.to);
  if (quick !== undefined) return quick[0];
  const resolved = resolveRange(range, nowMs, zone);
  if (resolved === undefined) return `${range.from} to ${range.to}`;
  const start = new Date(Number(resolved.start / millis));
  const end = new Date(Number(resolved.end / millis));
  const [startDate, endDate] = [formatDate(start, zone), formatDate(end, zone)];
  return `${startDate} ${formatClock(start, zone)} to ${startDate === endDate ? "" : `${endDate} `}${formatClock(end, zone)}`;
}

/** The range moved by a share of its length (−1: the one before), or grown around its middle. */
export function shiftRange({ start, end }: Range, share: number): Range {
  const by = BigInt(Math.round(Number(end - start) * share));
  return { start: start + by, end: end + by };
}

export function growRange({ start, end }: Range): Range {
  const half = (end - start) / 2n;
  return { start: start - half, end: end + half };
}

export const absoluteText = ({ start, end }: Range): RangeText => ({ from: String(start), to: String(end) });

const niceSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** A round step in seconds that cuts the range into at most `most` pieces. */
export function stepSeconds({ start, end }: Range, most: number): number {
  const seconds = Number((end - start) / 1_000_000n) / 1000;
  return niceSteps.find((step) => seconds / step <= most) ?? Math.ceil(seconds / most / 86_400) * 86_400;
}
