import { setTimeout as sleep } from "node:timers/promises";
import { Entry } from "../entry.ts";
import type { DiscoveredLabels, TargetStatus } from "../files/file-targets.ts";
import type { CursorOrigin } from "../origin.ts";
import { relabel } from "../relabel.ts";
import { readRfc3339 } from "../stages/time-formats.ts";
import type { ContainerDetails, DockerClient } from "./docker-client.ts";
import { CursorTracker, parseCursor, printCursor } from "./docker-cursor.ts";
import { ContainerLines, type ContainerLine } from "./docker-lines.ts";
import { jsonLogLag } from "./json-log-lag.ts";
import type { SourceParts } from "./source.ts";

interface ReaderParts extends SourceParts {
  readonly client: DockerClient;
  readonly origin: CursorOrigin;
  readonly discovered: DiscoveredLabels;
}

const retryMs = 1000;

/** Reads one container's log from where it was left, as long as the container exists. */
export class ContainerReader {
  readonly id: string;
  readonly #parts: ReaderParts;
  readonly #tracker: CursorTracker;
  readonly #labels = new Map<string, Map<string, string> | undefined>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #isRunning = false;
  #isOver = false;
  #logPath: string | undefined;
  #lines = 0;
  #bytes = 0;
  #lastError: string | undefined;

  constructor(parts: ReaderParts, id: string, cursor: string | undefined) {
    this.id = id;
    this.#parts = parts;
    this.#tracker = new CursorTracker(parseCursor(cursor));
    parts.positions.recall(parts.origin);
    parts.positions.track(parts.origin);
  }

  /** The container was seen; one that runs is read on, one that is dead was read to its end. */
  wake(state: string): void {
    const isAlive = state === "running" || state === "paused" || state === "restarting";
    this.#isRunning = isAlive;
    this.#parts.sourceEvents.lag(this.#name, this.#lagBytes);
    if (this.#running || (this.#isOver && !isAlive)) return;
    this.#running = this.#read().finally(() => (this.#running = undefined));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** The container is gone: what was read of it is awaited, then it is forgotten. */
  async finish(): Promise<void> {
    await this.#running;
    while (!this.#parts.origin.isSettled && !this.#stop.signal.aborted) await sleep(200, undefined, { ref: false });
    this.#parts.positions.untrack(this.#parts.origin);
    this.#parts.sourceEvents.lag(this.#name, undefined);
  }

  get #name(): string {
    return this.#parts.discovered.get("__meta_docker_container_name") ?? this.id;
  }

  /** The API does not say how long a log is: known of one that was read to its end, and of a file that can be read from here. */
  get #lagBytes(): number | undefined {
    if (this.#isOver && !this.#isRunning) return 0;
    return this.#logPath === undefined ? undefined : jsonLogLag(this.#logPath, this.#tracker.cursor);
  }

  get status(): TargetStatus {
    const { discovered } = this.#parts;
    const detail = {
      name: this.#name,
      position: printCursor(this.#tracker.cursor),
      lagBytes: this.#lagBytes,
      lines: this.#lines,
      bytes: this.#bytes,
      lastError: this.#lastError,
    };
    const labels = this.#labels.get("stdout") ?? this.#labels.get("stderr") ?? new Map<string, string>();
    return {
      type: "Docker",
      labels,
      discovered,
      isReady: this.#running !== undefined || this.#isOver,
      details: [detail],
    };
  }

  /** Reads until the log ends and the container is dead, or it cannot be read at all. */
  async #read(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#stream(signal);
        this.#lastError = undefined;
        this.#isOver = true;
        if (!this.#isRunning) return;
      } catch (error) {
        if (signal.aborted || !this.#report(error)) return;
      }
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** False where trying again is of no use: the container is gone, or its log driver keeps nothing that can be read. */
  #report(error: unknown): boolean {
    const message = (error as Error).message;
    if (message !== this.#lastError)
      this.#parts.log.warn({ container: this.id.slice(0, 12), err: error }, "error reading the container's log");
    this.#lastError = message;
    this.#isOver ||= !/answered (404|501)|logging driver/.test(message) ? this.#isOver : true;
    return !/answered (404|501)|logging driver/.test(message);
  }

  async #stream(signal: AbortSignal): Promise<void> {
    const { client, sourceEvents, outlet } = this.#parts;
    const details = await client.get<ContainerDetails>(`/containers/${this.id}/json`);
    const isAlive = details.State?.Running ?? true;
    this.#logPath = details.HostConfig.LogConfig.Type === "json-file" ? details.LogPath : undefined;
    const query = {
      follow: isAlive ? "1" : "0",
      stdout: "1",
      stderr: "1",
      timestamps: "1",
      since: String(this.#tracker.cursor.seconds),
    };
    this.#tracker.resume();
    const response = await client.open(`/containers/${this.id}/logs`, query, signal);
    const lines = new ContainerLines(details.Config.Tty);
    for await (const piece of response as AsyncIterable<Buffer>) {
      await outlet.ready();
      this.#give(lines.take(piece));
    }
    this.#give(lines.end());
    if (lines.errors > 0) sourceEvents.count("docker_target_parsing_errors_total", {}, lines.errors);
    this.#isRunning &&= isAlive;
  }

  #give(lines: readonly ContainerLine[]): void {
    const { origin, outlet, sourceEvents } = this.#parts;
    for (const { stream, time, line } of lines) {
      const at = readRfc3339(time);
      if (at === undefined || this.#tracker.isRepeated(at.seconds, at.nanos)) continue;
      this.#tracker.advance(at.seconds, at.nanos);
      const labels = this.#labelsOf(stream);
      const start = origin.read;
      const cursor = printCursor(this.#tracker.cursor);
      const given = origin.past?.of(cursor) ?? 0;
      if (labels) {
        const entry = new Entry(origin, start, start + 1, new Map(labels), line, at);
        entry.given = given;
        outlet.entry(entry);
      }
      origin.advance(start + 1, cursor);
      origin.read = start + 1;
      this.#lines += 1;
      this.#bytes += line.length;
      sourceEvents.count("docker_target_entries_total");
    }
  }

  /** Relabelled once for each stream; undefined where the rules drop it. */
  #labelsOf(stream: string): Map<string, string> | undefined {
    if (this.#labels.has(stream)) return this.#labels.get(stream);
    const { discovered, relabelRules, targetEvents, job } = this.#parts;
    const all = new Map([...discovered, ["__meta_docker_container_log_stream", stream]]);
    const labels = relabel(all, relabelRules);
    if (labels === undefined) targetEvents.failed(job, "dropped", discovered);
    const shown = labels && new Map([...labels].filter(([name, value]) => !name.startsWith("__") && value !== ""));
    this.#labels.set(stream, shown);
    return shown;
  }
}
