import { formatLabels, labelsFrom } from "@ratatosk/model";
import { JsonScanner } from "./json-scanner.ts";
import { broken } from "./body-errors.ts";
import { noTimeSeconds, type PushedEntries } from "./pushed-entries.ts";

const braceOpen = 0x7b;
const braceClose = 0x7d;
const listOpen = 0x5b;
const listClose = 0x5d;
const colon = 0x3a;
const quote = 0x22;
const minus = 0x2d;
const zero = 0x30;
const maxInt64 = 9_223_372_036;

/** How the streams of a push are written: of today (`stream`, `values`) or of Loki before 1.0 (`labels`, `entries`). */
export type JsonForm = "today" | "old";

/**
 * Reads a JSON push into columns. Strings are unescaped in place, so `bytes` is changed; what follows the first
 * document is not read. Throws bad_request.
 */
export function decodePushJson(bytes: Uint8Array, form: JsonForm, into: PushedEntries): void {
  into.reset(bytes);
  if (bytes.length === 0) throw broken("EOF");
  const decoder = new JsonPush(new JsonScanner(bytes), into, form);
  decoder.request();
}

class JsonPush {
  readonly #json: JsonScanner;
  readonly #into: PushedEntries;
  readonly #stream: () => void;
  #seconds = 0;
  #nanos = 0;

  constructor(json: JsonScanner, into: PushedEntries, form: JsonForm) {
    this.#json = json;
    this.#into = into;
    this.#stream = form === "today" ? () => this.#todaysStream() : () => this.#oldStream();
  }

  request(): void {
    const json = this.#json;
    if (json.null()) return;
    json.expect(braceOpen, "push request");
    for (let first = true; json.next(braceClose, first, "push request"); first = false) {
      json.string("push request");
      const streams = json.is("streams");
      json.expect(colon, "push request");
      if (streams) this.#list("streams", this.#stream);
      else json.skip("push request");
    }
  }

  /** A list of things read by `item`, or null. */
  #list(name: string, item: () => void): void {
    const json = this.#json;
    if (json.null()) return;
    json.expect(listOpen, name);
    for (let first = true; json.next(listClose, first, name); first = false) item();
  }

  #todaysStream(): void {
    const json = this.#json;
    const from = this.#into.count;
    let labels = "{}";
    json.expect(braceOpen, "stream");
    for (let first = true; json.next(braceClose, first, "stream"); first = false) {
      json.string("stream");
      const key = json.is("stream") ? "stream" : json.is("values") ? "values" : "other";
      json.expect(colon, "stream");
      if (key === "stream") labels = this.#labelObject();
      else if (key === "values") this.#list("values", () => this.#value());
      else json.skip("stream");
    }
    this.#into.addStream(labels, from);
  }

  /** `{"app":"cart"}` as the text of a label set. A number, true or false counts as it is written. */
  #labelObject(): string {
    const json = this.#json;
    const pairs: [string, string][] = [];
    json.expect(braceOpen, "labels");
    for (let first = true; json.next(braceClose, first, "labels"); first = false) {
      const name = json.stringText("labels");
      json.expect(colon, "labels");
      pairs.push([name, this.#labelValue()]);
    }
    return formatLabels(labelsFrom(pairs));
  }

  #labelValue(): string {
    const json = this.#json;
    const byte = json.peek();
    if (byte === quote) return json.stringText("labels");
    if (byte === braceOpen || byte === listOpen) throw json.unexpected("labels: expected text");
    const from = json.at;
    json.skip("labels");
    json.from = from;
    json.to = json.at;
    return json.text();
  }

  /** `["<unix nanoseconds>", "<line>", {"name":"value"}]`, or null, which counts for nothing. */
  #value(): void {
    const json = this.#json;
    if (json.null()) return;
    json.expect(listOpen, "entry");
    this.#seconds = noTimeSeconds;
    this.#nanos = 0;
    let lineAt = 0;
    let lineEnd = 0;
    let item = 0;
    for (; json.next(listClose, item === 0, "entry"); item++) {
      if (item === 0) this.#unixNanos();
      else if (item === 1) {
        json.string("line");
        lineAt = json.from;
        lineEnd = json.to;
      } else if (item === 2) this.#metadata();
      else json.skip("entry");
    }
    this.#into.addRow(this.#seconds, this.#nanos, lineAt, lineEnd);
  }

  #metadata(): void {
    const json = this.#json;
    json.expect(braceOpen, "structured metadata");
    for (let first = true; json.next(braceClose, first, "structured metadata"); first = false) {
      json.string("structured metadata");
      const { from, to } = json;
      json.expect(colon, "structured metadata");
      json.string("structured metadata");
      this.#into.addPair(from, to, json.from, json.to);
    }
  }

  /** A text that holds an int64: the digits split at the second. */
  #unixNanos(): void {
    const json = this.#json;
    json.string("timestamp");
    const { bytes, to } = json;
    const negative = bytes[json.from] === minus;
    const from = negative ? json.from + 1 : json.from;
    const split = Math.max(from, to - 9);
    const seconds = digits(bytes, from, split);
    const nanos = digits(bytes, split, to);
    if (from === to || !(seconds <= maxInt64) || Number.isNaN(nanos))
      throw broken(`timestamp: expected unix nanoseconds as text, but found ${JSON.stringify(json.text())}`);
    const borrowed = negative && nanos > 0;
    this.#seconds = negative ? -seconds - (borrowed ? 1 : 0) : seconds;
    this.#nanos = borrowed ? 1e9 - nanos : nanos;
  }

  /** `{"labels":"{app=\"cart\"}","entries":[{"ts":"2024-06-10T06:13:20Z","line":"x"}]}` */
  #oldStream(): void {
    const json = this.#json;
    const from = this.#into.count;
    let labels = "{}";
    json.expect(braceOpen, "stream");
    for (let first = true; json.next(braceClose, first, "stream"); first = false) {
      json.string("stream");
      const key = json.is("labels") ? "labels" : json.is("entries") ? "entries" : "other";
      json.expect(colon, "stream");
      if (key === "labels") labels = json.stringText("labels");
      else if (key === "entries") this.#list("entries", () => this.#oldEntry());
      else json.skip("stream");
    }
    this.#into.addStream(labels, from);
  }

  #oldEntry(): void {
    const json = this.#json;
    this.#seconds = noTimeSeconds;
    this.#nanos = 0;
    let lineAt = 0;
    let lineEnd = 0;
    json.expect(braceOpen, "entry");
    for (let first = true; json.next(braceClose, first, "entry"); first = false) {
      json.string("entry");
      const key = json.is("ts") ? "ts" : json.is("line") ? "line" : "other";
      json.expect(colon, "entry");
      if (key === "ts") this.#date();
      else if (key === "line") {
        json.string("line");
        lineAt = json.from;
        lineEnd = json.to;
      } else json.skip("entry");
    }
    this.#into.addRow(this.#seconds, this.#nanos, lineAt, lineEnd);
  }

  #date(): void {
    const text = this.#json.stringText("ts");
    const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text);
    const ms = parts ? Date.parse(parts[1]! + parts[3]!) : Number.NaN;
    if (Number.isNaN(ms)) throw broken(`parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00"`);
    this.#seconds = ms / 1000;
    this.#nanos = Number((parts![2] ?? "").slice(0, 9).padEnd(9, "0"));
  }
}

/** The number that the bytes spell, NaN where one is no digit, Infinity where there are too many. */
function digits(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 10) return Number.POSITIVE_INFINITY;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - zero;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = 10 * value + digit;
  }
  return value;
}
