import { byteLength, sliceBytes } from "../byte-text.ts";
import { fn, type Functions } from "../function.ts";
import { isTrue, type Value } from "../value.ts";
import { goLower, goTitle, goTrimSpace, goUpper, repeat, trimChars } from "./text.ts";

const lower = fn("string", goLower);
const upper = fn("string", goUpper);

/** Text functions whose subject comes last, so that it can be piped. */
export const stringFunctions: Functions = {
  lower,
  upper,
  title: fn("string", goTitle),
  replace: fn("string, string, string", (from: string, to: string, text: string) => replace(text, from, to)),
  trim: fn("string", goTrimSpace),
  trimAll: fn("string, string", (chars: string, text: string) => trimChars(text, chars)),
  trimPrefix: fn("string, string", (prefix: string, text: string) => trimPrefix(text, prefix)),
  trimSuffix: fn("string, string", (suffix: string, text: string) => trimSuffix(text, suffix)),
  trunc: fn("int, string", truncate),
  substr: fn("int, int, string", substring),
  contains: fn("string, string", (part: string, text: string) => text.includes(part)),
  hasPrefix: fn("string, string", (prefix: string, text: string) => text.startsWith(prefix)),
  hasSuffix: fn("string, string", (suffix: string, text: string) => text.endsWith(suffix)),
  repeat: fn("int, string", (times: bigint, text: string) => repeat(text, times)),
  indent: fn("int, string", indent),
  nindent: fn("int, string", (width: bigint, text: string) => `\n${indent(width, text)}`),
  alignLeft: fn("int, string", (width: bigint, text: string) => align(text, Number(width), false)),
  alignRight: fn("int, string", (width: bigint, text: string) => align(text, Number(width), true)),
  default: fn("any, ...any", (fallback: Value, ...values: Value[]) => (isTrue(values[0]) ? values[0] : fallback)),
};

/** The older functions with Go's names, whose subject comes first. */
export const legacyStringFunctions: Functions = {
  ToLower: lower,
  ToUpper: upper,
  Replace: fn("string, string, string, int", (text: string, from: string, to: string, times: bigint) =>
    replace(text, from, to, Number(times)),
  ),
  Trim: fn("string, string", trimChars),
  TrimLeft: fn("string, string", (text: string, chars: string) => trimChars(text, chars, "left")),
  TrimRight: fn("string, string", (text: string, chars: string) => trimChars(text, chars, "right")),
  TrimPrefix: fn("string, string", trimPrefix),
  TrimSuffix: fn("string, string", trimSuffix),
  TrimSpace: fn("string", goTrimSpace),
};

function replace(text: string, from: string, to: string, times = -1): string {
  if (times < 0) return from === "" ? betweenCharacters(text, to, Infinity) : text.replaceAll(from, () => to);
  if (from === "") return betweenCharacters(text, to, times);
  const parts = text.split(from);
  const replaced = Math.min(times, parts.length - 1);
  return (
    parts.slice(0, replaced + 1).join(to) +
    parts
      .slice(replaced + 1)
      .map((part) => from + part)
      .join("")
  );
}

/** Go puts the replacement of "" before every character and at the end. */
function betweenCharacters(text: string, to: string, times: number): string {
  const characters = Array.from(text);
  const before = characters.map((char, at) => (at < times ? to : "") + char);
  return before.join("") + (characters.length < times ? to : "");
}

function trimPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function trimSuffix(text: string, suffix: string): string {
  return suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

function truncate(count: bigint, text: string): string {
  const length = byteLength(text);
  const bytes = Number(count);
  if (bytes < 0 && length + bytes > 0) return sliceBytes(text, length + bytes, length);
  return bytes >= 0 && length > bytes ? sliceBytes(text, 0, bytes) : text;
}

function substring(from: bigint, to: bigint, text: string): string {
  const length = byteLength(text);
  const start = from < 0n ? 0 : Number(from);
  const end = from >= 0n && (to < 0n || to > length) ? length : Number(to);
  const outside = end > length ? `[:${end}] with length ${length}` : start > end ? `[${start}:${end}]` : undefined;
  if (outside !== undefined) throw new Error(`runtime error: slice bounds out of range ${outside}`);
  return sliceBytes(text, start, end);
}

function indent(width: bigint, text: string): string {
  const margin = repeat(" ", width);
  const lines = text.split("\n");
  repeat(margin, BigInt(lines.length)); // refuses what would grow too large
  return margin + lines.join(`\n${margin}`);
}

/** Counts characters; a text that is too long keeps its head, or its tail where it stands on the right. */
function align(text: string, width: number, right: boolean): string {
  if (width < 0) return text;
  const characters = Array.from(text);
  const missing = width - characters.length;
  if (missing >= 0) return right ? repeat(" ", BigInt(missing)) + text : text + repeat(" ", BigInt(missing));
  return (right ? characters.slice(-missing) : characters.slice(0, width)).join("");
}
