export type { Batch, BatchId, BatchStream } from "./batch.ts";
