import { bytes, duration } from "@ratatosk/config";
import { z } from "zod";

const WalConfig = z.strictObject({
  dir: z.string().prefault("./data/wal").describe("Directory of the write-ahead log."),
  segment_size: bytes.prefault("32MB").describe("Size at which a file of the log is closed and the next begun."),
  flush_on_shutdown: z
    .boolean()
    .prefault(false)
    .describe("Ship everything before stopping, instead of reading it from the log at the next start."),
});

/** `ingester`: what is new, in memory and in the write-ahead log. */
export const IngesterConfig = z.strictObject({
  wal: WalConfig.prefault({}).describe("The write-ahead log."),
  memory_budget: bytes.prefault("48MB").describe("Bytes in memory at which everything is shipped to the store."),
  chunk_block_size: bytes.prefault("512KB").describe("Uncompressed size at which a block of a stream is closed."),
  max_chunk_age: duration
    .prefault("2h")
    .describe("How long lines stay in memory at most; lines older than a stream's newest by half of it are refused."),
  chunk_idle_period: duration.prefault("30m").describe("A stream without lines for so long is no longer active."),
  flush_check_period: duration.prefault("5s").describe("How often it is checked whether something is to be shipped."),
  shutdown_marker_path: z
    .string()
    .prefault("./data/shutdown")
    .describe("Directory of the mark that POST /ingester/prepare_shutdown sets: ship everything when stopping."),
  max_returned_stream_errors: z.number().prefault(10).describe("Most refused lines that an answer names."),
});
export type IngesterConfig = z.infer<typeof IngesterConfig>;
