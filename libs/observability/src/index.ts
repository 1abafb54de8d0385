export { Discarded, type DiscardLabels } from "./discarded.ts";
export { LogMetrics } from "./log-metrics.ts";
export { createLogger, type Logger } from "./logger.ts";
export { type BuildInfo, createRegistry } from "./registry.ts";
export { type RequestDone, RequestMetrics, routeName } from "./request-metrics.ts";
export { Counter, Gauge, Histogram, Registry } from "./prometheus.ts";
export { currentTrace, type Trace, withTrace } from "./trace.ts";
