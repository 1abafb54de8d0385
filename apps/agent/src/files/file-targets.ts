import { hostname } from "node:os";
import { dirname, resolve } from "node:path";
import { realpathSync, statSync } from "node:fs";
import type { Outlet } from "../lines.ts";
import type { Positions } from "../positions.ts";
import type { RelabelRule } from "../relabel.ts";
import { relabel } from "../relabel.ts";
import type { TargetEvents } from "../target-events.ts";
import type { ReadClock } from "../time/instant.ts";
import { CompressedFile } from "./compressed-file.ts";
import type { FileConfig } from "./file-config.ts";
import type { FileEvents } from "./file-events.ts";
import type { FileReader } from "./file-reader.ts";
import { expandGlob, matchesGlob } from "./glob.ts";
import { inodeKey } from "./file-identity.ts";
import type { LineScanner } from "./line-scanner.ts";
import { Tailer } from "./tailer.ts";

/** What a discovery has found: labels, among them `__path__`. */
export type DiscoveredLabels = ReadonlyMap<string, string>;

export interface FileTargetsParts {
  readonly config: FileConfig;
  readonly relabelRules: readonly RelabelRule[];
  readonly positions: Positions;
  readonly fileEvents: FileEvents;
  readonly targetEvents: TargetEvents;
  readonly reader: FileReader;
  readonly scanner: LineScanner;
  readonly clock: ReadClock;
  readonly outlet: Outlet;
}

interface Target {
  readonly key: string;
  readonly path: string;
  readonly exclude: string | undefined;
  readonly labels: Map<string, string>;
  readonly discovered: DiscoveredLabels;
  readonly tailers: Map<string, Tailer | CompressedFile>;
  /** What keeps paths from being read. */
  problems: Map<string, string>;
}

/** What `/targets` shows of a target. */
export interface TargetStatus {
  readonly type: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly discovered: DiscoveredLabels;
  readonly isReady: boolean;
  readonly details: readonly TargetDetail[];
}

export interface TargetDetail {
  readonly name: string;
  readonly position: string;
  /** Undefined where nobody can tell. */
  readonly lagBytes: number | undefined;
  /** Lines and their bytes read since the agent has started. */
  readonly lines: number;
  readonly bytes: number;
  readonly lastError: string | undefined;
}

/** The file targets of one job: from discovered labels to files that are read. */
export class FileTargets {
  readonly #parts: FileTargetsParts;
  readonly #targets = new Map<string, Target>();
  readonly #ownHost = process.env["HOSTNAME"] ?? hostname();
  /** Directories in which files of this job may appear. */
  readonly directories = new Set<string>();
  #syncing: Promise<void> = Promise.resolve();

  constructor(parts: FileTargetsParts) {
    this.#parts = parts;
  }

