import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Counter } from "@ratatosk/observability";
import type { ServerStatus } from "../../pages/watched.ts";
import { Poster } from "../../push/poster.ts";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { tlsConfig, tlsSchema } from "../components/http-client.ts";
import { boolean, duration, integer, mapOf, number, oneOf, text } from "../decode.ts";
import { block, idle, optional, required, requiredBlock, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { ExportQueue, type ExportRequest } from "./export-queue.ts";
import { LogsConsumer, type ResourceLogs } from "./logs.ts";
import { encodeLogs } from "./protobuf.ts";

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

const noAnswer = -1;
const retriable = new Set([noAnswer, 408, 429, 500, 502, 503, 504]);
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
  readonly #sent: Counter;
  readonly #failed: Counter;
  readonly #forgetMetrics: () => void;
  #args: Args | undefined;
  #poster: Poster | undefined;
  #queue: ExportQueue | undefined;
  unhealthy: string | undefined;

  constructor(context: ComponentContext<Shared>) {
    this.#context = context;
    const { registry, remove } = context.shared.metrics.register(context.id, []);
    const registers = [registry];
    this.#sent = new Counter({ name: "otelcol_exporter_sent_log_records_total", help: "Records sent.", registers });
    this.#failed = new Counter({
      name: "otelcol_exporter_send_failed_log_records_total",
      help: "Records that the server has refused for good.",
      registers,
    });
    this.#forgetMetrics = remove;
    context.publish(new Map([["input", new LogsConsumer((logs) => this.#send(logs)).capsule]]));
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
    const deliver = (request: ExportRequest, signal: AbortSignal): Promise<void> => this.#bring(request, signal);
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
    const isJson = encoding === "json";
    const bytes = isJson ? Buffer.from(JSON.stringify({ resourceLogs: logs })) : encodeLogs(logs);
    const isPacked = client!.compression === "gzip";
    const request = { isJson, isPacked, records: countOf(logs), body: isPacked ? gzipSync(bytes) : bytes };
    if (!(await this.#isBuffered(request))) await this.#bring(request, this.#stop.signal);
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

  /** Resolves once the server has the request or refuses it for good; rejects where the signal aborts before. */
  async #bring({ isJson, isPacked, records, body, id }: ExportRequest, signal: AbortSignal): Promise<void> {
    const headers = {
      "Content-Type": isJson ? "application/json" : "application/x-protobuf",
      ...(isPacked ? { "Content-Encoding": "gzip" } : {}),
      ...(id === undefined ? {} : { "X-Ratatosk-Batch": id }),
    };
    const retry = { ...retryDefaults, ...this.#args!.retry_on_failure };
    for (let waitMs = retry.initial_interval; ; waitMs = Math.min(waitMs * retry.multiplier, retry.max_interval)) {
      const answer = await this.#poster!.post(this.#url, body, headers, signal).catch((error: unknown) => {
        if (signal.aborted) throw error;
        return { status: noAnswer, text: String(error), retryAfterMs: undefined };
      });
      if (answer.status !== noAnswer && answer.status < 300) {
        this.#sent.inc(records);
        this.unhealthy = undefined;
        return;
      }
      const why = answer.status === noAnswer ? answer.text : `HTTP ${answer.status}: ${answer.text}`;
      if (!retry.enabled || !retriable.has(answer.status)) return this.#refused(records, why);
      if (this.unhealthy === undefined) this.#context.log.warn({ why }, "error sending logs, will retry");
      this.unhealthy = why;
      const spread = 1 + retry.randomization_factor * (2 * Math.random() - 1);
      await sleep(answer.retryAfterMs ?? waitMs * spread, undefined, { signal });
    }
  }

  #refused(records: number, why: string): void {
    this.#failed.inc(records);
    this.#context.log.error({ records, why }, "logs are refused and lost");
  }

  get #status(): ServerStatus {
    const waiting = this.#queue?.waiting ?? { batches: 0, bytes: 0, oldestMs: undefined };
    return { url: new URL(this.#url).host, tenant: "", ...waiting, lastError: this.unhealthy };
  }

  get #url(): string {
    const { logs_endpoint: own, client } = this.#args!;
    return own || `${client!.endpoint.replace(/\/$/, "")}/v1/logs`;
  }
}

const countOf = (logs: readonly ResourceLogs[]): number =>
  logs.flatMap(({ scopeLogs = [] }) => scopeLogs).reduce((sum, { logRecords = [] }) => sum + logRecords.length, 0);

export const otlpHttpExporter: ComponentKind<Shared, Args> = {
  name: "otelcol.exporter.otlphttp",
  role: "writer",
  schema: exporterSchema,
  create: (context) => new OtlpHttpExporter(context),
};
