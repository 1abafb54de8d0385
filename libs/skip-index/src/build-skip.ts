import { WindowMarks } from "@ratatosk/kernels";
import { writeSkip } from "./format.ts";
import { shrink } from "./shrink.ts";

export interface SkipOptions {
  /** Texts other than lines that a needle may be looked for in: the values of structured metadata. */
  readonly values?: Iterable<string>;
}

/** Word windows are few and precious, groups many. */
const wordFill = 0.06;
const groupFill = 0.5;
/** At most so many bits: for a block's share of large ones, and a little for small ones. */
const maxWordBits = (bytes: number): number => 2048 + bytes / 32;
const maxGroupBits = (bytes: number): number => 512 + bytes / 4;

/**
 * The skip index of a block's lines (line i is `lines[offsets[i] … offsets[i + 1] - 1)`) and other texts: `mayContain`
 * is true for whatever lies inside one of them.
 */
export function buildSkip(lines: Uint8Array, offsets: Uint32Array, options: SkipOptions = {}): Uint8Array<ArrayBuffer> {
  marks.clear();
  marks.add(lines, offsets);
  let bytes = lines.length;
  if (options.values !== undefined) {
    const texts = rows(options.values);
    marks.add(texts.lines, texts.offsets);
    bytes += texts.lines.length;
  }
  return writeSkip({
    words: shrink(marks.words, { fill: wordFill, maxBits: maxWordBits(bytes) }),
    groups: shrink(marks.groups, { fill: groupFill, maxBits: maxGroupBits(bytes) }),
  });
}

/** Used again for each block: it is 400 KiB. */
const marks = new WindowMarks();

function rows(texts: Iterable<string>): { lines: Uint8Array; offsets: Uint32Array } {
  const parts: Buffer[] = [];
  const offsets = [0];
  for (const text of texts) {
    const line = Buffer.from(`${text}\n`);
    parts.push(line);
    offsets.push(offsets.at(-1)! + line.length);
  }
  return { lines: Buffer.concat(parts), offsets: Uint32Array.from(offsets) };
}
