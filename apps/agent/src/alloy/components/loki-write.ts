import { join } from "node:path";
import type { Entry } from "../../entry.ts";
import type { Lines, Outlet } from "../../lines.ts";
import { serversOf } from "../../pages/watched.ts";
import { Client, tenantLabel } from "../../push/client.ts";
import { clientDefaults, type ClientConfig } from "../../push/client-config.ts";
import { FanOut } from "../../push/fan-out.ts";
import { PushEvents } from "../../push/push-events.ts";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { boolean, duration, integer, mapOf, size, text } from "../decode.ts";
import { Receiver } from "../receiver.ts";
import { block, blocks, idle, optional, required, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { checkHttp, httpAttributes, httpBlocks, httpConfig } from "./http-client.ts";

const noTexts: ReadonlyMap<string, string> = new Map();

const endpointSchema = schema({
  attributes: {
    ...httpAttributes,
    url: required(text),
    name: optional(text, ""),
    batch_wait: optional(duration, clientDefaults.batchWaitMs),
    batch_size: optional(size, clientDefaults.batchBytes),
    remote_timeout: optional(duration, clientDefaults.timeoutMs),
    tenant_id: optional(text, ""),
    headers: optional(mapOf(text), new Map(noTexts)),
    min_backoff_period: optional(duration, clientDefaults.minBackoffMs),
    max_backoff_period: optional(duration, clientDefaults.maxBackoffMs),
    max_backoff_retries: idle(optional(integer, 10)),
    retry_on_http_429: optional(boolean, true),
  },
  blocks: {
    ...httpBlocks,
    queue_config: idle(
      block(
        schema({
          attributes: {
            capacity: optional(size, 10 * 1024 * 1024),
            min_shards: optional(integer, 1),
            drain_timeout: optional(duration, 15_000),
            block_on_overflow: optional(boolean, true),
          },
        }),
      ),
    ),
  },
  check: (args) => {
    checkHttp(args);
    if (!/^https?:\/\/[^/]/.test(args.url)) throw new Error(`unsupported url: ${JSON.stringify(args.url)}`);
  },
});

const walSchema = schema({
  attributes: {
    enabled: optional(boolean, false),
    max_segment_age: idle(optional(duration, 3_600_000)),
    min_read_frequency: idle(optional(duration, 250)),
    max_read_frequency: idle(optional(duration, 1000)),
    drain_timeout: idle(optional(duration, 15_000)),
  },
});

const writeSchema = schema({
  attributes: { external_labels: optional(mapOf(text), new Map(noTexts)), max_streams: optional(integer, 0) },
  blocks: { endpoint: blocks(endpointSchema), wal: block(walSchema) },
});

type Args = typeof writeSchema extends Schema<infer T> ? T : never;

/** Size of each endpoint's and tenant's queue on disk. */
const maxQueueBytes = 1024 ** 3;

/** Labels that begin with `__` stay in the agent; the tenant's travels as a header. */
class Shown implements Outlet {
  readonly #next: Outlet;
  readonly #labels = new WeakMap<Map<string, string>, Map<string, string>>();

  constructor(next: Outlet) {
    this.#next = next;
  }

  lines(lines: Lines): void {
    const known = this.#labels.get(lines.labels);
    const labels = known ?? shown(lines.labels);
    if (known === undefined) this.#labels.set(lines.labels, labels);
    this.#next.lines({ ...lines, labels });
  }

  entry(entry: Entry): void {
    entry.labels = shown(entry.labels);
    this.#next.entry(entry);
  }

  ready(): Promise<void> | undefined {
    return this.#next.ready();
  }
}

const shown = (labels: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...labels].filter(([name]) => !name.startsWith("__") || name === tenantLabel));

/** `loki.write`: a queue on disk for each endpoint and tenant. */
class LokiWrite implements Component<Args> {
  readonly #context: ComponentContext<Shared>;
  readonly #receiver: Receiver;
  readonly #events: PushEvents;
  readonly #forgetMetrics: () => void;
  #args: Args | undefined;
  #clients: Client[] = [];
  #isStarted = false;
  #changing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: ComponentContext<Shared>) {
    this.#context = context;
    this.#receiver = new Receiver(context.id);
    const { registry, remove } = context.shared.metrics.register(context.id, [["promtail_", "loki_write_"]]);
    this.#events = new PushEvents(context.log, registry, true);
    this.#forgetMetrics = remove;
    context.shared.writers.add(this.#flush);
    context.publish(new Map([["receiver", this.#receiver.capsule]]));
  }

  check(): void {
    if (this.#args!.endpoint.length === 0) throw new Error("loki.write needs at least one endpoint");
  }

  update(args: Args): void {
    this.#args = args;
    if (this.#isStarted) this.#changing = this.#changing.then(() => this.#replace());
  }

  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#timer = setInterval(() => void this.#persist(), 1000);
    this.#context.shared.sending.set(this.#context.id, () => serversOf(this.#clients));
    await this.#open();
  }

  readonly #flush = async (): Promise<void> => {
    await Promise.all(this.#clients.map((client) => client.flush()));
  };

  async #persist(): Promise<void> {
    for (const client of this.#clients) await client.persist();
  }

  async #replace(): Promise<void> {
    const old = this.#clients;
    await Promise.all(old.map((client) => client.flush()));
    await Promise.all(old.map((client) => client.stop()));
    await this.#open();
  }

  async #open(): Promise<void> {
    const { shared, id, log } = this.#context;
    const directory = join(shared.storagePath, id, "queue");
    const buffer = { directory, maxBytes: maxQueueBytes, whenFull: "refuse_newest" as const };
    const parts = { buffer, events: this.#events, nextCut: shared.nextCut };
    this.#clients = clientConfigs(this.#args!).map((config) => new Client(config, parts));
    for (const client of this.#clients) await client.open();
    const found = this.#clients.flatMap((client) => client.found);
    for (const { cut } of found) shared.cutUpTo(cut);
    shared.marks.push(...found);
    for (const client of this.#clients) client.start();
    this.#receiver.goal = new Shown(new FanOut(this.#clients, log));
  }

  /** What is queued goes out if the servers answer soon; the rest stays on disk. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#changing;
    await Promise.all(this.#clients.map((client) => client.flush()));
    await Promise.all(this.#clients.map((client) => client.drained(AbortSignal.timeout(1500))));
    await Promise.all(this.#clients.map((client) => client.stop()));
    this.#context.shared.writers.delete(this.#flush);
    this.#context.shared.sending.delete(this.#context.id);
    this.#forgetMetrics();
  }
}

const clientConfigs = ({
  endpoint: endpoints,
  external_labels: labels,
  max_streams: maxStreams,
}: Args): ClientConfig[] =>
  endpoints.map((args) => ({
    ...clientDefaults,
    name: args.name,
    url: args.url,
    batchWaitMs: args.batch_wait,
    batchBytes: args.batch_size,
    timeoutMs: args.remote_timeout,
    tenantId: args.tenant_id,
    externalLabels: Object.fromEntries(labels),
    minBackoffMs: args.min_backoff_period,
    maxBackoffMs: args.max_backoff_period,
    dropRateLimited: !args.retry_on_http_429,
    http: httpConfig(args, new Map([["Content-Encoding", "snappy"], ...args.headers])),
    maxStreams,
  }));

export const lokiWrite: ComponentKind<Shared, Args> = {
  name: "loki.write",
  role: "writer",
  schema: writeSchema,
  create: (context) => new LokiWrite(context),
};
