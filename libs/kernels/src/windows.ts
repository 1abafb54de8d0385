import { eachGroup, eachWord, groupBits, wordBits } from "./js/mark-windows.ts";
import { kernels } from "./kernels.ts";

/** Which windows of bytes lines hold, as two maps of hashes, a byte each: see `js/mark-windows.ts`. */
export class WindowMarks {
  readonly words = new Uint8Array(2 ** wordBits);
  readonly groups = new Uint8Array(2 ** groupBits);

  /** Adds lines; line i is `lines[offsets[i] … offsets[i + 1] - 1)`. */
  add(lines: Uint8Array, offsets: Uint32Array): void {
    kernels.markWindows(lines, offsets, this.words, this.groups);
  }

  clear(): void {
    this.words.fill(0);
    this.groups.fill(0);
  }
}

/** The hashes that are marked for every line that holds a needle. */
export interface NeedleWindows {
  /** Below 2^17. */
  readonly words: readonly number[];
  /** Below 2^18. */
  readonly groups: readonly number[];
}

/** What the marks of lines hold if one of the lines holds the needle. */
export function needleWindows(needle: Uint8Array): NeedleWindows {
  const words = new Set<number>();
  const groups = new Set<number>();
  eachWord(needle, 0, needle.length, (hash) => words.add(hash));
  eachGroup(needle, 0, needle.length, (hash) => groups.add(hash));
  return { words: [...words], groups: [...groups] };
}

/** How many of the marks, a byte each, are set. */
export const countMarks = (marks: Uint8Array): number => kernels.countMarks(marks);

/** A bitmap (a multiple of eight bits) with bit ⌊hash × bits ÷ marks⌋ set for each mark; bit n is bit n mod 8 of byte n ÷ 8. */
export const foldMarks = (marks: Uint8Array, bits: number): Uint8Array<ArrayBuffer> => kernels.foldMarks(marks, bits);
