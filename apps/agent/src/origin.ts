import type { FileIdentity } from "./files/file-identity.ts";
import { type Ahead, type BranchAhead, Past } from "./past.ts";

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
  /** The way that its consumer's entries took, where entries are given to several. */
  readonly branch?: string;
}

/** What a mark is about: the content of a file under whatever name, or what has the key. */
export const markKey = ({ job, key, file }: Pick<Mark, "job" | "key"> & { file?: FileIdentity | undefined }): string =>
  `${job}\0${file?.id ?? key}`;

/** What a mark is about, on one branch. */
export const branchKey = (mark: Pick<Mark, "job" | "key" | "file" | "branch">): string =>
  `${markKey(mark)}\0${mark.branch ?? ""}`;

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
  /** Which way entries have come that are of this branch; empty for the origin itself. */
  readonly branch: string;
  readonly #root: Origin;
  readonly #parent: Origin | undefined;
  readonly #branches = new Map<string, Origin>();
  #read: number;
  #closed = false;
  #file: FileIdentity | undefined;
  #past: Past | undefined;
  readonly #held = new Set<Held>();
  readonly #open = new Map<Holder, number>();

  constructor(key: string, job: string, read = 0, from?: { readonly parent: Origin; readonly branch: string }) {
    this.key = key;
    this.job = job;
    this.branch = from?.branch ?? "";
    this.#parent = from?.parent;
    this.#root = from ? from.parent.#root : this;
    this.#read = read;
  }

  /**
   * The origin for one of several that are given its entries: what stages hold back on one branch others may have. Named
   * alike by every run.
   */
  branchTo(name: string): Origin {
    const known = this.#branches.get(name);
    if (known) return known;
    const branch = this.branch === "" ? name : `${this.branch}/${name}`;
    const made = new Origin(this.key, this.job, 0, { parent: this, branch });
    this.#branches.set(name, made);
    return made;
  }

  /** Everything before was handed on. */
  get read(): number {
    return this.#root.#read;
  }

  set read(offset: number) {
    this.#root.#read = offset;
  }

  /** Whether it has ended and `safe` no longer matters once it is reached. */
  get closed(): boolean {
    return this.#root.#closed;
  }

  set closed(isClosed: boolean) {
    this.#root.#closed = isClosed;
  }

  get file(): FileIdentity | undefined {
    return this.#root.#file;
  }

  set file(file: FileIdentity | undefined) {
    this.#root.#file = file;
  }

  /** What an earlier run has brought into buffers beyond the position from which this one reads. */
  get past(): Past | undefined {
    return this.#root.#past;
  }

  set past(past: Past | undefined) {
    this.#root.#past = past;
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

  /** Everything before was given to the consumers of this branch or dropped for good. */
  get handed(): number {
    let least = this.read;
    for (const { start } of this.#heldOnTheWay()) if (start < least) least = start;
    return least;
  }

  /** Everything before is durable or dropped on every branch, if what `except` keeps were durable too. */
  safe(except?: Holder): number {
    return this.#root.#leastKept(this.read, except);
  }

  #leastKept(upTo: number, except: Holder | undefined): number {
    let least = upTo;
    for (const { start } of this.#held) if (start < least) least = start;
    for (const [holder, from] of this.#open) if (holder !== except && from < least) least = from;
    for (const branch of this.#branches.values()) least = branch.#leastKept(least, except);
    return least;
  }

  /** Nothing of it waits in memory. */
  get isSettled(): boolean {
    return this.#root.#isAllSettled();
  }

  #isAllSettled(): boolean {
    if (this.#open.size > 0 || this.#held.size > 0) return false;
    return [...this.#branches.values()].every((branch) => branch.#isAllSettled());
  }

  /** An offset as the positions file writes it. */
  textOf(offset: number): string {
    return this.#root === this ? String(offset) : this.#root.textOf(offset);
  }

  markFor(holder: Holder): Mark {
    const { key, job, file, handed, branch } = this;
    const safe = this.safe(holder);
    const ahead = this.#root.aheadOf(safe, this.#heldLines());
    const mark = { key, job, mark: handed, safe, text: this.textOf(safe) };
    return { ...mark, ...(file ? { file } : {}), ...(ahead ? { ahead } : {}), ...(branch === "" ? {} : { branch }) };
  }

  /** Takes up what earlier runs have said of it. */
  recall(aheads: readonly BranchAhead[]): void {
    this.past = new Past(aheads, (place, upTo) => (place < upTo ? -1 : 1));
  }

  protected aheadOf(_safe: number, held: readonly number[] | undefined): Ahead | undefined {
    return held && held.length > 0 ? { upTo: this.read, held } : undefined;
  }

  /** Where lines begin that wait in stages; undefined where they are too many. */
  #heldLines(): number[] | undefined {
    const lines: number[] = [];
    for (const { start, rest } of this.#heldOnTheWay()) {
      if (lines.length + rest.length >= maxHeldLines) return undefined;
      lines.push(start, ...rest);
    }
    return lines;
  }

  /** What waits on this branch, and before it parts from others. */
  *#heldOnTheWay(): Iterable<Held> {
    yield* this.#held;
    if (this.#parent) yield* this.#parent.#heldOnTheWay();
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

  override recall(aheads: readonly BranchAhead[]): void {
    this.past = new Past(aheads, (place, upTo) => this.#compare(String(place), String(upTo)));
  }

  /** A line is known by the cursor behind it. */
  protected override aheadOf(safe: number, lines: readonly number[] | undefined): Ahead | undefined {
    if (lines === undefined || safe >= this.read) return undefined;
    const starts = new Set(lines);
    const held = this.#cursors.filter(({ offset }) => starts.has(offset - 1)).map(({ text }) => text);
    return { upTo: this.textOf(this.read), held };
  }
}
