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

/**
 * What an ingester does, in the words of Loki's ring. JOINING: reads its log, answers for what it has read so far.
 * ACTIVE: takes pushes. LEAVING: takes none, answers for all it has. LEFT: has shipped all it had.
 */
export type IngesterState = "JOINING" | "ACTIVE" | "LEAVING" | "LEFT";

export interface IngesterStatus {
  /** Stays the same as long as its log does; empty until the log has been opened. */
  readonly id: string;
  /** The host's name. */
  readonly name: string;
  readonly state: IngesterState;
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
