import type { ColumnsBlock } from "@ratatosk/chunk";
import { type BlockLocation, type Columns, RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { tenantOfSegment } from "./keys.ts";
import { RangeReader } from "./segment/range-reader.ts";
import { readColumns } from "./segment/read-columns.ts";
import { placedBlock } from "./segment/segment-location.ts";

export interface LocatedBlocksModules {
  readonly objects: ObjectStore;
  readonly read: (reads: number, bytes: number) => void;
  /** Whose blocks may be read. */
  readonly tenants: readonly string[];
}

/** Reads blocks that another process has found. */
export class LocatedBlocks {
  readonly #modules: LocatedBlocksModules;
  readonly #readers = new Map<string, RangeReader>();

  constructor(modules: LocatedBlocksModules) {
    this.#modules = modules;
  }

  /** The columns wanted, as stored. Throws bad_request or forbidden where that is no place to read, and not_found. */
  async fetch(location: BlockLocation, want: Columns, signal: AbortSignal): Promise<ColumnsBlock> {
    const block = placedBlock(location);
    const tenant = tenantOfSegment(location.key);
    if (tenant === undefined || !this.#modules.tenants.includes(tenant))
      throw new RatatoskError("forbidden", "the block belongs to another tenant");
    return readColumns(block, want, this.#reader(location.key), signal);
  }

  #reader(key: string): RangeReader {
    const known = this.#readers.get(key);
    if (known !== undefined) return known;
    const { objects, read } = this.#modules;
    const reader = new RangeReader(objects, key, read);
    this.#readers.set(key, reader);
    return reader;
  }
}
