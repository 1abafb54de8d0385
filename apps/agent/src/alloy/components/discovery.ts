import { FileDiscovery } from "../../discovery/file-sd.ts";
import { SwarmDiscovery } from "../../discovery/swarm-sd.ts";
import type { DockerSdConfig } from "../../config/agent-config.ts";
import type { DiscoveredLabels } from "../../files/file-targets.ts";
import { type ContainerSummary, DockerClient, type DockerNetwork, filtersOf } from "../../sources/docker-client.ts";
import { containerTarget } from "../../sources/docker-targets.ts";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { duration, listOf, text } from "../decode.ts";
import { optional, required, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { type DockerArgs, dockerSchema, engineConfig, type SwarmArgs, swarmSchema } from "./docker-engine.ts";

interface Finder {
  readonly everyMs: number;
  targets(): Promise<readonly DiscoveredLabels[]>;
}

/** A component that looks for targets now and then; while it cannot, what it found last counts. */
class Discovery<T> implements Component<T> {
  readonly #context: ComponentContext<Shared>;
  readonly #make: (args: T, context: ComponentContext<Shared>) => Finder;
  #finder: Finder | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  unhealthy: string | undefined;

  constructor(context: ComponentContext<Shared>, make: (args: T, context: ComponentContext<Shared>) => Finder) {
    this.#context = context;
    this.#make = make;
    context.publish(new Map([["targets", []]]));
  }

  update(args: T): void {
    this.#finder = this.#make(args, this.#context);
    if (this.#isStarted) this.#begin();
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    this.#begin();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }

  #begin(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.#look(), this.#finder!.everyMs);
    void this.#look();
  }

  async #look(): Promise<void> {
    try {
      const found = await this.#finder!.targets();
      this.unhealthy = undefined;
      this.#context.publish(new Map([["targets", found.map((target) => new Map(target))]]));
    } catch (error) {
      if (this.unhealthy === undefined) this.#context.log.warn({ err: error }, "cannot look for targets");
      this.unhealthy = (error as Error).message;
    }
  }
}

/** The containers of an engine, the dead ones too: what they have said last counts as well. */
async function containers(client: DockerClient, config: DockerSdConfig): Promise<DiscoveredLabels[]> {
  const query = { all: "true", ...(config.filters.size > 0 ? { filters: filtersOf(config) } : {}) };
  const found = await client.get<ContainerSummary[]>("/containers/json", query);
  const networks = await client.get<DockerNetwork[]>("/networks").catch(() => []);
  const byId = new Map(networks.map((network) => [network.Id, network]));
  return found.map((container) => containerTarget(container, byId, config));
}

/** `discovery.docker` */
export const discoveryDocker: ComponentKind<Shared, DockerArgs> = {
  name: "discovery.docker",
  role: "processor",
  schema: dockerSchema,
  create: (context) =>
    new Discovery(context, (args) => {
      const config = engineConfig(args);
      const client = new DockerClient(config);
      return { everyMs: config.refreshMs, targets: () => containers(client, config) };
    }),
};

/** `discovery.dockerswarm` */
export const discoveryDockerSwarm: ComponentKind<Shared, SwarmArgs> = {
  name: "discovery.dockerswarm",
  role: "processor",
  schema: swarmSchema,
  create: (context) =>
    new Discovery(context, (args, { log }) => {
      const config = engineConfig(args);
      const swarm = new SwarmDiscovery(config, log);
      return { everyMs: config.refreshMs, targets: () => swarm.targets() };
    }),
};

const fileSchema = schema({
  attributes: { files: required(listOf(text)), refresh_interval: optional(duration, 300_000) },
});
type FileArgs = typeof fileSchema extends Schema<infer T> ? T : never;

/** `discovery.file` */
export const discoveryFile: ComponentKind<Shared, FileArgs> = {
  name: "discovery.file",
  role: "processor",
  schema: fileSchema,
  create: (context) =>
    new Discovery(context, (args, { log }) => {
      const files = new FileDiscovery({ files: args.files, refreshMs: args.refresh_interval }, log);
      return { everyMs: args.refresh_interval, targets: () => files.targets() };
    }),
};
