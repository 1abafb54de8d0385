import { RatatoskError } from "@ratatosk/model";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, visit } from "yaml";
import { parseBytesText, parseGoDuration } from "./units.ts";

/** What a node knows of the text it came from. */
interface Source {
  readonly name: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Parses YAML. Throws `FILE: yaml: line N: …`. */
export function parseYaml(text: string, name: string): YamlNode {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: false, uniqueKeys: true, version: "1.1" });
  const [error] = document.errors;
  if (error) {
    const [message] = error.message.split("\n", 1);
    const line = error.linePos?.[0].line ?? 1;
    throw new RatatoskError(
      "bad_request",
      `${name}: yaml: line ${line}: ${message!.replace(/ at line \d+, column \d+:?/, "")}`,
    );
  }
  checkAliases(document, name, lines);
  return new YamlNode(document.contents, "", { name, document, lines });
}

/** An alias names an anchor before it, and not one that it lies within. */
function checkAliases(document: Document, name: string, lines: LineCounter): void {
  visit(document, {
    Alias(_key, alias, path) {
      const target = alias.resolve(document);
      if (target !== undefined && !path.includes(target)) return;
      const { line } = lines.linePos(alias.range?.[0] ?? 0);
      const { source } = alias;
      const why = target ? `anchor '${source}' value contains itself` : `unknown anchor '${source}' referenced`;
      throw new RatatoskError("bad_request", `${name}: yaml: line ${line}: ${why}`);
    },
  });
}

/** A place in a YAML text, read strictly: whatever is not expected is an error that names file, line and key. */
export class YamlNode {
  readonly #node: Node | null;
  readonly path: string;
  readonly #source: Source;

  constructor(node: unknown, path: string, source: Source) {
    this.#node = isAlias(node) ? (node.resolve(source.document) ?? null) : ((node as Node | null) ?? null);
    this.path = path;
    this.#source = source;
  }

