import { decodeJob, decodeResult } from "@ratatosk/engine";
import { placedBlock } from "@ratatosk/store";
import type { Target } from "../target.ts";

const windows = 10;

/** What queriers send each other. */
export const peerTargets: readonly Target[] = [
  { name: "job", read: readJob, words: ["sum_over_time(", "| unwrap", '"samples"', '"columns":[', "1e999", "all"] },
  { name: "job-result", read: (input) => void decodeResult(input, windows) },
];

function readJob(input: Uint8Array): void {
  for (const { blocks } of decodeJob(input).pieces) for (const block of blocks) placedBlock(block);
}
