import { quote } from "@ratatosk/model";
import { ConversionError } from "./go-float.ts";

const units: readonly [name: string, milliseconds: number][] = [
  ["y", 31_536_000_000],
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];
const calendar = new Set(["y", "w", "d"]);
const part = /(\d+)(\D*)/y;
const maxMilliseconds = 2 ** 63 / 1e6;

/** Nanoseconds of a range in Prometheus' spelling (`5m`, `1d12h`, `0`). Throws ConversionError with Prometheus' text. */
export function parseRangeDuration(text: string): number {
  if (text === "0") return 0;
  if (text === "") throw new ConversionError("empty duration string");
  let milliseconds = 0;
  let largest = -1;
  for (let at = 0; at < text.length; at = part.lastIndex) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (match === null || match[2] === "") throw new ConversionError(`not a valid duration string: ${quote(text)}`);
    const unit = units.findIndex(([name]) => name === match[2]);
    if (unit < 0) throw new ConversionError(`unknown unit ${quote(match[2]!)} in duration ${quote(text)}`);
    if (unit <= largest) throw new ConversionError(`not a valid duration string: ${quote(text)}`);
    largest = unit;
    milliseconds += Number(match[1]) * units[unit]![1];
    if (milliseconds >= maxMilliseconds) throw new ConversionError("duration out of range");
  }
  return milliseconds * 1e6;
}

/** A range as Prometheus prints it: `5m`, `1h30m`, `1d`, `0s`. Anything below a millisecond is cut. */
export function formatRangeDuration(nanos: number): string {
  let rest = Math.trunc(nanos / 1e6);
  if (rest === 0) return "0s";
  let text = "";
  for (const [name, size] of units) {
    if (rest < size || (calendar.has(name) && rest % size !== 0)) continue;
    text += `${Math.trunc(rest / size)}${name}`;
    rest %= size;
  }
  return text;
}
