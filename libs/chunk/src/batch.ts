import type { Block } from "@ratatosk/model";

/** A push after validation: what a distributor sends to ingesters and what the WAL holds, the same bytes in both. */
export interface Batch {
  readonly tenant: string;
  /** Names the batch so that a repeated one is stored once: `X-Ratatosk-Batch: <agent>/<sequence>`. */
  readonly id?: BatchId;
  readonly streams: readonly BatchStream[];
}

export interface BatchId {
  readonly agent: string;
  readonly sequence: number;
}

/** New entries of one stream, in the order in which they came. */
export interface BatchStream {
  /** The canonical text of the labels, `formatLabels(labels)`. */
  readonly labels: string;
  readonly block: Block;
}
