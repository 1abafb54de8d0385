import { join } from "node:path";
import { Counter } from "@ratatosk/observability";
import type { ServerStatus } from "../../pages/watched.ts";
import { DeadLetters } from "../../push/dead-letters.ts";
import { Poster } from "../../push/poster.ts";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { tlsConfig, tlsSchema } from "../components/http-client.ts";
import { boolean, duration, integer, mapOf, number, oneOf, text } from "../decode.ts";
import { block, idle, optional, required, requiredBlock, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { ExportQueue } from "./export-queue.ts";
import { LogsConsumer, type ResourceLogs } from "./logs.ts";
import { type Goal, OtlpCourier } from "./otlp-courier.ts";
import { type ExportRequest, requestOf } from "./otlp-request.ts";

const clientSchema = schema({
  attributes: {
    endpoint: required(text),
    compression: optional(oneOf("gzip", "none", ""), "gzip"),
    timeout: optional(duration, 30_000),
    headers: optional(mapOf(text), new Map<string, string>()),
  },
  blocks: { tls: block(tlsSchema) },
  check: ({ endpoint }) => {
    if (!/^https?:\/\/[^/]/.test(endpoint)) throw new Error(`unsupported endpoint: ${JSON.stringify(endpoint)}`);
  },
});

const exporterSchema = schema({
  attributes: { encoding: optional(oneOf("proto", "json"), "proto"), logs_endpoint: optional(text, "") },
  blocks: {
    client: requiredBlock(clientSchema),
    sending_queue: block(
      schema({
        attributes: {
          enabled: optional(boolean, true),
          num_consumers: idle(optional(integer, 10)),
          queue_size: idle(optional(integer, 1000)),
        },
      }),
    ),
    retry_on_failure: block(
      schema({
        attributes: {
          enabled: optional(boolean, true),
          initial_interval: optional(duration, 5000),
          max_interval: optional(duration, 30_000),
          multiplier: optional(number, 1.5),
          randomization_factor: optional(number, 0.5),
          max_elapsed_time: idle(optional(duration, 300_000)),
        },
      }),
    ),
  },
});
type Args = typeof exporterSchema extends Schema<infer T> ? T : never;

const retryDefaults = {
  enabled: true,
  initial_interval: 5000,
  max_interval: 30_000,
  multiplier: 1.5,
  randomization_factor: 0.5,
};

const stopMs = 1500;

/**
 * `otelcol.exporter.otlphttp`: logs to a server by OTLP over HTTP. Whoever gives logs waits until they are in the buffer on
 * disk, or until the server has them where there is none (`sending_queue { enabled = false }`, a disk that fails).
 */
class OtlpHttpExporter implements Component<Args> {
  readonly #context: ComponentContext<Shared>;
  readonly #stop = new AbortController();
  readonly #courier: OtlpCourier;
  readonly #forgetMetrics: () => void;
  #args: Args | undefined;
  #poster: Poster | undefined;
  #queue: ExportQueue | undefined;

  constructor(context: ComponentContext<Shared>) {
    this.#context = context;
    const { id, log, shared } = context;
    const { registry, remove } = shared.metrics.register(id, []);
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers: [registry] });
    const sent = counter("otelcol_exporter_sent_log_records_total", "Records sent.");
    const failed = counter(
      "otelcol_exporter_send_failed_log_records_total",
      "Records that the server has refused for good; they are in the dead-letter file.",
    );
    this.#forgetMetrics = remove;
    this.#courier = new OtlpCourier({
      goal: () => this.#goal,
      deadLetters: new DeadLetters(join(shared.storagePath, id, "dead-letters.jsonl")),
      log,
      sent: (records) => sent.inc(records),
      refused: (records) => failed.inc(records),
    });
    context.publish(new Map([["input", new LogsConsumer((logs) => this.#send(logs)).capsule]]));
  }

  get unhealthy(): string | undefined {
    return this.#courier.lastError;
  }

  update(args: Args): void {
    const { timeout, headers, tls } = args.client!;
    this.#args = args;
    this.#poster?.close();
    const http = { headers: Object.fromEntries(headers), ...(tls && { tls: tlsConfig(tls) }) };
    this.#poster = new Poster({ timeoutMs: timeout, http });
  }

  async start(): Promise<void> {
    const { shared, id, log } = this.#context;
    shared.sending.set(id, () => [this.#status]);
    const deliver = (request: ExportRequest, signal: AbortSignal): Promise<void> =>
      this.#courier.deliver(request, signal);
    try {
      this.#queue ??= await ExportQueue.open({ directory: join(shared.storagePath, id, "queue"), log, deliver });
    } catch (error) {
      log.error({ err: error }, "cannot use the buffer's directory, whoever gives logs waits for the server");
    }
  }

  async stop(): Promise<void> {
    await this.#queue?.stop(stopMs).catch((error: unknown) => this.#context.log.error({ err: error }, "cannot stop"));
    this.#stop.abort();
    this.#poster?.close();
    this.#context.shared.sending.delete(this.#context.id);
    this.#forgetMetrics();
  }

  async #send(logs: readonly ResourceLogs[]): Promise<void> {
    const { encoding, client } = this.#args!;
    const request = requestOf(logs, { isJson: encoding === "json", isPacked: client!.compression === "gzip" });
    if (!(await this.#isBuffered(request))) await this.#courier.deliver(request, this.#stop.signal);
  }

  async #isBuffered(request: ExportRequest): Promise<boolean> {
    if (this.#queue === undefined || this.#args!.sending_queue?.enabled === false) return false;
    try {
      await this.#queue.append(request);
      return true;
    } catch (error) {
      this.#context.log.error({ err: error }, "cannot write the buffer, waiting for the server");
      return false;
    }
  }

  get #status(): ServerStatus {
    const waiting = this.#queue?.waiting ?? { batches: 0, bytes: 0, oldestMs: undefined };
    return { url: new URL(this.#goal.url).host, tenant: "", ...waiting, lastError: this.unhealthy };
  }

  get #goal(): Goal {
    const { logs_endpoint: own, client, retry_on_failure: retry } = this.#args!;
    const url = own || `${client!.endpoint.replace(/\/$/, "")}/v1/logs`;
    return { url, poster: this.#poster!, retry: { ...retryDefaults, ...retry } };
  }
}

export const otlpHttpExporter: ComponentKind<Shared, Args> = {
  name: "otelcol.exporter.otlphttp",
  role: "writer",
  schema: exporterSchema,
  create: (context) => new OtlpHttpExporter(context),
};
