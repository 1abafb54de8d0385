import type { TargetStatus } from "../files/file-targets.ts";
import type { Client } from "../push/client.ts";

/** What waits for a server, and what it said last. */
export interface ServerStatus {
  readonly url: string;
  readonly tenant: string;
  readonly batches: number;
  /** Bytes on disk. */
  readonly bytes: number;
  readonly oldestMs: number | undefined;
  readonly lastError: string | undefined;
}

/** What an agent reads and where it sends that. */
export interface Watched {
  readonly targets: readonly { readonly job: string; readonly targets: readonly TargetStatus[] }[];
  readonly servers: readonly ServerStatus[];
}

/** The queues of clients, one for each tenant. */
export const serversOf = (clients: readonly Client[]): ServerStatus[] =>
  clients.flatMap((client) =>
    [...client.consumers].map(([tenant, { backlog }]) => ({
      url: new URL(client.config.url).host,
      tenant,
      ...backlog,
    })),
  );

/** `/api/v1/targets`, which `agent top` asks for. */
export const targetsJson = ({ targets: all, servers }: Watched): unknown => ({
  jobs: all.map(({ job, targets }) => ({
    job,
    targets: targets.map((target) => ({ ...target, labels: Object.fromEntries(target.labels), discovered: undefined })),
  })),
  clients: servers,
});
