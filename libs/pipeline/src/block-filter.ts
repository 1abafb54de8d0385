import type { LineFilter } from "@ratatosk/logql";
import type { BlockView } from "./block-view.ts";
import { isNegative, type LineMatch, lineMatches, type LineTest } from "./line-match.ts";

/** Rows of a block that are still in the run, ascending: `rows[0 … count)`. */
export interface RowSelection {
  readonly rows: Uint32Array;
  count: number;
}

/** Narrows a selection of rows to those whose lines pass. */
export type BlockFilter = (view: BlockView, selection: RowSelection) => void;

/** Below this share of rows still in the run, a line is searched by itself and not the whole block. */
const wholeBlockShare = 1 / 16;

/** A line filter over whole blocks: texts are searched in the block at once, all else is tried only where they stand. */
export function blockFilter(filter: LineFilter): BlockFilter {
  const negative = isNegative(filter.op);
  const matches = lineMatches(filter);
  const required = requiredOfAll(matches);
  const exact = matches.every((match) => match.exact);
  const test: LineTest = (bytes, start, end) => matches.some((match) => match.test(bytes, start, end));
  const search = new BlockSearch();
  return (view, selection) => {
    if (required === undefined || selection.count < view.count * wholeBlockShare)
      return keepWhere(view, selection, test, negative);
    const hits = search.rowsWith(view, required);
    keepHits(view, selection, hits, exact ? undefined : test, negative);
  };
}

/** Any operand may hold, so the texts required are those of all. */
function requiredOfAll(matches: readonly LineMatch[]): Uint8Array[] | undefined {
  const texts: Uint8Array[] = [];
  for (const { required } of matches) {
    if (required === undefined) return undefined;
    texts.push(...required);
  }
  return texts.length > 16 ? undefined : texts;
}

function keepWhere({ bytes, offsets }: BlockView, selection: RowSelection, test: LineTest, negative: boolean): void {
  const { rows } = selection;
  let kept = 0;
  for (let i = 0; i < selection.count; i++) {
    const row = rows[i]!;
    if (test(bytes, offsets[row]!, offsets[row + 1]! - 1) !== negative) rows[kept++] = row;
  }
  selection.count = kept;
}

/** Keeps the rows marked in `hits` (and passing `test`), or with `negative` the others. */
function keepHits(
  { bytes, offsets }: BlockView,
  selection: RowSelection,
  hits: Uint8Array,
  test: LineTest | undefined,
  negative: boolean,
): void {
  const { rows } = selection;
  let kept = 0;
  for (let i = 0; i < selection.count; i++) {
    const row = rows[i]!;
    const holds = hits[row] === 1 && (test === undefined || test(bytes, offsets[row]!, offsets[row + 1]! - 1));
    if (holds !== negative) rows[kept++] = row;
  }
  selection.count = kept;
}

/** Finds the rows of a block that contain one of several texts. */
class BlockSearch {
  #hits = new Uint8Array(1024);

  /** One byte a row, 1 where the row contains a text. Valid until the next call. */
  rowsWith(view: BlockView, texts: readonly Uint8Array[]): Uint8Array {
    if (this.#hits.length < view.count) this.#hits = new Uint8Array(view.count * 2);
    this.#hits.fill(0, 0, view.count);
    for (const text of texts) markRows(view, text, this.#hits);
    return this.#hits;
  }
}

function markRows({ bytes, offsets, count }: BlockView, text: Uint8Array, hits: Uint8Array): void {
  let row = 0;
  let at = bytes.indexOf(text);
  while (at !== -1) {
    row = rowAt(offsets, row, count, at);
    const end = offsets[row + 1]! - 1;
    if (at + text.length <= end) {
      hits[row] = 1;
      at = bytes.indexOf(text, end + 1);
    } else at = bytes.indexOf(text, at + 1);
  }
}

/** The row, at or after `from`, whose line holds the byte at `position`: galloping, then by halves. */
function rowAt(offsets: Uint32Array, from: number, count: number, position: number): number {
  let low = from;
  let step = 1;
  while (low + step < count && offsets[low + step]! <= position) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, count);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (offsets[middle]! <= position) low = middle;
    else high = middle;
  }
  return low;
}
