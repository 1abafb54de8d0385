import { bytes, duration } from "@ratatosk/config";
import { z } from "zod";

/** `store`: reading what lies in the object store. */
export const StoreConfig = z.strictObject({
  index_listing_period: duration.prefault("5s").describe("How long a listing of index files is used."),
  index_memory: bytes.prefault("128MB").describe("Memory for open index files."),
  index_disk: bytes.prefault("1GB").describe("Disk for copies of index files, where a cache directory is given."),
  segments_memory: bytes.prefault("32MB").describe("Memory for directories and skip indexes of segments."),
});
export type StoreConfig = z.infer<typeof StoreConfig>;
