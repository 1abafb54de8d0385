import type { IngesterApi } from "@ratatosk/proto";

/** One ingester of the cluster. */
export interface IngesterMember {
  readonly id: string;
  readonly api: IngesterApi;
  /** Aborts when it ceases to answer: what it was asked before is not waited for. */
  readonly silent?: AbortSignal;
}

/** The ingesters that are alive, and which of them hold a stream. */
export interface Ingesters {
  readonly replicationFactor: number;
  /** All that can be read. */
  members(): readonly IngesterMember[];
  /** Ids of members that hold what cannot be read now, or not all of it. */
  missing(): readonly string[];
  /** The members that shall hold the stream (its canonical label text), the preferred first; `replicationFactor` of them or fewer. */
  replicas(tenant: string, stream: string): readonly IngesterMember[];
}

/** The one ingester of this very process. */
export function localIngesters(id: string, api: IngesterApi): Ingesters {
  const members = [{ id, api }];
  return { replicationFactor: 1, members: () => members, missing: () => [], replicas: () => members };
}
