import { compareText, quote } from "@ratatosk/model";
import { parseGoDuration } from "../config/units.ts";
import { textOf, type Entry, type Extracted } from "../entry.ts";
import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";
import type { CustomMetric, CustomMetrics } from "./custom-metrics.ts";

export interface MetricOptions {
  readonly type: string;
  readonly description?: string;
  readonly prefix?: string;
  readonly source?: string;
  readonly maxIdleMs?: number;
  readonly action?: string;
  readonly value?: string;
  readonly matchAll?: boolean;
  readonly countEntryBytes?: boolean;
  readonly buckets?: readonly number[];
}

interface Checked {
  readonly metric: CustomMetric;
  readonly source: string;
  readonly options: MetricOptions;
}

const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const actionsOf = { counter: ["inc", "add"], gauge: ["set", "inc", "dec", "add", "sub"], histogram: [] as string[] };

/** `metrics`: counters, gauges and histograms of what entries hold, on `/metrics`. */
export function metricsStage(metrics: ReadonlyMap<string, MetricOptions>): StageConfig["build"] {
  const checked = [...metrics].map(([name, options]) => check(name, options));
  return ({ events, log }) => {
    for (const { metric } of checked) events.custom.define(metric);
    return everyEntry((entry) => {
      for (const one of checked)
        if (!record(one, entry, events.custom))
          log.debug({ metric: one.metric.name }, "value of a metric is no number");
    });
  };
}

function check(name: string, options: MetricOptions): Checked {
  const type = options.type.toLowerCase();
  if (type !== "counter" && type !== "gauge" && type !== "histogram")
    throw new Error(`metric type must be counter, gauge or histogram: ${options.type}`);
  const { maxIdleMs = 300_000, action = "", prefix = "promtail_custom_", source = name } = options;
  if (maxIdleMs < 1000) throw new Error("max_idle_duration must be greater or equal than 1s");
  if (type !== "histogram" && action === "") throw new Error(`action must be defined: ${actionsOf[type].join(", ")}`);
  if (action !== "" && type !== "histogram" && !actionsOf[type].includes(action.toLowerCase()))
    throw new Error(`action ${action} is not one of ${actionsOf[type].join(", ")}`);
  if (options.matchAll && options.value !== undefined) throw new Error("`match_all` cannot be combined with `value`");
  if (options.countEntryBytes && !(options.matchAll && action.toLowerCase() === "add"))
    throw new Error("count_entry_bytes can only be set with match_all and action add");
  const bounds = type === "histogram" ? [...(options.buckets ?? defaultBuckets)].sort((a, b) => a - b) : [];
  const metric = { name: prefix + name, help: options.description ?? "", type, bounds, maxIdleMs } as const;
  return { metric, source, options };
}

/** False where the value is no number. */
function record({ metric, source, options }: Checked, entry: Entry, metrics: CustomMetrics): boolean {
  const { value, matchAll = false, countEntryBytes = false } = options;
  if (!matchAll && !entry.extracted.has(source)) return true;
  const extracted = entry.extracted.get(source);
  if (value !== undefined && textOf(extracted) !== value) return true;
  const action = (options.action ?? "").toLowerCase();
  const labels = labelsText(entry.labels);
  if (action === "inc" || action === "dec") {
    metrics.change(metric.name, labels, (old) => old + (action === "inc" ? 1 : -1));
    return true;
  }
  const amount = countEntryBytes ? entry.bytes.length : numberOf(extracted);
  if (amount === undefined || (metric.type === "counter" && amount < 0)) return false;
  if (metric.type === "histogram") metrics.observe(metric.name, labels, amount);
  else if (action === "set") metrics.change(metric.name, labels, () => amount);
  else metrics.change(metric.name, labels, (old) => old + (action === "sub" ? -amount : amount));
  return true;
}

/** Numbers, texts that are numbers or durations (in seconds), true as 1 and false as 0. */
function numberOf(value: Extracted | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  if (!Number.isNaN(number)) return number;
  const ms = parseGoDuration(value);
  return ms === undefined ? undefined : ms / 1000;
}

const labelsText = (labels: ReadonlyMap<string, string>): string =>
  [...labels]
    .filter(([name]) => !name.startsWith("__"))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${name}=${quote(value)}`)
    .join(",");
