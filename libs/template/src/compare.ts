import { compareText } from "@ratatosk/model";
import { Time } from "./time/time.ts";
import { isDict, isList, typeName, type Value } from "./value.ts";
import { formatValue } from "./format/print.ts";

/** Go's `eq`: true if the first equals any of the others. Throws where the types cannot be compared. */
export function equal(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new Error("missing argument for comparison");
  return others.some((other) => equalTo(first, other));
}

function equalTo(a: Value, b: Value): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (typeof a !== typeof b) throw new Error("incompatible types for comparison");
  if (a instanceof Time && b instanceof Time) return a.unixNanos === b.unixNanos && a.zone === b.zone;
  for (const value of [a, b])
    if (isList(value) || isDict(value) || typeof value === "function")
      throw new Error(`non-comparable type ${formatValue(value)}: ${typeName(value)}`);
  return a === b;
}

/** Go's `lt`: two numbers of one type or two texts, by their bytes. */
export function less(a: Value, b: Value): boolean {
  for (const value of [a, b])
    if (value === undefined || (typeof value === "object" && value !== null))
      throw new Error("invalid type for comparison");
  if (typeof a !== typeof b) throw new Error("incompatible types for comparison");
  if (typeof a === "string") return compareText(a, b as string) < 0;
  if (typeof a === "bigint" || typeof a === "number") return a < (b as bigint | number);
  throw new Error("invalid type for comparison");
}
