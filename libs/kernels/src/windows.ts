import { eachGroup, eachWord, groupBits, wordBits } from "./js/mark-windows.ts";
import { kernels } from "./kernels.ts";
import { MarkList } from "./mark-list.ts";
import { MarkMap } from "./mark-map.ts";

/** Hashes below `of` that are marked. */
export interface Marks {
  readonly of: number;
  readonly count: number;
  /** A bitmap (a multiple of eight bits) with bit ⌊hash × bits ÷ of⌋ set for each mark; bit n is bit n mod 8 of byte n ÷ 8. */
  fold(bits: number): Uint8Array<ArrayBuffer>;
}

/** Which windows of bytes lines hold: see `js/mark-windows.ts`. */
export interface WindowMarks {
  readonly words: Marks;
  readonly groups: Marks;
  /** Adds lines; line i is `lines[offsets[i] … offsets[i + 1] - 1)`. */
  add(lines: Uint8Array, offsets: Uint32Array): void;
  clear(): void;
}

/** For much text: a byte for each hash. */
export class ManyWindows implements WindowMarks {
  readonly words = new MarkMap(2 ** wordBits);
  readonly groups = new MarkMap(2 ** groupBits);

  add(lines: Uint8Array, offsets: Uint32Array): void {
    kernels.markWindows(lines, offsets, this.words.map, this.groups.map);
  }

  clear(): void {
    this.words.map.fill(0);
    this.groups.map.fill(0);
  }
}

/** For little text: what it takes goes with the text, not with the number of hashes. */
export class FewWindows implements WindowMarks {
  readonly words = new MarkList(2 ** wordBits);
  readonly groups = new MarkList(2 ** groupBits);

  add(lines: Uint8Array, offsets: Uint32Array): void {
    for (let row = 0; row + 1 < offsets.length; row++) {
      const end = offsets[row + 1]! - 1;
      eachWord(lines, offsets[row]!, end, (hash) => this.words.add(hash));
      eachGroup(lines, offsets[row]!, end, (hash) => this.groups.add(hash));
    }
  }

  clear(): void {
    this.words.clear();
    this.groups.clear();
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
