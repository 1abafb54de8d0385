import type { Mark, Origin } from "../origin.ts";
import { StreamBuffer, varintBytes, writeVarint } from "./stream-buffer.ts";

let scratch = Buffer.alloc(0);

/** Entries that wait to be sent together, as the PushRequest they will be. */
export class OpenBatch {
  readonly bornMs: number;
  readonly #streams = new Map<string, StreamBuffer>();
  readonly #origins = new Map<Origin, number>();
  /** Bytes of lines and metadata. */
  bytes = 0;
  entries = 0;

  constructor(nowMs: number) {
    this.bornMs = nowMs;
  }

  get streams(): number {
    return this.#streams.size;
  }

  has(labels: string): boolean {
    return this.#streams.has(labels);
  }

  stream(labels: string): StreamBuffer {
    let stream = this.#streams.get(labels);
    if (stream === undefined) this.#streams.set(labels, (stream = new StreamBuffer()));
    return stream;
  }

  /** Notes that the batch holds what lies in an origin from `start` on; true where it held nothing so early. */
  touch(origin: Origin, start: number): boolean {
    const known = this.#origins.get(origin);
    if (known !== undefined && known <= start) return false;
    this.#origins.set(origin, start);
    return true;
  }

  /** Every origin in it with the offset from which it holds entries. */
  get origins(): ReadonlyMap<Origin, number> {
    return this.#origins;
  }

  marks(holder: object): Mark[] {
    return [...this.#origins.keys()].map((origin) => origin.markFor(holder));
  }

  /** Lets go of the entries. */
  release(): void {
    for (const stream of this.#streams.values()) stream.release();
    this.#streams.clear();
  }

  /** The protobuf of the request, valid until another one is encoded. */
  encode(): Buffer {
    const heads: Buffer[] = [];
    let total = 0;
    for (const [labels, stream] of this.#streams) {
      const head = streamHead(labels, stream.bytes.length);
      heads.push(head);
      total += head.length + stream.bytes.length;
    }
    if (scratch.length < total) scratch = Buffer.allocUnsafeSlow(total + total / 8);
    const out = scratch.subarray(0, total);
    let at = 0;
    let i = 0;
    for (const stream of this.#streams.values()) {
      at += heads[i++]!.copy(out, at);
      at += stream.bytes.copy(out, at);
    }
    return out;
  }
}

/** `PushRequest.streams` (1) up to the labels (1) of the stream, whose entries follow. */
function streamHead(labels: string, entriesBytes: number): Buffer {
  const text = Buffer.from(labels);
  const size = 1 + varintBytes(text.length) + text.length + entriesBytes;
  const out = Buffer.allocUnsafe(2 + varintBytes(size) + varintBytes(text.length) + text.length);
  out[0] = 0x0a;
  let at = writeVarint(out, 1, size);
  out[at++] = 0x0a;
  at = writeVarint(out, at, text.length);
  text.copy(out, at);
  return out;
}
