export { type Compactor, type CompactorModules, createCompactor } from "./compactor.ts";
export { CompactorConfig } from "./config.ts";
