import { ConversionError, formatDecimal, parseGoFloat } from "./go-float.ts";

const prefixes = ["", "k", "m", "g", "t", "p", "e"];
const sizeOf = new Map<string, number>();
for (const [power, prefix] of prefixes.entries()) {
  for (const unit of ["", "b"]) {
    sizeOf.set(prefix + unit, 1000 ** power);
    if (prefix !== "") sizeOf.set(`${prefix}i${unit}`, 1024 ** power);
  }
}

/** Bytes of a size (`1KB` = 1000, `1.5MiB`, `1,024`, `3 kB`), cut to a whole number. Throws ConversionError with Loki's text. */
export function parseByteSize(text: string): number {
  const digits = /^[\d.,]*/.exec(text)![0];
  const number = parseGoFloat(digits.replaceAll(",", ""));
  const unit = text.slice(digits.length).trim().toLowerCase();
  const size = sizeOf.get(unit);
  if (size === undefined) throw new ConversionError(`unhandled size name: ${unit}`);
  const bytes = number * size;
  if (bytes >= 2 ** 64) throw new ConversionError(`too large: ${text}`);
  return Math.trunc(bytes);
}

const printed = ["B", "kB", "MB", "GB", "TB", "PB"];

/** A size as a byte literal of the language: `1.5MB` where that is exact, else `1500001B`; `0B` would be a binary number. */
export function formatByteSize(bytes: number): string {
  if (bytes === 0) return "0kB";
  const power = Math.min(printed.length - 1, Math.max(0, Math.floor(Math.log10(bytes) / 3)));
  const rounded = (bytes / 1000 ** power).toFixed(power > 0 && bytes < 10 * 1000 ** power ? 1 : 0);
  const short = `${rounded}${printed[power]}`;
  return parseByteSize(short) === bytes ? short : `${formatDecimal(bytes)}B`;
}
