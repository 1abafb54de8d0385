import { OpenBatch } from "./open-batch.ts";

/** One entry of an encoded request: its stream's labels and its bytes (`Stream.entries`, tag and length included). */
export interface EncodedEntry {
  readonly labels: string;
  readonly bytes: Buffer;
}

/** The entries of an encoded PushRequest, in order. Throws a RangeError on bytes that are none. */
export function entriesOf(request: Buffer): EncodedEntry[] {
  const entries: EncodedEntry[] = [];
  for (const stream of fieldsOf(request)) {
    let labels = "";
    for (const field of fieldsOf(stream.value)) {
      if (field.number === 1) labels = field.value.toString();
      else if (field.number === 2) entries.push({ labels, bytes: field.whole });
    }
  }
  return entries;
}

/** A PushRequest of these entries. */
export function requestOf(entries: readonly EncodedEntry[]): Buffer {
  const batch = new OpenBatch(0);
  for (const { labels, bytes } of entries) batch.stream(labels).addEncoded(bytes);
  return batch.encode();
}

/** The line of an encoded entry. */
export function lineOf(entry: EncodedEntry): Buffer {
  for (const field of fieldsOf(entry.bytes))
    for (const inner of fieldsOf(field.value)) if (inner.number === 2) return inner.value;
  return Buffer.alloc(0);
}

/** The time of an encoded entry in unix nanoseconds. */
export function nanosOf(entry: EncodedEntry): bigint {
  let nanos = 0n;
  for (const field of fieldsOf(entry.bytes))
    for (const inner of fieldsOf(field.value)) if (inner.number === 1) nanos = timestampNanos(inner.value);
  return nanos;
}

/** An entry as people read it: labels, timestamp (ns) and line, `line_base64` where it is no UTF-8. */
export function shownEntry(entry: EncodedEntry): object {
  const line = lineOf(entry);
  const text = line.toString();
  const shown = Buffer.from(text).equals(line) ? { line: text } : { line_base64: line.toString("base64") };
  return { labels: entry.labels, timestamp: String(nanosOf(entry)), ...shown };
}

function timestampNanos(bytes: Buffer): bigint {
  let total = 0n;
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at++]!;
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    total += BigInt.asIntN(64, value) * (tag === 0x08 ? 1_000_000_000n : 1n);
  }
  return total;
}

interface Field {
  readonly number: number;
  readonly value: Buffer;
  /** With its tag and length. */
  readonly whole: Buffer;
}

/** Length-delimited fields; the messages that the agent writes have no others beside times. */
function* fieldsOf(bytes: Buffer): Generator<Field> {
  for (let at = 0; at < bytes.length;) {
    const begin = at;
    const tag = bytes[at++]!;
    let size = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= bytes.length) throw new RangeError("truncated push request");
      const byte = bytes[at++]!;
      size += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    if ((tag & 7) !== 2 || at + size > bytes.length) throw new RangeError("malformed push request");
    yield { number: tag >> 3, value: bytes.subarray(at, at + size), whole: bytes.subarray(begin, at + size) };
    at += size;
  }
}
