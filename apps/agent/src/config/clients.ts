import { createHash } from "node:crypto";
import { clientDefaults, type ClientConfig } from "../push/client-config.ts";
import type { LimitsConfig } from "./agent-config.ts";
import { takeHttpClient } from "./http-client.ts";
import type { YamlNode } from "./yaml-node.ts";

/** One client block. `base` holds labels that flags or the single `client` block give to all. */
export function readClient(node: YamlNode, base: Readonly<Record<string, string>>, limits: LimitsConfig): ClientConfig {
  return node.fields((fields) => {
    const url = fields.text("url");
    if (url === "") throw node.error("client target url empty");
    if (!/^https?:\/\/[^/]/.test(url)) throw node.error(`unsupported url: "${url}"`);
    const backoff = fields.take("backoff_config");
    const own = Object.fromEntries(fields.textMap("external_labels"));
    fields.ignore("stream_lag_labels");
    const config: ClientConfig = {
      ...clientDefaults,
      ...limitsOf(limits),
      url,
      name: fields.text("name"),
      batchWaitMs: fields.duration("batchwait", clientDefaults.batchWaitMs),
      batchBytes: fields.bytes("batchsize", clientDefaults.batchBytes),
      timeoutMs: fields.duration("timeout", clientDefaults.timeoutMs),
      tenantId: fields.text("tenant_id"),
      externalLabels: { ...base, ...own },
      dropRateLimited: fields.boolean("drop_rate_limited_batches"),
      ...readBackoff(backoff),
      http: takeHttpClient(fields),
    };
    return config;
  });
}

export const limitsOf = (
  limits: LimitsConfig,
): Pick<ClientConfig, "maxLineBytes" | "truncateLines" | "maxStreams"> => ({
  maxLineBytes: limits.maxLineSize,
  truncateLines: limits.maxLineSizeTruncate,
  maxStreams: limits.maxStreams,
});

function readBackoff(node: YamlNode | undefined): Pick<ClientConfig, "minBackoffMs" | "maxBackoffMs"> {
  const { minBackoffMs, maxBackoffMs } = clientDefaults;
  if (node === undefined) return { minBackoffMs, maxBackoffMs };
  return node.fields((fields) => {
    // Retries last as long as the buffer does.
    fields.ignore("max_retries");
    return {
      minBackoffMs: fields.duration("min_period", minBackoffMs),
      maxBackoffMs: fields.duration("max_period", maxBackoffMs),
    };
  });
}

/** Throws where two clients are the same: by name, or, without one, by all they say. */
export function checkUnique(clients: readonly ClientConfig[], error: (message: string) => Error): void {
  const seen = new Set<string>();
  for (const client of clients) {
    const name = client.name || createHash("sha256").update(JSON.stringify(client)).digest("hex").slice(0, 6);
    if (seen.has(name)) throw error(`duplicate client configs are not allowed, found duplicate for name: ${name}`);
    seen.add(name);
  }
}
