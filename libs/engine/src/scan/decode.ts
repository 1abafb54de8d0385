import { type ColumnsBlock, decodeBlock } from "@ratatosk/chunk";
import { type Block, type Columns, RatatoskError, type StoredBlock } from "@ratatosk/model";

/** Opens a block with the decoder of its format. Throws corrupt. */
export function decodeStored(stored: StoredBlock, want: Columns): Block {
  switch (stored.format) {
    case "columns":
      return decodeBlock(stored as ColumnsBlock, want);
    case "loki":
      throw new RatatoskError("not_implemented", "chunks of an old Loki bucket cannot be read here");
  }
}
