import { broken, wrongWireType } from "./body-errors.ts";
import { ProtoReader, wire } from "./proto-reader.ts";

/** Deepest nesting of lists and maps that is read. */
const maxDepth = 64;

/** Fields of AnyValue. */
const any = { text: 1, bool: 2, int: 3, double: 4, list: 5, map: 6, bytes: 7 } as const;

/** A member of an OTLP map: where its key and its AnyValue lie. */
export interface Member {
  readonly key: string;
  readonly at: number;
  readonly end: number;
}

/** Reads OTLP's AnyValue where it lies in a message. */
export class OtlpValues {
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Where the value is text: its bytes as [at, end]; the usual case, in which nothing is copied. */
  textAt(at: number, end: number): readonly [number, number] | undefined {
    const field = this.#field(at, end);
    return field.number === any.text ? [field.at, field.end] : field.number === 0 ? [at, at] : undefined;
  }

  /** The members where the value is a map. */
  members(at: number, end: number): Member[] | undefined {
    const field = this.#field(at, end);
    return field.number === any.map ? this.#members(field.at, field.end) : undefined;
  }

  /** The value as text: numbers and bools in JSON's spelling, bytes in base64, lists and maps as JSON. */
  text(at: number, end: number): string {
    const field = this.#field(at, end);
    if (field.number === any.text) return this.#bytes.toString("utf8", field.at, field.end);
    if (field.number === any.bytes) return this.#bytes.toString("base64", field.at, field.end);
    return field.number === 0 ? "" : this.#json(at, end, 0);
  }

  #json(at: number, end: number, depth: number): string {
    if (depth > maxDepth) throw broken("proto: AnyValue: exceeded max depth");
    const field = this.#field(at, end);
    switch (field.number) {
      case any.text:
        return JSON.stringify(this.#bytes.toString("utf8", field.at, field.end));
      case any.bool:
        return field.value === 0n ? "false" : "true";
      case any.int:
        return String(field.value);
      case any.double:
        return String(this.#bytes.readDoubleLE(field.at));
      case any.list:
        return `[${this.#items(field.at, field.end, depth).join(",")}]`;
      case any.map:
        return `{${this.#pairs(field.at, field.end, depth).join(",")}}`;
      case any.bytes:
        return JSON.stringify(this.#bytes.toString("base64", field.at, field.end));
      default:
        return "null";
    }
  }

  #items(at: number, end: number, depth: number): string[] {
    const reader = new ProtoReader(this.#bytes, at);
    const items: string[] = [];
    while (reader.at < end) {
      const tag = reader.tag(end, "ArrayValue");
      if (tag >>> 3 !== 1) {
        reader.skip(tag, end);
        continue;
      }
      const stop = reader.length(end);
      items.push(this.#json(reader.at, stop, depth + 1));
      reader.at = stop;
    }
    return items;
  }

  /** Sorted by key, as Go writes maps; of a key given twice the last counts. */
  #pairs(at: number, end: number, depth: number): string[] {
    const byKey = new Map(this.#members(at, end).map((member) => [member.key, member]));
    return [...byKey.values()]
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map((member) => `${JSON.stringify(member.key)}:${this.#json(member.at, member.end, depth + 1)}`);
  }

  #members(at: number, end: number): Member[] {
    const reader = new ProtoReader(this.#bytes, at);
    const members: Member[] = [];
    while (reader.at < end) {
      const tag = reader.tag(end, "KeyValueList");
      if (tag >>> 3 !== 1) {
        reader.skip(tag, end);
        continue;
      }
      const stop = reader.length(end);
      const pair = readKeyValue(reader, stop);
      members.push({ key: this.#bytes.toString("utf8", pair.keyAt, pair.keyEnd), at: pair.at, end: pair.end });
    }
    return members;
  }

  /** The field that an AnyValue has set (the last, should there be several); number 0 where it has none. */
  #field(at: number, end: number): { number: number; at: number; end: number; value: bigint } {
    const reader = new ProtoReader(this.#bytes, at);
    const field = { number: 0, at, end: at, value: 0n };
    while (reader.at < end) {
      const tag = reader.tag(end, "AnyValue");
      const number = tag >>> 3;
      if (number > any.bytes) {
        reader.skip(tag, end);
        continue;
      }
      checkWire(tag);
      field.number = number;
      if (number === any.bool || number === any.int) field.value = reader.signedBig(end);
      else if (number === any.double) field.at = reader.fixed(8, end);
      else {
        field.end = reader.length(end);
        field.at = reader.at;
        reader.at = field.end;
      }
    }
    return field;
  }
}

function checkWire(tag: number): void {
  const number = tag >>> 3;
  const expected =
    number === any.bool || number === any.int ? wire.varint : number === any.double ? wire.fixed64 : wire.bytes;
  if ((tag & 7) !== expected) throw wrongWireType(tag, "Value");
}

/** Reads a KeyValue up to `end`: where key and value lie. */
export function readKeyValue(
  reader: ProtoReader,
  end: number,
): { keyAt: number; keyEnd: number; at: number; end: number } {
  const pair = { keyAt: end, keyEnd: end, at: end, end };
  while (reader.at < end) {
    const tag = reader.tag(end, "KeyValue");
    if (tag >>> 3 > 2) {
      reader.skip(tag, end);
      continue;
    }
    if ((tag & 7) !== wire.bytes) throw wrongWireType(tag, tag >>> 3 === 1 ? "Key" : "Value");
    const stop = reader.length(end);
    if (tag >>> 3 === 1) [pair.keyAt, pair.keyEnd] = [reader.at, stop];
    else [pair.at, pair.end] = [reader.at, stop];
    reader.at = stop;
  }
  return pair;
}
