import { AlloyFunction, type AlloyValue, Capsule, isList, isObject, Secret } from "@ratatosk/alloy-syntax";
import { yaml } from "../../yaml.ts";

/** JSON with sorted keys and without `<`, `>` and `&` in texts. Throws where a value has no JSON form. */
export function toJson(value: AlloyValue): string {
  if (isList(value)) return `[${value.map(toJson).join(",")}]`;
  if (isObject(value)) {
    const keys = [...value.keys()].sort();
    return `{${keys.map((key) => `${jsonText(key)}:${toJson(value.get(key)!)}`).join(",")}}`;
  }
  if (value instanceof Secret || value instanceof Capsule || value instanceof AlloyFunction)
    throw new Error("a secret, capsule or function cannot be encoded");
  return typeof value === "string"
    ? jsonText(value)
    : typeof value === "number"
      ? JSON.stringify(value)
      : String(value);
}

const jsonText = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** A value that JSON or YAML was parsed to. Whole numbers become ints. */
export function fromData(data: unknown): AlloyValue {
  if (data === null || data === undefined) return null;
  if (Array.isArray(data)) return data.map(fromData);
  if (typeof data === "object") return new Map(Object.entries(data).map(([key, value]) => [key, fromData(value)]));
  if (typeof data === "number") return Number.isSafeInteger(data) ? BigInt(data) : data;
  return data as string | boolean | bigint;
}

export const fromJson = (text: string): AlloyValue => fromData(JSON.parse(text));

export const fromYaml = (text: string): AlloyValue => fromData(yaml().parse(text, { maxAliasCount: 100 }));

const step = /\.\.?(\*|[\w-]+)|\[(?:(\*)|(-?\d+)|'([^']*)'|"([^"]*)")\]/y;

/** The values a JSONPath such as `$.a[0].*` leads to. */
export function jsonPath(text: string, path: string): AlloyValue[] {
  let found: AlloyValue[] = [fromJson(text)];
  const body = path.replace(/^\$/, "").replace(/^(?=[\w*])/, ".");
  for (step.lastIndex = 0; step.lastIndex < body.length;) {
    const deep = body.startsWith("..", step.lastIndex);
    const match = step.exec(body);
    if (match === null) throw new Error(`cannot parse JSON path ${JSON.stringify(path)}`);
    const [, name, all, index, single, double] = match;
    const from = deep ? found.flatMap(descendants) : found;
    found = from.flatMap((value) => select(value, name ?? single ?? double, all !== undefined || name === "*", index));
  }
  return found;
}

const descendants = (value: AlloyValue): AlloyValue[] => [value, ...children(value).flatMap(descendants)];

function children(value: AlloyValue): AlloyValue[] {
  if (isList(value)) return [...value];
  return isObject(value) ? [...value.values()] : [];
}

function select(value: AlloyValue, name: string | undefined, all: boolean, index: string | undefined): AlloyValue[] {
  if (all) return children(value);
  const found = index === undefined ? isObject(value) && value.get(name!) : isList(value) && value.at(Number(index));
  return found === undefined || found === false ? [] : [found];
}
