export { CombinedSource } from "./combined-source.ts";
export { type Answer, type EngineOptions, QueryEngine, type QueryTerms } from "./engine.ts";
export { LiveLines } from "./live-lines.ts";
export type { LogQuery } from "./log-query.ts";
export type { ScanJob, ScanResult } from "./scan/job.ts";
export { localRunner, type ScanRunner } from "./scan/runner.ts";
export { scan } from "./scan/scan.ts";
export { WorkerPool } from "./workers/worker-pool.ts";
export type { Steps } from "./series.ts";
