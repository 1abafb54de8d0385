import type { Logger } from "@ratatosk/observability";
import type { DockerSdConfig } from "../config/agent-config.ts";
import type { DiscoveredLabels } from "../files/file-targets.ts";
import { DockerClient, filtersOf, type DockerNetwork } from "../sources/docker-client.ts";
import {
  nodeTargets,
  serviceTargets,
  taskTargets,
  type SwarmNode,
  type SwarmService,
  type SwarmTask,
} from "./swarm-targets.ts";

/** Services, tasks or nodes of a swarm, asked of a manager. What cannot be asked keeps what was known. */
export class SwarmDiscovery {
  readonly config: DockerSdConfig;
  readonly #client: DockerClient;
  readonly #log: Logger;
  #last: DiscoveredLabels[] = [];

  constructor(config: DockerSdConfig, log: Logger) {
    this.config = config;
    this.#client = new DockerClient(config);
    this.#log = log;
  }

  async targets(): Promise<DiscoveredLabels[]> {
    try {
      this.#last = await this.#ask();
    } catch (error) {
      this.#log.warn({ err: error, host: this.config.host }, "error asking the swarm's manager");
    }
    return this.#last;
  }

  async #ask(): Promise<DiscoveredLabels[]> {
    const { role, port } = this.config;
    const query = this.config.filters.size > 0 ? { filters: filtersOf(this.config) } : {};
    const nodes = await this.#client.get<SwarmNode[]>("/nodes", role === "nodes" ? query : {});
    if (role === "nodes") return nodeTargets(nodes, port);
    const services = await this.#client.get<SwarmService[]>("/services", role === "services" ? query : {});
    const networks = await this.#client.get<DockerNetwork[]>("/networks");
    if (role === "services") return serviceTargets(services, networks, port);
    return taskTargets(await this.#client.get<SwarmTask[]>("/tasks", query), { services, nodes, networks }, port);
  }
}
