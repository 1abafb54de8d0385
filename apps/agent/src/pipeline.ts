import { Entry } from "./entry.ts";
import { endOf, startOf, type Lines, type Outlet } from "./lines.ts";
import type { Stage } from "./stages/stage.ts";
import { addNanos } from "./time/instant.ts";

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
    if (this.#stages.length === 0) return this.#next.lines(lines);
    const { origin, labels, bytes, starts, ends, count, time } = lines;
    for (let i = 0; i < count; i++) {
      const line = Buffer.from(bytes.subarray(starts[i], ends[i]));
      const start = startOf(lines, i);
      origin.read = start;
      this.#run(new Entry(origin, start, endOf(lines, i), new Map(labels), line, addNanos(time, i)));
    }
    if (count > 0) origin.read = endOf(lines, count - 1);
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
