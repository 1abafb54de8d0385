import type { BlockView, RowSelection } from "@ratatosk/pipeline";
import type { RowRun } from "./piece-rows.ts";
import type { StatsCounter } from "./stats-counter.ts";

interface Cursor {
  readonly view: BlockView;
  readonly rows: Uint32Array;
  readonly count: number;
  /** Nanoseconds from the first block's base to this one's. */
  readonly shift: number;
  at: number;
}

const timeAt = ({ view, rows, at, shift }: Cursor): number => view.deltas[rows[at]!]! + shift;

/** Merges the rows of overlapping blocks by time; of entries with equal time, line and metadata the first stays. */
export function mergeRows(
  selected: readonly { view: BlockView; selection: RowSelection }[],
  stats: StatsCounter,
): RowRun[] {
  const origin = selected[0]!.view.base;
  const cursors: Cursor[] = selected
    .filter(({ selection }) => selection.count > 0)
    .map(({ view, selection: { rows, count } }) => ({ view, rows, count, shift: Number(view.base - origin), at: 0 }));
  const runs = new RunBuilder();
  let instant: { view: BlockView; row: number }[] = [];
  let time = -Infinity;
  while (cursors.length > 0) {
    const cursor = earliest(cursors);
    const now = timeAt(cursor);
    const row = cursor.rows[cursor.at]!;
    if (now !== time) {
      instant = [];
      time = now;
    }
    if (instant.some((other) => other.view !== cursor.view && sameEntry(other.view, other.row, cursor.view, row)))
      stats.duplicates++;
    else {
      instant.push({ view: cursor.view, row });
      runs.add(cursor.view, row);
    }
    if (++cursor.at === cursor.count) cursors.splice(cursors.indexOf(cursor), 1);
  }
  return runs.finish();
}

/** The cursor that is first in time; of several the first block's. */
function earliest(cursors: readonly Cursor[]): Cursor {
  let best = cursors[0]!;
  for (let i = 1; i < cursors.length; i++) if (timeAt(cursors[i]!) < timeAt(best)) best = cursors[i]!;
  return best;
}

function sameEntry(a: BlockView, rowA: number, b: BlockView, rowB: number): boolean {
  const [startA, endA, startB, endB] = [a.offsets[rowA]!, a.offsets[rowA + 1]!, b.offsets[rowB]!, b.offsets[rowB + 1]!];
  if (endA - startA !== endB - startB) return false;
  if (a.bytes.compare(b.bytes, startB, endB, startA, endA) !== 0) return false;
  return metadataKey(a, rowA) === metadataKey(b, rowB);
}

function metadataKey({ metadata }: BlockView, row: number): string {
  let key = "";
  for (const { name, values, index } of metadata) {
    const at = index[row]!;
    if (at !== 0) key += `${name}\u0000${values[at - 1]!}\u0000`;
  }
  return key;
}

/** Collects rows into runs of one block each. */
class RunBuilder {
  readonly #runs: RowRun[] = [];
  #view: BlockView | undefined;
  #rows: number[] = [];

  add(view: BlockView, row: number): void {
    if (view !== this.#view) this.#close();
    this.#view = view;
    this.#rows.push(row);
  }

  finish(): RowRun[] {
    this.#close();
    return this.#runs;
  }

  #close(): void {
    if (this.#view && this.#rows.length > 0)
      this.#runs.push({ view: this.#view, rows: Uint32Array.from(this.#rows), from: 0, to: this.#rows.length });
    this.#rows = [];
  }
}
