import { type Key, KeyTable, sanitizeName } from "../key-table.ts";
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
import { WrittenKeys } from "../written-keys.ts";
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
  readonly members: WrittenKeys<Member>;
  /** Some wanted label may lie in here. */
  readonly wanted: boolean;
}

interface Member {
  readonly raw: string;
  /** The label that it becomes, with the keys of the enclosing objects in front. */
  readonly key: Key;
  /** What it encloses, where that is an object. */
  inner: Scope | undefined;
}

const mostScopes = 1000;

class JsonFlattener {
  readonly #keys: KeyTable;
  readonly #labels: ParsedLabels;
  readonly #keyTexts = new TextCache();
  readonly #text = new JsonText();
  readonly #wantedNames: readonly string[] | undefined;
  #root: Scope;
  #scopes = 0;
  #valueAt = 0;

  constructor(hints: ParserHints) {
    this.#keys = new KeyTable(hints.wanted);
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
    const { members } = scope;
    const value: JsonValue = { kind: "null", start: 0, end: 0, next: 0 };
    let at = token(bytes, start + 1, end, jsonFaults.malformed);
    members.open();
    while (bytes[at] !== closeBrace) {
      let member = members.expected(bytes, at, end);
      if (member !== undefined) at += members.length;
      else {
        member = this.#read(bytes, at, end, scope);
        at = this.#valueAt;
      }
      readValue(bytes, at, end, value);
      const { next } = value;
      if (this.#member(row, member, value, scope, depth)) return true;
      at = token(bytes, next, end, jsonFaults.array);
      if (bytes[at] === closeBrace) return false;
      if (bytes[at] !== comma) throw new JsonFault(jsonFaults.object);
      at = token(bytes, at + 1, end, jsonFaults.array);
    }
    return false;
  }

  /** The member whose key begins at `at`; its value follows at `#valueAt`. */
  #read(bytes: Buffer, at: number, end: number, { path, members }: Scope): Member {
    if (bytes[at] !== quoteByte) throw new JsonFault(jsonFaults.object);
    const keyEnd = stringEnd(bytes, at + 1, end);
    if (keyEnd === -1) throw new JsonFault(jsonFaults.malformed);
    const raw = this.#keyTexts.text(bytes, at + 1, keyEnd);
    const known = members.known(raw);
    const plain = known?.raw ?? (raw.includes("\\") ? unescapeJson(raw) : raw);
    if (plain === undefined) throw new JsonFault(jsonFaults.escape);
    const separator = token(bytes, keyEnd + 1, end, jsonFaults.malformed);
    if (bytes[separator] !== colon) throw new JsonFault(jsonFaults.malformed);
    this.#valueAt = separator + 1;
    if (known !== undefined) return known;
    const key = this.#keys.exact(sanitizeName(joined(path, plain).join("_")));
    return members.learn(raw, { raw: plain, key, inner: undefined }, bytes, at, separator + 1);
  }

  #member(row: Row, member: Member, value: JsonValue, scope: Scope, depth: number): boolean {
    switch (value.kind) {
      case "null":
      case "array":
        return false;
      case "object": {
        const inner = (member.inner ??= this.#inner(scope, member.raw));
        if (depth >= deepest || !inner.wanted) return false;
        return this.#object(row, value.start, value.end, inner, depth + 1);
      }
      default: {
        const name = this.#labels.accept(row, member.key);
        return name !== undefined && this.#labels.store(row, name, this.#text.of(row.bytes, value));
      }
    }
  }

  #inner({ path }: Scope, raw: string): Scope {
    if (++this.#scopes > mostScopes) {
      this.#root = this.#scope([]);
      this.#scopes = 0;
    }
    return this.#scope(joined(path, raw));
  }

  #scope(path: readonly string[]): Scope {
    const prefix = path.length === 0 ? "" : sanitizeName(path.join("_"));
    const wanted = this.#wantedNames?.some((name) => name.startsWith(prefix)) ?? true;
    return { path, members: new WrittenKeys(), wanted };
  }
}

/** The keys around a member and its own; empty ones leave no trace. */
function joined(path: readonly string[], raw: string): readonly string[] {
  const part = raw.trim();
  return part === "" ? path : [...path, part];
}

function token(bytes: Uint8Array, at: number, end: number, fault: string): number {
  if (at < end && bytes[at]! > 0x20) return at;
  const next = nextToken(bytes, at, end);
  if (next === -1) throw new JsonFault(fault);
  return next;
}
