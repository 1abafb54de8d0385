import { duration } from "@ratatosk/config";
import { z } from "zod";

const addressPattern = /^(dns\+)?[^\s:+]+:\d+$|^(dns\+)?\[[^\s\]]+\]:\d+$/;

/** `ring`: where the ingesters are. */
export const RingConfig = z.strictObject({
  members: z
    .array(z.string().regex(addressPattern, "expected HOST:PORT or dns+HOST:PORT"))
    .prefault([])
    .describe("gRPC addresses of the ingesters; dns+tasks.ingester:9095 for all that a name stands for."),
  replication_factor: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe(
      "How many ingesters keep each stream; unless given 1 while there is one ingester, 3 where there are more.",
    ),
  health_period: duration.prefault("2s").describe("How often names are looked up and health is asked."),
  forget_after: duration
    .prefault("1h")
    .describe("How long an ingester that has gone without a word is waited for; until then it counts as missing."),
});
export type RingConfig = z.infer<typeof RingConfig>;
