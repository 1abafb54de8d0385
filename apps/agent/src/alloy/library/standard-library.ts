import { hostname } from "node:os";
import { join } from "node:path";
import { arch } from "node:process";
import { AlloyFunction, type AlloyValue, isList, isObject, Secret } from "@ratatosk/alloy-syntax";
import { sprintf } from "@ratatosk/template";
import { boolAt, fixed, listAt, objectAt, openTextAt, textAt, variadic } from "./arguments.ts";
import { fromJson, fromYaml, jsonPath, toJson } from "./json.ts";

export const alloyVersion = "v1.18.0";

const join1 = (args: readonly AlloyValue[]): string =>
  listAt(args, 0)
    .map((_, at, list) => textAt(list, at))
    .join(textAt(args, 1));

function trim(text: string, cutset: string): string {
  const set = new Set(cutset);
  const characters = Array.from(text);
  let from = 0;
  let to = characters.length;
  while (from < to && set.has(characters[from]!)) from++;
  while (to > from && set.has(characters[to - 1]!)) to--;
  return characters.slice(from, to).join("");
}

const trimPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;
const trimSuffix = (text: string, suffix: string): string =>
  suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;

const base64 = (text: string, alphabet: RegExp, encoding: "base64" | "base64url"): string => {
  if (!alphabet.test(text)) throw new Error("illegal base64 data");
  return Buffer.from(text, encoding).toString("utf8");
};

/** Query escaping: a blank becomes `+`. */
const urlEncode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

const text = (call: (text: string) => AlloyValue) => (args: readonly AlloyValue[]) => call(textAt(args, 0));
const texts = (call: (first: string, second: string) => AlloyValue) => (args: readonly AlloyValue[]) =>
  call(textAt(args, 0), textAt(args, 1));

const stringFunctions = [
  variadic("format", ([format, ...args]) => sprintf(textAt([format ?? null], 0), args.map(printable))),
  fixed("join", 2, join1),
  fixed(
    "split",
    2,
    texts((whole, separator) => whole.split(separator)),
  ),
  fixed("replace", 3, (args) => textAt(args, 0).replaceAll(textAt(args, 1), () => textAt(args, 2))),
  fixed(
    "to_lower",
    1,
    text((one) => one.toLowerCase()),
  ),
  fixed(
    "to_upper",
    1,
    text((one) => one.toUpperCase()),
  ),
  fixed("trim", 2, texts(trim)),
  fixed("trim_prefix", 2, texts(trimPrefix)),
  fixed("trim_suffix", 2, texts(trimSuffix)),
  fixed(
    "trim_space",
    1,
    text((one) => one.trim()),
  ),
] as const;

/** A value as printf takes it. */
function printable(value: AlloyValue): Parameters<typeof sprintf>[1][number] {
  if (value === null) return undefined;
  if (isList(value)) return value.map(printable);
  if (isObject(value)) return new Map([...value].map(([key, one]) => [key, printable(one)]));
  if (value instanceof Secret) return "(secret)";
  return typeof value === "object" ? "(capsule)" : value;
}

const encodingFunctions = [
  fixed("from_json", 1, (args) => fromJson(openTextAt(args, 0))),
  fixed("from_yaml", 1, (args) => fromYaml(openTextAt(args, 0))),
  fixed("to_json", 1, (args) => toJson(objectAt(args, 0))),
  fixed(
    "from_base64",
    1,
    text((one) => base64(one, /^[A-Za-z0-9+/\r\n]*={0,2}$/, "base64")),
  ),
  fixed(
    "to_base64",
    1,
    text((one) => Buffer.from(one).toString("base64")),
  ),
  fixed(
    "from_URLbase64",
    1,
    text((one) => base64(one, /^[\w\r\n-]*={0,2}$/, "base64url")),
  ),
  fixed(
    "to_URLbase64",
    1,
    text((one) => Buffer.from(one).toString("base64url")),
  ),
  fixed("url_encode", 1, text(urlEncode)),
  fixed(
    "url_decode",
    1,
    text((one) => decodeURIComponent(one.replaceAll("+", " "))),
  ),
] as const;

