/** A value of an expression: int is bigint, float is number, an object is a Map. */
export type AlloyValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly AlloyValue[]
  | ReadonlyMap<string, AlloyValue>
  | Secret
  | Capsule
  | AlloyFunction;

/** A text that must not be shown and does not go where plain text is wanted. */
export class Secret {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Something that configurations hand on but cannot look into: a receiver, a set of rules. */
export class Capsule {
  /** What it is, for messages: `LogsReceiver`. */
  readonly name: string;
  readonly content: unknown;

  constructor(name: string, content: unknown) {
    this.name = name;
    this.content = content;
  }
}

export class AlloyFunction {
  readonly name: string;
  /** Throws an ArgumentError for one argument, any other error for the call. */
  readonly call: (args: readonly AlloyValue[]) => AlloyValue;

  constructor(name: string, call: (args: readonly AlloyValue[]) => AlloyValue) {
    this.name = name;
    this.call = call;
  }
}

/** An argument that a function does not take. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
  readonly index: number;

  constructor(index: number, message: string) {
    super(message);
    this.index = index;
  }
}

export const isList = (value: AlloyValue): value is readonly AlloyValue[] => Array.isArray(value);
export const isObject = (value: AlloyValue): value is ReadonlyMap<string, AlloyValue> => value instanceof Map;

/** The name of the value's type in messages. */
export function typeName(value: AlloyValue): string {
  switch (typeof value) {
    case "bigint":
    case "number":
      return "number";
    case "string":
      return "string";
    case "boolean":
      return "bool";
    default:
      if (value === null) return "null";
      if (isList(value)) return "array";
      if (isObject(value)) return "object";
      return value instanceof AlloyFunction ? "function" : "capsule";
  }
}

/** `==`: deep; values of different types are never equal, functions never are. */
export function equalValues(a: AlloyValue, b: AlloyValue): boolean {
  if (typeof a === "bigint" || typeof a === "number")
    // eslint-disable-next-line eqeqeq -- 3n and 3 are the same number
    return (typeof b === "bigint" || typeof b === "number") && a == b;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, at) => equalValues(item, b[at]!));
  if (isObject(a)) {
    if (!isObject(b) || a.size !== b.size) return false;
    return [...a].every(([key, value]) => b.has(key) && equalValues(value, b.get(key)!));
  }
  if (a instanceof Secret) return b instanceof Secret && a.text === b.text;
  if (a instanceof Capsule) return b instanceof Capsule && (a === b || a.content === b.content);
  return !(a instanceof AlloyFunction) && a === b;
}
