import type { Entry } from "../entry.ts";
import { endOf, type Lines, type Outlet, startOf } from "../lines.ts";

const carriageReturn = 13;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Takes the carriage return off the end of lines, and the byte order mark off the beginning of a file. */
export class CleanLines implements Outlet {
  readonly #next: Outlet;

  constructor(next: Outlet) {
    this.#next = next;
  }

  lines(lines: Lines): void {
    this.#next.lines(needsCleaning(lines) ? cleaned(lines) : lines);
  }

  entry(entry: Entry): void {
    const { bytes } = entry;
    const from = entry.start === 0 && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
    const to = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
    if (from > 0 || to < bytes.length) entry.bytes = bytes.subarray(from, to);
    this.#next.entry(entry);
  }

  ready(): Promise<void> | undefined {
    return this.#next.ready();
  }
}

const hasMark = (lines: Lines): boolean =>
  startOf(lines, 0) === 0 && lines.bytes.subarray(lines.starts[0], lines.ends[0]).subarray(0, 3).equals(byteOrderMark);

function needsCleaning(lines: Lines): boolean {
  const { bytes, starts, ends, count } = lines;
  if (count === 0) return false;
  for (let i = 0; i < count; i++) if (ends[i]! > starts[i]! && bytes[ends[i]! - 1] === carriageReturn) return true;
  return hasMark(lines);
}

/** The same lines in narrower ranges; their places in the file stay. */
function cleaned(lines: Lines): Lines {
  const { bytes, count } = lines;
  const starts = lines.starts.slice(0, count);
  const ends = lines.ends.slice(0, count);
  const offsets = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) {
    offsets[i] = startOf(lines, i);
    if (ends[i]! > starts[i]! && bytes[ends[i]! - 1] === carriageReturn) ends[i]!--;
  }
  offsets[count] = endOf(lines, count - 1);
  if (hasMark(lines)) starts[0]! += byteOrderMark.length;
  return { ...lines, starts, ends, offsets };
}
