import type { PushedEntries } from "@ratatosk/http";
import type { Block } from "@ratatosk/model";
import { MetadataColumns } from "./metadata-columns.ts";

const newline = 0x0a;
/** Nanoseconds up to which a delta is exact. */
const exactNanos = 2 ** 53;
/** A push of more bytes gets memory of its own, which is given back. */
const keptBytes = 16 * 1024 * 1024;

/**
 * Copies the accepted rows of a push into blocks. All blocks of a push lie in the same three buffers, which serve the
 * next push again: a block must be encoded before then.
 */
export class BlockBuilder {
  #metadata = new MetadataColumns([]);
  #source: Buffer = Buffer.alloc(0);
  #deltas = new Float64Array(0);
  #offsets = new Uint32Array(0);
  #lines: Buffer = Buffer.alloc(0);
  #row = 0;
  #offset = 0;
  #line = 0;
  /** Of the block under construction: first row, offset and line byte, and its base time. */
  #firstRow = 0;
  #firstOffset = 0;
  #firstLine = 0;
  #baseSeconds = 0;
  #baseNanos = 0;
  #blocks: Block[] = [];

  /** Starts on a push, with room for all its rows; no line may be longer than it came. */
  reset(pushed: PushedEntries, metadata: MetadataColumns): void {
    const { bytes, count } = pushed;
    this.#metadata = metadata;
    this.#source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#metadata.reset(bytes);
    let lineBytes = 0;
    for (let row = 0; row < count; row++) lineBytes += pushed.lineEnd[row]! - pushed.lineAt[row]! + 1;
    if (this.#deltas.length < count || this.#deltas.length > keptBytes / 8) this.#deltas = new Float64Array(count);
    // Two offsets a row: at worst each row is a block of its own.
    if (this.#offsets.length < 2 * count || this.#offsets.length > keptBytes / 4)
      this.#offsets = new Uint32Array(2 * count);
    if (this.#lines.length < lineBytes || this.#lines.length > keptBytes) this.#lines = Buffer.allocUnsafe(lineBytes);
    this.#row = 0;
    this.#offset = 0;
    this.#line = 0;
    this.#startBlock();
    this.#blocks = [];
  }

  /** Lets go of the push. */
  release(): void {
    this.#source = Buffer.alloc(0);
    this.#metadata.reset(this.#source);
    this.#blocks = [];
  }

  /** Makes room for the row that `startRow` of the metadata and then `add` bring: ends a block that cannot hold it. */
  prepare(seconds: number, nanos: number): void {
    if (this.#row > this.#firstRow && (this.#metadata.sparse || !this.#near(seconds, nanos))) this.#endBlock();
    if (this.#row > this.#firstRow) return;
    this.#baseSeconds = seconds;
    this.#baseNanos = nanos;
  }

  /** Adds the row for which `prepare` was called; `suffix` is put behind the line. */
  add(seconds: number, nanos: number, lineAt: number, lineEnd: number, suffix: Buffer | undefined): void {
    this.#deltas[this.#row++] = this.#delta(seconds, nanos);
    this.#source.copy(this.#lines, this.#line, lineAt, lineEnd);
    this.#line += lineEnd - lineAt;
    if (suffix !== undefined) this.#line += suffix.copy(this.#lines, this.#line);
    this.#lines[this.#line++] = newline;
    this.#offsets[++this.#offset] = this.#line - this.#firstLine;
  }

  /** The blocks of the rows added since the last call. */
  finish(): Block[] {
    this.#endBlock();
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }

  #delta(seconds: number, nanos: number): number {
    return (seconds - this.#baseSeconds) * 1e9 + (nanos - this.#baseNanos);
  }

  #near(seconds: number, nanos: number): boolean {
    return Math.abs(this.#delta(seconds, nanos)) < exactNanos;
  }

  #endBlock(): void {
    const metadata = this.#metadata.finish();
    if (this.#row > this.#firstRow)
      this.#blocks.push({
        count: this.#row - this.#firstRow,
        base: BigInt(this.#baseSeconds) * 1_000_000_000n + BigInt(this.#baseNanos),
        deltas: this.#deltas.subarray(this.#firstRow, this.#row),
        lines: this.#lines.subarray(this.#firstLine, this.#line),
        offsets: this.#offsets.subarray(this.#firstOffset, this.#offset + 1),
        metadata,
      });
    if (this.#row > this.#firstRow) this.#offset++;
    this.#startBlock();
  }

  #startBlock(): void {
    this.#firstRow = this.#row;
    this.#firstOffset = this.#offset;
    this.#firstLine = this.#line;
    this.#offsets[this.#offset] = 0;
  }
}
