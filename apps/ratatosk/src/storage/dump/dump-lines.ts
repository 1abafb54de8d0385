import { type Block, lineOf, metadataOf, timeOf } from "@ratatosk/model";
import type { DumpRecord } from "./dump-record.ts";

/** The lines of a block, with their structured metadata. */
export function* dumpLines(block: Block): Generator<DumpRecord> {
  for (let row = 0; row < block.count; row++) {
    const metadata = metadataOf(block, row);
    yield {
      kind: "line",
      time: timeOf(block, row),
      line: Buffer.from(lineOf(block, row)).toString(),
      ...(metadata.length > 0 && { metadata: Object.fromEntries(metadata) }),
    };
  }
}
