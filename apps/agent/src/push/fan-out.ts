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

  lines(lines: Lines): void {
    if (lines.labels.size === 0) return this.#refuse();
    if (this.#outlets.length === 1 && lines.count > 0) return this.#alone(lines);
    for (const outlet of this.#outlets) outlet.lines(lines);
  }

  entry(entry: Entry): void {
    if (entry.labels.size === 0) return this.#refuse();
    for (const outlet of this.#outlets) outlet.entry(entry);
  }

  ready(): Promise<void> | undefined {
    const waits = this.#outlets.flatMap((outlet) => outlet.ready() ?? []);
    return waits.length > 0 ? Promise.all(waits).then(() => undefined) : undefined;
  }

  /** With one outlet every batch that it closes may take its origin to the line before which it was closed. */
  #alone(lines: Lines): void {
    lines.origin.read = startOf(lines, 0);
    this.#outlets[0]!.lines(lines);
  }

  #refuse(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#log.warn("entries without any label are dropped");
  }
}
