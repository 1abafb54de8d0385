import { floatError } from "./go-float.ts";

const powers = ["k", "m", "g", "t", "p", "e"];
const sizes = new Map<string, number>([
  ["", 1],
  ["b", 1],
]);
for (const [i, letter] of powers.entries()) {
  for (const unit of [letter, `${letter}b`]) sizes.set(unit, 1000 ** (i + 1));
  for (const unit of [`${letter}i`, `${letter}ib`]) sizes.set(unit, 1024 ** (i + 1));
}

/** Bytes of a size such as `1.5MiB`, `3 kB` or `1,024`, or the text of the error. */
export function parseGoBytes(text: string): number | string {
  const digits = /^[\d.,]*/.exec(text)![0];
  const number = digits.replaceAll(",", "");
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(number)) return floatError(number, "invalid syntax");
  const unit = text.slice(digits.length).trim().toLowerCase();
  const scale = sizes.get(unit);
  if (scale === undefined) return `unhandled size name: ${unit}`;
  const value = Math.trunc(Number(number) * scale);
  return value >= 2 ** 64 ? `too large: ${text}` : value;
}
