import type { Extraction } from "@ratatosk/logql";
import { isPlain, KeyBytes } from "../key-bytes.ts";
import { KeyTable, type Key } from "../key-table.ts";
import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  JsonFault,
  type JsonValue,
  nextToken,
  openBrace,
  openBracket,
  quoteByte,
  readValue,
  stringEnd,
  unescapeJson,
} from "../json-scan.ts";
import type { Row } from "../row.ts";
import { JsonText } from "./json-text.ts";
import { jsonError } from "./json.ts";
import { ParsedLabels } from "./parsed-labels.ts";
import type { ParserHints, Stage } from "./stage.ts";

/** `| json label="path", …`: each label gets the value at its path, "" where there is none. */
export function jsonPathsStage(extractions: readonly Extraction[], hints: ParserHints): Stage {
  if (hints.skip) return () => true;
  const parser = new JsonPaths(extractions, hints);
  return (row) => parser.run(row);
}

/** A step of a path: a key, or the position in an array. */
export type PathStep = string | number;

/** The steps of `a.b["c d"][0]`. The path has been checked by the parser of queries. */
export function parsePath(path: string): PathStep[] {
  const steps: PathStep[] = [];
  for (const [, field, quoted, index] of path.matchAll(
    /([A-Za-z_][A-Za-z0-9_]*)|\[\s*"([^"\]]*)"?\s*\]|\[\s*(\d+)\s*\]/g,
  ))
    steps.push(index !== undefined ? Number(index) : (field ?? quoted ?? ""));
  return steps;
}

interface Target {
  readonly key: Key;
  readonly steps: readonly PathStep[];
  /** The steps that are keys, as bytes. */
  readonly keyBytes: readonly (KeyBytes | undefined)[];
  found: boolean;
}

class JsonPaths {
  readonly #targets: readonly Target[];
  readonly #labels: ParsedLabels;
  readonly #text = new JsonText();
  readonly #skipped: JsonValue = { kind: "null", start: 0, end: 0, next: 0 };
  /** What was read at each depth. */
  readonly #values: JsonValue[] = [];
  #missing = 0;

