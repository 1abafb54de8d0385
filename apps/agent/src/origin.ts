import type { FileIdentity } from "./files/file-identity.ts";
import { Past, type Ahead } from "./past.ts";

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
  /** What its consumer has beyond `safe`, where a file's `mark` does not say it. */
  readonly ahead?: Ahead;
}

/** What a mark is about: the content of a file under whatever name, or what has the key. */
export const markKey = ({ job, key, file }: Pick<Mark, "job" | "key"> & { file?: FileIdentity | undefined }): string =>
  `${job}\0${file?.id ?? key}`;

/** Whoever keeps entries in memory for a while: they are read again after a crash if they are not kept elsewhere by then. */
export type Holder = object;

/** Lines that wait in a stage: where they begin, in order. */
export interface Held {
  readonly start: number;
  readonly rest: readonly number[];
}

/** Lines of one origin of which an entry is made. */
export interface Part extends Held {
  readonly origin: Origin;
}

/** More lines than these that wait in stages come again after a crash together with those between them. */
const maxHeldLines = 10_000;

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
  /** What an earlier run has brought into buffers beyond the position from which this one reads. */
  past: Past | undefined;
  readonly #held = new Set<Held>();
  readonly #open = new Map<Holder, number>();

  constructor(key: string, job: string, read = 0) {
    this.key = key;
    this.job = job;
    this.read = read;
  }

  /** A stage keeps these lines until they are released. */
  hold(held: Held): void {
    this.#held.add(held);
  }

  release(held: Held): void {
    this.#held.delete(held);
  }

  /** Says from which offset on a holder keeps entries only in memory; undefined that it keeps none. */
  keep(holder: Holder, from: number | undefined): void {
    if (from === undefined) this.#open.delete(holder);
    else this.#open.set(holder, from);
  }

  /** Everything before was given to the consumers or dropped for good. */
  get handed(): number {
    let least = this.read;
    for (const { start } of this.#held) if (start < least) least = start;
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
    return this.#open.size === 0 && this.#held.size === 0;
  }

  /** An offset as the positions file writes it. */
  textOf(offset: number): string {
    return String(offset);
  }

  markFor(holder: Holder): Mark {
    const { key, job, file, handed } = this;
    const safe = this.safe(holder);
    const ahead = this.aheadOf(safe);
    const mark = { key, job, mark: handed, safe, text: this.textOf(safe) };
    return { ...mark, ...(file ? { file } : {}), ...(ahead ? { ahead } : {}) };
  }

  /** Takes up what earlier runs have said of it. */
  recall(aheads: ReadonlyMap<string, Ahead>): void {
    this.past = new Past(aheads, (place, upTo) => (place < upTo ? -1 : 1));
  }

  protected aheadOf(_safe: number): Ahead | undefined {
    const held = this.heldLines();
    return held && held.length > 0 ? { upTo: this.read, held } : undefined;
  }

  /** Where lines begin that wait in stages; undefined where they are too many. */
  protected heldLines(): number[] | undefined {
    const lines: number[] = [];
    for (const { start, rest } of this.#held) {
      if (lines.length + rest.length >= maxHeldLines) return undefined;
      lines.push(start, ...rest);
    }
    return lines;
  }
}

/** An origin whose position is a text that nobody can compute (a cursor); it remembers those that it may still need. */
export class CursorOrigin extends Origin {
  #base: string;
  readonly #cursors: { offset: number; text: string }[] = [];
  readonly #compare: (cursor: string, upTo: string) => number;

  /** `compare` is negative for a cursor before another, 0 for the same, and positive for one behind it. */
  constructor(key: string, job: string, cursor: string, compare: (cursor: string, upTo: string) => number) {
    super(key, job);
    this.#base = cursor;
    this.#compare = compare;
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

  override recall(aheads: ReadonlyMap<string, Ahead>): void {
    this.past = new Past(aheads, (place, upTo) => this.#compare(String(place), String(upTo)));
  }

  /** A line is known by the cursor behind it. */
  protected override aheadOf(safe: number): Ahead | undefined {
    const lines = this.heldLines();
    if (lines === undefined || safe >= this.read) return undefined;
    const starts = new Set(lines);
    const held = this.#cursors.filter(({ offset }) => starts.has(offset - 1)).map(({ text }) => text);
    return { upTo: this.textOf(this.read), held };
  }
}
