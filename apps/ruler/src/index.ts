export { RulerConfig } from "./config.ts";
export { parseRuleFile } from "./group/parse-group.ts";
export { createRuler, type RulerModules } from "./ruler.ts";
export type { Sample } from "./run/evaluate-rule.ts";
export type { Evaluate } from "./run/group-runner.ts";
export type { RulerPeers } from "./run/runners.ts";
