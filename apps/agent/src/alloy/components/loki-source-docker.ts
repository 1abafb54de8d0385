import type { DockerSdConfig } from "../../config/agent-config.ts";
import type { Entry } from "../../entry.ts";
import type { Lines, Outlet } from "../../lines.ts";
import { CursorOrigin } from "../../origin.ts";
import { compareCursors } from "../../sources/docker-cursor.ts";
import { ContainerReader } from "../../sources/container-reader.ts";
import { DockerClient } from "../../sources/docker-client.ts";
import type { Source, SourceParts } from "../../sources/source.ts";
import type { ComponentKind } from "../component.ts";
import { duration, mapOf, text } from "../decode.ts";
import { receivers, rulesOf } from "../receiver.ts";
import { block, idle, maybe, optional, required, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { plainHttp } from "./docker-engine.ts";
import { httpConfig } from "./http-client.ts";
import { SimpleSource } from "./simple-source.ts";
import { targets, type Target } from "./local-file-match.ts";

const dockerSchema = schema({
  attributes: {
    host: required(text),
    targets: required(targets),
    forward_to: required(receivers),
    labels: optional(mapOf(text), new Map<string, string>()),
    relabel_rules: maybe(rulesOf),
    refresh_interval: idle(optional(duration, 60_000)),
  },
  blocks: { http_client_config: block(plainHttp) },
});
type Args = typeof dockerSchema extends Schema<infer T> ? T : never;

const wakeMs = 1000;

/** Leaves out lines without text. */
class NonEmpty implements Outlet {
  readonly #next: Outlet;

  constructor(next: Outlet) {
    this.#next = next;
  }

  lines(lines: Lines): void {
    this.#next.lines(lines);
  }

  entry(entry: Entry): void {
    if (entry.bytes.length > 0) this.#next.entry(entry);
  }

  ready(): Promise<void> | undefined {
    return this.#next.ready();
  }
}

/** Reads the containers that targets name, each once. */
class Containers implements Source {
  readonly #args: Args;
  readonly #parts: SourceParts;
  readonly #readers: ContainerReader[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(args: Args, parts: SourceParts) {
    this.#args = args;
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const { host, http_client_config: http } = this.#args;
    const client = new DockerClient({ ...engine, host, http: http ? httpConfig(http) : {} });
    const seen = new Set<string>();
    for (const target of this.#args.targets) {
      const id = target.get("__meta_docker_container_id");
      if (!id || seen.has(id)) continue;
      seen.add(id);
      this.#readers.push(this.#reader(client, id, target));
    }
    this.#timer = setInterval(() => this.#wake(), wakeMs);
    this.#wake();
  }

  #reader(client: DockerClient, id: string, target: Target): ContainerReader {
    const { positions, job } = this.#parts;
    const key = `cursor-${id}`;
    const cursor = positions.get(key);
    const origin = new CursorOrigin(key, job, cursor ?? "0", compareCursors);
    const discovered = new Map([...target, ...this.#args.labels]);
    return new ContainerReader({ ...this.#parts, client, origin, discovered }, id, cursor);
  }

  #wake(): void {
    for (const reader of this.#readers) reader.wake("running");
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#readers.map((reader) => reader.stop()));
  }

  get status(): Source["status"] {
    return this.#readers.map((reader) => reader.status);
  }
}

const engine: DockerSdConfig = {
  host: "",
  port: 80,
  hostNetworkingHost: "localhost",
  matchFirstNetwork: true,
  filters: new Map(),
  refreshMs: 60_000,
  http: {},
};

/** `loki.source.docker`: the logs of containers. */
export const lokiSourceDocker: ComponentKind<Shared, Args> = {
  name: "loki.source.docker",
  role: "source",
  schema: dockerSchema,
  create: (context) =>
    new SimpleSource(context, "loki_source_", (args, parts) => [
      new Containers(args, { ...parts, outlet: new NonEmpty(parts.outlet) }),
    ]),
};
