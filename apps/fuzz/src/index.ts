export { corpusOf } from "./corpus.ts";
export { runTargets } from "./run-targets.ts";
export { isRefusal, type Target } from "./target.ts";
export { targets } from "./targets/index.ts";
