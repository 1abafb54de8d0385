import type { WalRecord } from "@ratatosk/wal";

/** Kinds of records in the ingester's log. */
export const recordTypes = { batch: 1, batchIds: 2, shipped: 3 } as const;

/** An encoded batch that was admitted. */
export const batchRecord = (payload: Uint8Array): WalRecord => ({ type: recordTypes.batch, payload });

/** The ids of the batches stored last, before this generation. */
export const batchIdsRecord = (payload: Uint8Array): WalRecord => ({ type: recordTypes.batchIds, payload });

/** The index files that have been shipped of late. */
export const shippedRecord = (payload: Uint8Array): WalRecord => ({ type: recordTypes.shipped, payload });
