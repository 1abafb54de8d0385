import {
  AlloyFunction,
  type AlloyValue,
  ArgumentError,
  isList,
  isObject,
  Secret,
  typeName,
} from "@ratatosk/alloy-syntax";

/** A function with exactly `count` arguments. */
export function fixed(
  name: string,
  count: number,
  call: (args: readonly AlloyValue[]) => AlloyValue,
): [string, AlloyFunction] {
  const checked = (args: readonly AlloyValue[]): AlloyValue => {
    if (args.length !== count) throw new Error(`expected ${count} args, got ${args.length}`);
    return call(args);
  };
  return [name, new AlloyFunction(name, checked)];
}

/** A function with any number of arguments. */
export const variadic = (name: string, call: (args: readonly AlloyValue[]) => AlloyValue): [string, AlloyFunction] => [
  name,
  new AlloyFunction(name, call),
];

function wrong(args: readonly AlloyValue[], at: number, expected: string): never {
  throw new ArgumentError(at, `should be ${expected}, got ${typeName(args[at]!)}`);
}

export function textAt(args: readonly AlloyValue[], at: number): string {
  const value = args[at]!;
  return typeof value === "string" ? value : wrong(args, at, "string");
}

/** A text that may be secret. */
export function openTextAt(args: readonly AlloyValue[], at: number): string {
  const value = args[at]!;
  return value instanceof Secret ? value.text : textAt(args, at);
}

export function listAt(args: readonly AlloyValue[], at: number): readonly AlloyValue[] {
  const value = args[at]!;
  return isList(value) ? value : wrong(args, at, "array");
}

export function objectAt(args: readonly AlloyValue[], at: number): ReadonlyMap<string, AlloyValue> {
  const value = args[at]!;
  return isObject(value) ? value : wrong(args, at, "object");
}

export function boolAt(args: readonly AlloyValue[], at: number): boolean {
  const value = args[at]!;
  return typeof value === "boolean" ? value : wrong(args, at, "bool");
}
