import { formatValue } from "../format/print.ts";
import { fn, type Functions } from "../function.ts";
import { fromJson } from "../logql/json.ts";
import { type Dict, isDict, isList, isTrue, type Value } from "../value.ts";

/** Sprig's functions over maps, JSON and what is empty. */
export const sprigDicts: Functions = {
  dict: fn("...any", (...pairs: Value[]) => {
    const dict = new Map<string, Value>();
    for (let at = 0; at < pairs.length; at += 2)
      dict.set(formatValue(pairs[at]), at + 1 < pairs.length ? pairs[at + 1] : "");
    return dict;
  }),
  get: fn("map, string", (dict: Dict, key: string) => (dict.has(key) ? dict.get(key) : "")),
  set: fn("map, string, any", (dict: Dict, key: string, value: Value) => {
    if (!(dict instanceof Map)) throw new Error("cannot set a key of a read-only map");
    return (dict as Map<string, Value>).set(key, value);
  }),
  unset: fn("map, string", (dict: Dict, key: string) => {
    if (dict instanceof Map) dict.delete(key);
    return dict;
  }),
  hasKey: fn("map, string", (dict: Dict, key: string) => dict.has(key)),
  keys: fn("...map", (...dicts: Dict[]) => dicts.flatMap((dict) => [...dict.keys()])),
  values: fn("map", (dict: Dict) => [...dict.keys()].map((key) => dict.get(key))),
  pluck: fn("string, ...map", (key: string, ...dicts: Dict[]) =>
    dicts.filter((dict) => dict.has(key)).map((dict) => dict.get(key)),
  ),
  pick: fn("map, ...string", (dict: Dict, ...keys: string[]) => selected(dict, (key) => keys.includes(key))),
  omit: fn("map, ...string", (dict: Dict, ...keys: string[]) => selected(dict, (key) => !keys.includes(key))),
  toJson: fn("any", (value: Value) => toJson(value)),
  toPrettyJson: fn("any", (value: Value) => JSON.stringify(JSON.parse(toJson(value)), null, 2)),
  fromJson: fn("string", fromJson),
  empty: fn("any", (value: Value) => !isTrue(value)),
  coalesce: fn("...any", (...values: Value[]) => values.find(isTrue)),
  ternary: fn("any, any, bool", (yes: Value, no: Value, condition: boolean) => (condition ? yes : no)),
  fail: fn("string", (message: string) => {
    throw new Error(message);
  }),
};

const selected = (dict: Dict, wanted: (key: string) => boolean): Map<string, Value> =>
  new Map([...dict.keys()].filter(wanted).map((key) => [key, dict.get(key)]));

/** JSON with sorted keys and without `<`, `>`, `&` in texts, as Go writes it. */
function toJson(value: Value): string {
  if (isList(value)) return `[${value.map(toJson).join(",")}]`;
  if (isDict(value)) {
    const keys = [...value.keys()].sort();
    return `{${keys.map((key) => `${jsonText(key)}:${toJson(value.get(key))}`).join(",")}}`;
  }
  if (value === undefined) return "null";
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : "";
  return typeof value === "boolean" || typeof value === "bigint" ? String(value) : jsonText(formatValue(value));
}

const jsonText = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