  constructor(extractions: readonly Extraction[], hints: ParserHints) {
    const keys = new KeyTable(hints.wanted);
    this.#labels = new ParsedLabels(hints);
    this.#targets = extractions.map(({ label, source }) => {
      const steps = parsePath(source);
      const keyBytes = steps.map((step) => (typeof step === "string" ? new KeyBytes([step]) : undefined));
      return { key: keys.exact(label), steps, keyBytes, found: false };
    });
  }

  run(row: Row): boolean {
    if (row.start === row.end) return true;
    const first = row.bytes[row.start]!;
    if (first !== openBrace && first !== openBracket && first !== quoteByte) {
      this.#labels.fail(row, jsonError, "");
      return true;
    }
    for (const target of this.#targets) target.found = false;
    this.#missing = this.#targets.length;
    try {
      this.#documents(row);
    } catch (fault) {
      if (!(fault instanceof JsonFault)) throw fault;
      this.#labels.fail(row, jsonError, fault.message);
    }
    for (const target of this.#targets) if (!target.found) this.#clear(row, target.key);
    return true;
  }

  #clear(row: Row, key: Key): void {
    const name = row.parserName(key);
    if (row.get(name) === undefined) row.set(name, "");
  }

  /** One document after the other, until every path has a value or the line ends. */
  #documents(row: Row): void {
    let at = row.start;
    while (this.#missing > 0) {
      at = nextToken(row.bytes, at, row.end);
      if (at === -1) return;
      const opens = row.bytes[at] === openBrace || row.bytes[at] === openBracket;
      const next = opens ? this.#walk(row, at, this.#targets, 0) : at + 1;
      if (next === -1) return;
      at = next;
    }
  }

  /** Descends into the object or array at `at`; the position after it, or -1 where the scan cannot go on. */
  #walk(row: Row, at: number, targets: readonly Target[], depth: number): number {
    return row.bytes[at] === openBrace ? this.#object(row, at, targets, depth) : this.#array(row, at, targets, depth);
  }

  #object(row: Row, start: number, targets: readonly Target[], depth: number): number {
    const { bytes, end } = row;
    let at = nextToken(bytes, start + 1, end);
    while (at !== -1 && bytes[at] !== closeBrace) {
      if (bytes[at] !== quoteByte) return -1;
      const keyEnd = stringEnd(bytes, at + 1, end);
      if (keyEnd === -1) return -1;
      const separator = nextToken(bytes, keyEnd + 1, end);
      if (separator === -1 || bytes[separator] !== colon) return -1;
      const matching = matchingKey(bytes, at + 1, keyEnd, targets, depth);
      const next =
        matching.length === 0 ? this.#skip(row, separator + 1) : this.#value(row, separator + 1, matching, depth + 1);
      if (next === -1 || this.#missing === 0) return -1;
      at = nextToken(bytes, next, end);
      if (at !== -1 && bytes[at] === comma) at = nextToken(bytes, at + 1, end);
    }
    return at === -1 ? -1 : at + 1;
  }

  #array(row: Row, start: number, targets: readonly Target[], depth: number): number {
    const { bytes, end } = row;
    let at = nextToken(bytes, start + 1, end);
    for (let index = 0; at !== -1 && bytes[at] !== closeBracket; index++) {
      const next = this.#value(
        row,
        at,
        targets.filter(({ steps }) => steps[depth] === index),
        depth + 1,
      );
      if (next === -1 || this.#missing === 0) return -1;
      at = nextToken(bytes, next, end);
      if (at !== -1 && bytes[at] === comma) at = nextToken(bytes, at + 1, end);
    }
    return at === -1 ? -1 : at + 1;
  }

  /** The position after a value that nobody wants, -1 where the scan cannot go on. */
  #skip(row: Row, at: number): number {
    try {
      readValue(row.bytes, at, row.end, this.#skipped);
    } catch (fault) {
      if (!(fault instanceof JsonFault)) throw fault;
      return -1;
    }
    return this.#skipped.next;
  }

  /** Takes the value for the paths that end here and looks into it for the longer ones. */
  #value(row: Row, at: number, targets: readonly Target[], depth: number): number {
    const value = (this.#values[depth] ??= { kind: "null", start: 0, end: 0, next: 0 });
    try {
      readValue(row.bytes, at, row.end, value);
    } catch (fault) {
      const isWanted = targets.some((target) => target.steps.length === depth && !target.found);
      if (isWanted || !(fault instanceof JsonFault)) throw fault;
      return targets.length > 0 ? this.#broken(row, at, targets, depth) : -1;
    }
    let goesDeeper = false;
    for (const target of targets) {
      if (target.found) continue;
      if (target.steps.length === depth) this.#take(row, target, value);
      else goesDeeper = true;
    }
    if (goesDeeper && (value.kind === "object" || value.kind === "array")) {
      const deeper = targets.filter(({ steps, found }) => steps.length > depth && !found);
      this.#walk(row, value.start, deeper, depth);
    }
    return value.next;
  }

  /** An object or array that nobody closes may still hold what is wanted before it breaks off. */
  #broken(row: Row, at: number, targets: readonly Target[], depth: number): number {
    const start = nextToken(row.bytes, at, row.end);
    if (start !== -1 && (row.bytes[start] === openBrace || row.bytes[start] === openBracket))
      this.#walk(row, start, targets, depth);
    return -1;
  }

  #take(row: Row, target: Target, value: JsonValue): void {
    target.found = true;
    this.#missing--;
    const name = row.parserName(target.key);
    const wanted = name === target.key.name ? target.key.wanted : target.key.extractedWanted;
    if (!wanted || this.#labels.storeSample(row, name, value.start, value.end)) return;
    row.set(name, value.kind === "null" ? "" : this.#text.of(row.bytes, value));
  }
}

const none: readonly Target[] = [];

/** The targets whose path goes on with the key at `bytes[start … end)`. */
function matchingKey(
  bytes: Buffer,
  start: number,
  end: number,
  targets: readonly Target[],
  depth: number,
): readonly Target[] {
  if (!isPlain(bytes, start, end)) {
    const raw = bytes.toString("utf8", start, end);
    const key = raw.includes("\\") ? unescapeJson(raw) : raw;
    return targets.filter(({ steps }) => steps[depth] === key);
  }
  let matching = none;
  for (const target of targets)
    if (target.keyBytes[depth]?.find(bytes, start, end) === 0)
      matching = matching === none && targets.length === 1 ? targets : [...matching, target];
  return matching;
}
