import type { Logger } from "@ratatosk/observability";
import type { Entry } from "../entry.ts";
import { startOf, type Lines, type Outlet } from "../lines.ts";

/** Gives lines and entries to every outlet. What is left without any label goes nowhere: a server would refuse it. */
export class FanOut implements Outlet {
  readonly #outlets: readonly Outlet[];
  readonly #log: Logger;
  #hasWarned = false;

  constructor(outlets: readonly Outlet[], log: Logger) {
    this.#outlets = outlets;
    this.#log = log;
  }

  /** A batch that an outlet closes takes the origin to its line under way, but not past what others have not got yet. */
  lines(lines: Lines): void {
    if (lines.labels.size === 0) return this.#refuse();
    if (lines.count === 0) return;
    const start = startOf(lines, 0);
    lines.origin.keep(this, start);
    for (const [i, outlet] of this.#outlets.entries()) {
      if (i === this.#outlets.length - 1) lines.origin.keep(this, undefined);
      lines.origin.read = start;
      outlet.lines(lines);
    }
  }

  entry(entry: Entry): void {
    if (entry.labels.size === 0) return this.#refuse();
    for (const outlet of this.#outlets) outlet.entry(entry);
  }

  ready(): Promise<void> | undefined {
    const waits = this.#outlets.flatMap((outlet) => outlet.ready() ?? []);
    return waits.length > 0 ? Promise.all(waits).then(() => undefined) : undefined;
  }

  #refuse(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#log.warn("entries without any label are dropped");
  }
}
