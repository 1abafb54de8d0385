export { buildSkip, type SkipOptions } from "./build-skip.ts";
export { mayContain, SkipNeedle } from "./skip-needle.ts";
