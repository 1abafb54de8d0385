import type { BlockView } from "@ratatosk/pipeline";
import type { ScanStats } from "./job.ts";

/** Counts what a scan looks at. */
export class StatsCounter implements ScanStats {
  blocksRead = 0;
  blocksDamaged = 0;
  bytes = 0;
  lines = 0;
  metadataBytes = 0;
  postFilterLines = 0;
  duplicates = 0;

  block({ count, bytes, offsets, metadata }: BlockView): void {
    this.blocksRead++;
    this.lines += count;
    this.bytes += offsets.length > 0 ? offsets[count]! - count : bytes.length;
    for (const { values, index } of metadata) this.metadataBytes += index.length + values.length * 8;
  }

  /** The numbers, as plain data. */
  plain(): ScanStats {
    const { blocksRead, blocksDamaged, bytes, lines, metadataBytes, postFilterLines, duplicates } = this;
    return { blocksRead, blocksDamaged, bytes, lines, metadataBytes, postFilterLines, duplicates };
  }
}