  get isNull(): boolean {
    return (
      this.#node === null || (isScalar(this.#node) && (this.#node.value === null || this.#node.value === undefined))
    );
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  /** An error at this place. */
  error(message: string): RatatoskError {
    const offset = this.#node?.range?.[0] ?? 0;
    const { line } = this.#source.lines.linePos(offset);
    return new RatatoskError(
      "bad_request",
      `${this.#source.name}: yaml: unmarshal errors:\n  line ${line}: ${message}`,
    );
  }

  /** Text as it is written: `1.10` stays `1.10`, `yes` stays `yes`. */
  text(): string {
    if (this.isNull) return "";
    if (!isScalar(this.#node)) throw this.error(`cannot unmarshal !!${this.#kind} into string${this.#where}`);
    return this.#node.source ?? String(this.#node.value);
  }

  boolean(): boolean {
    const text = this.text();
    if (/^(true|yes|on|y)$/i.test(text)) return true;
    if (/^(false|no|off|n|)$/i.test(text)) return false;
    throw this.error(`cannot unmarshal !!str \`${text}\` into bool${this.#where}`);
  }

  number(): number {
    const text = this.text();
    const value = Number(text);
    if (text.trim() === "" || Number.isNaN(value))
      throw this.error(`cannot unmarshal !!str \`${text}\` into number${this.#where}`);
    return value;
  }

  integer(): number {
    const value = this.number();
    if (!Number.isInteger(value)) throw this.error(`cannot unmarshal !!float \`${value}\` into int${this.#where}`);
    return value;
  }

  /** Go's duration, in milliseconds. A bare number counts nanoseconds. */
  duration(): number {
    const ms = parseGoDuration(this.text());
    if (ms === undefined) throw this.error(`not a valid duration string: "${this.text()}"${this.#where}`);
    return ms;
  }

  /** A size such as `256kb`, in bytes. */
  bytes(): number {
    const size = parseBytesText(this.text());
    if (size === undefined) throw this.error(`not a valid byte size: "${this.text()}"${this.#where}`);
    return size;
  }

  /** The items of a list; nothing for null. */
  list(): YamlNode[] {
    if (this.isNull) return [];
    if (!isSeq(this.#node)) throw this.error(`cannot unmarshal !!${this.#kind} into list${this.#where}`);
    return this.#node.items.map((item, i) => new YamlNode(item, `${this.path}[${i}]`, this.#source));
  }

  texts(): string[] {
    return this.list().map((item) => item.text());
  }

  /** A map of texts. */
  textMap(): Map<string, string> {
    return new Map([...this.entries()].map(([key, node]) => [key, node.text()]));
  }

  /** Keys and values of a map, merged ones (`<<`) included; nothing for null. */
  entries(): Map<string, YamlNode> {
    if (this.isNull) return new Map();
    if (!isMap(this.#node)) throw this.error(`cannot unmarshal !!${this.#kind} into map${this.#where}`);
    const found = new Map<string, YamlNode>();
    for (const pair of this.#node.items) {
      const key = new YamlNode(pair.key, this.path, this.#source).text();
      const value = new YamlNode(pair.value ?? pair.key, `${this.path}${this.path ? "." : ""}${key}`, this.#source);
      const node = pair.value === null ? new YamlNode(null, value.path, this.#source) : value;
      if (key === "<<") for (const [name, merged] of mergedEntries(node)) this.#set(found, name, merged);
      else this.#set(found, key, node);
    }
    return found;
  }

  #set(found: Map<string, YamlNode>, key: string, node: YamlNode): void {
    if (found.has(key)) throw node.error(`key "${key}" already set in map`);
    found.set(key, node);
  }

  /** A map whose keys are known: `read` takes them; what is left over is an error. */
  fields<T>(read: (fields: Fields) => T): T {
    const fields = new Fields(this, this.entries());
    const result = read(fields);
    fields.end();
    return result;
  }

  /** The same for a reader that leaves to others what it does not know. */
  open(): Fields {
    return new Fields(this, this.entries());
  }

  /** Its text, for comparing. */
  print(): string {
    try {
      return JSON.stringify(this.#node?.toJS(this.#source.document));
    } catch (cause) {
      throw this.error((cause as Error).message);
    }
  }

  get #kind(): string {
    return isMap(this.#node) ? "map" : isSeq(this.#node) ? "seq" : "str";
  }

  get #where(): string {
    return this.path ? ` (${this.path})` : "";
  }
}

function mergedEntries(node: YamlNode): [string, YamlNode][] {
  const sources = node.isList ? node.list() : [node];
  for (const source of sources)
    if (!source.isMap) throw source.error("map merge requires map or sequence of maps as the value");
  return [...new Map(sources.toReversed().flatMap((source) => [...source.entries()]))];
}

/** The keys of a map, each taken at most once. */
export class Fields {
  readonly node: YamlNode;
  readonly #left: Map<string, YamlNode>;

  constructor(node: YamlNode, entries: Map<string, YamlNode>) {
    this.node = node;
    this.#left = new Map(entries);
  }

  /** The value of a key, undefined where it is not given. */
  take(key: string): YamlNode | undefined {
    const found = this.#left.get(key);
    this.#left.delete(key);
    return found;
  }

  /** A key that is accepted and has no effect. */
  ignore(...keys: readonly string[]): void {
    for (const key of keys) this.#left.delete(key);
  }

  text(key: string, usual = ""): string {
    return this.take(key)?.text() ?? usual;
  }

  boolean(key: string, usual = false): boolean {
    const node = this.take(key);
    return node === undefined || node.isNull ? usual : node.boolean();
  }

  number(key: string, usual: number): number {
    const node = this.take(key);
    return node === undefined || node.isNull ? usual : node.number();
  }

  integer(key: string, usual: number): number {
    const node = this.take(key);
    return node === undefined || node.isNull ? usual : node.integer();
  }

  duration(key: string, usualMs: number): number {
    const node = this.take(key);
    return node === undefined || node.isNull ? usualMs : node.duration();
  }

  bytes(key: string, usual: number): number {
    const node = this.take(key);
    return node === undefined || node.isNull ? usual : node.bytes();
  }

  texts(key: string): string[] {
    return this.take(key)?.texts() ?? [];
  }

  textMap(key: string): Map<string, string> {
    return this.take(key)?.textMap() ?? new Map();
  }

  list(key: string): YamlNode[] {
    return this.take(key)?.list() ?? [];
  }

  end(): void {
    const [unknown] = this.#left;
    if (unknown) throw unknown[1].error(`field ${unknown[0]} not found in ${this.node.path || "config"}`);
  }
}
