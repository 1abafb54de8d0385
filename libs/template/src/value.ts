import type { Time } from "./time/time.ts";

/**
 * A value as Go's templates know it: nil is undefined, int is bigint, float64 is number. Text may hold bytes that are no
 * UTF-8 (after a cut in the middle of a character), each as a lone surrogate U+DC80 … U+DCFF.
 */
export type Value = undefined | boolean | bigint | number | string | Time | List | Dict | Callable;

export type List = readonly Value[];

/** A map with text keys, read only by name; any `ReadonlyMap<string, Value>` is one. */
export interface Dict {
  readonly size: number;
  /** What a missing key reads as: "" for the labels of a line (Go's `map[string]string`), nil if absent. */
  readonly zero?: string;
  has(key: string): boolean;
  get(key: string): Value;
  keys(): Iterable<string>;
}

/** A map of texts in which a missing key reads as "". */
export class TextDict extends Map<string, string> {
  readonly zero = "";
}

/** A function that is itself a value: `call .f 1`. */
export type Callable = (...args: Value[]) => Value;

/** The name Go gives the value's type in its messages. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case "string":
      return "string";
    case "bigint":
      return "int";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "function":
      return "func";
    case "undefined":
      return "<nil>";
    case "object":
      return isList(value) ? "[]interface {}" : isDict(value) ? dictTypeName(value) : "time.Time";
    default:
      return "unknown";
  }
}

const dictTypeName = (dict: Dict): string =>
  dict.zero === undefined ? "map[string]interface {}" : "map[string]string";

export const isList = (value: Value): value is List => Array.isArray(value);

export const isDict = (value: Value): value is Dict =>
  typeof value === "object" && !Array.isArray(value) && typeof (value as Partial<Dict>).keys === "function";

/** What `if`, `with`, `and`, `or` and `not` take for true: anything but nil, false, zero and what is empty. */
export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case "string":
      return value !== "";
    case "boolean":
      return value;
    case "bigint":
      return value !== 0n;
    case "number":
      return value !== 0;
    case "object":
      return isList(value) ? value.length > 0 : isDict(value) ? value.size > 0 : true;
    default:
      return value !== undefined;
  }
}
