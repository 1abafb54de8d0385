import { contracts, type QuerierApi } from "@ratatosk/proto";
import type { CallContext } from "./handlers.ts";
import type { RpcService } from "./server.ts";

/** The service `ratatosk.v1.Querier` over the scans of this process. */
export const querierService =
  (querier: QuerierApi): RpcService =>
  (handlers) => ({
    definition: contracts().querier,
    handlers: { Scan: handlers.stream(({ job }: { job: Uint8Array }, context) => parts(querier, job, context)) },
  });

async function* parts(
  querier: QuerierApi,
  job: Uint8Array,
  { tenants, signal }: CallContext,
): AsyncIterable<{ part: Uint8Array }> {
  for await (const part of querier.scan(job, { tenants: tenants(), signal })) yield { part };
}
