import type { Origin, Part } from "./origin.ts";
import type { Instant } from "./time/instant.ts";

/** What a stage has found in a line. Lists and objects are what `json` finds in paths that end there. */
export type Extracted = string | number | boolean | null | readonly unknown[] | { readonly [name: string]: unknown };

const alone: readonly never[] = [];

/** One line on its way through stages, which change it in place. */
export class Entry {
  origin: Origin;
  /** Where it begins and ends in its origin. */
  start: number;
  end: number;
  /** Where the other lines begin of which it was made. */
  rest: readonly number[] = alone;
  /** Its lines in other origins, where a file was rotated between them. */
  also: readonly Part[] = alone;
  /** Consumers that have it from an earlier run, as bits of its origin's past. */
  given = 0;
  labels: Map<string, string>;
  extracted: Map<string, Extracted>;
  time: Instant;
  metadata: [name: string, value: string][] = [];
  #bytes: Buffer | undefined;
  #text: string | undefined;

  constructor(origin: Origin, start: number, end: number, labels: Map<string, string>, bytes: Buffer, time: Instant) {
    this.origin = origin;
    this.start = start;
    this.end = end;
    this.labels = labels;
    this.extracted = new Map(labels);
    this.#bytes = bytes;
    this.time = time;
  }

  /** An entry with the same labels, time and metadata, nothing extracted, and this or another line. */
  copy(line: Buffer = this.bytes): Entry {
    const copy = new Entry(this.origin, this.start, this.end, new Map(this.labels), line, this.time);
    copy.metadata = [...this.metadata];
    copy.rest = this.rest;
    copy.also = this.also;
    copy.given = this.given;
    return copy;
  }

  /** The line as text; bytes that are no UTF-8 come as U+FFFD. */
  get text(): string {
    return (this.#text ??= this.#bytes!.toString());
  }

  set text(value: string) {
    this.#text = value;
    this.#bytes = undefined;
  }

  /** The line as bytes: those that were read, until a stage writes the line. */
  get bytes(): Buffer {
    return (this.#bytes ??= Buffer.from(this.#text!));
  }

  set bytes(value: Buffer) {
    this.#bytes = value;
    this.#text = undefined;
  }
}

/** An extracted value as text, or undefined where it has none (null, lists, objects). Numbers have no exponent. */
export function textOf(value: Extracted | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return String(value);
  return undefined;
}

/** The shortest decimal that reads back as the number, without exponent. */
export function numberText(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign, first, rest = "", exponent] = match;
  const digits = first! + rest;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, "0");
}
