import { type ColumnsBlock, wantsColumn } from "@ratatosk/chunk";
import type { Columns, Extent } from "@ratatosk/model";
import type { ColumnLocator } from "./directory.ts";
import type { RangeReader } from "./range-reader.ts";

/** A block whose columns' places are known. */
export interface PlacedBlock extends Extent {
  readonly columns: readonly ColumnLocator[];
}

/** Reads the columns that are wanted. */
export async function readColumns(
  { minTime, maxTime, entries, bytes, columns: all }: PlacedBlock,
  want: Columns,
  reader: RangeReader,
  signal: AbortSignal,
): Promise<ColumnsBlock> {
  const wanted = all.filter((column) => wantsColumn(want, column));
  const columns = wanted.map(async ({ kind, name, codec, rawBytes, crc, offset, storedBytes }) => ({
    kind,
    name,
    codec,
    rawBytes,
    crc,
    bytes: await reader.read({ offset, length: storedBytes }, signal),
  }));
  return { format: "columns", extent: { minTime, maxTime, entries, bytes }, columns: await Promise.all(columns) };
}
