import { formatValue } from "../format/print.ts";
import { fn, type Functions } from "../function.ts";
import { isList, isTrue, type List, typeName, type Value } from "../value.ts";

/** The most elements `until` makes. */
const maxCount = 100_000;

/** Sprig's functions over lists. */
export const sprigLists: Functions = {
  list: fn("...any", (...values: Value[]) => values),
  first: fn("any", (list: Value) => asList(list)[0]),
  last: fn("any", (list: Value) => asList(list).at(-1)),
  rest: fn("any", (list: Value) => asList(list).slice(1)),
  slice: fn("any, ...int", (list: Value, from = 0n, to?: bigint) =>
    asList(list).slice(Number(from), to === undefined ? undefined : Number(to)),
  ),
  initial: fn("any", (list: Value) => asList(list).slice(0, -1)),
  append: fn("any, any", (list: Value, value: Value) => [...asList(list), value]),
  prepend: fn("any, any", (list: Value, value: Value) => [value, ...asList(list)]),
  concat: fn("...any", (...lists: Value[]) => lists.flatMap(asList)),
  reverse: fn("any", (list: Value) => asList(list).toReversed()),
  uniq: fn("any", (list: Value) => unique(asList(list))),
  without: fn("any, ...any", (list: Value, ...unwanted: Value[]) =>
    asList(list).filter((value) => !unwanted.some((other) => same(value, other))),
  ),
  has: fn("any, any", (wanted: Value, list: Value) => asList(list).some((value) => same(value, wanted))),
  compact: fn("any", (list: Value) => asList(list).filter(isTrue)),
  sortAlpha: fn("any", (list: Value) => (isList(list) ? list.map(formatValue) : [formatValue(list)]).sort()),
  join: fn("string, any", (separator: string, list: Value) =>
    (isList(list) ? list.filter((value) => value !== undefined) : [list]).map(formatValue).join(separator),
  ),
  split: fn("string, string", (separator: string, text: string) => numbered(text.split(separator))),
  splitList: fn("string, string", (separator: string, text: string) => text.split(separator)),
  splitn: fn("string, int, string", (separator: string, count: bigint, text: string) =>
    numbered(splitAtMost(text, separator, Number(count))),
  ),
  until: fn("int", (count: bigint) => {
    if (count > maxCount) throw new Error(`until: more than ${maxCount} elements`);
    return Array.from({ length: Math.max(Number(count), 0) }, (_, at) => BigInt(at));
  }),
};

function asList(value: Value): List {
  if (isList(value)) return value;
  throw new Error(`Cannot find elements of type ${typeName(value)}`);
}

const same = (a: Value, b: Value): boolean => typeof a === typeof b && formatValue(a) === formatValue(b);

const unique = (list: List): Value[] =>
  list.filter((value, at) => list.findIndex((other) => same(other, value)) === at);

/** Parts by the names `_0`, `_1`, … */
const numbered = (parts: readonly string[]): Map<string, Value> => new Map(parts.map((part, at) => [`_${at}`, part]));

function splitAtMost(text: string, separator: string, count: number): string[] {
  const parts = text.split(separator);
  return count <= 0 || parts.length <= count
    ? parts
    : [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}
