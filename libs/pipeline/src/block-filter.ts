import { Needle, searchRows } from "@ratatosk/kernels";
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
  const search = new BlockSearch(required ?? []);
  return (view, selection) => {
    if (required === undefined || selection.count < view.count * wholeBlockShare)
      return keepWhere(view, selection, test, negative);
    const hits = search.rowsOf(view);
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
  readonly #needles: readonly Needle[];
  #hits = new Uint8Array(1024);
  #found = new Uint32Array(1024);

  constructor(texts: readonly Uint8Array[]) {
    this.#needles = texts.map((text) => new Needle(text));
  }

  /** One byte a row, 1 where the row contains a text. Valid until the next call. */
  rowsOf({ bytes, offsets, count }: BlockView): Uint8Array {
    if (this.#hits.length < count) {
      this.#hits = new Uint8Array(count * 2);
      this.#found = new Uint32Array(count * 2);
    }
    this.#hits.fill(0, 0, count);
    for (const needle of this.#needles) {
      const found = searchRows(bytes, offsets, needle, this.#found);
      for (let i = 0; i < found; i++) this.#hits[this.#found[i]!] = 1;
    }
    return this.#hits;
  }
}
