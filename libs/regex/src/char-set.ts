import type { CharClass, ClassItem, Literal, Node } from "./syntax.ts";

/** A set of code points, seen coarsely: bit n is ASCII character n, bit 128 is everything else. */
export type CharSet = bigint;

const outside: CharSet = 1n << 128n;
export const allChars: CharSet = (outside << 1n) - 1n;
const newline: CharSet = 1n << 10n;

/** The characters of a node that always takes exactly one; undefined for any other node. */
export function singleChars(node: Node): CharSet | undefined {
  switch (node.kind) {
    case "literal":
      return literalChars(node);
    case "class":
      return classChars(node);
    case "any":
      return node.newline ? allChars : allChars & ~newline;
    case "capture":
      return singleChars(node.body);
    default:
      return undefined;
  }
}

function literalChars({ point, fold }: Literal): CharSet {
  if (point >= 128) return outside | (fold ? asciiCases(point) : 0n);
  return fold ? foldedBits(point) : 1n << BigInt(point);
}

/** The Kelvin sign and the long s are cases of ASCII letters. */
function asciiCases(point: number): CharSet {
  return point === 0x212a ? foldedBits(0x6b) : point === 0x17f ? foldedBits(0x73) : 0n;
}

function foldedBits(point: number): CharSet {
  const lower = String.fromCharCode(point).toLowerCase();
  const bits = (1n << BigInt(lower.charCodeAt(0))) | (1n << BigInt(lower.toUpperCase().charCodeAt(0)));
  return lower === "k" || lower === "s" ? bits | outside : bits;
}

function classChars({ negated, fold, items }: CharClass): CharSet {
  let chars: CharSet = 0n;
  for (let point = 0; point < 128; point++)
    if (items.some((item) => contains(item, point))) chars |= 1n << BigInt(point);
  if (fold) for (let point = 0; point < 128; point++) if ((chars >> BigInt(point)) & 1n) chars |= foldedBits(point);
  if (fold && items.some(reachesOutside)) chars |= foldedBits(0x6b) | foldedBits(0x73);
  if (!negated) return items.some(reachesOutside) ? chars | outside : chars;
  return (allChars & ~chars) | outside;
}

/** Whether an ASCII character belongs to a class item. */
function contains(item: ClassItem, point: number): boolean {
  switch (item.kind) {
    case "range":
      return item.low <= point && point <= item.high;
    case "not":
      return !item.ranges.some(([low, high]) => low <= point && point <= high);
    case "property":
      return propertyRegex(item.name).test(String.fromCharCode(point)) !== item.negated;
  }
}

const propertyRegexes = new Map<string, RegExp>();

function propertyRegex(name: string): RegExp {
  let regex = propertyRegexes.get(name);
  if (regex === undefined) propertyRegexes.set(name, (regex = new RegExp(`\\p{${name}}`, "u")));
  return regex;
}

function reachesOutside(item: ClassItem): boolean {
  return item.kind !== "range" || item.high >= 128;
}
