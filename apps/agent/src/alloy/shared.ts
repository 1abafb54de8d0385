import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, Registry } from "@ratatosk/observability";
import { DirectoryWatcher } from "../files/directory-watcher.ts";
import { FileEvents } from "../files/file-events.ts";
import { FileReader } from "../files/file-reader.ts";
import type { TargetStatus } from "../files/file-targets.ts";
import { LineScanner } from "../files/line-scanner.ts";
import type { FoundMark } from "../positions.ts";
import type { ServerStatus, Watched } from "../pages/watched.ts";
import { ReadClock } from "../time/instant.ts";
import { ComponentMetrics } from "./metrics.ts";

const durableMs = 25;

/** Who looks after names in directories. */
export interface NameWatcher {
  readonly directories: ReadonlySet<string>;
  namesChanged(directory: string): void;
}

/** What the components of one agent share. */
export class Shared {
  readonly log: Logger;
  readonly storagePath: string;
  readonly metrics = new ComponentMetrics();
  readonly clock = new ReadClock();
  readonly scanner = new LineScanner();
  readonly reader: FileReader;
  /** Marks of batches that an earlier run has left, for the sources to go on from. */
  readonly marks: FoundMark[] = [];
  readonly #watcher: DirectoryWatcher;
  readonly #watchers = new Set<NameWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #cut = 0;

  constructor(log: Logger, storagePath: string) {
    this.log = log;
    this.storagePath = storagePath;
    const events = new FileEvents(log, new Registry());
    this.#watcher = new DirectoryWatcher({
      onChange: (path) => this.reader.changed(path),
      onNames: (directory) => this.#watchers.forEach((one) => one.namesChanged(directory)),
      onError: (directory, error) => events.troubled(directory, error, "directory cannot be watched, polling"),
    });
    this.reader = new FileReader(events, (directory) => this.#watcher.has(directory));
  }

  /** What components read, and what waits for the servers of others, by the component's id. */
  readonly reading = new Map<string, () => readonly TargetStatus[]>();
  readonly sending = new Map<string, () => readonly ServerStatus[]>();

  /** What writers hold goes to disk. */
  readonly writers = new Set<() => Promise<void>>();
  #flushing: Promise<void> | undefined;

  /** Resolves once everything handed on so far is durable; those who wait at about the same time wait for one write. */
  durable(): Promise<void> {
    return (this.#flushing ??= sleep(durableMs).then(async () => {
      this.#flushing = undefined;
      await Promise.all(Array.from(this.writers, (flush) => flush()));
    }));
  }

  /** The number of the next batch, rising over all writers. */
  readonly nextCut = (): number => ++this.#cut;

  /** Batches on disk have numbers up to this. */
  cutUpTo(cut: number): void {
    this.#cut = Math.max(this.#cut, cut);
  }

  /** For `/targets`. */
  get watched(): Watched {
    return {
      targets: Array.from(this.reading, ([job, status]) => ({ job, targets: status() })),
      servers: [...this.sending.values()].flatMap((status) => status()),
    };
  }

  watch(one: NameWatcher): void {
    this.#watchers.add(one);
  }

  unwatch(one: NameWatcher): void {
    this.#watchers.delete(one);
  }

  start(): void {
    this.reader.start();
    this.#timer = setInterval(() => this.#keepDirectories(), 1000);
  }

  async stopReading(): Promise<void> {
    await this.reader.stop();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#watcher.close();
  }

  #keepDirectories(): void {
    this.#watcher.keepOnly(new Set([...this.#watchers].flatMap(({ directories }) => [...directories])));
  }
}
