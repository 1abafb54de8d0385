import type { FileIdentity } from "./files/file-identity.ts";

/** How far a record of the buffer takes one origin: enough to go on from there after a crash. */
export interface Mark {
  readonly key: string;
  readonly job: string;
  /** Up to here its consumer has everything. */
  readonly mark: number;
  /** Up to here every consumer has everything. */
  readonly safe: number;
  /** `safe` as the positions file writes it. */
  readonly text: string;
  readonly file?: FileIdentity;
}

/** Whoever keeps entries in memory for a while: they are read again after a crash if they are not kept elsewhere by then. */
export type Holder = object;

/**
 * Where entries come from, a file or a container, and how far it has been read. Offsets count upwards; what they count is
 * the origin's affair (bytes, lines). Nothing may be forgotten before `safe` has passed it.
 */
export class Origin {
  /** The key in the positions file. */
  readonly key: string;
  readonly job: string;
  /** Everything before was handed on. */
  read: number;
  /** Whether it has ended and `safe` no longer matters once it is reached. */
  closed = false;
  file: FileIdentity | undefined;
  readonly #held: number[] = [];
  readonly #open = new Map<Holder, number>();

  constructor(key: string, job: string, read = 0) {
    this.key = key;
    this.job = job;
    this.read = read;
  }

  /** A stage keeps an entry that begins at `start`. */
  hold(start: number): void {
    this.#held.push(start);
  }

  release(start: number): void {
    const at = this.#held.indexOf(start);
    if (at >= 0) this.#held.splice(at, 1);
  }

  /** Says from which offset on a holder keeps entries only in memory; undefined that it keeps none. */
  keep(holder: Holder, from: number | undefined): void {
    if (from === undefined) this.#open.delete(holder);
    else this.#open.set(holder, from);
  }

  /** Everything before was given to the consumers or dropped for good. */
  get handed(): number {
    let least = this.read;
    for (const start of this.#held) if (start < least) least = start;
    return least;
  }

  /** Everything before is durable or dropped, if what `except` keeps were durable too. */
  safe(except?: Holder): number {
    let least = this.handed;
    for (const [holder, from] of this.#open) if (holder !== except && from < least) least = from;
    return least;
  }

  /** Nothing of it waits in memory. */
  get isSettled(): boolean {
    return this.#open.size === 0 && this.#held.length === 0;
  }

  /** An offset as the positions file writes it. */
  textOf(offset: number): string {
    return String(offset);
  }

  markFor(holder: Holder): Mark {
    const safe = this.safe(holder);
    const mark = { key: this.key, job: this.job, mark: this.handed, safe, text: this.textOf(safe) };
    return this.file ? { ...mark, file: this.file } : mark;
  }
}

/** An origin whose position is a text that nobody can compute (a cursor); it remembers those that it may still need. */
export class CursorOrigin extends Origin {
  #base: string;
  readonly #cursors: { offset: number; text: string }[] = [];

  constructor(key: string, job: string, cursor: string) {
    super(key, job);
    this.#base = cursor;
  }

  /** From `offset` on, reading begins behind this cursor. */
  advance(offset: number, cursor: string): void {
    this.#cursors.push({ offset, text: cursor });
  }

  override textOf(offset: number): string {
    let passed = 0;
    while (passed < this.#cursors.length && this.#cursors[passed]!.offset <= offset) passed++;
    const text = passed > 0 ? this.#cursors[passed - 1]!.text : this.#base;
    const done = this.safe();
    let old = 0;
    while (old < passed && this.#cursors[old]!.offset <= done) old++;
    if (old > 0) {
      this.#base = this.#cursors[old - 1]!.text;
      this.#cursors.splice(0, old);
    }
    return text;
  }
}
