import { letGo } from "./let-go.ts";

const tagEntry = 0x12;
const tagTime = 0x0a;
const tagLine = 0x12;
const tagMetadata = 0x1a;

/** Large buffers of batches that were sent, for those to come, by size. */
const spare: Buffer[] = [];
const maxSpare = 4;
const leastSpareBytes = 32 * 1024;

/** The smallest that is large enough. */
function takeSpare(bytes: number): Buffer {
  const at = bytes < leastSpareBytes ? -1 : spare.findIndex((one) => one.length >= bytes);
  return at < 0 ? Buffer.allocUnsafeSlow(bytes) : spare.splice(at, 1)[0]!;
}

/** The largest are kept. */
function giveBack(buffer: Buffer): void {
  if (buffer.length < leastSpareBytes) return;
  spare.push(buffer);
  spare.sort((a, b) => a.length - b.length);
  if (spare.length > maxSpare) letGo(spare.shift()!);
}

/** The entries of one stream in an open batch, already as protobuf: `Stream.entries` (field 2), one after the other. */
export class StreamBuffer {
  #bytes: Buffer = Buffer.allocUnsafe(512);
  #length = 0;

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Appends `line[start … end)` with its time; `metadata` as `encodeMetadata` made it. */
  add(line: Buffer, start: number, end: number, seconds: number, nanos: number, metadata?: Buffer): void {
    const size = end - start;
    const timeSize = timeBytes(seconds, nanos);
    const entrySize = 2 + timeSize + 1 + varintBytes(size) + size + (metadata?.length ?? 0);
    this.#reserve(entrySize + 6);
    const out = this.#bytes;
    let at = this.#length;
    out[at++] = tagEntry;
    at = writeVarint(out, at, entrySize);
    out[at++] = tagTime;
    out[at++] = timeSize;
    at = writeTime(out, at, seconds, nanos);
    out[at++] = tagLine;
    at = writeVarint(out, at, size);
    line.copy(out, at, start, end);
    at += size;
    if (metadata) at += metadata.copy(out, at);
    this.#length = at;
  }

  /** Appends an entry that is already encoded. */
  addEncoded(entry: Buffer): void {
    this.#reserve(entry.length);
    this.#length += entry.copy(this.#bytes, this.#length);
  }

  /** Lets go of its memory; nothing may be added any more. */
  release(): void {
    giveBack(this.#bytes);
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = takeSpare(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(grown, 0, 0, this.#length);
    giveBack(this.#bytes);
    this.#bytes = grown;
  }
}

/** `Entry.structuredMetadata` (field 3, repeated {name = 1, value = 2}). */
export function encodeMetadata(pairs: readonly (readonly [name: string, value: string])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of pairs) {
    const pair = Buffer.concat([encodeBytes(0x0a, Buffer.from(name)), encodeBytes(0x12, Buffer.from(value))]);
    parts.push(encodeBytes(tagMetadata, pair));
  }
  return Buffer.concat(parts);
}

/** A length-delimited field. */
export function encodeBytes(tag: number, bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(1 + varintBytes(bytes.length) + bytes.length);
  out[0] = tag;
  bytes.copy(out, writeVarint(out, 1, bytes.length));
  return out;
}

export function varintBytes(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 128)) size++;
  return size;
}

export function writeVarint(out: Buffer, from: number, value: number): number {
  let at = from;
  let rest = value;
  while (rest >= 0x80) {
    out[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  out[at++] = rest;
  return at;
}

function timeBytes(seconds: number, nanos: number): number {
  const secondsSize = seconds < 0 ? 10 : varintBytes(seconds);
  return (seconds === 0 ? 0 : 1 + secondsSize) + (nanos === 0 ? 0 : 1 + varintBytes(nanos));
}

function writeTime(out: Buffer, from: number, seconds: number, nanos: number): number {
  let at = from;
  if (seconds !== 0) {
    out[at++] = 0x08;
    at = seconds > 0 ? writeVarint(out, at, seconds) : writeNegative(out, at, seconds);
  }
  if (nanos !== 0) {
    out[at++] = 0x10;
    at = writeVarint(out, at, nanos);
  }
  return at;
}

/** Negative int64: ten bytes of two's complement. */
function writeNegative(out: Buffer, from: number, value: number): number {
  let rest = BigInt.asUintN(64, BigInt(value));
  let at = from;
  for (; rest >= 0x80n; rest >>= 7n) out[at++] = Number(rest & 0x7fn) | 0x80;
  out[at++] = Number(rest);
  return at;
}
