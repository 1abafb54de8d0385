import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { RatatoskProcess } from "./process.ts";
import { until } from "./until.ts";

export interface AgentOptions {
  readonly folder: string;
  /** The server to which it pushes. */
  readonly serverUrl: string;
  /** What it reads: elements of `scrape_configs`, each as YAML. */
  readonly jobs: readonly string[];
  /** Where it keeps positions and buffer, if not in its folder. */
  readonly stateFolder?: string;
}

/** An agent with Promtail's configuration; not yet started. */
export async function agentProcess(options: AgentOptions): Promise<RatatoskProcess> {
  const { folder, serverUrl, jobs, stateFolder = folder } = options;
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
${jobs.map(listed).join("")}`;
  writeFileSync(file, settings);
  const url = `http://127.0.0.1:${port}`;
  return new RatatoskProcess({ args: ["agent", `-config.file=${file}`], folder, name: "agent", url });
}

interface Targets {
  readonly jobs: readonly { readonly targets: readonly { readonly isReady: boolean }[] }[];
}

/** Resolves once a started agent reads all that so many jobs are to read. */
export async function untilAllRead({ url }: RatatoskProcess, jobs: number): Promise<void> {
  await until(async () => {
    const answer = await fetch(`${url}/api/v1/targets`).catch(() => undefined);
    const all = ((await answer?.json()) as Targets | undefined)?.jobs ?? [];
    return all.length === jobs && all.every(({ targets }) => targets.length > 0 && targets.every((one) => one.isReady));
  });
}

/** A job that reads files, with other settings of its own, if any. */
export const fileJob = (job: string, glob: string, settings = ""): string => `job_name: ${job}
static_configs: [{targets: [localhost], labels: {job: ${job}, __path__: "${glob}"}}]
${settings}`;

/** Text as an element of a list. */
const listed = (text: string): string => `  - ${text.trimEnd().replaceAll("\n", "\n    ")}\n`;
