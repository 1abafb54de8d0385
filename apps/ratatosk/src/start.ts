import { randomBytes } from "node:crypto";
import { createAgent, noFlags, parsePromtailConfig } from "@ratatosk/agent";
import { noAuthTenant } from "@ratatosk/model";
import { createRegistry } from "@ratatosk/observability";
import { buildInfo } from "./build-info.ts";
import type { Config } from "./config.ts";
import { startServer } from "./server.ts";
import { untilSignal } from "./until-signal.ts";

const collected = "/var/log/*log";

/** `npm start`: every role in this process, and an agent that collects this machine's logs. */
export async function runStart(config: Config): Promise<number> {
  const signal = untilSignal();
  const token = randomBytes(32).toString("base64url");
  const server = await startServer("all", withAgent(config, token));
  const { agent } = createAgent({
    config: parsePromtailConfig(baseConfig(server.url, token), "base configuration", noFlags()),
    log: server.log,
    registry: createRegistry(buildInfo),
  });
  await agent.start();
  process.stdout.write(greeting(config, server.url));
  server.log.info({ signal: await signal }, "stopping");
  await agent.stop();
  await server.stop();
  return 0;
}

/** Where others must show who they are, the agent of this process does as well. */
function withAgent(config: Config, token: string): Config {
  const { auth, auth_enabled: hasTenants } = config;
  if (auth.file === "" && auth.users.length === 0 && auth.tokens.length === 0) return config;
  const rights: ["write"] = ["write"];
  const agent = { name: "agent", token, rights, tenants: hasTenants ? [noAuthTenant] : [] };
  return { ...config, auth: { ...auth, tokens: [...auth.tokens, agent] } };
}

/** Promtail's base configuration. */
const baseConfig = (url: string, token: string): string => `
positions: {filename: ./data/agent/positions.yaml}
clients: [{url: "${url}/loki/api/v1/push", tenant_id: ${noAuthTenant}, bearer_token: "${token}", tls_config: {insecure_skip_verify: true}}]
scrape_configs:
  - job_name: system
    static_configs:
      - targets: [localhost]
        labels: {job: varlogs, __path__: "${collected}"}
`;

function greeting({ storage }: Config, url: string): string {
  const place = storage.s3 ? `bucket ${storage.s3.bucket} at ${storage.s3.endpoint}` : storage.filesystem.directory;
  return `
  Ratatosk is running.

    collects    ${collected} of this machine, as {job="varlogs"}
    stores in   ${place}
    Grafana     add a data source of type Loki with the URL ${url}
    look at it  ${url}/ui/
    or ask      npx ratatosk query --url ${url} '{job="varlogs"}'

  Ctrl+C stops it.

`;
}
