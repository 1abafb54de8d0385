import { byteLength, sliceBytes, toBytes } from "./byte-text.ts";
import { equal, less } from "./compare.ts";
import { escapeHtml, escapeJs, escapeQuery } from "./escape.ts";
import { formatValue, sprint } from "./format/print.ts";
import { sprintf } from "./format/printf.ts";
import { fn, type Functions } from "./function.ts";
import { isDict, isList, isTrue, typeName, type Value } from "./value.ts";

const decisive = (wanted: boolean) =>
  fn("any, ...any", (...values: Value[]) => values.find((value) => isTrue(value) === wanted) ?? values.at(-1));

/** The functions every template may call. */
export const builtins: Functions = {
  and: decisive(false), // the compiler stops at the argument that decides
  or: decisive(true),
  not: fn("any", (value: Value) => !isTrue(value)),
  eq: fn("any, ...any", (first: Value, ...others: Value[]) => equal(first, others)),
  ne: fn("any, any", (a: Value, b: Value) => !equal(a, [b])),
  lt: fn("any, any", (a: Value, b: Value) => less(a, b)),
  le: fn("any, any", (a: Value, b: Value) => less(a, b) || equal(a, [b])),
  gt: fn("any, any", (a: Value, b: Value) => !less(a, b) && !equal(a, [b])),
  ge: fn("any, any", (a: Value, b: Value) => !less(a, b)),
  len: fn("any", length),
  index: fn("any, ...any", (value: Value, ...keys: Value[]) => keys.reduce<Value>(element, value)),
  slice: fn("any, ...any", slice),
  print: fn("...any", (...values: Value[]) => sprint(values)),
  println: fn("...any", (...values: Value[]) => `${values.map(formatValue).join(" ")}\n`),
  printf: fn("string, ...any", (format: string, ...values: Value[]) => sprintf(format, values)),
  html: fn("...any", (...values: Value[]) => escapeHtml(sprint(values))),
  js: fn("...any", (...values: Value[]) => escapeJs(sprint(values))),
  urlquery: fn("...any", (...values: Value[]) => escapeQuery(sprint(values))),
  call: fn("any, ...any", (target: Value, ...values: Value[]) => {
    if (target === undefined) throw new Error("call of nil");
    if (typeof target !== "function")
      throw new Error(`non-function ${formatValue(target)} of type ${typeName(target)}`);
    return target(...values);
  }),
};

function length(value: Value): bigint {
  if (typeof value === "string") return BigInt(byteLength(value));
  if (isList(value)) return BigInt(value.length);
  if (isDict(value)) return BigInt(value.size);
  if (value === undefined) throw new Error("len of nil pointer");
  throw new Error(`len of type ${typeName(value)}`);
}

function element(value: Value, key: Value): Value {
  if (value === undefined) throw new Error("index of nil pointer");
  if (isDict(value)) {
    if (typeof key !== "string") throw new Error(`value has type ${typeName(key)}; should be string`);
    return value.get(key) ?? value.zero;
  }
  if (isList(value)) return value[position(key, value.length - 1)];
  if (typeof value !== "string") throw new Error(`can't index item of type ${typeName(value)}`);
  const bytes = toBytes(value);
  return BigInt(bytes[position(key, bytes.length - 1)]!);
}

function position(key: Value, largest: number): number {
  if (key === undefined) throw new Error("cannot index slice/array with nil");
  if (typeof key !== "bigint") throw new Error(`cannot index slice/array with type ${typeName(key)}`);
  if (key < 0n || key > largest) throw new Error(`index out of range: ${key}`);
  return Number(key);
}

function slice(value: Value, ...bounds: Value[]): Value {
  if (value === undefined) throw new Error("slice of untyped nil");
  if (bounds.length > 3) throw new Error(`too many slice indexes: ${bounds.length}`);
  if (typeof value !== "string" && !isList(value)) throw new Error(`can't slice item of type ${typeName(value)}`);
  if (typeof value === "string" && bounds.length === 3) throw new Error("cannot 3-index slice a string");
  const size = typeof value === "string" ? byteLength(value) : value.length;
  const [from = 0, to = size] = bounds.map((bound) => position(bound, size));
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`);
  return typeof value === "string" ? sliceBytes(value, from, to) : value.slice(from, to);
}
