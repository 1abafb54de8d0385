import { watch, type FSWatcher } from "node:fs";
import { join } from "node:path";

/**
 * Watches directories, all through the one inotify instance of the process. It only wakes: what it misses, polling finds,
 * and a directory that cannot be watched is polled.
 */
export class DirectoryWatcher {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #onChange: (path: string) => void;
  readonly #onNames: (directory: string) => void;
  readonly #onError: (directory: string, error: unknown) => void;

  constructor(hooks: {
    /** A file was written or its name changed. */
    onChange: (path: string) => void;
    /** A name came or went. */
    onNames: (directory: string) => void;
    onError: (directory: string, error: unknown) => void;
  }) {
    this.#onChange = hooks.onChange;
    this.#onNames = hooks.onNames;
    this.#onError = hooks.onError;
  }

  has(directory: string): boolean {
    return this.#watchers.has(directory);
  }

  add(directory: string): void {
    if (this.#watchers.has(directory)) return;
    try {
      const watcher = watch(directory, { persistent: false }, (event, name) => {
        if (name !== null) this.#onChange(join(directory, name));
        if (event === "rename") this.#onNames(directory);
      });
      watcher.on("error", () => this.remove(directory));
      this.#watchers.set(directory, watcher);
    } catch (error) {
      // One that is not there yet is told of by whoever looks for files in it.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#onError(directory, error);
    }
  }

  remove(directory: string): void {
    this.#watchers.get(directory)?.close();
    this.#watchers.delete(directory);
  }

  /** Watches these directories and no others. */
  keepOnly(directories: ReadonlySet<string>): void {
    for (const directory of this.#watchers.keys()) if (!directories.has(directory)) this.remove(directory);
    for (const directory of directories) this.add(directory);
  }

  close(): void {
    for (const directory of this.#watchers.keys()) this.remove(directory);
  }
}
