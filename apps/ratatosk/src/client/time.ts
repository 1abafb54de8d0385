import { ConfigError, parseDuration } from "@ratatosk/config";

const nanosPerMs = 1_000_000n;
const withoutZone = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;

/**
 * A moment as people write it, in Unix nanoseconds: RFC 3339, `2026-01-31`, `2026-01-31 14:05` in local time, Unix seconds
 * or nanoseconds, `now`, or how long ago, `2h`. Throws ConfigError naming `option`.
 */
export function parseMoment(text: string, option: string, nowMs = Date.now()): bigint {
  const trimmed = text.trim();
  if (trimmed === "now") return BigInt(nowMs) * nanosPerMs;
  if (/^\d{16,20}$/.test(trimmed)) return BigInt(trimmed);
  if (/^\d+(\.\d+)?$/.test(trimmed)) return BigInt(Math.round(Number(trimmed) * 1e6)) * 1000n;
  const ago = parseDuration(trimmed);
  if (ago !== undefined) return BigInt(nowMs - ago) * nanosPerMs;
  const ms = !/^\d{4}-\d{2}/.test(trimmed)
    ? NaN
    : Date.parse(withoutZone.test(trimmed) ? trimmed.replace(" ", "T") : trimmed);
  if (Number.isNaN(ms))
    throw new ConfigError(
      `${option}: expected a time such as 2026-01-31T14:05:00Z, "2026-01-31 14:05" or 2h, got "${text}"`,
    );
  return BigInt(ms) * nanosPerMs + fractionBelowMs(trimmed);
}

/** The digits of a second that Date drops. */
function fractionBelowMs(text: string): bigint {
  const [, digits = ""] = /:\d{2}\.\d{3}(\d{1,6})/.exec(text) ?? [];
  return BigInt(digits.padEnd(6, "0"));
}

/** Unix nanoseconds as RFC 3339 with all nine digits, in UTC or in the zone of this machine. */
export function printTime(nanos: bigint, zone: "utc" | "local" = "utc"): string {
  const ms = Number(nanos / 1_000_000_000n) * 1000;
  const offset = zone === "local" ? -new Date(ms).getTimezoneOffset() : 0;
  const seconds = new Date(ms + offset * 60_000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanos % 1_000_000_000n).padStart(9, "0")}${zone === "local" ? printOffset(offset) : "Z"}`;
}

function printOffset(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
