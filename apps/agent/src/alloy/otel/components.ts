import { gunzipSync } from "node:zlib";
import type { HttpRequest, HttpResponse } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import { Entry } from "../../entry.ts";
import { Origin } from "../../origin.ts";
import { PageServer } from "../../pages/page-server.ts";
import { refused } from "../../pages/refused.ts";
import { tenantLabel } from "../../push/client.ts";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { duration, integer, text } from "../decode.ts";
import { Forward, receivers } from "../receiver.ts";
import { block, idle, optional, required, requiredBlock, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { consumeAll, consumers, LogsConsumer, type ResourceLogs } from "./logs.ts";
import { lokiEntries } from "./loki-entry.ts";
import type { OtlpGrpc } from "./otlp-grpc.ts";
import { decodeLogs } from "./protobuf.ts";

const outputBlock = requiredBlock(schema({ attributes: { logs: optional(consumers, []) } }));
const maxBodyBytes = 20 * 1024 * 1024;

const receiverSchema = schema({
  blocks: {
    grpc: block(schema({ attributes: { endpoint: optional(text, "0.0.0.0:4317") } })),
    http: block(schema({ attributes: { endpoint: optional(text, "0.0.0.0:4318") } })),
    output: outputBlock,
  },
});
type ReceiverArgs = typeof receiverSchema extends Schema<infer T> ? T : never;

/** `otelcol.receiver.otlp`: logs by OTLP over HTTP, protobuf or JSON, and over gRPC. */
class OtlpReceiver implements Component<ReceiverArgs> {
  #args: ReceiverArgs | undefined;
  #server: PageServer | undefined;
  #address = "";
  #grpc: OtlpGrpc | undefined;
  #grpcAddress = "";
  #isStarted = false;
  #changing: Promise<void> = Promise.resolve();
  unhealthy: string | undefined;

  update(args: ReceiverArgs): void {
    this.#args = args;
    if (this.#isStarted) this.#changing = this.#changing.then(() => this.#listen());
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    await this.#listen();
  }

  async stop(): Promise<void> {
    await this.#changing;
    await this.#server?.close(500);
    await this.#grpc?.close();
  }

  async #listen(): Promise<void> {
    this.unhealthy = undefined;
    try {
      await this.#listenHttp(this.#args!.http?.endpoint ?? "");
      await this.#listenGrpc(this.#args!.grpc?.endpoint ?? "");
    } catch (error) {
      this.unhealthy = (error as Error).message;
    }
  }

  async #listenGrpc(endpoint: string): Promise<void> {
    if (endpoint === this.#grpcAddress) return;
    await this.#grpc?.close();
    this.#grpc = undefined;
    this.#grpcAddress = "";
    if (endpoint === "") return;
    const { OtlpGrpc } = await import("./otlp-grpc.ts");
    this.#grpc = await OtlpGrpc.listen(endpoint, maxBodyBytes, (bytes) =>
      consumeAll(this.#args!.output!.logs, parse(bytes, false)),
    );
    this.#grpcAddress = endpoint;
  }

  async #listenHttp(endpoint: string): Promise<void> {
    if (endpoint === this.#address) return;
    await this.#server?.close(500);
    this.#server = undefined;
    this.#address = "";
    if (endpoint === "") return;
    const [, host, port] = /^(.*):(\d+)$/.exec(endpoint) ?? [];
    const route = {
      methods: ["POST" as const],
      path: "/v1/logs",
      tenant: "none" as const,
      errors: "text" as const,
      handle: (request: HttpRequest) => this.#take(request).catch(refused),
    };
    this.#server = new PageServer([route]);
    await this.#server.listen(Number(port), host || "0.0.0.0");
    this.#address = endpoint;
  }

  async #take(request: HttpRequest): Promise<HttpResponse> {
    const isJson = (request.headers["content-type"] ?? "").includes("json");
    const logs = parse(await bodyOf(request), isJson);
    await consumeAll(this.#args!.output!.logs, logs);
    return isJson
      ? { status: 200, headers: { "Content-Type": "application/json" }, body: '{"partialSuccess":{}}' }
      : { status: 200, headers: { "Content-Type": "application/x-protobuf" }, body: new Uint8Array() };
  }
}

async function bodyOf({ body, headers }: HttpRequest): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBodyBytes) throw new RatatoskError("too_large", "request body too large");
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  if (headers["content-encoding"] !== "gzip") return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBodyBytes });
  } catch (error) {
    throw new RatatoskError("bad_request", (error as Error).message, { cause: error });
  }
}

