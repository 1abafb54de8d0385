import { Scratch } from "@ratatosk/chunk";
import { allColumns, type Block, type Columns, RatatoskError, rowFrom, type StoredBlock } from "@ratatosk/model";
import { type BlockView, type Pipeline, type RowSelection, viewOf } from "@ratatosk/pipeline";
import { decodeStored } from "./decode.ts";
import type { ScanPiece } from "./job.ts";
import { mergeRows } from "./merge-rows.ts";
import type { StatsCounter } from "./stats-counter.ts";

/** A run of rows of one block, in ascending order of time. */
export interface RowRun {
  readonly view: BlockView;
  readonly rows: Uint32Array;
  readonly from: number;
  readonly to: number;
}

/** What the blocks of one piece are decoded into. */
const scratch = new Scratch();

/**
 * The rows of a piece that pass the filters over whole blocks, ascending; entries held by several blocks once. They are
 * good until the next piece.
 */
export function rowsOf(piece: ScanPiece, pipeline: Pipeline, stats: StatsCounter): RowRun[] {
  scratch.reset();
  const overlapping = piece.blocks.length > 1;
  // To tell equal entries everything of them is needed.
  const want: Columns = overlapping ? allColumns : pipeline.columns;
  const selected = piece.blocks.flatMap((stored) => {
    const block = decodeUndamaged(stored, want, stats);
    if (block === undefined) return [];
    const view = viewOf(block);
    stats.block(view);
    const selection = rowsInRange(view, piece);
    pipeline.filter(view, selection);
    return { view, selection };
  });
  if (overlapping) return mergeRows(selected, stats);
  return selected.map(({ view, selection: { rows, count } }) => ({ view, rows, from: 0, to: count }));
}

function decodeUndamaged(stored: StoredBlock, want: Columns, stats: StatsCounter): Block | undefined {
  try {
    return decodeStored(stored, want, scratch);
  } catch (error) {
    if (RatatoskError.from(error).code !== "corrupt") throw error;
    stats.blocksDamaged++;
    return undefined;
  }
}

function rowsInRange(view: BlockView, { start, end }: ScanPiece): RowSelection {
  const first = rowFrom(view, start);
  const count = Math.max(0, rowFrom(view, end) - first);
  const rows = scratch.words(count);
  for (let i = 0; i < count; i++) rows[i] = first + i;
  return { rows, count };
}
