import type { ChunkSource, Selection } from "@ratatosk/model";

/** What distributors, queriers and tails ask of an ingester: in the same process, or over gRPC through `libs/rpc`. */
export interface IngesterApi {
  /** Appends an encoded batch (`encodeBatch` of `libs/chunk`). Resolves once it is fsynced in the WAL. */
  push(batch: Uint8Array): Promise<PushAnswer>;
  /** What lies in memory and has not yet been shipped to the store. */
  readonly source: ChunkSource;
  /** New entries of the selected streams, as encoded batches, until the signal aborts: all from when the promise resolves. */
  tail(selection: Omit<Selection, "start" | "end">, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Ships everything in memory to the store. */
  flush(): Promise<void>;
}

/** Entries that an ingester refused; the rest of the batch is stored. */
export interface PushAnswer {
  readonly refused: readonly Refusal[];
}

export interface Refusal {
  readonly status: 400 | 429;
  /** The value of the label `reason` on loki_discarded_samples_total. */
  readonly reason: string;
  /** Loki's text for the client. */
  readonly message: string;
  readonly entries: number;
  readonly bytes: number;
}
