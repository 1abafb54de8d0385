import { setTimeout as sleep } from "node:timers/promises";
import type { DockerSdConfig } from "../config/agent-config.ts";
import type { DiscoveredLabels, TargetStatus } from "../files/file-targets.ts";
import { CursorOrigin } from "../origin.ts";
import { ContainerReader } from "./container-reader.ts";
import { compareCursors } from "./docker-cursor.ts";
import { DockerClient, filtersOf, type ContainerSummary, type DockerNetwork } from "./docker-client.ts";
import { containerTarget } from "./docker-targets.ts";
import type { Source, SourceParts } from "./source.ts";

const retryMs = 1000;

/**
 * Containers of Docker engines. A first look lists all there are, the dead ones too; then the engine's events tell of new
 * ones at once, so that a container is read however short it lives. A look now and then finds what events have missed.
 */
export class DockerSource implements Source {
  readonly #engines: readonly Engine[];

  constructor(configs: readonly DockerSdConfig[], parts: SourceParts) {
    this.#engines = configs.map((config) => new Engine(config, parts));
  }

  async start(): Promise<void> {
    for (const engine of this.#engines) engine.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.stop()));
  }

  get status(): TargetStatus[] {
    return this.#engines.flatMap((engine) => engine.status);
  }
}

class Engine {
  readonly #config: DockerSdConfig;
  readonly #parts: SourceParts;
  readonly #client: DockerClient;
  readonly #readers = new Map<string, ContainerReader>();
  readonly #stop = new AbortController();
  #looking: Promise<void> = Promise.resolve();
  #running: Promise<unknown> | undefined;
  #lastError: string | undefined;

  constructor(config: DockerSdConfig, parts: SourceParts) {
    this.#config = config;
    this.#parts = parts;
    this.#client = new DockerClient(config);
  }

  start(): void {
    this.#running = Promise.all([this.#lookOften(), this.#listen()]);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await Promise.all([...this.#readers.values()].map((reader) => reader.stop()));
  }

  get status(): TargetStatus[] {
    return [...this.#readers.values()].map((reader) => reader.status);
  }

  async #lookOften(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#look();
      await sleep(this.#config.refreshMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  #look(): Promise<void> {
    return (this.#looking = this.#looking.then(() => this.#list()));
  }

  async #list(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    try {
      const query = { all: "true", ...(this.#config.filters.size > 0 ? { filters: filtersOf(this.#config) } : {}) };
      const containers = await this.#client.get<ContainerSummary[]>("/containers/json", query);
      const networks = await this.#client.get<DockerNetwork[]>("/networks").catch(() => []);
      const byId = new Map(networks.map((network) => [network.Id, network]));
      for (const container of containers) this.#follow(container, byId);
      this.#forget(new Set(containers.map(({ Id }) => Id)));
      this.#lastError = undefined;
    } catch (error) {
      const message = (error as Error).message;
      if (message !== this.#lastError)
        this.#parts.log.warn({ err: error, host: this.#config.host }, "error asking docker for containers");
      this.#lastError = message;
    }
  }

  #follow(container: ContainerSummary, networks: ReadonlyMap<string, DockerNetwork>): void {
    const discovered: DiscoveredLabels = containerTarget(container, networks, this.#config);
    const known = this.#readers.get(container.Id);
    if (known) return known.wake(container.State);
    const { positions, job } = this.#parts;
    const key = `cursor-${container.Id}`;
    const origin = new CursorOrigin(key, job, positions.get(key) ?? "0", compareCursors);
    const reader = new ContainerReader(
      { ...this.#parts, client: this.#client, origin, discovered },
      container.Id,
      positions.get(key),
    );
    this.#readers.set(container.Id, reader);
    this.#parts.targetEvents.activated();
    reader.wake(container.State);
  }

  /** Containers that were removed; their cursor goes with them once everything is safe. */
  #forget(existing: ReadonlySet<string>): void {
    for (const [id, reader] of this.#readers) {
      if (existing.has(id)) continue;
      this.#readers.delete(id);
      this.#parts.targetEvents.deactivated();
      void reader.finish().then(() => this.#parts.positions.forget(`cursor-${id}`));
    }
  }

  async #listen(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const filters = JSON.stringify({ type: ["container"], event: ["start", "die", "destroy"] });
        const events = await this.#client.open("/events", { filters }, signal);
        for await (const _ of events) await this.#look();
      } catch {
        // The look that comes now and then tells what is wrong.
      }
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
