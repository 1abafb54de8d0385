import type { Entry } from "../entry.ts";
import { eachEntry, type Lines, type Outlet } from "../lines.ts";

/** Gives entries one by one to a function that changes them, and those it does not drop to the next. */
export class EachEntry implements Outlet {
  readonly #keeps: (entry: Entry) => boolean;
  readonly #next: Outlet;

  constructor(keeps: (entry: Entry) => boolean, next: Outlet) {
    this.#keeps = keeps;
    this.#next = next;
  }

  lines(lines: Lines): void {
    eachEntry(lines, (entry) => this.entry(entry));
  }

  entry(entry: Entry): void {
    if (this.#keeps(entry)) this.#next.entry(entry);
  }

  ready(): Promise<void> | undefined {
    return this.#next.ready();
  }
}
