/**
 * How far a container was read: `SECONDS` as Promtail writes it, or `SECONDS.NANOS+COUNT`, the time of the last line and
 * how many lines of that time there were, so that none comes again after `since`, which counts whole seconds.
 */
export interface DockerCursor {
  readonly seconds: number;
  readonly nanos: number;
  readonly count: number;
}

export function parseCursor(text: string | undefined): DockerCursor | undefined {
  const match = /^(\d+)(?:\.(\d{9})\+(\d+))?$/.exec(text ?? "");
  if (match === null) return undefined;
  return { seconds: Number(match[1]), nanos: Number(match[2] ?? 0), count: Number(match[3] ?? 0) };
}

/** Promtail reads what stands before the point. */
export const printCursor = ({ seconds, nanos, count }: DockerCursor): string =>
  `${seconds}.${String(nanos).padStart(9, "0")}+${count}`;

/** Negative for a cursor before another one, 0 for the same; where one has no count, nothing is before it. */
export function compareCursors(one: string, other: string): number {
  const a = parseCursor(one);
  const b = parseCursor(other);
  if (a === undefined || b === undefined) return 1;
  return a.seconds - b.seconds || a.nanos - b.nanos || a.count - b.count;
}

/** Follows lines: says which come again, and where reading stands after each. */
export class CursorTracker {
  #seconds: number;
  #nanos: number;
  #count: number;
  /** Lines of the cursor's time that must still be passed over. */
  #skip = 0;
  #isResumed = false;

  constructor(cursor: DockerCursor | undefined) {
    this.#seconds = cursor?.seconds ?? 0;
    this.#nanos = cursor?.nanos ?? 0;
    this.#count = cursor?.count ?? 0;
    this.resume();
  }

  /** What follows is read anew from the whole second of the cursor on. */
  resume(): void {
    this.#skip = this.#count;
    this.#isResumed = this.#count > 0;
  }

  get cursor(): DockerCursor {
    return { seconds: this.#seconds, nanos: this.#nanos, count: this.#count };
  }

  /** True if the line was read before. */
  isRepeated(seconds: number, nanos: number): boolean {
    if (!this.#isResumed) return false;
    const isBefore = seconds < this.#seconds || (seconds === this.#seconds && nanos < this.#nanos);
    const isSame = seconds === this.#seconds && nanos === this.#nanos;
    return this.#skip > 0 && (isBefore || (isSame && this.#skip-- > 0));
  }

  advance(seconds: number, nanos: number): void {
    this.#skip = 0;
    const isSame = seconds === this.#seconds && nanos === this.#nanos;
    const isLater = seconds > this.#seconds || (seconds === this.#seconds && nanos > this.#nanos);
    if (isSame) this.#count += 1;
    else if (isLater) {
      this.#seconds = seconds;
      this.#nanos = nanos;
      this.#count = 1;
    }
  }
}
