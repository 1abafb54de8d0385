import type { Block, MetadataColumn } from "@ratatosk/model";

/** A block with its lines as a Buffer, whose slicing and searching methods are native. */
export interface BlockView {
  readonly count: number;
  readonly base: bigint;
  readonly deltas: Float64Array;
  readonly bytes: Buffer;
  readonly offsets: Uint32Array;
  readonly metadata: readonly MetadataColumn[];
}

export function viewOf({ count, base, deltas, lines, offsets, metadata }: Block): BlockView {
  return { count, base, deltas, bytes: asBuffer(lines), offsets, metadata };
}

/** The same memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