function parse(bytes: Buffer, isJson: boolean): readonly ResourceLogs[] {
  try {
    if (!isJson) return decodeLogs(bytes);
    const { resourceLogs } = JSON.parse(bytes.toString()) as { resourceLogs?: ResourceLogs[] };
    return resourceLogs ?? [];
  } catch (error) {
    throw new RatatoskError("bad_request", (error as Error).message, { cause: error });
  }
}

export const otlpReceiver: ComponentKind<Shared, ReceiverArgs> = {
  name: "otelcol.receiver.otlp",
  role: "source",
  schema: receiverSchema,
  create: () => new OtlpReceiver(),
};

const batchSchema = schema({
  attributes: {
    timeout: idle(optional(duration, 200)),
    send_batch_size: idle(optional(integer, 2000)),
    send_batch_max_size: idle(optional(integer, 3000)),
  },
  blocks: { output: outputBlock },
});
type BatchArgs = typeof batchSchema extends Schema<infer T> ? T : never;

/** `otelcol.processor.batch`: logs pass at once, as `loki.write` gathers them anyway. */
export const batchProcessor: ComponentKind<Shared, BatchArgs> = {
  name: "otelcol.processor.batch",
  role: "processor",
  schema: batchSchema,
  create: ({ publish }) => {
    let args: BatchArgs | undefined;
    publish(new Map([["input", new LogsConsumer((logs) => consumeAll(args?.output?.logs ?? [], logs)).capsule]]));
    return {
      update(next) {
        args = next;
      },
    };
  },
};

const exporterSchema = schema({ attributes: { forward_to: required(receivers) } });
type ExporterArgs = typeof exporterSchema extends Schema<infer T> ? T : never;

/** `otelcol.exporter.loki`: logs as Loki's entries. */
class LokiExporter implements Component<ExporterArgs> {
  readonly #context: ComponentContext<Shared>;
  readonly #origin: Origin;
  #forward = new Forward([]);

  constructor(context: ComponentContext<Shared>) {
    this.#context = context;
    this.#origin = new Origin(`otlp-${context.id}`, context.id);
    context.publish(new Map([["input", new LogsConsumer((logs) => this.#take(logs)).capsule]]));
  }

  update(args: ExporterArgs): void {
    this.#forward = new Forward(args.forward_to);
  }

  async #take(logs: readonly ResourceLogs[]): Promise<void> {
    await this.#forward.ready();
    const { shared } = this.#context;
    for (const { labels, line, timeUnixNano, tenant } of lokiEntries(logs)) {
      const start = this.#origin.read;
      const time =
        timeUnixNano === undefined
          ? shared.clock.take()
          : { seconds: Number(timeUnixNano / 1_000_000_000n), nanos: Number(timeUnixNano % 1_000_000_000n) };
      if (tenant !== "") labels.set(tenantLabel, tenant);
      this.#forward.entry(new Entry(this.#origin, start, start + 1, labels, Buffer.from(line), time));
      this.#origin.read = start + 1;
    }
    await shared.durable();
  }
}

export const lokiExporter: ComponentKind<Shared, ExporterArgs> = {
  name: "otelcol.exporter.loki",
  role: "processor",
  schema: exporterSchema,
  create: (context) => new LokiExporter(context),
};
