export { type Limits, LimitsConfig, type LimitsSource } from "./limits.ts";
export { bytes, duration, parseBytes, parseDuration } from "./units.ts";
