import type { Entry } from "./entry.ts";
import { eachEntry, type Lines, type Outlet } from "./lines.ts";
import type { Stage } from "./stages/stage.ts";

/** The stages of a job. Without any, lines pass as they were read. */
export class Pipeline implements Outlet {
  readonly #stages: readonly Stage[];
  readonly #next: Outlet;
  readonly #run: (entry: Entry) => void;

  constructor(stages: readonly Stage[], next: Outlet) {
    this.#stages = stages;
    this.#next = next;
    this.#run = connect(stages, (entry) => next.entry(entry));
  }

  lines(lines: Lines): void {
    if (this.#stages.length === 0) this.#next.lines(lines);
    else eachEntry(lines, this.#run);
  }

  entry(entry: Entry): void {
    if (this.#stages.length === 0) this.#next.entry(entry);
    else this.#run(entry);
  }

  ready(): Promise<void> | undefined {
    for (const stage of this.#stages) {
      const wait = stage.ready?.();
      if (wait) return wait;
    }
    return this.#next.ready();
  }

  /** Lets go of what stages hold back. */
  flush(): void {
    for (const stage of this.#stages) stage.flush?.();
  }

  close(): void {
    for (const stage of this.#stages) stage.close?.();
  }
}

/** Makes one function of stages: what a stage emits is the next one's input. */
export function connect(stages: readonly Stage[], last: (entry: Entry) => void): (entry: Entry) => void {
  let next = last;
  for (const stage of stages.toReversed()) {
    const emit = next;
    stage.connect?.(emit);
    next = (entry) => stage.process(entry, emit);
  }
  return next;
}
