import type { Target } from "../target.ts";
import { oldBucketTargets } from "./old-buckets.ts";
import { peerTargets } from "./peers.ts";
import { pushTargets } from "./push.ts";
import { storedTargets } from "./stored.ts";
import { textTargets } from "./text.ts";

export const targets: readonly Target[] = [
  ...pushTargets,
  ...textTargets,
  ...storedTargets,
  ...oldBucketTargets,
  ...peerTargets,
];
