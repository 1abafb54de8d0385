import { bytes, duration } from "@ratatosk/config";
import { z } from "zod";

/** `compactor`: merging, retention, deletes. */
export const CompactorConfig = z.strictObject({
  compaction_interval: duration.prefault("10m").describe("How often the compactor looks for work."),
  merge_files: z
    .number()
    .int()
    .min(2)
    .prefault(8)
    .describe("So many index files of one size class are merged, on the day they belong to."),
  settle_period: duration
    .prefault("1h")
    .describe("A day is past, and merged into one, once it ended and got nothing new for so long."),
  segment_size: bytes.prefault("16MB").describe("Largest segment written, as stored."),
  block_size: bytes.prefault("2MB").describe("Uncompressed size of the blocks written."),
  compression_level: z.number().int().min(1).max(19).prefault(12).describe("zstd level of days that are past."),
  lease_duration: duration
    .prefault("2m")
    .describe("A compactor that was not heard of for so long gives up its place to another."),
  retention_enabled: z
    .boolean()
    .prefault(false)
    .describe("Apply retention_period and retention_stream, and take delete requests."),
  delete_request_store: z
    .string()
    .prefault("")
    .describe("Kept for Loki's configurations: delete requests lie beside the data, in `storage`."),
  delete_request_cancel_period: duration
    .prefault("24h")
    .describe("How long a delete request can be cancelled before it is carried out."),
  retention_delete_delay: duration
    .prefault("30m")
    .describe("How long objects that nothing needs any more are kept for queries that still read them."),
  retention_max_bytes: bytes.prefault("0").describe("Most bytes of all tenants; the oldest go first. 0 for no limit."),
  retention_max_disk_percent: z
    .number()
    .min(0)
    .max(100)
    .prefault(0)
    .describe("The oldest go while the volume of storage.filesystem is fuller than this, percent. 0 for no limit."),
});
export type CompactorConfig = z.infer<typeof CompactorConfig>;
