export { Discarded, type DiscardLabels } from "./discarded.ts";
export { LogMetrics } from "./log-metrics.ts";
export { createLogger, type Logger } from "./logger.ts";
export { type BuildInfo, createRegistry } from "./registry.ts";
export { type RequestDone, RequestMetrics, routeName } from "./request-metrics.ts";
export { Counter, Gauge, Histogram, Registry } from "./prometheus.ts";
export { type ExportingTracer, openTracer, type TracerOptions } from "./exporting-tracer.ts";
export type { Attributes, Span, SpanStart, Tracer, Work } from "./span.ts";
export { beginSpan, currentTrace, inSpan, inTrace, type Trace, traceWith, withTrace } from "./trace.ts";
