import type { HttpRequest, HttpResponse, Route } from "@ratatosk/http";
import { ByteBudget, decodePush, PushedEntries, receivePush } from "@ratatosk/http/push";
import { parseLabelText } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import type { PushApiConfig } from "../config/agent-config.ts";
import { Entry } from "../entry.ts";
import type { TargetStatus } from "../files/file-targets.ts";
import { Origin } from "../origin.ts";
import { listenerTls } from "../pages/listener-tls.ts";
import { PageServer } from "../pages/page-server.ts";
import { refused } from "../pages/refused.ts";
import { tenantLabel } from "../push/client.ts";
import { relabel } from "../relabel.ts";
import type { Instant } from "../time/instant.ts";
import type { Source, SourceParts } from "./source.ts";

const promtailPaths = { push: ["/loki/api/v1/push", "/api/prom/push"], raw: ["/promtail/api/v1/raw"] };

const noContent: HttpResponse = { status: 204 };

/** A server that takes pushes as Loki does, and raw text. Answers 204 once the entries are durable. */
export class PushSource implements Source {
  readonly #config: PushApiConfig;
  readonly #parts: SourceParts;
  readonly #origin: Origin;
  readonly #budget: ByteBudget;
  readonly #entries = new PushedEntries();
  #server: PageServer | undefined;
  #lines = 0;
  #bytes = 0;
  #isListening = false;

  constructor(config: PushApiConfig, parts: SourceParts) {
    this.#config = config;
    this.#parts = parts;
    this.#origin = new Origin(`push-${parts.job}`, parts.job);
    this.#budget = new ByteBudget(2 * config.maxSendMsgSize);
  }

  async start(): Promise<void> {
    const { server } = this.#config;
    const tls = await listenerTls(server.tls, this.#parts.log);
    this.#server = new PageServer(this.#routes(), { tls });
    await this.#server.listen(server.port, server.address === "" ? "0.0.0.0" : server.address);
    this.#isListening = true;
    this.#parts.targetEvents.activated();
  }

  async stop(): Promise<void> {
    await this.#server?.close(500);
    this.#parts.targetEvents.deactivated();
  }

  get status(): TargetStatus[] {
    const { address, port } = this.#config.server;
    const name = `${address}:${port}`;
    const read = { position: "", lagBytes: 0, lines: this.#lines, bytes: this.#bytes };
    const detail = { name, ...read, lastError: undefined };
    const { labels } = this.#config;
    return [{ type: "Push", labels, discovered: new Map(), isReady: this.#isListening, details: [detail] }];
  }

  #routes(): Route[] {
    const route = (path: string, method: "GET" | "POST", handle: Route["handle"]): Route => ({
      methods: [method],
      path: this.#config.server.pathPrefix + path,
      tenant: "none",
      errors: "text-line",
      handle,
    });
    const { push, raw } = this.#config.paths ?? promtailPaths;
    return [
      ...push.map((path) => route(path, "POST", (request) => this.#push(request).catch(refused))),
      ...raw.map((path) => route(path, "POST", (request) => this.#raw(request).catch(refused))),
      route("/ready", "GET", () => ({ status: 200, body: "Ready" })),
    ];
  }

  async #push(request: HttpRequest): Promise<HttpResponse> {
    const lease = this.#budget.lease();
    const { maxSendMsgSize } = this.#config;
    const limits = { maxReceivedBytes: maxSendMsgSize, maxDecompressedBytes: maxSendMsgSize, budget: this.#budget };
    try {
      const body = await receivePush(request, limits, lease);
      await this.#parts.outlet.ready();
      decodePush(body, limits, lease, this.#entries);
      this.#give(this.#entries, this.#tenantOf(request));
    } finally {
      this.#entries.release();
      lease.release();
    }
    await this.#parts.durable();
    return noContent;
  }

  #tenantOf({ headers }: HttpRequest): string {
    const tenant = headers["x-scope-orgid"];
    return this.#config.keepsTenant && typeof tenant === "string" ? tenant : "";
  }

  #give(entries: PushedEntries, tenant: string): void {
    const { useIncomingTimestamp } = this.#config;
    const streams = entries.streams.map((stream) => ({
      ...stream,
      labels: this.#labelsOf(labelsOf(stream.labels), tenant),
    }));
    const bytes = Buffer.from(entries.bytes.buffer, entries.bytes.byteOffset, entries.bytes.length);
    for (const { labels, from, to } of streams) {
      if (labels === undefined) continue;
      for (let row = from; row < to; row++) {
        const time = { seconds: entries.seconds[row]!, nanos: entries.nanos[row]! };
        const line = Buffer.from(bytes.subarray(entries.lineAt[row], entries.lineEnd[row]));
        this.#emit(labels, line, useIncomingTimestamp ? time : undefined, metadataOf(entries, bytes, row));
      }
    }
  }

  async #raw(request: HttpRequest): Promise<HttpResponse> {
    const labels = this.#labelsOf(new Map(), this.#tenantOf(request));
    let rest: Buffer = Buffer.alloc(0);
    for await (const piece of request.body as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([rest, piece]);
      if (bytes.length > this.#config.maxSendMsgSize) throw new RatatoskError("too_large", "line too long");
      await this.#parts.outlet.ready();
      rest = this.#rawLines(bytes, labels);
    }
    this.#rawLines(Buffer.concat([rest, Buffer.from("\n")]), labels);
    await this.#parts.durable();
    return noContent;
  }

  #rawLines(bytes: Buffer, labels: Map<string, string> | undefined): Buffer {
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      const line = bytes.subarray(from, bytes[at - 1] === 13 && at > from ? at - 1 : at);
      if (line.length > 0 && labels) this.#emit(labels, Buffer.from(line), undefined, []);
      from = at + 1;
    }
    return Buffer.from(bytes.subarray(from));
  }

  #emit(labels: Map<string, string>, line: Buffer, time: Instant | undefined, metadata: [string, string][]): void {
    const start = this.#origin.read;
    const entry = new Entry(this.#origin, start, start + 1, new Map(labels), line, time ?? this.#parts.clock.take());
    entry.metadata = metadata;
    this.#parts.outlet.entry(entry);
    this.#origin.read = start + 1;
    this.#lines += 1;
    this.#bytes += line.length;
  }

  /** The configured labels win; undefined where a rule drops the stream. */
  #labelsOf(sent: ReadonlyMap<string, string>, tenant: string): Map<string, string> | undefined {
    const all = new Map([...sent, ...this.#config.labels]);
    const labels = relabel(all, this.#parts.relabelRules);
    const shown = labels && new Map([...labels].filter(([name, value]) => !name.startsWith("__") && value !== ""));
    return tenant === "" ? shown : shown?.set(tenantLabel, tenant);
  }
}

function labelsOf(text: string): Map<string, string> {
  try {
    return new Map(parseLabelText(text));
  } catch (error) {
    throw new RatatoskError("bad_request", (error as Error).message, { cause: error });
  }
}

function metadataOf(entries: PushedEntries, bytes: Buffer, row: number): [string, string][] {
  const pairs: [string, string][] = [];
  for (let pair = entries.firstPair(row); pair < entries.pairsEnd[row]!; pair++) {
    const [nameAt, nameEnd, valueAt, valueEnd] = entries.pairs.subarray(4 * pair, 4 * pair + 4);
    pairs.push([bytes.toString("utf8", nameAt, nameEnd), bytes.toString("utf8", valueAt, valueEnd)]);
  }
  return pairs;
}
