import { type ColumnsBlock, decodeBlock, type Memory } from "@ratatosk/chunk";
import { decodeLokiBlock, type LokiBlock } from "@ratatosk/loki-bucket";
import type { Block, Columns, StoredBlock } from "@ratatosk/model";

/** Opens a block with the decoder of its format. Throws corrupt. */
export function decodeStored(stored: StoredBlock, want: Columns, memory: Memory): Block {
  switch (stored.format) {
    case "columns":
      return decodeBlock(stored as ColumnsBlock, want, memory);
    case "loki":
      return decodeLokiBlock(stored as LokiBlock, want);
  }
}
