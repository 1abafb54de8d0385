import { closeSync, openSync, writeSync } from "node:fs";
import type { Labels } from "@ratatosk/model";
import { crc32c } from "../crc32c.ts";

export interface WrittenSeries {
  readonly labels: Labels;
  readonly fingerprint: bigint;
  /** Milliseconds, ascending. */
  readonly chunks: readonly {
    readonly from: number;
    readonly through: number;
    readonly crc: number;
    /** 120 when left out. */
    readonly entries?: number;
  }[];
}

/** Writes a TSDB index file of version 3 with the sections that readers need. `series` is walked twice. */
export function writeTsdb(path: string, series: () => Iterable<WrittenSeries>): void {
  const out = new Out(path);
  out.write(Buffer.from([0xba, 0xaa, 0xd7, 0x00, 3]));
  const distinct = new Set<string>();
  for (const { labels } of series()) for (const symbol of labels.flat()) distinct.add(symbol);
  const symbols = [...distinct].sort(byBytes);
  const numbers = new Map(symbols.map((text, number) => [text, number]));
  const symbolsAt = out.at;
  out.section([u32(symbols.length), ...symbols.map(text)]);
  const seriesAt = out.at;
  const postings = new Map<string, number[]>([["\0", []]]);
  for (const one of series()) {
    out.align(16);
    for (const key of ["\0", ...one.labels.map((pair) => pair.join("\0"))]) {
      const references = postings.get(key);
      if (references === undefined) postings.set(key, [out.at / 16]);
      else references.push(out.at / 16);
    }
    const body = seriesBody(one, numbers);
    out.write(Buffer.concat([uvarint(body.length), body, u32(crc32c(body))]));
  }
  const postingsAt = out.at;
  const table: Buffer[] = [];
  for (const [key, references] of [...postings].sort(([a], [b]) => byBytes(a, b))) {
    out.align(4);
    const [name, value] = key === "\0" ? ["", ""] : (key.split("\0") as [string, string]);
    table.push(Buffer.concat([uvarint(2), text(name), text(value), uvarint(out.at)]));
    out.section([u32(references.length), ...references.map(u32)]);
  }
  const tableAt = out.at;
  out.section([u32(table.length), ...table]);
  const toc = Buffer.alloc(72);
  const offsets = [symbolsAt, seriesAt, postingsAt, tableAt, postingsAt, tableAt, tableAt];
  for (const [i, offset] of offsets.entries()) toc.writeBigUInt64BE(BigInt(offset), i * 8);
  out.write(Buffer.concat([toc, u32(crc32c(toc))]));
  out.close();
}

function seriesBody({ labels, fingerprint, chunks }: WrittenSeries, numbers: ReadonlyMap<string, number>): Buffer {
  const parts: Buffer[] = [u64(fingerprint), uvarint(labels.length)];
  for (const pair of labels) for (const symbol of pair) parts.push(uvarint(numbers.get(symbol)!));
  return Buffer.concat([...parts, chunksPart(chunks)]);
}

const encodedChunks = new WeakMap<WrittenSeries["chunks"], Buffer>();

/** Many series share one list of chunks: it is encoded once. */
function chunksPart(chunks: WrittenSeries["chunks"]): Buffer {
  const known = encodedChunks.get(chunks);
  if (known !== undefined) return known;
  const parts: Buffer[] = [uvarint(chunks.length), u32(0)];
  let previous = 0;
  for (const { from, through, crc, entries = 120 } of chunks) {
    const delta = from - previous;
    parts.push(
      uvarint(delta >= 0 ? delta * 2 : -delta * 2 - 1),
      uvarint(through - from),
      uvarint(9),
      uvarint(entries),
      u32(crc),
    );
    previous = through;
  }
  const encoded = Buffer.concat(parts);
  encodedChunks.set(chunks, encoded);
  return encoded;
}

const writeBytes = 2 ** 22;

class Out {
  readonly #fd: number;
  #waiting: Buffer[] = [];
  #written = 0;
  at = 0;

  constructor(path: string) {
    this.#fd = openSync(path, "w");
  }

  write(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.at += bytes.length;
    if (this.at - this.#written > writeBytes) this.#flush();
  }

  #flush(): void {
    writeSync(this.#fd, Buffer.concat(this.#waiting));
    this.#waiting = [];
    this.#written = this.at;
  }

  align(multiple: number): void {
    const rest = this.at % multiple;
    if (rest !== 0) this.write(Buffer.alloc(multiple - rest));
  }

  section(parts: readonly Buffer[]): void {
    const content = Buffer.concat(parts);
    this.write(Buffer.concat([u32(content.length), content, u32(crc32c(content))]));
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const text = (value: string): Buffer => Buffer.concat([uvarint(Buffer.byteLength(value)), Buffer.from(value)]);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

function uvarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
