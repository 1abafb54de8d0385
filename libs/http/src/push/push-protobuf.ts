import { RatatoskError } from "@ratatosk/model";
import { broken, wrongWireType } from "./body-errors.ts";
import { ProtoReader } from "./proto-reader.ts";
import { noTimeSeconds, type PushedEntries } from "./pushed-entries.ts";

// Tags are compared as they lie on the wire: field number << 3 | wire type.
const requestStream = 0x0a;
const streamLabels = 0x0a;
const streamEntry = 0x12;
const entryTime = 0x0a;
const entryLine = 0x12;
const entryMetadata = 0x1a;
const timeSeconds = 0x08;
const timeNanos = 0x10;
const pairName = 0x0a;
const pairValue = 0x12;

const maxLabelsBytes = 16_777_216;
const endOfYear9999 = 253_402_300_800;

/** Reads a protobuf PushRequest (uncompressed) into columns. Throws bad_request with Go's texts. */
export function decodePushProtobuf(bytes: Uint8Array, into: PushedEntries): void {
  into.reset(bytes);
  const decoder = new PushDecoder(bytes, into);
  decoder.request(bytes.length);
}

class PushDecoder {
  readonly #reader: ProtoReader;
  readonly #text: Buffer;
  readonly #into: PushedEntries;
  #seconds = 0;
  #nanos = 0;

  constructor(bytes: Uint8Array, into: PushedEntries) {
    this.#reader = new ProtoReader(bytes);
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#into = into;
  }

  request(end: number): void {
    const reader = this.#reader;
    while (reader.at < end) {
      const tag = reader.tag(end, "PushRequest");
      if (tag === requestStream) this.#stream(reader.length(end));
      else if (tag >>> 3 === 1) throw wrongWireType(tag, "Streams");
      else reader.skip(tag, end);
    }
  }

  #stream(end: number): void {
    const reader = this.#reader;
    const from = this.#into.count;
    let labels = "";
    while (reader.at < end) {
      const tag = reader.tag(end, "StreamAdapter");
      if (tag === streamEntry) this.#entry(reader.length(end));
      else if (tag === streamLabels) labels = this.#labels(reader.length(end));
      else if (tag >>> 3 <= 2) throw wrongWireType(tag, tag >>> 3 === 1 ? "Labels" : "Entries");
      else reader.skip(tag, end);
    }
    this.#into.addStream(labels, from);
  }

  #labels(end: number): string {
    const { at } = this.#reader;
    if (end - at > maxLabelsBytes) throw labelsTooLarge(end - at);
    this.#reader.at = end;
    return this.#text.toString("utf8", at, end);
  }

  #entry(end: number): void {
    const reader = this.#reader;
    this.#seconds = noTimeSeconds;
    this.#nanos = 0;
    let lineAt = 0;
    let lineEnd = 0;
    while (reader.at < end) {
      const tag = reader.tag(end, "EntryAdapter");
      if (tag === entryTime) this.#time(reader.length(end));
      else if (tag === entryLine) {
        lineEnd = reader.length(end);
        lineAt = reader.at;
        reader.at = lineEnd;
      } else if (tag === entryMetadata) this.#pair(reader.length(end));
      else if (tag >>> 3 <= 3) throw wrongWireType(tag, ["Timestamp", "Line", "StructuredMetadata"][(tag >>> 3) - 1]!);
      else reader.skip(tag, end);
    }
    this.#into.addRow(this.#seconds, this.#nanos, lineAt, lineEnd);
  }

  #time(end: number): void {
    const reader = this.#reader;
    let seconds = 0;
    let nanos = 0;
    while (reader.at < end) {
      const tag = reader.tag(end, "Timestamp");
      if (tag === timeSeconds) seconds = reader.signed(end);
      else if (tag === timeNanos) nanos = reader.signed(end) | 0;
      else if (tag >>> 3 <= 2) throw wrongWireType(tag, tag >>> 3 === 1 ? "Seconds" : "Nanos");
      else reader.skip(tag, end);
    }
    checkTime(seconds, nanos);
    this.#seconds = seconds;
    this.#nanos = nanos;
  }

  #pair(end: number): void {
    const reader = this.#reader;
    let nameAt = 0;
    let nameEnd = 0;
    let valueAt = 0;
    let valueEnd = 0;
    while (reader.at < end) {
      const tag = reader.tag(end, "LabelPairAdapter");
      if (tag === pairName) {
        nameEnd = reader.length(end);
        nameAt = reader.at;
        reader.at = nameEnd;
      } else if (tag === pairValue) {
        valueEnd = reader.length(end);
        valueAt = reader.at;
        reader.at = valueEnd;
      } else if (tag >>> 3 <= 2) throw wrongWireType(tag, tag >>> 3 === 1 ? "Name" : "Value");
      else reader.skip(tag, end);
    }
    this.#into.addPair(nameAt, nameEnd, valueAt, valueEnd);
  }
}

function checkTime(seconds: number, nanos: number): void {
  if (nanos >= 0 && nanos < 1e9 && seconds >= noTimeSeconds && seconds < endOfYear9999) return;
  const shown = `timestamp: &types.Timestamp{Seconds: ${seconds},\nNanos: ${nanos},\n}`;
  if (seconds < noTimeSeconds) throw broken(`${shown}: before 0001-01-01`);
  if (seconds >= endOfYear9999) throw broken(`${shown}: after 10000-01-01`);
  throw broken(`${shown}: nanos not in range [0, 1e9)`);
}

function labelsTooLarge(bytes: number): Error {
  const megabytes = (n: number): string => `${Math.round(n / 1e6)} MB`;
  return new RatatoskError(
    "too_large",
    `request body too large: stream labels size ${megabytes(bytes)} exceeds limit of ${megabytes(maxLabelsBytes)}`,
  );
}
