import { quote } from "@ratatosk/model";

const nanoseconds: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["μs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["m", 60e9],
  ["h", 3600e9],
]);
const longest = 2 ** 63;

/** Nanoseconds of a duration as Go reads it (`1h30m`, `-5ms`, `.5s`), or the text of its error. */
export function parseGoDuration(text: string): number | string {
  const simple = simpleDuration(text);
  return Number.isNaN(simple) ? anyDuration(text) : simple;
}

/** Fast path: digits, perhaps a fraction, one unit; NaN for all else. */
function simpleDuration(text: string): number {
  let at = 0;
  let whole = 0;
  for (; isDigit(text.charCodeAt(at)); at++) whole = whole * 10 + text.charCodeAt(at) - zero;
  let [fraction, divisor] = [0, 1];
  const point = at > 0 && text.charCodeAt(at) === dot ? at++ : at;
  for (; isDigit(text.charCodeAt(at)); at++) {
    fraction = fraction * 10 + text.charCodeAt(at) - zero;
    divisor *= 10;
  }
  const scale = simpleUnit(text, at);
  // Fifteen digits are exact as numbers, and so is their quotient rounded once.
  if (scale === undefined || at === 0 || at > 15 || at === point + 1) return NaN;
  const total = whole * scale + Math.trunc((fraction / divisor) * scale);
  return total > longest ? NaN : total;
}

/** The unit at the end of a text: the usual two are told by their letters. */
function simpleUnit(text: string, at: number): number | undefined {
  const first = text.charCodeAt(at);
  const left = text.length - at;
  if (left === 1 && first === letterS) return 1e9;
  if (left === 2 && first === letterM && text.charCodeAt(at + 1) === letterS) return 1e6;
  return nanoseconds.get(text.slice(at));
}

const letterM = 0x6d;
const letterS = 0x73;
const zero = 0x30;
const dot = 0x2e;
const isDigit = (code: number): boolean => code >= zero && code <= 0x39;

/** The duration by the grammar. */
export function anyDuration(text: string): number | string {
  const sign = text.startsWith("-") ? -1 : 1;
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === "0") return 0;
  const invalid = `time: invalid duration ${quote(text)}`;
  if (body === "") return invalid;
  const part = /(\d*)(?:\.(\d*))?([^\d.]*)/y;
  let total = 0;
  while (part.lastIndex < body.length) {
    const [all, whole = "", fraction = "", unit = ""] = part.exec(body)!;
    if (all === "" || (whole === "" && fraction === "")) return invalid;
    if (unit === "") return `time: missing unit in duration ${quote(text)}`;
    const scale = nanoseconds.get(unit);
    if (scale === undefined) return `time: unknown unit ${quote(unit)} in duration ${quote(text)}`;
    total += Number(whole) * scale + Math.trunc(Number(`0.${fraction || "0"}`) * scale);
    if (total > longest) return invalid;
  }
  return sign * total;
}
