import { createRequire } from "node:module";
import type prometheus from "prom-client";

// The whole of prom-client takes 17 MiB, most of it for what a small process never uses: tracing, cluster, push gateway.
const load = createRequire(import.meta.url);

export type Counter<Label extends string = string> = prometheus.Counter<Label>;
export const Counter = load("prom-client/lib/counter.js") as typeof prometheus.Counter;

export type Gauge<Label extends string = string> = prometheus.Gauge<Label>;
export const Gauge = load("prom-client/lib/gauge.js") as typeof prometheus.Gauge;

export type Histogram<Label extends string = string> = prometheus.Histogram<Label>;
export const Histogram = load("prom-client/lib/histogram.js") as typeof prometheus.Histogram;

export type Registry = prometheus.Registry;
export const Registry = load("prom-client/lib/registry.js") as typeof prometheus.Registry;

type CollectDefaultMetrics = typeof prometheus.collectDefaultMetrics;

/** Adds the metrics of the Node process. */
export function collectDefaultMetrics(register: Registry): void {
  const collect = load("prom-client/lib/defaultMetrics.js") as CollectDefaultMetrics;
  collect({ register });
}
