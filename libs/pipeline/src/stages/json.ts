import type { Key } from "../key-table.ts";
import { KeyTable, sanitizeName } from "../key-table.ts";
import {
  closeBrace,
  colon,
  comma,
  JsonFault,
  jsonFaults,
  type JsonValue,
  nextToken,
  openBrace,
  quoteByte,
  readValue,
  stringEnd,
  unescapeJson,
} from "../json-scan.ts";
import type { Row } from "../row.ts";
import { TextCache } from "../text-cache.ts";
import { JsonText } from "./json-text.ts";
import { ParsedLabels } from "./parsed-labels.ts";
import type { ParserHints, Stage } from "./stage.ts";

export const jsonError = "JSONParserErr";
const deepest = 1000;

/** `| json`: every string, number and boolean of the object becomes a label, nested ones joined by `_`. */
export function jsonStage(hints: ParserHints): Stage {
  if (hints.skip) return () => true;
  const parser = new JsonFlattener(hints);
  return (row) => parser.run(row);
}

/** The objects that enclose a member: what their keys add to its name. */
interface Scope {
  readonly path: readonly string[];
  readonly keys: KeyTable;
  readonly inner: Map<string, Scope>;
  /** Some wanted label may lie in here. */
  readonly wanted: boolean;
}

const mostScopes = 1000;

class JsonFlattener {
  readonly #hints: ParserHints;
  readonly #labels: ParsedLabels;
  readonly #keyTexts = new TextCache();
  readonly #text = new JsonText();
  readonly #wantedNames: readonly string[] | undefined;
  #root: Scope;
  #scopes = 0;

  constructor(hints: ParserHints) {
    this.#hints = hints;
    this.#labels = new ParsedLabels(hints);
    this.#wantedNames = hints.wanted && [...hints.wanted];
    this.#root = this.#scope([]);
  }

  run(row: Row): boolean {
    try {
      const start = nextToken(row.bytes, row.start, row.end);
      if (start === -1 || row.bytes[start] !== openBrace) throw new JsonFault(jsonFaults.object);
      this.#object(row, start, row.end, this.#root, 0);
    } catch (fault) {
      if (!(fault instanceof JsonFault)) throw fault;
      this.#labels.fail(row, jsonError, fault.message);
    }
    return !row.dropped;
  }

  /** Reads the members of the object at `start`. True once all that is wanted was found. */
  #object(row: Row, start: number, end: number, scope: Scope, depth: number): boolean {
    const { bytes } = row;
    const value: JsonValue = { kind: "null", start: 0, end: 0, next: 0 };
    let at = token(bytes, start + 1, end, jsonFaults.malformed);
    while (bytes[at] !== closeBrace) {
      if (bytes[at] !== quoteByte) throw new JsonFault(jsonFaults.object);
      const keyEnd = stringEnd(bytes, at + 1, end);
      if (keyEnd === -1) throw new JsonFault(jsonFaults.malformed);
      const key = this.#key(bytes, at + 1, keyEnd);
      const separator = token(bytes, keyEnd + 1, end, jsonFaults.malformed);
      if (bytes[separator] !== colon) throw new JsonFault(jsonFaults.malformed);
      readValue(bytes, separator + 1, end, value);
      const { next } = value;
      if (this.#member(row, key, value, scope, depth)) return true;
      at = token(bytes, next, end, jsonFaults.array);
      if (bytes[at] === closeBrace) return false;
      if (bytes[at] !== comma) throw new JsonFault(jsonFaults.object);
      at = token(bytes, at + 1, end, jsonFaults.array);
    }
    return false;
  }

  #key(bytes: Buffer, start: number, end: number): string {
    const raw = this.#keyTexts.text(bytes, start, end);
    if (!raw.includes("\\")) return raw;
    const plain = unescapeJson(raw);
    if (plain === undefined) throw new JsonFault(jsonFaults.escape);
    return plain;
  }

  #member(row: Row, rawKey: string, value: JsonValue, scope: Scope, depth: number): boolean {
    switch (value.kind) {
      case "null":
      case "array":
        return false;
      case "object": {
        const inner = this.#inner(scope, rawKey);
        if (depth >= deepest || !inner.wanted) return false;
        return this.#object(row, value.start, value.end, inner, depth + 1);
      }
      default: {
        const key: Key = scope.keys.of(rawKey);
        const name = this.#labels.accept(row, key);
        return name !== undefined && this.#labels.store(row, name, this.#text.of(row.bytes, value));
      }
    }
  }

  #inner(scope: Scope, rawKey: string): Scope {
    const known = scope.inner.get(rawKey);
    if (known !== undefined) return known;
    const part = rawKey.trim();
    const inner = this.#scope(part === "" ? scope.path : [...scope.path, part]);
    if (++this.#scopes > mostScopes) {
      this.#root.inner.clear();
      this.#scopes = 0;
    } else scope.inner.set(rawKey, inner);
    return inner;
  }

  #scope(path: readonly string[]): Scope {
    const prefix = path.length === 0 ? "" : sanitizeName(path.join("_"));
    const wanted = this.#wantedNames?.some((name) => name.startsWith(prefix)) ?? true;
    return { path, keys: new JoinedKeys(this.#hints.wanted, path), inner: new Map(), wanted };
  }
}

/** Keys of members, with those of the enclosing objects in front. */
class JoinedKeys extends KeyTable {
  readonly #path: readonly string[];

  constructor(wanted: ReadonlySet<string> | undefined, path: readonly string[]) {
    super(wanted);
    this.#path = path;
  }

  protected override nameOf(raw: string): string {
    const part = raw.trim();
    if (this.#path.length === 0) return sanitizeName(part);
    return sanitizeName((part === "" ? this.#path : [...this.#path, part]).join("_"));
  }
}

function token(bytes: Uint8Array, at: number, end: number, fault: string): number {
  const next = nextToken(bytes, at, end);
  if (next === -1) throw new JsonFault(fault);
  return next;
}
