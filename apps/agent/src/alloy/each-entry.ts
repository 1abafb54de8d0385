import { Entry } from "../entry.ts";
import { endOf, startOf, type Lines, type Outlet } from "../lines.ts";
import { addNanos } from "../time/instant.ts";

/** Gives entries one by one to a function that changes them, and those it does not drop to the next. */
export class EachEntry implements Outlet {
  readonly #keeps: (entry: Entry) => boolean;
  readonly #next: Outlet;

  constructor(keeps: (entry: Entry) => boolean, next: Outlet) {
    this.#keeps = keeps;
    this.#next = next;
  }

  lines(lines: Lines): void {
    const { origin, bytes, starts, ends, count, time, labels } = lines;
    for (let i = 0; i < count; i++) {
      const line = Buffer.from(bytes.subarray(starts[i], ends[i]));
      const start = startOf(lines, i);
      origin.read = start;
      this.entry(new Entry(origin, start, endOf(lines, i), new Map(labels), line, addNanos(time, i)));
    }
    if (count > 0) origin.read = endOf(lines, count - 1);
  }

  entry(entry: Entry): void {
    if (this.#keeps(entry)) this.#next.entry(entry);
  }

  ready(): Promise<void> | undefined {
    return this.#next.ready();
  }
}
