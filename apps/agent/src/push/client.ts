import { createHash } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { DiskQueue } from "@ratatosk/disk-queue";
import { compareText, formatLabels } from "@ratatosk/model";
import type { Entry } from "../entry.ts";
import { startOf, type Lines, type Outlet } from "../lines.ts";
import { branchKey } from "../origin.ts";
import type { FoundMark } from "../positions.ts";
import type { BufferConfig, ClientConfig } from "./client-config.ts";
import { Consumer, type ConsumerQueue } from "./consumer.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Courier } from "./delivery.ts";
import { Poster } from "./poster.ts";
import type { PushEvents } from "./push-events.ts";
import { KeptMarks, readMarks, type KeptMark } from "./kept-marks.ts";
import { newIdentity, QueueIdentity } from "./queue-identity.ts";
import { decodeHead } from "./record-head.ts";
import { encodeMetadata } from "./stream-buffer.ts";

/** The label that sends an entry to another tenant and is not sent itself. */
export const tenantLabel = "__tenant_id__";

const marksName = "marks.json";

interface Goal {
  readonly labels: string;
  readonly consumer: Consumer;
}

export interface ClientParts {
  readonly buffer: BufferConfig | undefined;
  readonly events: PushEvents;
  readonly nextCut: () => number;
}

/** One server. Each tenant has a queue of its own, so that none waits for another. */
export class Client implements Outlet {
  readonly config: ClientConfig;
  readonly #parts: ClientParts;
  readonly #poster: Poster;
  readonly #directory: string | undefined;
  readonly #consumers = new Map<string, Consumer>();
  readonly #goals = new WeakMap<Map<string, string>, Goal>();
  readonly #warned = new Set<string>();
  #isStarted = false;
  /** What earlier runs have left on disk. */
  readonly found: FoundMark[] = [];

  constructor(config: ClientConfig, parts: ClientParts) {
    this.config = config;
    this.#parts = parts;
    this.#poster = new Poster(config);
    this.#directory = parts.buffer && join(parts.buffer.directory, directoryName(config));
  }

  /** Opens the queues of this server that earlier runs have left. */
  async open(): Promise<void> {
    const names = this.#directory === undefined ? [] : await readdir(this.#directory).catch(() => []);
    const tenants = names.filter((name) => name.startsWith("tenant-")).map(tenantOf);
    for (const tenant of new Set([this.config.tenantId, ...tenants])) await this.#consumer(tenant).opened();
  }

  /** Begins to bring what lies in the queues. */
  start(): void {
    this.#isStarted = true;
    for (const consumer of this.#consumers.values()) consumer.start();
  }

  get consumers(): ReadonlyMap<string, Consumer> {
    return this.#consumers;
  }

  lines(lines: Lines): void {
    const { labels, consumer } = this.#goalOf(lines.labels);
    const { starts, ends, count, bytes, origin, time } = lines;
    const { maxLineBytes } = this.config;
    let { seconds, nanos } = time;
    for (let i = 0; i < count; i++) {
      const from = starts[i]!;
      const to = ends[i]!;
      const start = startOf(lines, i);
      // A batch that is closed now takes its origin to the line before which it is closed.
      origin.read = start;
      if (maxLineBytes > 0 && to - from > maxLineBytes) this.#long(lines, i, seconds, nanos);
      else if (origin.past === undefined || !consumer.has(origin, origin.past.of(start)))
        consumer.add(labels, bytes, from, to, seconds, nanos, origin, start);
      if (++nanos === 1_000_000_000) {
        nanos = 0;
        seconds++;
      }
    }
  }

  entry(entry: Entry): void {
    const { labels, consumer } = this.#goal(entry.labels);
    const { origin, start, time, metadata } = entry;
    let line = entry.bytes;
    const { maxLineBytes, truncateLines } = this.config;
    if (maxLineBytes > 0 && line.length > maxLineBytes) {
      this.#countLong(entry.labels.get(tenantLabel), line.length);
      if (!truncateLines) return;
      line = line.subarray(0, maxLineBytes);
    }
    if (consumer.has(origin, entry.given)) return;
    const encoded = metadata.length > 0 ? encodeMetadata(metadata) : undefined;
    const metadataBytes = metadata.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    consumer.add(labels, line, 0, line.length, time.seconds, time.nanos, origin, start, encoded, metadataBytes);
    if (entry.also.length > 0) consumer.also(entry.also);
  }

  ready(): Promise<void> | undefined {
    const waits = [...this.#consumers.values()].flatMap((consumer) => consumer.ready() ?? []);
    return waits.length > 0 ? Promise.all(waits).then(() => undefined) : undefined;
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.flush()));
  }

