import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import type { Positions } from "../positions.ts";
import type { FileEvents } from "./file-events.ts";
import { inodeKey, inodeOf } from "./file-identity.ts";
import { openFile } from "./open-file.ts";
import { openRotatedSince } from "./rotated-siblings.ts";
import { TailedFile, type TailedFileParts } from "./tailed-file.ts";

export interface TailerParts extends TailedFileParts {
  readonly positions: Positions;
  readonly events: FileEvents;
  /** A file without a position is read from its end. */
  readonly fromEnd?: boolean | undefined;
}

/** How long an unfinished last line of a file that was rotated away may still be written. */
const restGraceMs = 1000;

/**
 * Follows a path: the file that is there, after it the one that takes its place. Files are opened as soon as they are
 * seen and read one after the other, so that a reader who is held up misses none.
 */
export class Tailer {
  readonly path: string;
  readonly #parts: TailerParts;
  /** The first is read; the others wait. */
  readonly #files: TailedFile[] = [];
  /** Read to their end, their entries not yet safe: the position stays with the oldest of them. */
  readonly #ended: TailedFile[] = [];
  #doneMs = 0;
  #isPathGone = false;
  #needsCheck = true;
  #lines = 0;
  #bytes = 0;
  lastError: string | undefined;

  constructor(parts: TailerParts) {
    this.#parts = parts;
    this.path = parts.path;
  }

  /** Opens what is there. Throws where it cannot be opened. */
  open(): void {
    const fd = openFile(this.path);
    const inode = inodeKey(statSync(this.path));
    this.#openRotated(inode);
    const { positions } = this.#parts;
    const known = positions.fileLeft(inode);
    const text = known?.text ?? (positions.identityAt(this.path) ? undefined : positions.get(this.path));
    const saved = Number(text ?? (this.#parts.fromEnd ? statSync(this.path).size : 0));
    this.#add(fd, { offset: Number.isFinite(saved) ? saved : 0, file: known?.file });
  }

  get inodes(): string[] {
    return this.#files.map(({ inode }) => inode);
  }

  get labels(): ReadonlyMap<string, string> {
    return this.#parts.labels;
  }

  get status(): { offset: number; size: number; lines: number; bytes: number; lag: number } {
    const file = this.#files[0];
    const lag = this.#files.reduce((sum, one) => sum + one.lag, 0);
    return { offset: file?.origin.read ?? 0, size: file?.size ?? 0, lines: this.#lines, bytes: this.#bytes, lag };
  }

  /** Looks whether the path names another file now, and whether there is something to read. */
  check(): boolean {
    this.#needsCheck = true;
    const latest = this.#files.at(-1);
    const found = statSync(this.path, { throwIfNoEntry: false });
    this.#isPathGone = found === undefined;
    if (found && latest && inodeKey(found) !== latest.inode) this.#follow(latest.inode);
    const current = this.#files[0];
    if (current === undefined) return false;
    return this.#files.length > 1 || (found !== undefined && found.size !== current.origin.read) || this.#isPathGone;
  }

  /** Reads a piece; false once there is nothing to read for now. */
  read(nowMs: number): boolean {
    const file = this.#files[0];
    if (file === undefined) return false;
    if (this.#needsCheck) {
      this.#needsCheck = false;
      if (file.isReplaced()) this.#restart(file);
    }
    const current = this.#files[0]!;
    const lines = this.#take(current);
    if (lines > 0) {
      this.#doneMs = 0;
      this.#report(current, lines);
      return true;
    }
    this.settle();
    if (this.#files.length > 1) return this.#finish(current, nowMs);
    this.#report(current, 0);
    return false;
  }

  /** Lets go of files whose entries are safe; the position goes on with the next. */
  settle(): void {
    const { positions } = this.#parts;
    while (this.#ended[0]?.origin.isSettled === true) {
      const { origin } = this.#ended.shift()!;
      positions.remember(origin.file!, origin.textOf(origin.read));
      positions.untrack(origin);
      positions.track((this.#ended[0] ?? this.#files[0]!).origin);
    }
  }

  /** Nothing of it is unread. */
  get isDrained(): boolean {
    return this.#files.length === 1 && this.#isPathGone && this.#files[0]!.lag === 0;
  }

  close(): void {
    const { positions, events } = this.#parts;
    this.settle();
    for (const { origin } of [...this.#ended, ...this.#files]) {
      if (origin.file) positions.remember(origin.file, origin.textOf(origin.read));
      positions.untrack(origin);
    }
    for (const file of this.#files.splice(0)) file.close();
    events.closed(this.path);
  }

  #add(fd: number, left: { offset: number; file: TailedFile["origin"]["file"] }): void {
    const file = new TailedFile(fd, this.#parts, left);
    this.#parts.positions.recall(file.origin);
    if (left.offset > 0 && file.origin.read === 0) this.#parts.events.truncated(this.path);
    this.#files.push(file);
    if (this.#files.length + this.#ended.length === 1) this.#parts.positions.track(file.origin);
  }

  /** The path names a new file: it is opened now, and read after those before it. */
  #follow(latest: string): void {
    try {
      const fd = openSync(this.path, "r");
      this.#openBetween(latest, inodeKey(fstatSync(fd)));
      this.#add(fd, { offset: 0, file: undefined });
    } catch (error) {
      this.lastError = String(error);
    }
  }

  /** The file at the path is not the one that was left: reads the rest of that one first, where it still lies beside it. */
  #openRotated(inode: string): void {
    const left = this.#parts.positions.identityAt(this.path);
    if (left !== undefined && inodeOf(left) !== inode) this.#openBetween(inodeOf(left), inode);
  }

  /** Files that had the path's name from the one with inode `from` to before the one with inode `to`, unless open. */
  #openBetween(from: string, to: string): void {
    const { positions } = this.#parts;
    for (const { fd, inode } of openRotatedSince(this.path, from, to)) {
      if (this.inodes.includes(inode)) {
        closeSync(fd);
        continue;
      }
      const known = positions.fileLeft(inode);
      this.#add(fd, { offset: Number(known?.text ?? 0), file: known?.file });
    }
  }

  /** New content in the file that is open. */
  #restart(file: TailedFile): void {
    this.#parts.events.truncated(this.path);
    const fresh = new TailedFile(openSync(`/proc/self/fd/${file.fd}`, "r"), this.#parts, {
      offset: 0,
      file: undefined,
    });
    this.#files.splice(0, 1, fresh);
    file.close();
    this.#ended.push(file);
    this.settle();
  }

  /** A file that was rotated away and read: its last line may still be finished, then the next one's turn comes. */
  #finish(file: TailedFile, nowMs: number): boolean {
    if (file.lag > 0) {
      this.#doneMs ||= nowMs;
      if (nowMs - this.#doneMs < restGraceMs) return false;
      this.#take(file, true);
    }
    this.#doneMs = 0;
    this.#files.shift();
    file.close();
    this.#ended.push(file);
    this.settle();
    return true;
  }

  /** Reads a piece of a file and says how many lines it held. */
  #take(file: TailedFile, all = false): number {
    const from = file.origin.read;
    const lines = file.read(all);
    this.#lines += lines;
    this.#bytes += file.origin.read - from;
    return lines;
  }

  #report(file: TailedFile, lines: number): void {
    this.#parts.events.read(this.path, lines, file.origin.read, file.size);
  }
}
