import { FewWindows, ManyWindows, type WindowMarks } from "@ratatosk/kernels";
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
  const texts = rows(options.values ?? []);
  const bytes = lines.length + texts.lines.length;
  const marks = windowsFor(bytes);
  marks.clear();
  marks.add(lines, offsets);
  marks.add(texts.lines, texts.offsets);
  return writeSkip({
    words: shrink(marks.words, { fill: wordFill, maxBits: maxWordBits(bytes) }),
    groups: shrink(marks.groups, { fill: groupFill, maxBits: maxGroupBits(bytes) }),
  });
}

/** Of more bytes than these there is so much to mark that maps of all hashes, 400 KiB, are the faster. */
const fewBytes = 4096;
/** Used again for each block. */
let few: FewWindows | undefined;
let many: ManyWindows | undefined;

function windowsFor(bytes: number): WindowMarks {
  return bytes <= fewBytes ? (few ??= new FewWindows()) : (many ??= new ManyWindows());
}

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
