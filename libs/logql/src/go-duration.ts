import { quote } from "@ratatosk/model";
import { ConversionError } from "./go-float.ts";

const nanosOf: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3, // micro sign
  μs: 1e3, // Greek mu
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const part = /(\d*)(?:\.(\d*))?([^\d.]*)/y;
const maxNanos = 2 ** 63;

/** Nanoseconds of a duration in Go's spelling (`1.5h`, `500ms1s`, `-30m`, `0`). Throws ConversionError with Go's text. */
export function parseGoDuration(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return 0;
  if (body === "") throw invalid(text);
  let nanos = 0;
  for (let at = 0; at < body.length; at = part.lastIndex) nanos += partNanos(text, body, at);
  if (nanos > maxNanos || (nanos === maxNanos && sign > 0)) throw invalid(text);
  return sign * nanos;
}

function partNanos(text: string, body: string, at: number): number {
  part.lastIndex = at;
  const [, whole = "", fraction = "", unit = ""] = part.exec(body)!;
  if (whole === "" && fraction === "") throw invalid(text);
  if (unit === "") throw new ConversionError(`time: missing unit in duration ${quote(text)}`);
  const scale = nanosOf[unit];
  if (scale === undefined) throw new ConversionError(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
  return Number(whole) * scale + Math.trunc(Number(`0.${fraction}`) * scale);
}

function invalid(text: string): ConversionError {
  return new ConversionError(`time: invalid duration ${quote(text)}`);
}

/** A duration as Go prints it: `1h30m0s`, `1.5s`, `100µs`, `0s`. */
export function formatGoDuration(nanos: number): string {
  const size = Math.abs(nanos);
  return (nanos < 0 ? "-" : "") + (size < 1e9 ? formatBelowSecond(size) : formatHours(BigInt(size)));
}

function formatBelowSecond(nanos: number): string {
  if (nanos === 0) return "0s";
  if (nanos < 1e3) return `${nanos}ns`;
  if (nanos < 1e6) return `${nanos / 1e3}µs`;
  return `${nanos / 1e6}ms`;
}

function formatHours(nanos: bigint): string {
  const seconds = nanos / 1_000_000_000n;
  const fraction = String(nanos % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/0+$/, "");
  const tail = `${seconds % 60n}${fraction && `.${fraction}`}s`;
  const minutes = seconds / 60n;
  if (minutes === 0n) return tail;
  return minutes < 60n ? `${minutes}m${tail}` : `${minutes / 60n}h${minutes % 60n}m${tail}`;
}
