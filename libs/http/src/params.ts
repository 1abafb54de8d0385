import { parseDuration } from "@ratatosk/config";
import { quote, RatatoskError } from "@ratatosk/model";

const nanosPerMs = 1_000_000n;
const nanosPerSecond = 1_000_000_000n;
const defaultSinceMs = 3_600_000;
const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** A range of time in unix nanoseconds. */
export interface TimeBounds {
  readonly start: bigint;
  readonly end: bigint;
}

/** `start`, `end` and `since` of a request. Throws bad_request with Loki's text. */
export function timeBounds(query: URLSearchParams, now: bigint): TimeBounds {
  const since = query.get("since");
  const sinceMs = since ? promDuration(since) : defaultSinceMs;
  if (sinceMs === undefined)
    throw new RatatoskError("bad_request", `could not parse 'since' parameter: ${invalidDuration(since!)}`);
  const end = namedTime(query, "end") ?? now;
  const latest = end < now ? end : now;
  return { start: namedTime(query, "start") ?? latest - BigInt(Math.round(sinceMs * 1e6)), end };
}

/** `time` of an instant query, by default `now`. */
export function instantTime(query: URLSearchParams, now: bigint): bigint {
  const text = query.get("time");
  return text ? parseTime(text) : now;
}

function namedTime(query: URLSearchParams, name: string): bigint | undefined {
  const text = query.get(name);
  if (!text) return undefined;
  try {
    return parseTime(text);
  } catch (error) {
    throw new RatatoskError("bad_request", `could not parse '${name}' parameter: ${(error as Error).message}`);
  }
}

/** Unix nanoseconds of float seconds, integer seconds (10 digits at most), integer nanoseconds or RFC 3339. */
export function parseTime(text: string): bigint {
  if (text.includes(".") && isNumber(text)) return floatSeconds(Number(text));
  if (/^[+-]?\d+$/.test(text)) return integerTime(text);
  const rfc3339 = parseRfc3339(text);
  if (rfc3339 === undefined)
    throw new RatatoskError("bad_request", `strconv.ParseInt: parsing ${quote(text)}: invalid syntax`);
  return rfc3339;
}

function floatSeconds(seconds: number): bigint {
  const whole = Math.trunc(seconds);
  return BigInt(whole) * nanosPerSecond + BigInt(Math.round((seconds - whole) * 1000)) * nanosPerMs;
}

function integerTime(text: string): bigint {
  const value = BigInt(text);
  if (value > int64.max || value < int64.min)
    throw new RatatoskError("bad_request", `strconv.ParseInt: parsing ${quote(text)}: value out of range`);
  return text.length <= 10 ? value * nanosPerSecond : value;
}

const rfc3339 = /^(\d{4}-\d\d-\d\d)[T](\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;

function parseRfc3339(text: string): bigint | undefined {
  const [, day, time, fraction = "", zone] = rfc3339.exec(text) ?? [];
  const ms = Date.parse(`${day}T${time}${zone}`);
  if (day === undefined || Number.isNaN(ms)) return undefined;
  return BigInt(ms) * nanosPerMs + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

const isNumber = (text: string): boolean => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);

/** Milliseconds of a duration parameter (`step`, `interval`): float seconds or `15s`. Undefined if it is absent. */
export function durationParam(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (!text) return undefined;
  if (isNumber(text)) return Number(text) * 1000;
  const ms = promDuration(text);
  if (ms === undefined) throw new RatatoskError("bad_request", `cannot parse ${quote(text)} to a valid duration`);
  return ms;
}

const promForm = /^(?:(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?|0)$/;

/** Milliseconds of a duration as Prometheus writes it, whole units from large to small. */
function promDuration(text: string): number | undefined {
  return text !== "" && promForm.test(text) ? parseDuration(text) : undefined;
}

const invalidDuration = (text: string): string => `not a valid duration string: ${quote(text)}`;

/** A whole number above 0, or `fallback` where the parameter is absent. */
export function positiveParam(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (!text) return fallback;
  if (!/^[+-]?\d+$/.test(text))
    throw new RatatoskError("bad_request", `strconv.Atoi: parsing ${quote(text)}: invalid syntax`);
  if (!Number.isSafeInteger(Number(text)))
    throw new RatatoskError("bad_request", `strconv.Atoi: parsing ${quote(text)}: value out of range`);
  if (Number(text) <= 0) throw new RatatoskError("bad_request", `${name} must be a positive value`);
  return Number(text);
}

/** `direction`: true for forward; backward by default. */
export function isForward(query: URLSearchParams): boolean {
  const text = query.get("direction") || "backward";
  switch (text.toLowerCase()) {
    case "forward":
      return true;
    case "backward":
      return false;
    default:
      throw new RatatoskError("bad_request", `invalid direction '${text}'`);
  }
}
