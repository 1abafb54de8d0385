import type { Logger } from "@ratatosk/observability";
import type { DockerSdConfig } from "../config/agent-config.ts";
import type { DiscoveredLabels } from "../files/file-targets.ts";

export class SwarmDiscovery {
  readonly config: DockerSdConfig;
  constructor(config: DockerSdConfig, _log: Logger) {
    this.config = config;
  }
  async targets(): Promise<DiscoveredLabels[]> {
    return [];
  }
}
