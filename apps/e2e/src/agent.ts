import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { RatatoskProcess } from "./process.ts";

export interface AgentOptions {
  readonly folder: string;
  /** The server to which it pushes. */
  readonly serverUrl: string;
  /** Files that it reads. */
  readonly glob: string;
  readonly job: string;
  /** Where it keeps positions and buffer, if not in its folder. */
  readonly stateFolder?: string;
}

/** An agent with Promtail's base configuration; not yet started. */
export async function agentProcess(options: AgentOptions): Promise<RatatoskProcess> {
  const { folder, serverUrl, glob, job, stateFolder = folder } = options;
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "agent.yaml");
  const settings = `server: {http_listen_address: 127.0.0.1, http_listen_port: ${port}, grpc_listen_port: 0}
positions: {filename: ${join(stateFolder, "positions.yaml")}, sync_period: 1s}
clients:
  - url: ${serverUrl}/loki/api/v1/push
    batchwait: 200ms
    backoff_config: {min_period: 100ms, max_period: 500ms, max_retries: 100}
scrape_configs:
  - job_name: ${job}
    static_configs:
      - targets: [localhost]
        labels: {job: ${job}, __path__: "${glob}"}
`;
  writeFileSync(file, settings);
  const url = `http://127.0.0.1:${port}`;
  return new RatatoskProcess({ args: ["agent", `-config.file=${file}`], folder, name: "agent", url });
}