  async drained(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.drained(signal)));
  }

  async persist(): Promise<void> {
    for (const consumer of this.#consumers.values()) {
      await consumer.persist();
      consumer.observe();
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.stop()));
    this.#poster.close();
  }

  /** Of lines of one source the goal is always the same: found once for each label map. */
  #goalOf(labels: Map<string, string>): Goal {
    const known = this.#goals.get(labels);
    if (known) return known;
    const goal = this.#goal(labels);
    this.#goals.set(labels, goal);
    return goal;
  }

  #goal(labels: Map<string, string>): Goal {
    const tenant = labels.get(tenantLabel) || this.config.tenantId;
    return { labels: labelText(labels, this.config.externalLabels), consumer: this.#consumer(tenant) };
  }

  #long(lines: Lines, i: number, seconds: number, nanos: number): void {
    const from = lines.starts[i]!;
    const { labels, consumer } = this.#goalOf(lines.labels);
    const { origin } = lines;
    const start = startOf(lines, i);
    this.#countLong(lines.labels.get(tenantLabel), lines.ends[i]! - from);
    if (!this.config.truncateLines || consumer.has(origin, origin.past?.of(start) ?? 0)) return;
    const to = from + this.config.maxLineBytes;
    consumer.add(labels, lines.bytes, from, to, seconds, nanos, origin, start);
  }

  #countLong(ofEntry: string | undefined, size: number): void {
    const { host } = new URL(this.config.url);
    const tenant = ofEntry || this.config.tenantId;
    if (this.config.truncateLines) this.#parts.events.truncated(host, tenant, size - this.config.maxLineBytes);
    else this.#parts.events.dropped(host, tenant, "line_too_long", 1, size);
  }

  #consumer(tenant: string): Consumer {
    const known = this.#consumers.get(tenant);
    if (known) return known;
    const { events, nextCut } = this.#parts;
    const directory = this.#directory && join(this.#directory, tenantDirectory(tenant));
    const deadLetters = new DeadLetters(join(directory ?? ".", "dead-letters.jsonl"));
    const courier = new Courier(this.config, tenant, { poster: this.#poster, deadLetters, events });
    const open = (): Promise<ConsumerQueue> => this.#openQueue(directory);
    const consumer = new Consumer({ config: this.config, tenant, open, courier, events, nextCut });
    events.opened(new URL(this.config.url).host, tenant);
    this.#consumers.set(tenant, consumer);
    if (this.#isStarted) consumer.start();
    return consumer;
  }

  async #openQueue(directory: string | undefined): Promise<ConsumerQueue> {
    const buffer = this.#parts.buffer;
    if (directory === undefined || buffer === undefined) return memoryQueue();
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      let kept = new KeptMarks();
      const onLost = this.#lost.bind(this);
      const queue = await DiskQueue.open({ ...buffer, directory, onLost, beforeRemoval: () => kept.save() });
      const identity = await QueueIdentity.in(directory);
      const { id } = identity;
      const marks = await this.#find(id, queue, join(directory, marksName));
      kept = new KeptMarks(join(directory, marksName), marks);
      return { id, queue, kept, named: () => identity.saved() };
    } catch (error) {
      this.#parts.events.log.error(
        { err: error, directory },
        "cannot use the buffer's directory, batches are kept in memory",
      );
      return memoryQueue();
    }
  }

  /** The latest marks of the queue's records, and those that were kept of records that are removed. */
  async #find(consumer: string, queue: DiskQueue, keptPath: string): Promise<Iterable<KeptMark>> {
    const found = new Map<string, FoundMark>();
    for (const mark of await readMarks(keptPath)) found.set(branchKey(mark), { ...mark, consumer, isKept: true });
    for await (const { head } of queue.heads()) {
      const { cut, marks } = decodeHead(head) ?? { cut: 0, marks: [] };
      for (const mark of marks) {
        const known = found.get(branchKey(mark));
        if (known === undefined || known.cut < cut)
          found.set(branchKey(mark), { ...mark, cut, consumer, isKept: false });
      }
    }
    this.found.push(...found.values());
    return found.values();
  }

  #lost({ reason, records, path }: { reason: "damaged" | "full"; records: number; path: string }): void {
    const { host } = new URL(this.config.url);
    if (reason === "full") this.#parts.events.dropped(host, this.config.tenantId, "buffer_full", records, 0);
    if (this.#warned.has(path)) return;
    this.#warned.add(path);
    this.#parts.events.log.error({ reason, records, path }, "batches of the buffer are lost");
  }
}

const memoryQueue = (): ConsumerQueue => ({
  id: newIdentity(),
  queue: undefined,
  kept: new KeptMarks(),
  named: async () => undefined,
});
const tenantDirectory = (tenant: string): string => `tenant-${Buffer.from(tenant).toString("hex")}`;
const tenantOf = (name: string): string => Buffer.from(name.slice("tenant-".length), "hex").toString();

/** What makes a server another one: not how batches are cut or repeated. */
function directoryName({ name, url, tenantId, externalLabels }: ClientConfig): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([name, url, tenantId, externalLabels]))
    .digest("hex");
  return `client-${hash.slice(0, 12)}`;
}

/** The stream's labels as they are pushed: sorted, quoted as Go does, the entry's own before the client's. */
export function labelText(labels: ReadonlyMap<string, string>, external: Readonly<Record<string, string>>): string {
  const all = new Map([...Object.entries(external), ...labels]);
  all.delete(tenantLabel);
  return formatLabels([...all].sort(([a], [b]) => compareText(a, b)));
}
