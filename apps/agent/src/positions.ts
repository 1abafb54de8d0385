import { copyFile, readFile, stat } from "node:fs/promises";
import { existsSync } from "node:fs";
import { crc32 } from "node:zlib";
import { writeDurably } from "@ratatosk/disk-queue";
import type { Logger } from "@ratatosk/observability";
import type { FileIdentity } from "./files/file-identity.ts";
import { inodeOf } from "./files/file-identity.ts";
import { markKey, type Mark, type Origin } from "./origin.ts";
import type { BranchAhead } from "./past.ts";
import { parsePositions, printPositions } from "./positions-file.ts";

export interface PositionsConfig {
  readonly filename: string;
  readonly syncPeriodMs: number;
  readonly ignoreInvalidYaml: boolean;
  /** Never written: a dry run. */
  readonly readOnly: boolean;
}

/** What a consumer's buffer says of an origin, after a restart. */
export type FoundMark = Mark & {
  readonly consumer: string;
  /** Counts the records of all consumers. */
  readonly cut: number;
  /** Its record is no longer there: the positions file says where to go on. */
  readonly isKept: boolean;
};

/** Where a file was left: found again by path, or by inode under another name. */
interface Left {
  readonly text: string;
  readonly file?: FileIdentity;
}

/**
 * How far everything has been read. The positions file is Promtail's, read and written; beside it lies what Promtail does
 * not know, by what files are recognised. What records of the buffer say beyond the last write is learned from them.
 */
export class Positions {
  readonly #config: PositionsConfig;
  readonly #log: Logger;
  readonly #saved = new Map<string, string>();
  readonly #files = new Map<string, Left>();
  readonly #identities = new Map<string, FileIdentity>();
  readonly #origins = new Set<Origin>();
  readonly #aheads = new Map<string, Map<string, BranchAhead>>();
  readonly #forgotten = new Set<string>();
  #written = "";
  #onDisk: string | undefined;
  #failed = false;

  constructor(config: PositionsConfig, log: Logger) {
    this.#config = config;
    this.#log = log;
  }

