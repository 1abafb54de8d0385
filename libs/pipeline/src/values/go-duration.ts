import { quote } from "@ratatosk/model";

const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const longest = 2 ** 63;

/** Nanoseconds of a duration as Go reads it (`1h30m`, `-5ms`, `.5s`), or the text of its error. */
export function parseGoDuration(text: string): number | string {
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
    const scale = nanoseconds[unit];
    if (scale === undefined) return `time: unknown unit ${quote(unit)} in duration ${quote(text)}`;
    total += Number(whole) * scale + Math.trunc(Number(`0.${fraction || "0"}`) * scale);
    if (total > longest) return invalid;
  }
  return sign * total;
}
