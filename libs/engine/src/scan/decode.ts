import { type ColumnsBlock, decodeBlock, type Memory } from "@ratatosk/chunk";
import { decodeLokiBlock, type LokiBlock } from "@ratatosk/loki-bucket";
import type { Block, Columns, StoredBlock } from "@ratatosk/model";

/** About how many bytes a block is made of, once it is unpacked. */
export function rawBytes(stored: StoredBlock): number {
  switch (stored.format) {
    case "columns":
      return (stored as ColumnsBlock).columns.reduce((bytes, column) => bytes + column.rawBytes, 0);
    case "loki":
      return (stored as LokiBlock).bytes.length * usualRatio;
  }
}

const usualRatio = 8;

/** Opens a block with the decoder of its format. Throws corrupt. */
export function decodeStored(stored: StoredBlock, want: Columns, memory: Memory): Block {
  switch (stored.format) {
    case "columns":
      return decodeBlock(stored as ColumnsBlock, want, memory);
    case "loki":
      return decodeLokiBlock(stored as LokiBlock, want);
  }
}