  /** Reads the file. Throws where it is no YAML and that may not be ignored. */
  async load(): Promise<void> {
    const { filename, ignoreInvalidYaml } = this.#config;
    const { files, cursors, unfinished } = parseState(await readFile(`${filename}.state`, "utf8").catch(() => "{}"));
    this.#onDisk = await readFile(filename, "utf8").catch(() => undefined);
    // The state was written, the positions that belong to it were not.
    const text = unfinished?.over === sumOf(this.#onDisk) ? unfinished.positions : this.#onDisk;
    const backup = await readFile(`${filename}.bak`, "utf8").catch(() => undefined);
    for (const [key, value] of parsePositions(text, backup, { filename, ignoreInvalidYaml, log: this.#log }))
      this.#saved.set(key, value);
    for (const [key, cursor] of Object.entries(cursors))
      if (shortText(cursor) === this.#saved.get(key)) this.#saved.set(key, cursor);
    for (const [key, file] of Object.entries(files)) {
      const at = this.#saved.get(key);
      if (at === undefined) this.#forgotten.add(key);
      else this.#know(key, at, file);
    }
  }

  /** Marks that were found on disk. */
  learn(marks: readonly FoundMark[]): void {
    for (const mark of marks.toSorted((a, b) => a.cut - b.cut)) {
      const { key, text, file, isKept } = mark;
      // Whoever removed the entry wants the file to be read again.
      if (this.#forgotten.has(key) || (isKept && !this.#saved.has(key))) continue;
      this.#noteAhead(mark);
      if (isKept) continue;
      this.#saved.set(key, text);
      if (file) this.#know(key, text, file);
    }
  }

  #noteAhead(mark: FoundMark): void {
    const ahead = mark.ahead ?? (mark.file ? { upTo: mark.mark, held: [] } : undefined);
    if (ahead === undefined) return;
    const { consumer, branch = "" } = mark;
    const known = this.#aheads.get(markKey(mark)) ?? new Map<string, BranchAhead>();
    this.#aheads.set(markKey(mark), known.set(`${consumer} ${branch}`, { ...ahead, consumer, branch }));
  }

  /** Tells an origin what consumers have of it beyond its position. */
  recall(origin: Origin): void {
    const aheads = this.#aheads.get(markKey(origin));
    if (aheads) origin.recall([...aheads.values()]);
  }

  #know(key: string, text: string, file: FileIdentity): void {
    this.#files.set(inodeOf(file), { text, file });
    this.#identities.set(key, file);
  }

  /** What the file says of a key. */
  get(key: string): string | undefined {
    return this.#saved.get(key);
  }

  /** Where the file with this inode was left, under whatever name. */
  fileLeft(inode: string): Left | undefined {
    return this.#files.get(inode);
  }

  /** The file that was known under this path. */
  identityAt(key: string): FileIdentity | undefined {
    return this.#identities.get(key);
  }

  /** A file is let go: it may be found again under another name. */
  remember(file: FileIdentity, text: string): void {
    this.#files.set(inodeOf(file), { text, file });
  }

  track(origin: Origin): void {
    this.#origins.add(origin);
  }

  /** An origin has ended; its position is taken over once it is safe. */
  untrack(origin: Origin): void {
    origin.closed = true;
    if (!origin.isSettled || !this.#origins.has(origin)) return;
    this.#origins.delete(origin);
    this.#saved.set(origin.key, origin.textOf(origin.safe()));
  }

  /** The position of this key is no longer wanted. */
  forget(key: string): void {
    this.#saved.delete(key);
  }

  /** Writes what is safe now, if it differs from what was written. */
  async sync(): Promise<void> {
    if (this.#config.readOnly) return;
    for (const origin of this.#origins) if (origin.closed) this.untrack(origin);
    const least = new Map<string, { origin: Origin; safe: number }>();
    for (const origin of this.#origins) {
      const safe = origin.safe();
      const known = least.get(origin.key);
      if (known === undefined || safe < known.safe) least.set(origin.key, { origin, safe });
    }
    for (const [key, { origin, safe }] of least) this.#saved.set(key, origin.textOf(safe));
    for (const key of this.#saved.keys())
      if (!least.has(key) && isFileKey(key) && !existsSync(key)) this.#saved.delete(key);
    const text = printPositions(new Map([...this.#saved].map(([key, one]) => [key, shortText(one)])));
    if (text === this.#written) return;
    await this.#write(text, least);
  }

  async #write(text: string, least: ReadonlyMap<string, { origin: Origin }>): Promise<void> {
    const { filename } = this.#config;
    try {
      const size = await stat(filename).then(
        (found) => found.size,
        () => 0,
      );
      if (size > 0 && this.#written !== "") await copyFile(filename, `${filename}.bak`);
      const files = [...least].flatMap(([key, { origin }]) => (origin.file ? [[key, origin.file] as const] : []));
      const cursors = [...this.#saved].filter(([, one]) => shortText(one) !== one);
      const state = { files: Object.fromEntries(files), cursors: Object.fromEntries(cursors) };
      const unfinished = { over: sumOf(this.#onDisk), positions: text };
      await writeDurably(`${filename}.state`, JSON.stringify({ ...state, unfinished }));
      await writeDurably(filename, text);
      this.#onDisk = text;
      await writeDurably(`${filename}.state`, JSON.stringify(state));
      this.#written = text;
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#log.error({ err: error, filename }, "cannot write the positions file");
      this.#failed = true;
    }
  }
}

/** Keys of sources that are no files stay though no file has their name. */
const isFileKey = (key: string): boolean => !key.startsWith("cursor-") && !key.startsWith("journal-");

/** Cursors of containers in Promtail's whole seconds; what they say beyond stands in the state. */
const shortText = (text: string): string => /^(\d+)\.\d{9}\+\d+$/.exec(text)?.[1] ?? text;

interface State {
  readonly files: Readonly<Record<string, FileIdentity>>;
  readonly cursors: Readonly<Record<string, string>>;
  /** Positions that were about to be written, and the checksum of those that they were to replace: the two go together. */
  readonly unfinished?: { readonly over: number; readonly positions: string } | undefined;
}

/** -1 where there is no file. */
const sumOf = (text: string | undefined): number => (text === undefined ? -1 : crc32(text));

function parseState(text: string): State {
  try {
    const { files = {}, cursors = {}, unfinished } = JSON.parse(text) as Partial<State>;
    return { files, cursors, unfinished };
  } catch {
    return { files: {}, cursors: {} };
  }
}
