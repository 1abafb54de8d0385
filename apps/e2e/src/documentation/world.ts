import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { fileOf, root } from "./shell-commands.ts";

/** Where the processes of a world listen. */
export interface Ports {
  readonly server: number;
  readonly grpc: number;
  readonly agent: number;
}

export const freePorts = async (): Promise<Ports> => ({
  server: await freePort(),
  grpc: await freePort(),
  agent: await freePort(),
});

/** Makes the files in a folder that the documentation's commands name. */
export function writeWorld(folder: string, ports: Ports): void {
  mkdirSync(join(folder, ".zfunc"), { recursive: true });
  mkdirSync(join(folder, ".config/fish/completions"), { recursive: true });
  mkdirSync(join(folder, "old-loki/chunks"), { recursive: true });
  symlinkSync(join(root, "deploy"), join(folder, "deploy"));
  const files = {
    "ratatosk.yaml": serverConfig(ports),
    "loki.yaml": lokiConfig(ports),
    "promtail.yaml": agentConfig(ports),
    "config.alloy": alloyConfig(ports),
    "old-loki/schema.yaml": schema,
    "app.log": "level=error msg=one\nlevel=info msg=two\n",
    "rules.yaml": fileOf("docs/alerts.md", "rules.yaml"),
    "overrides.yaml": fileOf("docs/operations/limits.md", "overrides.yaml"),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const serverConfig = ({ server, grpc }: Ports): string => `
server: {http_listen_port: ${server}, grpc_listen_port: ${grpc}, log_level: warn}
compactor: {retention_enabled: true}
runtime_config: {file: overrides.yaml}
storage:
  filesystem: {directory: ./data}
  loki_buckets: [{filesystem: {directory: old-loki/chunks}, schema_config: old-loki/schema.yaml}]
`;

const schema = `
schema_config:
  configs: [{from: 2024-04-01, store: tsdb, object_store: filesystem, schema: v13, index: {prefix: index_, period: 24h}}]
`;

const lokiConfig = ({ server, grpc }: Ports): string => `
auth_enabled: false
server: {http_listen_address: 127.0.0.1, http_listen_port: ${server}, grpc_listen_port: ${grpc}}
common: {path_prefix: ./loki, replication_factor: 1, storage: {filesystem: {chunks_directory: ./loki/chunks}}}
${schema}`;

const agentConfig = ({ server, agent }: Ports): string => `
server: {http_listen_address: 127.0.0.1, http_listen_port: ${agent}, grpc_listen_port: 0}
positions: {filename: positions.yaml}
clients: [{url: "http://127.0.0.1:${server}/loki/api/v1/push"}]
scrape_configs:
  - {job_name: app, static_configs: [{targets: [localhost], labels: {job: app, __path__: "./app.log"}}]}
`;

const alloyConfig = ({ server }: Ports): string => `
local.file_match "app" { path_targets = [{__path__ = "./app.log", job = "alloy"}] }
loki.source.file "app" {
  targets    = local.file_match.app.targets
  forward_to = [loki.write.here.receiver]
}
loki.write "here" { endpoint { url = "http://127.0.0.1:${server}/loki/api/v1/push" } }
`;

/** Programs under the names that the documentation calls them by; curl fails where the server refuses. */
export function writePrograms(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const programs = {
    ratatosk: `exec ${process.execPath} ${join(root, "apps/ratatosk/bin/ratatosk.mjs")} "$@"`,
    npx: `exec "$@"`,
    curl: `exec /usr/bin/env -S PATH=/usr/local/bin:/usr/bin:/bin curl --fail-with-body -sS "$@"`,
  };
  for (const [name, line] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(folder, name), 0o755);
  }
}
