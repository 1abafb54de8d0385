import type { IngesterApi } from "@ratatosk/proto";

/** One ingester of the cluster. */
export interface IngesterMember {
  readonly id: string;
  readonly api: IngesterApi;
}

/** The ingesters that are alive, and which of them hold a stream. */
export interface Ingesters {
  readonly replicationFactor: number;
  members(): readonly IngesterMember[];
  /** The members that shall hold the stream (its canonical label text), the preferred first; `replicationFactor` of them or fewer. */
  replicas(tenant: string, stream: string): readonly IngesterMember[];
}