  /** Takes what discovery has found in place of what it found before. */
  discovered(groups: Iterable<DiscoveredLabels>): void {
    const kept = new Set<string>();
    const { targetEvents, config } = this.#parts;
    targetEvents.beginJob(config.job);
    for (const found of groups) {
      const target = this.#accept(found);
      if (target === undefined) continue;
      if (kept.has(target.key)) targetEvents.failed(config.job, "exists", found);
      kept.add(target.key);
      if (this.#targets.has(target.key)) continue;
      this.#targets.set(target.key, target);
      targetEvents.activated();
    }
    for (const target of this.#targets.values()) if (!kept.has(target.key)) this.#drop(target);
  }

  /** Looks which files there are now. */
  sync(): Promise<void> {
    return (this.#syncing = this.#syncing.then(() => this.#sync()));
  }

  get status(): TargetStatus[] {
    return [...this.#targets.values()].map((target) => ({
      type: "File",
      labels: target.labels,
      discovered: target.discovered,
      isReady: target.tailers.size > 0,
      details: [...[...target.tailers.values()].map(detailOf), ...[...target.problems].map(problemDetail)],
    }));
  }

  stop(): void {
    for (const target of this.#targets.values()) this.#drop(target);
  }

  #accept(found: DiscoveredLabels): Target | undefined {
    const { targetEvents, config, relabelRules } = this.#parts;
    const labels = relabel(new Map(found), relabelRules);
    const fail = (reason: "dropped" | "wrong_host" | "no_path"): undefined =>
      targetEvents.failed(config.job, reason, found);
    if (labels === undefined) return fail("dropped");
    const host = labels.get("__host__");
    if (host !== undefined && host !== this.#ownHost) return fail("wrong_host");
    const path = labels.get("__path__");
    if (path === undefined || path === "") return fail("no_path");
    const exclude = labels.get("__path_exclude__");
    const shown = new Map([...labels].filter(([name, value]) => !name.startsWith("__") && value !== ""));
    const key = JSON.stringify([path, exclude, [...shown].sort(([a], [b]) => (a < b ? -1 : 1))]);
    return {
      key,
      path: resolve(path),
      exclude,
      labels: shown,
      discovered: found,
      tailers: new Map(),
      problems: new Map(),
    };
  }

  async #sync(): Promise<void> {
    const { fileEvents } = this.#parts;
    this.directories.clear();
    for (const target of this.#targets.values()) {
      const problems = new Map<string, string>();
      const found = await expandGlob(target.path, {
        onError: (path, error) => {
          problems.set(path, `directory cannot be read: ${(error as Error).message}`);
          fileEvents.troubled(path, error, "directory cannot be read");
        },
        onDirectory: (path) => this.directories.add(resolve(path)),
      });
      const { exclude } = target;
      const paths = exclude ? found.filter((path) => !matchesGlob(exclude, path)) : found;
      if (paths.length === 0 && problems.size === 0) {
        problems.set(target.path, nothingFound);
        fileEvents.troubled(target.path, undefined, nothingFound);
      }
      target.problems = problems;
      this.#follow(target, paths);
    }
  }

  #follow(target: Target, paths: readonly string[]): void {
    const wanted = new Set(paths);
    for (const [path, tailer] of target.tailers) {
      if (wanted.has(path)) this.#retry(target, path, tailer);
      else if (!(tailer instanceof Tailer) || tailer.isDrained || this.#isExcluded(target, path))
        this.#close(target, path);
    }
    for (const path of paths) {
      if (target.tailers.has(path)) continue;
      // A file that was renamed is still read under its old name.
      const found = statSync(path, { throwIfNoEntry: false });
      if (found && this.#isRead(target, inodeKey(found)) && !isLink(path)) continue;
      this.#open(target, path);
    }
  }

  #isRead(target: Target, inode: string): boolean {
    return target.tailers.values().some((one) => one instanceof Tailer && one.inodes.includes(inode));
  }

  #isExcluded(target: Target, path: string): boolean {
    return statSync(path, { throwIfNoEntry: false }) !== undefined && !matchesGlob(target.path, path);
  }

  #retry(target: Target, path: string, tailer: Tailer | CompressedFile): void {
    if (tailer instanceof CompressedFile && tailer.mayBeWhole) {
      tailer.close();
      target.tailers.delete(path);
    }
  }

  #open(target: Target, path: string): void {
    const { config, fileEvents, targetEvents, reader, outlet } = this.#parts;
    const labels = new Map(target.labels).set("filename", path);
    const parts = {
      ...this.#parts,
      path,
      job: config.job,
      labels,
      encoding: config.encoding,
      events: fileEvents,
      fromEnd: config.fromEnd,
    };
    try {
      if (config.decompression) {
        const file = new CompressedFile({ ...parts, ...config.decompression });
        target.tailers.set(path, file);
        void file.read();
        return;
      }
      const tailer = new Tailer(parts);
      tailer.open();
      target.tailers.set(path, tailer);
      fileEvents.opened(path, tailer.status.offset);
      this.directories.add(dirname(realpathSync(path)));
      reader.add(tailer, outlet, config);
    } catch (error) {
      target.problems.set(path, `file cannot be opened: ${(error as Error).message}`);
      targetEvents.failed(config.job, "error", target.discovered);
      fileEvents.troubled(path, error, "file cannot be opened");
    }
  }

  #close(target: Target, path: string): void {
    const tailer = target.tailers.get(path);
    if (tailer === undefined) return;
    target.tailers.delete(path);
    if (tailer instanceof Tailer) this.#parts.reader.remove(tailer);
    tailer.close();
  }

  #drop(target: Target): void {
    for (const path of target.tailers.keys()) this.#close(target, path);
    this.#targets.delete(target.key);
    this.#parts.targetEvents.deactivated();
  }
}

const nothingFound = "no files matched requested path";

const isLink = (path: string): boolean => realpathSync(path) !== path;

function detailOf(tailer: Tailer | CompressedFile): TargetDetail {
  if (tailer instanceof CompressedFile) {
    const { read } = tailer.origin;
    const { path: name, lines, bytes, lastError } = tailer;
    return { name, position: String(read), lagBytes: 0, lines, bytes, lastError };
  }
  const { offset, lag, lines, bytes } = tailer.status;
  return { name: tailer.path, position: String(offset), lagBytes: lag, lines, bytes, lastError: tailer.lastError };
}

const problemDetail = ([name, lastError]: [string, string]): TargetDetail => ({
  name,
  position: "",
  lagBytes: 0,
  lines: 0,
  bytes: 0,
  lastError,
});