const arrayFunctions = [
  variadic("concat", (args) => args.flatMap((_, at) => listAt(args, at))),
  fixed("combine_maps", 3, combineMaps),
  fixed("group_by", 3, groupBy),
] as const;

/** Joins each object of the first list with those of the second that agree in all keys. */
function combineMaps(args: readonly AlloyValue[]): AlloyValue {
  const [left, right, keys] = [listAt(args, 0), listAt(args, 1), listAt(args, 2)];
  return left.flatMap((_, a) =>
    right.flatMap((_, b) => {
      const [one, other] = [objectAt(left, a), objectAt(right, b)];
      const agree = keys.every((_, at) => {
        const key = textAt(keys, at);
        return one.has(key) && one.get(key) === other.get(key);
      });
      return agree ? [new Map([...one, ...other])] : [];
    }),
  );
}

/** `{key = value, items = […]}` per value of a key. */
function groupBy(args: readonly AlloyValue[]): AlloyValue {
  const [list, key, dropsMissing] = [listAt(args, 0), textAt(args, 1), boolAt(args, 2)];
  const groups = new Map<AlloyValue, AlloyValue[]>();
  for (const [at, item] of list.entries()) {
    const value = objectAt(list, at).get(key);
    if (value === undefined && dropsMissing) continue;
    const group = groups.get(value ?? "") ?? [];
    groups.set(value ?? "", [...group, item]);
  }
  return [...groups].map(
    ([value, items]) =>
      new Map<string, AlloyValue>([
        [key, value],
        ["items", items],
      ]),
  );
}

/** The first argument that is not null, zero, false or empty; the last where all are. */
function coalesce(args: readonly AlloyValue[]): AlloyValue {
  return args.find((value) => !isZero(value)) ?? args.at(-1) ?? null;
}

function isZero(value: AlloyValue): boolean {
  if (isList(value)) return value.length === 0;
  if (isObject(value)) return value.size === 0;
  if (value instanceof Secret) return value.text === "";
  return value === null || value === "" || value === 0n || value === 0 || value === false;
}

const environment = fixed(
  "env",
  1,
  text((name) => process.env[name] ?? ""),
);
const nonsensitive = fixed("nonsensitive", 1, (args) => openTextAt(args, 0));
const jsonPathFunction = fixed("json_path", 2, (args) => jsonPath(openTextAt(args, 0), textAt(args, 1)));

const byName = (functions: readonly (readonly [string, AlloyFunction])[]): Map<string, AlloyFunction> =>
  new Map(functions);
const strings = byName(stringFunctions);
const encodings = byName(encodingFunctions);
const arrays = byName(arrayFunctions);

const namespaces = new Map<string, AlloyValue>([
  [
    "constants",
    new Map([
      ["hostname", hostname()],
      ["os", "linux"],
      ["arch", arch === "x64" ? "amd64" : arch],
      ["version", alloyVersion],
    ]),
  ],
  ["sys", byName([environment])],
  ["convert", byName([nonsensitive])],
  ["string", strings],
  ["encoding", encodings],
  ["array", arrays],
  ["file", byName([variadic("path_join", (args) => joinPath(args.map((_, at) => textAt(args, at))))])],
  ["coalesce", new AlloyFunction("coalesce", coalesce)],
  ["json_path", jsonPathFunction[1]],
]);

const joinPath = (parts: readonly string[]): string => {
  const given = parts.filter((part) => part !== "");
  return given.length === 0 ? "" : join(...given);
};

/** Names from before there were namespaces; accepted still. */
const deprecated = new Map<string, AlloyValue>([
  ["env", environment[1]],
  ["nonsensitive", nonsensitive[1]],
  ["concat", arrays.get("concat")!],
  ["json_decode", encodings.get("from_json")!],
  ["yaml_decode", encodings.get("from_yaml")!],
  ["base64_decode", encodings.get("from_base64")!],
  ...[
    "format",
    "join",
    "replace",
    "split",
    "to_lower",
    "to_upper",
    "trim",
    "trim_prefix",
    "trim_suffix",
    "trim_space",
  ].map((name) => [name, strings.get(name)!] as const),
]);

/** What a name means where nothing in the configuration has it. */
export const standardLibrary = (name: string): AlloyValue | undefined => namespaces.get(name) ?? deprecated.get(name);
